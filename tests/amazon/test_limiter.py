"""Usage plans kept to: never more than Amazon allows, never much less, whatever clocks and other processes do."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.amazon.world import MovingClock
from tieout.amazon import limiter as limiter_module
from tieout.amazon.limiter import Limiter
from tieout.amazon.usage_plans import OPERATIONS, Operation, operation_named, operation_of
from tieout.practice.amazon.operations import OPERATIONS as THEIRS
from tieout.practice.amazon.usage_plans import Buckets, Plan

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
DOCUMENTS = operation_named("getReportDocument")


class Still(MovingClock):
    """A clock that stands still unless somebody waits."""

    def server(self) -> datetime:
        return self.at


def test_the_burst_goes_at_once_and_then_the_steady_rate() -> None:
    clock = Still(START)
    limiter = Limiter(None, clock)
    assert sum(limiter.take_turn(DOCUMENTS) for _ in range(DOCUMENTS.burst)) == 0
    waits = [limiter.take_turn(DOCUMENTS) for _ in range(100)]
    optimum = 100 * 1_000_000 / DOCUMENTS.rate_micro
    assert optimum <= sum(waits) <= optimum * 1.01 + 1


@settings(max_examples=40)
@given(
    st.sampled_from(OPERATIONS),
    st.lists(st.integers(0, 400), min_size=1, max_size=40),
)
def test_amazon_never_refuses_who_keeps_to_the_plan(operation: Operation, pauses: list[int]) -> None:
    clock = Still(START)
    limiter = Limiter(None, clock)
    theirs = Buckets(times=1)
    plan = Plan(operation.rate_micro // 100, operation.burst)
    for pause in pauses:
        clock.forward(seconds=pause)
        limiter.take_turn(operation)
        now_ms = int((clock.at - START).total_seconds() * 1000)
        assert theirs.take(operation.name, "seller", plan, now_ms)


def test_our_plans_are_those_of_practice_amazon() -> None:
    theirs = {one.name: one for one in THEIRS}
    for ours in OPERATIONS:
        plan = theirs[ours.name].plan
        assert (plan.rate_e4 * 100, plan.burst) == (ours.rate_micro, ours.burst), ours.name


def test_every_request_has_a_plan() -> None:
    assert operation_of("GET", "/reports/2021-06-30/reports/123").name == "getReport"
    assert operation_of("get", "/reports/2021-06-30/reports").name == "getReports"
    with pytest.raises(LookupError, match="DELETE"):
        operation_of("DELETE", "/reports/2021-06-30/reports/123")


def test_what_amazon_tells_of_the_rate_goes_before_what_is_published() -> None:
    clock = Still(START)
    limiter = Limiter(None, clock)
    for _ in range(DOCUMENTS.burst):
        limiter.take_turn(DOCUMENTS)
    limiter.learn(DOCUMENTS, "0.5")
    assert limiter.take_turn(DOCUMENTS) == 3
    for nonsense in ("", "fast", "-1", "0", "NaN", "Infinity"):
        limiter.learn(DOCUMENTS, nonsense)
    assert limiter.take_turn(DOCUMENTS) == 2


def test_a_refusal_empties_the_bucket() -> None:
    clock = Still(START)
    limiter = Limiter(None, clock)
    limiter.take_turn(DOCUMENTS)
    limiter.empty(DOCUMENTS)
    assert limiter.available(DOCUMENTS) == 0
    assert limiter.take_turn(DOCUMENTS) >= 60


def test_processes_share_what_an_account_is_allowed(tmp_path: Path) -> None:
    clock = Still(START)
    one, other = Limiter(tmp_path / "limits.json", clock), Limiter(tmp_path / "limits.json", clock)
    for _ in range(DOCUMENTS.burst - 1):
        one.take_turn(DOCUMENTS)
    assert other.available(DOCUMENTS) == 1
    assert other.take_turn(DOCUMENTS) == 0
    assert one.take_turn(DOCUMENTS) >= 60
    one.learn(DOCUMENTS, "2.0")
    assert other.take_turn(DOCUMENTS) <= 1


class Yielding(Still):
    """A clock whose waits let other threads on."""

    def sleep_milliseconds(self, milliseconds: int) -> None:
        time.sleep(0.002)


def test_many_at_once_count_every_request(tmp_path: Path) -> None:
    clock = Yielding(START)
    operation = Operation("op", "GET", "/", 1, 60)
    limiters = [Limiter(tmp_path / "limits.json", clock) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda one=one: [one.take_turn(operation) for _ in range(10)]) for one in limiters
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert limiters[0].available(operation) == 20


def test_a_clock_that_is_put_back_neither_gives_nor_takes(tmp_path: Path) -> None:
    clock = Still(START)
    limiter = Limiter(tmp_path / "limits.json", clock)
    for _ in range(DOCUMENTS.burst):
        limiter.take_turn(DOCUMENTS)
    clock.forward(hours=-5)
    assert limiter.available(DOCUMENTS) == 0
    assert limiter.take_turn(DOCUMENTS) <= 61


def test_waits_are_told_while_they_last() -> None:
    clock = Still(START)
    heard: list[tuple[str, int]] = []
    limiter = Limiter(None, clock, lambda operation, seconds: heard.append((operation, seconds)))
    for _ in range(DOCUMENTS.burst + 1):
        limiter.take_turn(DOCUMENTS)
    seconds = [left for _, left in heard]
    assert {operation for operation, _ in heard} == {"getReportDocument"}
    assert seconds == sorted(seconds, reverse=True)
    assert seconds[0] > 59
    assert 0 < seconds[-1] <= 5


def test_a_state_that_cannot_be_read_or_written_stops_nothing(tmp_path: Path) -> None:
    clock = Still(START)
    damaged = tmp_path / "limits.json"
    damaged.write_bytes(b'{"getReportDocument": {"level": "x"')
    limiter = Limiter(damaged, clock)
    assert limiter.take_turn(DOCUMENTS) == 0
    assert json.loads(damaged.read_bytes())["getReportDocument"]["level"] == 14_000_000
    occupied = tmp_path / "file"
    occupied.write_bytes(b"")
    nowhere = Limiter(occupied / "limits.json", clock)
    assert [nowhere.take_turn(DOCUMENTS) for _ in range(DOCUMENTS.burst)] == [0] * DOCUMENTS.burst
    assert nowhere.take_turn(DOCUMENTS) >= 60


def test_a_disk_that_fills_up_is_gone_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Still(START)
    limiter = Limiter(tmp_path / "limits.json", clock)
    limiter.take_turn(DOCUMENTS)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    for _ in range(DOCUMENTS.burst - 1):
        limiter.take_turn(DOCUMENTS)
    assert limiter.available(DOCUMENTS) == 0


def test_whoever_never_gets_a_turn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Still(START)
    monkeypatch.setattr(limiter_module, "AMAZON_TURNS_MAX", 3)
    limiter = Limiter(None, clock, lambda *_: limiter.empty(DOCUMENTS))
    limiter.empty(DOCUMENTS)
    with pytest.raises(TimeoutError, match="getReportDocument"):
        limiter.take_turn(DOCUMENTS)
    assert clock.at - START < timedelta(minutes=5)
