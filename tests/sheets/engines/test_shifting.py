"""Cells inserted and deleted: all that refers to them moves along, and LibreOffice agrees."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from tests.sheets.engines.rich_book import as_openpyxl_reads
from tests.sheets.engines.test_round_trip import parts
from tieout.sheets.engines import NotInThisEngine, activate, open_file_book


def test_rows_inserted_above_a_table(rich: Path) -> None:
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders["B3"].add_note("pending")
    orders["1:2"].insert("down")
    assert orders.tables["Orders"].range.address == "$A$3:$E$6"
    assert orders["local"].address == "$A$3"
    assert orders["B5"].note.text == "pending"
    assert orders["A5"].row_height == 30
    book.save()
    book.close()
    after = parts(rich)
    sheet = after["xl/worksheets/sheet2.xml"].decode()
    assert 'sqref="B4:B102"' in sheet
    assert re.search(r'<conditionalFormatting sqref="D4:D102"', sheet)
    assert "<xm:sqref>D4:D102</xm:sqref>" in sheet
    assert "Orders!$D$4:$D$6" in after["xl/charts/chart1.xml"].decode()
    assert "Orders!$3:$3" in after["xl/workbook.xml"].decode()
    saved = as_openpyxl_reads(rich)
    assert saved["Orders"].tables["Orders"].autoFilter.ref == "A3:E6"
    assert saved["Orders"]["B5"].comment.text == "pending"


def test_rows_deleted_inside_a_table(rich: Path) -> None:
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders["G1"].formula = "=SUM(D2:D4)+D3"
    orders["3:3"].delete()
    assert orders.tables["Orders"].range.address == "$A$1:$E$3"
    assert orders["A3"].value == "00123"
    assert orders["G1"].formula == "=SUM(D2:D3)+#REF!"
    with pytest.raises(ValueError, match="header row of the table Orders"):
        orders["1:1"].delete()
    orders["1:4"].delete()
    assert len(orders.tables) == 0
    book.save()
    book.close()
    assert not [name for name in parts(rich) if "table" in name]


def test_columns_inserted_and_deleted_inside_a_table(rich: Path) -> None:
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    orders["B:C"].insert("right")
    table = orders.tables["Orders"]
    assert table.header_row_range.value == ["Order", "Column1", "Column2", "State", "Date", "Amount", "Double"]
    assert orders["E1"].column_width == 12
    orders["C:D"].delete()
    assert [column.name for column in table.columns] == ["Order", "Column1", "Date", "Amount", "Double"]
    book.save()
    book.close()
    saved = as_openpyxl_reads(rich)["Orders"]
    assert [column.name for column in saved.tables["Orders"].tableColumns] == [cell.value for cell in saved[1]]


def test_columns_and_rows_through_the_table(rich: Path) -> None:
    book = open_file_book(rich)
    table = book.sheets["Orders"].tables["Orders"]
    book.sheets["Orders"]["F2"].value = "beside"
    table.columns.add("Tax", index=3)
    assert [column.name for column in table.columns] == ["Order", "State", "Tax", "Date", "Amount", "Double"]
    assert book.sheets["Orders"]["G2"].value == "beside"
    table.columns["State"].delete()
    table.columns.add("Last")
    assert [column.name for column in table.columns] == ["Order", "Tax", "Date", "Amount", "Double", "Last"]
    assert book.sheets["Orders"]["G2"].value == "beside"
    table.rows.add(["first", None, None, 5, None, None], index=1)
    row = table.rows.add()
    assert row.index == 5
    assert row.range[0, 4].formula == "=Orders[[#This Row],[Amount]]*2"
    table.rows[1].delete()
    assert table.data_body_range[:, 0].value == ["first", "202-0000002-0000002", "00123", None]
    book.close()


def test_totals_and_headers_shown_and_hidden(rich: Path) -> None:
    book = open_file_book(rich)
    orders = book.sheets["Orders"]
    table = orders.tables["Orders"]
    orders["A5"].value = "below"
    table.show_totals = True
    assert (table.range.address, table.totals_row_range.address) == ("$A$1:$E$5", "$A$5:$E$5")
    assert orders["A5:A6"].value == ["Total", "below"]
    with pytest.raises(ValueError, match="hide the totals row"):
        table.resize(orders["A1:E9"])
    table.show_totals = False
    table.show_headers = False
    assert (table.range.address, table.header_row_range) == ("$A$2:$E$4", None)
    assert orders["A1"].value is None
    table.show_headers = True
    assert table.header_row_range.value == ["Order", "State", "Date", "Amount", "Double"]
    assert table.range.address == "$A$1:$E$4"
    book.close()


def test_nothing_is_torn_apart(rich: Path) -> None:
    book = open_file_book(rich)
    orders, own = book.sheets["Orders"], book.sheets["My notes"]
    with pytest.raises(ValueError, match="the table A1:E4"):
        orders["B1"].insert("down")
    with pytest.raises(ValueError, match="the merged cells C1:D2"):
        own["C1"].delete("up")
    with pytest.raises(ValueError, match="the array formula F1:F3"):
        own["A3"].insert("right")
    assert orders["B1"].value == "State"
    own["A:A"].insert("right")
    assert own["G1"].formula_array == "=TRANSPOSE(B1:D1)"
    assert own["D1"].merge_area.address == "$D$1:$E$2"
    assert own["B30:B32"].formula == (("=C30*2",), ("=C31*2",), ("=C32*2",))
    book.close()


def test_a_rule_whose_cells_are_all_deleted_goes(rich: Path) -> None:
    book = open_file_book(rich)
    home = book.sheets["Home"]
    home.api.Unprotect()
    home["4:4"].delete()
    book.save()
    book.close()
    sheet = parts(rich)["xl/worksheets/sheet1.xml"].decode()
    assert "dataValidation" not in sheet
    assert "Choose" not in parts(rich)["xl/comments1.xml"].decode()


def test_a_table_renamed_is_renamed_in_formulas(rich: Path) -> None:
    book = open_file_book(rich)
    home, orders = book.sheets["Home"], book.sheets["Orders"]
    orders["G1"].formula = '="Orders"&Orders[[#Totals],[Amount]]&Orders!A1'
    orders.tables["Orders"].name = "Sales"
    assert home["B10"].formula == "=SUM(Sales[Amount])"
    assert orders["E2"].formula == "=Sales[[#This Row],[Amount]]*2"
    assert orders["G1"].formula == '="Orders"&Sales[[#Totals],[Amount]]&Orders!A1'
    for name in ("two words", "period_end"):
        with pytest.raises(ValueError, match=name):
            orders.tables["Sales"].name = name
    book.close()


def test_cells_are_not_copied_between_books(rich: Path, tmp_path: Path) -> None:
    book = open_file_book(rich)
    book.save(tmp_path / "Other.xlsm")
    other = open_file_book(rich)
    with pytest.raises(NotInThisEngine, match="within its workbook"):
        book.sheets[0].copy(after=other.sheets[0])
    with pytest.raises(ValueError, match="within a workbook"):
        book.sheets[0]["A1"].copy(other.sheets[0]["A1"])


def changed_at_random(app: xw.App, seed: int) -> Any:
    """Formulas, cells and a name after four insertions and deletions."""
    draw = random.Random(seed)
    book = app.books.add()
    data, other = book.sheets[0], book.sheets.add("Other", after=book.sheets[0])
    data["A1"].value = [[row * 10 + column for column in range(8)] for row in range(8)]
    letters = "ABCDEFGH"
    for number in range(1, 9):
        top, bottom = sorted((draw.randint(1, 8), draw.randint(1, 8)))
        left, right = sorted((draw.choice(letters), draw.choice(letters)))
        places = [f"{left}{top}:{right}{bottom}", f"${left}{top}", f"{left}:{right}", f"{top}:{bottom}"]
        other[f"A{number}"].formula = f"=SUM({data.name}!{draw.choice(places)})"
    book.names.add("block", f"={data.name}!$B$2:$D$6")
    for _ in range(4):
        row, column, size = draw.randint(1, 6), draw.randint(0, 5), draw.randint(1, 2)
        kind, inserts = draw.choice(["rows", "columns", "cells"]), draw.random() < 0.5
        if kind == "rows":
            cells, way = data[f"{row}:{row + size - 1}"], "down" if inserts else "up"
        elif kind == "columns":
            cells, way = data[f"{letters[column]}:{letters[column + size - 1]}"], "right" if inserts else "left"
        else:
            cells = data[f"{letters[column]}{row}:{letters[column + size - 1]}{row + 1}"]
            way = draw.choice(["down", "right"]) if inserts else draw.choice(["up", "left"])
        (cells.insert if inserts else cells.delete)(way)
    result = data["A1:L12"].formula, other["A1:A8"].formula, book.names["block"].refers_to
    book.close()
    return result


@pytest.mark.parametrize("seed", range(8))
def test_libreoffice_moves_the_same_cells_to_the_same_places(office: xw.App, seed: int) -> None:
    activate("file")
    app = xw.App(visible=False, add_book=False)
    assert changed_at_random(app, seed) == changed_at_random(office, seed)
    app.quit()
    activate("libreoffice")
