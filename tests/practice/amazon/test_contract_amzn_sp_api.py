"""Amazon's own client, unmodified but for addresses, works with practice Amazon.

`amzn-sp-api` is an extra of its own: without it these tests are skipped, and say so.
"""

import gzip
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

_root = logging.getLogger()
_handlers, _level = list(_root.handlers), _root.level
spapi = pytest.importorskip("spapi", reason="the official client, amzn-sp-api, is not installed")
_root.handlers[:] = _handlers  # importing it configures logging for the whole process
_root.setLevel(_level)

US, UK, DE = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"


@pytest.fixture
def official(amazon) -> Any:
    """The official client, signed in by itself."""
    connection = amazon.connection
    config = spapi.SPAPIConfig(
        client_id=connection["client_id"],
        client_secret=connection["client_secret"],
        refresh_token=connection["refresh_token"],
        region="NA",
    )
    client = spapi.SPAPIClient(config, oauth_endpoint=connection["lwa"], endpoint=connection["endpoint"])
    yield client.api_client
    client.api_client.rest_client.pool_manager.clear()


def test_participations(official) -> None:
    answer = spapi.SellersApi(official).get_marketplace_participations()
    assert {one.marketplace.country_code for one in answer.payload} == {"US", "CA", "MX", "GB", "DE"}


def test_orders_of_both_versions_are_the_same_orders(official, shop) -> None:
    search = spapi.SearchOrdersApi(official)
    found, token = {}, None
    while True:
        where = {"pagination_token": token} if token else {"created_after": datetime(2026, 10, 3, tzinfo=UTC)}
        page = search.search_orders(
            max_results_per_page=60, included_data=["PROCEEDS", "FULFILLMENT", "TAX"], **where
        )
        found |= {order.order_id: order for order in page.orders}
        token = page.pagination.next_token if page.pagination else None
        if token is None:
            break
    v0 = spapi.OrdersV0Api(official)
    page = v0.get_orders(
        [US, UK], created_after="2026-10-03T00:00:00Z", order_statuses=["Shipped"], max_results_per_page=30
    ).payload
    assert len(page.orders) == 30
    assert v0.get_orders([US], next_token=page.next_token).payload.orders
    for old in page.orders[:25]:
        new = found[old.amazon_order_id]
        assert new.proceeds.grand_total.amount == old.order_total.amount
        items = v0.get_order_items(old.amazon_order_id).payload.order_items
        assert [item.order_item_id for item in items] == [item.order_item_id for item in new.order_items]
    one = spapi.GetOrderApi(official).get_order(next(iter(found))).order
    assert one.order_id in found


def test_settlements_are_listed_fetched_and_whole(official, shop) -> None:
    reports = spapi.ReportsApi(official)
    page = reports.get_reports(report_types=[SETTLEMENTS], page_size=10)
    listed = list(page.reports)
    while page.next_token:
        page = reports.get_reports(next_token=page.next_token)
        listed += page.reports
    assert len(listed) == len(shop.settlements) + 1
    files = set()
    for report in listed:
        document = reports.get_report_document(report.report_document_id)
        data = requests.get(document.url, timeout=5).content
        files.add(gzip.decompress(data) if document.compression_algorithm == "GZIP" else data)
    assert files == {settlement.flat_file_v2() for settlement in shop.settlements}


def test_a_report_is_asked_for_and_made(official, amazon) -> None:
    reports = spapi.ReportsApi(official)
    from spapi.models.reports_v2021_06_30 import CreateReportSpecification

    body = CreateReportSpecification(report_type="GET_MERCHANT_LISTINGS_ALL_DATA", marketplace_ids=[DE])
    report_id = reports.create_report(body).report_id
    assert reports.get_report(report_id).processing_status == "IN_QUEUE"
    amazon.clock.forward(seconds=5)
    assert reports.get_report(report_id).report_document_id


def test_a_listing_is_read_patched_and_read_again(official, amazon, shop) -> None:
    listings, seller = spapi.ListingsApi(official), amazon.connection["seller_id"]
    sku = next(one.product.sku for one in shop.listings("US") if one.quantity and " " in one.product.sku)
    from spapi.models.listings_items_v2021_08_01 import ListingsItemPatchRequest, PatchOperation

    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 17}]
    change = PatchOperation(op="merge", path="/attributes/fulfillment_availability", value=value)
    body = ListingsItemPatchRequest(product_type="HOME", patches=[change])
    told = listings.patch_listings_item(seller, sku, [US], body)
    assert (told.sku, told.status) == (sku, "ACCEPTED")
    amazon.clock.forward(seconds=3)
    item = listings.get_listings_item(seller, sku, [US], included_data=["fulfillmentAvailability", "offers"])
    assert item.fulfillment_availability[0].quantity == 17
    found = listings.search_listings_items(seller, [US], page_size=20)
    assert found.number_of_results == len(shop.products)


def test_a_feed_goes_up_and_its_report_comes_down(official, amazon, shop) -> None:
    feeds = spapi.FeedsApi(official)
    from spapi.models.feeds_v2021_06_30 import CreateFeedDocumentSpecification, CreateFeedSpecification

    kind = "application/json; charset=UTF-8"
    document = feeds.create_feed_document(CreateFeedDocumentSpecification(content_type=kind))
    message = {"messageId": 1, "sku": shop.products[1].sku, "operationType": "DELETE"}
    feed = {"header": {"sellerId": amazon.connection["seller_id"], "version": "2.0"}, "messages": [message]}
    requests.put(document.url, data=json.dumps(feed), headers={"content-type": kind}, timeout=5).raise_for_status()
    body = CreateFeedSpecification("JSON_LISTINGS_FEED", [US], document.feed_document_id)
    feed_id = feeds.create_feed(body).feed_id
    amazon.clock.forward(seconds=5)
    told = feeds.get_feed(feed_id)
    assert told.processing_status == "DONE"
    result = feeds.get_feed_document(told.result_feed_document_id)
    report = json.loads(gzip.decompress(requests.get(result.url, timeout=5).content))
    assert report["summary"]["messagesAccepted"] == 1


def test_transactions_and_stock(official) -> None:
    finances = spapi.FinancesV2024Api(official)
    seen, token = [], None
    while True:
        more = {"next_token": token} if token else {}
        payload = finances.list_transactions(posted_after="2026-09-28T00:00:00Z", marketplace_id=UK, **more).payload
        seen += payload.transactions
        token = payload.next_token
        if token is None:
            break
    assert {one.transaction_status for one in seen} == {"DEFERRED", "RELEASED", "DEFERRED_RELEASED"}
    stock = spapi.FbaInventoryApi(official).get_inventory_summaries("Marketplace", US, [US], details=True)
    assert stock.payload.inventory_summaries[0].inventory_details is not None


def test_refusals_arrive_as_the_clients_own_errors(official, amazon) -> None:
    with pytest.raises(spapi.ApiException) as missing:
        spapi.OrdersV0Api(official).get_order("111-0000000-0000000")
    assert missing.value.status == 404
    amazon.clock.forward(seconds=3600)
    with pytest.raises(spapi.ApiException) as expired:
        spapi.SellersApi(official).get_marketplace_participations()
    assert (expired.value.status, "has expired" in str(expired.value.body)) == (403, True)


def test_a_restricted_token_is_had(official, shop) -> None:
    order = next(iter(shop.orders("US")))
    models = pytest.importorskip("spapi.models.tokens_v2021_03_01")
    resource = models.RestrictedResource(
        method="GET", path=f"/orders/v0/orders/{order.order_id}/address", data_elements=["shippingAddress"]
    )
    asked = models.CreateRestrictedDataTokenRequest(restricted_resources=[resource])
    answer = spapi.TokensApi(official).create_restricted_data_token(asked)
    assert answer.restricted_data_token.startswith("Atz.sprdt|")
    assert answer.expires_in == 3600


def test_too_many_requests_are_refused(practice) -> None:
    client = practice()
    connection = client.connection
    names = ("client_id", "client_secret", "refresh_token")
    config = spapi.SPAPIConfig(**{name: connection[name] for name in names}, region="NA")
    made = spapi.SPAPIClient(config, oauth_endpoint=connection["lwa"], endpoint=connection["endpoint"])
    stock = spapi.FbaInventoryApi(made.api_client)
    for _ in range(2):
        stock.get_inventory_summaries("Marketplace", US, [US])
    with pytest.raises(spapi.ApiException) as throttled:
        stock.get_inventory_summaries("Marketplace", US, [US])
    made.api_client.rest_client.pool_manager.clear()
    assert throttled.value.status == 429
    assert "QuotaExceeded" in str(throttled.value.body)
