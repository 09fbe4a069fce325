"""Dates: every form seen in files, and the order of day and month decided once a file."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.parse.dates import (
    AmbiguousOrder,
    ContradictoryOrder,
    DayOrder,
    ImpossibleDate,
    UnreadableDate,
    WrittenDate,
    day_in,
    decide_order,
    read_moment,
    split_date,
)

DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST
PACIFIC = timezone(timedelta(hours=-7))


def moment(*parts: int, zone: timezone = UTC) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-10-26 18:32:18 UTC", moment(2024, 10, 26, 18, 32, 18)),
        ("30.10.2024 13:49:32 UTC", moment(2024, 10, 30, 13, 49, 32)),
        ("2025-08-14T22:07:18+00:00", moment(2025, 8, 14, 22, 7, 18)),
        ("2003-10-03T16:00:00-07:00", moment(2003, 10, 3, 16, zone=PACIFIC)),
        ("2025-08-14T22:07:18Z", moment(2025, 8, 14, 22, 7, 18)),
        ("2025-08-14T22:07:18.123Z", moment(2025, 8, 14, 22, 7, 18)),
        ("2025-08-14 22:07:18 PDT", moment(2025, 8, 14, 22, 7, 18, zone=PACIFIC)),
        ("2024/10/26 18:32:18 UTC", moment(2024, 10, 26, 18, 32, 18)),
        ("2024-10-26 18:32", moment(2024, 10, 26, 18, 32)),
        ("26.10.2024 8:05", moment(2024, 10, 26, 8, 5)),
        ("2024-10-26", date(2024, 10, 26)),
        ("26.10.2024", date(2024, 10, 26)),
        ("26.10.24", date(2024, 10, 26)),
        (" 2024-02-29 ", date(2024, 2, 29)),
    ],
)
def test_forms_that_say_their_order(text: str, expected: date) -> None:
    written = split_date(text)
    assert not written.order_open
    for order in DayOrder:
        assert read_moment(written, order) == expected


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("08/29/2026", MONTH, date(2026, 8, 29)),
        ("09/06/25", MONTH, date(2025, 9, 6)),
        ("09/06/25", DAY, date(2025, 6, 9)),
        ("26/10/2024", DAY, date(2024, 10, 26)),
        ("26-10-2024", DAY, date(2024, 10, 26)),
        ("8/9/2026 6:32 PM", MONTH, moment(2026, 8, 9, 18, 32)),
        ("8/9/2026 12:05 am", MONTH, moment(2026, 8, 9, 0, 5)),
        ("08/29/2026 18:32:18 UTC", MONTH, moment(2026, 8, 29, 18, 32, 18)),
    ],
)
def test_forms_whose_order_the_file_decides(text: str, order: DayOrder, expected: date) -> None:
    written = split_date(text)
    assert written.order_open
    assert read_moment(written, order) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2024", "2024-10", "2024-10-26 18", "2024-10-26 UT", "2024-10-26 18:32:18 UT", "20241026"),
        *("2024-10-26 18:32:18 XYZ", "2024-10-26 UTC", "2024-10/26", "2024-10-26T", "26.10.202", "1.2.3.4", "45592"),
        *("2025-08-14T22:07:18+00:0", "2024-10-26 18:32:18 UTC UTC", "=TODAY()", "２０２４-10-26", "24-1-2-3"),
    ],
)
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(UnreadableDate):
        split_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024-10-26 24:00:00 UTC",
        "2024-10-26 10:60",
        "2024-10-26 10:00:60",
        "1/2/2024 13:00 PM",
        "2024-10-26T10:00+15:00",
    ],
)
def test_refuses_times_that_do_not_exist(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        split_date(text)


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "31.04.2024", "2023-02-29", "13/13/2024", "0/1/2024", "1.1.1994", "2100-01-01", "2024-00-10"],
)
def test_refuses_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        read_moment(split_date(text), DAY)


def dates(*texts: str) -> list[WrittenDate]:
    return [split_date(text) for text in texts]


ISO_PERIOD = dates("2026-03-01 08:00:00 UTC", "2026-03-14 08:00:00 UTC")


@pytest.mark.parametrize(
    ("period", "posted", "order"),
    [
        (ISO_PERIOD, dates("03/13/2026", "03/04/2026"), MONTH),
        (ISO_PERIOD, dates("13/03/2026", "04/03/2026"), DAY),
        # No number above 12: the period decides.
        (ISO_PERIOD, dates("03/04/2026", "03/11/2026"), MONTH),
        (ISO_PERIOD, dates("04/03/2026", "11/03/2026"), DAY),
        # The period's own dates are open too: it has to run forward, and not for years.
        (dates("03/01/2026", "03/12/2026"), dates("03/04/2026"), MONTH),
        (dates("01/03/2026", "12/03/2026"), dates("04/03/2026"), DAY),
        (dates("10/02/2026", "24/02/2026"), dates("11/02/2026"), DAY),
        # Nothing is open.
        (ISO_PERIOD, dates("2026-03-04"), DAY),
        # Both orders say the same.
        (dates("03/03/2026", "03/03/2026"), dates("03/03/2026"), MONTH),
    ],
)
def test_order_is_decided_once_a_file(period: list[WrittenDate], posted: list[WrittenDate], order: DayOrder) -> None:
    decided = decide_order(period, posted, "UTC")
    assert isinstance(decided, DayOrder)
    assert [read_moment(w, decided) for w in posted] == [read_moment(w, order) for w in posted]


def test_order_that_nothing_decides() -> None:
    # 3 to 4 April, or 4 March to 4 April: both could be.
    assert decide_order(dates("03/04/2026", "04/04/2026"), dates("03/04/2026"), "UTC") == AmbiguousOrder("03/04/2026")


def test_order_that_contradicts_itself() -> None:
    decided = decide_order(ISO_PERIOD, dates("13/03/2026", "03/14/2026"), "UTC")
    assert decided == ContradictoryOrder("13/03/2026", "03/14/2026")


FORMS = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%Y/%m/%d"]
TIMES = [" %H:%M:%S UTC", "T%H:%M:%S+00:00", "", " %I:%M:%S %p UTC"]


MARCH = 1709251200  # 1 March 2024, in seconds of UTC


@settings(deadline=None)
@given(
    seconds=st.lists(st.integers(MARCH, MARCH + 31 * 86400 - 1), min_size=2, max_size=6),
    form=st.sampled_from(FORMS),
    time=st.sampled_from(TIMES),
)
def test_reading_what_was_written_gives_it_back(seconds: list[int], form: str, time: str) -> None:
    moments = [datetime.fromtimestamp(second, UTC) for second in sorted(seconds)]
    written = [split_date(day.strftime(form + time)) for day in moments]
    order = decide_order([written[0], written[-1]], written[1:-1], "UTC")
    if isinstance(order, AmbiguousOrder):
        assert all(w.parts[0] <= 12 and w.parts[1] <= 12 for w in written)
        return
    assert isinstance(order, DayOrder)
    for numbers, day in zip(written, moments, strict=True):
        assert read_moment(numbers, order) == (day if time else day.date())


def test_day_is_the_marketplaces_own() -> None:
    late = read_moment(split_date("2026-11-01 05:30:00 UTC"), DAY)
    assert day_in(late, "America/Los_Angeles") == date(2026, 10, 31)
    assert day_in(late, "Europe/Berlin") == date(2026, 11, 1)
    assert day_in(late, "UTC") == date(2026, 11, 1)
    # A date without a time is that day, wherever.
    assert day_in(date(2026, 11, 1), "America/Los_Angeles") == date(2026, 11, 1)
