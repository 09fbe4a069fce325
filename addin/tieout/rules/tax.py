"""Rule 8: tax that Amazon withheld nets to zero, order by order; tax it did not withhold is the seller's to pay.

Where a settlement has withheld tax of an order (ItemWithheldTax), the order's tax rows (tax on price, shipping and
gift wrap, and the tax that a promotion takes back) and the withheld ones go to one liability account and add up to
zero there. What is left over stays visible in that account and is an exception. Tax is taken from Amazon's rows,
never computed. See docs/posting-rules.md#facilitator-tax.
"""

from dataclasses import dataclass

from tieout.domain.money import Money
from tieout.domain.settlement import LineSum, OrderSum, SettlementLines
from tieout.rules.classify import TaxKinds


@dataclass(frozen=True, slots=True)
class Facilitation:
    """The orders of a settlement on which Amazon withheld the tax, and the kinds of their tax rows."""

    orders: frozenset[str]
    kinds: TaxKinds

    def sums(self, lines: SettlementLines) -> tuple[LineSum, ...]:
        """All lines summed by kind and month, the tax rows of these orders apart."""
        return lines.sums(self.orders, self.kinds.on_price)


def facilitation(lines: SettlementLines, kinds: TaxKinds) -> Facilitation:
    """The facilitated orders. Lines without an order id belong to none."""
    if not kinds.withheld:
        return Facilitation(frozenset(), kinds)
    return Facilitation(lines.orders_with(kinds.withheld) - {""}, kinds)


@dataclass(frozen=True, slots=True)
class Residual:
    """What is left in the facilitator tax account: by order, and from lines that name no order."""

    orders: tuple[OrderSum, ...]
    without_order: Money

    def __bool__(self) -> bool:
        return bool(self.orders) or bool(self.without_order)


def residual(lines: SettlementLines, found: Facilitation, sums: tuple[LineSum, ...], currency: str) -> Residual:
    """What does not net to zero in the facilitator tax account, order by order."""
    nothing = Money.zero(currency)
    in_account = [s for s in sums if s.facilitated or s.kind in found.kinds.withheld]
    if not in_account:
        return Residual((), nothing)
    left = Money.total((s.amount for s in in_account), currency)
    orders = tuple(
        order
        for order in lines.order_sums(found.kinds.withheld | found.kinds.on_price, nonzero_only=True)
        if order.order_id in found.orders
    )
    return Residual(orders, left - Money.total((order.amount for order in orders), currency))
