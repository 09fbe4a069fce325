"""Intuit's limits, on a clock that stands still until it is moved."""

from collections.abc import Iterator

import pytest

from tests.practice.quickbooks.raw_client import Client, Clock, connected
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.quickbooks.throttle import Throttle


@pytest.fixture
def limited(clock: Clock) -> Iterator[Client]:
    with PracticeQuickBooks(clock=clock) as practice, connected(practice) as client:
        yield client


def test_ten_requests_a_second(limited: Client, clock: Clock) -> None:
    statuses = [limited.call("GET", "preferences").status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert limited.last is not None
    assert limited.last.json()["Fault"]["Error"][0]["code"] == "3001"
    clock.advance(seconds=1)
    assert limited.call("GET", "preferences").status_code == 200


def test_five_hundred_requests_a_minute(clock: Clock) -> None:
    throttle = Throttle(clock, enabled=True)
    for _ in range(500):
        assert throttle.enter(batch=False)
        throttle.leave()
        clock.advance(milliseconds=101)
    assert not throttle.enter(batch=False)
    clock.advance(seconds=9, milliseconds=601)
    assert throttle.enter(batch=False)


def test_ten_at_once(clock: Clock) -> None:
    throttle = Throttle(clock, enabled=True)
    for _ in range(10):
        assert throttle.enter(batch=False)
        clock.advance(seconds=1)
    assert not throttle.enter(batch=False)
    throttle.leave()
    assert throttle.enter(batch=False)


def test_forty_batches_a_minute(clock: Clock) -> None:
    throttle = Throttle(clock, enabled=True)
    for _ in range(40):
        assert throttle.enter(batch=True)
        throttle.leave()
        clock.advance(seconds=1)
    assert not throttle.enter(batch=True)
    assert throttle.enter(batch=False)
    throttle.leave()
    clock.advance(seconds=21)
    assert throttle.enter(batch=True)


def test_limits_can_be_off(clock: Clock) -> None:
    throttle = Throttle(clock, enabled=False)
    assert all(throttle.enter(batch=True) for _ in range(1000))


def test_tokens_and_refused_requests_do_not_count(limited: Client) -> None:
    for _ in range(12):
        limited.refresh()
    for _ in range(20):
        limited.call("GET", "preferences", realm="1")
    assert limited.call("GET", "preferences").status_code == 200
