"""Properties of the file engine: what goes in comes out, and shifting cells is what it is on paper."""

import datetime as dt
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets.engines.rich_book import as_openpyxl_reads
from tieout.sheets.engines import open_file_book
from tieout.sheets.engines.addresses import Area, area_name, column_letters, column_number, parse_area
from tieout.sheets.engines.file.formulas import translated
from tieout.sheets.engines.file.host_book import FileBook
from tieout.sheets.engines.file.markup import Element, decode_text, encode_cell_text, unescape
from tieout.sheets.engines.file.shifting import Shift
from tieout.sheets.engines.libreoffice.formula_text import from_office, to_office
from tieout.sheets.engines.values import from_serial, to_serial

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufffe\uffff"), min_size=1, max_size=12).filter(
    lambda text: text[0] not in "='"
)
MOMENT = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
VALUE = st.one_of(
    st.none(),
    TEXT,
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    MOMENT,
)
SMALL = st.builds(Area, st.integers(1, 9), st.integers(1, 9), st.integers(1, 4), st.integers(1, 4))


@given(st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_by_us_and_by_openpyxl(rows: list[list[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        book = FileBook.new()
        area = Area(2, 2, len(rows), 3)
        book.active.write(area, rows)
        assert book.active.values(area) == rows
        book.save(path)
        again = open_file_book(path)
        assert again.sheets[0].impl.host.values(area) == rows
        again.close()
        read = as_openpyxl_reads(path).active.iter_rows(2, area.last_row, 2, 4, values_only=True)
        for ours, theirs in zip(rows, read, strict=True):
            for one, other in zip(ours, theirs, strict=True):
                assert same(one, other), (one, other)


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dt.datetime):
        return isinstance(theirs, dt.datetime) and abs(theirs - ours) < dt.timedelta(milliseconds=1)
    if isinstance(ours, str):  # openpyxl doesn't undo the code for characters that XML can't hold
        return bool(theirs == unescape(encode_cell_text(ours)))
    return ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_every_text_survives_its_code(text: str) -> None:
    assert decode_text(encode_cell_text(text)) == text


@given(MOMENT, st.booleans())
def test_days_and_times(moment: dt.datetime, date1904: bool) -> None:
    if not date1904 or moment.year >= 1904:
        assert from_serial(to_serial(moment, date1904), date1904) == moment
    if moment.time() == dt.time():
        assert isinstance(to_serial(moment, False), int)


def test_the_day_that_never_was() -> None:
    assert to_serial(dt.date(1900, 1, 1)) == 1
    assert to_serial(dt.date(1900, 2, 28)) == 59
    assert to_serial(dt.date(1900, 3, 1)) == 61
    assert from_serial(1) == dt.datetime(1900, 1, 1)  # noqa: DTZ001
    assert from_serial(-1) == -1
    assert from_serial(3_000_000) == 3_000_000
    with pytest.raises(ValueError, match="before the first day"):
        to_serial(dt.date(1899, 12, 31))


@given(st.integers(1, 16384))
def test_letters_of_columns(number: int) -> None:
    assert column_number(column_letters(number)) == number


@given(SMALL, st.booleans(), st.booleans())
def test_names_of_areas(area: Area, down: bool, across: bool) -> None:
    assert parse_area(area_name(area, down, across)) == area


def cells(area: Area) -> set[tuple[int, int]]:
    return {
        (row, column)
        for row in range(area.row, area.last_row + 1)
        for column in range(area.column, area.last_column + 1)
    }


@given(SMALL, SMALL, st.booleans(), st.booleans())
@settings(max_examples=300)
def test_an_area_moves_as_its_cells_do(area: Area, changed: Area, vertical: bool, inserts: bool) -> None:
    """Cell by cell: those before stay, those beyond move, deleted ones are gone; whole areas in the band only."""
    shift = Shift(changed, vertical, inserts)
    inside = (
        changed.column <= area.column and area.last_column <= changed.last_column
        if vertical
        else changed.row <= area.row and area.last_row <= changed.last_row
    )
    moved = shift.moved(area)
    if not inside:
        assert moved == area
        return
    kept = {shift.moved(Area(*cell)) for cell in cells(area)} - {None}
    if not kept:
        assert moved is None
        return
    assert moved is not None
    ends = {(one.row, one.column) for one in kept if one}
    if inserts:
        assert ends <= cells(moved)
        assert {min(ends), max(ends)} <= {(moved.row, moved.column), (moved.last_row, moved.last_column)}
    else:
        assert ends == cells(moved)


@given(SMALL, SMALL, st.booleans())
@settings(max_examples=30, deadline=None)
def test_inserting_then_deleting_gives_the_same_sheet(filled: Area, changed: Area, vertical: bool) -> None:
    book = FileBook.new()
    sheet = book.active
    sheet.write(filled, [[f"{row},{column}" for column in range(filled.columns)] for row in range(filled.rows)])
    sheet.write(Area(20, 20), [[f"=SUM({filled})"]])
    whole = Area(1, 1, 20, 20)
    before = sheet.entries(whole)
    sheet.shift(changed, inserts=True, vertical=vertical)
    sheet.shift(changed, inserts=False, vertical=vertical)
    assert sheet.entries(whole) == before


FORMULAS = [
    "=SUM(Orders!A1:A3,2)",
    "='My data'!$B$2+Home!C3",
    '=IF(A1="a;b,c",{1,2;3,4},"\'x\'!A1")',
    "=Orders[[#This Row],[Amount]]*2",
    "=SUM(Orders[Amount])",
    "=VLOOKUP(A1,Sheet1!A:B,2,TRUE)",
    "=period_end+1",
    '=-A1%^2&"é"',
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_come_back_from_libreoffices_notation(formula: str) -> None:
    assert from_office(to_office(formula)) == formula


def test_libreoffices_notation() -> None:
    assert to_office("=SUM(Orders!A1:A3,2)") == "=SUM($Orders.A1:A3;2)"
    assert to_office("='My data'!A1") == "=$'My data'.A1"
    assert to_office("={1,2;3,4}") == "={1;2|3;4}"
    assert to_office("=[@Amount]", "Orders") == "=Orders[[#This Row];[Amount]]"


def test_cutting_an_element_loses_nothing() -> None:
    xml = (
        "<?xml version='1.0'?>\n<!-- a > b --><a x='1>2' y=\"'\">\n <b/> text <c><c/><!-- </c> --></c>"
        "<d><![CDATA[</d>]]></d>\n</a>\n"
    )
    element = Element.cut(xml)
    assert [piece.name for piece in element.pieces] == ["b", "c", "d"]
    assert element.text() == xml
    element.set_attribute("x", None)
    element.put("c", "<c>new</c>")
    element.put("bb", "<bb/>", ("b", "bb", "c"))
    assert [piece.name for piece in element.pieces] == ["b", "bb", "c", "d"]
    assert '<a y="\'">' in element.text()
    assert math.isclose(len(Element.cut("<a/>").text()), len("<a></a>"))


@pytest.mark.parametrize(
    ("formula", "copied"),
    [
        ("=A1+$B$2+C$3+$D4", "=B3+$B$2+D$3+$D6"),
        ("=SUM(A:A,1:1)", "=SUM(B:B,3:3)"),
        ('=Orders[[#This Row],[A1]]&"A1"', '=Orders[[#This Row],[A1]]&"A1"'),
        ("=Orders[A1]+A1", "=Orders[A1]+B3"),
        ("='A 1'!a1*2", "='A 1'!B3*2"),
        ("=period_end+1", "=period_end+1"),
    ],
)
def test_a_formula_copied_one_to_the_right_and_two_down(formula: str, copied: str) -> None:
    assert translated(formula, (1, 1), (3, 2)) == copied
