"""Pages of Amazon's APIs into records: orders, transactions, stock. And listings and VAT reports."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tieout.domain.document import Document
from tieout.domain.finance import Deferral
from tieout.domain.marketplace import Marketplace, by_country
from tieout.domain.money import Money
from tieout.domain.order import Channel
from tieout.parse.document_kind import DocumentKind, document_kind
from tieout.parse.listings import read_listings, read_stock_pages
from tieout.parse.orders import read_orders
from tieout.parse.orders_api import read_order_page
from tieout.parse.transactions import read_transaction_page
from tieout.parse.vat import read_vat_report
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.shop import Shop, make_shop

MARKET_IDS = {"US": "ATVPDKIKX0DER", "GB": "A1F83G8C2ARO7P", "DE": "A1PA6795UKMFR9"}
Get = Callable[..., Document]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(7, orders=300, marketplaces=("US", "UK", "DE"))


@pytest.fixture(scope="module")
def get(shop: Shop) -> Iterator[Get]:
    """Gets a page of practice Amazon, as it came."""
    with PracticeAmazon(shop, limits=False, clock=lambda: shop.now) as amazon, requests.Session() as http:
        there = amazon.connection()
        form = {name: there[name] for name in ("client_id", "client_secret", "refresh_token")}
        token = http.post(there["lwa"], data={"grant_type": "refresh_token", **form}, timeout=5).json()

        def page(path: str, **params: Any) -> Document:
            headers = {"x-amz-access-token": token["access_token"]}
            answer = http.get(there["endpoint"] + path, params=params, headers=headers, timeout=5)
            assert answer.status_code == 200, answer.text
            return Document.of("page.json", answer.content)

        yield page


def market(country: str) -> Marketplace:
    found = by_country(country)
    assert found is not None
    return found


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
def test_the_api_and_the_report_tell_the_same_orders(shop: Shop, get: Get, country: str) -> None:
    since = (shop.now - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
    told, token = [], ""
    while True:
        more = {"paginationToken": token} if token else {}
        page = get(
            "/orders/2026-01-01/orders",
            lastUpdatedAfter=since,
            marketplaceIds=MARKET_IDS[country],
            includedData="PROCEEDS,PROMOTION,FULFILLMENT,TAX",
            **more,
        )
        read = read_order_page(page)
        assert read.findings == ()
        told += read.orders
        token = json.loads(page.content).get("pagination", {}).get("nextToken", "")
        if not token:
            break
    text = "".join(shop.all_orders_report(country))
    reported = {order.order_id: order for order in read_orders(Document.of("o", text.encode())).orders}
    assert len(told) > 60
    for order in told:
        other = reported[order.order_id]
        assert order.total() == other.total(), order.order_id
        assert (order.marketplace, order.channel, order.currency) == (
            other.marketplace,
            other.channel,
            other.currency,
        )
        assert (order.purchased, order.updated) == (other.purchased, other.updated)
        assert [(line.seller_sku, line.quantity) for line in order.lines] == [
            (line.seller_sku, line.quantity or ordered.quantity)
            for line, ordered in zip(other.lines, order.lines, strict=True)
        ]
        assert order.is_multi_channel == other.is_multi_channel
        assert order.ship_country == ""
        assert not order.prices_include_tax


PROCEEDS = {
    "grandTotal": {"amount": "30.50", "currencyCode": "USD"},
    "breakdowns": [{"type": "DELIVERY_TIP", "subtotal": {"amount": "2.00", "currencyCode": "USD"}}],
}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def order_page(**changes: Any) -> Document:
    item = {
        "orderItemId": "1",
        "quantityOrdered": 2,
        "product": {"asin": "B00", "sellerSku": "SKU-1", "title": "Mug"},
        "proceeds": {
            "breakdowns": [
                {"type": "ITEM", "subtotal": usd("25.00")},
                {"type": "SHIPPING", "subtotal": usd("5.00")},
                {
                    "type": "TAX",
                    "subtotal": usd("2.50"),
                    "detailedBreakdowns": [
                        {"subtype": "ITEM", "value": usd("2.10")},
                        {"subtype": "SHIPPING", "value": usd("0.40")},
                    ],
                },
                {
                    "type": "DISCOUNT",
                    "subtotal": usd("-5.00"),
                    "detailedBreakdowns": [
                        {"subtype": "ITEM", "value": usd("-1.00")},
                        {"subtype": "SHIPPING", "value": usd("-4.00")},
                    ],
                },
                {"type": "COD_FEE", "subtotal": usd("1.00")},
            ]
        },
    }
    order: dict[str, Any] = {
        "orderId": "111-1",
        "createdTime": "2026-09-01T08:00:00Z",
        "lastUpdatedTime": "2026-09-02T08:00:00.123Z",
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": "ATVPDKIKX0DER",
            "marketplaceName": "Amazon.com",
        },
        "fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT"},
        "proceeds": PROCEEDS,
        "orderItems": [item],
    }
    return Document.of("page.json", json.dumps({"orders": [{**order, **changes}]}).encode())


def test_proceeds_become_the_parts_of_a_line() -> None:
    read = read_order_page(order_page())
    assert read.findings == ()
    (order,) = read.orders
    (line,) = order.lines
    assert (line.item_price, line.shipping_price) == (Money(2500, "USD"), Money(500, "USD"))
    assert (line.item_tax, line.shipping_tax) == (Money(210, "USD"), Money(40, "USD"))
    assert (line.item_promotion, line.shipping_promotion) == (Money(100, "USD"), Money(400, "USD"))
    assert line.other_charges == Money(300, "USD")
    assert order.total() == Money(3050, "USD")
    assert order.updated == datetime(2026, 9, 2, 8, tzinfo=UTC)
    assert order.channel is Channel.FBM


def test_the_ship_time_is_that_of_the_last_package_on_its_way() -> None:
    packages = [
        {"packageReferenceId": "1", "shipTime": "2026-09-02T10:00:00Z", "packageStatus": {"status": "DELIVERED"}},
        {"packageReferenceId": "2", "shipTime": "2026-09-03T10:00:00Z", "packageStatus": {"status": "IN_TRANSIT"}},
        {"packageReferenceId": "3", "shipTime": "2026-09-09T10:00:00Z", "packageStatus": {"status": "CANCELLED"}},
        {"packageReferenceId": "4"},
    ]
    [order] = read_order_page(order_page(packages=packages)).orders
    assert order.shipped == datetime(2026, 9, 3, 10, tzinfo=UTC)
    [order] = read_order_page(order_page(packages=packages[2:])).orders
    assert order.shipped is None
    [order] = read_order_page(order_page()).orders
    assert order.shipped is None
    broken = [{"packageReferenceId": "1", "shipTime": "yesterday"}]
    assert [one.code for one in read_order_page(order_page(packages=broken)).findings] == ["api-page-unlike-model"]


def test_the_api_tells_ship_times_of_what_the_seller_ships(shop: Shop, get: Get) -> None:
    since = (shop.now - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = get(
        "/orders/2026-01-01/orders",
        lastUpdatedAfter=since,
        marketplaceIds=MARKET_IDS["US"],
        includedData="PROCEEDS,PACKAGES",
    )
    orders = [one for one in read_order_page(page).orders if one.status == "SHIPPED"]
    told = {channel: {one.shipped is not None for one in orders if one.channel is channel} for channel in Channel}
    assert (told[Channel.FBM], told[Channel.FBA]) == ({True}, {False})
    assert all(one.shipped > one.purchased for one in orders if one.shipped is not None)


def test_parts_that_do_not_add_up_to_amazons_total_are_said() -> None:
    proceeds = {**PROCEEDS, "grandTotal": usd("30.51")}
    read = read_order_page(order_page(proceeds=proceeds))
    assert [finding.code for finding in read.findings] == ["order-parts-differ-from-total"]
    assert len(read.orders) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"orderId": None},
        {"createdTime": "yesterday"},
        {"lastUpdatedTime": None},
        {"proceeds": {"grandTotal": {"amount": "1.005", "currencyCode": "USD"}}},
        {"proceeds": {"grandTotal": {"amount": "1.00", "currencyCode": "EUR"}}},
        {"orderItems": [{"quantityOrdered": 1.5, "product": {}}]},
    ],
)
def test_an_order_unlike_the_model_is_left_out_and_said(changes: dict[str, Any]) -> None:
    read = read_order_page(order_page(**changes))
    assert read.orders == ()
    assert [finding.code for finding in read.findings] == ["api-page-unlike-model"]


def test_a_page_that_is_no_json_is_said() -> None:
    for content in (b"<html>", b"[1]", b""):
        read = read_order_page(Document.of("page.json", content))
        assert [finding.code for finding in read.findings] == ["api-page-unlike-model"]


def test_an_order_of_an_unknown_marketplace_is_kept_and_said() -> None:
    read = read_order_page(order_page(salesChannel={"channelName": "AMAZON", "marketplaceName": "Amazon.moon"}))
    assert [finding.code for finding in read.findings] == ["order-marketplace-unknown"]
    assert [order.marketplace for order in read.orders] == [""]


def test_replacements_and_business_orders_are_told() -> None:
    associated = [{"orderId": "111-0", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    (order,) = read_order_page(order_page(programs=["AMAZON_BUSINESS"], associatedOrders=associated)).orders
    assert order.is_replacement
    assert order.is_business


def test_deferred_transactions_are_read_with_when_they_mature(shop: Shop, get: Get) -> None:
    since = (shop.now - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = get("/finances/2024-06-19/transactions", postedAfter=since, transactionStatus="DEFERRED")
    found, findings = read_transaction_page(page)
    assert findings == ()
    assert found
    assert {one.deferral for one in found} == {Deferral.DEFERRED}
    assert all(one.matures and one.matures > one.posted and one.order_id for one in found)
    assert {one.marketplace for one in found} <= {"US", "GB", "DE", "CA"}
    raw = json.loads(page.content)["payload"]["transactions"][0]["totalAmount"]
    assert found[0].amount == Money.parse(str(raw["currencyAmount"]), raw["currencyCode"])


def test_transactions_that_are_not_deferred_are_left_alone() -> None:
    body = {"payload": {"transactions": [{"transactionStatus": "RELEASED"}, {"transactionStatus": "DEFERRED"}]}}
    found, findings = read_transaction_page(Document.of("page.json", json.dumps(body).encode()))
    assert found == ()
    assert [finding.code for finding in findings] == ["api-page-unlike-model"]


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
def test_listings_are_read_with_fba_and_fbm_told_apart(shop: Shop, country: str) -> None:
    text = "".join(shop.listings_report(country))
    charset = "ISO-8859-1" if country != "US" else "UTF-8"
    listings, findings = read_listings(Document.of("l.txt", text.encode(charset), charset), market(country))
    assert findings == ()
    at_shop = {one.product.sku: one for one in shop.listings(country)}
    assert {one.seller_sku for one in listings} == set(at_shop)
    for listing in listings:
        theirs = at_shop[listing.seller_sku]
        assert listing.price == Money(theirs.price, market(country).currency)
        assert listing.quantity == theirs.quantity
        assert listing.title == theirs.product.title
        assert (listing.channel is Channel.FBA) == (listing.quantity is None)


def test_listing_rows_that_cannot_be_read_or_come_twice_are_said(shop: Shop) -> None:
    lines = list(shop.listings_report("US"))
    columns = lines[0].rstrip("\n").split("\t")
    bad = lines[2].rstrip("\n").split("\t")
    bad[columns.index("price")] = "12,5"
    document = Document.of("l.txt", "".join([*lines[:2], lines[1], "\t".join(bad) + "\n"]).encode())
    listings, findings = read_listings(document, market("US"))
    assert len(listings) == 1
    assert [finding.code for finding in findings] == ["listing-twice", "listing-row-unreadable"]


def test_stock_is_read_over_pages(get: Get) -> None:
    place = MARKET_IDS["US"]
    path = "/fba/inventory/v1/summaries"
    page = get(path, granularityType="Marketplace", granularityId=place, marketplaceIds=place, details="true")
    stock, findings = read_stock_pages([page, page], market("US"))
    assert findings == ()
    summaries = json.loads(page.content)["payload"]["inventorySummaries"]
    assert len(stock) == len(summaries) > 0
    assert [one.total for one in stock] == [one["totalQuantity"] for one in summaries]
    assert all(
        one.total == one.fulfillable + one.reserved + one.unfulfillable + one.researching + one.inbound
        for one in stock
    )
    odd = Document.of("p", json.dumps({"payload": {"inventorySummaries": [{"totalQuantity": 3}]}}).encode())
    assert [finding.code for finding in read_stock_pages([odd], market("US"))[1]] == ["api-page-unlike-model"]


VAT = (
    "UNIQUE_ACCOUNT_IDENTIFIER\tACTIVITY_PERIOD\tMARKETPLACE\tTRANSACTION_TYPE\tTRANSACTION_EVENT_ID\t"
    "TRANSACTION_CURRENCY_CODE\tTAX_COLLECTION_RESPONSIBILITY\n"
    "A1\t2026-SEP\tamazon.de\tSALE\t302-1\tEUR\tMARKETPLACE\n"
    "A1\t2026-OCT\tamazon.de\tREFUND\t302-1\tEUR\tMARKETPLACE\n"
)


def test_a_vat_report_tells_what_it_covers() -> None:
    report = read_vat_report(Document.of("vat.txt", VAT.encode()))
    assert (report.periods, report.marketplaces, report.rows) == (("2026-SEP", "2026-OCT"), ("amazon.de",), 2)
    assert report.subject == "VAT 2026-SEP, 2026-OCT"
    cut = read_vat_report(Document.of("vat.txt", VAT.encode()[:-20]))
    assert cut.code == "report-cut-off"


def test_files_are_told_apart_by_their_columns(shop: Shop) -> None:
    def of(text: str) -> Document:
        return Document.of("f.txt", text.encode())

    assert document_kind(of(shop.settlements[0].flat_file_v2().decode())) is DocumentKind.SETTLEMENT
    assert document_kind(of("".join(shop.all_orders_report("DE")))) is DocumentKind.ORDERS
    assert document_kind(of("".join(shop.listings_report("DE")))) is DocumentKind.LISTINGS
    assert document_kind(of(VAT)) is DocumentKind.VAT
    assert document_kind(of("a,b\n1,2\n")) is DocumentKind.UNKNOWN
    assert document_kind(replace(of("x"), content=b"")) is not DocumentKind.UNKNOWN
