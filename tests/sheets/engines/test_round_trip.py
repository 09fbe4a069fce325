"""A closed workbook keeps every byte that a change does not concern."""

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlwings as xw

from tests.sheets.engines.rich_book import RIBBON_2006, RIBBON_2010, VBA, as_openpyxl_reads
from tieout.sheets.engines import FormulaWithResult, LibreOfficeMissing, open_file_book

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def changed_parts(path: Path, change: Callable[[xw.Book], None]) -> dict[str, tuple[str, str]]:
    """The parts that a change touches, before and after; no part may come or go."""
    before = parts(path)
    book = open_file_book(path)
    change(book)
    book.save()
    book.close()
    after = parts(path)
    assert list(before) == list(after)
    return {name: (before[name].decode(), after[name].decode()) for name in before if before[name] != after[name]}


def without_cell(xml: str, address: str) -> str:
    """A sheet's XML in canonical form, without one cell and the rows' hints at their length."""
    root = ElementTree.fromstring(xml)  # our own files
    for row in root.iter(f"{MAIN}row"):
        row.attrib.pop("spans", None)
        for cell in list(row):
            if cell.get("r") == address:
                row.remove(cell)
    return ElementTree.canonicalize(ElementTree.tostring(root))


def test_saving_unchanged_changes_no_part(rich: Path) -> None:
    assert changed_parts(rich, lambda book: book.sheets[0].used_range.value) == {}


def test_writing_a_cell_changes_that_cell_alone(rich: Path) -> None:
    changed = changed_parts(rich, lambda book: setattr(book.sheets["Orders"]["B2"], "value", "Cancelled"))
    assert sorted(changed) == ["xl/workbook.xml", "xl/worksheets/sheet2.xml"]
    before, after = changed["xl/worksheets/sheet2.xml"]
    assert without_cell(before, "B2") == without_cell(after, "B2")
    before, after = changed["xl/workbook.xml"]
    assert after == re.sub(r"<calcPr ([^/]*)/>", r'<calcPr \1 fullCalcOnLoad="1"/>', before)


def test_what_excel_users_see_is_all_there(rich: Path) -> None:
    before = parts(rich)
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders["A2"].value = [[f"new-{n}", "Shipped", None, n] for n in range(40)]
    orders.tables["Orders"].resize(orders["A1:E41"])
    book.save()
    book.close()
    after = parts(rich)
    assert after["xl/vbaProject.bin"] == VBA
    assert after["customUI/customUI.xml"] == RIBBON_2006
    assert after["customUI/customUI14.xml"] == RIBBON_2010
    assert after["_rels/.rels"] == before["_rels/.rels"]
    kept = [name for name in before if name.split("/")[1:2] in (["charts"], ["media"], ["drawings"], ["theme"])]
    assert len(kept) >= 5
    assert all(after[name] == before[name] for name in kept)
    sheet, old = after["xl/worksheets/sheet2.xml"].decode(), before["xl/worksheets/sheet2.xml"].decode()
    for tag in ("conditionalFormatting", "dataValidations", "extLst", "sheetViews", "cols", "pageMargins"):
        found = re.findall(rf"<{tag}[ >].*?</{tag}>|<{tag}\b[^>]*/>", old)
        assert found
        assert re.findall(rf"<{tag}[ >].*?</{tag}>|<{tag}\b[^>]*/>", sheet) == found
    assert '<row r="3" ht="30" hidden="1" customHeight="1"' in re.sub(r' spans="[^"]*"', "", sheet)


def test_results_of_untouched_formulas_stay_readable(rich: Path) -> None:
    book = open_file_book(rich)
    book.sheets["Home"]["B4"].value = "USD"
    book.save()
    book.close()
    book = open_file_book(rich)
    assert book.sheets["Home"]["B10"].value == 30.75
    assert book.sheets["Orders"]["E2:E4"].value == [20.5, 41.0, 0.0]
    assert book.sheets["My notes"]["A30:A32"].value == [2, 4, 6]
    book.close()
    again = as_openpyxl_reads(rich, data_only=True)
    assert again["Home"]["B10"].value == 30.75


def test_a_calculated_column_goes_on_in_new_rows(rich: Path) -> None:
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders.tables["Orders"].resize(orders["A1:E6"])
    assert orders["E6"].formula == "=Orders[[#This Row],[Amount]]*2"
    assert orders["E4"].value == 0
    book.save()
    book.close()
    table = as_openpyxl_reads(rich)["Orders"].tables["Orders"]
    assert (table.ref, table.autoFilter.ref) == ("A1:E6", "A1:E6")
    assert [column.calculatedColumnFormula is not None for column in table.tableColumns] == [False] * 4 + [True]


def test_what_is_written_stands_in_the_file_as_written(rich: Path) -> None:
    book = open_file_book(rich)
    own = book.sheets["My notes"]
    own["H1"].value = [Decimal("1234567.89"), Decimal("0.10"), 2**53, "'=not a formula", "'"]
    own["H2"].value = FormulaWithResult("=SUM(H1:I1)", Decimal("1234567.99"))
    own["I2"].value = FormulaWithResult('="a"&"<b>"', "a<b>")
    book.save()
    book.close()
    sheet = parts(rich)["xl/worksheets/sheet3.xml"].decode()
    for xml in ("<v>1234567.89</v>", "<v>0.10</v>", "<v>9007199254740992</v>", "<is><t>=not a formula</t></is>"):
        assert xml in sheet
    assert "<f>SUM(H1:I1)</f><v>1234567.99</v>" in sheet
    saved = as_openpyxl_reads(rich)["My notes"]
    assert [bool(saved[name].quotePrefix) for name in ("H1", "K1", "L1")] == [False, True, True]
    results = as_openpyxl_reads(rich, data_only=True)["My notes"]
    assert (results["H2"].value, results["I2"].value, results["K1"].value) == (1234567.99, "a<b>", "=not a formula")


def test_the_order_of_calculation_goes_when_formulas_change(rich: Path) -> None:
    book = open_file_book(rich)
    book.sheets["My notes"]["H1"].formula = "=1+1"
    book.save()
    book.close()
    after = parts(rich)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]


def test_a_shared_formula_survives_the_loss_of_its_first_cell(rich: Path) -> None:
    book = open_file_book(rich)
    own = book.sheets["My notes"]
    assert own["A30:A32"].formula == (("=B30*2",), ("=B31*2",), ("=B32*2",))
    own["A30"].value = "gone"
    assert own["A30:A32"].formula == (("gone",), ("=B31*2",), ("=B32*2",))
    assert own["A31:A32"].value == [4, 6]
    book.save()
    book.close()
    saved = as_openpyxl_reads(rich)["My notes"]
    assert [saved[name].value for name in ("A30", "A31", "A32")] == ["gone", "=B31*2", "=B32*2"]


def test_a_part_of_an_array_is_not_changed(rich: Path) -> None:
    book = open_file_book(rich)
    own = book.sheets["My notes"]
    with pytest.raises(ValueError, match="part of the array"):
        own["F2"].value = 1
    own["F1:F3"].clear_contents()
    own["F2"].value = 1
    assert own["F1:F3"].value == [None, 1, None]
    book.close()


def test_text_with_all_its_marks(rich: Path) -> None:
    book = open_file_book(rich)
    own = book.sheets["My notes"]
    assert own["A1"].value == "  mine\nand more "
    assert own["A2"].value == "plain bold"
    assert own["A5"].value == 'Tom & <Jerry> "x" _x0041_'
    assert own["A3"].value is True
    assert own["A4"].options(err_to_str=True).value == "#DIV/0!"
    assert own["A4"].value is None
    book.close()


def test_notes_and_links_of_the_file(rich: Path) -> None:
    book = open_file_book(rich)
    home = book.sheets["Home"]
    assert (home["B4"].note.text, home["B4"].note.author) == ("Choose one", "Ann")
    assert home["A12"].hyperlink == "#'My notes'!A1"
    assert home["A13"].hyperlink == "https://example.com/a?b=1&c=2"
    home["C5"].add_note("second")
    home["B4"].note.text = "Choose it"
    home.api.Unprotect()
    home["C6"].add_hyperlink("#Orders!A1", "orders")
    book.sheets["Orders"]["A1"].add_note("first of its sheet")
    book.save()
    book.close()
    saved = as_openpyxl_reads(rich)
    assert saved["Home"]["B4"].comment.text == "Choose it"
    assert saved["Home"]["C5"].comment.text == "second"
    assert saved["Home"]["C6"].hyperlink.location == "Orders!A1"
    assert saved["Orders"]["A1"].comment.text == "first of its sheet"
    assert saved["Orders"]["A1"].comment.height == 79


def test_a_renamed_sheet_keeps_charts_rules_and_names(rich: Path) -> None:
    book = open_file_book(rich)
    book.sheets["Orders"].name = "All orders"
    book.sheets["Home"].name = "Start"
    book.save()
    book.close()
    after = parts(rich)
    assert "'All orders'!$D$2:$D$4" in after["xl/charts/chart1.xml"].decode()
    assert "'All orders'!D2:D4" in after["xl/worksheets/sheet1.xml"].decode()  # the sparkline
    assert "<formula1>Start!$B$4:$B$6</formula1>" in after["xl/worksheets/sheet2.xml"].decode()
    names = {name.name: name.attr_text for name in as_openpyxl_reads(rich).defined_names.values()}
    assert names == {"period_end": "Start!$B$3"}


def test_a_copied_sheet_stands_for_itself(rich: Path) -> None:
    book = open_file_book(rich)
    copy = book.sheets["Orders"].copy(name="Last month")
    assert [table.name for table in copy.tables] == ["Orders_2"]
    assert copy["E2"].formula == "=Orders_2[[#This Row],[Amount]]*2"
    book.sheets["Home"].copy(after=copy)
    book.save()
    book.close()
    saved = as_openpyxl_reads(rich)
    assert saved.sheetnames == ["Home", "Orders", "My notes", "Hidden", "Last month", "Home (2)"]
    assert saved["Last month"].tables["Orders_2"].ref == "A1:E4"
    assert saved["Home (2)"]["B4"].comment.text == "Choose one"
    assert len(saved["Home (2)"]._charts) == 1
    names = parts(rich)
    sheets = b"".join(names[name] for name in names if "sheets/sheet" in name).decode()
    assert re.findall(r"codeName=\"(\w+)\"", sheets) == ["Sheet1", "Sheet2", "Sheet3", "Sheet4"]


def test_a_deleted_sheet_leaves_nothing_behind(rich: Path) -> None:
    book = open_file_book(rich)
    book.sheets["Orders"].delete()
    assert book.sheets["Home"]["B10"].formula == "=SUM(Orders[Amount])"
    book.save()
    book.close()
    after = parts(rich)
    assert not [name for name in after if "table" in name or name.endswith("sheet2.xml")]
    assert b"sheet2.xml" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
    assert "#REF!$D$2:$D$4" in after["xl/charts/chart1.xml"].decode()
    assert as_openpyxl_reads(rich).sheetnames == ["Home", "My notes", "Hidden"]


def test_saving_as_a_plain_workbook_drops_the_macros(rich: Path, tmp_path: Path) -> None:
    book = open_file_book(rich)
    book.save(tmp_path / "plain.xlsx")
    book.close()
    after = parts(tmp_path / "plain.xlsx")
    assert "xl/vbaProject.bin" not in after
    assert b"macroEnabled" not in after["[Content_Types].xml"]
    assert after["customUI/customUI.xml"] == RIBBON_2006


def test_protection_is_put_back_as_it_was(rich: Path) -> None:
    def press(book: xw.Book) -> None:
        home = book.sheets["Home"]
        home.api.Unprotect()
        home["B12"].value = "done"
        home.api.Protect()

    before, after = changed_parts(rich, press)["xl/worksheets/sheet1.xml"]
    assert without_cell(before, "B12") == without_cell(after, "B12")


def test_column_formats_reach_new_cells(rich: Path) -> None:
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders["A50"].value = "=not a formula"
    assert orders["A50"].value == "=not a formula"
    assert orders["A50"].number_format == "@"
    orders["A51"].value = 42
    assert orders["A51"].value == "42"
    assert orders["C50"].number_format == "yyyy-mm-dd"
    book.close()


def test_libreoffice_reads_what_was_saved(rich: Path) -> None:
    from tieout.sheets.engines.libreoffice.opening import OfficeOpener

    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders["A5"].value = [["'=not a formula", "Shipped", None, 100], ["00042", "Shipped", None, 0.25]]
    orders.tables["Orders"].resize(orders["A1:E6"])
    orders["C3"].add_note("seen")
    book.sheets["Home"].name = "Start"
    book.save()
    book.close()
    try:
        opener = OfficeOpener()
    except LibreOfficeMissing as missing:
        pytest.skip(str(missing))
    try:
        office = opener.open(rich, read_only=True)
        office.calculate()
        sheets = {sheet.name: sheet for sheet in office.sheets()}
        assert list(sheets) == ["Start", "Orders", "My notes", "Hidden"]
        (total,) = sheets["Start"].values(sheets["Start"].used())[9][1:2]
        assert total == 131.0
        table = next(iter(sheets["Orders"].tables()))
        assert str(table.area) == "A1:E6"
        assert [row[4] for row in sheets["Orders"].values(table.area)][1:] == [20.5, 41.0, 0, 200, 0.5]
        assert sheets["Orders"].values(table.area)[4][0] == "=not a formula"
        assert sheets["Orders"].notes()[3, 3][0] == "seen"
        office.close()
    finally:
        opener.quit()
