"""What drafting settlements by orders needs beside them: decisions, and the orders that have no document."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tieout.commands.post_documents import standing_postings
from tieout.commands.post_settled_orders import SettledWork
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.order_book import decide_order, order_book
from tieout.commands.presses.order_documents import documents_in_books, orders_begun
from tieout.commands.presses.press import Press
from tieout.commands.presses.put_away import put_away
from tieout.commands.presses.settlement_files import documents_of
from tieout.commands.review_settlements import read_settlements
from tieout.commands.undocumented_orders import OrdersAtHand, recorded_elsewhere
from tieout.domain.posting_settings import OrderDate
from tieout.domain.settlement import Settlement
from tieout.rules.draft_order import OrderFacts
from tieout.rules.match import OrderDecision, Undocumented
from tieout.rules.revenue_once import orders_in_summary
from tieout.rules.settlement_memo import deposit_day

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
    at_hand = OrdersAtHand(
        orders=press.store.orders,
        book=order_book(press, choices, {}, _deposits(choices, settlements)),
        documented=frozenset(documents_in_books(press)),
        begun=orders_begun(press),
        away=put_away(press),
        decide=lambda order: decide_order(choices, order, settled=True),
        used=lambda marketplace: choices.settings.marketplace(marketplace).used,
    )
    found = at_hand.undocumented(_orders_of(choices, settlements))
    waiting = {order_id for order_id, one in found.items() if one.may_post}
    return recorded_elsewhere(found, _recorded_by(press, choices, settlements, waiting) if waiting else {})


def _deposits(choices: Choices, settlements: Iterable[Settlement]) -> dict[str, OrderFacts]:
    """The deposit of each order that some settlements pay: a document may bear its day."""
    found: dict[str, OrderFacts] = {}
    if choices.posting.order_date is OrderDate.DEPOSIT:
        for settlement in settlements:
            facts = OrderFacts(deposit_day=deposit_day(settlement))
            found |= dict.fromkeys(_orders_of(choices, [settlement]), facts)
    return found


def _orders_of(choices: Choices, settlements: Iterable[Settlement]) -> frozenset[str]:
    """The orders whose sale some settlements pay."""
    found: set[str] = set()
    for settlement in settlements:
        _, mapping = choices.source.for_country(settlement.marketplace)
        found |= orders_in_summary(settlement, mapping)
    return frozenset(found)


def _recorded_by(
    press: Press, choices: Choices, at_hand: Sequence[Settlement], waiting: Collection[str]
) -> dict[str, str]:
    """The posted settlements whose journal holds an order that waits: those at hand, and those that are not shown."""
    shown = {settlement.settlement_id for settlement in at_hand}
    outbox, realm = press.store.outbox, press.realm_id
    hidden = [
        known
        for known in press.store.settlements.all()
        if known.settlement_id not in shown and standing_postings(outbox, realm, known.settlement_id)
    ]
    documents, _ = documents_of(press, hidden)
    read = read_settlements(documents, choices.settings.settlements, press.tell)
    posted = [one for one in at_hand if standing_postings(outbox, realm, one.settlement_id)]
    found: dict[str, str] = {}
    for settlement in (*posted, *read.settlements):
        _, mapping = choices.source.for_country(settlement.marketplace)
        recorded = orders_in_summary(settlement, mapping)
        found |= {order_id: settlement.settlement_id for order_id in waiting if order_id in recorded}
    return found
