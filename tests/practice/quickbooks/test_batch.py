"""/batch."""

from typing import Any

from tests.practice.quickbooks.raw_client import Client, Clock, Shop, connected, exact, key
from tieout.practice.quickbooks import PracticeQuickBooks


def batch(client: Client, *items: dict[str, Any], **params: str) -> list[dict[str, Any]]:
    response = client.post("batch", {"BatchItemRequest": list(items)}, **params)
    assert response.status_code == 200, response.text
    return list(exact(response)["BatchItemResponse"])


def item(b_id: str, operation: str, **entity: Any) -> dict[str, Any]:
    return {"bId": b_id, "operation": operation, **entity}


def codes(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["Fault"]["Error"][0]["code"] if "Fault" in answer else "ok" for answer in answers]


def test_items_are_answered_each_by_itself(client: Client, practice: PracticeQuickBooks) -> None:
    made = client.ok("journalentry", client.simple_journal())
    answers = batch(
        client,
        item("a", "create", JournalEntry=client.simple_journal(DocNumber="in batch")),
        item("b", "create", JournalEntry=client.simple_journal(Line=[])),
        item("c", "update", JournalEntry={**key(made), "sparse": True, "PrivateNote": "n"}),
        item("d", "delete", JournalEntry={"Id": "99", "SyncToken": "0"}),
        {"bId": "e", "Query": "select * from JournalEntry"},
        item("f", "create", Nonsense={}),
        item("g", "merge", JournalEntry={}),
    )
    assert [answer["bId"] for answer in answers] == ["a", "b", "c", "d", "e", "f", "g"]
    assert codes(answers) == ["ok", "2250", "ok", "610", "ok", "2000", "500"]
    assert answers[0]["JournalEntry"]["DocNumber"] == "in batch"
    assert practice.write_requests() == 3


def test_items_do_not_see_one_another(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    highest = max(int(entry["Id"]) for entry in practice.transactions("Customer")) + 2
    answers = batch(
        client,
        item("1", "create", Customer={"DisplayName": "New"}),
        item("2", "create", Invoice=shop.sale(shop.sold("5"), CustomerRef={"value": str(highest)})),
        {"bId": "3", "Query": "select * from Customer where DisplayName = 'New'"},
        item("4", "create", Customer={"DisplayName": "new"}),
    )
    assert codes(answers) == ["ok", "2500", "ok", "6240"]
    assert answers[0]["Customer"]["Id"] == str(highest)
    assert answers[2]["QueryResponse"] == {}
    assert client.query("select count(*) from Customer where DisplayName = 'New'") == {"totalCount": 1}


def test_thirty_items_at_most(client: Client) -> None:
    items = [{"bId": str(number), "Query": "select count(*) from Account"} for number in range(31)]
    assert len(batch(client, *items[:30])) == 30
    assert client.code("batch", {"BatchItemRequest": items}) == "1040"
    assert client.code("batch", {"BatchItemRequest": []}) == "2020"
    assert client.code("batch", {"BatchItemRequest": [{"Query": "select * from Account"}]}) == "2020"


def test_a_batch_with_a_request_id_is_replayed_whole(client: Client, practice: PracticeQuickBooks) -> None:
    items = [item(str(number), "create", JournalEntry=client.simple_journal()) for number in range(3)]
    first = batch(client, *items, requestid="r" * 36)
    assert batch(client, *items, requestid="r" * 36) == first
    assert practice.write_requests() == 3
    assert client.code("batch", {"BatchItemRequest": items}, requestid="r" * 37) == "2130"
    long = [{**items[0], "bId": "b" * 11}]
    assert client.code("batch", {"BatchItemRequest": long}, requestid="other") == "2130"
    assert len(batch(client, *long)) == 1


def test_voids_and_options_in_a_batch(client: Client, shop: Shop) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("5"), DocNumber="A"))
    receipt = client.ok("salesreceipt", shop.sale(shop.sold("5")))
    answers = batch(
        client,
        item("1", "void", Invoice=key(invoice)),
        {**item("2", "update", SalesReceipt={**key(receipt), "sparse": True}), "optionsData": "void"},
        item("3", "create", Invoice=shop.sale(shop.sold("5"), DocNumber="A")),
        {
            **item("4", "create", Invoice=shop.sale(shop.sold("5"), DocNumber="A")),
            "optionsData": "allowduplicatedocnum",
        },
    )
    assert codes(answers) == ["ok", "ok", "6140", "ok"]
    assert answers[0]["Invoice"]["PrivateNote"] == answers[1]["SalesReceipt"]["PrivateNote"] == "Voided"


def test_batches_are_limited_by_themselves(clock: Clock) -> None:
    with PracticeQuickBooks(clock=clock) as practice, connected(practice) as client:
        statuses = []
        for _ in range(42):
            body = {"BatchItemRequest": [{"bId": "1", "Query": "select count(*) from Account"}]}
            statuses.append(client.post("batch", body).status_code)
            clock.advance(seconds=1)
        assert statuses == [200] * 40 + [429] * 2
