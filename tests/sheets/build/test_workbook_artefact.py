"""The built workbook as Office, VBA and openpyxl see it."""

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openxml_audit import FileFormat, OpenXmlValidator

from tests.sheets.build.olevba import VBA_Parser
from tests.sheets.build.workbook_doctor import problems, vba_sources
from tieout.resources import packaged
from tieout.sheets.build import build_workbook
from tieout.sheets.build.book import code_names
from tieout.sheets.build.vba_sources import CONF_SHEET, OWN_MODULES, vba_modules
from tieout.sheets.layout import load_layout


@pytest.mark.parametrize("office", [FileFormat.OFFICE_2019, FileFormat.MICROSOFT_365])
def test_office_opens_it_without_repair(filled_book: Path, office: FileFormat) -> None:
    result = OpenXmlValidator(office).validate(filled_book)
    assert [str(error) for error in result.errors] == []
    assert result.is_valid


def test_nothing_in_it_fails_to_fit_together(new_book: Path, filled_book: Path) -> None:
    assert problems(new_book) == []
    assert problems(filled_book) == []


def _replaced(part: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def damage(parts: dict[str, bytes]) -> None:
        name = next(name for name in parts if name == part or (name.startswith(part) and old in parts[name]))
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return damage


DAMAGES = {
    "the ribbon has no relationship": _replaced(
        "_rels/.rels", b"relationships/ui/extensibility", b"relationships/ui"
    ),
    "the ribbon's part is missing": lambda parts: parts.pop("customUI/customUI.xml"),
    "two ribbon elements have the id": _replaced(
        "customUI/customUI.xml", b'id="tieoutReconcile"', b'id="tieoutGuide"'
    ),
    "has no attribute": _replaced("customUI/customUI.xml", b"screentip=", b"screenTip="),
    "is no Public Sub": _replaced("customUI/customUI.xml", b"TieoutButtonPressed", b"TieoutButtonPresed"),
    "two buttons have the keytip": _replaced("customUI/customUI.xml", b'keytip="HG"', b'keytip="HC"'),
    "the VBA project can't be read": lambda parts: parts.update({"xl/vbaProject.bin": b"nothing"}),
    "is not both a sheet's and a VBA module's": _replaced("xl/worksheets/sheet", b'"ShOrders"', b'"ShOrder"'),
    "two tables have the displayName": _replaced("xl/tables/", b'displayName="Errors"', b'displayName="Orders"'),
    "two columns of one name": _replaced("xl/tables/", b'name="Order ID"', b'name="State"'),
    "two names": _replaced("xl/workbook.xml", b'<definedName name="HomeMonth"', b'<definedName name="CompanyId"'),
    "is a name and a table": _replaced(
        "xl/workbook.xml", b'<definedName name="HomeMonth"', b'<definedName name="Home"'
    ),
    "a structured reference without its table": _replaced("xl/tables/", b"Orders[[#This Row]", b"[[#This Row]"),
}


@pytest.mark.parametrize("expected", DAMAGES)
def test_the_checks_see_what_they_are_for(new_book: Path, tmp_path: Path, expected: str) -> None:
    with zipfile.ZipFile(new_book) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    DAMAGES[expected](parts)
    damaged = tmp_path / "damaged.xlsm"
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert any(expected in problem for problem in problems(damaged))


def test_olevba_reads_exactly_our_source_and_nothing_else(new_book: Path) -> None:
    modules, found = vba_sources(new_book)
    assert found == []
    expected = {module.name: module.source for module in vba_modules(code_names(load_layout()))}
    assert {name: source.replace("\r\n", "\n") for name, source in modules.items()} == {
        name: source.replace("\r\n", "\n") for name, source in expected.items()
    }


def test_the_only_macros_that_run_by_themselves_are_those_of_sheets_and_closing(new_book: Path) -> None:
    """Neither calls anything outside: one asks the ribbon again, the other drops a look that is still due."""
    parser = VBA_Parser(str(new_book))
    try:
        found = [keyword for kind, keyword, _ in parser.analyze_macros() if kind == "AutoExec"]
    finally:
        parser.close()
    assert found == ["Workbook_BeforeClose"]


def test_our_vba_only_calls_python_and_shows_the_outcome() -> None:
    for name in (*OWN_MODULES, "ThisWorkbook"):
        source = packaged(f"workbook/vba/{name}.bas").read_text(encoding="utf-8")
        assert source.isascii()
        for word in ("Shell", "CreateObject", "Declare ", "Open ", "Kill ", "http", "Environ"):
            assert word not in source, (name, word)
    press = packaged("workbook/vba/TieoutPresses.bas").read_text(encoding="utf-8")
    assert 'RunPython "import tieout.buttons; tieout.buttons.press(\'" & press & "\')"' in press


def test_the_same_input_gives_the_same_bytes(new_book: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tieout.sheets.build import build_workbook;"
        "build_workbook(Path(sys.argv[1]), company='Harbour & Hill Ltd', country='US', company_id='harbour-hill')"
    )
    again = tmp_path / "again.xlsm"
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PATH": ""}
    subprocess.run([sys.executable, "-c", code, str(again)], check=True, env=environment)
    assert _sha256(again) == _sha256(new_book)


def test_other_input_gives_other_bytes(new_book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsm"
    build_workbook(other, company="Harbour & Hill Ltd", country="US", company_id="another")
    assert _sha256(other) != _sha256(new_book)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_openpyxl_finds_what_the_layout_says(new_book: Path) -> None:
    layout = load_layout()
    book = openpyxl.load_workbook(new_book, keep_vba=True)
    assert book.sheetnames == [*(sheet.name for sheet in layout.sheets), CONF_SHEET]
    assert book[CONF_SHEET].sheet_state == "veryHidden"
    assert book["Lists"].sheet_state == "hidden"
    for sheet in layout.sheets:
        worksheet = book[sheet.name]
        assert worksheet.protection.sheet is sheet.is_protected
        for table in sheet.tables:
            found = worksheet.tables[table.name]
            assert [column.name for column in found.tableColumns] == [column.title for column in table.columns]
            first = f"{get_column_letter(table.first_column)}{table.header_row}"
            assert found.ref.startswith(f"{first}:")
            if not sheet.is_hidden:
                headers = [worksheet.cell(table.header_row, table.first_column + n).value for n in range(2)]
                assert headers == [column.title for column in table.columns[:2]]


def test_no_sheet_is_taken_for_code_by_xlwings(new_book: Path) -> None:
    names = openpyxl.load_workbook(new_book, read_only=True).sheetnames
    assert [name for name in names if name.casefold().endswith(".py")] == []


def test_sheets_print_with_titles_on_pages_of_the_country(new_book: Path, tmp_path: Path) -> None:
    german = tmp_path / "de.xlsm"
    build_workbook(german, company="Hafen GmbH", country="DE", company_id="hafen")
    for path, paper in ((new_book, 1), (german, 9)):
        book = openpyxl.load_workbook(path)
        for name in ("Orders", "Settlements", "Settings", "Home"):
            setup = book[name].page_setup
            assert int(setup.paperSize) == paper
            assert setup.orientation == "landscape"
            assert book[name].sheet_properties.pageSetUpPr.fitToPage
            assert book[name].print_area
        assert book["Orders"].print_title_rows == "$4:$4"
        assert book["Orders"].freeze_panes == "C5"


def test_the_users_cells_are_open_and_marked_and_the_rest_is_not(new_book: Path) -> None:
    layout = load_layout()
    book = openpyxl.load_workbook(new_book)
    settings, table = book["Settings"], layout.table("Settings")
    for number, setting in enumerate(layout.settings, table.header_row + 1):
        cell = settings.cell(number, table.first_column + 2)
        assert settings.cell(number, table.first_column + 5).value == setting.key
        assert cell.protection.locked is not (setting.is_input or setting.is_filled)
        assert (cell.fill.fill_type == "solid") is setting.is_input
        assert settings.cell(number, table.first_column).protection.locked
    names = book.defined_names
    for one in layout.home.cells:
        cell = book["Home"][names[one.name].attr_text.split("!")[1].replace("$", "")]
        assert not cell.protection.locked
        assert (cell.fill.fill_type == "solid") is one.is_input


def test_drop_downs_come_from_lists_and_every_header_explains_itself(new_book: Path) -> None:
    layout = load_layout()
    book = openpyxl.load_workbook(new_book)
    known = {one.name for one in layout.lists}
    for sheet in layout.sheets:
        rules = book[sheet.name].data_validations.dataValidation
        for rule in rules:
            if rule.type == "list" and not rule.formula1.startswith('"'):
                assert rule.formula1 in known
        if not sheet.is_hidden:
            explained = {str(rule.sqref) for rule in rules if rule.prompt}
            for table in sheet.tables:
                for number in range(len(table.columns)):
                    assert f"{get_column_letter(table.first_column + number)}{table.header_row}" in explained
    for one in layout.lists:
        assert book.defined_names[one.name].attr_text == (one.refers_to or f"{one.table_name}[{one.column}]")


def test_conditional_formats_are_plain_ones(filled_book: Path) -> None:
    with zipfile.ZipFile(filled_book) as package:
        for name in package.namelist():
            assert b"x14:" not in package.read(name), name
            assert b"extLst" not in package.read(name), name


def test_text_of_amazons_never_becomes_a_formula_and_ids_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsm"
    nasty = ["=1+1", "+44", "-5", "@SUM(A1)", "1E5", "00123456789012345678", "3-4", "TRUE"]
    rows = [{"settlement_id": "1", "row": n, "sku": text, "order_id": text} for n, text in enumerate(nasty)]
    build_workbook(path, company="C", country="US", company_id="c", rows={"SettlementLines": rows})
    sheet = openpyxl.load_workbook(path)["Settlement Lines"]
    table = load_layout().table("SettlementLines")
    place = [column.key for column in table.columns].index("sku") + 1
    cells = [sheet.cell(table.header_row + 1 + number, place) for number in range(len(nasty))]
    assert [cell.value for cell in cells] == nasty
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def test_rows_for_a_table_or_column_that_is_not_there_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsm"
    with pytest.raises(KeyError, match="Nonsense"):
        build_workbook(path, company="C", country="US", company_id="c", rows={"Nonsense": []})
    with pytest.raises(ValueError, match="Orders has no column nonsense"):
        build_workbook(path, company="C", country="US", company_id="c", rows={"Orders": [{"nonsense": 1}]})
    assert not path.exists()


def test_a_new_book_starts_from_the_dictionary_the_chart_and_the_statuses(new_book: Path) -> None:
    book = openpyxl.load_workbook(new_book)
    mappings = list(book["Fee Mappings"].iter_rows(min_row=5, values_only=True))
    assert len(mappings) > 300
    assert ("Order", "ItemFees", "Commission") in {row[:3] for row in mappings}
    assert {row[9] for row in mappings} == {"Mapped"}
    accounts = {row[1]: row[3] for row in book["Accounts"].iter_rows(min_row=5, values_only=True)}
    assert accounts["Amazon Clearing"] == "clearing"
    statuses = list(book["Status Filters"].iter_rows(min_row=5, max_row=30, values_only=True))
    assert {row[0] for row in statuses} == set(load_layout().marketplaces)
    assert {row[3] for row in statuses} == {"Download and post"}
    assert {row[7] for row in statuses} == {"Leave out"}


def test_settings_start_with_the_countrys_defaults(tmp_path: Path) -> None:
    path = tmp_path / "gb.xlsm"
    build_workbook(path, company="Quay & Co", country="GB", company_id="quay", python="/opt/python/bin/python")
    book = openpyxl.load_workbook(path)
    values = {row[5]: row[2] for row in book["Settings"].iter_rows(min_row=5, min_col=2, values_only=True)}
    assert values["company"] == "Quay & Co"
    assert values["home_currency"] == "GBP"
    assert values["account_tax"] == "VAT on Amazon Sales"
    assert values["facilitator_tax"] == "Record and net to zero"
    assert values["company_id"] == "quay"
    assert float(values["price_move_limit"]) == 0.25
    conf = {row[0]: row[1] for row in book[CONF_SHEET].iter_rows(values_only=True)}
    assert conf["INTERPRETER_MAC"] == conf["INTERPRETER_WIN"] == "/opt/python/bin/python"
    assert conf["ADD_WORKBOOK_TO_PYTHONPATH"] is False


def test_a_new_book_names_no_interpreter_and_no_secret(new_book: Path) -> None:
    conf = {row[0] for row in openpyxl.load_workbook(new_book)[CONF_SHEET].iter_rows(values_only=True)}
    assert conf == {"PYTHONPATH", "ADD_WORKBOOK_TO_PYTHONPATH", "SHOW CONSOLE"}


def test_what_openpyxl_saves_still_has_its_ribbon_vba_and_tables(filled_book: Path) -> None:
    saved = io.BytesIO()
    openpyxl.load_workbook(filled_book, keep_vba=True).save(saved)
    with zipfile.ZipFile(saved) as after, zipfile.ZipFile(filled_book) as before:
        assert after.read("xl/vbaProject.bin") == before.read("xl/vbaProject.bin")
        assert after.read("customUI/customUI.xml") == before.read("customUI/customUI.xml")
        assert b"ui/extensibility" in after.read("_rels/.rels")
    again = openpyxl.load_workbook(saved, keep_vba=True)
    assert again["Orders"].tables["Orders"].ref == openpyxl.load_workbook(filled_book)["Orders"].tables["Orders"].ref


def test_the_date_of_making_is_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsm"
    build_workbook(path, company="C", country="US", company_id="c", created=date(2026, 11, 2))
    created = openpyxl.load_workbook(path).properties.created
    assert created is not None
    assert created.date() == date(2026, 11, 2)
