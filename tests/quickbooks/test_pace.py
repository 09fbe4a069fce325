"""The pace: never over Intuit's limits, however quick or slow the network is, and never slower than they allow."""

import json
import multiprocessing
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tieout.clock import SystemClock
from tieout.file_lock import file_lock
from tieout.limits import (
    QUICKBOOKS_BATCHES_A_MINUTE_MAX,
    QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS,
    QUICKBOOKS_REQUEST_ON_ITS_WAY_SECONDS_MAX,
    QUICKBOOKS_REQUESTS_A_MINUTE_MAX,
    QUICKBOOKS_REQUESTS_A_SECOND_MAX,
    QUICKBOOKS_REQUESTS_AT_ONCE_MAX,
    SHARED_STATE_LOCK_SECONDS_MAX,
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


def _paces(folder: Path, clock: Still, count: int = 2) -> list[Pace]:
    """The paces of so many processes of one company."""
    return [Pace(clock, folder / "quickbooks-1.limits.json") for _ in range(count)]


def test_processes_of_one_company_count_together(tmp_path: Path) -> None:
    """Presses seconds apart: the second one waits for what is left of the minute instead of being refused."""
    clock = Still()
    throttle = Throttle(clock.now, enabled=True)
    for pace in _paces(tmp_path, clock, 3):
        for batch in (True,) * 25 + (False,) * 180:
            with pace.turn(batch=batch):
                assert throttle.enter(batch=batch)
                throttle.leave()
    assert clock.now() - datetime(2026, 3, 2, 9, 0, tzinfo=UTC) < timedelta(seconds=125)


def test_a_press_after_another_knows_which_batches_are_left(tmp_path: Path) -> None:
    clock = Still()
    one, other = _paces(tmp_path, clock)
    _after(one, clock, QUICKBOOKS_BATCHES_A_MINUTE_MAX, batch=True)
    assert other.batches_free() == 0
    assert _after(other, clock, 1, batch=True) == 57_000
    assert _after(Pace(clock, tmp_path / "another-company.limits.json"), clock, 1, batch=True) == 0


@pytest.mark.parametrize("seed", range(10))
def test_together_they_are_as_quick_as_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    clock = Still()
    paces = _paces(tmp_path, clock, 4)
    throttle = Throttle(clock.now, enabled=True)
    for _ in range(QUICKBOOKS_REQUESTS_A_MINUTE_MAX):
        with chance.choice(paces).turn():
            assert throttle.enter(batch=False)
            throttle.leave()
    assert (clock.now() - datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) == timedelta(seconds=49)


def test_no_more_than_ten_of_all_processes_are_on_their_way_at_once(tmp_path: Path) -> None:
    clock = Still()
    one, other = _paces(tmp_path, clock)
    open_turns = [one.turn() for _ in range(QUICKBOOKS_REQUESTS_AT_ONCE_MAX)]
    for turn in open_turns:
        turn.__enter__()
    clock.sleep(2)
    answered = clock.now() + timedelta(seconds=3)

    class Answering(Still):
        """A clock by which one of them is answered after a while."""

        def sleep_milliseconds(self, milliseconds: int) -> None:
            clock.sleep_milliseconds(milliseconds)
            if clock.now() >= answered and len(open_turns) == QUICKBOOKS_REQUESTS_AT_ONCE_MAX:
                open_turns.pop().__exit__(None, None, None)

        def now(self) -> datetime:
            return clock.now()

    with Pace(Answering(), tmp_path / "quickbooks-1.limits.json").turn():
        assert answered <= clock.now() < answered + timedelta(milliseconds=50)
    for turn in open_turns:
        turn.__exit__(None, None, None)
    assert other.batches_free() == QUICKBOOKS_BATCHES_A_MINUTE_MAX


def test_requests_of_a_process_that_was_killed_are_not_waited_for_long(tmp_path: Path) -> None:
    clock = Still()
    killed, next_one = _paces(tmp_path, clock)
    turns = [killed.turn() for _ in range(QUICKBOOKS_REQUESTS_AT_ONCE_MAX)]
    for turn in turns:
        turn.__enter__()
    assert _after(next_one, clock, 1) == QUICKBOOKS_REQUEST_ON_ITS_WAY_SECONDS_MAX * 1_000


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"arrived": 7, "batches": null}',
        b'{"on_their_way": [7, [], [1], ["x", 1, "y"], {}, [1, 0, "y"]], "arrived": ["x", {}, true, 3]}',
        b'{"arrived": [1e999, NaN, -Infinity], "batches": [99999999999999999999999999]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_a_file_that_says_nothing_usable_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    clock = Still()
    file = tmp_path / "quickbooks-1.limits.json"
    file.write_bytes(damage)
    pace, other = _paces(tmp_path, clock)
    assert _after(pace, clock, 11) == 1_000
    assert _after(other, clock, 10) == 1_000
    state = json.loads(file.read_bytes())
    assert (len(state["arrived"]), state["batches"], state["on_their_way"]) == (21, [], [])


def _in_a_file(folder: Path) -> None:
    (folder / "limits").write_bytes(b"")


def _a_folder(folder: Path) -> None:
    (folder / "limits" / "quickbooks-1.limits.json").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [_in_a_file, _a_folder])
def test_a_file_that_can_not_be_written_stops_nothing(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path)
    clock = Still()
    pace = Pace(clock, tmp_path / "limits" / "quickbooks-1.limits.json")
    assert _after(pace, clock, QUICKBOOKS_REQUESTS_A_SECOND_MAX + 1) == 1_000


def test_a_disk_that_fills_up_is_gone_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Still()
    pace = Pace(clock, tmp_path / "quickbooks-1.limits.json")
    _after(pace, clock, 9)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert _after(pace, clock, 2) == 1_000


def test_a_file_that_somebody_keeps_locked_is_gone_on_without(tmp_path: Path) -> None:
    clock = Still()
    pace = Pace(clock, tmp_path / "quickbooks-1.limits.json")
    _after(pace, clock, 3)
    with file_lock(tmp_path / "quickbooks-1.limits.lock", clock, 1):
        assert _after(pace, clock, 1) == SHARED_STATE_LOCK_SECONDS_MAX * 1_000
        assert _after(pace, clock, QUICKBOOKS_REQUESTS_A_SECOND_MAX) <= 1_000


@pytest.mark.parametrize("seconds", [-86_400, -3_600, -61, -30, -1, 1, 61, 3_600, 86_400])
def test_a_clock_that_jumps_stops_nobody_for_long(tmp_path: Path, seconds: int) -> None:
    clock = Still()
    pace, other = _paces(tmp_path, clock)
    _after(pace, clock, QUICKBOOKS_BATCHES_A_MINUTE_MAX, batch=True)
    clock.moment += timedelta(seconds=seconds)
    assert _after(other, clock, 1, batch=True) <= 120_000
    assert _after(pace, clock, 1) <= 1_000


def _send(file: Path, requests: int) -> None:
    """A process that sends some requests as quickly as it may."""
    pace = Pace(SystemClock(), file)
    for _ in range(requests):
        with pace.turn():
            pass


def test_real_processes_lose_no_request_of_each_other(tmp_path: Path) -> None:
    """What they wrote down together is within the limits, whatever the machine does meanwhile."""
    file = tmp_path / "quickbooks-1.limits.json"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_send, args=(file, 9)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 3
    state = json.loads(file.read_bytes())
    arrived = sorted(state["arrived"])
    assert (len(arrived), state["on_their_way"]) == (27, [])
    spans = [b - a for a, b in zip(arrived, arrived[QUICKBOOKS_REQUESTS_A_SECOND_MAX:], strict=False)]
    assert min(spans) >= 1_000_000
