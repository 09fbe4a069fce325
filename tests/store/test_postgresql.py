"""The same store on PostgreSQL: run with TIEOUT_TEST_POSTGRES=postgresql+psycopg://…/an_empty_database."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.faults.world import TestClock
from tieout.domain.activity import Activity
from tieout.domain.document import Document
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.limits import LEASE_SECONDS
from tieout.ports import AnotherWriter
from tieout.store.company_store import CompanyStore, open_store

URL = os.environ.get("TIEOUT_TEST_POSTGRES", "")
pytestmark = pytest.mark.skipif(not URL, reason="TIEOUT_TEST_POSTGRES names no PostgreSQL database to try")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = PostingKey("9130", "JournalEntry", "AMZ-1-1")
POSTING = Posting(KEY, PostingState.PLANNED, "c" * 64, "request-1", b'{"Amount":1.10}', subject="1", sent_at=NOON)
DONE = Activity(NOON, "anna", "planned", str(KEY))


@pytest.fixture
def clean() -> None:
    engine = create_engine(URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def store(clean: None, clock: TestClock) -> Iterator[CompanyStore]:
    opened = open_store(URL, clock)
    assert isinstance(opened, CompanyStore)
    with opened:
        yield opened


def test_the_store_is_opened_again_as_it_was(store: CompanyStore, clock: TestClock) -> None:
    with store.outbox.writer("anna") as writer:
        writer.save([(POSTING, DONE)])
        writer.save([(replace(POSTING, state=PostingState.POSTED, quickbooks_id="7"), DONE)])
    document = Document.of("a.txt", b"content \x00 and more")
    assert store.documents.put(document)
    again = open_store(URL, clock)
    assert isinstance(again, CompanyStore)
    with again:
        assert again.outbox.get(KEY) == replace(POSTING, state=PostingState.POSTED, quickbooks_id="7")
        assert again.documents.get(document.sha256) == document
        assert again.activity.first_break() is None


def test_what_is_kept_can_not_be_changed(store: CompanyStore) -> None:
    store.activity.append(DONE)
    for statement in ("DELETE FROM activity", "UPDATE activity SET who = 'x'", "DELETE FROM documents"):
        with pytest.raises(DBAPIError), store.database.writing() as connection:
            connection.execute(text(statement))
    assert store.activity.first_break() is None


def test_a_lease_is_waited_for_and_ends(store: CompanyStore, clock: TestClock) -> None:
    with mock.patch("tieout.store.lease._give_back"), store.outbox.writer("ben"):
        pass  # the machine died with the lease in its hand
    with pytest.raises(AnotherWriter), store.outbox.writer("anna"):
        pass
    clock.sleep(LEASE_SECONDS)
    with store.outbox.writer("anna") as writer:
        writer.save([(POSTING, DONE)])
    assert store.outbox.get(KEY) == POSTING


def test_many_who_log_at_once_make_one_chain(store: CompanyStore) -> None:
    errors: list[BaseException] = []

    def log() -> None:
        try:
            for _ in range(10):
                store.activity.append(DONE)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=log) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(list(store.activity.entries())) == 40
    assert store.activity.first_break() is None


def test_many_postings_are_one_commit_and_one_question(store: CompanyStore) -> None:
    many = [
        replace(
            POSTING, key=replace(KEY, doc_number=f"AMZ-{number}-1"), request_id=f"r-{number}", subject=str(number)
        )
        for number in range(1, 1_101)
    ]
    with store.outbox.writer("anna") as writer:
        writer.save([(each, DONE) for each in many])
        writer.save([(replace(each, state=PostingState.POSTED), DONE) for each in many[:2]])
    assert len(store.outbox.get_many([each.key for each in many])) == 1_100
    assert store.outbox.keys("9130") == {each.key for each in many}
    assert len(store.outbox.of_subjects("9130", [each.subject for each in many])) == 1_100
    assert store.activity.first_break() is None


def test_lists_are_kept_and_changed(store: CompanyStore) -> None:
    store.lists.replace("9130", "Account", {"1": '{"Id":"1"}', "10": '{"Id":"10"}', "9": '{"Id":"9"}'}, NOON)
    assert store.lists.entries("9130", "Account") == ['{"Id":"1"}', '{"Id":"9"}', '{"Id":"10"}']
    store.lists.change("9130", {"Account": {"1": None, "9": '{"Id":"9","n":2}'}, "Item": {"4": "{}"}}, NOON)
    assert store.lists.entries("9130", "Account") == ['{"Id":"9","n":2}', '{"Id":"10"}']
    assert store.lists.entries("9130", "Item") == ["{}"]
    assert store.lists.marks("9130") == {"Account": NOON, "Item": NOON}
    assert store.lists.marks("another") == {}
