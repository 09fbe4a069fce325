"""One settlement file of any size, written as a stream: for benchmarks and for readers that hold no whole file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tieout.practice.shop.account_events import Period, other, planned_events
from tieout.practice.shop.catalogue import make_products
from tieout.practice.shop.flat_file import HEADER_LINE, event_lines, summary_line
from tieout.practice.shop.numbers import order_id, order_item_id, settlement_id
from tieout.practice.shop.order_events import refund_event, sale_events
from tieout.practice.shop.orders import OrderBook
from tieout.practice.shop.periods import DEPOSIT_AFTER_S, SETTLEMENT_DAYS
from tieout.practice.shop.place import Place, place_of
from tieout.practice.shop.records import DAY_S, HOUR_S, Channel, Event, Order, OrderKind

LINES_MAX = 100_000_000
_PERIOD_S = SETTLEMENT_DAYS * DAY_S
_START_S = 1_789_914_518  # 20 September 2026, 14:28:38 UTC: the period crosses into October
_PATTERN_ORDERS = 3000  # orders made in full; a larger file has their amounts again, under ids of its own
_PRODUCTS = 500
_ROWS_AN_ORDER = 6  # about; spreads the orders over the period
_PAID_PER_MILLE = 600  # about this much of the money is the total; the rest is the reserve
_BLOCK_EVENTS = 4096


def write_settlement_file(path: Path | str, *, lines: int, seed: int, marketplace: str = "US") -> int:
    """Write one settlement of exactly `lines` settlement lines (the header and the summary row are none of them).

    The rows sum to the total exactly, which is returned in minor units. A million lines take some seconds and
    about 170 MB of disk, and memory does not grow with them. ValueError for a marketplace in which the practice
    seller has no account, or for `lines` out of bounds.
    """
    if not 1 <= lines <= LINES_MAX:
        raise ValueError(f"lines must be 1 to {LINES_MAX}")
    place = place_of(marketplace)
    period = Period(0, _START_S, _START_S + _PERIOD_S)
    pattern = tuple(_pattern(seed, place, period))
    number = settlement_id(seed, place, 0)
    total = _total(pattern, lines)
    times = (period.start_s, period.end_s, period.end_s + DEPOSIT_AFTER_S)
    with Path(path).open("w", encoding="ascii", newline="") as file:
        file.write(HEADER_LINE + summary_line(place, number, times, total))
        block: list[str] = []
        for event in _events(seed, place, period, pattern, lines=lines, total=total):
            block.extend(event_lines(place, number, event))
            if len(block) > _BLOCK_EVENTS:
                file.write("".join(block))
                block.clear()
        file.write("".join(block))
    return total


@dataclass(frozen=True, slots=True)
class _Sold:
    """What one order of the pattern puts into a settlement."""

    order: Order
    events: tuple[Event, ...]
    rows: int
    net: int


def _pattern(seed: int, place: Place, period: Period) -> Iterator[_Sold]:
    products = make_products(seed, _PRODUCTS)
    book = OrderBook(
        seed=seed,
        place=place,
        count=_PATTERN_ORDERS,
        start_s=period.start_s,
        now_s=period.end_s,
        products=products,
        fba=tuple(product for product in products if product.channel is Channel.FBA),
        fbm=tuple(product for product in products if product.channel is Channel.FBM),
    )
    for index in range(_PATTERN_ORDERS):
        order = book.order(index)
        refund = refund_event(order)
        events = (*sale_events(order), *((refund,) if refund else ()))
        if events:
            rows = sum(len(event.entries) for event in events)
            yield _Sold(order, events, rows, sum(event.net for event in events))


def _total(pattern: tuple[_Sold, ...], lines: int) -> int:
    """The settlement total: a share of what so many lines bring, known before they are written."""
    rows, net = sum(sold.rows for sold in pattern), sum(sold.net for sold in pattern)
    return net * lines * _PAID_PER_MILLE // (rows * 1000)


def _events(
    seed: int, place: Place, period: Period, pattern: tuple[_Sold, ...], *, lines: int, total: int
) -> Iterator[Event]:
    """Orders, then the account's own events as far as they fit, and one reserve row that makes the total true."""
    left, net, index = lines - 1, 0, 0
    spread = max(1, lines // _ROWS_AN_ORDER)
    for event in planned_events(seed, place, period, max(total, 0), make_products(seed, 1)):
        if len(event.entries) <= left // 2:
            left, net = left - len(event.entries), net + event.net
            yield event
    while left:
        sold = pattern[index % len(pattern)]
        if sold.rows > left:
            filler = other("Subscription Fee", -3999, period.start_s + DAY_S)
            left, net = left - 1, net + filler.net
            yield filler
            continue
        posted = period.start_s + min(index * _PERIOD_S // spread, _PERIOD_S - DAY_S)
        yield from _again(seed, place, index, sold, posted)
        left, net, index = left - sold.rows, net + sold.net, index + 1
    kept = total - net
    name = "Current Reserve Amount" if kept < 0 else "Previous Reserve Amount Balance"
    yield other(name, kept, period.end_s + 7)


def _again(seed: int, place: Place, index: int, sold: _Sold, posted_s: int) -> Iterator[Event]:
    """The events of an order of the pattern, under the ids and the time of the file's `index`-th order."""
    multi_channel = sold.order.kind is OrderKind.MULTI_CHANNEL
    prefix = place.multi_channel_prefix if multi_channel else place.prefixes[index % len(place.prefixes)]
    number = order_id(seed, place, index, prefix=prefix)
    merchant = f"#{1000 + index}" if multi_channel else number
    for line, event in enumerate(sold.events):
        refund = event.transaction_type == "Refund"
        yield replace(
            event,
            posted_s=posted_s + 20 * HOUR_S if refund else posted_s,
            order_id=number,
            merchant_order_id=merchant,
            item_id=order_item_id(seed, place, index, 0 if refund else line),
        )
