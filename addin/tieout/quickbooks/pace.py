"""The pace that Intuit allows one company: so many requests a second, a minute and at once, so many batches a minute.

A request counts from its arrival at Intuit's, which is not seen here. It is taken to have arrived when it was
answered, or some time after it left, whichever is first; so a network that is slow at one moment and quick at the
next does not push eleven requests into one of Intuit's seconds. Source: Intuit, "Limits and throttles", and its blog
of 2016-08-08 for the ten at once.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from tieout.limits import (
    QUICKBOOKS_BATCHES_A_MINUTE_MAX,
    QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS,
    QUICKBOOKS_REQUESTS_A_MINUTE_MAX,
    QUICKBOOKS_REQUESTS_A_SECOND_MAX,
    QUICKBOOKS_REQUESTS_AT_ONCE_MAX,
)
from tieout.ports import Clock

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_MILLISECOND = timedelta(milliseconds=1)
_ARRIVES = timedelta(milliseconds=QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS)
# Of requests that are on their way at once, a later one may arrive before an earlier one.
_OVERTAKE = QUICKBOOKS_REQUESTS_AT_ONCE_MAX


@dataclass(slots=True)
class _Turn:
    """A request that was let go: when it left, and when it was answered (None: not yet)."""

    left: datetime
    answered: datetime | None = None

    def arrived(self) -> datetime:
        """When it is taken to have been counted."""
        latest = self.left + _ARRIVES
        return latest if self.answered is None else min(latest, self.answered)


class Pace:
    """Lets requests go, from any thread, as early as Intuit's limits allow and no earlier."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._at_once = threading.BoundedSemaphore(QUICKBOOKS_REQUESTS_AT_ONCE_MAX)
        self._turns: deque[_Turn] = deque(maxlen=QUICKBOOKS_REQUESTS_A_MINUTE_MAX + _OVERTAKE)
        self._batches: deque[_Turn] = deque(maxlen=QUICKBOOKS_BATCHES_A_MINUTE_MAX + _OVERTAKE)

    @contextmanager
    def turn(self, *, batch: bool = False) -> Iterator[None]:
        """Wait until the next request may go out; it is on its way while the block runs."""
        with self._at_once:
            turn = self._begin(batch)
            try:
                yield
            finally:
                turn.answered = self._clock.now()

    def batches_free(self) -> int:
        """How many batches could go out now without waiting for the minute to pass."""
        now = self._clock.now()
        with self._lock:
            return QUICKBOOKS_BATCHES_A_MINUTE_MAX - sum(now - turn.arrived() < _MINUTE for turn in self._batches)

    def _begin(self, batch: bool) -> _Turn:
        while True:
            with self._lock:
                now = self._clock.now()
                wait = self._wait(now, batch)
                if wait <= timedelta():
                    turn = _Turn(now)
                    self._turns.append(turn)
                    if batch:
                        self._batches.append(turn)
                    return turn
            self._clock.sleep_milliseconds(-(-wait // _MILLISECOND))

    def _wait(self, now: datetime, batch: bool) -> timedelta:
        """How long the next request has to wait; nothing or less if it may go."""
        waits = [
            _until_free(self._turns, QUICKBOOKS_REQUESTS_A_SECOND_MAX, _SECOND, now),
            _until_free(self._turns, QUICKBOOKS_REQUESTS_A_MINUTE_MAX, _MINUTE, now),
        ]
        if batch:
            waits.append(_until_free(self._batches, QUICKBOOKS_BATCHES_A_MINUTE_MAX, _MINUTE, now))
        return max(waits)


def _until_free(turns: deque[_Turn], most: int, span: timedelta, now: datetime) -> timedelta:
    """How long until one request more is within `most` in every `span`."""
    if len(turns) < most:
        return timedelta()
    first = max(0, len(turns) - most - _OVERTAKE)
    arrivals = sorted(turn.arrived() for turn in islice(turns, first, None))
    return arrivals[-most] + span - now
