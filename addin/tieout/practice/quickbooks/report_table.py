"""The shape of Intuit's reports: Header, Columns, Rows; and the periods they are asked for.

Source: Intuit's report references (TrialBalance, GeneralLedger, ProfitAndLoss, BalanceSheet). Amounts in reports
are text, with the home currency's places; an empty cell is "".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tieout.domain.money import exponent, plain_decimal
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault
from tieout.practice.quickbooks.figures import Doc


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a report."""

    start: str
    end: str


def period(company: Company, params: Mapping[str, str]) -> Period:
    """The period of `start_date`, `end_date` or `date_macro`; this fiscal year to date if nothing is said."""
    today = date.fromisoformat(company.today())
    macro = params.get("date_macro", "").lower()
    first, last = _macro(macro, today) if macro else (date(today.year, 1, 1), today)
    start, end = (_day(params, name, default) for name, default in (("start_date", first), ("end_date", last)))
    if start > end:
        if "start_date" in params:
            raise fault("2190", "start_date must be before end_date.", "start_date")
        start = date(end.year, 1, 1)
    return Period(start.isoformat(), end.isoformat())


def _day(params: Mapping[str, str], name: str, default: date) -> date:
    text = params.get(name)
    try:
        return default if text is None else date.fromisoformat(text)
    except ValueError:
        raise fault("2070", f"Invalid date. Supplied value:{text}", name) from None


def _macro(macro: str, today: date) -> tuple[date, date]:
    month = today.replace(day=1)
    last_month_end = month - timedelta(days=1)
    known = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "this month": (month, _month_end(month)),
        "this month-to-date": (month, today),
        "last month": (last_month_end.replace(day=1), last_month_end),
        "this fiscal year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "this fiscal year-to-date": (date(today.year, 1, 1), today),
        "last fiscal year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "all": (date(1900, 1, 1), today),
    }
    if macro not in known:
        raise fault("2170", f"Invalid Enumeration : {macro}", "date_macro")
    return known[macro]


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def report(
    company: Company, name: str, span: Period, columns: Sequence[tuple[str, str, str]], rows: Sequence[Doc]
) -> Doc:
    """A report; `columns` are (title, type, key)."""
    return {
        "Header": {
            "Time": company.time(),
            "ReportName": name,
            "ReportBasis": "Accrual",
            "StartPeriod": span.start,
            "EndPeriod": span.end,
            "Currency": company.home_currency,
            "Option": [{"Name": "NoReportData", "Value": str(not rows).lower()}],
        },
        "Columns": {
            "Column": [
                {"ColTitle": title, "ColType": kind, "MetaData": [{"Name": "ColKey", "Value": key}]}
                for title, kind, key in columns
            ]
        },
        "Rows": {"Row": list(rows)} if rows else {},
    }


def amount(company: Company, minor: int) -> str:
    """An amount of the home currency as text."""
    return plain_decimal(minor, exponent(company.home_currency))


def cells(*values: str | tuple[str, str]) -> Doc:
    """The ColData of a row; a cell with an id is (value, id)."""
    return {"ColData": [_cell(value) for value in values]}


def _cell(value: str | tuple[str, str]) -> Doc:
    if isinstance(value, str):
        return {"value": value}
    return {"value": value[0], "id": value[1]} if value[1] else {"value": value[0]}


def section(group: str, header: Doc | None, rows: Sequence[Doc], summary: Doc) -> Doc:
    """A section with its rows and its summary."""
    found: Doc = {} if header is None else {"Header": header}
    if rows:
        found["Rows"] = {"Row": list(rows)}
    return {**found, "Summary": summary, "type": "Section", "group": group}
