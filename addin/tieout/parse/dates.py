"""Dates as settlement files write them, their order of day and month decided once a file.

Seen in real files: `2024-10-26 18:32:18 UTC` (Amazon.com), `30.10.2024 13:49:32 UTC` (Amazon.co.uk, .de, .fr),
`2025-08-14T22:07:18+00:00` (V1). Amazon's documents add `MM/DD/YY`; files in the wild have `08/29/2026`,
`09/06/25` and `26/10/2024`. A spreadsheet may drop seconds and zone or write AM and PM.

A moment without a zone is UTC, as all of Amazon's are; a date without a time is that civil day, in any zone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from tieout.domain.calendar import local_day

# Amazon opened its marketplace to sellers in the 1990s; a year outside this is a misread date.
_YEARS = range(1995, 2100)
_DAY = re.compile(
    r"(?P<year_first>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|(?P<first>[0-9]{1,2})(?P<mark2>[-/.])(?P<second>[0-9]{1,2})(?P=mark2)(?P<year>[0-9]{4}|[0-9]{2})"
)
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?: ?(?P<half>AM|PM))?(?: ?(?P<zone>Z|[A-Z]{3,4}|[+-][0-9]{2}:?[0-9]{2}))?",
    re.IGNORECASE,
)
# Zones that Amazon's reports name and that have one meaning there, in hours from UTC.
_ZONE_HOURS = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "JST": 9,
    "PST": -8,
    "PDT": -7,
}


class DayOrder(StrEnum):
    """Which of a date's first two numbers is the day, where it does not begin with the year."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class UnreadableDate(ValueError):
    """Text that has no form of a date we know."""


class ImpossibleDate(ValueError):
    """A date or time that does not exist, such as 30 February."""


class WrittenDate(NamedTuple):
    """The numbers of a date as text gives them. `parts` are in the text's order; `form` tells its shape."""

    text: str
    parts: tuple[int, int, int]
    clock: tuple[int, int, int] | None
    zone: timezone | None
    form: str

    @property
    def order_open(self) -> bool:
        """Whether only other dates can tell the day from the month."""
        return self.form.startswith("??")


def split_date(text: str) -> WrittenDate:
    """The numbers in a date's text; UnreadableDate, or ImpossibleDate for a time that does not exist."""
    day, gap, time = _apart(text.strip())
    try:
        parts, day_form = _split_day(day)
        clock, zone, time_form = _split_time(time) if gap else (None, None, "")
    except UnreadableDate:
        raise UnreadableDate(f"{text!r} is not a date in a form that is known") from None
    except ImpossibleDate:
        raise ImpossibleDate(f"{text!r} has a time that does not exist") from None
    return WrittenDate(text, parts, clock, zone, f"{day_form}{gap}{time_form}")


def _apart(text: str) -> tuple[str, str, str]:
    """A date's day, what divides it from its time, and its time: no day holds a space or a T."""
    for place, character in enumerate(text):
        if character in " T":
            return text[:place], character, text[place + 1 :]
    return text, "", ""


# A settlement has few distinct days and at most 1,440 minutes of a day, in whatever combinations.
@lru_cache(maxsize=4096)
def _split_day(text: str) -> tuple[tuple[int, int, int], str]:
    match = _DAY.fullmatch(text)
    if match is None:
        raise UnreadableDate
    if match["year_first"]:
        return (int(match["year_first"]), int(match["month"]), int(match["day"])), f"ymd{match['mark']}"
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    # Dates with points are written day first wherever Amazon sells.
    order = "dmy" if match["mark2"] == "." else "??y"
    return (int(match["first"]), int(match["second"]), year), f"{order}{match['mark2']}"


@lru_cache(maxsize=4096)
def _split_time(text: str) -> tuple[tuple[int, int, int], timezone | None, str]:
    match = _TIME.fullmatch(text)
    if match is None:
        raise UnreadableDate
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ImpossibleDate
        hour = hour % 12 + (12 if match["half"].upper() == "PM" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ImpossibleDate
    zone = _zone(match["zone"]) if match["zone"] else None
    return (hour, minute, second), zone, f"h{'s' if match['second'] else ''}{'z' if zone else ''}"


def _zone(text: str) -> timezone:
    if text[0] in "+-":
        hours, minutes = int(text[1:3]), int(text[-2:])
        if hours > 14 or minutes > 59:
            raise ImpossibleDate
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if text[0] == "-" else offset)
    hours_from_utc = _ZONE_HOURS.get(text.upper())
    if hours_from_utc is None:
        raise UnreadableDate
    return timezone(timedelta(hours=hours_from_utc))


def read_moment(written: WrittenDate, order: DayOrder) -> datetime | date:
    """An aware moment, or a day where no time is written; ImpossibleDate if there is no such day."""
    if written.form.startswith("ymd"):
        year, month, day = written.parts
    elif written.order_open and order is DayOrder.MONTH_FIRST:
        month, day, year = written.parts
    else:
        day, month, year = written.parts
    if year not in _YEARS:
        raise ImpossibleDate(f"{written.text!r} is in the year {year}")
    try:
        if written.clock is None:
            return date(year, month, day)
        return datetime(year, month, day, *written.clock, tzinfo=written.zone or UTC)
    except ValueError:
        raise ImpossibleDate(f"{written.text!r} is a date that does not exist") from None


def day_in(moment: datetime | date, time_zone: str) -> date:
    """The civil day of what `read_moment` gave, in a time zone."""
    return local_day(moment, time_zone) if isinstance(moment, datetime) else moment


@dataclass(frozen=True, slots=True)
class ContradictoryOrder:
    """Two dates of one file of which one must be day first and the other month first."""

    day_first: str
    month_first: str


@dataclass(frozen=True, slots=True)
class AmbiguousOrder:
    """A date that has two meanings in a file where nothing decides."""

    text: str


def decide_order(
    period: Sequence[WrittenDate], posted: Iterable[WrittenDate], time_zone: str
) -> DayOrder | ContradictoryOrder | AmbiguousOrder:
    """Which number is the day in all of a file's dates; `period` are its start and end, `posted` its rows'.

    A number above 12 decides. Where there is none, the order under which the period runs forward, lasts no longer
    than a settlement can, and holds the rows, is the one; if both do, and they don't mean the same, it is ambiguous.
    """
    rows = tuple(posted)
    open_dates = [written for written in (*period, *rows) if written.order_open]
    day_first = next((w for w in open_dates if w.parts[0] > 12), None)
    month_first = next((w for w in open_dates if w.parts[1] > 12), None)
    if day_first and month_first:
        return ContradictoryOrder(day_first.text, month_first.text)
    if day_first or not open_dates:
        return DayOrder.DAY_FIRST
    if month_first or all(w.parts[0] == w.parts[1] for w in open_dates):
        return DayOrder.MONTH_FIRST
    fitting = [order for order in DayOrder if _fits(period, rows, order, time_zone)]
    if len(fitting) == 1:
        return fitting[0]
    return AmbiguousOrder(next(w.text for w in open_dates if w.parts[0] != w.parts[1]))


# A settlement covers about 14 days; three months have been seen. Rows may be posted a little outside of it.
_PERIOD_DAYS_MAX = 100
_OUTSIDE_DAYS_MAX = 2


def _fits(period: Sequence[WrittenDate], rows: Sequence[WrittenDate], order: DayOrder, time_zone: str) -> bool:
    try:
        start, end = (day_in(read_moment(written, order), time_zone) for written in period)
        days = [day_in(read_moment(written, order), time_zone) for written in rows]
    except ImpossibleDate:
        return False
    if not timedelta(0) <= end - start <= timedelta(days=_PERIOD_DAYS_MAX):
        return False
    margin = timedelta(days=_OUTSIDE_DAYS_MAX)
    return all(start - margin <= day <= end + margin for day in days)
