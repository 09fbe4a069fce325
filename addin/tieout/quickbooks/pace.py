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
_TURNS = "turns"


@dataclass(frozen=True, slots=True)
class _Turn:
    """A request that was let go: when it left, when it was answered (None: not yet), and whether it is a batch."""

    left: int
    answered: int | None
    batch: bool
    name: str

    def arrived(self) -> int:
        """When it is taken to have been counted."""
        latest = self.left + _ARRIVES
        return latest if self.answered is None else min(latest, self.answered)

    def is_on_its_way(self, now: int) -> bool:
        """Whether it counts among those that are on their way at once."""
        return self.answered is None and now - self.left < _ON_ITS_WAY_MAX

    def counts(self, now: int) -> bool:
        """Whether it matters still. One from far in the future tells of a clock that was put back, and no more."""
        return self.left - now < _MINUTE and (now - self.arrived() < _MINUTE or self.is_on_its_way(now))

    def record(self) -> list[int | str | None]:
        """The turn as the file holds it."""
        return [self.left, self.answered, int(self.batch), self.name]


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
            now = self._now()
            gone = sum(turn.batch and now - turn.arrived() < _MINUTE for turn in _read(state, now))
        return max(0, QUICKBOOKS_BATCHES_A_MINUTE_MAX - gone)

    def _begin(self, batch: bool) -> str:
        """Wait for a turn and count it; its name."""
        while True:
            with self._state.held() as state:
                now = self._now()
                turns = _read(state, now)
                wait = _wait(turns, now, batch)
                if wait <= 0:
                    turn = _Turn(now, None, batch, token_hex(6))
                    state[_TURNS] = [each.record() for each in (*turns, turn)]
                    return turn.name
            self._clock.sleep_milliseconds(-(-wait // _MILLISECOND))

    def _end(self, name: str) -> None:
        with self._state.held() as state:
            now = self._now()
            for record in _records(state):
                if record[-1:] == [name]:
                    record[1] = now

    def _now(self) -> int:
        return (self._clock.now() - _EPOCH) // _MICROSECOND


def _records(state: dict[str, Any]) -> list[Any]:
    """The records of turns that a state holds; what is none is left out."""
    found = state.get(_TURNS)
    return [each for each in found if isinstance(each, list)] if isinstance(found, list) else []


def _read(state: dict[str, Any], now: int) -> list[_Turn]:
    """The turns that matter still."""
    turns = (_turn(record) for record in _records(state))
    return [turn for turn in turns if turn is not None and turn.counts(now)]


def _turn(record: Any) -> _Turn | None:
    try:
        left, answered, batch, name = record
        return _Turn(int(left), None if answered is None else int(answered), bool(batch), str(name))
    except (TypeError, ValueError, OverflowError):
        return None


def _wait(turns: Sequence[_Turn], now: int, batch: bool) -> int:
    """How many microseconds the next request has to wait; 0 or less if it may go."""
    arrivals = sorted(turn.arrived() for turn in turns)
    waits = [
        _until_free(arrivals, QUICKBOOKS_REQUESTS_A_SECOND_MAX, _SECOND, now),
        _until_free(arrivals, QUICKBOOKS_REQUESTS_A_MINUTE_MAX, _MINUTE, now),
    ]
    if batch:
        batches = sorted(turn.arrived() for turn in turns if turn.batch)
        waits.append(_until_free(batches, QUICKBOOKS_BATCHES_A_MINUTE_MAX, _MINUTE, now))
    if sum(turn.is_on_its_way(now) for turn in turns) >= QUICKBOOKS_REQUESTS_AT_ONCE_MAX:
        waits.append(_LOOK_AGAIN)
    return max(waits)


def _until_free(arrivals: Sequence[int], most: int, span: int, now: int) -> int:
    """How long until one request more is within `most` in every `span`."""
    return arrivals[-most] + span - now if len(arrivals) >= most else 0
