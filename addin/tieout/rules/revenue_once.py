"""Rule 10: an order is revenue once, by its own document or in a settlement's summary, never both.

The orders method keeps it by construction: what an order's document records is left out of the journal. These two
keep it between the methods, in both directions.
"""

from collections.abc import Container

from tieout.domain.finding import Finding, Severity
from tieout.domain.settlement import Kind, Settlement
from tieout.rules.mapping import Mapped, Mapping
from tieout.rules.order_kinds import order_kinds
from tieout.rules.settled_orders import is_multi_channel

_NAMED_MAX = 20


def orders_in_summary(settlement: Settlement, mapping: Mapping) -> frozenset[str]:
    """The orders whose sale a summary of this settlement records: they must not get a document of their own."""
    found: dict[Kind, Mapped] = {}
    for kind in settlement.lines.kinds():
        to = mapping.resolve(kind, settlement.marketplace)
        if isinstance(to, Mapped):
            found[kind] = to
    sold = settlement.lines.order_sums(order_kinds(found).sale, nonzero_only=True)
    return frozenset(each.order_id for each in sold if not is_multi_channel(each.order_id))


def recorded_already(settlement: Settlement, mapping: Mapping, own_documents: Container[str]) -> tuple[Finding, ...]:
    """The finding if a summary of this settlement would record orders that have documents of their own."""
    twice = sorted(order_id for order_id in orders_in_summary(settlement, mapping) if order_id in own_documents)
    if not twice:
        return ()
    more = f" and {len(twice) - _NAMED_MAX} more" if len(twice) > _NAMED_MAX else ""
    orders = "order" if len(twice) == 1 else "orders"
    return (
        Finding(
            code="orders-recorded-already",
            severity=Severity.BLOCKED,
            what=(
                f"{len(twice)} {orders} of settlement {settlement.settlement_id} stand in the books by documents of"
                f" their own: {', '.join(twice[:_NAMED_MAX])}{more}. A summary would record their revenue twice."
            ),
            to_do="Post this settlement by orders, or undo those documents first.",
            where=settlement.origin,
            subject=settlement.settlement_id,
        ),
    )
