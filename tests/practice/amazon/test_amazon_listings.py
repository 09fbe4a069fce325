"""Listings change as Amazon changes them: some operations drop siblings, none is through at once."""

import gzip
import json
from urllib.parse import quote

import pytest

from tieout.practice.shop.records import Channel

US, UK, DE = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
ITEMS, FEEDS = "/listings/2021-08-01/items", "/feeds/2021-06-30"
JSON_TYPE = "application/json; charset=UTF-8"


class Item:
    """One listing in one marketplace, over HTTP."""

    def __init__(self, client, sku: str, marketplace_id: str = US) -> None:
        self.client, self.marketplace_id = client, marketplace_id
        self.path = f"{ITEMS}/{client.connection['seller_id']}/{quote(sku, safe='')}"

    def get(self) -> dict:
        parts = "summaries,attributes,issues,offers,fulfillmentAvailability"
        answer = self.client.get(self.path, marketplaceIds=self.marketplace_id, includedData=parts)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def patch(self, op: str, name: str, value: object = None, **params: str) -> dict:
        change = {"op": op, "path": f"/attributes/{name}"} | ({} if value is None else {"value": value})
        body = {"productType": "HOME", "patches": [change]}
        query = {"marketplaceIds": self.marketplace_id, **params}
        answer = self.client.call("PATCH", self.path, params=query, data=json.dumps(body))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stock(self, quantity: object, op: str = "merge", **params: str) -> dict:
        value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
        return self.patch(op, "fulfillment_availability", value, **params)

    def through(self) -> dict:
        self.client.clock.forward(seconds=3)
        return self.get()["attributes"]


@pytest.fixture
def own(shop):
    """A listing of a product the seller sends, with a business price."""
    return next(
        one
        for one in shop.listings("US")
        if one.product.channel is Channel.FBM and one.business_price and one.active and one.quantity
    )


@pytest.fixture
def item(amazon, own) -> Item:
    return Item(amazon, own.product.sku)


def price_of(attributes: dict, audience: str = "ALL"):
    for offer in attributes["purchasable_offer"]:
        if offer["audience"] == audience:
            return offer["our_price"][0]["schedule"][0]["value_with_tax"]
    return None


def offer(price: object, **members: object) -> list[dict]:
    schedule = [{"schedule": [{"value_with_tax": price}]}]
    return [{"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": schedule, **members}]


def test_accepted_is_not_applied_until_later(item, own) -> None:
    before = item.get()["fulfillmentAvailability"]
    told = item.stock(91)
    assert (told["status"], told["issues"]) == ("ACCEPTED", [])
    assert item.get()["fulfillmentAvailability"] == before
    stock = item.through()["fulfillment_availability"]
    assert stock == [
        {"fulfillment_channel_code": "DEFAULT", "quantity": 91, "lead_time_to_ship_max_days": own.lead_days}
    ]


def test_merge_keeps_the_siblings_of_a_price(item, own) -> None:
    before = item.get()["attributes"]["purchasable_offer"]
    item.patch("merge", "purchasable_offer", offer(own.price // 100 + 0.5))
    after = item.through()["purchasable_offer"]
    assert price_of({"purchasable_offer": after}) == own.price // 100 + 0.5
    assert [set(one) for one in after] == [set(one) for one in before]
    assert after[1] == before[1]
    for sibling in ("minimum_seller_allowed_price", "maximum_seller_allowed_price", "discounted_price"):
        assert after[0][sibling] == before[0][sibling]


@pytest.mark.parametrize("op", ["replace", "add"])
def test_replace_drops_siblings(item, op) -> None:
    item.patch(op, "purchasable_offer", offer(12.5))
    after = item.through()["purchasable_offer"]
    assert after == offer(12.5)
    item.patch(op, "fulfillment_availability", [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}])
    assert item.through()["fulfillment_availability"] == [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]


def test_delete_takes_an_instance_or_the_whole_attribute(item) -> None:
    item.patch("delete", "purchasable_offer", [{"marketplace_id": US, "audience": "B2B"}])
    attributes = item.through()
    assert price_of(attributes, "B2B") is None
    assert price_of(attributes) is not None
    item.patch("delete", "purchasable_offer")
    assert "purchasable_offer" not in item.through()
    assert item.get()["offers"] == []


def test_patches_apply_in_their_order_and_one_marketplace_at_a_time(item, amazon, own) -> None:
    german = Item(amazon, own.product.sku, DE).get()["attributes"]
    for quantity in (8, 9):
        item.patch(
            "merge", "fulfillment_availability", [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
        )
    assert item.through()["fulfillment_availability"][0]["quantity"] == 9
    assert Item(amazon, own.product.sku, DE).get()["attributes"] == german


def test_a_preview_changes_nothing(item) -> None:
    before = item.get()
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}]
    assert item.patch("replace", "fulfillment_availability", value, mode="VALIDATION_PREVIEW")["status"] == "VALID"
    value[0]["quantity"] = -3
    told = item.patch("replace", "fulfillment_availability", value, mode="VALIDATION_PREVIEW")
    assert (told["status"], told["issues"][0]["severity"]) == ("INVALID", "ERROR")
    item.through()
    assert item.get() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purchasable_offer", offer(0)),
        ("purchasable_offer", offer(-5)),
        ("purchasable_offer", offer("12.00")),
        ("purchasable_offer", [{**offer(5)[0], "currency": "EUR"}]),
        ("purchasable_offer", [{**offer(5)[0], "marketplace_id": DE}]),
        ("fulfillment_availability", [{"fulfillment_channel_code": "DEFAULT", "quantity": -1}]),
        ("fulfillment_availability", [{"fulfillment_channel_code": "DEFAULT", "quantity": "3"}]),
    ],
)
def test_what_cannot_be_is_invalid_and_leaves_the_listing_alone(item, name, value) -> None:
    before = item.get()["attributes"]
    told = item.patch("merge", name, value)
    assert told["status"] == "INVALID"
    assert told["issues"][0]["attributeNames"] == [name]
    assert item.through() == before


@pytest.mark.parametrize("path", ["/attributes/purchasable_offer/0", "/attributes/", "purchasable_offer", 7])
def test_only_whole_attributes_can_be_patched(item, amazon, path) -> None:
    body = {"productType": "HOME", "patches": [{"op": "replace", "path": path, "value": offer(5)}]}
    answer = amazon.call("PATCH", item.path, params={"marketplaceIds": US}, json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Invalid path provided in patch"[:30] + "."


def test_a_quantity_for_amazons_goods_is_taken_in_and_adds_a_second_channel(amazon, shop) -> None:
    stored = next(one for one in shop.listings("US") if one.product.channel is Channel.FBA)
    item = Item(amazon, stored.product.sku)
    assert item.get()["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "AMAZON_NA"}]
    told = item.stock(6)
    assert told["status"] == "ACCEPTED"
    codes = [one["fulfillment_channel_code"] for one in item.through()["fulfillment_availability"]]
    assert codes == ["AMAZON_NA", "DEFAULT"]


def test_a_price_outside_the_sellers_bounds_takes_the_offer_down(item, own) -> None:
    assert item.get()["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    item.patch("merge", "purchasable_offer", offer(own.ceiling // 100 + 5))
    item.through()
    told = item.get()
    assert told["summaries"][0]["status"] == ["DISCOVERABLE"]
    assert told["issues"][0]["categories"] == ["INVALID_PRICE"]


def test_zero_ends_the_offer(item) -> None:
    item.stock(0)
    item.through()
    assert item.get()["summaries"][0]["status"] == ["DISCOVERABLE"]


def test_search_pages_through_every_sku_or_finds_some(amazon, shop) -> None:
    path = f"{ITEMS}/{amazon.connection['seller_id']}"
    found, params = [], {"marketplaceIds": UK, "pageSize": 7}
    while True:
        body = amazon.get(path, **params).json()
        found += [one["sku"] for one in body["items"]]
        if "nextToken" not in body.get("pagination", {}):
            break
        params["pageToken"] = body["pagination"]["nextToken"]
    assert found == [product.sku for product in shop.products]
    two = [shop.products[3].sku, shop.products[1].sku]
    body = amazon.get(path, marketplaceIds=UK, identifiers=",".join(two), identifiersType="SKU").json()
    assert sorted(one["sku"] for one in body["items"]) == sorted(two)


def test_listings_report_tells_what_was_changed(item, amazon, own) -> None:
    item.stock(77)
    amazon.clock.forward(seconds=4)
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    report = amazon.call("POST", "/reports/2021-06-30/reports", json=body).json()["reportId"]
    amazon.clock.forward(seconds=6)
    document = amazon.get(f"/reports/2021-06-30/reports/{report}").json()["reportDocumentId"]
    url = amazon.get(f"/reports/2021-06-30/documents/{document}").json()["url"]
    lines = gzip.decompress(amazon.session.get(url, timeout=5).content).decode().splitlines()
    row = next(line.split("\t") for line in lines if line.split("\t")[3] == own.product.sku)
    assert row[5] == "77"


def send_feed(client, messages: list[dict], **header: str) -> dict:
    made = client.call("POST", FEEDS + "/documents", json={"contentType": JSON_TYPE}).json()
    feed = {"header": {"sellerId": client.connection["seller_id"], "version": "2.0", **header}, "messages": messages}
    put = client.session.put(made["url"], data=json.dumps(feed), headers={"content-type": JSON_TYPE}, timeout=5)
    assert put.status_code == 200
    body = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US], "inputFeedDocumentId": made["feedDocumentId"]}
    feed_id = client.call("POST", FEEDS + "/feeds", json=body).json()["feedId"]
    states = []
    while not states or states[-1]["processingStatus"] in ("IN_QUEUE", "IN_PROGRESS"):
        states.append(client.get(f"{FEEDS}/feeds/{feed_id}").json())
        client.clock.forward(seconds=1)
    assert [one["processingStatus"] for one in states[:3:2]] == ["IN_QUEUE", "IN_PROGRESS"]
    return states[-1]


def processing_report(client, feed: dict) -> dict:
    told = client.get(f"{FEEDS}/documents/{feed['resultFeedDocumentId']}").json()
    return json.loads(gzip.decompress(client.session.get(told["url"], timeout=5).content))


def test_a_feed_changes_what_it_can_and_tells_what_it_cannot(item, amazon, own, shop) -> None:
    skus = [one.product.sku for one in shop.listings("US") if one.product.channel is Channel.FBM]
    stock = {"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 55}]}
    messages = [
        {
            "messageId": 1,
            "sku": skus[0],
            "operationType": "PARTIAL_UPDATE",
            "productType": "HOME",
            "attributes": stock,
        },
        {"messageId": 2, "sku": "NO SUCH", "operationType": "PARTIAL_UPDATE", "attributes": stock},
        {
            "messageId": 3,
            "sku": skus[1],
            "operationType": "PATCH",
            "patches": [{"op": "move", "path": "/attributes/x"}],
        },
        {"messageId": 4, "sku": skus[2], "operationType": "DELETE"},
    ]
    feed = send_feed(amazon, messages)
    assert feed["processingStatus"] == "DONE"
    report = processing_report(amazon, feed)
    assert report["summary"] == {
        "errors": 2,
        "warnings": 0,
        "messagesProcessed": 4,
        "messagesAccepted": 2,
        "messagesInvalid": 2,
    }
    assert [(one["messageId"], one["sku"]) for one in report["issues"]] == [(2, "NO SUCH"), (3, skus[1])]
    assert Item(amazon, skus[0]).get()["fulfillmentAvailability"] == [
        {"fulfillmentChannelCode": "DEFAULT", "quantity": 55}
    ]
    assert Item(amazon, skus[2]).get()["offers"] == []


@pytest.mark.parametrize("broken", [{"sellerId": "SOMEBODY"}, {"version": "1.0"}])
def test_a_feed_that_is_none_ends_fatal_and_says_so(amazon, broken) -> None:
    feed = send_feed(amazon, [{"messageId": 1, "sku": "A", "operationType": "DELETE"}], **broken)
    assert feed["processingStatus"] == "FATAL"
    assert processing_report(amazon, feed)["summary"]["messagesProcessed"] == 0


def test_an_upload_must_come_in_time_and_be_what_it_was_said_to_be(amazon) -> None:
    made = amazon.call("POST", FEEDS + "/documents", json={"contentType": JSON_TYPE}).json()
    wrong = amazon.session.put(made["url"], data=b"{}", headers={"content-type": "text/plain"}, timeout=5)
    assert wrong.status_code == 403
    amazon.clock.forward(seconds=301)
    late = amazon.session.put(made["url"], data=b"{}", headers={"content-type": JSON_TYPE}, timeout=5)
    assert late.status_code == 403
    body = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US], "inputFeedDocumentId": made["feedDocumentId"]}
    assert amazon.call("POST", FEEDS + "/feeds", json=body).status_code == 400
