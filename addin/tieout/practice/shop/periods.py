"""When settlements open and close: every fourteen days unless asked otherwise, each account on its own day.

A world's months are counted from its first day. The last close lies after them: where they are calendar months, the
settlement that it ends crosses a month.
"""

from datetime import UTC, date, datetime, timedelta

from tieout.practice.shop.place import Place
from tieout.practice.shop.records import DAY_S, HOUR_S

# Where a world begins unless asked otherwise, so that the same seed is the same seller for everybody.
START = date(2026, 9, 1)
SETTLEMENT_DAYS = 14  # Amazon's usual period
DEPOSIT_AFTER_S = 2 * DAY_S
LISTED_AFTER_S = 2 * HOUR_S  # a settlement's report appears this long after it closes
_SHORTEST_FIRST_DAYS = 5
# Seen so long after its months: every account's last settlement is in the bank by then.
_SEEN_AFTER = timedelta(days=12)
_SEEN_AT_S = 15 * HOUR_S
_LAST_DAY = 28  # that every month has


def midnight_s(day: date) -> int:
    """The first second of a day, in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def opening_s(start: date) -> int:
    """When the world begins: in the small hours of `start` in Los Angeles, so that no local day before it is met."""
    return midnight_s(start) + 9 * HOUR_S


def day_after(start: date, months: int) -> date:
    """The first day after `months` months that are counted from `start`: the 1st after calendar months."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, min(start.day, _LAST_DAY))


def seen_from_s(start: date, months: int) -> int:
    """The moment from which the world is seen at the earliest: nothing after it has happened yet."""
    return midnight_s(day_after(start, months) + _SEEN_AFTER) + _SEEN_AT_S


def last_start(now: datetime, months: int) -> date:
    """The first day of the newest world of `months` months that can be seen from an aware moment."""
    end = (now.astimezone(UTC) - _SEEN_AFTER - timedelta(seconds=_SEEN_AT_S)).date()
    return day_after(end, -months)


def days_from_usual(start_s: int) -> int:
    """By how many days a world begins later than worlds do that are not asked to begin elsewhere."""
    return (start_s - opening_s(START)) // DAY_S


def closes_s(place: Place, start: date, months: int, *, days: int, until_s: int) -> tuple[int, ...]:
    """The moments at which an account's settlements close, `days` apart, up to the first one after `until_s`."""
    last = midnight_s(day_after(start, months) + timedelta(days=place.close_day - 1)) + place.close_second
    first = last
    while first - days * DAY_S >= opening_s(start) + min(_SHORTEST_FIRST_DAYS, days) * DAY_S:
        first -= days * DAY_S
    closes = [first]
    while closes[-1] <= until_s:
        closes.append(closes[-1] + days * DAY_S)
    return tuple(closes)
