"""An order as the JSON text that the database keeps, and back. Amounts are whole minor units of its currency."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine
from tieout.domain.origin import Origin

_TEXTS = ("seller_sku", "asin", "title", "status", "tax_collection_model", "tax_responsible", "promotion_ids")
_AMOUNTS = (
    *("item_price", "item_tax", "shipping_price", "shipping_tax", "gift_wrap_price", "gift_wrap_tax"),
    *("item_promotion", "shipping_promotion", "other_charges"),
)
_ORDER_TEXTS = (
    *("order_id", "merchant_order_id", "marketplace", "sales_channel", "channel_told", "status", "currency"),
    *("ship_country", "ship_region"),
)
_FLAGS = ("is_business", "is_replacement", "prices_include_tax")


def order_text(order: Order) -> str:
    """The order as one line of JSON, the same for the same order; where it was read is not in it.

    Fields that are empty are left out: most orders have few of them filled.
    """
    record: dict[str, Any] = {name: value for name in _ORDER_TEXTS if (value := getattr(order, name))}
    record |= {name: True for name in _FLAGS if getattr(order, name)}
    record["channel"] = order.channel.value
    record["purchased"] = order.purchased.astimezone(UTC).isoformat()
    record["updated"] = order.updated.astimezone(UTC).isoformat()
    if order.shipped is not None:
        record["shipped"] = order.shipped.astimezone(UTC).isoformat()
    record["lines"] = [_line_record(line) for line in order.lines]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def content_hash(text: str) -> str:
    """The identity of an order's text: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()


def order_of(text: str, origin: Origin | None = None) -> Order:
    """The order of such a text."""
    record = json.loads(text)
    currency = record.get("currency", "")
    return Order(
        **{name: record.get(name, "") for name in _ORDER_TEXTS},
        **{name: record.get(name, False) for name in _FLAGS},
        channel=Channel(record["channel"]),
        purchased=datetime.fromisoformat(record["purchased"]),
        updated=datetime.fromisoformat(record["updated"]),
        shipped=datetime.fromisoformat(record["shipped"]) if "shipped" in record else None,
        lines=tuple(_line(number, each, currency) for number, each in enumerate(record["lines"], 1)),
        origin=origin,
    )


def with_more_kept(order: Order, before: Order) -> Order:
    """A version of an order, with what another one told of where it went and when, and this one leaves out.

    Reports tell the place and no ship time, the API the ship time and no place.
    """
    if not order.ship_country and before.ship_country:
        order = replace(order, ship_country=before.ship_country, ship_region=before.ship_region)
    if order.shipped is None and before.shipped is not None:
        order = replace(order, shipped=before.shipped)
    return order


def _line_record(line: OrderLine) -> dict[str, Any]:
    record: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(line, name))}
    record["quantity"] = line.quantity
    for name in _AMOUNTS:
        amount = getattr(line, name)
        if amount is not None:
            record[name] = amount.minor
    return record


def _line(number: int, record: dict[str, Any], currency: str) -> OrderLine:
    fields: dict[str, Any] = {name: record.get(name, "") for name in _TEXTS}
    fields |= {name: Money(record[name], currency) for name in _AMOUNTS if name in record}
    return OrderLine(number=number, quantity=record["quantity"], **fields)
