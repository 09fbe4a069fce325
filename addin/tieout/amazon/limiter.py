"""Amazon's usage plans, kept to: a bucket of requests for each operation of an account, shared between processes.

Amazon fills a bucket at a steady rate up to its burst, and takes one out for each request (Amazon, "Usage plans
and rate limits"). The same is counted here, so that no request is sent to be refused. Amazon tells the rate of an
account in x-amzn-RateLimit-Limit, and what it tells goes before the published one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tieout.amazon.usage_plans import Operation
from tieout.limits import AMAZON_TURNS_MAX, SHARED_STATE_LOCK_SECONDS_MAX
from tieout.ports import Clock
from tieout.shared_state import SharedState

_ONE = 1_000_000
# A two-hundredth is left, so that requests which arrive a little closer together than they were sent don't fail.
_SAFETY_PER_MILLE = 995
_STEP_SECONDS = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Told during a wait: the operation, and how many seconds are left.
ToldWait = Callable[[str, int], None]


def _tell_nobody(operation: str, seconds: int) -> None:
    """The default of `told`."""


@dataclass(slots=True)
class _Bucket:
    """`level` in millionths of a request at the moment `at` (microseconds since 1970); `rate` in them a second."""

    level: int
    at: int
    rate: int

    def fill(self, now: int, burst: int) -> None:
        # A clock that was put back gives nothing; it must not take the next hour away either.
        gained = max(0, now - self.at) * self.rate * _SAFETY_PER_MILLE // (_ONE * 1000)
        self.level = min(burst * _ONE, self.level + gained)
        self.at = now

    def seconds_until_one(self) -> int:
        """Whole seconds until it holds a request; 0 if it does."""
        missing = _ONE - self.level
        return 0 if missing <= 0 else -(-missing * 1000 // (self.rate * _SAFETY_PER_MILLE))


class Limiter:
    """The buckets of one account. `told` hears of each wait, every few seconds."""

    def __init__(self, state: Path | None, clock: Clock, told: ToldWait = _tell_nobody) -> None:
        self._state = SharedState(state, clock, SHARED_STATE_LOCK_SECONDS_MAX)
        self._clock = clock
        self.told = told
        self._rates: dict[str, int] = {}

    def take_turn(self, operation: Operation) -> int:
        """Wait until the usage plan allows a request, and count it; how many seconds that took.

        TimeoutError where other processes always come first.
        """
        waited = 0
        for _ in range(AMAZON_TURNS_MAX):
            with self._bucket(operation) as bucket:
                seconds = bucket.seconds_until_one()
                if seconds == 0:
                    bucket.level -= _ONE
                    return waited
            waited += seconds
            self._wait(operation, seconds)
        raise TimeoutError(f"{operation.name}: others always took the turn")

    def _wait(self, operation: Operation, seconds: int) -> None:
        """Wait in small steps, told before each, so that a person sees it end and can end it."""
        while seconds > 0:
            self.told(operation.name, seconds)
            step = min(seconds, _STEP_SECONDS)
            self._clock.sleep(step)
            seconds -= step

    def learn(self, operation: Operation, told: str) -> None:
        """Take over the rate that an answer told ("0.0167", requests a second); anything else is not believed."""
        try:
            rate = int(Decimal(told.strip()) * _ONE)
        except (InvalidOperation, ValueError, OverflowError):
            return
        if rate > 0 and self._rates.get(operation.name) != rate:
            with self._bucket(operation) as bucket:
                bucket.rate = rate

    def empty(self, operation: Operation) -> None:
        """Count the bucket as empty: Amazon says it is, whoever drank of it."""
        with self._bucket(operation) as bucket:
            bucket.level = min(bucket.level, 0)

    def available(self, operation: Operation) -> int:
        """How many requests could be sent now without a wait."""
        with self._bucket(operation) as bucket:
            return max(0, bucket.level // _ONE)

    @contextmanager
    def _bucket(self, operation: Operation) -> Iterator[_Bucket]:
        """The bucket of an operation, filled up to now; it is saved when the block ends."""
        with self._state.held() as state:
            now = (self._clock.now() - _EPOCH) // timedelta(microseconds=1)
            bucket = _read(state.get(operation.name)) or _Bucket(operation.burst * _ONE, now, operation.rate_micro)
            bucket.fill(now, operation.burst)
            try:
                yield bucket
            finally:
                state[operation.name] = {"level": bucket.level, "at": bucket.at, "rate": bucket.rate}
                self._rates[operation.name] = bucket.rate


def _read(record: Any) -> _Bucket | None:
    """The bucket of a record; None where it says nothing usable."""
    try:
        return _Bucket(int(record["level"]), int(record["at"]), int(record["rate"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
