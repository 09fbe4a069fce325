"""The rows of Amazon's all-orders report: one an order line, without a line number, tab separated.

Source: Amazon's order tracking report attributes, and the statuses of a real export (`Shipped - Delivered to
Buyer` and the rest, for what the seller sends). Prices hold VAT where buyers see it inside the price; they are
blank while an order is Pending and when it is Cancelled. A few columns are in one region's file and not in the
other's, so a reader must go by name.
"""

from collections.abc import Iterable, Iterator

from tieout.practice.shop.dice import Dice
from tieout.practice.shop.flat_file import amount_text
from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.planted import UNKNOWN_STATUS
from tieout.practice.shop.records import Channel, Order, OrderKind, OrderLine, moment

_BEFORE = (
    *("amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status"),
    *("fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin"),
)
_NORTH_ONLY = ("number-of-items",)
_MIDDLE = (
    *("item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax"),
    *("gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount", "ship-city"),
    *("ship-state", "ship-postal-code", "ship-country", "promotion-ids"),
)
_EUROPE_ONLY = ("cpf",)
_AFTER = ("is-business-order", "purchase-order-number", "price-designation")
_TOWNS = {"US": ("PORTLAND", "OR", "97201"), "CA": ("VICTORIA", "BC", "V8V 1A1"), "GB": ("LEEDS", "", "LS1 1AA")}
_TAXED_TOWN = ("SEATTLE", "WA", "98101")


def header(place: Place) -> tuple[str, ...]:
    """The columns of a marketplace's report."""
    if place.market.region == "NA":
        return (*_BEFORE, *_NORTH_ONLY, *_MIDDLE, *_AFTER)
    return (*_BEFORE, *_MIDDLE, *_EUROPE_ONLY, *_AFTER)


def report_status(order: Order, now_s: int, *, unknown: bool = False) -> str:
    """The order's status in the report's own words; `unknown` gives one that is in no list."""
    status = order.status_at(now_s)
    if status == "Canceled":
        return "Cancelled"
    if status != "Shipped" or order.channel is Channel.FBA or order.delivered_s is None:
        return status
    if unknown:
        return UNKNOWN_STATUS
    if order.refund is not None and now_s >= order.refund.posted_s:
        return "Shipped - Returned to Seller"
    if now_s >= order.delivered_s:
        return "Shipped - Delivered to Buyer"
    return "Shipped - Picked Up" if order.index % 3 else "Shipped - Out for Delivery"


def report_lines(orders: Iterable[Order], now_s: int, *, place: Place, unknown_index: int = -1) -> Iterator[str]:
    """The report's lines, the header first; `place` decides the columns. Each ends with a line feed."""
    columns = header(place)
    yield "\t".join(columns) + "\n"
    for order in orders:
        status = report_status(order, now_s, unknown=order.index == unknown_index)
        for line in order.lines:
            fields = _fields(order, line, status, now_s)
            yield "\t".join([fields.get(column, "") for column in columns]) + "\n"


def _fields(order: Order, line: OrderLine, status: str, now_s: int) -> dict[str, str]:
    place = order.place
    cancelled = status == "Cancelled"
    multi_channel = order.kind is OrderKind.MULTI_CHANNEL
    town, state, post_code = ship_to(order)
    fields = {
        "amazon-order-id": order.order_id,
        "merchant-order-id": order.merchant_order_id,
        "purchase-date": _time(order.purchased_s),
        "last-updated-date": _time(order.last_updated_s(now_s)),
        "order-status": status,
        "fulfillment-channel": "Amazon" if order.channel is Channel.FBA else "Merchant",
        "sales-channel": place.non_amazon if multi_channel else place.market.name,
        "ship-service-level": "Expedited" if order.index % 4 == 0 else "Standard",
        "product-name": line.product.title,
        "sku": line.product.sku,
        "asin": line.product.asin,
        "number-of-items": str(line.quantity),
        "item-status": status.partition(" - ")[0],
        "quantity": "0" if cancelled else str(line.quantity),
        "ship-city": town,
        "ship-state": state,
        "ship-postal-code": post_code,
        "ship-country": place.market.country,
        "promotion-ids": ",".join(filter(None, (line.promotion_id, line.shipping_promotion_id))),
        "is-business-order": "true" if order.business else "false",
        "price-designation": "Business Price" if order.business else "",
    }
    if not cancelled and status != "Pending":
        fields |= _amounts(place, line)
    return fields


def seen(place: Place, net: int, tax: int) -> int:
    """An amount as buyers see it in a marketplace: with the tax inside it, or before tax."""
    return net + tax if place.gross_prices else net


def _amounts(place: Place, line: OrderLine) -> dict[str, str]:
    amounts = {
        "item-price": seen(place, line.price, line.tax),
        "item-tax": line.tax,
        "shipping-price": seen(place, line.shipping, line.shipping_tax),
        "shipping-tax": line.shipping_tax,
        "gift-wrap-price": seen(place, line.gift_wrap, line.gift_wrap_tax),
        "gift-wrap-tax": line.gift_wrap_tax,
        "item-promotion-discount": seen(place, line.discount, line.discount_tax),
        "ship-promotion-discount": seen(place, line.shipping_discount, line.shipping_discount_tax),
    }
    always = ("item-price",)
    texts = {name: amount_text(minor, ".") for name, minor in amounts.items() if minor or name in always}
    return {"currency": place.market.currency, **texts}


def ship_to(order: Order) -> tuple[str, str, str]:
    """A town that fits the order's tax; nobody's address."""
    if order.place.tax_mode is TaxMode.FACILITATED and order.withheld and order.place.market.country == "US":
        return _TAXED_TOWN
    default = ("CENTRAL", "", f"{10_000 + Dice('post', order.order_id).below(80_000)}")
    return _TOWNS.get(order.place.market.country, default)


def _time(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%S+00:00")
