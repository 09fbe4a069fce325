"""The pace that Intuit allows one company: so many requests a second, a minute and at once, so many batches a minute.

A request counts from its arrival at Intuit's, which is not seen here. It is taken to have arrived when it was
answered, or some time after it left, whichever is first; so a network that is slow at one moment and quick at the
next does not push eleven requests into one of Intuit's seconds. Source: Intuit, "Limits and throttles", and its blog
of 2016-08-08 for the ten at once.

Intuit counts for a company and an app, not for a process. So the processes of one computer count together, in a small
file in the company's folder. (Another computer counts by itself: what is too many then, Intuit refuses, and it is
waited out.)
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from tieout.limits import (
    QUICKBOOKS_BATCHES_A_MINUTE_MAX,
    QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS,
    QUICKBOOKS_REQUEST_ON_ITS_WAY_SECONDS_MAX,
    QUICKBOOKS_REQUESTS_A_MINUTE_MAX,
    QUICKBOOKS_REQUESTS_A_SECOND_MAX,
    QUICKBOOKS_REQUESTS_AT_ONCE_MAX,
    SHARED_STATE_LOCK_SECONDS_MAX,
)
from tieout.ports import Clock
from tieout.shared_state import SharedState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# All moments and spans here are microseconds, the moments since 1970.
_MICROSECOND = timedelta(microseconds=1)
_MILLISECOND, _SECOND, _MINUTE = 1_000, 1_000_000, 60_000_000
_ARRIVES = QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS * _MILLISECOND
_ON_ITS_WAY_MAX = QUICKBOOKS_REQUEST_ON_ITS_WAY_SECONDS_MAX * _SECOND
# How soon it is looked again whether one of ten that are on their way was answered.
_LOOK_AGAIN = 20 * _MILLISECOND
# What the file holds: when requests that were answered are taken to have been counted, and those of them that were
# batches; and of requests that are on their way, when each left, whether it is a batch, and a name. There are some
# hundred of them, read and written at every request: so they are numbers in lists, not objects.
_ARRIVED, _BATCHES, _ON_THEIR_WAY = "arrived", "batches", "on_their_way"


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was sent within the last minute or so, by all processes; the state holds these very lists."""

    arrived: list[int]
    batches: list[int]
    on_their_way: list[tuple[int, int, str]]

    @classmethod
    def of(cls, state: dict[str, Any], now: int) -> "_Counted":
        """What a state says and matters still; whatever else it holds is dropped.

        Something from far in the future tells of a clock that was put back, and no more.
        """
        arrived, batches = (
            [at for at in _listed(state, name) if type(at) is int and abs(now - at) < _MINUTE]
            for name in (_ARRIVED, _BATCHES)
        )
        on_their_way = [
            (each[0], each[1], each[2])
            for each in _listed(state, _ON_THEIR_WAY)
            if isinstance(each, list | tuple)
            and [type(part) for part in each] == [int, int, str]
            and abs(now - each[0]) < _MINUTE
        ]
        state.clear()
        state |= {_ARRIVED: arrived, _BATCHES: batches, _ON_THEIR_WAY: on_their_way}
        return cls(arrived, batches, on_their_way)

    def wait(self, now: int, batch: bool) -> int:
        """How many microseconds the next request has to wait; 0 or less if it may go."""
        leaving = [(left + _ARRIVES, is_batch) for left, is_batch, _ in self.on_their_way]
        arrivals = sorted([*self.arrived, *(at for at, _ in leaving)])
        waits = [
            _until_free(arrivals, QUICKBOOKS_REQUESTS_A_SECOND_MAX, _SECOND, now),
            _until_free(arrivals, QUICKBOOKS_REQUESTS_A_MINUTE_MAX, _MINUTE, now),
        ]
        if batch:
            batches = sorted([*self.batches, *(at for at, is_batch in leaving if is_batch)])
            waits.append(_until_free(batches, QUICKBOOKS_BATCHES_A_MINUTE_MAX, _MINUTE, now))
        at_once = sum(now - left < _ON_ITS_WAY_MAX for left, _, _ in self.on_their_way)
        if at_once >= QUICKBOOKS_REQUESTS_AT_ONCE_MAX:
            waits.append(_LOOK_AGAIN)
        return max(waits)

    def answered(self, name: str, now: int) -> None:
        """Note that a request was answered."""
        for each in [each for each in self.on_their_way if each[2] == name]:
            self.on_their_way.remove(each)
            arrived = min(each[0] + _ARRIVES, now)
            self.arrived.append(arrived)
            if each[1]:
                self.batches.append(arrived)


class Pace:
    """Lets requests go, from any thread, as early as Intuit's limits allow and no earlier.

    `file` is where the processes that share the limits count together; without one this counts for itself.
    """

    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self._clock = clock
        self._state = SharedState(file, clock, SHARED_STATE_LOCK_SECONDS_MAX)
        self._at_once = threading.BoundedSemaphore(QUICKBOOKS_REQUESTS_AT_ONCE_MAX)

    @contextmanager
    def turn(self, *, batch: bool = False) -> Iterator[None]:
        """Wait until the next request may go out; it is on its way while the block runs."""
        with self._at_once:
            name = self._begin(batch)
            try:
                yield
            finally:
                self._end(name)

    def batches_free(self) -> int:
        """How many batches could go out now without waiting for the minute to pass."""
        with self._state.held() as state:
            counted = _Counted.of(state, self._now())
        gone = len(counted.batches) + sum(is_batch for _, is_batch, _ in counted.on_their_way)
        return max(0, QUICKBOOKS_BATCHES_A_MINUTE_MAX - gone)

    def _begin(self, batch: bool) -> str:
        """Wait for a turn and count it; its name."""
        name = token_hex(6)
        while True:
            with self._state.held() as state:
                now = self._now()
                counted = _Counted.of(state, now)
                wait = counted.wait(now, batch)
                if wait <= 0:
                    counted.on_their_way.append((now, int(batch), name))
                    return name
            self._clock.sleep_milliseconds(-(-wait // _MILLISECOND))

    def _end(self, name: str) -> None:
        with self._state.held() as state:
            now = self._now()
            _Counted.of(state, now).answered(name, now)

    def _now(self) -> int:
        return (self._clock.now() - _EPOCH) // _MICROSECOND


def _listed(state: dict[str, Any], name: str) -> list[Any]:
    found = state.get(name)
    return found if isinstance(found, list) else []


def _until_free(arrivals: Sequence[int], most: int, span: int, now: int) -> int:
    """How long until one request more is within `most` in every `span`."""
    return arrivals[-most] + span - now if len(arrivals) >= most else 0
