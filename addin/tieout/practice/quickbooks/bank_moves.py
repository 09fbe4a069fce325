"""Deposit and Transfer: money between the company's own accounts.

Intuit's references: a deposit takes payments and sales receipts out of Undeposited Funds (by `LinkedTxn`), or
credits any account; cash back lessens it; what it holds cannot be changed any more (6540). A transfer moves an
amount between two balance sheet accounts.
"""

from collections.abc import Sequence

from tieout.domain.money import exponent
from tieout.practice.quickbooks import chart, links
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.ledger import Posting
from tieout.practice.quickbooks.lines import LINKED_TXN, TAX_CALCULATION, transaction_fields
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.sales_forms import refuse_account
from tieout.practice.quickbooks.shape import choice, computed, inner, loose, number, ref, several, shape, text

_DETAIL = shape(
    "DepositLineDetail",
    ref("Entity", "Customer", "Vendor"),
    ref("ClassRef", "Class"),
    ref("AccountRef", "Account"),
    ref("PaymentMethodRef", "PaymentMethod"),
    text("CheckNum", 21),
    ref("TaxCodeRef", "TaxCode"),
    choice("TaxApplicableOn", "Sales", "Purchase"),
    *loose("TxnType"),
)
_LINE = shape(
    "Line",
    text("Id"),
    *computed("LineNum"),
    text("Description", 4000),
    number("Amount"),
    choice("DetailType", "DepositLineDetail"),
    inner("DepositLineDetail", _DETAIL),
    several("LinkedTxn", LINKED_TXN),
    *loose("CustomField", "ProjectRef"),
)
_CASH_BACK = shape("CashBackInfo", ref("AccountRef", "Account"), number("Amount"), text("Memo", 4000))
DEPOSIT = shape(
    "Deposit",
    *transaction_fields(),
    ref("DepositToAccountRef", "Account"),
    TAX_CALCULATION,
    several("Line", _LINE),
    inner("CashBack", _CASH_BACK),
    *computed("TotalAmt", "HomeTotalAmt", "LinkedTxn", "TxnStatus"),
    *loose("AttachableRef"),
)
TRANSFER = shape(
    "Transfer",
    *transaction_fields(),
    ref("FromAccountRef", "Account"),
    ref("ToAccountRef", "Account"),
    number("Amount"),
    ref("ClassRef", "Class"),
    *computed("LinkedTxn"),
)
_DEPOSITABLE = ("Payment", "SalesReceipt")


def complete_deposit(company: Company, document: Doc, _before: Record | None) -> None:
    """Check a deposit and compute its total."""
    account = company.referred(document, "DepositToAccountRef", "Account")
    if account is None:
        raise missing("DepositToAccountRef")
    document.setdefault("CurrencyRef", dict(account.document["CurrencyRef"]))
    currency, places = company.settle_currency(document)
    refuse_account(company, account, ("Bank", "Other Current Asset"), currency, "DepositToAccountRef")
    if not document.get("Line"):
        raise missing("Line")
    total = 0
    for position, line in enumerate(document["Line"], start=1):
        line["Id"], line["LineNum"] = str(position), position
        if line.get("Amount") is None:
            raise missing("Amount")
        minor, line["Amount"] = company.amount(line["Amount"], places)
        _check_line(company, line, currency, minor, places)
        total += minor
    cash_back = document.get("CashBack")
    if cash_back is not None and cash_back.get("Amount"):
        if "AccountRef" not in cash_back:
            raise missing("CashBack.AccountRef")
        minor, cash_back["Amount"] = company.amount(cash_back["Amount"], places)
        total -= minor
    if total < 0:
        raise business("The total of a deposit must be 0 or greater.", "TotalAmt")
    document["TotalAmt"] = number_of(total, places)
    document["HomeTotalAmt"] = company.in_home(document, document["TotalAmt"])


def _check_line(company: Company, line: Doc, currency: str, minor: int, places: int) -> None:
    if line.get("LinkedTxn"):
        _check_link(company, line["LinkedTxn"][0], currency, minor, places)
        return
    account = company.referred(line.get("DepositLineDetail", {}), "AccountRef", "Account")
    if account is None:
        raise missing("DepositLineDetail.AccountRef")
    if account.document["CurrencyRef"]["value"] not in (company.home_currency, currency):
        raise business("You can only use one foreign currency per transaction.", "AccountRef")


def _check_link(company: Company, link: Doc, currency: str, minor: int, places: int) -> None:
    kind, identity = link.get("TxnType"), link.get("TxnId")
    if kind not in _DEPOSITABLE:
        raise fault("620", f"A transaction of type {kind} can't be linked to a Deposit.", "LinkedTxn")
    record = company.record(kind, str(identity))
    if record is None:
        raise fault("2500", f"Invalid Reference Id : {kind} element id {identity} not found", "LinkedTxn")
    waiting = chart.system_account(company, "UndepositedFunds")
    if record.document["DepositToAccountRef"]["value"] != waiting or links.links_of(company, kind, record.id):
        raise business(f"{kind} {record.id} is not waiting in Undeposited Funds.", "LinkedTxn")
    if record.document["CurrencyRef"]["value"] != currency or minor_of(record.document["TotalAmt"], places) != minor:
        raise business(f"The line's amount is not the amount of {kind} {record.id}.", "Amount")


def _linked(document: Doc, places: int) -> list[links.Target]:
    return [
        (line["LinkedTxn"][0]["TxnType"], line["LinkedTxn"][0]["TxnId"], minor_of(line["Amount"], places))
        for line in document["Line"]
        if line.get("LinkedTxn")
    ]


def _link_deposited(company: Company, record: Record, _before: Record | None) -> None:
    links.apply(company, record, _linked(record.document, exponent(record.document["CurrencyRef"]["value"])))


def deposit_postings(company: Company, record: Record) -> Sequence[Posting]:
    """The account gets the total; each line's account, or Undeposited Funds, gives its amount."""
    document = record.document
    places = exponent(document["CurrencyRef"]["value"])
    total = minor_of(document["TotalAmt"], places)
    result = [Posting(document["DepositToAccountRef"]["value"], total, document.get("PrivateNote", ""))]
    for line in document["Line"]:
        detail = line.get("DepositLineDetail", {})
        entity = detail.get("Entity")
        linked = bool(line.get("LinkedTxn"))
        account = chart.system_account(company, "UndepositedFunds") if linked else detail["AccountRef"]["value"]
        result.append(
            Posting(
                account,
                -minor_of(line["Amount"], places),
                line.get("Description", ""),
                None if entity is None else (entity["type"], entity["value"]),
                detail.get("ClassRef", {}).get("value"),
            )
        )
    cash_back = document.get("CashBack", {})
    if cash_back.get("Amount"):
        amount = minor_of(cash_back["Amount"], places)
        result.append(Posting(cash_back["AccountRef"]["value"], amount, cash_back.get("Memo", "")))
    return result


def complete_transfer(company: Company, document: Doc, _before: Record | None) -> None:
    """Check a transfer; its currency is that of its foreign account, if it has one."""
    sides = []
    for name in ("FromAccountRef", "ToAccountRef"):
        account = company.referred(document, name, "Account")
        if account is None:
            raise missing(name)
        sides.append(account)
    if sides[0].id == sides[1].id:
        raise business("A transfer needs two different accounts.", "ToAccountRef")
    foreign = [side for side in sides if side.document["CurrencyRef"]["value"] != company.home_currency]
    if foreign:
        document.setdefault("CurrencyRef", dict(foreign[0].document["CurrencyRef"]))
    currency, places = company.settle_currency(document)
    types = ("Bank", "Credit Card", "Other Current Asset", "Fixed Asset", "Other Asset", "Equity")
    liabilities = ("Other Current Liability", "Long Term Liability")
    for name, side in zip(("FromAccountRef", "ToAccountRef"), sides, strict=True):
        refuse_account(company, side, (*types, *liabilities), currency, name)
    if document.get("Amount") is None:
        raise missing("Amount")
    if document["Amount"] <= 0:
        raise fault("2290", "A transfer moves a positive amount.", "Amount")
    _, document["Amount"] = company.amount(document["Amount"], places)


def transfer_postings(_company: Company, record: Record) -> Sequence[Posting]:
    """From one account to the other."""
    document = record.document
    minor = minor_of(document["Amount"], exponent(document["CurrencyRef"]["value"]))
    note = document.get("PrivateNote", "")
    return (
        Posting(document["FromAccountRef"]["value"], -minor, note),
        Posting(document["ToAccountRef"]["value"], minor, note),
    )


DEPOSITS = Kind(
    name="Deposit",
    shape=DEPOSIT,
    sequence="Transaction",
    complete=complete_deposit,
    postings=deposit_postings,
    effect=_link_deposited,
    undo=links.release,
    is_transaction=True,
    deletable=True,
    queryable=STAMPS | {"DocNumber", "TxnDate", "TotalAmt", "DepositToAccountRef"},
)
TRANSFERS = Kind(
    name="Transfer",
    shape=TRANSFER,
    sequence="Transaction",
    complete=complete_transfer,
    postings=transfer_postings,
    is_transaction=True,
    deletable=True,
    queryable=STAMPS | {"TxnDate", "Amount", "FromAccountRef", "ToAccountRef"},
)
