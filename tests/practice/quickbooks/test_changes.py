"""Change data capture."""

from tests.practice.quickbooks.raw_client import Client, Clock, exact
from tieout.practice.quickbooks import PracticeQuickBooks


def changes(client: Client, entities: str, since: str) -> list[dict[str, object]]:
    response = client.call("GET", "cdc", params={"entities": entities, "changedSince": since})
    assert response.status_code == 200, response.text
    (whole,) = exact(response)["CDCResponse"]
    return list(whole["QueryResponse"])


def test_created_changed_and_deleted_objects_are_told(client: Client, clock: Clock) -> None:
    old = client.ok("journalentry", client.simple_journal(DocNumber="old"))
    clock.advance(minutes=30)
    kept = client.ok("journalentry", client.simple_journal(DocNumber="kept"))
    gone = client.ok("journalentry", client.simple_journal(DocNumber="gone"))
    clock.advance(minutes=1)
    client.ok("journalentry", {"Id": gone["Id"], "SyncToken": "0"}, operation="delete")
    clock.advance(minutes=1)
    client.ok("journalentry", {"Id": old["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    accounts, journals = changes(client, "Account,JournalEntry", "2026-02-10T12:15:00-08:00")
    assert accounts == {}
    assert (journals["startPosition"], journals["maxResults"], journals["totalCount"]) == (1, 3, 3)
    entries = journals["JournalEntry"]
    assert isinstance(entries, list)
    assert [entry["Id"] for entry in entries] == [kept["Id"], old["Id"], gone["Id"]]
    assert entries[1]["PrivateNote"] == "x"
    assert entries[2] == {
        "status": "Deleted",
        "domain": "QBO",
        "Id": gone["Id"],
        "MetaData": {"LastUpdatedTime": "2026-02-10T12:31:00-08:00"},
    }


def test_times_without_a_zone_and_with_a_lost_plus_are_read(client: Client, clock: Clock) -> None:
    client.ok("journalentry", client.simple_journal())
    assert changes(client, "journalentry", "2026-02-10T12:00:00") != [{}]
    assert changes(client, "journalentry", "2026-02-10T12:00:01") == [{}]
    assert changes(client, "journalentry", "2026-02-10T20:00:00 00:00") != [{}]
    assert changes(client, "journalentry", "2026-02-10") != [{}]


def test_what_change_data_capture_refuses(client: Client) -> None:
    for params, code in (
        ({"entities": "JournalEntry", "changedSince": "2026-01-11T19:00:00Z"}, "2190"),
        ({"entities": "JournalEntry", "changedSince": "yesterday"}, "2070"),
        ({"entities": "JournalEntry"}, "2070"),
        ({"changedSince": "2026-02-10"}, "2020"),
        ({"entities": "TaxCode", "changedSince": "2026-02-10"}, "2000"),
        ({"entities": "Nonsense", "changedSince": "2026-02-10"}, "2000"),
    ):
        response = client.call("GET", "cdc", params=params)
        assert response.json()["Fault"]["Error"][0]["code"] == code, params


def test_a_thousand_objects_at_most(client: Client, practice: PracticeQuickBooks) -> None:
    body = client.simple_journal()
    for _ in range(1003):
        practice.create_as_person("JournalEntry", body)
    accounts, journals = changes(client, "Account,JournalEntry", "2026-02-10")
    told = [len(part[kind]) for part, kind in ((accounts, "Account"), (journals, "JournalEntry"))]  # type: ignore[arg-type]
    assert sum(told) == 1000
