"""The outbox as one press sees it: the same answers as the store's own, before, during and after writing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.world import TestClock
from tieout.commands.outbox_view import OutboxView
from tieout.domain.activity import Activity
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.store.company_store import CompanyStore, open_store
from tieout.store.outbox import StoredOutbox

DONE = Activity(datetime(2026, 3, 2, 12, tzinfo=UTC), "anna", "posted", "something")


def _posting(number: int, subject: str, realm: str = "1") -> Posting:
    key = PostingKey(realm, "Invoice", f"AMZ-{number}")
    return Posting(key, PostingState.PLANNED, f"{number:064}", f"request-{realm}-{number}", b"{}", subject=subject)


POSTINGS = [_posting(1, "a"), _posting(2, "a"), _posting(3, "b"), _posting(4, "c"), _posting(1, "a", "2")]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[StoredOutbox]:
    store = open_store(tmp_path / "books.sqlite3", TestClock())
    assert isinstance(store, CompanyStore)
    with store:
        with store.outbox.writer("anna") as writer:
            writer.save([(posting, DONE) for posting in POSTINGS])
        yield store.outbox


def _same(view: OutboxView, outbox: StoredOutbox) -> None:
    keys = [posting.key for posting in POSTINGS] + [PostingKey("1", "Invoice", "AMZ-9")]
    for key in keys:
        assert view.get(key) == outbox.get(key)
    assert view.get_many(keys) == outbox.get_many(keys)
    for realm in ("1", "2"):
        assert view.keys(realm) == outbox.keys(realm)
        for subject in ("a", "b", "c", "d"):
            assert view.of_subject(realm, subject) == outbox.of_subject(realm, subject)
        together = view.of_subjects(realm, ["a", "b", "c", "d"])
        assert sorted(each.key.doc_number for each in together) == sorted(
            each.key.doc_number for each in outbox.of_subjects(realm, ["a", "b", "c", "d"])
        )
    assert view.all() == outbox.all()
    for realm in ("1", "2", "3"):
        for states in ((PostingState.PLANNED,), (PostingState.POSTED, PostingState.PLANNED), ()):
            assert view.of_kinds(realm, ("Invoice", "Bill"), states) == outbox.of_kinds(realm, ("Invoice",), states)
            assert view.subjects(realm, states) == outbox.subjects(realm, states)
    assert view.realm_ids() == outbox.realm_ids()


def test_it_answers_as_the_outbox_does(outbox: StoredOutbox) -> None:
    _same(OutboxView(outbox, "1", ["a", "d"]), outbox)
    _same(OutboxView(outbox, "3", []), outbox)


def test_it_knows_what_the_press_commits(outbox: StoredOutbox) -> None:
    view = OutboxView(outbox, "1", ["a", "d"])
    with view.writer("anna") as writer:
        writer.save([(replace(POSTINGS[0], state=PostingState.POSTED, quickbooks_id="7"), DONE)])
        writer.save([(_posting(9, "d"), DONE), (replace(POSTINGS[3], state=PostingState.UNDONE), DONE)])
        writer.log(DONE)
        _same(view, outbox)
    _same(view, outbox)


def test_it_is_read_anew_when_the_press_becomes_the_writer(outbox: StoredOutbox) -> None:
    view = OutboxView(outbox, "1", ["a"])
    with outbox.writer("ben") as writer:
        writer.save([(replace(POSTINGS[0], state=PostingState.POSTED), DONE), (_posting(5, "a"), DONE)])
    assert len(view.of_subject("1", "a")) == 2  # not before
    with view.writer("anna"):
        _same(view, outbox)


def test_what_could_not_be_committed_is_not_known(outbox: StoredOutbox) -> None:
    view = OutboxView(outbox, "1", ["a"])
    doubled = replace(POSTINGS[0], state=PostingState.POSTED, request_id=POSTINGS[1].request_id)
    with view.writer("anna") as writer, pytest.raises(Exception, match="UNIQUE"):
        writer.save([(doubled, DONE)])
    _same(view, outbox)
