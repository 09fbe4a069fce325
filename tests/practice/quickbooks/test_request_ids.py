"""Request ids in their three moods."""

import pytest

from tests.practice.quickbooks.raw_client import Client, Clock, connected
from tieout.practice.quickbooks import PracticeQuickBooks


def test_replay_answers_the_same_again_and_does_nothing(client: Client, practice: PracticeQuickBooks) -> None:
    first = client.post("journalentry", client.simple_journal(), requestid="r-1")
    other = client.post("journalentry", client.simple_journal(amount="99"), requestid="r-1")
    assert other.text == first.text
    assert practice.write_requests() == 1
    assert len(practice.transactions("JournalEntry")) == 1
    client.ok("journalentry", client.simple_journal(), requestid="r-2")
    assert practice.write_requests() == 2


def test_a_refused_request_may_be_sent_again_under_its_id(client: Client) -> None:
    assert client.code("journalentry", client.simple_journal(Line=[]), requestid="r-1") == "2250"
    client.ok("journalentry", client.simple_journal(), requestid="r-1")


def test_error_600(clock: Clock) -> None:
    with PracticeQuickBooks(requestid="error600", limits=False, clock=clock) as strict, connected(strict) as client:
        made = client.ok("journalentry", client.simple_journal(), requestid="r-1")
        error = client.refused("journalentry", client.simple_journal(), requestid="r-1")
        assert (error["code"], error["Message"]) == ("600", "Duplicate Request ID")
        body = {"Id": made["Id"], "SyncToken": "0"}
        assert client.code("journalentry", body, operation="delete", requestid="r-1") == "600"
        assert strict.write_requests() == 1


def test_ignored(clock: Clock) -> None:
    with PracticeQuickBooks(requestid="ignored", limits=False, clock=clock) as loose, connected(loose) as client:
        first = client.ok("journalentry", client.simple_journal(), requestid="r-1")
        second = client.ok("journalentry", client.simple_journal(), requestid="r-1")
        assert first["Id"] != second["Id"]


def test_ignored_for_one_request_by_the_schedule(client: Client, practice: PracticeQuickBooks) -> None:
    client.ok("journalentry", client.simple_journal(), requestid="r-1")
    practice.add_faults([{"match": {"op": "create"}, "do": "requestid_ignored"}])
    client.ok("journalentry", client.simple_journal(), requestid="r-1")
    client.ok("journalentry", client.simple_journal(), requestid="r-1")
    assert practice.write_requests() == 2


@pytest.mark.parametrize(("length", "taken"), [(50, True), (51, False)])
def test_a_request_id_has_fifty_characters_at_most(client: Client, length: int, taken: bool) -> None:
    response = client.post("journalentry", client.simple_journal(), requestid="r" * length)
    assert (response.status_code == 200) is taken
    assert taken or response.json()["Fault"]["Error"][0]["code"] == "2130"


def test_a_request_id_on_a_read_means_nothing(client: Client) -> None:
    made = client.ok("journalentry", client.simple_journal(), requestid="r-1")
    assert client.call("GET", f"journalentry/{made['Id']}", params={"requestid": "r-1"}).status_code == 200
