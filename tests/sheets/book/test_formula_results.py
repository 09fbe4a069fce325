"""Results of formulas in a closed file: what is stored is what a spreadsheet works out."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tieout.domain.money import Money
from tieout.sheets.book import XlwingsBook
from tieout.sheets.formula_columns import Column
from tieout.sheets.formula_values import NotWorkedOut, worked_out
from tieout.sheets.layout import load_layout
from tieout.sheets.port import RawValue, Refresh


class Known:
    """A table T with two columns, two names and a cell."""

    def column(self, table: str, title: str) -> Column:
        columns: dict[str, list[RawValue]] = {
            "State": ["Posted", "ready", None, "Posted"],
            "Amount": [0.1, 0.2, None, -5.0],
            "When": [datetime(2026, 1, 2, 6), None],  # noqa: DTZ001 - cells know no time zone
        }
        return Column(columns[title]) if table == "T" else {}[table]

    def named(self, name: str) -> RawValue:
        return {"Method": "Settlement summary", "Nothing": None}[name]

    def cell(self, address: str) -> RawValue:
        return {"H3": "mixed"}[address]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=COUNTIF(T[State],"posted")&" posted"', "2 posted"),
        ('=IF(Method="settlement SUMMARY","Not needed",1/0)', None),
        ('=IF(AND(Nothing="",COUNTA(T[State])=3),"yes","no")', "yes"),
        ('=ROUND(SUMIFS(T[Amount],T[State],"Posted")-2*(1+0.5),2)', Decimal("-7.90")),
        ('=IF($H$3="mixed","",SUBTOTAL(109,T[Amount]))', ""),
        ("=SUBTOTAL(103,T[State])", Decimal(3)),
        ("=SUBTOTAL(109,T[Amount])", Decimal("-4.7")),
        ('=COUNTIFS(T[State],"Posted",T[Amount],">=0")', Decimal(1)),
        ("=MAX(T[When])", Decimal("46024.25")),
        ('="it is "&INDEX(T[State],2)', "it is ready"),
        ("=OR(1>2,3<>3)", False),
        ('=IF(T2="","",1)', None),
        ("=VLOOKUP(1,T[State],1)", None),
        ("=Unknown+1", None),
        ("=T[State]", None),
    ],
)
def test_formulas(formula: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(NotWorkedOut):
            worked_out(formula, Known())
    else:
        assert worked_out(formula, Known()) == expected


def test_home_says_what_the_sheets_hold(book: XlwingsBook) -> None:
    book.refresh(
        Refresh(
            "Settlements",
            [
                {"settlement_id": "1", "state": "Posted", "currency": "USD", "amazon_total": Money(1050, "USD")},
                {"settlement_id": "2", "state": "Ready", "currency": "USD", "amazon_total": Money(-30, "USD")},
            ],
        )
    )
    book.calculate()
    home = book.xlwings_book.sheets["Home"]
    steps = {row[1]: (row[3], row[4]) for row in home.range("B17:F30").options(ndim=2).value}
    assert steps["Post the settlements"] == ("To do", "1 posted, 1 ready, 0 blocked")
    assert steps["Download the month's orders"] == ("To do", "0 orders shown")
    assert home.range("J6").value == 10.2
    assert str(home.range("J6").formula).startswith("=SUMIFS(")
    assert book.xlwings_book.sheets["Settlements"].range("B3").value == "2 rows shown"


def test_the_sums_above_a_table_follow_it_and_missing_ones_are_filled_in(book: XlwingsBook) -> None:
    def orders(*totals: int) -> Refresh:
        rows = [
            {"order_id": f"111-{n}", "currency": "USD", "total": Money(total, "USD")}
            for n, total in enumerate(totals)
        ]
        return Refresh("Orders", rows)

    def sums(name: str) -> list[object]:
        sheet = book.xlwings_book.sheets[name]
        formulas, values = sheet.range("A1:Z3").formula, sheet.range("A1:Z3").value
        return [
            v for f, line in zip(formulas, values, strict=True) for g, v in zip(f, line, strict=True) if g[:1] == "="
        ]

    book.refresh(orders(1050, -30))
    book.calculate()
    assert 10.2 in sums("Orders")
    assert None not in sums("Errors")  # nothing changed there, and the file had no results yet
    before = sums("Errors")
    book.refresh(orders(1050, -30, 200))
    book.calculate()
    assert 12.2 in sums("Orders")
    assert sums("Errors") == before
    book.refresh(orders(1050, -30, 200))
    book.calculate()
    assert 12.2 in sums("Orders")


def link_texts(book: XlwingsBook, table: str, title: str) -> list[object]:
    """What a column of links shows to whoever reads the closed file."""
    live = book.xlwings_table(table)
    place = [str(one) for one in live.header_row_range.value].index(title)
    body = live.data_body_range
    assert body is not None
    cells = body.sheet.range((body.row, body.column + place), (body.last_cell.row, body.column + place))
    assert all(str(one).startswith("=") for (one,) in (cells.formula if cells.count > 1 else ((cells.formula,),)))
    return list(cells.options(ndim=1).value)


def test_links_of_new_rows_show_where_they_lead(book: XlwingsBook, tmp_path: Path) -> None:
    address = "https://app.qbo.intuit.com/app/invoice?txnId=7"
    book.refresh(Refresh("Settlements", [{"settlement_id": "77", "state": "New", "currency": "USD"}]))
    archive = [
        {"order_id": "111-1", "settlement_id": "77", "quickbooks_url": address},
        {"order_id": "111-2", "settlement_id": "78", "quickbooks_url": ""},
        {"order_id": "111-3", "settlement_id": "", "quickbooks_url": address},
    ]
    book.refresh(Refresh("Archive", archive))
    book.refresh(
        Refresh("Errors", [{"order_id": "111-4", "where": "Settings!D14"}, {"order_id": "111-5", "where": "a file"}])
    )
    book.calculate()
    assert link_texts(book, "Archive", "QuickBooks") == ["Open", None, "Open"]
    assert link_texts(book, "Archive", "Settlement") == ["Go", None, None]
    assert link_texts(book, "Errors", "Go") == ["Go", None]
    # What a row holds changes; a link that the user replaced by one of his own stays his.
    cells = book.xlwings_table("Archive").data_body_range
    place = [str(one) for one in book.xlwings_table("Archive").header_row_range.value].index("QuickBooks")
    own = cells.sheet.range((cells.row + 2, cells.column + place))
    own.formula = '="mine"'
    book.refresh(Refresh("Archive", [{**archive[0], "quickbooks_url": ""}, archive[1], archive[2]]))
    book.calculate()
    assert link_texts(book, "Archive", "QuickBooks")[:2] == [None, None]
    assert own.formula == '="mine"'
    # As other programs read the file.
    book.xlwings_book.save(tmp_path / "saved.xlsm")
    read = openpyxl.load_workbook(tmp_path / "saved.xlsm", data_only=True)["Errors"]
    titles = [cell.value for cell in read[4]]
    assert read.cell(5, titles.index("Go") + 1).value == "Go"


def test_every_formula_of_home_is_worked_out(book: XlwingsBook) -> None:
    home = book.xlwings_book.sheets["Home"]
    book.calculate()
    formulas = [f for line in home.used_range.formula for f in line if str(f).startswith("=")]
    assert len(formulas) > 2 * len(load_layout().home.steps)
    for formula in formulas:
        workings = _Empty()
        worked_out(str(formula), workings)


class _Empty:
    def column(self, table: str, title: str) -> Column:
        found = load_layout().table(table).by_title(title)
        assert found is not None, f"{table}[{title}]"
        return Column([])

    def named(self, name: str) -> RawValue:
        return None

    def cell(self, address: str) -> RawValue:
        return None
