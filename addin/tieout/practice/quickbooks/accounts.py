"""Account: the chart of accounts.

Rules from Intuit's Account reference: Name (unique, no colon or quote) and AccountType or AccountSubType are
required; classification follows from the type; a sub-account has its parent's type, five levels deep at most; an
account is deleted by making it inactive, which renames it "… (deleted)" and frees its name.
"""

from collections.abc import Mapping, Sequence

from tieout.domain.money import exponent
from tieout.practice.quickbooks import currencies
from tieout.practice.quickbooks.account_types import BALANCE_SHEET, CLASSIFICATION, SUBTYPES, TYPE_OF_SUBTYPE
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import choice, computed, flag, ref, shape, text

ACCOUNT = shape(
    "Account",
    *computed("Id", "SyncToken", "MetaData", "domain", "sparse", "FullyQualifiedName", "Classification"),
    *computed("CurrentBalance", "CurrentBalanceWithSubAccounts"),
    text("Name", 100),
    flag("SubAccount"),
    ref("ParentRef", "Account"),
    text("Description", 100),
    flag("Active"),
    choice("AccountType", *CLASSIFICATION),
    text("AccountSubType"),
    text("AcctNum", 20),
    ref("CurrencyRef"),
    ref("TaxCodeRef", "TaxCode"),
)

_DELETED = " (deleted)"
_LEVELS_MAX = 5
_NUMBER_LENGTH_MAX = {"US": 7, "GB": 7, "IN": 7}


def complete(company: Company, document: Doc, before: Record | None) -> None:
    """Check an account and fill in what follows from its type, parent and currency."""
    name = document.get("Name")
    if not name:
        raise missing("Name")
    if ":" in name or '"' in name:
        raise business('The account name must not contain a colon or a double quote (: ").', "Name")
    _settle_type(document)
    _settle_number(company, document, before)
    _settle_currency(company, document, before)
    document["Active"] = document.get("Active", True)
    if before is not None and before.document.get("System"):
        document["System"] = True
    _settle_activity(company, document, before)
    _settle_parent(company, document, before)
    same = company.records.select(
        "Account", "name = ? COLLATE NOCASE AND active = 1", (document["FullyQualifiedName"],), unseen=True
    )
    if document["Active"] and any(before is None or other.id != before.id for other in same):
        raise fault("6240", f"The name supplied already exists. : Id={same[0].id}", "Name")


def _settle_type(document: Doc) -> None:
    kind, subtype = document.get("AccountType"), document.get("AccountSubType")
    if kind is None and subtype is None:
        raise fault("6010", "You must specify either an Account.AccountType or an Account.AccountSubType.")
    if kind is None:
        kind = TYPE_OF_SUBTYPE.get(str(subtype))
    if kind is None or (subtype is not None and subtype not in SUBTYPES[kind]):
        raise fault("6010", f"Account type {kind} has no sub-type {subtype}.", "AccountSubType")
    document["AccountType"] = kind
    document["AccountSubType"] = subtype or SUBTYPES[kind][0]
    document["Classification"] = CLASSIFICATION[kind]


def _settle_number(company: Company, document: Doc, before: Record | None) -> None:
    number = document.get("AcctNum")
    if number is None:
        return
    longest = _NUMBER_LENGTH_MAX.get(company.country, 20)
    if ":" in number or len(number) > longest:
        raise business(f"An account number has at most {longest} characters and no colon.", "AcctNum")
    for other in company.records.select("Account"):
        if other.document.get("AcctNum") == number and (before is None or other.id != before.id):
            raise business(f"The account number is used by account {other.id} already.", "AcctNum")


def _settle_currency(company: Company, document: Doc, before: Record | None) -> None:
    kept = None if before is None else before.document["CurrencyRef"]["value"]
    currency = document.get("CurrencyRef", {}).get("value", kept or company.home_currency)
    if not currencies.is_known(currency):
        raise fault("2220", f"Invalid currency type. Supplied value:{currency}", "CurrencyRef")
    if kept not in (None, currency):
        raise business("The currency of an account cannot be changed.", "CurrencyRef")
    if currency != company.home_currency:
        if not company.preferences["CurrencyPrefs.MultiCurrencyEnabled"]:
            raise business("Multi-currency is not enabled for this company.", "CurrencyRef")
        if document["Classification"] not in ("Asset", "Liability"):
            raise business("Accounts of this type are kept in the home currency.", "CurrencyRef")
    document["CurrencyRef"] = currencies.reference(currency)


def _settle_activity(company: Company, document: Doc, before: Record | None) -> None:
    name = document["Name"]
    if not document["Active"] and not name.endswith(_DELETED):
        if before is not None and before.document.get("System"):
            raise business("This account is used by QuickBooks itself and cannot be made inactive.", "Active")
        document["Name"] = name + _DELETED
    if document["Active"] and name.endswith(_DELETED):
        document["Name"] = name.removesuffix(_DELETED)


def _settle_parent(company: Company, document: Doc, before: Record | None) -> None:
    parent_ref = document.get("ParentRef")
    document["SubAccount"] = parent_ref is not None
    document["FullyQualifiedName"] = document["Name"]
    if parent_ref is None:
        return
    parent = company.record("Account", parent_ref["value"])
    assert parent is not None, "references are resolved before"
    if before is not None and parent.id == before.id:
        raise fault("2600", "An account cannot be its own parent.", "ParentRef")
    if parent.document["AccountType"] != document["AccountType"]:
        raise business("A sub-account has the type of its parent.", "ParentRef")
    document["FullyQualifiedName"] = f"{parent.document['FullyQualifiedName']}:{document['Name']}"
    if document["FullyQualifiedName"].count(":") >= _LEVELS_MAX:
        raise business(f"Accounts nest {_LEVELS_MAX} levels deep at most.", "ParentRef")


def rename_children(company: Company, record: Record, before: Record | None) -> None:
    """Carry a new name down to the sub-accounts."""
    full_name = record.document["FullyQualifiedName"]
    if before is None or before.document["FullyQualifiedName"] == full_name:
        return
    for child in company.records.select("Account"):
        if child.document.get("ParentRef", {}).get("value") == record.id:
            renamed = {**child.document, "FullyQualifiedName": f"{full_name}:{child.document['Name']}"}
            rename_children(company, company.records.update(child, renamed, company.now()), child)


def present(company: Company, bodies: Sequence[Doc]) -> None:
    """Add the computed balances; only balance sheet accounts have one in Intuit's answer."""
    own = _balances(company, {body["CurrencyRef"]["value"] for body in bodies})
    for body in bodies:
        body.pop("System", None)
        places = exponent(body["CurrencyRef"]["value"])
        body["CurrentBalance"] = number_of(shown_balance(body, own), places)
        with_children = shown_balance(body, own) + sum(
            shown_balance(child.body(), own) for child in descendants(company, body["Id"])
        )
        body["CurrentBalanceWithSubAccounts"] = number_of(with_children, places)


def descendants(company: Company, identity: str) -> list[Record]:
    """All accounts below an account."""
    children = company.records.select("Account", "document LIKE '%\"ParentRef\"%'")
    below: list[Record] = []
    for child in children:
        if child.document["ParentRef"]["value"] == identity:
            below += [child, *descendants(company, child.id)]
    return below


def _balances(company: Company, used: set[str]) -> Mapping[tuple[str, str], int]:
    balances: dict[tuple[str, str], int] = {}
    for currency in used:
        totals = (
            company.ledger.balances()
            if currency == company.home_currency
            else company.ledger.currency_balances(currency)
        )
        balances |= {(currency, account): total for account, total in totals.items()}
    return balances


def shown_balance(body: Doc, balances: Mapping[tuple[str, str], int]) -> int:
    """The balance with Intuit's sign: debits positive, but what is owed on a credit card is positive too."""
    if body["Classification"] not in BALANCE_SHEET:
        return 0
    balance = balances.get((body["CurrencyRef"]["value"], body["Id"]), 0)
    return -balance if body["AccountType"] == "Credit Card" else balance


ACCOUNTS = Kind(
    name="Account",
    shape=ACCOUNT,
    sequence="Account",
    complete=complete,
    present=present,
    effect=rename_children,
    queryable=STAMPS
    | {"Name", "SubAccount", "Classification", "FullyQualifiedName", "AccountType", "AccountSubType"}
    | {"CurrentBalance", "CurrentBalanceWithSubAccounts", "ParentRef", "Description", "Active"},
)
