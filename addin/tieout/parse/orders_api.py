"""Pages of searchOrders (Orders API 2026-01-01) into orders.

Source: the model orders_2026-01-01.json. Proceeds come in breakdowns: ITEM, SHIPPING, GIFT_WRAP, TAX, DISCOUNT, and
others that are kept as other charges; TAX and DISCOUNT may say of what. They stand before tax and add up to the
order's grand total. Only what accounting needs is asked for, so no buyer and no address is in a page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import Marketplace, by_id, by_name
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine
from tieout.domain.origin import Origin
from tieout.parse.api_json import (
    NotAsModelled,
    count,
    inside,
    moment,
    money,
    needed,
    objects,
    read_page,
    text,
    unlike_model,
)
from tieout.parse.orders import ReadOrders

_CHANNELS = {"AMAZON": Channel.FBA, "MERCHANT": Channel.FBM}
_PRICES = {"ITEM": "item_price", "SHIPPING": "shipping_price", "GIFT_WRAP": "gift_wrap_price"}
_TAXES = {"SHIPPING": "shipping_tax", "GIFT_WRAP": "gift_wrap_tax"}


def read_order_page(document: Document) -> ReadOrders:
    """The orders of a page. One that can't be read is left out and said; one whose parts don't add up is said."""
    page = read_page(document)
    if isinstance(page, Finding):
        return ReadOrders((), (page,))
    orders, findings = [], []
    for told in objects(page, "orders"):
        try:
            order = _order(told, Origin(document.name, document.sha256))
            grand_total = money(inside(told, "proceeds", "grandTotal"))
        except NotAsModelled as unlike:
            order_id = text(told, "orderId")
            findings.append(unlike_model(document, f"order {order_id or 'without an id'}: {unlike}", order_id))
            continue
        orders.append(order)
        if not order.marketplace:
            findings.append(_unknown_marketplace(order))
        if grand_total is not None and order.total() != grand_total:
            findings.append(_differs(order, grand_total))
    more = bool(text(page, "pagination", "nextToken"))
    return ReadOrders(tuple(orders), tuple(findings), _until(page), more)


def _until(page: Mapping[str, Any]) -> datetime | None:
    try:
        return moment(page, "lastUpdatedBefore")
    except NotAsModelled:
        return None


def _order(told: Mapping[str, Any], origin: Origin) -> Order:
    marketplace = _marketplace(told)
    currency = _currency(told)
    lines = [_line(number, item, currency) for number, item in enumerate(objects(told, "orderItems"), 1)]
    fulfilled_by = text(told, "fulfillment", "fulfilledBy")
    return Order(
        order_id=needed(told, "orderId"),
        merchant_order_id=_alias(told),
        marketplace=marketplace.country if marketplace else "",
        sales_channel=text(told, "salesChannel", "marketplaceName") or text(told, "salesChannel", "channelName"),
        channel=_CHANNELS.get(fulfilled_by.upper(), Channel.UNKNOWN),
        channel_told=fulfilled_by,
        status=text(told, "fulfillment", "fulfillmentStatus"),
        purchased=moment(told, "createdTime"),
        updated=moment(told, "lastUpdatedTime"),
        currency=currency,
        lines=_with_order_charges(tuple(lines), told, currency),
        is_business="AMAZON_BUSINESS" in (told.get("programs") or ()),
        is_replacement=any(
            text(one, "associationType") == "REPLACEMENT_ORIGINAL_ID" for one in objects(told, "associatedOrders")
        ),
        origin=origin,
        shipped=_shipped(told),
    )


def _shipped(told: Mapping[str, Any]) -> datetime | None:
    """When the last package was handed to the carrier; packages are told of orders that the seller ships."""
    times = [
        moment(one, "shipTime")
        for one in objects(told, "packages")
        if text(one, "shipTime") and text(one, "packageStatus", "status") != "CANCELLED"
    ]
    return max(times, default=None)


def _line(number: int, item: Mapping[str, Any], currency: str) -> OrderLine:
    amounts = _Amounts(currency)
    for part in objects(item, "proceeds", "breakdowns"):
        amounts.take(needed(part, "type"), _amount(part, currency), objects(part, "detailedBreakdowns"))
    collection = next(iter(objects(item, "tax", "taxCollections")), {})
    return OrderLine(
        number=number,
        seller_sku=text(item, "product", "sellerSku"),
        asin=text(item, "product", "asin"),
        title=text(item, "product", "title"),
        quantity=count(item, "quantityOrdered"),
        status=_line_status(item),
        tax_collection_model=text(collection, "model"),
        tax_responsible=text(collection, "responsibleParty"),
        promotion_ids=",".join(
            filter(None, (text(p, "promotionId") for p in objects(item, "promotion", "breakdowns")))
        ),
        **amounts.fields(),
    )


@dataclass(slots=True)
class _Amounts:
    """The parts of what a line brings, by the fields of an OrderLine."""

    currency: str
    minor: dict[str, int] | None = None

    def take(self, kind: str, subtotal: Money, details: Iterable[Mapping[str, Any]]) -> None:
        split = [(text(one, "subtype"), money(one.get("value"))) for one in details]
        if sum(part.minor for _, part in split if part) != subtotal.minor:
            split = []  # what does not add up tells of what it is no better than nothing
        if kind in _PRICES:
            self.add(_PRICES[kind], subtotal.minor)
        elif kind == "TAX":
            for subtype, part in split or [("ITEM", subtotal)]:
                self.add(_TAXES.get(subtype, "item_tax"), part.minor if part else 0)
        elif kind == "DISCOUNT":
            for subtype, part in split or [("ITEM", subtotal)]:
                name = "shipping_promotion" if subtype == "SHIPPING" else "item_promotion"
                self.add(name, -part.minor if part else 0)
        else:
            self.add("other_charges", subtotal.minor)

    def add(self, name: str, minor: int) -> None:
        self.minor = self.minor or {}
        self.minor[name] = self.minor.get(name, 0) + minor

    def fields(self) -> dict[str, Any]:
        return {name: Money(minor, self.currency) for name, minor in (self.minor or {}).items()}


def _amount(part: Mapping[str, Any], currency: str) -> Money:
    found = money(part.get("subtotal"))
    if found is None or found.currency != currency:
        raise NotAsModelled(f"the subtotal of {text(part, 'type')} is not in {currency or 'a currency'}")
    return found


def _with_order_charges(
    lines: tuple[OrderLine, ...], told: Mapping[str, Any], currency: str
) -> tuple[OrderLine, ...]:
    """The lines, the first with what is charged for the order as a whole (a tip): no line of Amazon's holds it."""
    tips = [
        _amount(p, currency) for p in objects(told, "proceeds", "breakdowns") if text(p, "type") == "DELIVERY_TIP"
    ]
    if not tips or not lines:
        return lines
    before = lines[0].other_charges or Money.zero(currency)
    return (replace(lines[0], other_charges=before + Money.total(tips, currency)), *lines[1:])


def _currency(told: Mapping[str, Any]) -> str:
    """The currency of an order's proceeds; empty where it has none yet."""
    grand_total = text(told, "proceeds", "grandTotal", "currencyCode")
    if grand_total:
        return grand_total
    for item in objects(told, "orderItems"):
        for part in objects(item, "proceeds", "breakdowns"):
            return text(part, "subtotal", "currencyCode")
    return ""


def _line_status(item: Mapping[str, Any]) -> str:
    """How far a line is, in the report's words: the API tells it by quantities."""
    if inside(item, "cancellation", "cancellationExecution"):
        return "Cancelled"
    fulfilled = count(item, "fulfillment", "quantityFulfilled")
    unfulfilled = count(item, "fulfillment", "quantityUnfulfilled")
    if unfulfilled:
        return "Unshipped"
    return "Shipped" if fulfilled else ""


def _marketplace(told: Mapping[str, Any]) -> Marketplace | None:
    return by_id(text(told, "salesChannel", "marketplaceId")) or by_name(
        text(told, "salesChannel", "marketplaceName")
    )


def _alias(told: Mapping[str, Any]) -> str:
    aliases = objects(told, "orderAliases")
    return next((text(one, "aliasId") for one in aliases if text(one, "aliasType") == "SELLER_ORDER_ID"), "")


def _unknown_marketplace(order: Order) -> Finding:
    return Finding(
        code="order-marketplace-unknown",
        severity=Severity.BLOCKED,
        what=f"Order {order.order_id} came through {order.sales_channel!r}, which is no marketplace known here.",
        to_do="It is kept and shown, and does not post. Update Tieout, or post it by hand.",
        where=order.origin,
        subject=order.order_id,
    )


def _differs(order: Order, grand_total: Money) -> Finding:
    return Finding(
        code="order-parts-differ-from-total",
        severity=Severity.BLOCKED,
        what=f"The parts of order {order.order_id} add up to {order.total()}; Amazon's total is {grand_total}.",
        to_do="It does not post. Press again later: Amazon may still be working on it.",
        where=order.origin,
        subject=order.order_id,
    )
