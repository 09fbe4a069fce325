"""Both Orders APIs tell the shop's orders: all of them, once, with the amounts that settlements pay."""

from datetime import datetime

import pytest

from tieout.practice.shop.records import Channel, OrderKind

US, UK, DE, CA = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9", "A2EUQ1WTGCTBG2"
V0, NEW = "/orders/v0/orders", "/orders/2026-01-01/orders"


def minor(money: dict | None) -> int:
    amount = (money or {}).get("Amount") or (money or {}).get("amount") or "0.00"
    assert len(amount.partition(".")[2]) == 2
    return int(amount.replace(".", ""))


def pages_v0(client, **params):
    while True:
        payload = client.get(V0, **params).json()["payload"]
        yield payload["Orders"]
        if not payload.get("NextToken"):
            return
        params = {"MarketplaceIds": params["MarketplaceIds"], "NextToken": payload["NextToken"]}


def pages_2026(client, **params):
    while True:
        body = client.get(NEW, **params).json()
        yield body["orders"]
        if "pagination" not in body:
            return
        params = {
            "paginationToken": body["pagination"]["nextToken"],
            **{name: params[name] for name in ("includedData",) if name in params},
        }


def test_v0_lists_every_order_of_the_marketplaces_once(amazon, shop) -> None:
    asked = {"MarketplaceIds": f"{US},{DE}", "CreatedAfter": "2026-08-01", "MaxResultsPerPage": 70}
    listed = [order["AmazonOrderId"] for page in pages_v0(amazon, **asked) for order in page]
    expected = [
        order.order_id for code in ("US", "DE") for order in shop.orders(code) if settled_in_sight(order, amazon)
    ]
    assert sorted(listed) == sorted(expected)
    assert len(set(listed)) == len(listed)


def settled_in_sight(order, client) -> bool:
    """Orders of the last two minutes are not told yet."""
    return order.purchased_s <= client.clock.at.timestamp() - 120


def test_2026_lists_every_order_of_all_marketplaces_once(amazon, shop) -> None:
    listed = [order["orderId"] for page in pages_2026(amazon, createdAfter="2026-08-01") for order in page]
    expected = [order.order_id for order in shop.orders() if settled_in_sight(order, amazon)]
    assert sorted(listed) == sorted(expected)


def test_filters_by_status_channel_and_time(amazon, shop) -> None:
    now_s = int(amazon.clock.at.timestamp())
    params = {
        "MarketplaceIds": US,
        "CreatedAfter": "2026-08-01",
        "OrderStatuses": "Shipped",
        "FulfillmentChannels": "MFN",
    }
    shipped = {order["AmazonOrderId"] for page in pages_v0(amazon, **params) for order in page}
    assert shipped == {
        order.order_id
        for order in shop.orders("US")
        if order.channel is Channel.FBM and order.status_at(now_s) == "Shipped" and settled_in_sight(order, amazon)
    }
    params = {"createdAfter": "2026-08-01", "fulfillmentStatuses": "CANCELLED,PENDING", "marketplaceIds": UK}
    odd = [order for page in pages_2026(amazon, **params) for order in page]
    assert {order["fulfillment"]["fulfillmentStatus"] for order in odd} == {"CANCELLED", "PENDING"}
    window = {"lastUpdatedAfter": amazon.moment(days=3), "lastUpdatedBefore": amazon.moment(days=1)}
    changed = [order for page in pages_2026(amazon, **window) for order in page]
    assert changed
    times = [datetime.fromisoformat(order["lastUpdatedTime"]) for order in changed]
    assert all(
        datetime.fromisoformat(window["lastUpdatedAfter"])
        <= one
        <= datetime.fromisoformat(window["lastUpdatedBefore"])
        for one in times
    )


def test_amounts_add_up_to_what_the_buyer_paid_in_both_versions(amazon, shop) -> None:
    asked = {"createdAfter": "2026-08-01", "includedData": "PROCEEDS,PROMOTION,FULFILLMENT,TAX"}
    told = {order["orderId"]: order for page in pages_2026(amazon, **asked) for order in page}
    checked = 0
    for order in [*list(shop.orders("US"))[:30], *list(shop.orders("UK"))[:20], *list(shop.orders("DE"))[:20]]:
        v0 = amazon.get(f"{V0}/{order.order_id}").json()["payload"]
        items = amazon.get(f"{V0}/{order.order_id}/orderItems").json()["payload"]["OrderItems"]
        assert [item["OrderItemId"] for item in items] == [line.item_id for line in order.lines]
        if v0["OrderStatus"] in ("Pending", "Canceled"):
            assert "OrderTotal" not in v0
            assert all("ItemPrice" not in item for item in items)
            continue
        assert minor(v0["OrderTotal"]) == order.paid
        on_top = ("ItemTax", "ShippingTax") if order.place.market.country == "US" else ()
        prices = sum(minor(item.get(name)) for item in items for name in ("ItemPrice", "ShippingPrice", *on_top))
        wraps = sum(minor(item.get("BuyerInfo", {}).get("GiftWrapPrice")) for item in items)
        off = sum(minor(item.get(name)) for item in items for name in ("PromotionDiscount", "ShippingDiscount"))
        assert prices + wraps - off == order.paid
        new = told[order.order_id]
        assert minor(new["proceeds"]["grandTotal"]) == order.paid
        assert sum(minor(part["subtotal"]) for part in new["proceeds"]["breakdowns"]) == order.paid
        assert [minor(item["proceeds"]["proceedsTotal"]) for item in new["orderItems"]] == [
            line.paid for line in order.lines
        ]
        checked += 1
    assert checked > 40


def test_item_price_is_for_the_whole_quantity(amazon, shop) -> None:
    shipped = (one for one in shop.orders("US") if one.posted_s is not None and one.paid)
    order = next(one for one in shipped if any(line.quantity > 1 for line in one.lines))
    items = amazon.get(f"{V0}/{order.order_id}/orderItems").json()["payload"]["OrderItems"]
    new = amazon.get(f"{NEW}/{order.order_id}").json()["order"]["orderItems"]
    for item, fresh in zip(items, new, strict=True):
        unit = minor(fresh["product"]["price"]["unitPrice"])
        assert minor(item["ItemPrice"]) == unit * item["QuantityOrdered"]


def test_multi_channel_and_replacement_orders_are_told_apart(amazon, shop) -> None:
    foreign = next(one for one in shop.orders("UK") if one.kind is OrderKind.MULTI_CHANNEL)
    told = amazon.get(f"{V0}/{foreign.order_id}").json()["payload"]
    assert (told["SalesChannel"], told["SellerOrderId"]) == ("Non-Amazon UK", foreign.merchant_order_id)
    assert told["AmazonOrderId"].startswith("S02-")
    free = next(one for one in shop.orders("UK") if one.kind is OrderKind.REPLACEMENT and one.replaces)
    told = amazon.get(f"{V0}/{free.order_id}").json()["payload"]
    assert told["IsReplacementOrder"] is True
    assert shop.order(told["ReplacedOrderId"]) is not None


def test_nobodys_name_or_street_is_told(amazon, shop) -> None:
    everything = "BUYER,RECIPIENT,PROCEEDS"
    for page in pages_2026(amazon, createdAfter="2026-10-01", includedData=everything):
        assert all("buyer" not in order and "recipient" not in order for order in page)
    order = next(shop.orders("DE"))
    address = amazon.get(f"{V0}/{order.order_id}/address").json()["payload"]["ShippingAddress"]
    assert set(address) <= {"City", "StateOrRegion", "PostalCode", "CountryCode"}


@pytest.mark.parametrize(
    ("path", "params", "word"),
    [
        (NEW, {"createdAfter": "2026-09-01", "lastUpdatedAfter": "2026-09-01"}, "Exactly one"),
        (NEW, {"createdAfter": "2026-09-01", "lastUpdatedBefore": "2026-09-02"}, "lastUpdatedBefore"),
        (NEW, {"createdAfter": "2026-09-01", "createdBefore": "2026-10-13T14:58:01Z"}, "two minutes"),
        (NEW, {"createdAfter": "2026-09-03", "createdBefore": "2026-09-01"}, "before its start"),
        (NEW, {"createdAfter": "2026-09-03", "maxResultsPerPage": "101"}, "maxResultsPerPage"),
        (NEW, {"createdAfter": "2026-09-03", "fulfillmentStatuses": "Shipped"}, "fulfillmentStatuses"),
        (NEW, {"paginationToken": "bm90IG91cnM"}, "paginationToken"),
        (V0, {"MarketplaceIds": US, "CreatedAfter": "2026-09-03", "OrderStatuses": "SHIPPED"}, "OrderStatuses"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_reason(amazon, path, params, word) -> None:
    answer = amazon.get(path, **params)
    assert answer.status_code == 400
    assert word in answer.json()["errors"][0]["message"]


def test_a_pagination_token_lasts_a_day(amazon) -> None:
    token = amazon.get(NEW, createdAfter="2026-08-01").json()["pagination"]["nextToken"]
    amazon.clock.forward(hours=24)
    amazon.sign_in()
    assert amazon.get(NEW, paginationToken=token).status_code == 200
    amazon.clock.forward(seconds=1)
    answer = amazon.get(NEW, paginationToken=token)
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "paginationToken has expired.")


def test_orders_change_as_the_clock_goes_on(amazon, shop) -> None:
    now_s = int(amazon.clock.at.timestamp())
    pending = next(one for one in shop.orders("US") if one.status_at(now_s) == "Pending")
    assert amazon.get(f"{V0}/{pending.order_id}").json()["payload"]["OrderStatus"] == "Pending"
    amazon.clock.forward(days=7)
    amazon.sign_in()
    told = amazon.get(f"{V0}/{pending.order_id}").json()["payload"]
    assert told["OrderStatus"] == "Shipped"
    assert minor(told["OrderTotal"]) == pending.paid
    window = {"MarketplaceIds": US, "LastUpdatedAfter": amazon.moment(days=7)}
    changed = [order["AmazonOrderId"] for page in pages_v0(amazon, **window) for order in page]
    assert pending.order_id in changed
