"""Many documents in one request: asked for, read and written, with each document's own outcome known."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.faults.world import Process, World, impatient_of, journal, world
from tieout.domain.content import content_hash
from tieout.domain.posting import Outcome
from tieout.limits import (
    QUICKBOOKS_BATCH_ITEM_ID_CHARACTERS_MAX,
    QUICKBOOKS_BATCH_ITEMS_MAX,
)
from tieout.ports import BooksUnavailable, JournalNames, Operation, Write
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.quickbooks.batch import batch_body


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def process(there: World) -> Iterator[Process]:
    with there.process() as opened:
        yield opened


def _create(process: Process, number: str, minor: int = 100) -> Write:
    """The write that creates a small journal."""
    drafted = journal(number, {"Business Checking": minor, "Amazon Sales": -minor})
    ids = {account.name: account.id for account in process.books.accounts()}
    names = JournalNames(ids, {}, {})
    body = process.books.journal_body(drafted, drafted.day, f"tieout:{content_hash(drafted)[:16]}", names, False)
    return Write(Operation.CREATE, "JournalEntry", body)


def _queries(there: World) -> int:
    return sum(seen.op == "query" for seen in there.practice.requests())


def test_a_batch_creates_each_and_says_of_each_what_came_of_it(there: World, process: Process) -> None:
    good = [_create(process, f"AMZ-{number}-1") for number in (1, 2)]
    bad = Write(Operation.CREATE, "JournalEntry", b'{"DocNumber":"AMZ-9-1","Line":[]}')
    replies = process.books.write_batch([good[0], bad, good[1]], "request-1")
    assert [reply.outcome for reply in replies] == [Outcome.APPLIED, Outcome.NOT_APPLIED, Outcome.APPLIED]
    assert [reply.document.doc_number for reply in replies if reply.document] == ["AMZ-1-1", "AMZ-2-1"]
    assert replies[1].finding is not None
    assert "quickbooks" in replies[1].finding.code
    assert all(reply.intuit_tid for reply in replies)
    assert [entry["DocNumber"] for entry in there.held()] == ["AMZ-1-1", "AMZ-2-1"]
    assert [(seen.op, seen.request_id) for seen in there.practice.requests() if seen.op == "batch"] == [
        ("batch", "request-1")
    ]


def test_a_batch_deletes(there: World, process: Process) -> None:
    made = process.books.write_batch([_create(process, "AMZ-1-1"), _create(process, "AMZ-2-1")], "request-1")
    documents = [reply.document for reply in made if reply.document]
    stale = process.books.deletion(documents[0].id, "7")
    good = process.books.deletion(documents[1].id, documents[1].sync_token)
    replies = process.books.write_batch(
        [Write(Operation.DELETE, "JournalEntry", body) for body in (stale, good)], "request-2"
    )
    assert [reply.outcome for reply in replies] == [Outcome.CONFLICT, Outcome.APPLIED]
    assert [entry["DocNumber"] for entry in there.held()] == ["AMZ-1-1"]


@pytest.mark.parametrize(
    ("do", "outcome"),
    [
        ("timeout_after", Outcome.UNKNOWN),
        ("garbage_after", Outcome.UNKNOWN),
        ("error5xx", Outcome.UNKNOWN),
        ("fault_in_200", Outcome.NOT_APPLIED),
    ],
)
def test_what_happens_to_a_batch_happened_to_each_of_it(
    there: World, process: Process, do: str, outcome: Outcome
) -> None:
    writes = [_create(process, f"AMZ-{number}-1") for number in (1, 2)]
    there.practice.add_faults([{"match": {"op": "batch"}, "do": do}])
    with impatient_of(do):
        replies = process.books.write_batch(writes, "request-1")
    assert [reply.outcome for reply in replies] == [outcome] * 2


@pytest.mark.parametrize("do", ["throttle", "unauthorized"])
def test_a_batch_that_was_not_worked_on_is_sent_again_under_its_id(there: World, process: Process, do: str) -> None:
    writes = [_create(process, f"AMZ-{number}-1") for number in (1, 2)]
    there.practice.add_faults([{"match": {"op": "batch"}, "do": do}])
    replies = process.books.write_batch(writes, "request-1")
    assert [reply.outcome for reply in replies] == [Outcome.APPLIED] * 2
    assert [seen.request_id for seen in there.practice.requests() if seen.op == "batch"] == ["request-1"] * 2
    assert len(there.held()) == 2


def test_a_document_that_the_answer_leaves_out_is_unknown(process: Process) -> None:
    from tieout.quickbooks.batch import replies

    writes = [_create(process, f"AMZ-{number}-1") for number in (1, 2, 3)]
    for answer in ({}, {"BatchItemResponse": None}, {"BatchItemResponse": [{"bId": "9"}, "odd", {"bId": "2"}]}):
        found = replies(answer, writes, "tid", mock.Mock())
        assert [reply.outcome for reply in found] == [Outcome.UNKNOWN] * 3


def test_a_batch_has_so_many_items_and_no_more() -> None:
    write = Write(Operation.DELETE, "Invoice", b'{"Id":"1","SyncToken":"0"}')
    items = json.loads(batch_body([write] * QUICKBOOKS_BATCH_ITEMS_MAX))["BatchItemRequest"]
    assert len(items) == QUICKBOOKS_BATCH_ITEMS_MAX
    assert max(len(item["bId"]) for item in items) <= QUICKBOOKS_BATCH_ITEM_ID_CHARACTERS_MAX
    for number in (0, QUICKBOOKS_BATCH_ITEMS_MAX + 1):
        with pytest.raises(ValueError, match="a batch has"):
            batch_body([write] * number)


def test_the_bytes_of_a_document_are_the_same_in_a_batch(process: Process) -> None:
    write = _create(process, "AMZ-1-1", 123456)
    assert write.body in batch_body([write])
    assert b'"Amount":1234.56' in write.body


def test_many_numbers_are_one_question(there: World, process: Process) -> None:
    process.books.write_batch([_create(process, f"AMZ-{number}-1") for number in range(1, 6)], "request-1")
    before = _queries(there)
    found = process.books.find_many("JournalEntry", [f"AMZ-{number}-1" for number in range(1, 8)])
    assert _queries(there) == before + 1
    assert {number: len(held) for number, held in found.items()} == {
        f"AMZ-{number}-1": int(number < 6) for number in range(1, 8)
    }
    ids = [held[0].id for held in found.values() if held]
    assert sorted(process.books.read_many("JournalEntry", [*ids, "99"])) == ids
    assert _queries(there) == before + 2


@pytest.mark.parametrize(("values_max", "questions"), [(7, 1), (6, 2), (3, 3)])
def test_a_question_has_so_many_numbers_and_no_more(
    there: World, process: Process, values_max: int, questions: int
) -> None:
    process.books.preferences()
    before = _queries(there)
    with mock.patch("tieout.quickbooks.queries.QUICKBOOKS_QUERY_VALUES_MAX", values_max):
        process.books.find_many("JournalEntry", [f"AMZ-{number}-1" for number in range(7)])
    assert _queries(there) == before + questions


def test_a_question_that_is_too_long_is_asked_in_halves(there: World, process: Process) -> None:
    """Intuit states no bound for the values in one question; whatever it is, it is met."""
    numbers = [f"AMZ-{number}-1" for number in range(1, 9)]
    process.books.write_batch([_create(process, number) for number in numbers], "request-1")
    client: Any = process.books._client
    whole = client.query

    def query(select: str) -> Any:
        return whole("SELECT nonsense" if select.count(",") > 2 else select)

    with mock.patch.object(client, "query", query):
        found = process.books.find_many("JournalEntry", numbers)
    assert all(len(found[number]) == 1 for number in numbers)
    refused = mock.patch.object(client, "query", lambda select: whole(f"nonsense {select}"))
    with refused, pytest.raises(BooksUnavailable):
        process.books.find_many("JournalEntry", numbers)


def test_several_threads_share_a_connection(there: World, process: Process) -> None:
    """Ten at once, each with its own answer and Intuit's own id of it; nobody is turned away."""
    writes = [_create(process, f"AMZ-{number}-1", number) for number in range(1, 9)]
    inside = threading.Barrier(len(writes), timeout=20)

    def together(_practice: PracticeQuickBooks) -> None:
        inside.wait()

    there.practice.add_faults([{"match": {"op": "create", "times": 0}, "do": together}])
    replies: dict[int, Any] = {}

    def send(number: int) -> None:
        replies[number] = process.books.send("JournalEntry", writes[number].body, f"request-{number}")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(writes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: reply.document.doc_number for number, reply in replies.items()} == {
        number: f"AMZ-{number + 1}-1" for number in range(len(writes))
    }
    assert len({reply.intuit_tid for reply in replies.values()}) == len(writes)
