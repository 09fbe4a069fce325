"""The pace: never over Intuit's limits, however quick or slow the network is, and never slower than they allow."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest

from tieout.limits import (
    QUICKBOOKS_BATCHES_A_MINUTE_MAX,
    QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS,
    QUICKBOOKS_REQUESTS_A_MINUTE_MAX,
    QUICKBOOKS_REQUESTS_A_SECOND_MAX,
    QUICKBOOKS_REQUESTS_AT_ONCE_MAX,
)
from tieout.practice.quickbooks.throttle import Throttle
from tieout.quickbooks.pace import Pace


class Still:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)

    def sleep_milliseconds(self, milliseconds: int) -> None:
        self.moment += timedelta(milliseconds=milliseconds)


def _after(pace: Pace, clock: Still, requests: int, *, batch: bool = False) -> int:
    """How many milliseconds it takes to let so many requests go."""
    began = clock.now()
    for _ in range(requests):
        with pace.turn(batch=batch):
            pass
    return (clock.now() - began) // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("requests", "milliseconds"),
    [
        (QUICKBOOKS_REQUESTS_A_SECOND_MAX, 0),
        (QUICKBOOKS_REQUESTS_A_SECOND_MAX + 1, 1_000),
        (QUICKBOOKS_REQUESTS_A_MINUTE_MAX, 49_000),
        (QUICKBOOKS_REQUESTS_A_MINUTE_MAX + 1, 60_000),
    ],
)
def test_requests_go_as_early_as_is_allowed(requests: int, milliseconds: int) -> None:
    clock = Still()
    assert _after(Pace(clock), clock, requests) == milliseconds


@pytest.mark.parametrize(
    ("batches", "milliseconds"),
    [(QUICKBOOKS_BATCHES_A_MINUTE_MAX, 3_000), (QUICKBOOKS_BATCHES_A_MINUTE_MAX + 1, 60_000)],
)
def test_batches_go_as_early_as_is_allowed(batches: int, milliseconds: int) -> None:
    clock = Still()
    assert _after(Pace(clock), clock, batches, batch=True) == milliseconds


def test_free_batches_are_counted() -> None:
    clock = Still()
    pace = Pace(clock)
    _after(pace, clock, 7, batch=True)
    assert pace.batches_free() == QUICKBOOKS_BATCHES_A_MINUTE_MAX - 7
    clock.sleep(60)
    assert pace.batches_free() == QUICKBOOKS_BATCHES_A_MINUTE_MAX


@pytest.mark.parametrize("seed", range(20))
def test_no_request_is_ever_refused_however_late_it_arrives(seed: int) -> None:
    """Each arrives some time after it left and is answered some time after that; Intuit's count is of arrivals."""
    chance = random.Random(seed)
    clock = Still()
    pace = Pace(clock)
    throttle = Throttle(clock.now, enabled=True)
    for _ in range(700):
        batch = chance.random() < 0.2
        with pace.turn(batch=batch):
            clock.sleep_milliseconds(chance.choice([0, 0, 1, 30, 499]))
            assert throttle.enter(batch=batch)
            clock.sleep_milliseconds(chance.choice([0, 5, 80]))
            throttle.leave()


@pytest.mark.parametrize("seed", range(20))
def test_requests_that_overtake_each_other_are_never_too_many(seed: int) -> None:
    """Several on their way at once; each arrives within the time that is reckoned with."""
    chance = random.Random(seed)
    clock = Still()
    pace = Pace(clock)
    arrivals: list[datetime] = []
    underway: list[tuple[datetime, object]] = []
    for _ in range(300):
        turn = pace.turn()
        turn.__enter__()
        arrived = clock.now() + timedelta(milliseconds=chance.randrange(QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS))
        arrivals.append(arrived)
        underway.append((arrived, turn))
        clock.sleep_milliseconds(chance.randrange(40))
        for entry in sorted(underway, key=lambda each: each[0]):
            if entry[0] <= clock.now() or len(underway) == QUICKBOOKS_REQUESTS_AT_ONCE_MAX:
                clock.moment = max(clock.moment, entry[0])
                underway.remove(entry)
                entry[1].__exit__(None, None, None)  # type: ignore[attr-defined]
    ordered = sorted(arrivals)
    most = QUICKBOOKS_REQUESTS_A_SECOND_MAX
    spans = [later - earlier for earlier, later in zip(ordered, ordered[most:], strict=False)]
    assert min(spans) >= timedelta(seconds=1)


def test_no_more_are_on_their_way_at_once_than_is_allowed() -> None:
    clock = Still()
    pace = Pace(clock)
    inside, most, lock = 0, 0, threading.Lock()
    full, go_on = threading.Event(), threading.Event()

    def request() -> None:
        nonlocal inside, most
        with pace.turn():
            with lock:
                inside += 1
                most = max(most, inside)
                if inside == QUICKBOOKS_REQUESTS_AT_ONCE_MAX:
                    full.set()
            go_on.wait(10)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=request) for _ in range(QUICKBOOKS_REQUESTS_AT_ONCE_MAX + 3)]
    for thread in threads:
        thread.start()
    assert full.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert most == QUICKBOOKS_REQUESTS_AT_ONCE_MAX
