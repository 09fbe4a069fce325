"""Orders and their settlement under kills and faults: each document exactly once, or the reason, and the next press
finishes the work.

Every kill point is tried where the environment says TIEOUT_ALL_KILLS=1; else every few of them, others each day of
the schedule's seed.
"""

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.world import Effects, Killed
from tests.orders.sale_world import SaleWorld, sale_world
from tests.orders.test_settled_orders import EXPECTED, ONE, SETTLEMENT, TWO, balances, counts, settled, two_orders
from tieout.commands.post_orders import OrderState

EVERY = 1 if os.environ.get("TIEOUT_ALL_KILLS") == "1" else 9
SEED = 20261124
HELD = {"Invoice": 2, "CreditMemo": 1, "Payment": 1, "JournalEntry": 1, "Transfer": 1}


def _post_all(world: SaleWorld, effects: Effects | None = None) -> None:
    """Both presses: orders, then their settlement."""
    world.post(*two_orders(), effects=effects)
    world.settle(settled(), effects=effects, downloaded=(ONE, TWO))


def _check(world: SaleWorld) -> None:
    """Everything stands exactly once, to the cent; nothing is left half-way; one more press writes nothing."""
    assert counts(world) == HELD
    assert world.numbers("Invoice") == [ONE, TWO]
    assert balances(world) == EXPECTED
    assert len(world.held("Customer")) == 1
    assert all(count == 1 for count in Counter(each["Name"] for each in world.held("Item")).values())
    world.there.check_store()
    writes = world.there.practice.write_requests()
    assert world.post(*two_orders()).count(OrderState.POSTED) == 2
    assert world.settle(settled()).results[0].is_posted
    assert world.there.practice.write_requests() == writes


def _effects(folder: Path) -> int:
    """How many effects both presses have."""
    effects = Effects()
    with sale_world(folder) as world:
        _post_all(world, effects)
    return len(effects.seen)


def test_a_kill_at_any_effect_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    total = _effects(tmp_path / "whole")
    assert total > 60
    first = random.Random(SEED).randrange(EVERY)
    tried = 0
    for number in range(1 + first, total + 1, EVERY):
        after = bool(number % 2) if EVERY > 1 else None
        for late in (False, True) if after is None else (after,):
            with sale_world(tmp_path / f"{number}-{late}", direct=True) as world:
                with pytest.raises(Killed):
                    _post_all(world, Effects(number, late))
                _post_all(world)
                _check(world)
                tried += 1
    print(f"{tried} of {2 * total} kill points tried")
    assert tried >= total // EVERY - 1


def test_a_kill_while_undoing_is_finished_by_the_next_undo(tmp_path: Path) -> None:
    with sale_world(tmp_path / "whole") as world:
        _post_all(world)
        effects = Effects()
        assert world.undo(ONE, TWO, effects=effects, settlement_ids=[SETTLEMENT], also_settlements=True).complete
        total = len(effects.seen)
    for number in range(2, total + 1, max(1, EVERY)):
        with sale_world(tmp_path / str(number), direct=True) as world:
            _post_all(world)
            with pytest.raises(Killed):
                world.undo(
                    ONE,
                    TWO,
                    effects=Effects(number, after=bool(number % 2)),
                    settlement_ids=[SETTLEMENT],
                    also_settlements=True,
                )
            world.undo(ONE, TWO, settlement_ids=[SETTLEMENT], also_settlements=True)
            world.unsettle(SETTLEMENT)
            world.undo(ONE, TWO)
            assert counts(world) == {}
            assert balances(world) == {}
            _post_all(world)
            _check(world)


@pytest.mark.parametrize("entity", ["Invoice", "CreditMemo", "Payment", "Transfer", "Customer", "Item"])
@pytest.mark.parametrize("do", ["reset_after", "error5xx_after", "garbage_after"])
def test_a_lost_answer_is_found_out(tmp_path: Path, entity: str, do: str) -> None:
    faults = [{"match": {"op": "create", "entity": entity}, "do": do}]
    with sale_world(tmp_path, faults=faults, requestid="ignored") as world:
        _post_all(world)
        _check(world)


def test_a_batch_whose_answer_is_lost_is_found_out(tmp_path: Path) -> None:
    with sale_world(tmp_path, faults=[{"match": {"op": "batch"}, "do": "reset_after"}], requestid="ignored") as world:
        _post_all(world)
        _check(world)


@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_storms_end_in_everything_once_or_a_reason(tmp_path: Path, mood: str) -> None:
    """Seeded schedules of faults on any request: what is not done is said, and a quiet press finishes it."""
    chance = random.Random(f"{SEED} {mood}")
    dos = ("throttle", "error5xx", "html503", "reset", "reset_after", "error5xx_after", "garbage_after")
    for number in range(6 if EVERY > 1 else 160):
        faults = [
            {"match": {"method": "POST", "nth": chance.randrange(1, 25)}, "do": chance.choice(dos)} for _ in range(4)
        ]
        with sale_world(tmp_path / f"{mood}-{number}", direct=True, faults=faults, requestid=mood) as world:
            report = world.post(*two_orders())
            failed = [result for result in report.results if result.state is not OrderState.POSTED]
            assert all(result.reason and result.to_do for result in failed)
            world.settle(settled(), downloaded=(ONE, TWO))
            world.there.practice.clear_faults()
            _post_all(world)
            _check(world)
