"""What a user typed: exact values, or a finding at the cell, and never a guess."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.finding import Finding
from tieout.domain.origin import Cell
from tieout.sheets.cell_values import holds, raw
from tieout.sheets.port import RawValue, plain_text
from tieout.sheets.typed import decimal_number, one_of, ticked, whole_day, whole_id, whole_number

AT = Cell("Settings", "D14")
NOON = datetime(2026, 11, 3, 12, 0)  # noqa: DTZ001 - a cell holds no time zone


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.1, "0.1"), (25.0, "25"), ("0.25", "0.25"), (" 7 ", "7"), (None, None), ("", None), (-3.0, "-3")],
)
def test_numbers_are_what_was_typed(value: RawValue, expected: str | None) -> None:
    assert decimal_number(value, AT) == (Decimal(expected) if expected is not None else None)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_number_crosses_the_cell_exactly(number: Decimal) -> None:
    cell = float(number)  # what a cell keeps of it
    assert decimal_number(cell, AT) == number


@pytest.mark.parametrize("value", ["ten", "1,5", "$3", True, NOON, "1e999999", "nan", "inf"])
def test_what_is_no_number_is_said_at_its_cell(value: RawValue) -> None:
    found = decimal_number(value, AT)
    assert isinstance(found, Finding)
    assert (found.code, str(found.where)) == ("cell-not-understood", "Settings!D14")


def test_limits_and_whole_numbers() -> None:
    assert whole_number(5.0, AT, minimum=0) == 5
    assert isinstance(whole_number(5.5, AT), Finding)
    assert isinstance(whole_number(-1.0, AT, minimum=0), Finding)


@pytest.mark.parametrize(
    ("value", "expected"), [(NOON, date(2026, 11, 3)), ("2026-11-03", date(2026, 11, 3)), (None, None)]
)
def test_days(value: RawValue, expected: date | None) -> None:
    assert whole_day(value, AT) == expected


@pytest.mark.parametrize("value", ["11/3/2026", "tomorrow", 46000.0])
def test_a_day_that_can_be_read_in_two_ways_is_not_read(value: RawValue) -> None:
    assert isinstance(whole_day(value, AT), Finding)


def test_choices_come_back_in_their_own_spelling() -> None:
    assert one_of("  WAIT ", AT, ["Ask", "Wait"]) == "Wait"
    found = one_of("perhaps", AT, ["Ask", "Wait"])
    assert isinstance(found, Finding)
    assert "Ask, Wait" in found.to_do


@pytest.mark.parametrize(("value", "expected"), [("x", True), ("X", True), (1.0, True), (None, False), ("no", False)])
def test_ticks(value: RawValue, expected: bool) -> None:
    assert ticked(value, AT) is expected


def test_a_tick_that_is_none_does_not_count() -> None:
    found = ticked("maybe", AT)
    assert isinstance(found, Finding)
    assert not found.stops


def test_ids_that_excel_damaged_are_said() -> None:
    assert whole_id(24288684721.0, AT) == "24288684721"
    assert whole_id("111-1111111-1111111", AT) == "111-1111111-1111111"
    for value in (1.1111111111111e18, 12.5, NOON):
        found = whole_id(value, AT)
        assert isinstance(found, Finding)
        assert found.code == "id-damaged-by-excel"


@given(st.text(max_size=40))
def test_text_that_was_written_is_known_again(text: str) -> None:
    written = raw(text)
    shown = written.removeprefix("'") if isinstance(written, str) else written
    assert holds(shown, text)
    assert plain_text(shown) == text.strip()


def test_a_moment_is_known_again_to_the_second() -> None:
    assert holds(datetime(2026, 11, 3, 12, 0, 0, 300), NOON)  # noqa: DTZ001
    assert not holds(datetime(2026, 11, 3, 12, 0, 2), NOON)  # noqa: DTZ001
