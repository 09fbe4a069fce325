"""What drafting settlements by orders needs beside them: decisions, and the orders that have no document."""

from collections.abc import Iterable, Mapping, Sequence

from tieout.commands.post_documents import standing_postings
from tieout.commands.post_orders import draft_orders
from tieout.commands.post_settled_orders import SettledWork
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.order_book import decide_order, order_book
from tieout.commands.presses.order_documents import documents_in_books, orders_begun
from tieout.commands.presses.press import Press
from tieout.commands.presses.put_away import put_away
from tieout.domain.order import Order
from tieout.domain.posting_settings import OrderDocument
from tieout.domain.settlement import Settlement
from tieout.rules.match import OrderDecision, Undocumented
from tieout.rules.order_status import Admits, OrderStatus, read_status
from tieout.rules.revenue_once import orders_in_summary

_OF_AN_ORDER = frozenset({"settled-order-not-posted", "order-settled-in-part", "order-settled-otherwise"})
_OF_A_SETTLEMENT = "settled-orders-not-posted"


def settled_work(press: Press, choices: Choices, settlements: Sequence[Settlement]) -> SettledWork:
    """What these settlements are drafted with."""
    made = choices.decisions.made.values()
    return SettledWork(
        book=order_book(press, choices, {}),
        mappings=choices.source,
        decisions={
            one.order_id: OrderDecision(one.choice)
            for one in made
            if one.order_id and one.code in _OF_AN_ORDER and one.choice in set(OrderDecision)
        },
        known_settlements={known.settlement_id: known.end for known in press.store.settlements.all()},
        undocumented=_undocumented(press, choices, settlements),
        in_summary=frozenset(
            one.settlement_id for one in made if one.code == _OF_A_SETTLEMENT and one.choice == OrderDecision.SUMMARY
        ),
    )


def _undocumented(press: Press, choices: Choices, settlements: Sequence[Settlement]) -> Mapping[str, Undocumented]:
    """The downloaded orders of settlements that have no document in the books, and whether they would get one."""
    if choices.posting.order_document is OrderDocument.NONE:
        return {}
    documented, begun, away = documents_in_books(press), orders_begun(press), put_away(press)
    any_downloaded = bool(press.store.orders.statuses())
    found: dict[str, Undocumented] = {}
    for order_id in _orders_of(choices, settlements):
        if order_id in documented:
            continue
        order = press.store.orders.get(order_id) if any_downloaded else None
        if order_id in begun:
            found[order_id] = Undocumented(may_post=True)
        elif order is not None:
            found[order_id] = _without_document(choices, press, order, is_put_away=order_id in away)
    _recorded_elsewhere(press, choices, settlements, found)
    return found


def _orders_of(choices: Choices, settlements: Iterable[Settlement]) -> frozenset[str]:
    """The orders whose sale some settlements pay."""
    found: set[str] = set()
    for settlement in settlements:
        _, mapping = choices.source.for_country(settlement.marketplace)
        found |= orders_in_summary(settlement, mapping)
    return frozenset(found)


def _without_document(choices: Choices, press: Press, order: Order, *, is_put_away: bool) -> Undocumented:
    """Whether pressing Post would make a document of it; if not, why, in few words."""
    if is_put_away:
        return Undocumented(may_post=False, why="put away")
    if not choices.settings.marketplace(order.marketplace).used:
        return Undocumented(may_post=False, why=f"of {order.marketplace}, which is not used")
    decided = decide_order(choices, order, settled=True)
    if decided.admits is not Admits.POST:
        return Undocumented(may_post=False, why=_held(order))
    [drafted] = draft_orders([order], order_book(press, choices, {}))
    if drafted.sale is not None or any(one.stops for one in drafted.findings):
        return Undocumented(may_post=True)
    codes = {one.code for one in drafted.findings}
    if "order-before-start" in codes and choices.settings.start_date is not None:
        return Undocumented(may_post=False, why=f"before {choices.settings.start_date.isoformat()} (Nothing before)")
    return Undocumented(may_post=False, why="without a document by Settings")


def _held(order: Order) -> str:
    """Why Status Filters hold an order, in few words."""
    status = read_status(order.status)
    if status is OrderStatus.UNKNOWN:
        return f"of the unknown status {order.status}"
    if order.is_multi_channel:
        return "sold elsewhere"
    return f"held by Status Filters as {status}"


def _recorded_elsewhere(
    press: Press, choices: Choices, settlements: Sequence[Settlement], found: dict[str, Undocumented]
) -> None:
    """Note which orders that wait are in a posted settlement's journal: they get no document (rule 10)."""
    waiting = {order_id for order_id, one in found.items() if one.may_post}
    for settlement in settlements if waiting else ():
        if not standing_postings(press.store.outbox, press.realm_id, settlement.settlement_id):
            continue
        _, mapping = choices.source.for_country(settlement.marketplace)
        for order_id in waiting & orders_in_summary(settlement, mapping):
            found[order_id] = Undocumented(may_post=True, recorded_by=settlement.settlement_id)
