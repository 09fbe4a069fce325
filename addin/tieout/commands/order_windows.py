"""How orders are asked for: of the Orders API or of a report, and in which windows of time.

The report brings any number of orders for one request and one document, in minutes; searchOrders brings a hundred
for each request, at once, but lets one request through in three minutes once its burst of twenty is used. So the
API is asked while what is new fits into a part of its burst, and the report for all that is more (docs/amazon.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tieout.limits import (
    AMAZON_FIRST_ORDERS_DAYS,
    AMAZON_ORDER_REPORT_DAYS_MAX,
    AMAZON_ORDER_REPORT_OVERLAP_SECONDS,
    AMAZON_ORDERS_REACH_DAYS,
    AMAZON_SEARCH_ORDERS_MAX,
    AMAZON_SEARCH_OVERLAP_SECONDS,
)

ORDERS_A_PAGE = 100
# Requests of the burst that are left for what follows: to see whether a cancelled report was an empty one.
_KEPT_FREE = 2
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From one aware moment to before another."""

    start: datetime
    end: datetime


def first_moment(mark: datetime | None, since: datetime | None, now: datetime) -> datetime:
    """From when on orders are asked of a report: a day before what is complete (`mark`), or the beginning.

    `since` is where the user wants to begin; Amazon reaches back two years.
    """
    if mark is not None:
        return mark - timedelta(seconds=AMAZON_ORDER_REPORT_OVERLAP_SECONDS)
    wanted = since or now - timedelta(days=AMAZON_FIRST_ORDERS_DAYS)
    return max(wanted, now - timedelta(days=AMAZON_ORDERS_REACH_DAYS))


def windows(start: datetime, now: datetime) -> Iterator[Window]:
    """Windows of at most 30 days from `start` to `now`, the last one ending now; none where nothing lies between."""
    while start < now:
        end = min(start + timedelta(days=AMAZON_ORDER_REPORT_DAYS_MAX), now)
        yield Window(start, end)
        start = end


def search_start(mark: datetime | None, since: datetime | None, now: datetime) -> datetime:
    """From when on orders are asked of the Orders API, which knows of changes at once: an hour before the mark."""
    if mark is not None:
        return mark - timedelta(seconds=AMAZON_SEARCH_OVERLAP_SECONDS)
    return first_moment(None, since, now)


def pages_to_try(expected_orders: int, requests_free: int) -> int:
    """How many pages of orders the Orders API is asked for before a report is; 0 where it is not asked at all.

    No page is to wait for its turn: `requests_free` is how many requests the usage plan would let through now. How
    many orders there are is only known afterwards, so `expected_orders` rules out the hopeless.
    """
    pages_max = min(AMAZON_SEARCH_ORDERS_MAX // ORDERS_A_PAGE, requests_free - _KEPT_FREE)
    expected_pages = -(-expected_orders // ORDERS_A_PAGE)
    return pages_max if 1 <= pages_max >= expected_pages else 0


def expected_orders(changed_before: int, known: timedelta, span: timedelta) -> int:
    """How many orders a span brings, if it goes on as in the time that is known."""
    return changed_before * (span // _MINUTE) // max(1, known // _MINUTE)
