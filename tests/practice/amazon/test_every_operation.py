"""Each operation that practice Amazon has is called once with success, and its answer fits Amazon's model.

`SAMPLES` has a call for every operation: one that is added to the server without one fails here.
"""

import json
from collections.abc import Callable
from pathlib import Path
from re import sub
from typing import Any

import pytest

from tests.practice.amazon.client import PlainClient
from tests.practice.amazon.models import faults_of, operations
from tieout.practice.amazon.operations import OPERATIONS
from tieout.practice.amazon.report_kinds import SETTLEMENTS
from tieout.practice.shop import Shop

pytestmark = pytest.mark.vendor_specs
US, UK = "ATVPDKIKX0DER", "A1F83G8C2ARO7P"
LISTINGS_REPORT = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
JSON_UTF8 = "application/json; charset=UTF-8"


class Amazon:
    """A client, the shop behind it, and the operation that is tried."""

    def __init__(self, client: PlainClient, shop: Shop) -> None:
        self.client, self.shop = client, shop
        self.seller = client.connection["seller_id"]
        self.order_id = next(iter(shop.orders("US"))).order_id
        self.sku = next(one.product.sku for one in shop.listings("US") if one.quantity)
        self.patch = {
            "productType": "HOME",
            "patches": [
                {
                    "op": "merge",
                    "path": "/attributes/fulfillment_availability",
                    "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}],
                }
            ],
        }

    def ask(self, name: str, *parts: str, **options: Any) -> Any:
        """The answer of an operation by its name."""
        operation = next(one for one in OPERATIONS if one.name == name)
        path = operation.path
        for part in parts:
            path = path.replace("{}", part, 1)
        return self.client.call(operation.method, path, **options)

    def report(self) -> str:
        """A report that is being made."""
        return str(self.ask("createReport", json=LISTINGS_REPORT).json()["reportId"])

    def settlement(self) -> dict[str, str]:
        """A settlement report that is listed."""
        found: dict[str, str] = self.ask("getReports", params={"reportTypes": SETTLEMENTS}).json()["reports"][0]
        return found

    def feed(self) -> str:
        """A feed that was sent up."""
        document = self.ask("createFeedDocument", json={"contentType": JSON_UTF8}).json()
        header = {"sellerId": self.seller, "version": "2.0"}
        message = {"messageId": 1, "sku": self.sku, "operationType": "PATCH", **self.patch}
        body = json.dumps({"header": header, "messages": [message]})
        self.client.session.put(document["url"], data=body, headers={"content-type": JSON_UTF8}, timeout=5)
        asked = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US]}
        asked["inputFeedDocumentId"] = document["feedDocumentId"]
        return str(self.ask("createFeed", json=asked).json()["feedId"])

    def feed_result(self) -> str:
        """The document that tells what came of a feed."""
        feed_id = self.feed()
        self.client.clock.forward(seconds=30)
        return str(self.ask("getFeed", feed_id).json()["resultFeedDocumentId"])

    def feed_request(self) -> dict[str, Any]:
        """What asks for a feed of a document that is there."""
        document = self.ask("createFeedDocument", json={"contentType": JSON_UTF8}).json()
        self.client.session.put(document["url"], data="{}", headers={"content-type": JSON_UTF8}, timeout=5)
        return {
            "feedType": "JSON_LISTINGS_FEED",
            "marketplaceIds": [US],
            "inputFeedDocumentId": document["feedDocumentId"],
        }


# The practice seller's feeds are begun as soon as they are sent, so that none is in the queue.
_NEVER_DONE = frozenset({"cancelFeed"})
_IN_US = {"marketplaceIds": US}
SAMPLES: dict[str, Callable[[Amazon], tuple[tuple[str, ...], dict[str, Any]]]] = {
    "getMarketplaceParticipations": lambda a: ((), {}),
    "getAccount": lambda a: ((), {}),
    "getOrders": lambda a: ((), {"params": {"MarketplaceIds": US, "CreatedAfter": a.client.moment(days=60)}}),
    "getOrderV0": lambda a: ((a.order_id,), {}),
    "getOrderItems": lambda a: ((a.order_id,), {}),
    "getOrderAddress": lambda a: ((a.order_id,), {}),
    "getOrderBuyerInfo": lambda a: ((a.order_id,), {}),
    "searchOrders": lambda a: ((), {"params": {"createdAfter": a.client.moment(days=60)}}),
    "getOrder": lambda a: ((a.order_id,), {}),
    "getReports": lambda a: ((), {"params": {"reportTypes": SETTLEMENTS}}),
    "createReport": lambda a: ((), {"json": LISTINGS_REPORT}),
    "getReport": lambda a: ((a.report(),), {}),
    "cancelReport": lambda a: ((a.report(),), {}),
    "getReportDocument": lambda a: ((a.settlement()["reportDocumentId"],), {}),
    "createFeedDocument": lambda a: ((), {"json": {"contentType": JSON_UTF8}}),
    "createFeed": lambda a: ((), {"json": a.feed_request()}),
    "getFeeds": lambda a: ((), {"params": {"feedTypes": "JSON_LISTINGS_FEED"}}),
    "getFeed": lambda a: ((a.feed(),), {}),
    "cancelFeed": lambda a: ((a.feed(),), {}),
    "getFeedDocument": lambda a: ((a.feed_result(),), {}),
    "getListingsItem": lambda a: ((a.seller, a.sku), {"params": _IN_US}),
    "patchListingsItem": lambda a: ((a.seller, a.sku), {"params": _IN_US, "json": a.patch}),
    "putListingsItem": lambda a: (
        (a.seller, a.sku),
        {"params": _IN_US, "json": {"productType": "HOME", "attributes": {"item_name": [{"value": "Mug"}]}}},
    ),
    "deleteListingsItem": lambda a: ((a.seller, a.sku), {"params": _IN_US}),
    "searchListingsItems": lambda a: ((a.seller,), {"params": _IN_US}),
    "listTransactions": lambda a: ((), {"params": {"postedAfter": a.client.moment(days=60)}}),
    "getInventorySummaries": lambda a: (
        (),
        {"params": {"granularityType": "Marketplace", "granularityId": UK, "marketplaceIds": UK}},
    ),
    "createRestrictedDataToken": lambda a: (
        (),
        {"json": {"restrictedResources": [{"method": "GET", "path": "/orders/v0/orders/{orderId}/address"}]}},
    ),
}


def test_there_is_a_call_for_every_operation() -> None:
    assert set(SAMPLES) == {operation.name for operation in OPERATIONS}


@pytest.mark.parametrize("name", [operation.name for operation in OPERATIONS])
def test_an_operation_answers_as_its_model_says(name: str, amazon: PlainClient, shop: Shop, shared: Path) -> None:
    there = Amazon(amazon, shop)
    parts, options = SAMPLES[name](there)
    answer = there.ask(name, *parts, **options)
    assert answer.status_code in ({200, 201, 202} if name not in _NEVER_DONE else {400}), answer.text
    models = shared / "specs" / "amazon"
    operation = next(one for one in OPERATIONS if one.name == name)
    published = {(method, sub(r"\{[^}]*\}", "{}", path)): path for method, path in operations(models)}
    path = published[operation.method, operation.path]
    assert faults_of(models, operation.method, path, answer.status_code, answer.json()) == []
