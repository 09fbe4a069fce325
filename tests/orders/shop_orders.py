"""The practice seller's orders as the records that a download would give, without a network."""

from collections.abc import Iterator

from tieout.domain.document import Document
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_file import read_settlement
from tieout.practice.shop import Shop
from tieout.practice.shop.order_report import report_status, seen
from tieout.practice.shop.records import Order as ShopOrder
from tieout.practice.shop.records import OrderKind, moment
from tieout.practice.shop.records import OrderLine as ShopLine


def shop_orders(shop: Shop, country: str) -> Iterator[Order]:
    """The orders of a marketplace as they stand at the shop's moment, in the form of its order report."""
    now = int(shop.now.timestamp())
    for order in shop.orders(country):
        if order.purchased_s <= now:
            yield order_of(order, now)


def order_of(order: ShopOrder, now: int) -> Order:
    """One order of the shop."""
    place = order.place
    status = report_status(order, now)
    priced = status not in {"Pending", "Cancelled"}
    currency = place.market.currency
    return Order(
        order_id=order.order_id,
        merchant_order_id=order.merchant_order_id,
        marketplace=place.market.country,
        sales_channel=place.non_amazon if order.kind is OrderKind.MULTI_CHANNEL else place.market.name,
        channel=Channel(order.channel.value),
        channel_told=order.channel.value,
        status=status,
        purchased=moment(order.purchased_s),
        updated=moment(order.last_updated_s(now)),
        currency=currency if priced else "",
        lines=tuple(
            _line(number, line, order, status, priced=priced) for number, line in enumerate(order.lines, start=1)
        ),
        is_replacement=order.kind is OrderKind.REPLACEMENT,
        prices_include_tax=place.gross_prices,
    )


def _line(number: int, line: ShopLine, order: ShopOrder, status: str, *, priced: bool) -> OrderLine:
    place = order.place

    def told(net: int, tax: int = 0, *, always: bool = False) -> Money | None:
        amount = seen(place, net, tax)
        return Money(amount, place.market.currency) if priced and (amount or always) else None

    def tax(amount: int) -> Money | None:
        return Money(amount, place.market.currency) if priced and amount else None

    return OrderLine(
        number=number,
        seller_sku=line.product.sku,
        asin=line.product.asin,
        title=line.product.title,
        quantity=line.quantity,
        status=status.partition(" - ")[0],
        item_price=told(line.price, line.tax, always=True),
        item_tax=tax(line.tax),
        shipping_price=told(line.shipping, line.shipping_tax),
        shipping_tax=tax(line.shipping_tax),
        gift_wrap_price=told(line.gift_wrap, line.gift_wrap_tax),
        gift_wrap_tax=tax(line.gift_wrap_tax),
        item_promotion=told(line.discount, line.discount_tax),
        shipping_promotion=told(line.shipping_discount, line.shipping_discount_tax),
        promotion_ids=line.promotion_id,
    )


def shop_settlements(shop: Shop, country: str) -> list[Settlement]:
    """The settlements of a marketplace's account, read from the files that Amazon would give."""
    found = []
    for each in shop.account(country).settlements(until_s=int(shop.now.timestamp())):
        settlement, findings = read_settlement(Document.of(each.file_name, each.flat_file_v2()), country=country)
        assert settlement is not None, findings
        found.append(settlement)
    return found
