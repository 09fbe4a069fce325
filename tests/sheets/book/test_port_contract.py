"""What the port promises, held on every engine that is here: the file engine, and a living LibreOffice.

The same is to be run in real Excel, which no machine that builds this has.
"""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import xlwings as xw

from tieout.domain.money import Money
from tieout.sheets.book import XlwingsBook
from tieout.sheets.engines import LibreOfficeMissing, activate
from tieout.sheets.port import Gone, ReadTable, Refresh, Row


@pytest.fixture(scope="module", params=["file", "libreoffice"])
def app(request: pytest.FixtureRequest) -> Iterator[xw.App]:
    before = xw.engines.active
    try:
        activate(request.param)
    except LibreOfficeMissing as missing:
        pytest.skip(str(missing))
    app = xw.App(visible=False, add_book=False)
    yield app
    app.quit()
    xw.engines.active = before


@pytest.fixture
def port(app: xw.App, built_book: Path, tmp_path: Path) -> Iterator[XlwingsBook]:
    book = app.books.open(str(shutil.copy(built_book, tmp_path)))
    yield XlwingsBook(book, is_live=True)
    book.close()


def settlement(number: int, **more: object) -> Row:
    row: dict[str, object] = {
        "settlement_id": str(21_000_000_000 + number),
        "state": "New",
        "start": date(2026, 9, 1),
        "currency": "USD",
        "amazon_total": Money(12_345 + number, "USD"),
        "unmapped": 0,
        "posted_at": datetime(2026, 11, 2, 9, 12),  # noqa: DTZ001 - cells know no time zone
        "file": "=cmd|' /C calc'!A0",
        "why": "-1 is not +1",
    }
    return {**row, **more}  # type: ignore[return-value,dict-item]


def read(port: XlwingsBook, table: str = "Settlements") -> ReadTable:
    found = port.read(table)
    assert isinstance(found, ReadTable)
    return found


def test_what_goes_in_comes_out_and_again_nothing_is_written(port: XlwingsBook) -> None:
    wanted = Refresh("Settlements", [settlement(1), settlement(2)])
    assert port.refresh(wanted).changed == 2
    row = read(port).rows[0]
    assert row.number == 5
    assert row.text("settlement_id") == "21000000001"
    assert row.values["amazon_total"] == 123.46
    assert row.text("start") == "2026-09-01"
    assert row.values["posted_at"] == datetime(2026, 11, 2, 9, 12)  # noqa: DTZ001
    assert row.text("file") == "=cmd|' /C calc'!A0"
    assert row.text("why") == "-1 is not +1"
    assert port.refresh(wanted).changed == 0


def test_the_users_cells_columns_order_and_notes_stay(port: XlwingsBook) -> None:
    port.refresh(Refresh("Settlements", [settlement(number) for number in range(4)]))
    table = port.xlwings_table("Settlements")
    sheet = table.parent
    last = table.range.columns.count + 1
    sheet.range((4, last)).value = "Checked By"
    table.resize(table.range.resize(5, last))
    sheet.range("B5:B8").value = [["21000000003"], ["21000000002"], ["21000000001"], ["21000000000"]]
    sheet.range((5, last)).value = "Ann"
    sheet.range((8, last)).value = "Bob"
    sheet.range("A7").value = "x"
    sheet.range("C8").add_note("look")
    rows = [settlement(number, state="Ready") for number in (0, 2, 3, 9)]
    port.refresh(Refresh("Settlements", rows))
    found = read(port)
    assert [row.text("settlement_id")[-1] for row in found.rows] == ["3", "2", "0", "9"]
    assert {row.text("state") for row in found.rows} == {"Ready"}
    assert sheet.range((5, last), (8, last)).value == ["Ann", None, "Bob", None]
    assert [note.location.get_address(False, False) for note in sheet.notes] == ["C7"]
    assert [row.text("select") for row in found.rows] == ["", "", "", ""]


def test_a_table_shrinks_to_nothing_and_grows_again(port: XlwingsBook) -> None:
    port.refresh(Refresh("Settlements", [settlement(number) for number in range(6)]))
    assert port.refresh(Refresh("Settlements", [])).changed == 6
    assert read(port).rows == ()
    assert port.xlwings_table("Settlements").range.shape[0] == 2
    port.refresh(Refresh("Settlements", [settlement(7), settlement(8)]))
    assert [row.text("settlement_id")[-1] for row in read(port).rows] == ["7", "8"]
    assert str(port.xlwings_table("Settlements").parent.range("T6").formula).startswith("=IFERROR(HYPERLINK(")


def test_the_newest_first_and_the_oldest_leave(port: XlwingsBook) -> None:
    for number in range(4):
        row: Row = {"run_id": f"r{number}", "button": "guide", "sentence": "=1+1"}
        port.refresh(Refresh("Activity", [row], Gone.KEPT, newest_first=True, rows_max=3))
    assert [row.text("run_id") for row in read(port, "Activity").rows] == ["r3", "r2", "r1"]
    assert {row.text("sentence") for row in read(port, "Activity").rows} == {"=1+1"}


def test_named_cells_protection_and_quiet(port: XlwingsBook) -> None:
    assert port.cell("TieoutStatus") == "Ready"
    with port.quiet(), port.unlocked("Settings"):
        port.set_cells({"CompanyId": "other", "LastSentence": "+1 done", "TieoutProgress": None})
    assert port.cell("CompanyId") == "other"
    assert port.cell("LastSentence") == "+1 done"
    assert str(port.place("CompanyId")).startswith("Settings!D")


def test_saved_and_opened_again_it_is_the_same(port: XlwingsBook, tmp_path: Path) -> None:
    port.refresh(Refresh("Settlements", [settlement(1)]))
    before = read(port).rows[0].values
    port.save()
    path = port.path
    assert path is not None
    book = port.xlwings_book.app.books.open(str(shutil.copy(path, tmp_path / "again.xlsm")))
    after = read(XlwingsBook(book, is_live=False)).rows[0].values
    links = {"lines_link", "preview_link", "quickbooks_link"}
    assert {key: after[key] for key in after if key not in links} == {
        key: before[key] for key in before if key not in links
    }
    book.close()
