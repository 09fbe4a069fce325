"""What Amazon charges and credits an account beside its orders: subscription, storage, advertising and the rest.

Only kinds of rows seen in real settlement files are used, in the older words (`other-transaction`) and the newer
ones (`FBAFees` with `Base fee`) alike. Identical rows do occur, as they do in real files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tieout.practice.shop.dice import Dice
from tieout.practice.shop.numbers import ALPHANUMERIC, MIXED
from tieout.practice.shop.order_events import share
from tieout.practice.shop.periods import midnight_s
from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.records import DAY_S, HOUR_S, Event, Product, moment

OTHER = "other-transaction"
_SUBSCRIPTION_MINOR = 3999
_CAMPAIGN_SALES_MIN = 15_000  # in US cents; a seller of less runs no campaigns
_RESERVE_DELAY_S = 7  # real files date the reserve rows seven seconds after the start and after the end


@dataclass(frozen=True, slots=True)
class Period:
    """One settlement period of an account: its number, and when it starts and ends."""

    number: int
    start_s: int
    end_s: int


def other(description: str, amount: int, posted_s: int, order_id: str = "", marketplace_name: str = "") -> Event:
    """A row of the older kind, whose three words are other-transaction, other-transaction and a name."""
    entries = ((OTHER, description, amount, ""),)
    return Event(OTHER, posted_s, entries, order_id=order_id, marketplace_name=marketplace_name)


def previous_reserve(amount: int, period: Period) -> Event:
    """The reserve of the settlement before, given back."""
    return other("Previous Reserve Amount Balance", amount, period.start_s + _RESERVE_DELAY_S)


def current_reserve(amount: int, period: Period) -> Event:
    """What Amazon keeps back: a negative amount."""
    return other("Current Reserve Amount", amount, period.end_s + _RESERVE_DELAY_S)


def charged_to_card(debt: int, period: Period) -> tuple[Event, ...]:
    """How a negative settlement ends: the debt is carried into the next one and charged to the seller's card."""
    return (
        other("Payable to Amazon", -debt, period.start_s + _RESERVE_DELAY_S),
        other("Successful charge", debt, period.start_s + 2 * DAY_S + 3 * HOUR_S),
    )


def advertising(amount: int, posted_s: int) -> Event:
    """A bill for advertising of `amount`, which is positive."""
    return Event("ServiceFee", posted_s, (("Cost of Advertising", "TransactionTotalAmount", -amount, ""),))


def damage_paid(amount: int, period: Period, product: Product) -> Event:
    """What Amazon pays for goods it damaged."""
    entry = ("FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE", amount, "")
    posted = period.start_s + (period.end_s - period.start_s) * 3 // 5
    return Event(OTHER, posted, (entry,), sku=product.sku, quantity="1")


def planned_events(
    seed: int, place: Place, period: Period, sales: int, products: tuple[Product, ...]
) -> Iterator[Event]:
    """The account's own events of a period whose orders net `sales`."""
    dice = Dice(seed, "account", place.number, period.number)
    scale = place.scale
    yield from _monthly(place, period, sales)
    length = period.end_s - period.start_s
    yield advertising(share(sales, 30) + 100 * scale // 100, period.start_s + length // 3)
    yield advertising(share(sales, 25) + 50 * scale // 100, period.start_s + 2 * length // 3)
    # The one row of its own in which an account is named: a settlement without orders is known by it.
    inbound_s = period.start_s + length // 4
    shipment = "FBA" + dice.text(9, ALPHANUMERIC)
    amount = -share(sales, 12) - 40 * scale // 100
    if place.market.country == "GB":
        yield other("FBAInboundTransportationFee", amount, inbound_s, shipment, place.market.name)
    else:
        entry = ("FBA Amazon-Partnered Carrier Shipment Fee", "Base fee", amount, "")
        yield Event("FBAFees", inbound_s, (entry,), order_id=shipment, marketplace_name=place.market.name)
    removal = -104 * scale // 100
    yield other("RemovalComplete", removal, period.start_s + length // 2, dice.text(10, MIXED))
    yield from _reimbursements(dice, place, period, dice.pick(products))
    if place.market.country == "US":
        yield _liquidation(dice, period, dice.pick(products))
    fee_name = "Vine Enrollment Fee" if period.number % 3 == 1 else "Coupon Participation Fee"
    if sales > _CAMPAIGN_SALES_MIN * scale // 100:
        entry = (fee_name, "Base fee", -500 * scale // 100, "")
        yield Event("AmazonFees", period.start_s + length // 5, (entry,))


def companion_events(seed: int, place: Place, period: Period, products: tuple[Product, ...]) -> Iterator[Event]:
    """The events of an account in which little happens: rows that name no marketplace."""
    dice = Dice(seed, "companion", place.number, period.number)
    yield from _reimbursements(dice, place, period, dice.pick(products), times=8)
    yield other("Storage Fee", -31 * place.scale // 100, period.start_s + DAY_S)


def _monthly(place: Place, period: Period, sales: int) -> Iterator[Event]:
    """The subscription on the second day of a month and storage on the eighth, where the period holds them."""
    day = moment(period.start_s).date()
    while midnight_s(day) < period.end_s:
        posted = midnight_s(day) + 10 * HOUR_S
        if period.start_s <= posted < period.end_s:
            if day.day == 2 and period.number:  # the first month is free
                yield other("Subscription Fee", -_SUBSCRIPTION_MINOR * place.scale // 100, posted)
            if day.day == 8:
                yield _storage(place, share(sales, 8) + 60 * place.scale // 100, posted)
        day += timedelta(days=1)


def _storage(place: Place, amount: int, posted_s: int) -> Event:
    if place.tax_mode is TaxMode.SELLER:
        return other("Storage Fee", -amount, posted_s)
    return Event("FBAFees", posted_s, (("FBA Inventory Storage Fee", "Base fee", -amount, ""),))


def _reimbursements(dice: Dice, place: Place, period: Period, product: Product, *, times: int = 1) -> Iterator[Event]:
    """One loss in the warehouse, told in two identical rows, and now and then an earlier one taken back."""
    posted = period.start_s + dice.below(period.end_s - period.start_s)
    reference = f"{dice.below(9 * 10**9) + 10**9}"
    value = dice.between(250, 650) * times * place.scale // 100
    lost = ("FBA Inventory Reimbursement", "WAREHOUSE_LOST", value, "")
    yield Event(OTHER, posted, (lost, lost), adjustment_id=reference, sku=product.sku, quantity="1")
    if period.number % 2 == 1:
        back = ("FBA Inventory Reimbursement", "REVERSAL_REIMBURSEMENT", -value // 2, "")
        yield Event(OTHER, posted, (back,), adjustment_id=reference, sku=product.sku, quantity="1")


def _liquidation(dice: Dice, period: Period, product: Product) -> Event:
    """A sale of returned goods by weight; its rows lack the last column, as in real files."""
    number = f"{16_000_000_000_000 + dice.below(10**12)}"
    value = dice.between(400, 900)
    return Event(
        "Liquidations",
        period.start_s + dice.below(period.end_s - period.start_s),
        (("ItemPrice", "Principal", value, ""), ("ItemFees", "LiquidationsBrokerageFee", -share(value, 225), "")),
        order_id=number,
        shipment_id=number,
        sku=product.asin,
        quantity="1",
        short=True,
    )
