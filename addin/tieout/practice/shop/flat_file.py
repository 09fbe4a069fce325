"""The text of a settlement file, Flat File V2, as Amazon writes it for each marketplace.

Source: real files (dates ISO at Amazon.com, dd.mm.yyyy in Europe; a decimal point at .com and .co.uk, a comma at
.de and .fr; tab separated, line feeds, the summary row first, every later row with the settlement id alone).
"""

from collections.abc import Iterator
from functools import lru_cache

from tieout.practice.shop.place import Place
from tieout.practice.shop.records import DAY_S, Event, moment

HEADER = (
    *("settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency"),
    *("transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name"),
    *("amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time"),
    *("order-item-code", "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased"),
    "promotion-id",
)
HEADER_LINE = "\t".join(HEADER) + "\n"


def amount_text(minor: int, decimal_mark: str) -> str:
    """An amount of a two-place currency: (-1250, ",") gives "-12,50". Every currency sold in here has two."""
    whole, cents = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}{decimal_mark}{cents:02d}"


@lru_cache(maxsize=4096)
def _day(day: int, dotted: bool) -> str:
    then = moment(day * DAY_S)
    return f"{then:%d.%m.%Y}" if dotted else f"{then:%Y-%m-%d}"


def date_text(seconds: int, dotted: bool) -> str:
    """The day of a moment, in UTC."""
    return _day(seconds // DAY_S, dotted)


def time_text(seconds: int, dotted: bool) -> str:
    """A moment to the second, in UTC, with the zone's name behind it."""
    minutes, second = divmod(seconds % DAY_S, 60)
    return f"{_day(seconds // DAY_S, dotted)} {minutes // 60:02d}:{minutes % 60:02d}:{second:02d} UTC"


def summary_line(place: Place, settlement_id: str, times_s: tuple[int, int, int], total: int) -> str:
    """The first row after the header: when it starts, ends and is deposited, and the total."""
    days = "\t".join(time_text(seconds, place.dotted_dates) for seconds in times_s)
    total_text = amount_text(total, place.decimal_mark)
    return f"{settlement_id}\t{days}\t{total_text}\t{place.market.currency}" + "\t" * 18 + "\n"


def event_lines(place: Place, settlement_id: str, event: Event) -> Iterator[str]:
    """The rows of an event."""
    head = (
        f"{settlement_id}\t\t\t\t\t\t{event.transaction_type}\t{event.order_id}\t{event.merchant_order_id}"
        f"\t{event.adjustment_id}\t{event.shipment_id}\t{event.marketplace_name}\t"
    )
    tail = (
        f"\t{event.fulfillment}\t{date_text(event.posted_s, place.dotted_dates)}"
        f"\t{time_text(event.posted_s, place.dotted_dates)}\t{event.item_id}\t{event.merchant_item_id}"
        f"\t{event.adjustment_item_id}\t{event.sku}\t{event.quantity}"
    )
    mark = place.decimal_mark
    for amount_type, description, amount, promotion in event.entries:
        end = "\n" if event.short else f"\t{promotion}\n"
        yield f"{head}{amount_type}\t{description}\t{amount_text(amount, mark)}{tail}{end}"
