"""The built workbook in a living spreadsheet: it opens, calculates to what we say, prints every sheet, runs its VBA.

Skipped where LibreOffice is not installed (`apt-get install libreoffice-calc python3-uno poppler-utils`).
"""

import io
import json
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.sheets.build.converted import converted, program
from tests.sheets.build.sample_rows import SETTLED
from tests.sheets.build.sheet_pictures import PICTURE_BYTES_MAX, pictures
from tieout.sheets.build import build_workbook
from tieout.sheets.build.book import code_names
from tieout.sheets.build.vba_modules import class_module, standard_module
from tieout.sheets.build.vba_project import vba_project
from tieout.sheets.build.vba_sources import vba_modules
from tieout.sheets.layout import load_layout

pytestmark = pytest.mark.skipif(program() is None, reason="LibreOffice is not installed on this machine")
ERRORS = re.compile(r"#(?:REF|NAME|VALUE|DIV/0|N/A|NUM|NULL)|Err:\d+")


@pytest.fixture(scope="module")
def calculated_new(new_book: Path) -> Any:
    return _calculated(new_book)


@pytest.fixture(scope="module")
def calculated_filled(filled_book: Path) -> Any:
    return _calculated(filled_book)


def _calculated(book: Path) -> Any:
    """The workbook's values as LibreOffice works them out."""
    with converted(book, "xlsx") as made, warnings.catch_warnings():
        # What LibreOffice writes and openpyxl does not read: extensions, and print areas of whole columns.
        warnings.filterwarnings("ignore", message="(?:.*extension is not supported|Print area cannot be set)")
        return openpyxl.load_workbook(io.BytesIO(made.read_bytes()), data_only=True)


def _formulas(book: Path) -> Iterator[tuple[str, str, object]]:
    """Sheet, address and cached value of every cell with a formula."""
    cached = openpyxl.load_workbook(book, data_only=True)
    for sheet in openpyxl.load_workbook(book):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, cached[sheet.title][cell.coordinate].value


def test_a_new_book_shows_what_its_formulas_give(new_book: Path, calculated_new: Any) -> None:
    different = []
    count = 0
    for sheet, address, cached in _formulas(new_book):
        count += 1
        worked_out = calculated_new[sheet][address].value
        if (worked_out or "") != (cached or ""):
            different.append((sheet, address, cached, worked_out))
    assert different == []
    assert count > 80


def test_no_cell_of_a_month_is_an_error(calculated_filled: Any) -> None:
    wrong = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in calculated_filled
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and ERRORS.match(cell.value)
    ]
    assert wrong == []


def test_the_checklist_says_how_the_month_stands(calculated_filled: Any) -> None:
    home = calculated_filled["Home"]
    table = load_layout().table("Home")
    rows = home.iter_rows(min_row=table.header_row + 1, max_row=table.header_row + 14, min_col=2, values_only=True)
    stands = {row[1]: (row[3], row[4]) for row in rows}
    assert stands["Connect the seller's Amazon account"] == ("To do", "Not connected")
    assert stands["Fetch accounts, tax codes and lists"] == ("Wait", "0 accounts, 25 proposed")
    assert stands["Download the month's orders"] == ("Not needed", "32 orders shown")
    assert stands["Post the orders that are ready"] == ("Not needed", "12 ready, 12 waiting, 6 in archive")
    assert stands["Put the errors right and post them again"] == ("Not needed", "2 errors")
    assert stands["Preview the journals"] == ("To do", "1 not previewed, 1 ready")
    assert stands["Post the settlements"] == ("To do", "1 posted, 1 ready, 2 blocked")
    assert stands["Decide the exceptions"] == ("Look", "1 open, 1 decided")
    assert stands["Reconcile with Amazon and QuickBooks"] == ("Look", "1 of 5 tie out")
    assert stands["Export the reconciliation"] == ("To do", "0 exports on Activity")


def test_figures_add_up_one_currency_only(calculated_filled: Any) -> None:
    home = calculated_filled["Home"]
    figures = {row[0].value: row[1].value for row in home.iter_rows(min_col=9, max_col=10) if row[0].value}
    assert figures["Tie Out"] == "Not proved yet"
    assert figures["Amazon's settlements"] == pytest.approx(35241.98)
    assert figures["Posted by Tieout"] == pytest.approx(18230.11)
    assert figures["Difference of posted ones"] == 0
    assert figures["Orders not settled yet"] == pytest.approx(19.68)
    assert figures["Sales"] == 19240
    assert figures["Facilitator tax"] == 0
    assert figures["FBA fees"] == pytest.approx(-1420.2)


def test_totals_over_a_table_follow_its_rows_and_never_mix_currencies(calculated_filled: Any) -> None:
    layout = load_layout()
    archive, places = calculated_filled["Archive"], _places("Archive")
    assert archive.cell(3, 2).value == "6 rows shown"
    assert archive.cell(3, places["currency"]).value == "USD"
    assert archive.cell(3, places["total"]).value == pytest.approx(259.68)
    settlements, places = calculated_filled["Settlements"], _places("Settlements")
    assert settlements.cell(3, places["currency"]).value == "mixed"
    assert (settlements.cell(3, places["amazon_total"]).value or "") == ""
    assert layout.table("Settlements").header_row == 4


def test_links_between_rows_find_their_row_and_are_empty_without_one(calculated_filled: Any) -> None:
    orders, places = calculated_filled["Orders"], _places("Orders")
    for row in range(5, 29):
        settled = orders.cell(row, places["settlement_id"]).value == SETTLED
        assert (orders.cell(row, places["settlement_link"]).value or "") == ("Go" if settled else "")
    archive, places = calculated_filled["Archive"], _places("Archive")
    assert archive.cell(5, places["quickbooks_link"]).value == "Open"
    exceptions, places = calculated_filled["Exceptions"], _places("Exceptions")
    assert (exceptions.cell(5, places["where_link"]).value or "") == ""  # a file's row is not a cell
    assert exceptions.cell(6, places["where_link"]).value == "Go"
    prices, places = calculated_filled["Price Out of Sync"], _places("PriceOutOfSync")
    assert prices.cell(5, places["change_percent"]).value == pytest.approx(0.1)


def _places(table: str) -> dict[str, int]:
    layout = load_layout().table(table)
    return {column.key: layout.first_column + number for number, column in enumerate(layout.columns)}


def test_every_sheet_has_a_picture_fit_for_the_documentation(filled_book: Path, tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not installed on this machine")
    made = pictures(filled_book, tmp_path)
    visible = [sheet.name for sheet in load_layout().sheets if not sheet.is_hidden]
    assert [path.stem for path in made] == [name.lower().replace(" ", "-") for name in visible]
    for path in made:
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert 2_000 < len(content) < PICTURE_BYTES_MAX


# A stand-in for xlwings: what Python would be asked is written down, and an outcome given as Python would.
STAND_IN = """
Public Function RunPython(PythonCommand As String)
    ThisWorkbook.Names("LastButton").RefersToRange.Value = PythonCommand
    ThisWorkbook.Names("LastOutcome").RefersToRange.Value = "Done"
    ThisWorkbook.Names("LastSentence").RefersToRange.Value = "3 orders posted."
End Function
"""


@pytest.fixture(scope="module")
def vba_in_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What our VBA gives when LibreOffice runs it; it can't compile xlwings' modules, for which stand-ins are."""
    python = Path("/usr/bin/python3")
    bound = python.exists() and subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
    if not bound or bound.returncode:
        pytest.skip("LibreOffice's Python bindings (python3-uno) are not installed on this machine")
    folder = tmp_path_factory.mktemp("vba")
    book = folder / "book.xlsm"
    build_workbook(book, company="C", country="US", company_id="c")
    modules = {module.name: module for module in vba_modules(code_names(load_layout()))}
    modules["xlwings"] = standard_module("xlwings", STAND_IN)
    modules["Dictionary"] = class_module("Dictionary", "Option Explicit\n")
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/vbaProject.bin"] = vba_project(list(modules.values()))
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    script = Path(__file__).with_name("vba_in_libreoffice.py")
    done = subprocess.run(
        [python, script, book, program() or "", folder / "profile"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_a_press_calls_python_with_the_buttons_name_and_shows_the_outcome(vba_in_libreoffice: dict[str, Any]) -> None:
    assert vba_in_libreoffice["command"] == "import tieout.buttons; tieout.buttons.press('download-orders')"
    assert vba_in_libreoffice["sentence"] == "3 orders posted."
    assert vba_in_libreoffice["status"] == "Starting Python"


def test_buttons_are_grey_where_they_can_not_work(vba_in_libreoffice: dict[str, Any]) -> None:
    works = vba_in_libreoffice["works"]
    assert works["Not connected: post-orders on Orders"] is False
    assert works["Not connected: guide on Orders"] is True
    assert works["Not connected: import-settlements on Home"] is True
    assert works["Connected: post-orders on Orders"] is True
    assert works["Connected: post-orders on Settlement Lines"] is False
    assert works["Connected: download-orders on Orders"] is False
    assert works["Practice: post-orders on Archive"] is True
    assert works["Sign in again: post-orders on Archive"] is False
