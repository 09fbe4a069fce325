"""The GeneralLedger report: every posting of every account, with running balances.

`subt_nat_amount` and `rbal_nat_amount` have the account's natural sign: what increases the account is positive, so
credits of income, liabilities and equity are. `debt_amt` and `credit_amt` can be asked for with `columns`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tieout.practice.quickbooks.account_types import BALANCE_SHEET
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.ledger import Line
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.references import display_name
from tieout.practice.quickbooks.report_table import Period, amount, cells, period, report, section

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "tx_date": ("Date", "Date"),
    "txn_type": ("Transaction Type", "String"),
    "doc_num": ("Num", "String"),
    "name": ("Name", "String"),
    "memo": ("Memo/Description", "String"),
    "split_acc": ("Split", "String"),
    "subt_nat_amount": ("Amount", "Money"),
    "rbal_nat_amount": ("Balance", "Money"),
    "debt_amt": ("Debit", "Money"),
    "credit_amt": ("Credit", "Money"),
}
_ON_REQUEST = ("debt_amt", "credit_amt")
_NATURAL = {"Asset": 1, "Expense": 1, "Liability": -1, "Equity": -1, "Revenue": -1}
# What QuickBooks calls a transaction in its reports, where it is not the entity's own name spaced out.
_TITLES: Mapping[str, str] = {
    "JournalEntry": "Journal Entry",
    "SalesReceipt": "Sales Receipt",
    "CreditMemo": "Credit Memo",
    "RefundReceipt": "Refund",
    "BillPayment": "Bill Payment",
    "VendorCredit": "Vendor Credit",
    "Purchase": "Expense",
    "Item": "Inventory Starting Value",
}


def answer(company: Company, params: Mapping[str, str]) -> Doc:
    """GET /reports/GeneralLedger, with `account` (Ids) and `columns` (keys) if they are given."""
    span = period(company, params)
    keys = (
        params["columns"].split(",") if params.get("columns") else [key for key in _COLUMNS if key not in _ON_REQUEST]
    )
    if unknown := [key for key in keys if key not in _COLUMNS]:
        raise fault("2170", f"Invalid Enumeration : {unknown[0]}", "columns")
    wanted = set(params["account"].split(",")) if params.get("account") else None
    rows = [
        row
        for record in sorted(company.records.select("Account"), key=lambda found: display_name(found).lower())
        if wanted is None or record.id in wanted
        if (row := _account(company, record, span, keys)) is not None
    ]
    columns = [(*_COLUMNS[key], key) for key in keys]
    return report(company, "GeneralLedger", span, columns, rows)


def _account(company: Company, record: Record, span: Period, keys: Sequence[str]) -> Doc | None:
    lines = company.ledger.lines(record.id, span.start, span.end)
    opening = 0
    if record.document["Classification"] in BALANCE_SHEET:
        day_before = (date.fromisoformat(span.start) - timedelta(days=1)).isoformat()
        opening = company.ledger.balances(end=day_before).get(record.id, 0)
    if not lines and not opening:
        return None
    sign = _NATURAL[record.document["Classification"]]
    rows = []
    running = opening
    if opening:
        rows.append(_row({"tx_date": "Beginning Balance", "rbal_nat_amount": amount(company, sign * opening)}, keys))
    for line in lines:
        running += line.home
        figures = {
            "subt_nat_amount": amount(company, sign * line.home),
            "rbal_nat_amount": amount(company, sign * running),
            "debt_amt": amount(company, line.home) if line.home > 0 else "",
            "credit_amt": amount(company, -line.home) if line.home < 0 else "",
        }
        rows.append(_row({**_described(company, line), **figures}, keys))
    name = display_name(record)
    total = _row({keys[0]: f"Total for {name}", "subt_nat_amount": amount(company, sign * (running - opening))}, keys)
    header = cells((name, record.id), *[""] * (len(keys) - 1))
    found = section("", header, rows, {"ColData": total["ColData"]})
    found.pop("group")
    return found


def _described(company: Company, line: Line) -> dict[str, str | tuple[str, str]]:
    source = company.records.find(line.kind, line.id)
    document = {} if source is None else source.document
    party = None if line.party is None else company.records.find(*line.party)
    return {
        "tx_date": line.day,
        "txn_type": (_TITLES.get(line.kind, line.kind), line.id),
        "doc_num": document.get("DocNumber", ""),
        "name": "" if party is None else (display_name(party), party.id),
        "memo": line.memo or "",
        "split_acc": _split(company, line),
    }


def _split(company: Company, line: Line) -> str:
    """The other account of a transaction, or "-Split-" where there are several."""
    others = company.ledger.accounts_of(line.kind, line.id) - {line.account}
    if len(others) != 1:
        return "-Split-"
    record = company.records.find("Account", others.pop())
    return "" if record is None else display_name(record)


def _row(values: Mapping[str, str | tuple[str, str]], keys: Sequence[str]) -> Doc:
    return {**cells(*(values.get(key, "") for key in keys)), "type": "Data"}
