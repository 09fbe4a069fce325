"""Every answer of practice Amazon, errors too, fits Amazon's published models."""

import json
from fractions import Fraction
from gzip import decompress
from pathlib import Path
from re import search, sub
from urllib.parse import quote

import pytest
from jsonschema import Draft7Validator

from tests.practice.amazon.client import PlainClient
from tests.practice.amazon.models import faults_of, operations
from tieout.practice.amazon.operations import OPERATIONS
from tieout.practice.amazon.report_kinds import SETTLEMENTS
from tieout.practice.shop.records import OrderKind

pytestmark = pytest.mark.vendor_specs
US, UK, DE = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
V0, NEW, REPORTS = "/orders/v0/orders", "/orders/2026-01-01/orders", "/reports/2021-06-30"
FEEDS, LISTINGS, FINANCES = "/feeds/2021-06-30", "/listings/2021-08-01/items", "/finances/2024-06-19/transactions"


@pytest.fixture
def models(shared: Path) -> Path:
    return shared / "specs" / "amazon"


class Checker:
    """Calls an operation by its path in the model and holds the answer against it."""

    def __init__(self, client: PlainClient, models: Path) -> None:
        self.client, self.models = client, models

    def __call__(self, status: int, method: str, path: str, *parts: str, **options):
        real = path
        for part in parts:
            real = real[: real.index("{")] + quote(part, safe="") + real[real.index("}") + 1 :]
        answer = self.client.call(method, real, **options)
        assert answer.status_code == status, answer.text
        body = answer.json()
        assert faults_of(self.models, method, path, status, body) == []
        return body


@pytest.fixture
def check(amazon: PlainClient, models: Path) -> Checker:
    return Checker(amazon, models)


def test_every_operation_has_the_path_and_the_usage_plan_of_its_model(models: Path) -> None:
    published = operations(models)
    for operation in OPERATIONS:
        places = [key for key in published if (key[0], _blank(key[1])) == (operation.method, _blank(operation.path))]
        assert len(places) == 1, operation
        _, model = published[places[0]]
        assert model["operationId"] == operation.name.removesuffix("V0")
        rate, burst = search(r"\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|", model["description"]).groups()
        assert Fraction(operation.plan.header) == Fraction(rate)
        assert operation.plan.burst == int(burst)


def _blank(path: str) -> str:
    return sub(r"\{[^}]*\}", "{}", path)


def test_sellers(check: Checker) -> None:
    body = check(200, "GET", "/sellers/v1/marketplaceParticipations")
    assert {one["marketplace"]["countryCode"] for one in body["payload"]} == {"US", "GB", "DE", "CA", "MX"}
    check(200, "GET", "/sellers/v1/account")


def test_orders_v0(check: Checker, shop) -> None:
    client = check.client
    body = check(200, "GET", V0, params={"MarketplaceIds": f"{US},{UK},{DE}", "CreatedAfter": client.moment(days=60)})
    assert len(body["payload"]["Orders"]) == 100
    token = body["payload"]["NextToken"]
    check(200, "GET", V0, params={"MarketplaceIds": US, "NextToken": token})
    for order in list(shop.orders("US"))[:40] + list(shop.orders("DE"))[:20] + list(shop.orders("UK"))[-5:]:
        check(200, "GET", V0 + "/{orderId}", order.order_id)
        check(200, "GET", V0 + "/{orderId}/orderItems", order.order_id)
    check(200, "GET", V0 + "/{orderId}/address", order.order_id)
    check(200, "GET", V0 + "/{orderId}/buyerInfo", order.order_id)
    check(404, "GET", V0 + "/{orderId}", "111-0000000-0000000")
    check(400, "GET", V0, params={"MarketplaceIds": US})
    check(400, "GET", V0, params={"CreatedAfter": client.moment(days=60)})
    check(400, "GET", V0, params={"MarketplaceIds": US, "CreatedAfter": "yesterday"})
    check(400, "GET", V0, params={"MarketplaceIds": US, "NextToken": token[:-4]})
    check(400, "GET", V0, params={"MarketplaceIds": "A1VC38T7YXB528", "CreatedAfter": client.moment(days=9)})


def test_orders_2026(check: Checker, shop) -> None:
    client = check.client
    everything = "PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,BUYER,RECIPIENT"
    params = {"createdAfter": client.moment(days=60), "includedData": everything}
    seen = 0
    while True:
        body = check(200, "GET", NEW, params=params)
        seen += len(body["orders"])
        if "pagination" not in body:
            break
        params = {"paginationToken": body["pagination"]["nextToken"], "includedData": everything}
    assert seen == len(list(shop.orders()))
    kinds = {order.kind: order for order in shop.orders("US")}
    for order in kinds.values():
        check(200, "GET", NEW + "/{orderId}", order.order_id, params={"includedData": everything})
    assert OrderKind.REPLACEMENT in kinds
    check(404, "GET", NEW + "/{orderId}", "S01-0000000-0000000")
    check(400, "GET", NEW, params={})
    check(400, "GET", NEW, params={**params, "createdAfter": client.moment(days=6), "includedData": "EVERYTHING"})


def test_reports(check: Checker) -> None:
    client = check.client
    body = check(200, "GET", REPORTS + "/reports", params={"reportTypes": SETTLEMENTS, "pageSize": 3})
    settlement = body["reports"][0]
    check(200, "GET", REPORTS + "/reports", params={"nextToken": body["nextToken"]})
    check(200, "GET", REPORTS + "/reports/{reportId}", settlement["reportId"])
    check(200, "GET", REPORTS + "/documents/{reportDocumentId}", settlement["reportDocumentId"])
    asked = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [US]}
    made = check(202, "POST", REPORTS + "/reports", json=asked)
    for _ in range(3):
        check(200, "GET", REPORTS + "/reports/{reportId}", made["reportId"])
        client.clock.forward(seconds=3)
    late = check(202, "POST", REPORTS + "/reports", json=asked)
    check(200, "DELETE", REPORTS + "/reports/{reportId}", late["reportId"])
    check(400, "DELETE", REPORTS + "/reports/{reportId}", made["reportId"])
    check(404, "GET", REPORTS + "/reports/{reportId}", "1")
    check(404, "GET", REPORTS + "/documents/{reportDocumentId}", "amzn1.spdoc.none")
    check(400, "GET", REPORTS + "/reports")
    check(400, "POST", REPORTS + "/reports", json={**asked, "reportType": SETTLEMENTS})
    check(400, "POST", REPORTS + "/reports", data=b"{")


def test_listings(check: Checker, shop) -> None:
    seller = check.client.connection["seller_id"]
    item = LISTINGS + "/{sellerId}/{sku}"
    parts = "summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes"
    for product in shop.products:
        params = {"marketplaceIds": US, "includedData": parts}
        body = check(200, "GET", item, seller, product.sku, params=params)
        assert body["sku"] == product.sku
    own = next(one.product.sku for one in shop.listings("US") if one.quantity)
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability"}
    change = {"fulfillment_channel_code": "DEFAULT", "quantity": 4}
    body = {"productType": "HOME", "patches": [{**patch, "value": [change]}]}
    params = {"marketplaceIds": US, "includedData": "identifiers,issues"}
    assert check(200, "PATCH", item, seller, own, json=body, params=params)["status"] == "ACCEPTED"
    preview = {**params, "mode": "VALIDATION_PREVIEW"}
    assert check(200, "PATCH", item, seller, own, json=body, params=preview)["status"] == "VALID"
    assert check(200, "PATCH", item, seller, "NONE", json=body, params=params)["status"] == "INVALID"
    full = {"productType": "HOME", "attributes": {"item_name": [{"value": "Mug"}]}}
    check(200, "PUT", item, seller, own, json=full, params=params)
    check(200, "DELETE", item, seller, own, params={"marketplaceIds": US})
    check(404, "GET", item, seller, "NONE", params={"marketplaceIds": US})
    check(403, "GET", item, "ASOMEBODYELSE", own, params={"marketplaceIds": US})
    check(400, "GET", item, seller, own)
    body["patches"][0]["path"] += "/0"
    check(400, "PATCH", item, seller, own, json=body, params=params)
    found = check(200, "GET", LISTINGS + "/{sellerId}", seller, params={"marketplaceIds": US, "pageSize": 20})
    assert found["numberOfResults"] == len(shop.products)
    check(400, "GET", LISTINGS + "/{sellerId}", seller, params={"marketplaceIds": US, "identifiers": "X"})


def test_feeds(check: Checker, shop, models: Path) -> None:
    client = check.client
    content_type = {"contentType": "application/json; charset=UTF-8"}
    document = check(201, "POST", FEEDS + "/documents", json=content_type)
    own = next(one.product.sku for one in shop.listings("US") if one.quantity)
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}]
    patches = [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}]
    message = {"operationType": "PATCH", "productType": "HOME", "patches": patches}
    feed = {
        "header": {"sellerId": client.connection["seller_id"], "version": "2.0"},
        "messages": [{"messageId": 1, "sku": own, **message}, {"messageId": 2, "sku": "NONE", **message}],
    }
    sent = client.session.put(
        document["url"], data=json.dumps(feed), headers={"content-type": content_type["contentType"]}, timeout=5
    )
    assert sent.status_code == 200
    specification = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [US]}
    specification["inputFeedDocumentId"] = document["feedDocumentId"]
    made = check(202, "POST", FEEDS + "/feeds", json=specification)
    for _ in range(3):
        state = check(200, "GET", FEEDS + "/feeds/{feedId}", made["feedId"])
        client.clock.forward(seconds=3)
    assert state["processingStatus"] == "DONE"
    check(200, "GET", FEEDS + "/feeds", params={"feedTypes": "JSON_LISTINGS_FEED"})
    result = check(200, "GET", FEEDS + "/documents/{feedDocumentId}", state["resultFeedDocumentId"])
    report = json.loads(decompress(client.session.get(result["url"], timeout=5).content))
    schema = json.loads((models / "listings-feed-processing-report-schema-v2.json").read_text())
    assert [error.message for error in Draft7Validator(schema).iter_errors(report)] == []
    assert report["summary"]["messagesAccepted"] == report["summary"]["messagesInvalid"] == 1
    assert [issue["messageId"] for issue in report["issues"]] == [2]
    check(404, "GET", FEEDS + "/feeds/{feedId}", "1")
    check(400, "POST", FEEDS + "/feeds", json={**specification, "feedType": "POST_PRODUCT_DATA"})
    check(400, "POST", FEEDS + "/documents", json={})


def test_finances(check: Checker) -> None:
    client = check.client
    params = {"postedAfter": client.moment(days=60)}
    statuses = set()
    while True:
        payload = check(200, "GET", FINANCES, params=params)["payload"]
        statuses |= {one["transactionStatus"] for one in payload["transactions"]}
        if "nextToken" not in payload:
            break
        params["nextToken"] = payload["nextToken"]
    assert statuses == {"DEFERRED", "RELEASED", "DEFERRED_RELEASED"}
    check(400, "GET", FINANCES)
    check(400, "GET", FINANCES, params={"postedAfter": client.moment(seconds=30)})


def test_inventory_and_restricted_tokens(check: Checker) -> None:
    summaries = "/fba/inventory/v1/summaries"
    params = {"granularityType": "Marketplace", "granularityId": UK, "marketplaceIds": UK, "details": "true"}
    assert check(200, "GET", summaries, params=params)["payload"]["inventorySummaries"]
    check(200, "GET", summaries, params={**params, "details": "false"})
    check(400, "GET", summaries, params={**params, "granularityId": US})
    resource = {"method": "GET", "path": V0 + "/{orderId}/address", "dataElements": ["shippingAddress"]}
    tokens = "/tokens/2021-03-01/restrictedDataToken"
    check(200, "POST", tokens, json={"restrictedResources": [resource]})
    check(400, "POST", tokens, json={"restrictedResources": []})


def test_refusals_of_the_gateway_fit_the_models_too(check: Checker, practice, models: Path) -> None:
    check.client.token = "Atza|nobody's"
    for operation in OPERATIONS:
        path = next(path for method, path in operations(models) if _blank(path) == _blank(operation.path))
        check(403, operation.method, path, *("x" for _ in range(path.count("{"))))
    throttled = Checker(practice(faults=[{"match": {"op": "getReports"}, "do": "throttle"}]), models)
    throttled(429, "GET", REPORTS + "/reports", params={"reportTypes": SETTLEMENTS})
    broken = [{"match": {"op": "searchOrders"}, "do": "error5xx", "status": status} for status in (500, 503)]
    broken[1]["match"]["nth"] = 2
    failing = Checker(practice(faults=broken), models)
    for status in (500, 503):
        failing(status, "GET", NEW, params={"createdAfter": "2026-09-01"})
