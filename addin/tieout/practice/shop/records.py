"""The records of the practice seller's world: products, orders, and the events a settlement is made of.

Amounts are whole minor units of the marketplace's currency. Times are whole seconds since 1970 in UTC, named `_s`,
because a world may hold a million orders; `moment` makes an aware time of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tieout.practice.shop.place import Place

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400


def moment(seconds: int) -> datetime:
    """The aware time of `seconds` since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


class Channel(StrEnum):
    """Who sends the goods."""

    FBA = "FBA"
    FBM = "FBM"


class OrderKind(StrEnum):
    """Why the order is."""

    STANDARD = "standard"
    REPLACEMENT = "replacement"  # free of charge, for an earlier order
    MULTI_CHANNEL = "multi-channel"  # sold elsewhere, sent by Amazon: only a fee is settled


@dataclass(frozen=True, slots=True)
class Product:
    """One seller SKU; `base_minor` is its US price, `tier` its size for Amazon's fulfilment fee."""

    number: int
    sku: str
    asin: str
    fnsku: str
    title: str
    channel: Channel
    base_minor: int
    tier: int


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order; each amount is for the whole quantity, without tax, and never negative."""

    item_id: str
    product: Product
    quantity: int
    price: int
    tax: int
    shipping: int
    shipping_tax: int
    gift_wrap: int
    gift_wrap_tax: int
    discount: int
    discount_tax: int
    shipping_discount: int
    shipping_discount_tax: int
    promotion_id: str
    shipping_promotion_id: str

    @property
    def paid(self) -> int:
        """What the buyer paid for the line, tax and all."""
        return (
            (self.price + self.tax + self.shipping + self.shipping_tax + self.gift_wrap + self.gift_wrap_tax)
            - (self.discount + self.discount_tax)
            - (self.shipping_discount + self.shipping_discount_tax)
        )


@dataclass(frozen=True, slots=True)
class Refund:
    """The refund of an order's first line; `restocking` is kept from the buyer."""

    posted_s: int
    adjustment_id: str
    adjustment_item_id: str
    restocking: int


@dataclass(frozen=True, slots=True)
class Order:
    """One order with its whole life; None for what never happens to it.

    `posted_s` is when its money enters a settlement: when it is shipped, or seven days after delivery where
    Amazon defers it (`deferred`). `withheld` tells that Amazon took the order's tax itself.
    """

    place: Place
    index: int
    order_id: str
    merchant_order_id: str
    kind: OrderKind
    channel: Channel
    business: bool
    purchased_s: int
    authorised_s: int
    cancelled_s: int | None
    shipped_s: int | None
    delivered_s: int | None
    posted_s: int | None
    deferred: bool
    withheld: bool
    shipment_id: str
    lines: tuple[OrderLine, ...]
    refund: Refund | None
    replaces: str

    @property
    def paid(self) -> int:
        """What the buyer paid for the order, tax and all."""
        return sum(line.paid for line in self.lines)

    def status_at(self, now_s: int) -> str:
        """Amazon's status of the order at a moment: Pending, Canceled, Unshipped or Shipped (Orders v0 spelling)."""
        if self.cancelled_s is not None and now_s >= self.cancelled_s:
            return "Canceled"
        if self.shipped_s is not None and now_s >= self.shipped_s:
            return "Shipped"
        return "Pending" if now_s < self.authorised_s else "Unshipped"

    def last_updated_s(self, now_s: int) -> int:
        """When the order last changed, as seen at a moment."""
        returned = self.refund.posted_s if self.refund is not None else None
        steps = (self.authorised_s, self.cancelled_s, self.shipped_s, self.delivered_s, returned)
        return max([self.purchased_s, *(step for step in steps if step is not None and step <= now_s)])


Entry = tuple[str, str, int, str]
"""Amount type, amount description, amount in minor units, promotion id: what a settlement row is about."""


@dataclass(frozen=True, slots=True)
class Event:
    """Settlement rows that share everything but their `entries`; Amazon's "financial event".

    `short` tells that its rows lack the last column, as those of liquidations do in real files.
    """

    transaction_type: str
    posted_s: int
    entries: tuple[Entry, ...]
    order_id: str = ""
    merchant_order_id: str = ""
    adjustment_id: str = ""
    shipment_id: str = ""
    marketplace_name: str = ""
    fulfillment: str = ""
    item_id: str = ""
    merchant_item_id: str = ""
    adjustment_item_id: str = ""
    sku: str = ""
    quantity: str = ""
    short: bool = False

    @property
    def net(self) -> int:
        """The sum of its rows."""
        return sum(entry[2] for entry in self.entries)
