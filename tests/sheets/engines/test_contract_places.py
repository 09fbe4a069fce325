"""What xlwings documents about ranges, names, tables, sheets, books and apps, on both engines."""

from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from tieout.sheets.engines import BookChanged, BookIsOpen, BookUnreadable, CellsProtected, NotInThisEngine


def test_addresses(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet.name = "It's mine"
    cells = sheet["B2:C4"]
    assert cells.address == "$B$2:$C$4"
    assert cells.get_address(False, False) == "B2:C4"
    assert cells.get_address(True, False, include_sheetname=True) == "'It''s mine'!B$2:C$4"
    assert sheet["A:C"].address == "$A:$C"
    assert sheet["2:3"].address == "$2:$3"
    assert (cells.row, cells.column, cells.shape, cells.size, cells.count) == (2, 2, (3, 2), 6, 6)
    assert sheet.range((1, 2), (3, 4)).address == "$B$1:$D$3"
    assert sheet.range("B1", "D3").address == "$B$1:$D$3"
    assert sheet[0, 1].address == "$B$1"
    assert sheet[1:3, 0:2].address == "$A$2:$B$3"
    with pytest.raises(IndexError):
        sheet.range((0, 1))
    with pytest.raises(ValueError, match="no such"):
        sheet.range("no such")


def test_ways_from_a_range(sheet: xw.Sheet) -> None:
    cells = sheet["B2:C4"]
    assert cells.offset(1, 1).address == "$C$3:$D$5"
    assert cells.offset(-1, -1).address == "$A$1:$B$3"
    assert cells.resize(2, 1).address == "$B$2:$B$3"
    assert cells.last_cell.address == "$C$4"
    assert [row.address for row in cells.rows] == ["$B$2:$C$2", "$B$3:$C$3", "$B$4:$C$4"]
    assert [column.address for column in cells.columns] == ["$B$2:$B$4", "$C$2:$C$4"]
    assert cells[1, 0].address == "$B$3"
    assert cells(3).address == "$B$3"
    assert [cell.address for cell in sheet["A1:B1"]] == ["$A$1", "$B$1"]
    with pytest.raises(IndexError):
        sheet["A1"].offset(-1)


def test_ends_and_expansion(sheet: xw.Sheet) -> None:
    sheet["B2"].value = [["a", "b", "c"], [1, 2, None], [3, None, 5]]
    sheet["B8"].value = "far"
    assert sheet["B2"].end("down").address == "$B$4"
    assert sheet["B4"].end("down").address == "$B$8"
    assert sheet["B8"].end("down").row == 1048576
    assert sheet["B8"].end("up").address == "$B$4"
    assert sheet["B2"].end("right").address == "$D$2"
    assert sheet["D2"].end("right").column == 16384
    assert sheet["D2"].end("left").address == "$B$2"
    assert sheet["B2"].expand().address == "$B$2:$D$4"
    assert sheet["B2"].expand("down").address == "$B$2:$B$4"
    assert sheet["B3"].expand("right").address == "$B$3:$C$3"
    assert sheet["C3"].current_region.address == "$B$2:$D$4"
    assert sheet.used_range.address == "$B$2:$D$8"


def test_an_empty_sheet_uses_its_first_cell(sheet: xw.Sheet) -> None:
    assert sheet.used_range.address == "$A$1"
    assert sheet.used_range.value is None


def test_names(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet["A1"].value = 12
    book.names.add("period_end", f"={sheet.name}!$A$1")
    assert "period_end" in book.names
    assert book.names["period_end"].refers_to == f"={sheet.name}!$A$1"
    assert book.names["period_end"].refers_to_range.value == 12
    assert sheet["period_end"].value == 12
    assert sheet["A1"].name.name == "period_end"
    sheet["B1:B3"].name = "block"
    assert sheet["block"].address == "$B$1:$B$3"
    book.names["block"].refers_to = f"={sheet.name}!$C$1"
    assert sheet["block"].address == "$C$1"
    book.names["block"].name = "renamed"
    assert [name.name for name in book.names if name.name in {"block", "renamed"}] == ["renamed"]
    book.names["renamed"].delete()
    assert "renamed" not in book.names


def test_names_of_one_sheet(book: xw.Book) -> None:
    first = book.sheets[0]
    second = book.sheets.add("Second", after=first)
    second.names.add("own", "=Second!$B$2")
    assert [name.name for name in second.names] == ["Second!own"]
    assert second["own"].address == "$B$2"
    assert len(first.names) == 0
    with pytest.raises(ValueError, match="own"):
        first.range("own")


def test_tables(sheet: xw.Sheet) -> None:
    sheet["B2"].value = [["SKU", "Price", None], ["A", 1, 2], ["B", 3, 4]]
    table = sheet.tables.add(source=sheet["B2:D4"], name="Products")
    assert "Products" in sheet.tables
    assert sheet.tables["products"] == table
    assert table.range.address == "$B$2:$D$4"
    assert table.header_row_range.value == ["SKU", "Price", "Column1"]
    assert table.data_body_range.address == "$B$3:$D$4"
    assert [column.name for column in table.columns] == ["SKU", "Price", "Column1"]
    assert table.columns["Price"].data_body_range.value == [1, 3]
    assert sheet["C3"].table == table
    assert sheet["A1"].table is None
    assert sheet.range("Products[Price]").value == [1, 3]
    assert sheet.range("Products[#All]").address == "$B$2:$D$4"
    assert sheet.range("Products[[#Headers],[SKU]]").value == "SKU"
    table.resize(sheet["B2:C6"])
    assert table.range.address == "$B$2:$C$6"
    assert table.show_autofilter is True
    table.show_autofilter = False
    assert table.show_autofilter is False
    table.name = "Goods"
    assert [one.name for one in sheet.tables] == ["Goods"]


def test_what_a_table_refuses(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["a", "b"], [1, 2], [3, 4]]
    table = sheet.tables.add(source=sheet["A1:B3"], name="T")
    with pytest.raises(ValueError, match="header row"):
        table.resize(sheet["A2:B3"])
    with pytest.raises(ValueError, match="row of data"):
        table.resize(sheet["A1:B1"])
    with pytest.raises(ValueError, match="overlap"):
        sheet.tables.add(source=sheet["B2:C3"])


def test_a_table_takes_a_data_frame(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9]]
    table = sheet.tables.add(source=sheet["A1:C4"], name="T")
    table.update(pd.DataFrame({"x": [10, 20], "y": ["p", "q"]}), index=False)
    assert table.range.address == "$A$1:$B$3"
    assert sheet["A1:C4"].value == [["x", "y", None], [10, "p", None], [20, "q", None], [None] * 3]
    assert [column.name for column in table.columns] == ["x", "y"]


def test_formulas_with_columns_of_a_table(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["Amount", "Double"], [1.5, None], [2, None]]
    sheet.tables.add(source=sheet["A1:B3"], name="Orders")
    sheet["B2"].formula = "=[@Amount]*2"
    sheet["D1"].formula = "=SUM(Orders[Amount])"
    assert sheet["B2"].formula == "=Orders[[#This Row],[Amount]]*2"
    assert sheet["B2"].value in {None, 3.0}
    assert sheet["D1"].formula == "=SUM(Orders[Amount])"
    assert sheet["D1"].value in {None, 3.5}


def test_sheets(book: xw.Book) -> None:
    first = book.sheets[0]
    last = book.sheets.add("Last", after=first)
    middle = book.sheets.add("Middle", before=last)
    assert [sheet.name for sheet in book.sheets] == [first.name, "Middle", "Last"]
    assert book.sheets.active == middle
    assert (middle.index, len(book.sheets), book.sheets["last"], book.sheets[-1]) == (2, 3, last, last)
    assert "Middle" in book.sheets
    first.activate()
    assert book.sheets.active == first
    middle.visible = False
    assert (middle.visible, first.visible) == (False, True)
    last.move(before=first)
    assert book.sheet_names == ["Last", first.name, "Middle"]
    middle.delete()
    assert book.sheet_names == ["Last", first.name]
    with pytest.raises(ValueError, match="already present"):
        book.sheets.add("last")
    with pytest.raises(KeyError):
        _ = book.sheets["none"]


def test_the_last_visible_sheet_stays(book: xw.Book) -> None:
    with pytest.raises(ValueError, match="at least one"):
        book.sheets[0].delete()


def test_a_sheet_renamed_is_renamed_in_formulas(book: xw.Book) -> None:
    first = book.sheets[0]
    data = book.sheets.add("Old name", after=first)
    first["A1"].formula = "=SUM('Old name'!A1:A3)+1"
    book.names.add("total", "='Old name'!$B$2")
    data.name = "New"
    assert first["A1"].formula == "=SUM(New!A1:A3)+1"
    assert book.names["total"].refers_to == "=New!$B$2"
    with pytest.raises(ValueError, match="already present"):
        data.name = first.name.upper()


def test_copying_a_sheet(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet["A1"].value = "copied"
    sheet["A1"].color = (9, 8, 7)
    copy = sheet.copy(name="Copy")
    assert book.sheet_names == [sheet.name, "Copy"]
    assert (copy["A1"].value, copy["A1"].color) == ("copied", (9, 8, 7))
    copy["A1"].value = "changed"
    assert sheet["A1"].value == "copied"


def test_saving_and_opening(app: xw.App, book: xw.Book, tmp_path: Path) -> None:
    path = tmp_path / "Saved book.xlsx"
    sheet = book.sheets[0]
    sheet["A1"].value = [["Id", "Amount"], ["00123", 1.5]]
    sheet.tables.add(source=sheet["A1:B2"], name="Kept")
    book.names.add("first", f"={sheet.name}!$A$1")
    book.save(path)
    assert (book.name, Path(book.fullname)) == ("Saved book.xlsx", path)
    assert app.books.open(path) == book
    book.close()
    again = app.books.open(path)
    assert again.sheets[0]["A1:B2"].value == [["Id", "Amount"], ["00123", 1.5]]
    assert [table.name for table in again.sheets[0].tables] == ["Kept"]
    assert again.sheets[0]["first"].value == "Id"
    again.sheets[0]["C1"].value = "more"
    again.save()
    again.close()
    assert [path.name for path in tmp_path.iterdir()] == ["Saved book.xlsx"]
    third = app.books.open(path)
    assert third.sheets[0]["C1"].value == "more"
    third.save(tmp_path / "Other.xlsx")
    assert third.name == "Other.xlsx"
    third.close()
    app.books.add()


@pytest.fixture
def opened(app: xw.App, tmp_path: Path) -> xw.Book:
    path = tmp_path / "book.xlsx"
    made = app.books.add()
    made.save(path)
    made.close()
    return app.books.open(path)


def test_a_book_that_changed_on_disk_is_not_overwritten(opened: xw.Book) -> None:
    path = Path(opened.fullname)
    content = path.read_bytes()
    path.write_bytes(content + b"x")
    with pytest.raises(BookChanged, match=r"book\.xlsx was changed on disk") as refused:
        opened.save()
    assert refused.value.path == path
    assert path.read_bytes() == content + b"x"
    path.unlink()
    with pytest.raises(BookChanged, match="deleted or moved"):
        opened.save()
    path.write_bytes(content)
    opened.save()
    opened.close()


def test_a_book_open_elsewhere_is_refused(app: xw.App, opened: xw.Book) -> None:
    path = Path(opened.fullname)
    before = path.read_bytes()
    owner = path.with_name("~$book.xlsx")
    owner.write_bytes(b"\x09Ann Smith" + b" " * 45)
    with pytest.raises(BookIsOpen, match=r"open in Excel \(by Ann Smith\).*~\$book.xlsx"):
        opened.save()
    opened.close()
    with pytest.raises(BookIsOpen) as refused:
        app.books.open(path)
    assert refused.value.path == path
    owner.unlink()
    lock = path.with_name(".~lock.book.xlsx#")
    lock.write_text("Bob,bob,pc,01.10.2026 10:00,file:///x;", encoding="utf-8")
    with pytest.raises(BookIsOpen, match=r"LibreOffice \(by Bob\)"):
        app.books.open(path)
    read_only = app.books.open(path, read_only=True)
    with pytest.raises(BookIsOpen, match="read-only"):
        read_only.save()
    read_only.close()
    assert path.read_bytes() == before


def test_files_that_are_no_workbooks(app: xw.App, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        app.books.open(tmp_path / "none.xlsx")
    with pytest.raises(NotInThisEngine, match="password"):
        app.books.open(_saved(app, tmp_path), password="x")


def _saved(app: xw.App, folder: Path) -> Path:
    book = app.books.add()
    book.save(folder / "plain.xlsx")
    book.close()
    return folder / "plain.xlsx"


def test_other_kinds_of_files_are_refused(book: xw.Book, tmp_path: Path) -> None:
    for name in ("book.xlsb", "book.html", "book"):
        with pytest.raises(NotInThisEngine, match=name):
            book.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_locked_cells_of_a_protected_sheet(sheet: xw.Sheet) -> None:
    sheet["A1:B1"].value = "old"
    sheet.impl.host.set_look(sheet["B1"].impl.area, "locked", False)
    sheet.api.Protect()
    assert sheet.api.ProtectContents
    sheet["B1"].value = "input"
    for change in (
        lambda: setattr(sheet["A1"], "value", "new"),
        lambda: sheet["A1:B1"].clear_contents(),
        lambda: setattr(sheet["A1"], "color", (1, 2, 3)),
    ):
        with pytest.raises(CellsProtected, match="Unprotect"):
            change()
    assert sheet["A1:B1"].value == ["old", "input"]
    sheet.api.Unprotect()
    sheet["A1"].value = "new"
    assert sheet["A1"].value == "new"


def test_state_that_scripts_set_and_restore(app: xw.App, book: xw.Book) -> None:
    with app.properties(screen_updating=False, calculation="manual", enable_events=False, status_bar="Working"):
        assert (app.screen_updating, app.calculation, app.enable_events) == (False, "manual", False)
        assert app.status_bar == "Working"
    assert (app.screen_updating, app.calculation, app.enable_events, app.status_bar) == (
        True,
        "automatic",
        True,
        False,
    )
    with pytest.raises(ValueError, match="calculate"):
        app.calculation = "sometimes"
    book.sheets[0]["B2:C3"].select()
    assert app.selection.address == "$B$2:$C$3"
    assert book.selection.sheet == book.sheets[0]


def test_the_active_book(app: xw.App, book: xw.Book) -> None:
    other = app.books.add()
    assert app.books.active == other
    book.activate()
    assert app.books.active == book
    assert {one.name for one in app.books} >= {book.name, other.name}
    other.close()
    assert other.name not in [one.name for one in app.books]


def test_what_only_excel_does_is_refused_with_a_sentence(sheet: xw.Sheet) -> None:
    with pytest.raises(NotInThisEngine, match=r"Sheet.charts is not available on this engine.*docs/engines.md"):
        _ = sheet.charts.count
    with pytest.raises(NotImplementedError):
        _ = sheet["A1"].characters
    with pytest.raises(NotInThisEngine):
        sheet.impl.nonsense = 1
    with pytest.raises(NotInThisEngine, match="clipboard"):
        sheet["A1"].copy()
    assert not hasattr(sheet.impl, "charts")


def test_print_area(sheet: xw.Sheet) -> None:
    assert sheet.page_setup.print_area is None
    sheet.page_setup.print_area = "A1:C10"
    assert sheet.page_setup.print_area == "$A$1:$C$10"
    sheet.page_setup.print_area = None
    assert sheet.page_setup.print_area is None


def test_bytes_that_are_no_workbook(app: xw.App, tmp_path: Path) -> None:
    path = tmp_path / "text.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(BookUnreadable, match=r"text\.xlsx can't be opened") as refused:
        app.books.open(path)
    assert refused.value.path == path
