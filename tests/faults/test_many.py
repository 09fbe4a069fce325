"""Many documents at once, with things going wrong: each is in the books exactly once, or it is said why not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.faults.many import finish, press, some_journals
from tests.faults.world import Effects, Killed, World, impatient_of, world
from tieout.commands.posting_run import How
from tieout.domain.posting import PostingState
from tieout.limits import QUICKBOOKS_BATCH_ITEMS_MAX

BATCH = {"op": "batch"}
LOST = ["timeout_after", "reset_after", "error5xx_after", "garbage_after"]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def small_batches() -> Iterator[None]:
    """Batches of three, so that a few documents make several."""
    with mock.patch("tieout.commands.volley.QUICKBOOKS_BATCH_ITEMS_MAX", 3):
        yield


def _sent(there: World) -> list[str]:
    return [seen.op for seen in there.practice.requests() if seen.op in {"batch", "create", "query", "read"}]


def test_many_documents_share_a_question_a_request_and_a_reading(there: World) -> None:
    journals = some_journals(QUICKBOOKS_BATCH_ITEMS_MAX)
    press(there, [])  # the lists that every press reads first
    before = len(_sent(there))
    done = press(there, journals)
    assert done.count(How.CREATED) == len(journals)
    assert _sent(there)[before + 1 :] == ["query", "batch", "query"]
    there.check_books(journals)
    finish(there, journals)


@pytest.mark.parametrize(("more", "requests"), [(0, ["batch"]), (1, ["batch", "create"]), (2, ["batch", "batch"])])
def test_a_batch_is_full_before_the_next_begins(there: World, more: int, requests: list[str]) -> None:
    press(there, some_journals(QUICKBOOKS_BATCH_ITEMS_MAX + more))
    assert sorted(op for op in _sent(there) if op in {"batch", "create"}) == requests


def test_a_batch_is_not_larger_than_it_may_be(there: World) -> None:
    with mock.patch("tieout.commands.volley.QUICKBOOKS_BATCH_BYTES_MAX", 1_200):
        assert press(there, some_journals(5)).count(How.CREATED) == 5
    assert _sent(there).count("batch") == 2  # two documents each fit, the fifth goes alone
    finish(there, some_journals(5))


def test_where_the_minutes_batches_are_used_up_single_documents_go_on(there: World, small_batches: None) -> None:
    with mock.patch("tieout.quickbooks.pace.QUICKBOOKS_BATCHES_A_MINUTE_MAX", 2):
        assert press(there, some_journals(14)).count(How.CREATED) == 14
    assert (_sent(there).count("batch"), _sent(there).count("create")) == (2, 8)
    finish(there, some_journals(14))


@pytest.mark.parametrize("do", LOST)
@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_a_batch_whose_answer_is_lost_is_looked_for(tmp_path: Path, do: str, mood: str) -> None:
    journals = some_journals(5)
    with world(tmp_path, requestid=mood, faults=[{"match": BATCH, "do": do}]) as there, impatient_of(do):
        assert press(there, journals).count(How.ADOPTED) == 5
        assert "create" not in _sent(there)
        finish(there, journals)


@pytest.mark.parametrize("do", ["timeout_before", "reset", "error5xx", "html503"])
def test_what_a_lost_batch_did_not_do_goes_out_singly_after_its_time(there: World, do: str) -> None:
    there.practice.add_faults([{"match": BATCH, "do": do}])
    with impatient_of(do):
        assert press(there, some_journals(5)).count(How.CREATED) == 5
    assert there.clock.slept >= 100
    assert (_sent(there).count("batch"), _sent(there).count("create")) == (1, 5)
    finish(there, some_journals(5))


def test_a_batch_that_was_done_in_part_is_finished_without_doubling(tmp_path: Path) -> None:
    """A person deletes two documents of a batch whose answer was lost: those two are posted anew, no other."""
    journals = some_journals(5)
    for mood in ("replay", "error600", "ignored"):
        with world(tmp_path / mood, requestid=mood) as there:
            with pytest.raises(Killed):
                press(there, journals, _DeadAt("send batch"))
            held = there.held()
            assert len(held) == 5
            for entry in held[1:3]:
                there.practice.delete_as_person("JournalEntry", entry["Id"])
            done = press(there, journals)
            assert (done.count(How.ADOPTED), done.count(How.CREATED)) == (3, 2)
            finish(there, journals)


class _DeadAt(Effects):
    """Dies just after the first effect of a name."""

    def __init__(self, name: str) -> None:
        super().__init__(after=True)
        self._name = name

    def around(self, what: str, effect: Any) -> Any:
        if what == self._name and not self.kill_at:
            self.kill_at = len(self.seen) + 1
        return super().around(what, effect)


def test_a_batch_that_is_throttled_waits(there: World) -> None:
    there.practice.add_faults([{"match": {**BATCH, "times": 3}, "do": "throttle"}])
    assert press(there, some_journals(5)).count(How.CREATED) == 5
    assert there.clock.slept >= 180
    finish(there, some_journals(5))


def test_a_throttle_without_end_stops_the_run_and_loses_nothing(there: World, small_batches: None) -> None:
    there.practice.add_faults([{"match": {**BATCH, "nth": 2, "times": 0}, "do": "throttle"}])
    with mock.patch("tieout.commands.volley.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", 1):  # else one waits for the other
        done = press(there, some_journals(6))
    assert "quickbooks-throttled" in done.codes
    assert done.count(How.CREATED) == 3  # what was answered is looked at, and said, all the same
    there.check_store()
    finish(there, some_journals(6))


def test_a_token_refused_in_the_middle_stops_the_run(there: World, small_batches: None) -> None:
    there.practice.add_faults([{"match": {**BATCH, "nth": 2, "times": 2}, "do": "unauthorized"}])
    with mock.patch("tieout.commands.volley.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", 1):
        done = press(there, some_journals(9))
    assert "quickbooks-sign-in" in done.codes
    assert done.count(How.CREATED) == 3
    there.check_store()
    finish(there, some_journals(9))


def test_one_bad_document_in_a_batch_is_refused_alone(there: World) -> None:
    journals = some_journals(5)
    there.practice.close_books(journals[0].day)
    open_one = some_journals(6)[5]
    done = press(there, [*journals[:2], _later(open_one)])
    assert (done.count(How.REFUSED), done.count(How.CREATED)) == (2, 1)
    assert "quickbooks-period-closed" in done.codes
    there.practice.close_books(None)
    finish(there, [*journals[:2], _later(open_one)])


def _later(journal: Any) -> Any:
    from dataclasses import replace
    from datetime import date

    return replace(journal, day=date(2026, 2, 20))


def test_a_document_of_ours_that_a_person_changed_is_told_the_others_are_posted(there: World) -> None:
    journals = some_journals(4)
    with pytest.raises(Killed):
        press(there, journals, _DeadAt("send batch"))
    there.practice.edit_as_person("JournalEntry", "2", {"PrivateNote": "mine"})
    there.practice.edit_as_person("JournalEntry", "3", {"TxnDate": "2026-01-30"})
    done = press(there, journals)
    assert done.count(How.ADOPTED) == 2
    assert done.codes == {"number-of-another-document", "changed-in-quickbooks"}
    for identity in ("2", "3"):
        there.practice.delete_as_person("JournalEntry", identity)
    finish(there, journals)


@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_questions_that_lag_do_not_double(tmp_path: Path, mood: str) -> None:
    faults = [
        {"match": {"op": "query", "times": 0}, "do": "lag", "seconds": 60},
        {"match": BATCH, "do": "reset_after"},
    ]
    with world(tmp_path, requestid=mood, faults=faults) as there:
        there.clock.sleep(300)  # the accounts are older than that
        assert press(there, some_journals(5)).count(How.ADOPTED) == 5
        finish(there, some_journals(5))


def test_a_reading_that_does_not_know_the_newest_yet_reads_each(there: World) -> None:
    there.clock.sleep(300)
    there.practice.add_faults([{"match": {"op": "query", "times": 0}, "do": "lag", "seconds": 60}])
    assert press(there, some_journals(4)).count(How.CREATED) == 4
    assert _sent(there).count("read") == 4
    finish(there, some_journals(4))


def test_a_stop_in_the_middle_leaves_nothing_open_and_the_next_press_goes_on(there: World) -> None:
    class StopPressed(Exception):
        pass

    def stop(_what: str, done: int, _of: int | None) -> None:
        if done:
            raise StopPressed

    journals = some_journals(9)
    with (
        mock.patch("tieout.commands.volley.QUICKBOOKS_BATCH_ITEMS_MAX", 3),
        mock.patch("tieout.commands.volley.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", 1),
        pytest.raises(StopPressed),
    ):
        press(there, journals, told=stop)
    with there.process() as process:
        states = [posting.state for posting in process.store.outbox.all()]
    assert states.count(PostingState.POSTED) == 3
    assert states.count(PostingState.PLANNED) == 6
    finish(there, journals)


def test_progress_counts_every_document(there: World, small_batches: None) -> None:
    told: list[tuple[str, int, int | None]] = []
    with mock.patch("tieout.commands.volley.QUICKBOOKS_REQUESTS_AT_ONCE_MAX", 2):
        press(there, some_journals(14), told=lambda *each: told.append(each))
    assert told == [("Posting to QuickBooks", done, 14) for done in (6, 12)]


def test_two_parcels_of_one_number_are_an_error_of_the_program(there: World) -> None:
    with pytest.raises(ValueError, match="same document"):
        press(there, some_journals(1) * 2)


def test_a_kill_at_every_effect(tmp_path: Path) -> None:
    journals = some_journals(4)
    effects = Effects()
    with world(tmp_path / "whole") as there:
        press(there, journals, effects)
    for number in range(1, len(effects.seen) + 1):
        for after in (False, True):
            mood = "ignored" if number % 2 else "replay"
            with world(tmp_path / f"{number}-{after}", direct=True, requestid=mood) as there:
                with pytest.raises(Killed):
                    press(there, journals, Effects(number, after))
                finish(there, journals)
    print(f"{2 * len(effects.seen)} kill points of posting many tried")
    assert len(effects.seen) > 20
