"""Amounts: one decimal style a file, and exact minor units or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.domain.money import InexactAmount, plain_decimal
from tieout.limits import AMOUNT_MINOR_UNITS_MAX
from tieout.parse.amounts import (
    AmbiguousStyle,
    DecimalStyle,
    MixedStyles,
    TooManyPlaces,
    decide_style,
    read_amount,
)

POINT, COMMA = DecimalStyle("."), DecimalStyle(",")
NO_BREAK, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "style", "places", "minor"),
    [
        ("1668.68", POINT, 2, 166868),
        ("128,84", COMMA, 2, 12884),
        ("-1412.23", POINT, 2, -141223),
        ("0,00", COMMA, 2, 0),
        ("-0.00", POINT, 2, 0),
        ("321.69    ", POINT, 2, 32169),
        ("95", POINT, 2, 9500),
        ("95.", POINT, 2, 9500),
        (".5", POINT, 2, 50),
        ("-,5", COMMA, 2, -50),
        ("+7.1", POINT, 2, 710),
        ("1,200.00", POINT, 2, 120000),
        ("1.234,56", COMMA, 2, 123456),
        ("1.234.567,89", COMMA, 2, 123456789),
        ("1.234", COMMA, 2, 123400),
        ("1,23,456.70", POINT, 2, 12345670),
        (f"1{NO_BREAK}234,56", COMMA, 2, 123456),
        (f"1{NARROW}234{NARROW}567,8", COMMA, 2, 123456780),
        ("1 234,56", COMMA, 2, 123456),
        ("1'234.50", POINT, 2, 123450),
        ("(55.00)", POINT, 2, -5500),
        ("( 1,200.00 )", POINT, 2, -120000),
        ("55,00-", COMMA, 2, -5500),
        ("- 3.10", POINT, 2, -310),
        ("\u22123.10", POINT, 2, -310),
        ("1.500", POINT, 2, 150),
        ("1200", POINT, 0, 1200),
        ("1,200", POINT, 0, 1200),
        ("1.200", COMMA, 0, 1200),
        ("1200.00", POINT, 0, 1200),
    ],
)
def test_reads(text: str, style: DecimalStyle, places: int, minor: int) -> None:
    assert read_amount(text, style, places) == minor


@pytest.mark.parametrize(
    ("text", "style"),
    [
        *(
            (text, POINT)
            for text in ("", " ", "-", "()", "abc", "1.2.3", "1,2", "12,34.00", "1,2345.00", "--5", "(-5)")
        ),
        *((text, POINT) for text in ("5-5", "1e3", "2.15745E+10", "$5.00", "5 USD", "١٢.٠٠", "²", "1 23.00", "=1+1")),
        *((text, POINT) for text in ("1,234,56.00", "1.234,56", "NaN", "1'23", "(5", "5)", ".", ",", "1..2")),
        *((text, COMMA) for text in ("1,234.56", "1.23", "12.3456,00", "1 2345,00")),
    ],
)
def test_refuses_what_is_no_amount_of_the_style(text: str, style: DecimalStyle) -> None:
    with pytest.raises(InexactAmount):
        read_amount(text, style, 2)


@pytest.mark.parametrize(("text", "places"), [("1.234", 2), ("0.001", 2), ("1.5", 0), ("100.505", 2)])
def test_refuses_places_that_the_currency_does_not_have(text: str, places: int) -> None:
    with pytest.raises(TooManyPlaces):
        read_amount(text, POINT, places)


def test_largest_amount() -> None:
    assert read_amount(plain_decimal(AMOUNT_MINOR_UNITS_MAX, 2), POINT, 2) == AMOUNT_MINOR_UNITS_MAX
    assert read_amount(plain_decimal(-AMOUNT_MINOR_UNITS_MAX, 2), POINT, 2) == -AMOUNT_MINOR_UNITS_MAX
    for minor in (AMOUNT_MINOR_UNITS_MAX + 1, -AMOUNT_MINOR_UNITS_MAX - 1):
        with pytest.raises(InexactAmount, match="larger than any"):
            read_amount(plain_decimal(minor, 2), POINT, 2)


@pytest.mark.parametrize(
    ("texts", "places", "style"),
    [
        (["1977.17", "68.99", "-4.14"], 2, POINT),
        (["196,65", "54,20"], 2, COMMA),
        (["1.234,56"], 2, COMMA),
        (["1,234.56", "1,234"], 2, POINT),
        (["1.234", "0,50"], 2, COMMA),
        (["1.234.567"], 2, COMMA),
        (["1,234,567"], 2, POINT),
        (["12.5"], 2, POINT),
        (["0.125"], 2, POINT),
        (["1234,567"], 2, COMMA),
        (["5", "-7", "0"], 2, POINT),
        ([], 2, POINT),
        (["(1,00)"], 2, COMMA),
        (["1,00-"], 2, COMMA),
        (["nonsense", "1,5"], 2, COMMA),
        (["1,200", "15"], 0, POINT),
        (["1.200", "15"], 0, COMMA),
    ],
)
def test_style_is_decided_from_all_amounts(texts: list[str], places: int, style: DecimalStyle) -> None:
    assert decide_style(texts, places) == style
    assert decide_style(list(reversed(texts)), places) == style


def test_two_styles_in_one_file() -> None:
    assert decide_style(["1.50", "2,50"], 2) == MixedStyles("1.50", "2,50")
    assert decide_style(["2,50", "10", "1,234.50"], 2) == MixedStyles("1,234.50", "2,50")


def test_thousands_or_decimals_that_nothing_tells_apart() -> None:
    assert decide_style(["1.234", "95"], 2) == AmbiguousStyle("1.234")
    assert decide_style(["1,234", "1.234"], 0) == AmbiguousStyle("1,234")


def grouped(digits: str, mark: str) -> str:
    head = len(digits) % 3 or 3
    return mark.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def written(minor: int, places: int, style: DecimalStyle, grouping: str, negative: str) -> str:
    whole, _, fraction = plain_decimal(abs(minor), places).partition(".")
    text = (grouped(whole, grouping) if grouping else whole) + (style.mark + fraction if places else "")
    return negative.format(text) if minor < 0 else text


@settings(deadline=None)
@given(
    minor=st.integers(-AMOUNT_MINOR_UNITS_MAX, AMOUNT_MINOR_UNITS_MAX),
    places=st.sampled_from([0, 2]),
    style=st.sampled_from([POINT, COMMA]),
    grouping=st.sampled_from(["", "other", " ", NO_BREAK, NARROW, "'"]),
    negative=st.sampled_from(["-{}", "{}-", "({})", "- {}", "\u2212{}"]),
)
def test_reading_what_was_written_gives_it_back(
    minor: int, places: int, style: DecimalStyle, grouping: str, negative: str
) -> None:
    text = written(minor, places, style, style.other if grouping == "other" else grouping, negative)
    assert read_amount(text, style, places) == minor


@settings(deadline=None)
@given(
    minors=st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=20),
    style=st.sampled_from([POINT, COMMA]),
    grouping=st.booleans(),
)
def test_a_file_written_in_one_style_is_read_in_it(minors: list[int], style: DecimalStyle, grouping: bool) -> None:
    texts = [written(minor, 2, style, style.other if grouping else "", "-{}") for minor in minors]
    decided = decide_style(texts, 2)
    assert decided == style
    assert [read_amount(text, style, 2) for text in texts] == minors


@settings(deadline=None)
@given(
    st.text(alphabet="0123456789.,-() '+E\u00a0", max_size=12),
    st.sampled_from([POINT, COMMA]),
    st.sampled_from([0, 2]),
)
def test_any_text_is_exact_or_refused(text: str, style: DecimalStyle, places: int) -> None:
    try:
        minor = read_amount(text, style, places)
    except InexactAmount:
        return
    digits = [c for c in text if c.isdigit()]
    assert digits
    # Nothing is rounded: the digits read are the digits written, but for zeros at either end.
    assert str(abs(minor)).strip("0") == "".join(digits).strip("0")
