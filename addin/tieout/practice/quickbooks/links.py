"""Links between transactions: payments to invoices and credits, deposits to payments, and what they leave open."""

from collections.abc import Sequence

from tieout.domain.money import exponent
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of
from tieout.practice.quickbooks.records import Record

Target = tuple[str, str, int]
"""Kind, Id, and how much of it (minor units) is linked."""


def applied_to(company: Company, kind: str, identity: str) -> int:
    """How much of a transaction other transactions are applied to, in minor units."""
    row = company.store.row(
        "SELECT COALESCE(SUM(minor), 0) FROM links WHERE to_kind = ? AND to_id = ? AND kind <> 'Deposit'",
        (kind, int(identity)),
    )
    assert row is not None, "an aggregate always has a row"
    return int(row[0])


def links_of(company: Company, kind: str, identity: str) -> list[Doc]:
    """The LinkedTxn list of a transaction: who points at it."""
    rows = company.store.rows(
        "SELECT kind, id FROM links WHERE to_kind = ? AND to_id = ? ORDER BY kind, id", (kind, int(identity))
    )
    return [{"TxnId": str(other), "TxnType": other_kind} for other_kind, other in rows]


def targets_of(company: Company, kind: str, identity: str) -> list[Target]:
    """What a transaction is applied to."""
    rows = company.store.rows(
        "SELECT to_kind, to_id, minor FROM links WHERE kind = ? AND id = ? ORDER BY to_kind, to_id",
        (kind, int(identity)),
    )
    return [(to_kind, str(to_id), minor) for to_kind, to_id, minor in rows]


def apply(company: Company, record: Record, targets: Sequence[Target]) -> None:
    """Link a transaction to others; their balances follow, and they get a new SyncToken."""
    for kind, identity, minor in targets:
        company.store.run(
            "INSERT INTO links VALUES (?, ?, ?, ?, ?)", (record.kind, int(record.id), kind, int(identity), minor)
        )
        _refresh(company, kind, identity)


def release(company: Company, record: Record) -> None:
    """Take all links of a transaction back."""
    targets = targets_of(company, record.kind, record.id)
    company.store.run("DELETE FROM links WHERE kind = ? AND id = ?", (record.kind, int(record.id)))
    for kind, identity, _ in targets:
        _refresh(company, kind, identity)


def _refresh(company: Company, kind: str, identity: str) -> None:
    record = company.record(kind, identity)
    if record is None:
        return
    document = dict(record.document)
    settle_balance(company, document, kind, identity)
    company.records.update(record, document, company.now())


def settle_balance(company: Company, document: Doc, kind: str, identity: str | None) -> None:
    """Compute Balance and LinkedTxn from the links; a total below what is applied is refused."""
    places = exponent(document["CurrencyRef"]["value"])
    applied = 0 if identity is None else applied_to(company, kind, identity)
    linked = [] if identity is None else links_of(company, kind, identity)
    document.pop("LinkedTxn", None)
    if linked:
        document["LinkedTxn"] = linked
    if kind not in ("Invoice", "CreditMemo", "Bill", "VendorCredit"):
        return
    left = minor_of(document["TotalAmt"], places) - applied
    if left < 0:
        raise business("The total would be less than what is applied to the transaction already.", "TotalAmt")
    document["Balance"] = number_of(left, places)
    if kind == "CreditMemo":
        document["RemainingCredit"] = document["Balance"]
    if kind != "VendorCredit" and company.preferences["CurrencyPrefs.MultiCurrencyEnabled"]:
        document["HomeBalance"] = company.in_home(document, document["Balance"])


def refuse_linked(company: Company, record: Record, operation: str) -> None:
    """Deposited transactions cannot be changed (6540); others cannot be deleted or voided while they are linked."""
    for link in links_of(company, record.kind, record.id):
        if link["TxnType"] == "Deposit":
            raise fault(
                "6540",
                "This transaction has been deposited. If you want to change or delete it, you must edit the deposit"
                " it appears on and remove it first.",
            )
        if operation != "update":
            raise business(
                f"You must unlink any linked transactions before you {operation} this one; it is linked to"
                f" {link['TxnType']} {link['TxnId']}."
            )
