"""The chart of accounts a practice company starts with, and the accounts QuickBooks makes for itself.

The default chart is the one of `mappings/accounts-<country>.csv` with the balance sheet accounts of
an Amazon seller. A company may also start without a chart, so that creating accounts can be practised.
"""

import csv
from collections.abc import Iterable

from tieout.practice.quickbooks.account_types import SUBTYPES
from tieout.practice.quickbooks.accounts import complete
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.records import Record
from tieout.resources import packaged

_BALANCE_SHEET: tuple[tuple[str, str, str], ...] = (
    ("Business Checking", "Bank", "Checking"),
    ("Amazon Clearing", "Bank", "CashOnHand"),
    ("Business Card", "Credit Card", "CreditCard"),
    ("Amazon Reserve", "Other Current Asset", "OtherCurrentAssets"),
    ("Amazon Carry Forward", "Other Current Asset", "OtherCurrentAssets"),
    ("Amazon Deferred", "Other Current Asset", "OtherCurrentAssets"),
    ("Amazon Loans", "Other Current Liability", "LoanPayable"),
    ("Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
)

# What QuickBooks makes when it first needs it: sub-type to (name, type). An account of the sub-type serves, but
# for discounts it must be QuickBooks' own: other accounts of that sub-type are for something else.
_SYSTEM: dict[str, tuple[str, str]] = {
    "AccountsReceivable": ("Accounts Receivable (A/R)", "Accounts Receivable"),
    "AccountsPayable": ("Accounts Payable (A/P)", "Accounts Payable"),
    "UndepositedFunds": ("Undeposited Funds", "Other Current Asset"),
    "RetainedEarnings": ("Retained Earnings", "Equity"),
    "OpeningBalanceEquity": ("Opening Balance Equity", "Equity"),
    "ExchangeGainOrLoss": ("Exchange Gain or Loss", "Other Expense"),
    "SalesTaxPayable": ("Sales Tax Payable", "Other Current Liability"),
    "GlobalTaxPayable": ("VAT Control", "Other Current Liability"),
    "DiscountsRefundsGiven": ("Discounts given", "Income"),
    "Inventory": ("Inventory Asset", "Other Current Asset"),
    "SuppliesMaterialsCogs": ("Cost of Goods Sold", "Cost of Goods Sold"),
}


def open_chart(company: Company) -> None:
    """Give a new company its default chart."""
    for name, kind, subtype in (*_BALANCE_SHEET, *_of_mappings(company.country)):
        if account_named(company, name) is None:
            open_account(company, name, kind, subtype)


def _of_mappings(country: str) -> Iterable[tuple[str, str, str]]:
    for row in _rows(country):
        subtypes = SUBTYPES[row["type"]]
        yield row["name"], row["type"], row["detail_type"] if row["detail_type"] in subtypes else subtypes[0]


def tax_codes_of_mappings(country: str) -> list[str]:
    """The tax codes the default chart of a country names."""
    return sorted({row["tax_code"] for row in _rows(country) if row.get("tax_code")})


def _rows(country: str) -> list[dict[str, str]]:
    """The default chart of a country; nothing where the installation has none."""
    region = {"US": "us", "GB": "gb"}.get(country, "eu")
    try:
        path = packaged(f"mappings/accounts-{region}.csv")
    except FileNotFoundError:
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def open_account(
    company: Company, name: str, kind: str, subtype: str, *, currency: str | None = None, system: bool = False
) -> Record:
    """Add an account; "Parent:Child" puts it under its parent, which is opened too if it is missing."""
    *above, own = name.split(":")
    document: Doc = {"Name": own, "AccountType": kind, "AccountSubType": subtype}
    if above:
        parent_name = ":".join(above)
        parent = account_named(company, parent_name) or open_account(company, parent_name, kind, subtype)
        document["ParentRef"] = {"value": parent.id, "name": parent_name}
    if currency is not None:
        document["CurrencyRef"] = {"value": currency}
    if system:
        document["System"] = True
    complete(company, document, None)
    return company.records.insert("Account", "Account", document, company.now())


def account_named(company: Company, full_name: str) -> Record | None:
    """The active account of that full name, or None."""
    found = company.records.select("Account", "name = ? COLLATE NOCASE AND active = 1", (full_name,), unseen=True)
    return found[0] if found else None


def system_account(company: Company, subtype: str, currency: str | None = None) -> str:
    """The Id of the account QuickBooks itself uses for something, made when it is first needed.

    Receivables and payables of a foreign currency have an account of their own, as in QuickBooks.
    """
    name, kind = _SYSTEM[subtype]
    wanted = currency or company.home_currency
    known = company.system_accounts.get((subtype, wanted))
    record = None if known is None else company.record("Account", known)
    if record is None or not _serves(record, subtype, wanted):
        active = company.records.select("Account", "active = 1")
        record = next((account for account in active if _serves(account, subtype, wanted)), None)
    if record is None:
        named = name if wanted == company.home_currency else f"{name} - {wanted}"
        # An account of that very name serves too, whatever its sub-type: names are unique.
        record = account_named(company, named)
        record = record or open_account(company, named, kind, subtype, currency=wanted, system=True)
    company.system_accounts[subtype, wanted] = record.id
    return record.id


def _serves(account: Record, subtype: str, currency: str) -> bool:
    document = account.document
    if subtype == "DiscountsRefundsGiven" and not document.get("System"):
        return False
    is_same = document["AccountSubType"] == subtype and document["CurrencyRef"]["value"] == currency
    return account.active and is_same
