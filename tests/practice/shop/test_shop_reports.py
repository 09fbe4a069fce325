"""The order, listing, stock and transaction reports tell of the same world as its settlements."""

import csv
from collections import defaultdict

import pytest

from tieout.practice.shop import make_shop
from tieout.practice.shop.catalogue import list_price
from tieout.practice.shop.planted import UNKNOWN_STATUS, Trouble
from tieout.practice.shop.records import Channel, OrderKind
from tieout.practice.shop.stock import stock_of
from tieout.practice.shop.transactions import DEFERRED, DEFERRED_RELEASED, RELEASED, transactions

BALANCE_ONLY = ("Reserve", "Payable", "Successful")


def minor(text: str) -> int:
    return int(text.replace(".", "")) if text else 0


def table(lines) -> list[dict[str, str]]:
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("code", ["US", "UK", "DE", "CA"])
def test_all_orders_report_adds_up_to_what_buyers_paid(code: str) -> None:
    shop = make_shop(21, orders=400)
    place = shop.account(code).place
    paid: dict[str, int] = defaultdict(int)
    status: dict[str, str] = {}
    for row in table(shop.all_orders_report(code)):
        tax = ("item-tax", "shipping-tax", "gift-wrap-tax") if code in ("US", "CA") else ()
        prices = ("item-price", "shipping-price", "gift-wrap-price", *tax)
        paid[row["amazon-order-id"]] += sum(minor(row[name]) for name in prices)
        discounts = ("item-promotion-discount", "ship-promotion-discount")
        paid[row["amazon-order-id"]] -= sum(minor(row[name]) for name in discounts)
        status[row["amazon-order-id"]] = row["order-status"]
        assert row["sales-channel"] in (place.market.name, place.non_amazon)
        assert row["currency"] in ("", place.market.currency)
    orders = {order.order_id: order for order in shop.orders(code)}
    assert set(status) == set(orders)
    for number, order in orders.items():
        blank = status[number] in ("Pending", "Cancelled")
        assert paid[number] == (0 if blank else order.paid)


def test_statuses_are_those_of_real_exports_and_one_unknown_is_planted() -> None:
    usual = {row["order-status"] for row in table(make_shop(2, orders=3000).all_orders_report("US"))}
    assert usual == {
        "Pending",
        "Unshipped",
        "Shipped",
        "Cancelled",
        *(f"Shipped - {what}" for what in ("Delivered to Buyer", "Returned to Seller")),
        *(f"Shipped - {what}" for what in ("Picked Up", "Out for Delivery")),
    }
    shop = make_shop(2, orders=300, exceptions=True)
    planted = {trouble.where for trouble in shop.troubles if trouble.trouble is Trouble.UNKNOWN_STATUS}
    rows = table(shop.all_orders_report("US"))
    odd = {row["amazon-order-id"] for row in rows if row["order-status"] == UNKNOWN_STATUS}
    assert len(odd) == 1
    assert odd <= planted


def test_listings_report_tells_fba_from_fbm_and_has_names_beyond_ascii() -> None:
    shop = make_shop(6, orders=600)
    rows = table(shop.listings_report("DE"))
    assert len(rows) == len(shop.products)
    assert {row["fulfillment-channel"] for row in rows} == {"DEFAULT", "AMAZON_EU"}
    assert all((row["quantity"] == "") == (row["fulfillment-channel"] == "AMAZON_EU") for row in rows)
    assert any("ä" in row["item-name"] for row in rows)
    assert "".join(shop.listings_report("DE")).encode("cp1252")
    place = shop.account("DE").place
    assert {row["seller-sku"]: minor(row["price"]) for row in rows} == {
        product.sku: list_price(place, product) for product in shop.products
    }


def test_some_listings_of_the_seller_are_out_of_sync_and_none_of_amazons() -> None:
    listings = list(make_shop(6, orders=600).listings("US"))
    drifted = [one for one in listings if (one.price, one.quantity) != (one.wanted_price, one.wanted_quantity)]
    assert drifted
    assert all(one.product.channel is Channel.FBM for one in drifted)
    assert all(one.floor <= one.wanted_price <= one.ceiling and one.wanted_quantity for one in drifted)


def test_stock_is_of_amazons_products_only() -> None:
    shop = make_shop(6, orders=600)
    stock = list(stock_of(shop.seed, shop.account("US").place, shop.products))
    assert [one.product for one in stock] == [one for one in shop.products if one.channel is Channel.FBA]
    assert all(one.total >= one.fulfillable for one in stock)


def test_released_transactions_are_what_settlements_pay() -> None:
    shop = make_shop(14, orders=500)
    now_s = int(shop.now.timestamp())
    for settlement in shop.settlements:
        from_s, to_s = int(settlement.start.timestamp()), int(settlement.end.timestamp())
        found = list(transactions(settlement.account, from_s=from_s, to_s=to_s, now_s=now_s))
        released = [one for one in found if one.status == RELEASED]
        kept = sum(
            amount
            for event in settlement.events()
            for _, what, amount, _ in event.entries
            if what.startswith(BALANCE_ONLY[1:]) or "Reserve Amount" in what
        )
        assert sum(one.total for one in released) == settlement.total_minor - kept
        assert {one.settlement_id for one in released} == {settlement.settlement_id}


def test_a_deferral_is_followed_by_its_release() -> None:
    shop = make_shop(14, orders=500)
    account, now_s = shop.account("US"), int(shop.now.timestamp())
    found = list(transactions(account, from_s=0, to_s=now_s, now_s=now_s))
    ids = {one.transaction_id: one for one in found}
    assert len(ids) == len(found)
    waiting = [one for one in found if one.status == DEFERRED]
    over = [one for one in found if one.status == DEFERRED_RELEASED]
    assert waiting
    assert over
    assert all(one.maturity_s is not None and one.maturity_s > now_s and not one.settlement_id for one in waiting)
    assert all(one.counterpart_id not in ids for one in waiting)
    for one in over:
        release = ids[one.counterpart_id]
        assert (release.status, release.total, release.posted_s) == (RELEASED, one.total, one.maturity_s)
        assert release.counterpart_id == one.transaction_id


def test_an_order_changes_as_time_goes_on() -> None:
    shop = make_shop(9, orders=200)
    sold = (one for one in shop.orders("US") if one.shipped_s is not None and one.kind is OrderKind.STANDARD)
    order = next(one for one in sold if one.authorised_s < (one.shipped_s or 0))
    assert order.shipped_s is not None
    assert order.status_at(order.purchased_s) == "Pending"
    assert order.status_at(order.authorised_s) == "Unshipped"
    assert order.status_at(order.shipped_s) == "Shipped"
    updated = [order.last_updated_s(when) for when in range(order.purchased_s, order.shipped_s + 1, 600)]
    assert updated == sorted(updated)
    assert updated[0] == order.purchased_s
