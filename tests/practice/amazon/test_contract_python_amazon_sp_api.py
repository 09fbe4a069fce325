"""python-amazon-sp-api, unmodified but for addresses, works with practice Amazon."""

import json
from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sp_api.api import (
    FeedsV20210630,
    FinancesV20240619,
    Inventories,
    ListingsItemsV20210801,
    OrdersV0,
    OrdersV20260101,
    ReportsV2,
    Sellers,
    Tokens,
)
from sp_api.auth import AccessTokenClient, access_token_client
from sp_api.base import SellingApiForbiddenException, SellingApiRequestThrottledException

from tests.practice.amazon.client import PlainClient

US, UK, DE = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"


@pytest.fixture
def clients_of(monkeypatch) -> Iterator[Any]:
    """Makes clients of the library for a practice Amazon: the two addresses are all that is changed."""
    monkeypatch.delenv("SP_API_DEFAULT_MARKETPLACE", raising=False)
    made: list[Any] = []

    def bound_to(amazon: PlainClient) -> Any:
        access_token_client.cache.clear()  # the library keeps tokens for the whole process
        connection = amazon.connection

        class LocalTokens(AccessTokenClient):
            scheme = "http://"
            host = urlsplit(connection["lwa"]).netloc

        def make(client: type, marketplace_id: str = US) -> Any:
            place = {"endpoint": connection["endpoint"], "marketplace_id": marketplace_id, "region": "us-east-1"}
            names = {
                "lwa_app_id": "client_id",
                "lwa_client_secret": "client_secret",
                "refresh_token": "refresh_token",
            }
            made.append(
                client(
                    marketplace=SimpleNamespace(**place),
                    refresh_token=connection["refresh_token"],
                    credentials={name: connection[ours] for name, ours in names.items()},
                    auth_token_client_class=LocalTokens,
                )
            )
            return made[-1]

        return make

    yield bound_to
    for client in made:
        client._auth._transport.close()  # the library leaves the connection to its token endpoint open


@pytest.fixture
def ready(amazon, clients_of) -> Any:
    return clients_of(amazon)


def test_participations(ready) -> None:
    with ready(Sellers) as client:
        assert len(client.get_marketplace_participation().payload) == 5


def test_orders(ready, shop) -> None:
    with ready(OrdersV0) as client:
        first = client.get_orders(CreatedAfter="2026-08-01", MarketplaceIds=[US])
        listed = list(first.payload["Orders"])
        token = first.payload.get("NextToken")
        while token:
            page = client.get_orders(NextToken=token, MarketplaceIds=[US])
            listed += page.payload["Orders"]
            token = page.payload.get("NextToken")
        items = client.get_order_items(listed[0]["AmazonOrderId"]).payload["OrderItems"]
    assert len({order["AmazonOrderId"] for order in listed}) == len(listed) > 280
    assert items[0]["OrderItemId"]
    with ready(OrdersV20260101) as client:
        answer = client.search_orders(createdAfter="2026-10-01", marketplaceIds=[DE], includedData="PROCEEDS")
    orders = answer.payload["orders"]
    assert {order["salesChannel"]["marketplaceId"] for order in orders} == {DE}


def test_settlements(ready, shop) -> None:
    with ready(ReportsV2) as client:
        page = client.get_reports(reportTypes=[SETTLEMENTS], marketplaceIds=[US, UK])
        reports = list(page.payload["reports"])
        while page.next_token:
            page = client.get_reports(nextToken=page.next_token)
            reports += page.payload["reports"]
        texts = {
            client.get_report_document(report["reportDocumentId"], download=True).payload["document"]
            for report in reports
        }
    assert texts == {settlement.flat_file_v2().decode() for settlement in shop.settlements}


def test_a_report_is_asked_for_and_decoded_by_its_charset(ready, amazon, shop) -> None:
    with ready(ReportsV2, DE) as client:
        made = client.create_report(reportType="GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds=[DE])
        amazon.clock.forward(seconds=6)
        report = client.get_report(made.payload["reportId"]).payload
        document = client.get_report_document(report["reportDocumentId"], download=True).payload["document"]
    assert document == "".join(shop.listings_report("DE"))


def test_listings(ready, amazon, shop) -> None:
    seller = amazon.connection["seller_id"]
    sku = next(one.product.sku for one in shop.listings("US") if one.quantity)
    with ready(ListingsItemsV20210801) as client:
        value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 12}]
        patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
        body = {"productType": "HOME", "patches": [patch]}
        told = client.patch_listings_item(seller, sku, marketplaceIds=[US], body=body).payload
        assert told["status"] == "ACCEPTED"
        amazon.clock.forward(seconds=3)
        item = client.get_listings_item(seller, sku, marketplaceIds=[US], includedData="fulfillmentAvailability")
    assert item.payload["fulfillmentAvailability"][0]["quantity"] == 12


def test_a_feed_goes_up_and_its_report_comes_down(ready, amazon, shop) -> None:
    sku = next(one.product.sku for one in shop.listings("US") if one.quantity)
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}]
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    message = {"messageId": 1, "sku": sku, "operationType": "PATCH", "productType": "HOME", "patches": [patch]}
    feed = {"header": {"sellerId": amazon.connection["seller_id"], "version": "2.0"}, "messages": [message]}
    with ready(FeedsV20210630) as client:
        file = BytesIO(json.dumps(feed).encode())
        _, made = client.submit_feed(
            "JSON_LISTINGS_FEED", file, "application/json; charset=UTF-8", marketplaceIds=[US]
        )
        amazon.clock.forward(seconds=30)
        done = client.get_feed(made.payload["feedId"]).payload
        assert done["processingStatus"] == "DONE"
        told = client.get_feed_document(done["resultFeedDocumentId"])
    assert json.loads(told)["summary"]["messagesAccepted"] == 1


def test_a_restricted_token_is_had(ready, shop) -> None:
    order = next(iter(shop.orders("US")))
    resource = {"method": "GET", "path": f"/orders/v0/orders/{order.order_id}/address"}
    with ready(Tokens) as client:
        answer = client.create_restricted_data_token(restrictedResources=[resource])
    assert answer.payload["restrictedDataToken"].startswith("Atz.sprdt|")


def test_transactions_and_stock(ready) -> None:
    with ready(FinancesV20240619, UK) as client:
        payload = client.list_transactions(postedAfter="2026-10-01").payload
    assert payload["transactions"]
    with ready(Inventories) as client:
        answer = client.get_inventory_summary_marketplace(details=True)
    assert answer.payload["inventorySummaries"]


def test_refusals_arrive_as_the_librarys_own_errors(practice, clients_of) -> None:
    client = practice()
    make = clients_of(client)
    with make(Inventories) as stock:
        for _ in range(2):
            stock.get_inventory_summary_marketplace()
        with pytest.raises(SellingApiRequestThrottledException):
            stock.get_inventory_summary_marketplace()
    client.clock.forward(hours=1)
    with make(Sellers) as sellers, pytest.raises(SellingApiForbiddenException, match="denied"):
        sellers.get_marketplace_participation()
