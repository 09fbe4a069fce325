"""Intuit's limits, on the company's own clock.

500 requests a minute and company; 10 a second and 10 at once, company and app; 40 batches a minute (Intuit:
"Limits and throttles", blog of 2016-08-08 for the ten at once). What is over the limit is answered 429 and does
not count.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from tieout.practice.quickbooks.records import micros

REQUESTS_PER_MINUTE = 500
REQUESTS_PER_SECOND = 10
REQUESTS_AT_ONCE = 10
BATCHES_PER_MINUTE = 40
_SECOND = 1_000_000


class Throttle:
    """Counts requests; `enter` says whether one may come in, `leave` that it has gone."""

    def __init__(self, clock: Callable[[], datetime], *, enabled: bool) -> None:
        self._clock = clock
        self._enabled = enabled
        self._lock = Lock()
        self._requests: deque[int] = deque()
        self._batches: deque[int] = deque()
        self._inside = 0

    def enter(self, *, batch: bool) -> bool:
        """Whether the request may come in; if so it is inside until `leave`."""
        with self._lock:
            now = micros(self._clock())
            _forget(self._requests, now)
            _forget(self._batches, now)
            over = (
                len(self._requests) >= REQUESTS_PER_MINUTE
                or _is_crowded(self._requests, now)
                or self._inside >= REQUESTS_AT_ONCE
                or (batch and len(self._batches) >= BATCHES_PER_MINUTE)
            )
            if over and self._enabled:
                return False
            self._requests.append(now)
            if batch:
                self._batches.append(now)
            self._inside += 1
            return True

    def leave(self) -> None:
        """A request that came in has been answered."""
        with self._lock:
            self._inside -= 1


def _is_crowded(moments: deque[int], now: int) -> bool:
    """Whether as many requests as a second allows came within the last one."""
    return len(moments) >= REQUESTS_PER_SECOND and moments[-REQUESTS_PER_SECOND] > now - _SECOND


def _forget(moments: deque[int], now: int) -> None:
    while moments and moments[0] <= now - 60 * _SECOND:
        moments.popleft()
