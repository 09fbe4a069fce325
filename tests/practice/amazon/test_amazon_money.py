"""Finances and stock: the same money as in the settlements, the same goods as in the listings."""

from decimal import Decimal
from json import loads

import pytest

from tieout.practice.shop import make_shop
from tieout.practice.shop.records import Channel

US, UK, DE = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
TRANSACTIONS, SUMMARIES = "/finances/2024-06-19/transactions", "/fba/inventory/v1/summaries"


def pages(client, **params):
    while True:
        answer = client.get(TRANSACTIONS, **params)
        assert answer.status_code == 200, answer.text
        payload = loads(answer.text, parse_float=Decimal)["payload"]
        yield payload["transactions"]
        if "nextToken" not in payload:
            return
        params["nextToken"] = payload["nextToken"]


def everything(client, **params) -> list[dict]:
    return [one for page in pages(client, **params) for one in page]


def amount(one: dict) -> int:
    value = one["totalAmount"]["currencyAmount"]
    assert isinstance(value, Decimal)
    assert value.as_tuple().exponent == -2
    return int(value.scaleb(2))


def name(one: dict, which: str) -> str:
    return next(
        (i["relatedIdentifierValue"] for i in one["relatedIdentifiers"] if i["relatedIdentifierName"] == which), ""
    )


def test_released_money_of_a_settlement_is_its_total_less_reserves(amazon, shop) -> None:
    found = everything(amazon, postedAfter="2026-08-20")
    for settlement in shop.settlements:
        paid = [one for one in found if name(one, "SETTLEMENT_ID") == settlement.settlement_id]
        released = sum(amount(one) for one in paid if one["transactionStatus"] == "RELEASED")
        kept = sum(
            minor
            for event in settlement.events()
            for _, what, minor, _ in event.entries
            if "Reserve" in what or what in ("Payable to Amazon", "Successful charge")
        )
        assert released == settlement.total_minor - kept
        assert {one["totalAmount"]["currencyCode"] for one in paid} == {settlement.currency}


def test_breakdowns_add_up(amazon) -> None:
    for one in everything(amazon, postedAfter="2026-09-20", marketplaceId=UK):
        total = one["totalAmount"]["currencyAmount"]
        assert sum(part["breakdownAmount"]["currencyAmount"] for part in one["breakdowns"]) == total
        for part in one["breakdowns"]:
            inner = sum(piece["breakdownAmount"]["currencyAmount"] for piece in part["breakdowns"])
            assert inner == part["breakdownAmount"]["currencyAmount"]


def test_pages_may_be_empty_and_still_go_on(amazon) -> None:
    sizes = [len(page) for page in pages(amazon, postedAfter="2026-08-20")]
    assert 100 <= sizes[0] < 104
    assert sizes[1] == 0
    assert sum(sizes) > 300
    ids = [one["transactionId"] for one in everything(amazon, postedAfter="2026-08-20")]
    assert len(set(ids)) == len(ids) == sum(sizes)


def test_a_deferred_payment_is_released_as_the_clock_goes_on(amazon, shop) -> None:
    waiting = everything(amazon, postedAfter="2026-09-20", transactionStatus="DEFERRED")
    one = next(one for one in waiting if one["contexts"][0]["deferralReason"] == "DD7")
    order_id = name(one, "ORDER_ID")
    amazon.clock.forward(days=15)
    amazon.sign_in()
    params = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order_id}
    later = {each["transactionStatus"]: each for each in everything(amazon, **params)}
    assert set(later) >= {"DEFERRED_RELEASED", "RELEASED"}
    assert later["DEFERRED_RELEASED"]["transactionId"] == one["transactionId"]
    assert name(later["DEFERRED_RELEASED"], "RELEASE_TRANSACTION_ID") == later["RELEASED"]["transactionId"]
    assert amount(later["RELEASED"]) == amount(one)


def test_a_span_of_more_than_180_days_is_answered_with_nothing(amazon) -> None:
    assert everything(amazon, postedAfter="2026-04-10", postedBefore="2026-10-10") == []
    assert everything(amazon, postedAfter="2026-04-14", postedBefore="2026-10-10")


def test_the_sellers_own_us_orders_are_left_out_where_a_marketplace_is_named(amazon, shop) -> None:
    everywhere = {name(one, "ORDER_ID") for one in everything(amazon, postedAfter="2026-08-20")}
    named = {name(one, "ORDER_ID") for one in everything(amazon, postedAfter="2026-08-20", marketplaceId=US)}
    american = {order.order_id: order.channel for order in shop.orders("US") if order.order_id in everywhere}
    assert named - {""} == {number for number, channel in american.items() if channel is Channel.FBA}
    british = everything(amazon, postedAfter="2026-08-20", marketplaceId=UK)
    orders = {order.order_id: order.channel for order in shop.orders("UK")}
    assert {orders[name(one, "ORDER_ID")] for one in british if name(one, "ORDER_ID")} == {Channel.FBA, Channel.FBM}


def test_a_group_of_events_is_a_settlements(amazon, shop) -> None:
    first = next(one for one in everything(amazon, postedAfter="2026-08-20") if name(one, "SETTLEMENT_ID"))
    group = name(first, "FINANCIAL_EVENT_GROUP_ID")
    params = {"relatedIdentifierName": "FINANCIAL_EVENT_GROUP_ID", "relatedIdentifierValue": group}
    assert {name(one, "SETTLEMENT_ID") for one in everything(amazon, **params)} == {name(first, "SETTLEMENT_ID")}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"postedAfter": "2026-10-13T14:59:00Z"},
        {"postedAfter": "2026-10-01", "postedBefore": "2026-09-01"},
        {"postedAfter": "2026-10-01", "transactionStatus": "PAID"},
        {"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": "1"},
        {"relatedIdentifierName": "ORDER_ID"},
        {"postedAfter": "2026-10-01", "nextToken": "x"},
    ],
)
def test_what_cannot_be_meant_is_refused(amazon, params) -> None:
    assert amazon.get(TRANSACTIONS, **params).status_code == 400


def test_a_token_goes_with_the_arguments_that_gave_it(amazon) -> None:
    token = amazon.get(TRANSACTIONS, postedAfter="2026-08-20").json()["payload"]["nextToken"]
    assert amazon.get(TRANSACTIONS, postedAfter="2026-08-20", nextToken=token).status_code == 200
    assert amazon.get(TRANSACTIONS, postedAfter="2026-08-21", nextToken=token).status_code == 400


def test_stock_is_that_of_every_product_amazon_stores(amazon, practice) -> None:
    world = make_shop(5, orders=3000)
    client = practice(shop=world, limits=False)
    params = {"granularityType": "Marketplace", "granularityId": US, "marketplaceIds": US, "details": "true"}
    found = []
    while True:
        body = client.get(SUMMARIES, **params).json()
        found += body["payload"]["inventorySummaries"]
        if "pagination" not in body:
            break
        params["nextToken"] = body["pagination"]["nextToken"]
    assert [one["sellerSku"] for one in found] == [
        product.sku for product in world.products if product.channel is Channel.FBA
    ]
    assert len(found) > 50
    for one in found:
        parts = one["inventoryDetails"]
        assert one["totalQuantity"] == (
            parts["fulfillableQuantity"]
            + parts["inboundWorkingQuantity"]
            + parts["inboundShippedQuantity"]
            + parts["inboundReceivingQuantity"]
            + parts["reservedQuantity"]["totalReservedQuantity"]
            + parts["unfulfillableQuantity"]["totalUnfulfillableQuantity"]
            + parts["researchingQuantity"]["totalResearchingQuantity"]
        )
    skus = {"sellerSkus": f"{found[0]['sellerSku']},{found[2]['sellerSku']}"}
    some = client.get(SUMMARIES, **{**params, **skus, "nextToken": ""}).json()["payload"]["inventorySummaries"]
    assert [one["sellerSku"] for one in some] == [found[0]["sellerSku"], found[2]["sellerSku"]]
