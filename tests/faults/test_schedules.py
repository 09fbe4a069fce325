"""A thousand schedules of misfortunes: each document is in the books once or there is a reason, and the next press
finishes the work.

More by option: TIEOUT_FAULT_SCHEDULES=10 tries ten times as many. One schedule alone, with what is in it:
`python -m tests.faults.test_schedules WAY SEED`.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol
from unittest import mock

import pytest

from tests.faults.drawing import Schedule, draw, faults_of
from tests.faults.many import Delivery, press, some_journals
from tests.faults.misfortunes import BANK, Kind, Meddling, Misfortune, happened
from tests.faults.world import Effects, Killed, World, two_settlements, world
from tests.orders.making import line, order
from tests.orders.sale_world import SaleWorld
from tieout.commands.post_orders import OrderState
from tieout.commands.posting_run import How
from tieout.commands.undo_documents import UndoReport
from tieout.domain.order import Order

BATCH = {"op": "batch"}


class Way(Protocol):
    """A button that is pressed in a world of its own."""

    there: World
    entity: str
    numbers: list[str]

    def press(self, effects: Effects | None = None) -> object:
        """Press; whatever is not done has its reason."""
        ...

    def finish(self, gone: Sequence[str]) -> None:
        """With all well again, one press finishes the work, and another does nothing. `gone` were posted, and a
        person deleted them."""
        ...


class Settlements:
    """Settlements' journals, one by one."""

    entity = "JournalEntry"
    writes = ({"op": "create", "entity": "JournalEntry"}, {"op": "create"})
    kinds = tuple(Kind)
    effects = 45

    def __init__(self, there: World, _schedule: Schedule) -> None:
        self.there = there
        self._journals = two_settlements()
        self.numbers = [each.doc_number for each in self._journals]

    def press(self, effects: Effects | None = None) -> object:
        report = self.there.post(self._journals, effects)
        assert report.complete or report.findings
        return report

    def finish(self, gone: Sequence[str]) -> None:
        subjects = {number.split("-")[1] for number in gone}
        if subjects:
            self.there.undo(sorted(subjects))
        report = self.there.post(self._journals)
        assert report.complete, report.findings
        self.there.check_books(self._journals)
        self.there.check_store()
        self.there.check_quiet(self._journals)


class Many:
    """Many documents together, in batches."""

    entity = "JournalEntry"
    writes = (BATCH, {"op": "create", "entity": "JournalEntry"})
    kinds = tuple(kind for kind in Kind if kind is not Kind.CLOSED)  # nobody looks at days before batches are made
    effects = 30

    def __init__(self, there: World, schedule: Schedule) -> None:
        self.there = there
        self._journals = some_journals(schedule.chance.randrange(3, 12))
        self.numbers = [each.doc_number for each in self._journals]

    def press(self, effects: Effects | None = None) -> Delivery | None:
        accounts = self.there.practice.query(f"SELECT * FROM Account WHERE Name = '{BANK}'")  # of active ones
        if not accounts.get("Account"):
            return None  # the check before posting refuses it all (test_faults); here batches are made without one
        done = press(self.there, self._journals, effects)
        assert done.stopped or len(done.delivered) == len(self._journals)
        assert all(each.findings for each in done.delivered.values() if each.how is How.REFUSED)
        return done

    def finish(self, gone: Sequence[str]) -> None:
        if gone:
            self.there.undo(sorted({number.split("-")[1] for number in gone}))
        last = press(self.there, self._journals)
        assert last.stopped is None, last.stopped
        assert last.count(How.REFUSED) == 0, last.codes
        self.there.check_books(self._journals)
        self.there.check_store()
        writes = self.there.practice.write_requests()
        assert press(self.there, self._journals).count(How.ALREADY) == len(self._journals)
        assert self.there.practice.write_requests() == writes


def _orders(count: int) -> list[Order]:
    return [order(line(price=f"{20 + number}.00"), order_id=f"113-1234567-{number:07}") for number in range(count)]


class Orders:
    """Orders as invoices, with the customers and items they need."""

    entity = "Invoice"
    writes = (BATCH, {"op": "create", "entity": "Invoice"}, {"op": "create"})
    kinds = tuple(kind for kind in Kind if kind is not Kind.INACTIVE)  # invoices touch no account that could be
    effects = 45

    def __init__(self, there: World, schedule: Schedule) -> None:
        self.there = there
        self._world = SaleWorld(there)
        self._orders = _orders(schedule.chance.randrange(2, 8))
        self.numbers = [each.order_id for each in self._orders]

    def press(self, effects: Effects | None = None) -> object:
        report = self._world.post(*self._orders, effects=effects)
        failed = [result for result in report.results if result.state is not OrderState.POSTED]
        assert all(result.reason and result.to_do for result in failed)
        return report

    def finish(self, gone: Sequence[str]) -> None:
        if gone:
            self._world.undo(*gone)
        report = self._world.post(*self._orders)
        assert report.count(OrderState.POSTED) == len(self._orders), report.all_findings
        self._check()
        writes = self.there.practice.write_requests()
        assert self._world.post(*self._orders).count(OrderState.POSTED) == len(self._orders)
        assert self.there.practice.write_requests() == writes

    def _check(self) -> None:
        held = {each["DocNumber"]: f"{each['TotalAmt']:.2f}" for each in self._world.held("Invoice")}
        totals = [each.total() for each in self._orders]
        assert self._world.numbers("Invoice") == self.numbers
        assert held == {
            number: total.decimal for number, total in zip(self.numbers, totals, strict=True) if total is not None
        }
        assert len({each["Name"] for each in self._world.held("Item")}) == len(self._world.held("Item"))
        self.there.check_store()


class OrdersUndone(Orders):
    """Orders taken out of the books again, and posted again."""

    writes = (BATCH, {"op": "delete"}, {"op": "create"})  # type: ignore[assignment]
    kinds = tuple(kind for kind in Kind if kind not in {Kind.INACTIVE, Kind.CLOSED, Kind.ADDED, Kind.ID_IGNORED})
    effects = 20

    def __init__(self, there: World, schedule: Schedule) -> None:
        super().__init__(there, schedule)
        super().press()

    def press(self, effects: Effects | None = None) -> UndoReport:
        report = self._world.undo(*self.numbers, effects=effects)
        assert report.complete or report.findings
        return report

    def finish(self, gone: Sequence[str]) -> None:
        self._world.undo(*self.numbers)
        assert self._world.numbers("Invoice") == []
        assert set(self.there.practice.ledger().values()) <= {0}
        self.there.check_store()
        super().finish(())


WAYS: dict[str, Any] = {"settlements": Settlements, "many": Many, "orders": Orders, "undo": OrdersUndone}
SCHEDULES = {"settlements": 256, "many": 256, "orders": 320, "undo": 192}
TOGETHER = 64  # schedules of one test: every kind occurs in them, OFTEN at least, and the test takes seconds
TIMES = int(os.environ.get("TIEOUT_FAULT_SCHEDULES", "1"))
OFTEN = 1


@contextmanager
def _small(seed: int) -> Iterator[None]:
    """Batches of three, so that a few documents make several; mostly one at a time, so that a seed tells it all."""
    at_once = 1 if seed % 4 else 3
    with ExitStack() as patches:
        for module in ("volley", "removal"):
            patches.enter_context(mock.patch(f"tieout.commands.{module}.QUICKBOOKS_BATCH_ITEMS_MAX", 3))
            patches.enter_context(mock.patch(f"tieout.commands.{module}.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", at_once))
        yield


def survive(way: str, seed: int, folder: Path) -> set[Kind]:
    """Live through a schedule; the kinds of misfortune that it really met."""
    made = WAYS[way]
    schedule = draw(seed, made.kinds, made.effects)
    with world(folder, direct=True, requestid=schedule.mood) as there, _small(seed):
        there.clock.sleep(300)  # the accounts are older than any lag
        button: Way = made(there, schedule)
        meddling = Meddling(there, schedule.chance, button.entity, button.numbers, button.press)
        there.practice.add_faults(faults_of(schedule, meddling, made.writes))
        processes: list[Misfortune] = []
        try:
            for _ in range(schedule.chance.randrange(1, 3)):
                processes.append(schedule.process())
                _press(button, processes[-1])
                _check_once(button, meddling)
            button.finish(meddling.tidy())
        except Exception as error:
            error.add_note(f"{way}, {schedule}")
            raise
        return happened(meddling, schedule.mood, processes)


def _press(button: Way, process: Misfortune) -> None:
    try:
        button.press(process)
    except Killed:
        assert process.dead


def _check_once(button: Way, meddling: Meddling) -> None:
    """None of ours is in the books twice, whatever happens."""
    held = button.there.practice.transactions(button.entity)
    numbers = Counter(each["DocNumber"] for each in held if each["Id"] not in meddling.added)
    assert [number for number, count in numbers.items() if count > 1] == []


def _parts() -> list[Any]:
    return [
        pytest.param(way, range(start, start + TOGETHER), id=f"{way}-{start}")
        for way, count in SCHEDULES.items()
        for start in range(0, count * TIMES, TOGETHER)
    ]


@pytest.mark.parametrize(("way", "seeds"), _parts())
def test_any_schedule_ends_with_everything_once(tmp_path: Path, way: str, seeds: range) -> None:
    met: Counter[Kind] = Counter()
    for seed in seeds:
        met.update(survive(way, seed, tmp_path / str(seed)))
    assert [kind for kind in WAYS[way].kinds if met[kind] < OFTEN] == [], met


def test_there_are_a_thousand_of_every_kind() -> None:
    assert sum(SCHEDULES.values()) >= 1_000
    assert all(count % TOGETHER == 0 for count in SCHEDULES.values())
    assert {kind for way in WAYS.values() for kind in way.kinds} == set(Kind)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(sorted(survive(sys.argv[1], int(sys.argv[2]), Path(made))))
