"""Posting and undoing where nothing goes wrong on the way: what is sent, what is refused, what is done again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from tests.faults.world import Effects, World, impatient_of, journal, two_settlements, world
from tieout.commands.numbers import is_usable
from tieout.commands.parcels import ClosedPeriod, journal_note
from tieout.commands.posting_report import PostingReport
from tieout.commands.posting_run import How
from tieout.domain.content import content_hash, content_text
from tieout.domain.journal import Journal
from tieout.domain.posting import PostingState
from tieout.domain.private_note import marked_hash, read_note
from tieout.limits import QUICKBOOKS_NOTE_CHARACTERS_MAX, QUICKBOOKS_THROTTLE_WAITS_MAX

SALE = journal("AMZ-444-1", {"Business Checking": 2500, "Amazon Sales": -2500})
CLOSED = date(2026, 2, 28)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def _codes(report: PostingReport) -> list[str]:
    return [finding.code for finding in report.findings]


def _hows(report: PostingReport) -> list[How]:
    return [row.how for row in report.journals]


def test_a_second_press_asks_nothing_and_writes_nothing(there: World) -> None:
    report = there.post(two_settlements())
    assert report.complete
    assert _hows(report) == [How.CREATED] * 3
    assert report.created_accounts == ("Amazon Odd Fees",)
    assert [row.quickbooks_id for row in report.journals] == ["1", "2", "3"]
    there.check_books(two_settlements())
    there.check_quiet(two_settlements())


def test_the_note_tells_the_settlement_and_carries_the_marker(there: World) -> None:
    first, _, third = two_settlements()
    there.post(two_settlements())
    notes = {entry["DocNumber"]: entry["PrivateNote"] for entry in there.held()}
    assert notes["AMZ-222-1"].startswith("Amazon US settlement [AMZ-222-1; for 222, part 1 of 2; tieout:")
    assert marked_hash(notes["AMZ-222-1"]) == content_hash(first)
    assert marked_hash(notes["AMZ-333-1"]) == content_hash(third)


def test_a_long_memo_is_cut_and_the_marker_never() -> None:
    for letters in (100, QUICKBOOKS_NOTE_CHARACTERS_MAX, QUICKBOOKS_NOTE_CHARACTERS_MAX + 1):
        long = replace(SALE, memo="m" * letters)
        unsealed = journal_note(long, content_hash(long))
        for note in (unsealed, replace(unsealed, seal="0123456789abcdef")):
            text = note.text(QUICKBOOKS_NOTE_CHARACTERS_MAX)
            assert len(text) <= QUICKBOOKS_NOTE_CHARACTERS_MAX
            found = read_note(text)
            assert found is not None
            assert (found.content, found.number, found.subject) == (content_hash(long), "AMZ-444-1", "444")
            assert found.memo == long.memo[: len(found.memo)]
            room = QUICKBOOKS_NOTE_CHARACTERS_MAX - len(" [AMZ-444-1; for 444; tieout:; sealed:]") - 64 - 16
            assert len(found.memo) == min(letters, room)


def test_content_is_what_is_posted_and_nothing_else() -> None:
    assert content_hash(SALE) == content_hash(replace(SALE, marketplace="US", part=1, parts=3))
    for other in (
        replace(SALE, memo="other"),
        replace(SALE, day=date(2026, 2, 1)),
        replace(SALE, doc_number="AMZ-444-2"),
        replace(SALE, lines=SALE.lines[::-1]),
        journal("AMZ-444-1", {"Business Checking": 2501, "Amazon Sales": -2501}),
    ):
        assert content_text(other) != content_text(SALE)
        assert content_hash(other) != content_hash(SALE)


def test_a_journal_of_zeros_has_nothing_to_post(there: World) -> None:
    empty = journal("AMZ-444-1", {"Business Checking": 0})
    report = there.post([empty])
    assert (_hows(report), report.complete) == ([How.EMPTY], True)
    assert there.practice.requests() == []


def test_two_different_journals_of_one_number_are_an_error_of_the_program(there: World) -> None:
    with pytest.raises(ValueError, match="AMZ-444-1"):
        there.post([SALE, replace(SALE, memo="other")])
    assert there.post([SALE, SALE]).complete
    there.check_books([SALE])


def test_one_bad_settlement_does_not_hold_up_the_others(there: World) -> None:
    there.practice.close_books(date(2026, 1, 31))  # the first part of settlement 222 is of that day
    report = there.post(two_settlements())
    assert _codes(report) == ["period-closed"]
    assert _hows(report) == [How.REFUSED, How.REFUSED, How.CREATED]
    there.check_books(two_settlements()[2:])


def test_the_first_open_day_is_chosen_by_the_user(there: World) -> None:
    there.practice.close_books(CLOSED)
    report = there.post(two_settlements(), closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    assert report.complete
    assert {entry["TxnDate"] for entry in there.held()} == {"2026-03-01"}
    there.check_quiet(two_settlements())


def test_a_settlement_that_is_posted_is_not_posted_otherwise(there: World) -> None:
    """Rule 5: neither changed, nor in other parts, nor in fewer."""
    there.post(two_settlements())
    first, second, third = two_settlements()
    whole = journal("AMZ-222-1", {"Business Checking": 7001, "Amazon Sales": -7001}, date(2026, 2, 10))
    for drafts in ([replace(first, memo="other"), second], [first], [whole], [replace(third, day=date(2026, 2, 27))]):
        before = len(there.practice.requests())
        report = there.post(drafts)
        assert set(_codes(report)) == {"posted-with-other-content"}
        written = [seen for seen in there.practice.requests()[before:] if seen.op == "create"]
        assert written == []
    there.check_books(two_settlements())
    there.check_quiet(two_settlements())


def test_after_a_change_undo_and_post_gives_the_new_books(there: World) -> None:
    there.post(two_settlements())
    changed = [replace(each, memo="A new mapping") for each in two_settlements()]
    assert not there.post(changed).complete
    assert _hows(there.undo(["222", "333"])) == [How.UNDONE] * 3
    assert there.post(changed).complete
    there.check_books(changed)
    there.check_quiet(changed)


@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_undo_and_post_again_leaves_the_same_books(tmp_path: Path, mood: str) -> None:
    with world(tmp_path, requestid=mood) as there:
        there.post(two_settlements())
        before = there.practice.ledger()
        for _ in range(3):
            assert there.undo(["333", "222"]).findings == ()
            assert set(there.practice.ledger().values()) <= {0}
            assert there.post(two_settlements()).complete
            assert there.practice.ledger() == before
        there.check_books(two_settlements())
        there.check_quiet(two_settlements())


def test_a_reversed_settlement_is_posted_again_under_the_next_number(there: World) -> None:
    there.post([SALE])
    there.practice.close_books(CLOSED)
    assert _hows(there.undo(["444"])) == [How.REVERSED]
    assert _codes(there.undo(["444"])) == ["nothing-to-undo"]
    report = there.post([SALE], closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    assert [row.journal.doc_number for row in report.journals] == ["AMZ-444-1B"]
    there.check_quiet([SALE])
    assert [entry["DocNumber"] for entry in there.held()] == ["AMZ-444-1", "AMZ-444-1R", "AMZ-444-1B"]
    assert there.practice.ledger()["Business Checking"] == 2500
    assert _hows(there.undo(["444"])) == [How.UNDONE]  # the open one is simply deleted
    assert there.practice.ledger()["Business Checking"] == 0


def test_an_undo_leaves_alone_what_a_person_changed(there: World) -> None:
    there.post(two_settlements())
    there.practice.edit_as_person("JournalEntry", "3", {"PrivateNote": "checked by Ben"})
    report = there.undo(["222", "333"])
    assert _codes(report) == ["changed-in-quickbooks"]
    assert "checked by Ben" in report.findings[0].what
    assert [entry["Id"] for entry in there.held()] == ["3"]
    there.check_store()


def test_what_a_person_deleted_counts_as_undone(there: World) -> None:
    there.post([SALE])
    there.practice.delete_as_person("JournalEntry", "1")
    assert _codes(there.undo(["444"])) == ["deleted-in-quickbooks"]
    assert there.post([SALE]).complete
    there.check_books([SALE])


@pytest.mark.parametrize(
    "do", ["timeout_after", "reset_after", "error5xx", "throttle", "unauthorized", "garbage_after"]
)
@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_an_undo_survives_what_happens_to_its_request(tmp_path: Path, do: str, mood: str) -> None:
    with world(tmp_path, requestid=mood) as there:
        there.post(two_settlements())
        there.practice.add_faults([{"match": {"op": "delete", "nth": 2}, "do": do}])
        with impatient_of(do):
            assert _hows(there.undo(["222", "333"])) == [How.UNDONE] * 3
        there.check_books([])
        there.check_store()
        assert there.post(two_settlements()).complete
        there.check_books(two_settlements())


def test_an_undo_that_never_gets_through_is_finished_later(there: World) -> None:
    there.post(two_settlements())
    there.practice.add_faults([{"match": {"op": "delete", "times": 0}, "do": "throttle"}])
    assert _codes(there.undo(["222", "333"])) == ["quickbooks-throttled"]
    there.check_books(two_settlements())
    there.check_quiet(two_settlements())
    there.practice.clear_faults()
    assert there.undo(["222", "333"]).findings == ()
    there.check_books([])


def test_a_closing_date_moved_under_an_undo_makes_it_a_reversal(there: World) -> None:
    there.post([SALE])
    there.practice.add_faults([{"match": {"op": "delete"}, "do": "close_period", "date": "2026-02-28"}])
    assert _hows(there.undo(["444"])) == [How.REVERSED]
    assert there.practice.ledger()["Business Checking"] == 0


def test_a_foreign_settlement_is_posted_in_its_currency(there: World) -> None:
    pounds = journal("AMZ-555-1", {"Amazon Clearing": 9900, "Amazon Sales": -9900}, currency="GBP")
    assert there.post([pounds]).complete
    there.check_quiet([pounds])
    assert there.practice.balance_in("Amazon Clearing", "GBP") == 9900
    assert there.held()[0]["CurrencyRef"]["value"] == "GBP"


def test_a_tax_code_without_a_rate_is_stated(tmp_path: Path) -> None:
    with world(tmp_path, country="GB", home_currency="USD") as there:
        coded = replace(SALE, lines=tuple(replace(line, tax_code="No VAT") for line in SALE.lines))
        report = there.post([coded])
        assert report.complete, report.findings
        there.check_books([coded])
        there.check_quiet([coded])


@pytest.mark.parametrize("more", [0, 1])
def test_throttles_are_waited_for_so_often_and_no_oftener(there: World, more: int) -> None:
    times = QUICKBOOKS_THROTTLE_WAITS_MAX + more
    there.practice.add_faults(
        [{"match": {"op": "create", "entity": "JournalEntry", "times": times}, "do": "throttle"}]
    )
    assert there.post([SALE]).complete is (more == 0)


@pytest.mark.parametrize(("lines_max", "complete"), [(2, True), (1, False)])
def test_a_journal_has_so_many_lines_and_no_more(there: World, lines_max: int, complete: bool) -> None:
    with mock.patch("tieout.commands.preflight.QUICKBOOKS_JOURNAL_LINES_MAX", lines_max):
        assert there.post([SALE]).complete is complete


def test_a_number_has_so_many_signs_and_no_more() -> None:
    assert is_usable("A" * 21)
    assert not is_usable("A" * 22)


def test_accounts_are_made_only_when_the_user_agreed(there: World) -> None:
    report = there.post(two_settlements(), create_accounts=False)
    assert _codes(report) == ["account-missing"]
    assert _hows(report) == [How.CREATED, How.CREATED, How.REFUSED]
    assert report.created_accounts == ()
    assert there.post(two_settlements()).complete


def test_an_account_whose_creation_was_not_heard_of_is_not_made_twice(tmp_path: Path) -> None:
    faults = [
        {"match": {"op": "create", "entity": "Account"}, "do": "reset_after"},
        {"match": {"op": "query", "times": 0}, "do": "lag", "seconds": 60},
    ]
    for mood in ("replay", "error600", "ignored"):
        with world(tmp_path / mood, requestid=mood, faults=faults) as there:
            assert there.post(two_settlements()).complete
            names = [account["Name"] for account in there.practice.transactions("Account")]
            assert names.count("Amazon Odd Fees") == 1


def test_the_log_tells_every_step(there: World) -> None:
    there.post([SALE])
    there.undo(["444"])
    with there.process() as process:
        told = [(entry.activity.what, entry.activity.who) for entry in process.store.activity.entries()]
        after = [entry.activity.after for entry in process.store.activity.entries()]
    assert told == [(what, "anna") for what in ("planned", "sending", "posted", "undoing", "undone")]
    assert "QuickBooks id 1" in after[2]
    assert f"content {content_hash(SALE)[:16]}" in after[0]


def test_progress_is_told(there: World) -> None:
    from tieout.commands.post_journals import post_journals
    from tieout.rules.charts import load_chart

    told: list[tuple[str, int, int | None]] = []
    with there.process() as process:
        post_journals(
            two_settlements(),
            books=process.books,
            outbox=process.store.outbox,
            chart=load_chart("US"),
            clock=there.clock,
            company=there.company,
            who="anna",
            create_accounts=True,
            progressed=lambda what, done, of: told.append((what, done, of)),
        )
    assert told[0] == ("Asking QuickBooks", 0, 2)
    assert told[-1] == ("Posting to QuickBooks", 2, 2)


def test_a_store_lost_and_made_anew_finds_its_documents_in_the_books(there: World) -> None:
    journals: list[Journal] = two_settlements()
    there.post(journals)
    for file in there.folder.glob("books.sqlite3*"):
        file.unlink()
    report = there.post(journals, Effects())
    assert _hows(report) == [How.ADOPTED] * 3
    there.check_books(journals)
    with there.process() as process:
        assert {posting.state for posting in process.store.outbox.all()} == {PostingState.POSTED}
    there.check_quiet(journals)
