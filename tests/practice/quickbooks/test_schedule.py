"""The fault schedule: what goes wrong, when, and what had been done by then."""

import json
import threading
from typing import Any

import pytest
import requests

from tests.practice.quickbooks.raw_client import Client, Clock
from tieout.practice.quickbooks import PracticeQuickBooks

BROKEN = (requests.exceptions.ConnectionError, requests.exceptions.Timeout)


def on_create(do: str, **options: Any) -> list[dict[str, Any]]:
    return [{"match": {"op": "create", "entity": "JournalEntry"}, "do": do, **options}]


@pytest.mark.parametrize(
    ("do", "status"), [("throttle", 429), ("error5xx", 500), ("html503", 503), ("unauthorized", 401)]
)
def test_refused_before_the_work(client: Client, practice: PracticeQuickBooks, do: str, status: int) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create(do))
    response = client.post("journalentry", body)
    assert response.status_code == status
    assert response.headers["intuit_tid"]
    assert practice.write_requests() == 0
    client.ok("journalentry", body)


def test_the_throttle_body_is_intuits(client: Client, practice: PracticeQuickBooks) -> None:
    practice.add_faults([{"do": "throttle"}])
    fault = client.call("GET", "preferences").json()["Fault"]
    assert fault["type"] == "SERVICE"
    assert fault["Error"][0]["Message"] == "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    assert fault["Error"][0]["code"] == "3001"


def test_html_is_not_json(client: Client, practice: PracticeQuickBooks) -> None:
    practice.add_faults([{"do": "html503"}])
    response = client.call("GET", "preferences")
    assert response.text.startswith("<html>")
    assert response.headers["Content-Type"] == "text/html"


def test_a_fault_under_status_200(client: Client, practice: PracticeQuickBooks) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create("fault_in_200"))
    response = client.post("journalentry", body)
    assert response.status_code == 200
    assert response.json()["Fault"]["Error"][0]["code"] == "6000"
    assert practice.write_requests() == 0


@pytest.mark.parametrize(
    ("do", "done"), [("reset", 0), ("timeout_before", 0), ("reset_after", 1), ("timeout_after", 1)]
)
def test_silence_before_and_after_the_work(client: Client, practice: PracticeQuickBooks, do: str, done: int) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create(do))
    client.timeout = 0.2
    with pytest.raises(BROKEN):
        client.post("journalentry", body)
    client.timeout = 10
    assert practice.write_requests() == done
    assert client.query("select count(*) from JournalEntry")["totalCount"] == done


@pytest.mark.parametrize("do", ["error5xx_after", "garbage_after"])
def test_a_useless_answer_after_the_work(client: Client, practice: PracticeQuickBooks, do: str) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create(do))
    response = client.post("journalentry", body)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()
    assert practice.write_requests() == 1


def test_the_nth_matching_request_and_some_after_it(client: Client, practice: PracticeQuickBooks) -> None:
    body = client.simple_journal()
    practice.add_faults(
        [{"match": {"path": "journalentry", "method": "POST", "nth": 2, "times": 2}, "do": "throttle"}]
    )
    statuses = [client.post("journalentry", body).status_code for _ in range(5)]
    assert statuses == [200, 429, 429, 200, 200]
    practice.add_faults([{"match": {"op": "create", "times": 0}, "do": "html503"}])
    assert {client.post("journalentry", body).status_code for _ in range(4)} == {503}
    practice.clear_faults()
    client.ok("journalentry", body)


def test_a_lagging_query_does_not_see_what_was_just_made(
    client: Client, practice: PracticeQuickBooks, clock: Clock
) -> None:
    client.ok("journalentry", client.simple_journal(DocNumber="early"))
    clock.advance(seconds=60)
    late = client.ok("journalentry", client.simple_journal(DocNumber="late"))
    practice.add_faults([{"match": {"op": "query", "times": 2}, "do": "lag", "seconds": 5}])
    found = client.query("select * from JournalEntry")["JournalEntry"]
    assert [entry["DocNumber"] for entry in found] == ["early"]
    assert client.read(f"journalentry/{late['Id']}")["DocNumber"] == "late"
    clock.advance(seconds=6)
    assert client.query("select count(*) from JournalEntry") == {"totalCount": 2}


def test_the_books_are_closed_and_an_account_is_made_inactive_on_the_way(
    client: Client, practice: PracticeQuickBooks
) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create("close_period", date="2026-01-31"))
    assert client.code("journalentry", body) == "6200"
    practice.close_books(None)
    practice.add_faults(on_create("inactivate_account", account="Amazon Clearing"))
    assert client.code("journalentry", body) == "610"


def test_an_ended_subscription(client: Client, practice: PracticeQuickBooks) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create("subscription_ended"))
    assert client.code("journalentry", body) == "6190"


def test_a_function_may_act_in_the_middle(client: Client, practice: PracticeQuickBooks) -> None:
    made = client.ok("journalentry", client.simple_journal())

    def someone_edits(company: PracticeQuickBooks) -> None:
        company.edit_as_person("JournalEntry", made["Id"], {"PrivateNote": "mine"})

    practice.add_faults([{"match": {"op": "delete"}, "do": someone_edits}])
    assert client.code("journalentry", {"Id": made["Id"], "SyncToken": "0"}, operation="delete") == "5010"


def test_slow_is_slow_but_works(client: Client, practice: PracticeQuickBooks) -> None:
    body = client.simple_journal()
    practice.add_faults(on_create("slow", seconds=0.05))
    client.ok("journalentry", body)
    assert practice.faults_done() == ["slow"]


def test_the_token_endpoint_can_fail_too(client: Client, practice: PracticeQuickBooks) -> None:
    practice.add_faults([{"match": {"op": "token"}, "do": "html503"}])
    form = {"grant_type": "refresh_token", "refresh_token": client.refresh_token}
    assert client.grant(form).status_code == 503
    assert client.grant(form).status_code == 200


def test_a_schedule_is_plain_json(clock: Clock) -> None:
    text = '[{"match": {"op": "preferences", "nth": 1}, "do": "throttle"}]'
    with PracticeQuickBooks(faults=json.loads(text), clock=clock) as practice, requests.Session() as session:
        client = Client(practice, session, practice.connection()["refresh_token"])
        client.refresh()
        assert client.call("GET", "preferences").status_code == 429
        assert client.call("GET", "preferences").status_code == 200


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({"do": "explode"}, "no fault"),
        ({"match": {"op": "steal"}, "do": "reset"}, "no operation"),
        ({"match": {"verb": "GET"}, "do": "reset"}, "verb"),
        ({"match": {"nth": 0}, "do": "reset"}, "counts from 1"),
        ({"do": "slow"}, "seconds"),
        ({"do": "close_period"}, "date"),
        ({}, "'do'"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused_early(entry: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        PracticeQuickBooks(faults=[entry])


def test_stopping_ends_held_requests_and_leaves_no_thread(clock: Clock) -> None:
    before = set(threading.enumerate())
    arrived = threading.Event()
    faults: list[dict[str, Any]] = [
        {"match": {"op": "preferences"}, "do": lambda _practice: arrived.set()},
        {"match": {"op": "preferences"}, "do": "timeout_before"},
    ]
    practice = PracticeQuickBooks(clock=clock, faults=faults).start()
    with requests.Session() as session:
        url = f"{practice.connection()['endpoint']}{practice.connection()['realm_id']}/preferences"
        failed: list[type[BaseException]] = []

        def ask() -> None:
            try:
                session.get(url, timeout=10)
            except BROKEN as error:
                failed.append(type(error))

        asking = threading.Thread(target=ask)
        asking.start()
        assert arrived.wait(10)
        practice.stop()
        asking.join()
        practice.stop()
    assert len(failed) == 1
    assert set(threading.enumerate()) <= before
