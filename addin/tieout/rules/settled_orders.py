"""What a settlement says of each order and of each refund: one pass over its lines.

The orders method makes documents by order, so its work is by order anyway; the summary method never comes here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tieout.domain.calendar import Month
from tieout.domain.money import Money
from tieout.domain.settlement import Kind, LineSum, Settlement, SettlementLine
from tieout.rules.order_kinds import OrderKinds


@dataclass(frozen=True, slots=True)
class Settled:
    """An order's own lines in a settlement, or those of its refund in a month: sums by kind, from its first row on.

    `price` is what the buyer paid (negative: got back), tax told by Amazon included; `tax` is that tax; `withheld`
    what Amazon kept of it, the other sign. `day` is that of the last line. `sums` are its lines by kind and month.
    """

    order_id: str
    by_kind: tuple[tuple[Kind, Money], ...]
    price: Money
    tax: Money
    withheld: Money
    day: date
    first_row: int
    rows: int
    sums: tuple[LineSum, ...] = field(default=(), compare=False)

    @property
    def received(self) -> Money:
        """What of it reaches the seller, before fees."""
        return self.price + self.withheld


@dataclass(frozen=True, slots=True)
class SettledOrders:
    """The orders that a settlement pays, and the refunds it takes, each by order id (and month)."""

    orders: tuple[Settled, ...]
    refunds: tuple[Settled, ...]


@dataclass(slots=True)
class _Sums:
    day: date
    first_row: int
    rows: int = 0
    by_kind: dict[Kind, int] = field(default_factory=dict)
    # Rows, amount and first row by kind, year and month.
    by_month: dict[tuple[Kind, int, int], tuple[int, int, int]] = field(default_factory=dict)

    def add(self, line: SettlementLine) -> None:
        """Count a line."""
        self.rows += 1
        self.day = max(self.day, line.posted)
        self.by_kind[line.kind] = self.by_kind.get(line.kind, 0) + line.amount.minor
        place = line.kind, line.posted.year, line.posted.month
        rows, minor, first = self.by_month.get(place, (0, 0, line.row))
        self.by_month[place] = rows + 1, minor + line.amount.minor, min(first, line.row)

    def line_sums(self, currency: str) -> tuple[LineSum, ...]:
        """Its lines by kind and month."""
        return tuple(
            LineSum(kind, Month(year, month), False, rows, Money(minor, currency), first)
            for (kind, year, month), (rows, minor, first) in self.by_month.items()
        )


def settled_orders(settlement: Settlement, kinds: OrderKinds) -> SettledOrders:
    """The orders and refunds of a settlement. Lines that name no order belong to none; multi-channel ids neither."""
    sales: dict[str, _Sums] = {}
    refunds: dict[tuple[str, Month], _Sums] = {}
    of_sale, of_refund = kinds.sale | kinds.sale_withheld, kinds.refund | kinds.refund_withheld
    for line in settlement.lines.lines():
        if not line.order_id or is_multi_channel(line.order_id):
            continue
        if line.kind in of_sale:
            sums = sales.setdefault(line.order_id, _Sums(line.posted, line.row))
        elif line.kind in of_refund:
            sums = refunds.setdefault((line.order_id, Month.of(line.posted)), _Sums(line.posted, line.row))
        else:
            continue
        sums.add(line)
    return SettledOrders(
        tuple(_settled(order_id, sums, kinds, settlement.currency) for order_id, sums in sales.items()),
        tuple(_settled(order_id, sums, kinds, settlement.currency) for (order_id, _), sums in refunds.items()),
    )


def is_multi_channel(order_id: str) -> bool:
    """Whether an order id is of multi-channel fulfilment ("S01-…"): sold elsewhere, so no order of Amazon's."""
    return order_id.upper().startswith("S0")


def _settled(order_id: str, sums: _Sums, kinds: OrderKinds, currency: str) -> Settled:
    withheld = kinds.sale_withheld | kinds.refund_withheld

    def total(of: Iterator[int]) -> Money:
        return Money(sum(of), currency)

    return Settled(
        order_id=order_id,
        by_kind=tuple((kind, Money(minor, currency)) for kind, minor in sums.by_kind.items()),
        price=total(minor for kind, minor in sums.by_kind.items() if kind not in withheld),
        tax=total(minor for kind, minor in sums.by_kind.items() if kind in kinds.tax),
        withheld=total(minor for kind, minor in sums.by_kind.items() if kind in withheld),
        day=sums.day,
        first_row=sums.first_row,
        rows=sums.rows,
        sums=sums.line_sums(currency),
    )
