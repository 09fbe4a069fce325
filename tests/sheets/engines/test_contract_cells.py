"""What xlwings documents about cells, on both engines."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
import xlwings as xw

from tieout.sheets.engines import FormulaWithResult

MOMENT = dt.datetime(2026, 10, 31, 13, 45, 30)  # noqa: DTZ001  (cells know no time zone)
TEXTS = [
    "plain",
    "00123",
    "202-1234567-1234567",
    "1-2",
    "3E5",
    "TRUE",
    " spaces ",
    "two\nlines",
    "tab\there",
    'Tom & <Jerry> "x"',
    "naïve 日本 😀",
    "+44 20 7946 0000",
    "-rebate-",
    "@handle",
    "_x0041_",
]


def test_a_cell_gives_back_what_was_written(sheet: xw.Sheet) -> None:
    for value in ("text", 1.5, True, False, MOMENT, -0.25, 1e-9, 123456789012.0):
        sheet["B2"].value = value
        assert sheet["B2"].value == value
        assert type(sheet["B2"].value) is type(value)
        sheet["B2"].clear()


def test_numbers_are_floats_and_whole_ones_exact(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [7, 2**53, -3]
    assert [type(value) for value in sheet["A1:C1"].value] == [float] * 3
    assert sheet["A1:C1"].options(numbers=int).value == [7, 2**53, -3]


def test_decimals_are_written_without_a_detour(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [Decimal("0.1"), Decimal("-1234567.89"), Decimal(12)]
    assert sheet["A1:C1"].value == [0.1, -1234567.89, 12.0]


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_never_taken_for_something_else(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].value = text
    assert sheet["A1"].value == text


@pytest.mark.parametrize("text", ["=cmd()", "=1+1", "'quoted", "+1", "-1", "@SUM(A1)", "="])
def test_a_leading_apostrophe_makes_text_of_anything(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].value = "'" + text
    assert sheet["A1"].value == text
    assert sheet["A1"].formula == text


def test_cells_of_format_text_hold_only_text(sheet: xw.Sheet) -> None:
    sheet["A1:C1"].number_format = "@"
    sheet["A1"].value = ["=1+1", 123, "00042"]
    assert sheet["A1:C1"].value == ["=1+1", "123", "00042"]
    assert sheet["A1:C1"].number_format == "@"


def test_shapes_of_blocks(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1, 2, 3], [4, 5, 6]]
    assert sheet["A1:C2"].value == [[1, 2, 3], [4, 5, 6]]
    assert sheet["A1:C1"].value == [1, 2, 3]
    assert sheet["A1:A2"].value == [1, 4]
    assert sheet["A1:A2"].options(ndim=2).value == [[1], [4]]
    assert sheet["A1"].options(ndim=1).value == [1]
    sheet["E1"].options(transpose=True).value = ["x", "y"]
    assert sheet["E1:E2"].value == ["x", "y"]
    sheet["A5:B6"].value = "all"
    assert sheet["A5:B6"].value == [["all", "all"], ["all", "all"]]


def test_nothing_is_none_and_clears(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [1, "x", 2]
    sheet["A1"].value = [None, "", float("nan")]
    assert sheet["A1:C1"].value == [None, None, None]
    assert sheet["A1:C1"].options(empty="-").value == ["-", "-", "-"]


def test_dates_as_asked_for(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [dt.date(2026, 2, 28), MOMENT]
    assert sheet["A1"].value == dt.datetime(2026, 2, 28)  # noqa: DTZ001
    assert sheet["A1:B1"].options(dates=dt.date).value == [dt.date(2026, 2, 28), dt.date(2026, 10, 31)]
    assert sheet["A1"].number_format != "General"
    sheet["C1"].number_format = "0.00"
    sheet["C1"].value = dt.date(2026, 1, 1)
    assert sheet["C1"].number_format == "0.00"


def test_data_frames_go_in_and_come_out(sheet: xw.Sheet) -> None:
    frame = pd.DataFrame({"SKU": ["A-1", "B-2"], "Price": [1.5, None], "When": [MOMENT, pd.NaT]})
    sheet["B2"].options(index=False).value = frame
    assert sheet["B2:D2"].value == ["SKU", "Price", "When"]
    assert sheet["B4:D4"].value == ["B-2", None, None]
    back = sheet["B2:D4"].options(pd.DataFrame, index=False).value
    assert list(back.columns) == list(frame.columns)
    assert back["SKU"].tolist() == ["A-1", "B-2"]
    assert back["When"].iloc[0] == pd.Timestamp(MOMENT)


def test_dictionaries(sheet: xw.Sheet) -> None:
    sheet["A1"].options(dict).value = {"a": 1, "b": 2}
    assert sheet["A1:B2"].options(dict).value == {"a": 1, "b": 2}


def test_formulas_are_read_as_they_were_written(sheet: xw.Sheet) -> None:
    formulas = [
        "=SUM(A1:A3)",
        '=IF(A1>1,"a,b;c","it\'s ""so""")',
        "=VLOOKUP($A$1,A1:B3,2,FALSE)",
        '=A1&" "&B1',
        "=SUM(1,2)*-A1%",
    ]
    sheet["A1"].value = [[1, 2], [3, 4], [5, 6]]
    sheet["D1"].options(transpose=True).formula = formulas
    assert [line for (line,) in sheet["D1:D5"].formula] == formulas
    assert sheet["D1"].value in {None, 9.0}


def test_formula_of_constants(sheet: xw.Sheet) -> None:
    sheet["A1"].value = ["text", 1.5, 2, True, None]
    assert sheet["A1:E1"].formula == (("text", "1.5", "2", "TRUE", ""),)


def test_a_formula_fills_a_range_like_filling_down(sheet: xw.Sheet) -> None:
    sheet["B1:C2"].formula = "=A1*$A$1"
    assert sheet["B1:C2"].formula == (("=A1*$A$1", "=B1*$A$1"), ("=A2*$A$1", "=B2*$A$1"))


def test_a_result_that_is_known_beforehand(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [1.25, 2.5]
    sheet["C1"].value = FormulaWithResult("=SUM(A1:B1)", 3.75)
    assert sheet["C1"].value == 3.75
    assert sheet["C1"].formula == "=SUM(A1:B1)"


def test_references_to_other_sheets(book: xw.Book) -> None:
    first = book.sheets[0]
    second = book.sheets.add("My data", after=first)
    second["B2"].value = 21
    first["A1"].formula = "='My data'!B2*2"
    assert first["A1"].formula == "='My data'!B2*2"
    assert first["A1"].value in {None, 42.0}


def test_array_formulas(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [1, 2, 3]
    sheet["A3:C3"].formula_array = "=A1:C1*2"
    assert sheet["B3"].formula_array == "=A1:C1*2"
    assert sheet["A3"].has_array
    assert not sheet["A1"].has_array


def test_errors_in_cells(sheet: xw.Sheet) -> None:
    sheet["A1"].formula = "=1/0"
    assert sheet["A1"].value is None
    assert sheet["A1"].options(err_to_str=True).value in {None, "#DIV/0!"}


def test_what_no_cell_holds_is_refused_and_nothing_is_written(sheet: xw.Sheet) -> None:
    sheet["A1"].value = ["old", "old"]
    for value in (float("inf"), 10**17 + 1, "x" * 32_768, object()):
        with pytest.raises((ValueError, TypeError), match="B1"):
            sheet["A1"].value = ["new", value]
        assert sheet["A1:B1"].value == ["old", "old"]


def test_clearing(sheet: xw.Sheet) -> None:
    sheet["A1:B1"].value = 5
    sheet["A1:B1"].number_format = "0.00"
    sheet["A1"].clear_contents()
    assert (sheet["A1"].value, sheet["A1"].number_format) == (None, "0.00")
    sheet["B1"].clear_formats()
    assert (sheet["B1"].value, sheet["B1"].number_format) == (5, "General")
    sheet["A1:B1"].clear()
    assert sheet["A1:B1"].number_format == "General"
    assert sheet["B1"].value is None


def test_looks(sheet: xw.Sheet) -> None:
    sheet["A1"].number_format = "yyyy-mm-dd"
    sheet["B1"].number_format = "0.00%"
    assert sheet["A1"].number_format == "yyyy-mm-dd"
    assert sheet["A1:B1"].number_format is None
    sheet["A1"].color = (255, 192, 0)
    assert sheet["A1"].color == (255, 192, 0)
    sheet["B1"].color = "#102030"
    assert sheet["B1"].color == (16, 32, 48)
    sheet["A1"].color = None
    assert sheet["A1"].color is None
    font = sheet["A1"].font
    font.bold, font.italic, font.size, font.name, font.color = True, True, 14, "Arial", (255, 0, 0)
    assert (font.bold, font.italic, font.size, font.name, font.color) == (True, True, 14, "Arial", (255, 0, 0))
    sheet["A1"].wrap_text = True
    sheet["A1"].horizontal_alignment = "right"
    sheet["A1"].vertical_alignment = "top"
    assert (sheet["A1"].wrap_text, sheet["A1"].horizontal_alignment) == (True, "right")
    assert sheet["A1"].vertical_alignment == "top"


def test_widths_and_heights(sheet: xw.Sheet) -> None:
    sheet["B:C"].column_width = 20
    assert sheet["B1"].column_width == pytest.approx(20, abs=0.2)
    assert sheet["A1:B1"].column_width is None
    sheet["2:3"].row_height = 30
    assert sheet["A2"].row_height == pytest.approx(30, abs=0.2)
    sheet["D:D"].columns.hidden = True
    assert sheet["D1"].columns.hidden is True
    sheet["A5"].rows.hidden = True
    assert sheet["A5"].rows.hidden is True
    assert sheet["A1"].left == 0
    assert sheet["B1"].left == pytest.approx(sheet["A1"].width, abs=0.2)


def test_merging(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["kept", "lost"], ["lost", "lost"]]
    sheet["A1:B2"].merge()
    assert sheet["B2"].merge_area.address == "$A$1:$B$2"
    assert sheet["A1"].merge_cells is True
    assert sheet["A1:B2"].value == [["kept", None], [None, None]]
    sheet["A1:B2"].unmerge()
    assert sheet["A1"].merge_cells is False


def test_inserting_and_deleting_moves_what_refers_to_it(sheet: xw.Sheet) -> None:
    sheet["A1"].options(transpose=True).value = [1, 2, 3]
    sheet["B1"].formula = "=SUM(A1:A3)"
    sheet["C1"].formula = "=A3"
    sheet["2:2"].insert("down")
    assert sheet["A1:A4"].value == [1, None, 2, 3]
    assert sheet["B1:C1"].formula == (("=SUM(A1:A4)", "=A4"),)
    sheet["A2"].delete("up")
    assert sheet["A1:A4"].value == [1, 2, 3, None]
    assert sheet["B1:C1"].formula == (("=SUM(A1:A3)", "=A3"),)
    sheet["A:A"].insert("right")
    assert sheet["C1:D1"].formula == (("=SUM(B1:B3)", "=B3"),)
    sheet["B3"].delete("left")
    assert sheet["D1"].formula == "=#REF!"


def test_copying_cells(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [1, 2]
    sheet["C1"].formula = "=A1+B1"
    sheet["A1:C1"].color = (1, 2, 3)
    sheet["A1:C1"].copy(sheet["A3"])
    assert sheet["A3:B3"].value == [1, 2]
    assert sheet["C3"].formula == "=A3+B3"
    assert sheet["C3"].color == (1, 2, 3)
    sheet["E1"].copy_from(sheet["A1:B1"], copy_type="values")
    assert sheet["E1:F1"].value == [1, 2]


def test_notes(sheet: xw.Sheet) -> None:
    assert sheet["B2"].note is None
    sheet["B2"].add_note("check & <ask>\nagain")
    assert sheet["B2"].note.text == "check & <ask>\nagain"
    sheet["B2"].note.text = "done"
    assert [(note.location.address, note.text) for note in sheet.notes] == [("$B$2", "done")]
    sheet["B2"].note.delete()
    assert sheet["B2"].note is None


def test_hyperlinks(sheet: xw.Sheet) -> None:
    sheet["A1"].add_hyperlink("https://example.com/a?b=1&c=2", "an address")
    assert sheet["A1"].value == "an address"
    assert sheet["A1"].hyperlink == "https://example.com/a?b=1&c=2"
    with pytest.raises(ValueError, match="hyperlink"):
        _ = sheet["A2"].hyperlink
