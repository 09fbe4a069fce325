"""What a settlement says of each order and of each refund, from sums that its columns give.

The orders method makes documents by order, so its work is by order anyway; the summary method never comes here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from tieout.domain.calendar import Month
from tieout.domain.money import Money
from tieout.domain.settlement import Kind, LineSum, OrderKindSum, Settlement
from tieout.rules.order_kinds import OrderKinds

_NAMED_MAX = 5


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

    def add(self, lines: OrderKindSum) -> None:
        """Count some lines of one kind and month."""
        self.rows += lines.rows
        self.day = max(self.day, lines.last_day)
        self.by_kind[lines.kind] = self.by_kind.get(lines.kind, 0) + lines.amount.minor
        place = lines.kind, lines.month.year, lines.month.month
        rows, minor, first = self.by_month.get(place, (0, 0, lines.first_row))
        self.by_month[place] = rows + lines.rows, minor + lines.amount.minor, min(first, lines.first_row)

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
    found = settlement.lines.order_kind_sums(of_sale | of_refund)
    for lines in sorted(found, key=lambda each: (each.first_row, each.kind, each.month)):
        if is_multi_channel(lines.order_id):
            continue
        if lines.kind in of_sale:
            sums = sales.setdefault(lines.order_id, _Sums(lines.last_day, lines.first_row))
        else:
            sums = refunds.setdefault((lines.order_id, lines.month), _Sums(lines.last_day, lines.first_row))
        sums.add(lines)
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


def named_orders(orders: Sequence[Settled]) -> str:
    """The ids of the first few, and how many more there are."""
    named = ", ".join(settled.order_id for settled in orders[:_NAMED_MAX])
    return f"{named} and {len(orders) - _NAMED_MAX:,} more" if len(orders) > _NAMED_MAX else named
