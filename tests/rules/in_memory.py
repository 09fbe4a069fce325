"""Settlements made of a few rows in memory, for tests of rules: what the parser would give, without a file."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tieout.domain.calendar import Month
from tieout.domain.money import Money
from tieout.domain.origin import Origin
from tieout.domain.settlement import DaySum, Kind, LineSum, OrderKindSum, OrderSum, Settlement, SettlementLine

FIRST_ROW = 3  # the header is line 1, the summary row line 2


@dataclass(frozen=True, slots=True)
class Row:
    """A row: when it was posted, its three words, its amount in minor units, its order and marketplace name."""

    day: date
    words: tuple[str, str, str]
    minor: int
    order_id: str = ""
    marketplace_name: str = ""

    @property
    def kind(self) -> Kind:
        return Kind(*self.words, self.marketplace_name)


class RowsInMemory:
    """The SettlementLines protocol over rows, written as plainly as it can be, to check the real thing's users."""

    def __init__(self, rows: Sequence[Row], currency: str) -> None:
        self._rows = list(enumerate(rows, start=FIRST_ROW))
        self._currency = currency

    def __len__(self) -> int:
        return len(self._rows)

    def kinds(self) -> tuple[Kind, ...]:
        return tuple(dict.fromkeys(row.kind for _, row in self._rows))

    def orders_with(self, kinds: frozenset[Kind]) -> frozenset[str]:
        return frozenset(row.order_id for _, row in self._rows if row.kind in kinds)

    def order_sums(self, kinds: frozenset[Kind], *, nonzero_only: bool = False) -> Iterator[OrderSum]:
        by_order: dict[str, list[tuple[int, Row]]] = {}
        for number, row in self._rows:
            if row.kind in kinds and row.order_id:
                by_order.setdefault(row.order_id, []).append((number, row))
        for order_id, rows in by_order.items():
            amount = Money(sum(row.minor for _, row in rows), self._currency)
            if amount or not nonzero_only:
                yield OrderSum(order_id, amount, len(rows), rows[0][0])

    def order_kind_sums(self, kinds: frozenset[Kind]) -> Iterator[OrderKindSum]:
        for number, row in self._rows:
            if row.kind in kinds and row.order_id:
                amount = Money(row.minor, self._currency)
                yield OrderKindSum(row.order_id, row.kind, Month.of(row.day), amount, 1, number, row.day)

    def sums(self, facilitated_orders: frozenset[str], facilitated_kinds: frozenset[Kind]) -> tuple[LineSum, ...]:
        grouped: dict[tuple[Kind, Month, bool], list[tuple[int, Row]]] = {}
        for number, row in self._rows:
            key = (row.kind, Month.of(row.day), row.kind in facilitated_kinds and row.order_id in facilitated_orders)
            grouped.setdefault(key, []).append((number, row))
        return tuple(
            LineSum(*key, len(rows), Money(sum(row.minor for _, row in rows), self._currency), rows[0][0])
            for key, rows in grouped.items()
        )

    def day_sums(self) -> Iterator[DaySum]:
        grouped: dict[tuple[Kind, date], list[Row]] = {}
        for _, row in self._rows:
            grouped.setdefault((row.kind, row.day), []).append(row)
        for (kind, day), rows in grouped.items():
            yield DaySum(kind, day, len(rows), Money(sum(row.minor for row in rows), self._currency))

    def rows_of(
        self,
        kind: Kind,
        month: Month,
        facilitated: bool,
        facilitated_orders: frozenset[str],
        facilitated_kinds: frozenset[Kind],
    ) -> Sequence[int]:
        return [
            number
            for number, row in self._rows
            if row.kind == kind
            and Month.of(row.day) == month
            and (row.kind in facilitated_kinds and row.order_id in facilitated_orders) == facilitated
        ]

    def lines(self) -> Iterator[SettlementLine]:
        for number, row in self._rows:
            amount = Money(row.minor, self._currency)
            yield SettlementLine(number, row.kind, amount, row.day, row.order_id, "", ())


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def settlement(
    rows: Iterable[Row],
    *,
    settlement_id: str = "24288684721",
    country: str = "US",
    currency: str = "USD",
    start: date = date(2024, 10, 9),
    end: date = date(2024, 10, 23),
    deposit: date | None = None,
    time_zone: str = "UTC",
    total: int | None = None,
    layout: str = "v2",
    file: str = "",
    content: str = "",
) -> Settlement:
    """A settlement of these rows; its total is their sum unless another is given."""
    kept = list(rows)
    lines = RowsInMemory(kept, currency)
    rows_sum = sum(row.minor for row in kept)
    text = content or repr((settlement_id, kept, total))
    return Settlement(
        origin=Origin(file or f"{settlement_id}.txt", hashlib.sha256(text.encode()).hexdigest()),
        settlement_id=settlement_id,
        marketplace=country,
        marketplace_names=(),
        time_zone=time_zone,
        currency=currency,
        start=noon(start),
        end=noon(end),
        deposit=noon(deposit) if deposit else None,
        total=Money(rows_sum if total is None else total, currency),
        sum_of_rows=Money(rows_sum, currency),
        layout=layout,
        lines=lines,
    )
