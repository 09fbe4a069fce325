"""The things that a person must decide, planted into a world on request, and a list of what was planted where."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tieout.practice.shop.account_events import Period, other
from tieout.practice.shop.numbers import foreign_order_id
from tieout.practice.shop.place import Place
from tieout.practice.shop.records import Event, Order

UNKNOWN_FEE = "Harbour Handling Surcharge"
UNKNOWN_STATUS = "Shipped - Held at Border"


class Trouble(StrEnum):
    """What needs a decision."""

    UNKNOWN_FEE = "unknown fee"
    UNLISTED_ORDER = "settled order that is not listed"
    TAX_RESIDUAL = "withheld tax that does not equal the tax"
    RESERVE_BREAK = "previous reserve that is not the current one before it"
    AMOUNT_DIFFERS = "settled amount that differs from the order's"
    UNKNOWN_STATUS = "order status that is in no list"
    CANCELLED_LATE = "order cancelled after it was ready to ship"
    PRICE_JUMP = "wanted price beyond any limit"
    ZERO_QUANTITY = "wanted quantity of zero"


@dataclass(frozen=True, slots=True)
class PlantedTrouble:
    """One planted thing: what, and where (a settlement id, an order id or a SKU)."""

    trouble: Trouble
    where: str


@dataclass(frozen=True, slots=True)
class Planting:
    """What one account is given, by the numbers of its settlements and orders; -1 is none."""

    place: Place
    fee_period: int = -1
    break_period: int = -1
    unlisted_period: int = -1
    amount_order: int = -1
    residual_order: int = -1
    status_order: int = -1
    late_order: int = -1

    def own_events(self, id_seed: int, period: Period) -> tuple[Event, ...]:
        """Extra events of a period."""
        middle = (period.start_s + period.end_s) // 2
        events = []
        if period.number == self.fee_period:
            events.append(other(UNKNOWN_FEE, -1234 * self.place.scale // 100, middle))
        if period.number == self.unlisted_period:
            events.append(_unlisted_sale(id_seed, self.place, middle))
        return tuple(events)

    def reserve_error(self, period: Period) -> int:
        """What the previous reserve of a period is wrong by."""
        return 500 * self.place.scale // 100 if period.number == self.break_period else 0

    def adjust(self, order: Order, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The sale events of an order, with a planted difference where it is one of those that carry one."""
        if events and order.index == self.amount_order:
            return (_shifted(events[0], "Principal", -100), *events[1:])
        if events and order.index == self.residual_order:
            return (_shifted(events[0], "MarketplaceFacilitator", 2), *events[1:])
        return events


def _shifted(event: Event, description: str, by: int) -> Event:
    """The event with the first row of a description moved by an amount."""
    entries = list(event.entries)
    for position, (kind, what, amount, promotion) in enumerate(entries):
        if what.startswith(description) and "Shipping" not in what:
            entries[position] = (kind, what, amount + by, promotion)
            break
    return replace(event, entries=tuple(entries))


def _unlisted_sale(id_seed: int, place: Place, posted_s: int) -> Event:
    number = foreign_order_id(id_seed, place, place.number)
    price = 1999 * place.scale // 100
    return Event(
        "Order",
        posted_s,
        (("ItemPrice", "Principal", price, ""), ("ItemFees", "Commission", -price * 15 // 100, "")),
        order_id=number,
        merchant_order_id=number,
        shipment_id="Z0Z0Z0Z0Z",
        marketplace_name=place.market.name,
        fulfillment="AFN",
        item_id="10000000000001",
        sku="UNLISTED-1",
        quantity="1",
    )
