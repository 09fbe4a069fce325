"""The sheets Accounts and Tax Codes: the lists of QuickBooks, and the accounts that are needed and not there."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from tieout.domain.account import Account, Chart
from tieout.domain.books import BooksAccount, BooksTaxCode
from tieout.domain.finding import Finding
from tieout.sheets.layout import load_layout
from tieout.sheets.port import Gone, ReadTable, Refresh, Row, TableRow
from tieout.sheets.typed import ticked

IN_QUICKBOOKS, PROPOSED, INACTIVE, MISSING = "In QuickBooks", "Proposed", "Inactive", "Missing"


def with_accounts(chart: Chart, table: ReadTable) -> Chart:
    """The chart with the other accounts that QuickBooks has by the sheet, so that mappings may name them."""
    known = {account.name.casefold() for account in chart.accounts}
    others = tuple(
        Account("", row.text("account"), row.text("account_type"), row.text("detail_type"))
        for row in table.rows
        if row.text("state") == IN_QUICKBOOKS and row.text("account").casefold() not in known
    )
    return Chart(chart.country, (*chart.accounts, *others))


def wanted_accounts(table: ReadTable, chart: Chart) -> tuple[tuple[Account, ...], tuple[Finding, ...]]:
    """The proposed accounts that the user ticked to have created, as the chart has them."""
    wanted: list[Account] = []
    findings = list(table.findings)
    for row in table.rows:
        tick = ticked(row.values.get("create"), table.cell(row, "create"))
        if isinstance(tick, Finding):
            findings.append(tick)
        elif tick and row.text("state") in {PROPOSED, MISSING}:
            account = chart.by_name(row.text("account")) or _as_proposed(row)
            if account.name and account.account_type:
                wanted.append(account)
    return tuple(wanted), tuple(findings)


def _as_proposed(row: TableRow) -> Account:
    """An account beside the chart, which a document needed, as its row says it would be."""
    return Account("", row.text("account"), row.text("account_type"), row.text("detail_type"))


def accounts_refresh(
    table: ReadTable, chart: Chart, accounts: Sequence[BooksAccount], home_currency: str, now: datetime
) -> Refresh:
    """Every account of the books, those of the chart with the role they play, and those of the chart not there."""
    rows: dict[str, Row] = {}
    met: set[str] = set()
    for account in accounts:
        ours = chart.by_name(account.full_name) or chart.by_name(account.name)
        if ours is not None and account.active:
            met.add(ours.name)
        rows[account.full_name] = {
            "account": account.full_name,
            "state": IN_QUICKBOOKS if account.active else INACTIVE,
            "role": ours.role if ours is not None else "",
            "account_type": account.account_type,
            "detail_type": account.detail_type,
            "currency": account.currency or home_currency,
            "tax_code": ours.tax_code if ours is not None else "",
            "quickbooks_id": account.id,
            "fetched": now,
        }
    for ours in chart.accounts:
        if ours.name not in met and ours.name not in rows:
            rows[ours.name] = _proposed(ours)
    gone = {row.text("account") for row in table.rows if row.text("quickbooks_id")} - rows.keys()
    rows |= {name: {"account": name, "state": MISSING} for name in sorted(gone)}
    asked = {row.text("account") for row in table.rows if row.text("state") == PROPOSED and row.text("account")}
    rows |= {name: {"account": name, "state": PROPOSED} for name in sorted(asked - rows.keys())}
    return Refresh("Accounts", list(rows.values()), Gone.KEPT_IF_USED)


def _proposed(account: Account) -> Row:
    return {
        "account": account.name,
        "state": PROPOSED,
        "role": account.role,
        "account_type": account.account_type,
        "detail_type": account.detail_type,
        "tax_code": account.tax_code,
        "quickbooks_id": "",
        "fetched": None,
    }


def tax_codes_refresh(codes: Iterable[BooksTaxCode]) -> Refresh:
    """The active tax codes of the books, with their rates on sales and purchases; none where a side has none."""
    rows: list[Row] = [
        {
            "tax_code": code.name,
            "description": code.description,
            "sales_rate": _rate(code.sales),
            "purchase_rate": _rate(code.purchases),
            "active": "Yes",
            "quickbooks_id": code.id,
        }
        for code in codes
    ]
    return Refresh("TaxCodes", rows, Gone.KEPT_IF_USED)


def _rate(millionths: int | None) -> Decimal | None:
    return None if millionths is None else Decimal(millionths).scaleb(-6)


def list_refresh(key: str, names: Iterable[str]) -> Refresh:
    """A drop-down list, by its key in the layout, in the order of the alphabet; each name once."""
    in_order = sorted(dict.fromkeys(names), key=str.casefold)
    return Refresh(load_layout().drop_down(key).table_name, [{"value": name} for name in in_order])
