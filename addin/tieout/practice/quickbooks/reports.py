"""TrialBalance, ProfitAndLoss and BalanceSheet, computed from the ledger.

Accrual only: the practice company keeps no cash basis. Income and expenses of earlier fiscal years stand in
Retained Earnings, as QuickBooks closes a year without entries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tieout.practice.quickbooks import general_ledger
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.report_table import Period, amount, cells, period, report, section

_PROFIT_TYPES = ("Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")
_TYPE_ORDER = (
    *("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset", "Accounts Payable"),
    *("Credit Card", "Other Current Liability", "Long Term Liability", "Equity", *_PROFIT_TYPES),
)
_RETAINED = "Retained Earnings"


@dataclass(frozen=True, slots=True)
class Balance:
    """An account and its debit-positive balance in home minor units; `id` is "" for a computed line."""

    id: str
    name: str
    type: str
    minor: int


def answer(company: Company, name: str, params: Mapping[str, str]) -> Doc:
    """GET /reports/{name}."""
    if params.get("accounting_method", "Accrual").lower() != "accrual":
        raise fault("5030", "The practice company keeps its books on the accrual basis only.", "accounting_method")
    found = _REPORTS.get(name.lower())
    if found is None:
        raise fault("2000", f"The report {name} is not supported.")
    return found(company, params)


def _balances(company: Company, span: Period) -> list[Balance]:
    """Balance sheet accounts up to the end; income and expense of the fiscal year; the rest as retained earnings."""
    year_start = f"{span.end[:4]}-01-01"
    day_before = (date.fromisoformat(year_start) - timedelta(days=1)).isoformat()
    whole = company.ledger.balances(end=span.end)
    before = company.ledger.balances(end=day_before)
    retained = 0
    found = []
    for record in company.records.select("Account"):
        document = record.document
        minor = whole.get(record.id, 0)
        if document["AccountType"] in _PROFIT_TYPES:
            retained += before.get(record.id, 0)
            minor -= before.get(record.id, 0)
        found.append(Balance(record.id, document["FullyQualifiedName"], document["AccountType"], minor))
    return _with_retained(found, retained)


def _with_retained(found: list[Balance], retained: int) -> list[Balance]:
    for position, balance in enumerate(found):
        if balance.name == _RETAINED and balance.type == "Equity":
            found[position] = Balance(balance.id, balance.name, balance.type, balance.minor + retained)
            return _ordered(found)
    return _ordered([*found, Balance("", _RETAINED, "Equity", retained)])


def _ordered(found: Iterable[Balance]) -> list[Balance]:
    moved = (balance for balance in found if balance.minor)
    return sorted(moved, key=lambda balance: (_TYPE_ORDER.index(balance.type), balance.name.lower()))


def trial_balance(company: Company, params: Mapping[str, str]) -> Doc:
    """Every account with a balance, debit or credit, and both totals."""
    span = period(company, params)
    rows = []
    debits = credited = 0
    for balance in _balances(company, span):
        debit, credit = max(balance.minor, 0), max(-balance.minor, 0)
        debits, credited = debits + debit, credited + credit
        rows.append(
            cells(
                (balance.name, balance.id),
                amount(company, debit) if debit else "",
                amount(company, credit) if credit else "",
            )
        )
    if rows:
        total = cells("TOTAL", amount(company, debits), amount(company, credited))
        rows.append({"Summary": total, "type": "Section", "group": "GrandTotal"})
    columns = (("", "Account", "account"), ("Debit", "Money", "debit"), ("Credit", "Money", "credit"))
    return report(company, "TrialBalance", span, columns, rows)


def profit_and_loss(company: Company, params: Mapping[str, str]) -> Doc:
    """Income less costs, in Intuit's sections."""
    span = period(company, params)
    balances = company.ledger.balances(span.start, span.end)
    accounts = company.records.select("Account")
    totals: dict[str, int] = {}
    rows: list[Doc] = []

    def add(group: str, title: str, kind: str, sign: int) -> None:
        found = [
            (record, sign * balances[record.id])
            for record in accounts
            if record.document["AccountType"] == kind and balances.get(record.id)
        ]
        totals[group] = sum(minor for _, minor in found)
        lines = [cells(_cell(record), amount(company, minor)) | {"type": "Data"} for record, minor in found]
        if lines or group in ("Income", "Expenses"):
            rows.append(section(group, cells(title, ""), lines, _total(company, f"Total {title}", totals[group])))

    def conclude(group: str, title: str, minor: int) -> int:
        rows.append({"Summary": _total(company, title, minor), "type": "Section", "group": group})
        return minor

    add("Income", "Income", "Income", -1)
    add("COGS", "Cost of Goods Sold", "Cost of Goods Sold", 1)
    gross = conclude("GrossProfit", "Gross Profit", totals["Income"] - totals["COGS"])
    add("Expenses", "Expenses", "Expense", 1)
    operating = conclude("NetOperatingIncome", "Net Operating Income", gross - totals["Expenses"])
    add("OtherIncome", "Other Income", "Other Income", -1)
    add("OtherExpenses", "Other Expenses", "Other Expense", 1)
    other = conclude("NetOtherIncome", "Net Other Income", totals["OtherIncome"] - totals["OtherExpenses"])
    conclude("NetIncome", "Net Income", operating + other)
    return report(company, "ProfitAndLoss", span, _TWO_COLUMNS, rows)


_TWO_COLUMNS = (("", "Account", "account"), ("Total", "Money", "total"))


def _cell(record: Record) -> tuple[str, str]:
    return record.document["FullyQualifiedName"], record.id


def _total(company: Company, title: str, minor: int) -> Doc:
    return cells(title, amount(company, minor))


def balance_sheet(company: Company, params: Mapping[str, str]) -> Doc:
    """Assets against liabilities and equity; the year's net income is a line of equity."""
    span = period(company, params)
    balances = _balances(company, span)
    income = sum(balance.minor for balance in balances if balance.type in _PROFIT_TYPES)
    balances = [balance for balance in balances if balance.type not in _PROFIT_TYPES]
    if income:
        balances.append(Balance("", "Net Income", "Equity", income))
    parts = _Sheet(company, balances)
    current = [
        parts.group("BankAccounts", "Bank Accounts", "Bank", 1),
        parts.group("AR", "Accounts Receivable", "Accounts Receivable", 1),
        parts.group("OtherCurrentAssets", "Other Current Assets", "Other Current Asset", 1),
    ]
    assets = [
        parts.over("CurrentAssets", "Current Assets", current),
        parts.group("FixedAssets", "Fixed Assets", "Fixed Asset", 1),
        parts.group("OtherAssets", "Other Assets", "Other Asset", 1),
    ]
    owed = [
        parts.group("AP", "Accounts Payable", "Accounts Payable", -1),
        parts.group("CreditCards", "Credit Cards", "Credit Card", -1),
        parts.group("OtherCurrentLiabilities", "Other Current Liabilities", "Other Current Liability", -1),
    ]
    liabilities = [
        parts.over("CurrentLiabilities", "Current Liabilities", owed),
        parts.group("LongTermLiabilities", "Long-Term Liabilities", "Long Term Liability", -1),
    ]
    claims = [
        parts.over("Liabilities", "Liabilities", liabilities),
        parts.group("Equity", "Equity", "Equity", -1),
    ]
    rows = [
        parts.over("TotalAssets", "ASSETS", assets),
        parts.over("TotalLiabilitiesAndEquity", "LIABILITIES AND EQUITY", claims),
    ]
    found = [row for row, _ in rows if row is not None]
    return report(company, "BalanceSheet", span, _TWO_COLUMNS, found)


_Part = tuple[Doc | None, int]
"""A section (None if it is empty) and its total."""


class _Sheet:
    """Builds the nested sections of a balance sheet."""

    def __init__(self, company: Company, balances: Sequence[Balance]) -> None:
        self._company = company
        self._balances = balances

    def group(self, group: str, title: str, kind: str, sign: int) -> _Part:
        """The accounts of one type."""
        found = [balance for balance in self._balances if balance.type == kind]
        total = sum(sign * balance.minor for balance in found)
        if not found:
            return None, 0
        lines = [
            cells((balance.name, balance.id), amount(self._company, sign * balance.minor)) | {"type": "Data"}
            for balance in found
        ]
        return section(group, cells(title, ""), lines, _total(self._company, f"Total {title}", total)), total

    def over(self, group: str, title: str, parts: Sequence[_Part]) -> _Part:
        """A section of sections."""
        total = sum(part_total for _, part_total in parts)
        rows = [row for row, _ in parts if row is not None]
        if not rows:
            return None, 0
        return section(group, cells(title, ""), rows, _total(self._company, f"TOTAL {title}", total)), total


_REPORTS: Mapping[str, Callable[[Company, Mapping[str, str]], Doc]] = {
    "trialbalance": trial_balance,
    "profitandloss": profit_and_loss,
    "balancesheet": balance_sheet,
    "generalledger": general_ledger.answer,
}
