"""When settlements open and close: every fourteen days unless asked otherwise, each account on its own day.

The last close lies in the month after the world's last whole month, so the settlement that it ends crosses a month.
"""

from datetime import UTC, date, datetime

from tieout.practice.shop.place import Place
from tieout.practice.shop.records import DAY_S, HOUR_S

SETTLEMENT_DAYS = 14  # Amazon's usual period
DEPOSIT_AFTER_S = 2 * DAY_S
LISTED_AFTER_S = 2 * HOUR_S  # a settlement's report appears this long after it closes
_SHORTEST_FIRST_DAYS = 5
_SEEN_ON_DAY = 13  # of the month after: every account's last settlement is in the bank by then


def midnight_s(day: date) -> int:
    """The first second of a day, in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def opening_s(start: date) -> int:
    """When the world begins: in the small hours of `start` in Los Angeles, so that no local day before it is met."""
    return midnight_s(start) + 9 * HOUR_S


def month_after(start: date, months: int) -> date:
    """The first day after `months` calendar months, the first of them being that of `start`."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def seen_from_s(start: date, months: int) -> int:
    """The moment from which the world is seen: nothing after it has happened yet."""
    return midnight_s(month_after(start, months).replace(day=_SEEN_ON_DAY)) + 15 * HOUR_S


def last_start(now: datetime, months: int) -> date:
    """The first day of the newest world of `months` calendar months that can be seen from an aware moment."""
    day = now.astimezone(UTC).date()
    while seen_from_s(month_after(day, -months), months) > now.timestamp():
        day = month_after(day, -1)
    return month_after(day, -months)


def closes_s(place: Place, start: date, months: int, *, days: int, until_s: int) -> tuple[int, ...]:
    """The moments at which an account's settlements close, `days` apart, up to the first one after `until_s`."""
    last = midnight_s(month_after(start, months).replace(day=place.close_day)) + place.close_second
    first = last
    while first - days * DAY_S >= opening_s(start) + min(_SHORTEST_FIRST_DAYS, days) * DAY_S:
        first -= days * DAY_S
    closes = [first]
    while closes[-1] <= until_s:
        closes.append(closes[-1] + days * DAY_S)
    return tuple(closes)
