"""An order as Amazon tells it, with exact amounts; no buyer's data is in it.

Sources: Amazon, "Order report attributes" (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL) and the Orders API
2026-01-01. An order may list one SKU in several lines: order and SKU are no identity, `number` is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tieout.domain.money import Money
from tieout.domain.origin import Origin


class Channel(StrEnum):
    """Who ships."""

    FBA = "FBA"  # Amazon: "Amazon", AFN, AMAZON
    FBM = "FBM"  # the seller: "Merchant", MFN, MERCHANT
    UNKNOWN = "Unknown"  # Amazon said something else, which is kept


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order. Amounts are for the whole quantity, not for one piece, and None where Amazon says none.

    Promotions are what Amazon says they are: positive amounts that lower the price. `tax_responsible` is who owes
    the tax ("Amazon Services, Inc.", "Seller", empty); `status` is Amazon's own word for the line. `other_charges`
    are what the API tells beside these (a fee for cash on delivery, a tip, what it calls OTHER).
    """

    number: int
    seller_sku: str
    asin: str
    title: str
    quantity: int
    status: str
    item_price: Money | None = None
    item_tax: Money | None = None
    shipping_price: Money | None = None
    shipping_tax: Money | None = None
    gift_wrap_price: Money | None = None
    gift_wrap_tax: Money | None = None
    item_promotion: Money | None = None
    shipping_promotion: Money | None = None
    tax_collection_model: str = ""
    tax_responsible: str = ""
    promotion_ids: str = ""
    other_charges: Money | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `order_id` is Amazon's ("113-1234567-1234567"; "S01-…" for multi-channel fulfilment).

    `status` is Amazon's own word, kept whatever it is; rules/order_status.py says what it means. `currency` is empty
    while Amazon tells no price (Pending, Cancelled). Moments are aware. `ship_country` and `ship_region` are what tax
    needs; nothing else of an address is kept. `prices_include_tax`: whether prices and promotions have the tax
    inside, so that the tax beside them is a part of them (order reports outside the US and Canada). `shipped` is when
    the last of it was handed to the carrier, where Amazon tells it (orders that the seller ships, Orders API only).
    """

    order_id: str
    merchant_order_id: str
    marketplace: str
    sales_channel: str
    channel: Channel
    channel_told: str
    status: str
    purchased: datetime
    updated: datetime
    currency: str
    lines: tuple[OrderLine, ...]
    ship_country: str = ""
    ship_region: str = ""
    is_business: bool = False
    is_replacement: bool = False
    origin: Origin | None = None
    prices_include_tax: bool = False
    shipped: datetime | None = None

    @property
    def is_multi_channel(self) -> bool:
        """Whether it was sold elsewhere and only shipped by Amazon: no revenue of Amazon's."""
        return self.order_id.upper().startswith("S0") or self.sales_channel.casefold().startswith("non-amazon")

    def total(self) -> Money | None:
        """What the buyer owes: prices and taxes less promotions, over all lines; None while no price is told.

        Tax that Amazon withholds is in it, as it is in Amazon's own order total.
        """
        if not self.currency:
            return None
        plus = [amount for line in self.lines for amount in self._charged(line) if amount is not None]
        minus = [
            amount
            for line in self.lines
            for amount in (line.item_promotion, line.shipping_promotion)
            if amount is not None
        ]
        return Money.total(plus, self.currency) - Money.total(minus, self.currency)

    def _charged(self, line: OrderLine) -> tuple[Money | None, ...]:
        prices = (line.item_price, line.shipping_price, line.gift_wrap_price, line.other_charges)
        if self.prices_include_tax:
            return prices
        return (*prices, line.item_tax, line.shipping_tax, line.gift_wrap_tax)
