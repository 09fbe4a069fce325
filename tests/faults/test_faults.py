"""Faults on the way, and people at work in QuickBooks meanwhile: posted exactly once, or said why not."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.world import Effects, Killed, World, impatient_of, two_settlements, world
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.posting_report import PostingReport
from tieout.commands.posting_run import How
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.quickbooks.reception import Seen

CREATE = {"op": "create", "entity": "JournalEntry"}
FIND = {"op": "query", "path": "query"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def _codes(report: PostingReport) -> list[str]:
    return [finding.code for finding in report.findings]


def _finish(there: World) -> None:
    """With nothing going wrong any more, one more press finishes the work."""
    there.practice.clear_faults()
    journals = two_settlements()
    report = there.post(journals)
    assert report.complete, report.findings
    there.check_books(journals)
    there.check_store()
    there.check_quiet(journals)


def _creates(there: World) -> list[Seen]:
    return [
        seen for seen in there.practice.requests() if seen.op == "create" and seen.entity.lower() == "journalentry"
    ]


LOST_ANSWERS = ["timeout_after", "reset_after", "error5xx_after", "garbage_after"]


@pytest.mark.parametrize("do", LOST_ANSWERS)
@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_an_answer_that_is_lost_is_looked_for_and_not_sent_again(tmp_path: Path, do: str, mood: str) -> None:
    with (
        world(tmp_path, requestid=mood, faults=[{"match": {**CREATE, "nth": 2}, "do": do}]) as there,
        impatient_of(do),
    ):
        journals = two_settlements()
        report = there.post(journals)
        assert report.complete, report.findings
        assert [row.how for row in report.journals] == [How.CREATED, How.ADOPTED, How.CREATED]
        creates = _creates(there)
        assert len(creates) == 3
        there.check_books(journals)
        _finish(there)


@pytest.mark.parametrize("do", ["timeout_before", "reset", "error5xx", "html503"])
def test_a_request_that_did_nothing_is_sent_again_after_its_time(there: World, do: str) -> None:
    there.practice.add_faults([{"match": CREATE, "do": do}])
    with impatient_of(do):
        report = there.post(two_settlements())
    assert report.complete, report.findings
    assert there.clock.slept >= 100  # it waited until the first request could not take effect any more
    creates = _creates(there)
    assert creates[0].request_id == creates[1].request_id
    _finish(there)


def test_a_storm_of_errors_ends_in_a_sentence_and_the_next_press_finishes(there: World) -> None:
    there.practice.add_faults([{"match": {**CREATE, "times": 0}, "do": "error5xx"}])
    report = there.post(two_settlements())
    assert not report.complete
    assert "quickbooks-no-answer" in _codes(report)
    assert there.held() == []
    creates = _creates(there)
    assert len(creates) == 6  # three a document; the second part of the first settlement was not tried
    there.check_store()
    _finish(there)


def test_a_throttle_is_waited_for(there: World) -> None:
    there.practice.add_faults([{"match": {**CREATE, "times": 3}, "do": "throttle"}])
    report = there.post(two_settlements())
    assert report.complete
    assert there.clock.slept >= 180
    _finish(there)


def test_a_throttle_without_end_stops_the_run(there: World) -> None:
    there.practice.add_faults([{"match": {**CREATE, "times": 0}, "do": "throttle"}])
    report = there.post(two_settlements())
    assert _codes(report) == ["quickbooks-throttled"]
    assert there.held() == []
    there.check_store()
    _finish(there)


def test_questions_are_repeated(there: World) -> None:
    there.practice.add_faults([{"match": {**FIND, "nth": 2, "times": 3}, "do": "error5xx"}])
    assert there.post(two_settlements()).complete
    _finish(there)


def test_questions_without_answer_stop_the_run(there: World) -> None:
    there.practice.add_faults([{"match": {**FIND, "times": 0}, "do": "html503"}])
    assert _codes(there.post(two_settlements())) == ["quickbooks-no-answer"]
    assert there.held() == []
    _finish(there)


def test_a_token_that_expires_between_two_documents_is_renewed(there: World) -> None:
    def expire(practice: PracticeQuickBooks) -> None:
        practice.expire_access_tokens()

    there.practice.add_faults([{"match": {**CREATE, "nth": 2}, "do": expire}])
    assert there.post(two_settlements()).complete
    assert sum(seen.op == "token" for seen in there.practice.requests()) == 2
    _finish(there)


def test_a_token_that_is_refused_twice_stops_the_run(there: World) -> None:
    there.practice.add_faults([{"match": {**CREATE, "nth": 2, "times": 2}, "do": "unauthorized"}])
    report = there.post(two_settlements())
    assert "quickbooks-sign-in" in _codes(report)
    assert [row.how for row in report.journals] == [How.CREATED, How.REFUSED, How.REFUSED]
    there.check_store()
    _finish(there)


def test_a_fault_under_status_200_is_a_fault(there: World) -> None:
    there.practice.add_faults([{"match": CREATE, "do": "fault_in_200"}])
    report = there.post(two_settlements())
    assert _codes(report) == ["quickbooks-refused", "earlier-part-not-posted"]
    there.check_store()
    _finish(there)


@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_a_query_that_lags_does_not_double(tmp_path: Path, mood: str) -> None:
    faults = [
        {"match": {**FIND, "times": 0}, "do": "lag", "seconds": 60},
        {"match": {**CREATE, "nth": 1}, "do": "reset_after"},
        {"match": {**CREATE, "nth": 3}, "do": "reset_after"},
    ]
    with world(tmp_path, requestid=mood, faults=faults) as there:
        assert there.post(two_settlements()).complete
        there.check_books(two_settlements())
        _finish(there)


def _killed_after_sending(there: World) -> str:
    """A first run that dies when its first document was taken; the document's id."""
    with pytest.raises(Killed):
        there.post(two_settlements(), _DeadOnceSent())
    (held,) = there.held()
    return str(held["Id"])


def test_a_person_edits_it_before_we_know_of_it(there: World) -> None:
    identity = _killed_after_sending(there)
    entry = there.held()[0]
    for line in entry["Line"]:
        line["Amount"] += 1
    there.practice.edit_as_person("JournalEntry", identity, {"Line": entry["Line"]})
    report = there.post(two_settlements())
    assert _codes(report) == ["changed-in-quickbooks", "earlier-part-not-posted"]
    assert "51.00" in report.findings[0].what
    assert len(there.held()) == 2  # the other settlement is posted
    there.check_store()
    there.practice.delete_as_person("JournalEntry", identity)
    _finish(there)


def test_what_a_person_edits_before_it_is_looked_at_is_not_sent_again_while_queries_lag(there: World) -> None:
    def edit(practice: PracticeQuickBooks) -> None:
        (entry,) = there.held()
        lines = [{**line, "Amount": line["Amount"] + 1} for line in entry["Line"]]
        practice.edit_as_person("JournalEntry", entry["Id"], {"Line": lines})

    there.practice.add_faults(
        [
            {"match": {"op": "read"}, "do": edit},
            {"match": {**FIND, "times": 0}, "do": "lag", "seconds": 60},
        ]
    )
    there.clock.sleep(300)
    for _ in range(2):
        assert "changed-in-quickbooks" in _codes(there.post(two_settlements()))
        assert [entry["DocNumber"] for entry in there.held()] == ["AMZ-222-1", "AMZ-333-1"]


@pytest.mark.parametrize("mood", ["replay", "error600", "ignored"])
def test_a_person_deletes_it_before_we_know_of_it(tmp_path: Path, mood: str) -> None:
    """QuickBooks may answer the second sending with the document that is no more; it is posted anew all the same."""
    with world(tmp_path, requestid=mood) as there:
        there.practice.delete_as_person("JournalEntry", _killed_after_sending(there))
        assert there.post(two_settlements()).complete
        there.check_books(two_settlements())
        _finish(there)


def test_a_person_adds_a_document_under_our_number(there: World) -> None:
    lines = [
        {
            "Amount": 5,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in (("Debit", "1"), ("Credit", "9"))
    ]
    theirs = there.practice.create_as_person("JournalEntry", {"DocNumber": "AMZ-222-1", "Line": lines})
    report = there.post(two_settlements())
    assert _codes(report) == ["number-of-another-document", "earlier-part-not-posted"]
    assert len(there.held()) == 2
    there.check_store()
    there.practice.delete_as_person("JournalEntry", theirs["Id"])
    _finish(there)


def test_a_document_that_somebody_copied_is_said_to_be_there_twice(there: World) -> None:
    identity = _killed_after_sending(there)
    (entry,) = there.held()
    copy = {name: entry[name] for name in ("DocNumber", "TxnDate", "PrivateNote", "Line")}
    twin = there.practice.create_as_person("JournalEntry", copy)
    report = there.post(two_settlements())
    assert _codes(report) == ["posted-twice", "earlier-part-not-posted"]
    assert identity in report.findings[0].what
    assert twin["Id"] in report.findings[0].what
    there.practice.delete_as_person("JournalEntry", twin["Id"])
    _finish(there)


def test_an_account_is_made_inactive_in_the_middle(there: World) -> None:
    fault = {"match": {**CREATE, "nth": 2}, "do": "inactivate_account", "account": "Business Checking"}
    there.practice.add_faults([fault])
    report = there.post(two_settlements())
    assert _codes(report) == ["quickbooks-inactive"]
    assert [row.how for row in report.journals] == [How.CREATED, How.REFUSED, How.CREATED]
    there.check_store()
    again = there.post(two_settlements())
    assert _codes(again) == ["account-inactive"]
    assert len(there.held()) == 2
    there.practice.edit_as_person("Account", "1", {"Active": True})
    _finish(there)


def test_the_closing_date_is_moved_in_the_middle(there: World) -> None:
    there.practice.add_faults([{"match": {**CREATE, "nth": 2}, "do": "close_period", "date": "2026-02-15"}])
    report = there.post(two_settlements())
    assert _codes(report) == ["quickbooks-period-closed"]
    assert [row.how for row in report.journals] == [How.CREATED, How.REFUSED, How.CREATED]
    there.check_store()
    report = there.post(two_settlements(), closed_period=ClosedPeriod.FIRST_OPEN_DAY)
    assert report.complete
    assert {entry["DocNumber"]: entry["TxnDate"] for entry in there.held()}["AMZ-222-2"] == "2026-02-16"
    there.practice.close_books(date(2026, 2, 20))
    _finish(there)  # the day chosen then stands: moving the closing date again makes no other draft of it


def test_a_full_disk_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    effects = Effects()
    with world(tmp_path / "whole") as there:
        there.post(two_settlements(), effects)
    commits = effects.seen.count("commit")
    for number in range(1, commits + 1):
        with world(tmp_path / str(number), direct=True) as there:
            report = there.post(two_settlements(), FullDisk(number))
            assert report.complete or "store-unwritable" in _codes(report)
            _finish(there)


class _DeadOnceSent(Effects):
    """Dies when the first document was sent."""

    def around(self, what: str, effect: Callable[[], Any]) -> Any:
        result = super().around(what, effect)
        if what == "send journalentry":
            self.dead = True
            raise Killed("its answer never came")
        return result


class FullDisk(Effects):
    """From one commit on, the disk is full."""

    def __init__(self, full_from: int) -> None:
        super().__init__()
        self._full_from = full_from

    def around(self, what: str, effect: Callable[[], Any]) -> Any:
        if what == "commit" and self.seen.count("commit") + 1 >= self._full_from:
            raise sqlite3.OperationalError("database or disk is full")
        return super().around(what, effect)


def test_two_who_press_at_once_post_once(there: World) -> None:
    reports: list[PostingReport] = []
    errors: list[BaseException] = []

    def press() -> None:
        try:
            reports.append(there.post(two_settlements()))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(reports) == 3
    assert {code for report in reports for code in _codes(report)} <= {"another-writer"}
    there.check_books(two_settlements())
    _finish(there)


def test_who_has_lost_the_lease_sends_nothing_more(there: World) -> None:
    """A machine that slept through the end of its lease finds somebody else at work, and stops."""

    def take_over(_practice: PracticeQuickBooks) -> None:
        database = sqlite3.connect(there.folder / "books.sqlite3")
        database.execute("UPDATE leases SET token = 'another', holder = 'ben', host = 'elsewhere'")
        database.commit()
        database.close()

    there.practice.add_faults([{"match": {**CREATE, "nth": 2}, "do": take_over}])
    report = there.post(two_settlements())
    assert _codes(report) == ["another-writer"]
    assert "ben" in report.findings[0].what
    assert len(there.held()) == 2  # the one in flight when the lease was lost is in the books
    database = sqlite3.connect(there.folder / "books.sqlite3")
    database.execute("DELETE FROM leases")
    database.commit()
    database.close()
    _finish(there)


JUMPS = [timedelta(hours=2), timedelta(hours=-2), timedelta(days=800), timedelta(days=-800), timedelta(minutes=12)]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
@pytest.mark.parametrize(("op", "nth"), [("token", 1), ("query", 2), ("create", 1), ("create", 3), ("read", 1)])
def test_a_clock_that_jumps_in_the_middle_doubles_nothing(tmp_path: Path, jump: timedelta, op: str, nth: int) -> None:
    """The clock of the user's machine, while a token lives, a lease is held, a pace is kept and an answer is lost."""

    def adjust(_practice: PracticeQuickBooks) -> None:
        there.clock.ahead += jump

    faults = [
        {"match": {"op": op, "nth": nth}, "do": adjust},
        {"match": {**CREATE, "nth": 2}, "do": "reset_after"},
        {"match": {**CREATE, "nth": 3}, "do": "error5xx"},
    ]
    with world(tmp_path, direct=True) as there:
        there.practice.add_faults(faults)
        report = there.post(two_settlements())
        assert report.complete or report.findings
        _finish(there)
        there.clock.ahead = -jump
        there.clock.sleep(3600)
        assert [row.how for row in there.undo(["222", "333"]).journals] == [How.UNDONE] * 3
        _finish(there)
