"""One account of the seller: its orders' money, period by period, and the settlements it is paid in.

Every settlement's rows sum to its total exactly, because the total is their sum. A negative total is charged to the
seller's card in the next settlement; a reserve kept back comes again as the next one's first amount.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from tieout.domain.marketplace import Marketplace
from tieout.practice.shop import account_events as own
from tieout.practice.shop.account_events import Period
from tieout.practice.shop.dice import Dice
from tieout.practice.shop.flat_file import HEADER_LINE, event_lines, summary_line
from tieout.practice.shop.numbers import id_seed, settlement_id
from tieout.practice.shop.order_events import refund_event, sale_events
from tieout.practice.shop.orders import POSTED_WITHIN_S, REFUNDED_WITHIN_S, OrderBook
from tieout.practice.shop.periods import DEPOSIT_AFTER_S, LISTED_AFTER_S, days_from_usual
from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.planted import Planting
from tieout.practice.shop.records import Event, Order, OrderKind, Product, moment

_RESERVE_PER_MILLE = 300
_RETROCHARGE_SEARCH = 60  # orders looked at for one whose tax is corrected later


@dataclass(frozen=True, slots=True)
class Statement:
    """A period made up: the account's own events, and the sum and number of all its rows."""

    period: Period
    own_events: tuple[Event, ...]
    total: int
    rows: int


@dataclass(frozen=True)
class Account:
    """One account; `companion` accounts do little and name no marketplace in their rows."""

    seed: int
    place: Place
    book: OrderBook | None
    closes_s: tuple[int, ...] = field(repr=False)
    start_s: int
    products: tuple[Product, ...] = field(repr=False)
    planting: Planting
    negative_period: int = -1
    reserved_period: int = -1
    companion: bool = False

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The settlement periods, without gaps."""
        edges = (self.start_s, *self.closes_s)
        return tuple(Period(number, *edge) for number, edge in enumerate(pairwise(edges)))

    def settlement_id(self, number: int) -> str:
        """The id of the settlement of a period."""
        return settlement_id(self.seed, self.place, number, days=days_from_usual(self.start_s))

    @property
    def id_seed(self) -> int:
        """What the ids of its orders are made from."""
        return id_seed(self.seed, self.start_s)

    def order_events(self, order: Order) -> Iterator[Event]:
        """Everything an order puts into settlements."""
        yield from self.planting.adjust(order, sale_events(order))
        refund = refund_event(order)
        if refund is not None:
            yield refund

    def events_of_orders(self, from_s: int, to_s: int) -> Iterator[Event]:
        """The events of orders and refunds posted from `from_s` to before `to_s`, order by order."""
        if self.book is None:
            return
        first = self.book.first_since(from_s - REFUNDED_WITHIN_S)
        for index in range(first, self.book.first_since(to_s)):
            for event in self.order_events(self.book.order(index)):
                if from_s <= event.posted_s < to_s:
                    yield event

    @cached_property
    def _order_sums(self) -> tuple[tuple[int, int], ...]:
        """The sum and the number of the orders' rows, a pair a period; one pass over all orders."""
        sums, rows = [0] * len(self.periods), [0] * len(self.periods)
        first_length = self.closes_s[0] - self.start_s
        step = self.closes_s[1] - self.closes_s[0] if len(self.closes_s) > 1 else first_length
        for index in range(self.book.count if self.book else 0):
            assert self.book is not None
            for event in self.order_events(self.book.order(index)):
                since = event.posted_s - self.start_s - first_length
                number = 0 if since < 0 else 1 + since // step
                if number < len(sums):
                    sums[number] += event.net
                    rows[number] += len(event.entries)
        return tuple(zip(sums, rows, strict=True))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every period made up, with its reserve, its debt and its total."""
        done: list[Statement] = []
        reserve, debt = 0, 0
        for period, (sales, sale_rows) in zip(self.periods, self._order_sums, strict=True):
            events = [*self._carried(period, reserve, debt), *self._own(period, sales)]
            net = sales + sum(event.net for event in events)
            if period.number == self.negative_period and net >= 0:
                owed = Dice(self.seed, "debt", self.place.number).between(30_00, 90_00) * self.place.scale // 100
                events.append(own.advertising(net + owed, (period.start_s + period.end_s) // 2))
                net = -owed
            elif net < 0 and period.number != self.negative_period:
                # Negative settlements are where they are meant to be; elsewhere Amazon pays for what it damaged.
                paid = 2 * (-net) + Dice(self.seed, "damage", self.place.number, period.number).between(5_00, 20_00)
                events.append(own.damage_paid(paid, period, self.products[0]))
                net += paid
            reserve = 0
            if net > 0:
                whole = period.number == self.reserved_period
                reserve = net if whole else net * _RESERVE_PER_MILLE // 1000
            if reserve:
                events.append(own.current_reserve(-reserve, period))
            total = net - reserve
            debt = max(0, -total)
            rows = sale_rows + sum(len(event.entries) for event in events)
            done.append(Statement(period, tuple(events), total, rows))
        return tuple(done)

    def _carried(self, period: Period, reserve: int, debt: int) -> Iterator[Event]:
        if debt:
            yield from own.charged_to_card(debt, period)
        if reserve:
            yield own.previous_reserve(reserve + self.planting.reserve_error(period), period)

    def _own(self, period: Period, sales: int) -> Iterator[Event]:
        if self.companion:
            yield from own.companion_events(self.seed, self.place, period, self.products)
        else:
            yield from own.planned_events(self.seed, self.place, period, max(sales, 0), self.products)
            yield from self._tax_corrected(period)
        yield from self.planting.own_events(self.id_seed, period)

    def _tax_corrected(self, period: Period) -> Iterator[Event]:
        """A facilitated order whose tax Amazon puts right later: two rows that net to zero."""
        if self.book is None or self.place.tax_mode is not TaxMode.FACILITATED or period.number == 0:
            return
        first = self.book.first_since(period.start_s - POSTED_WITHIN_S)
        for index in range(first, min(first + _RETROCHARGE_SEARCH, self.book.count)):
            order = self.book.order(index)
            posted = order.posted_s
            if order.withheld and order.kind is OrderKind.STANDARD and posted and posted < period.start_s:
                tax = 11 + index % 80
                yield Event(
                    "Order_Retrocharge",
                    (period.start_s + period.end_s) // 2,
                    (
                        ("ItemPrice", "Tax", tax, ""),
                        ("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", -tax, ""),
                    ),
                    order_id=order.order_id,
                    merchant_order_id=order.merchant_order_id,
                    marketplace_name=self.place.market.name,
                    sku=order.lines[0].product.sku,
                )
                return

    def settlements(self, *, until_s: int) -> tuple["ShopSettlement", ...]:
        """The settlements that Amazon lists at a moment; periods in which nothing happened have none."""
        return tuple(
            ShopSettlement(self, statement)
            for statement in self.statements
            if statement.rows and statement.period.end_s + LISTED_AFTER_S <= until_s
        )


@dataclass(frozen=True, slots=True)
class ShopSettlement:
    """One settlement of the practice seller; its rows sum to `total_minor` exactly."""

    account: Account
    statement: Statement

    @property
    def marketplace(self) -> Marketplace:
        """The account's marketplace."""
        return self.account.place.market

    @property
    def settlement_id(self) -> str:
        """Amazon's id: eleven digits."""
        return self.account.settlement_id(self.statement.period.number)

    @property
    def currency(self) -> str:
        """The account's currency."""
        return self.marketplace.currency

    @property
    def total_minor(self) -> int:
        """The settlement total in minor units: what reaches the bank, or is owed where negative."""
        return self.statement.total

    @property
    def rows(self) -> int:
        """How many settlement lines there are; the summary row is none of them."""
        return self.statement.rows

    @property
    def start(self) -> datetime:
        """The aware moment from which rows are in it."""
        return moment(self.statement.period.start_s)

    @property
    def end(self) -> datetime:
        """The aware moment before which rows are in it."""
        return moment(self.statement.period.end_s)

    @property
    def deposit(self) -> datetime:
        """The aware moment at which the total is sent to the bank."""
        return moment(self.statement.period.end_s + DEPOSIT_AFTER_S)

    @property
    def listed(self) -> datetime:
        """The aware moment at which Amazon lists its report."""
        return moment(self.statement.period.end_s + LISTED_AFTER_S)

    @property
    def file_name(self) -> str:
        """A name for its file: marketplace and settlement id."""
        return f"settlement-{self.marketplace.country.lower()}-{self.settlement_id}.txt"

    def events(self) -> Iterator[Event]:
        """All its events: the account's own stand between the orders', the reserve kept back is last."""
        period = self.statement.period
        waiting = list(self.statement.own_events)
        last = [waiting.pop()] if waiting and waiting[-1].posted_s >= period.end_s else []
        for number, event in enumerate(self.account.events_of_orders(period.start_s, period.end_s)):
            yield event
            if waiting and number % 3 == 2:
                yield waiting.pop(0)
        yield from (*waiting, *last)

    def lines(self) -> Iterator[str]:
        """The lines of its file, each with its line feed, the header first."""
        period, place = self.statement.period, self.account.place
        times = (period.start_s, period.end_s, period.end_s + DEPOSIT_AFTER_S)
        yield HEADER_LINE
        yield summary_line(place, self.settlement_id, times, self.total_minor)
        for event in self.events():
            yield from event_lines(place, self.settlement_id, event)

    def flat_file_v2(self) -> bytes:
        """Its file, exactly as Amazon writes it."""
        return "".join(self.lines()).encode("ascii")

    def write(self, path: Path) -> None:
        """Write its file without holding it in memory."""
        with path.open("w", encoding="ascii", newline="") as file:
            file.writelines(self.lines())
