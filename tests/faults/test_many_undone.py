"""Many orders undone together: deleted in batches where nobody touched them, one by one where something is odd."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from tests.faults.world import Effects, Killed, impatient_of
from tests.orders.making import line, order
from tests.orders.sale_world import SaleWorld, sale_world
from tieout.commands.post_orders import OrderState
from tieout.commands.posting_run import How
from tieout.commands.undo_documents import UndoReport
from tieout.domain.order import Order

BATCH = {"op": "batch"}


def _orders(count: int) -> list[Order]:
    return [order(line(price=f"{20 + number}.00"), order_id=f"113-1234567-{number:07}") for number in range(count)]


def _ids(orders: list[Order]) -> list[str]:
    return [each.order_id for each in orders]


@pytest.fixture
def small_batches() -> Iterator[None]:
    """Batches of three, so that a few documents make several."""
    with (
        mock.patch("tieout.commands.volley.QUICKBOOKS_BATCH_ITEMS_MAX", 3),
        mock.patch("tieout.commands.removal.QUICKBOOKS_BATCH_ITEMS_MAX", 3),
    ):
        yield


def _finish(world: SaleWorld, orders: list[Order]) -> None:
    """With nothing going wrong any more, undo finishes, and posting again leaves the books as they were."""
    world.there.practice.clear_faults()
    world.undo(*_ids(orders))
    assert world.numbers("Invoice") == []
    assert set(world.there.practice.ledger().values()) <= {0}
    world.there.check_store()
    assert world.post(*orders).count(OrderState.POSTED) == len(orders)
    assert world.numbers("Invoice") == _ids(orders)
    world.there.check_store()


def _sent(world: SaleWorld, since: int) -> list[str]:
    return [seen.op for seen in world.there.practice.requests()[since:] if seen.op in {"batch", "delete", "read"}]


def _hows(report: UndoReport) -> dict[How, int]:
    hows = [each.how for each in report.documents]
    return {how: hows.count(how) for how in set(hows)}


def test_a_hundred_orders_are_undone_in_four_requests(tmp_path: Path) -> None:
    orders = _orders(100)
    with sale_world(tmp_path) as world:
        world.post(*orders)
        before = len(world.there.practice.requests())
        assert _hows(world.undo(*_ids(orders))) == {How.UNDONE: 100}
        assert _sent(world, before) == ["batch"] * 4
        _finish(world, orders)


def test_what_somebody_touched_is_looked_at_one_by_one(tmp_path: Path, small_batches: None) -> None:
    orders = _orders(7)
    with sale_world(tmp_path) as world:
        world.post(*orders)
        held = {each["DocNumber"]: each for each in world.held("Invoice")}
        ids = _ids(orders)
        world.there.practice.edit_as_person("Invoice", held[ids[1]]["Id"], {"PrivateNote": "mine"})
        world.there.practice.delete_as_person("Invoice", held[ids[4]]["Id"])
        report = world.undo(*ids)
        assert _hows(report) == {How.UNDONE: 6, How.REFUSED: 1}
        assert [finding.code for finding in report.findings] == ["changed-in-quickbooks", "deleted-in-quickbooks"]
        assert world.numbers("Invoice") == [ids[1]]
        world.there.check_store()


def test_in_a_closed_period_each_is_taken_back_by_another_document(tmp_path: Path) -> None:
    orders = _orders(4)
    with sale_world(tmp_path) as world:
        world.post(*orders)
        world.there.practice.close_books(date(2026, 1, 31))
        assert _hows(world.undo(*_ids(orders))) == {How.REVERSED: 4}
        assert len(world.held("CreditMemo")) == 4
        assert set(world.there.practice.ledger().values()) <= {0}


def test_a_closing_date_moved_in_the_middle_makes_the_rest_reversals(tmp_path: Path, small_batches: None) -> None:
    orders = _orders(6)
    with sale_world(tmp_path) as world, mock.patch("tieout.commands.removal.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", 1):
        world.post(*orders)
        fault = {"match": {**BATCH, "nth": 2}, "do": "close_period", "date": "2026-01-31"}
        world.there.practice.add_faults([fault])
        assert _hows(world.undo(*_ids(orders))) == {How.UNDONE: 3, How.REVERSED: 3}
        assert set(world.there.practice.ledger().values()) <= {0}
        world.there.check_store()


@pytest.mark.parametrize(
    "do", ["timeout_after", "reset_after", "garbage_after", "error5xx", "reset", "throttle", "unauthorized"]
)
@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_a_batch_of_deletions_survives_what_happens_to_it(tmp_path: Path, do: str, mood: str) -> None:
    orders = _orders(4)
    with sale_world(tmp_path, requestid=mood) as world, impatient_of(do):
        world.post(*orders)
        world.there.practice.add_faults([{"match": BATCH, "do": do}])
        assert _hows(world.undo(*_ids(orders))) == {How.UNDONE: 4}
        _finish(world, orders)


def test_a_throttle_without_end_stops_the_undo_and_loses_nothing(tmp_path: Path, small_batches: None) -> None:
    orders = _orders(6)
    with sale_world(tmp_path) as world, mock.patch("tieout.commands.removal.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", 1):
        world.post(*orders)
        world.there.practice.add_faults([{"match": {**BATCH, "nth": 2, "times": 0}, "do": "throttle"}])
        report = world.undo(*_ids(orders))
        assert _hows(report) == {How.UNDONE: 3}
        assert [finding.code for finding in report.findings] == ["quickbooks-throttled"]
        _finish(world, orders)


def test_a_kill_at_every_effect(tmp_path: Path) -> None:
    orders = _orders(3)
    effects = Effects()
    with sale_world(tmp_path / "whole") as world:
        world.post(*orders)
        world.undo(*_ids(orders), effects=effects)
    for number in range(1, len(effects.seen) + 1):
        mood = "ignored" if number % 2 else "replay"
        with sale_world(tmp_path / str(number), direct=True, requestid=mood) as world:
            world.post(*orders)
            with pytest.raises(Killed):
                world.undo(*_ids(orders), effects=Effects(number, after=number % 3 == 0))
            if number % 2:
                world.undo(*_ids(orders))
                assert world.numbers("Invoice") == []
            assert world.post(*orders).count(OrderState.POSTED) == 3
            assert world.numbers("Invoice") == _ids(orders)
            world.there.check_store()
    assert len(effects.seen) > 12
