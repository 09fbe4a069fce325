"""Answers of QuickBooks made to harm: nothing breaks, nothing is doubled, and what was sent is what counts."""

import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.faults.world import Effects, World, _DirectWire, two_settlements, world
from tests.hostile_json import every_place, json_text
from tieout.commands.posting_report import PostingReport
from tieout.commands.posting_run import How

Tamper = Callable[[requests.PreparedRequest, requests.Response], None]


class _Tampering(_DirectWire):
    """Brings answers that somebody changed on the way."""

    def __init__(self, there: World, tamper: Tamper) -> None:
        super().__init__(Effects(), there.practice)
        self._tamper = tamper

    def _fetched(self, request: requests.PreparedRequest, options: Any) -> requests.Response:
        response = super()._fetched(request, options)
        self._tamper(request, response)
        return response


def _press(there: World, tamper: Tamper, monkeypatch: pytest.MonkeyPatch) -> PostingReport:
    with monkeypatch.context() as patch:
        patch.setattr(there, "wire", lambda _effects: _Tampering(there, tamper))
        return there.post(two_settlements())


def _finish(there: World) -> None:
    """With honest answers, one press finishes the work: each document once."""
    assert there.post(two_settlements()).complete
    there.check_books(two_settlements())
    there.check_store()
    there.check_quiet(two_settlements())


def _echo(change: Callable[[dict[str, Any]], Any], method: str = "POST") -> Tamper:
    """Changes the documents in answers to their creation, or to their reading."""

    def tamper(request: requests.PreparedRequest, response: requests.Response) -> None:
        path = (request.url or "").split("?")[0]
        if request.method == method and "/journalentry" in path and response.status_code == 200:
            body = json.loads(response.content)
            body["JournalEntry"] = change(body["JournalEntry"])
            response._content = json.dumps(body).encode()

    return tamper


def _with_amount(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "Line": [{**line, "Amount": 1} for line in found["Line"]]}


HONEST_IN_THE_BOOKS = {
    "another amount": _with_amount,
    "another number": lambda found: {**found, "DocNumber": "AMZ-999-1"},
    "another note": lambda found: {**found, "PrivateNote": "paid"},
    "another version": lambda found: {**found, "SyncToken": "99"},
    "a note of ten megabytes": lambda found: {**found, "PrivateNote": "n" * 10_000_000},
}


@pytest.mark.parametrize("change", HONEST_IN_THE_BOOKS.values(), ids=HONEST_IN_THE_BOOKS)
def test_an_echo_is_not_believed_the_books_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], Any]
) -> None:
    with world(tmp_path, direct=True) as there:
        report = _press(there, _echo(change), monkeypatch)
        assert report.complete, report.findings
        assert [row.how for row in report.journals] == [How.CREATED] * 3
        _finish(there)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "identity", ["1", "7", "999999", "", "abc", "1/../../2", "-1", "1e3", "\ud800", None, [], {}, 10**30, True]
)
def test_an_echo_of_another_id_posts_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: object, method: str
) -> None:
    with world(tmp_path, direct=True) as there:
        report = _press(there, _echo(lambda found: {**found, "Id": identity}, method), monkeypatch)
        assert report.complete or report.findings
        numbers = [entry["DocNumber"] for entry in there.held()]
        assert len(numbers) == len(set(numbers))
        _finish(there)


def test_books_that_hold_another_amount_than_was_sent_are_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Creation and reading agree with each other, and not with what was sent."""
    with world(tmp_path, direct=True) as there:
        report = _press(there, _echo(_with_amount, "GET"), monkeypatch)
        assert not report.complete
        assert {finding.code for finding in report.findings} == {"changed-in-quickbooks", "earlier-part-not-posted"}


NO_ANSWERS = {
    "nothing": b"",
    "a list": b"[]",
    "a text": b'"yes"',
    "an empty object": b"{}",
    "not a number": b'{"JournalEntry":{"Id":"1","TxnDate":"2026-01-31","Line":[{"Amount":NaN}]}}',
    "nested": b'{"JournalEntry":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "of endless digits": b'{"JournalEntry":{"Id":' + b"9" * 10_000 + b"}}",
    "of a vast exponent": b'{"JournalEntry":{"Id":"1","TxnDate":"2026-01-31","Line":[{"Amount":1e999999999}]}}',
    "not UTF-8": b'{"JournalEntry":"\xff\xfe"}',
    "a fault that is none": b'{"Fault":[]}',
    "errors that are none": b'{"Fault":{"Error":"no"}}',
    "names that stand twice": b'{"JournalEntry":{"Id":"1"},"JournalEntry":null}',
}


@pytest.mark.parametrize("path", ["journalentry", "query", "preferences", "account", "bearer"])
@pytest.mark.parametrize("content", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_is_said_and_the_next_press_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, path: str
) -> None:
    def tamper(request: requests.PreparedRequest, response: requests.Response) -> None:
        if f"/{path}" in (request.url or "").split("?")[0]:
            response._content = content

    with world(tmp_path, direct=True) as there:
        report = _press(there, tamper, monkeypatch)
        assert report.complete or report.findings
        assert all(finding.what and finding.to_do for finding in report.findings)
        _finish(there)


HOSTILE = [
    *(None, True, [], {}, "", "x", -1, 10**40, Decimal("1E+400"), Decimal("0.001"), "\ud800", "2026-13-45"),
    *("../..", "'; DROP TABLE postings", "\x00", ["x"], {"value": None}, {"value": []}),
]


@pytest.mark.parametrize("seeds", [range(start, start + 40) for start in range(0, 160, 40)], ids=lambda each: each[0])
def test_one_value_of_an_answer_changed_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: range
) -> None:
    for seed in seeds:
        chance = random.Random(seed)
        which, changed = chance.randrange(12), []

        def tamper(
            _request: requests.PreparedRequest,
            response: requests.Response,
            chance: random.Random = chance,
            which: int = which,
            changed: list[str] = changed,
        ) -> None:
            changed.append("")
            if len(changed) - 1 != which or response.status_code != 200:
                return
            body = json.loads(response.content, parse_float=Decimal)
            *way, last = chance.choice(every_place(body))
            inner = body
            for key in way:
                inner = inner[key]
            inner[last] = chance.choice(HOSTILE)
            changed[-1] = f"{[*way, last]} = {inner[last]!r}"
            response._content = json_text(body).encode()

        with world(tmp_path / str(seed), direct=True) as there:
            try:
                report = _press(there, tamper, monkeypatch)
                assert report.complete or report.findings
                numbers = [entry["DocNumber"] for entry in there.held()]
                assert len(numbers) == len(set(numbers))
                there.clock.sleep(300)
                _finish(there)
            except Exception as error:
                error.add_note(f"seed {seed}: {' '.join(changed)}")
                raise
