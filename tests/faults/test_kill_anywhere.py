"""Stop dead before and after every effect; open everything anew from disk; press again: each document exactly once.

Just after a request was sent means that QuickBooks did the work and its answer was lost. A test prints how many
kill points it tried.
"""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.faults.world import STATE, Effects, Killed, World, continued, two_settlements, world
from tieout.domain.posting import PostingState

SEED = 20260302


def _effects_of_posting(folder: Path) -> list[str]:
    """The effects of a run that nobody kills."""
    effects = Effects()
    with world(folder) as there:
        there.post(two_settlements(), effects)
    return effects.seen


def _post_killed_at(there: World, number: int, after: bool) -> None:
    with pytest.raises(Killed):
        there.post(two_settlements(), Effects(number, after))


def _post_to_the_end(there: World) -> None:
    journals = two_settlements()
    report = there.post(journals)
    assert report.complete, report.findings
    there.check_books(journals)
    there.check_store()
    there.check_quiet(journals)


def test_posting_survives_a_kill_at_every_effect(tmp_path: Path) -> None:
    effects = len(_effects_of_posting(tmp_path / "whole"))
    for number in range(1, effects + 1):
        for after in (False, True):
            with world(tmp_path / f"{number}-{after}", direct=True) as there:
                _post_killed_at(there, number, after)
                _post_to_the_end(there)
    print(f"{2 * effects} kill points of posting tried")
    assert effects > 35


@pytest.mark.parametrize("mood", ["error600", "ignored"])
def test_a_lost_answer_is_found_out_whatever_quickbooks_does_with_request_ids(tmp_path: Path, mood: str) -> None:
    writes = [
        number
        for number, effect in enumerate(_effects_of_posting(tmp_path / "whole"), start=1)
        if effect in {"send journalentry", "send account"}
    ]
    assert len(writes) == 4
    for number in writes:
        with world(tmp_path / str(number), direct=True, requestid=mood) as there:
            _post_killed_at(there, number, after=True)
            _post_to_the_end(there)


def test_posting_survives_two_kills_in_a_row(tmp_path: Path) -> None:
    effects = len(_effects_of_posting(tmp_path / "whole"))
    chance = random.Random(SEED)
    pairs = [(chance.randrange(1, effects), chance.randrange(1, 20)) for _ in range(12)]
    for first, second in pairs:
        with world(
            tmp_path / f"{first}-{second}", direct=True, requestid=chance.choice(["replay", "error600", "ignored"])
        ) as there:
            _post_killed_at(there, first, chance.random() < 0.5)
            again = Effects(second, chance.random() < 0.5)
            try:
                there.post(two_settlements(), again)
            except Killed:
                assert again.dead
            _post_to_the_end(there)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in which the two settlements are posted."""
    folder = tmp_path_factory.mktemp("posted")
    with world(folder, state=folder / STATE) as there:
        assert there.post(two_settlements()).complete
    return folder


def _effects_of_undoing(posted: Path, folder: Path, closed: date | None = None) -> int:
    effects = Effects()
    with continued(posted, folder) as there:
        there.practice.close_books(closed)
        there.undo(["222", "333"], effects)
    return len(effects.seen)


def test_undoing_survives_a_kill_at_every_effect(posted: Path, tmp_path: Path) -> None:
    """After a kill, either button leads to its own end: undone whole, or posted whole."""
    effects = _effects_of_undoing(posted, tmp_path / "whole")
    for number in range(1, effects + 1):
        for after in (False, True):
            with continued(posted, tmp_path / f"{number}-{after}") as there:
                with pytest.raises(Killed):
                    there.undo(["222", "333"], Effects(number, after))
                if (number + after) % 2:
                    there.undo(["222", "333"])
                    there.check_books([])
                    there.check_store()
                _post_to_the_end(there)
    print(f"{2 * effects} kill points of undoing tried")
    assert effects > 25


def test_reversing_in_a_closed_period_survives_a_kill_at_every_effect(posted: Path, tmp_path: Path) -> None:
    closed = date(2026, 2, 28)
    effects = _effects_of_undoing(posted, tmp_path / "whole", closed)
    for number in range(1, effects + 1):
        with continued(posted, tmp_path / str(number)) as there:
            there.practice.close_books(closed)
            with pytest.raises(Killed):
                there.undo(["222", "333"], Effects(number, after=number % 2 == 0))
            there.undo(["222", "333"])
            _check_reversed(there)
    print(f"{effects} kill points of reversing tried")


def _check_reversed(there: World) -> None:
    held: dict[str, list[Any]] = {}
    for entry in there.held():
        held.setdefault(entry["DocNumber"], []).append(entry["TxnDate"])
    days = {"AMZ-222-1": "2026-01-31", "AMZ-222-2": "2026-02-10", "AMZ-333-1": "2026-02-28"}
    assert held == {number: [day] for number, day in days.items()} | {f"{number}R": ["2026-03-01"] for number in days}
    assert set(there.practice.ledger().values()) == {0}
    there.check_store()
    with there.process() as process:
        postings = {posting.key.doc_number: posting for posting in process.store.outbox.all()}
    for number in days:
        assert postings[number].state is PostingState.UNDONE
        assert postings[number].reversed_by == f"{number}R"
        assert postings[f"{number}R"].state is PostingState.POSTED
