"""The downloaded orders that have no document in the books, and whether posting orders would make one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from tieout.commands.post_orders import OrderBook, draft_orders
from tieout.domain.order import Order
from tieout.domain.posting_settings import OrderDocument
from tieout.download_ports import Orders
from tieout.rules.match import Undocumented
from tieout.rules.order_status import Admits, Decision, OrderStatus, decide, read_status


@dataclass(frozen=True, slots=True)
class OrdersAtHand:
    """What is known of orders beside settlements.

    `documented` have a document in the books, `begun` one that is not answered or left to a person, `away` were put
    away; `decide` says what is done with one by its status, `used` whether its marketplace is.
    """

    orders: Orders
    book: OrderBook
    documented: frozenset[str]
    begun: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()
    decide: Callable[[Order], Decision] = lambda order: decide(order, settled=True)
    used: Callable[[str], bool] = lambda marketplace: True

    def undocumented(self, order_ids: Iterable[str]) -> dict[str, Undocumented]:
        """Those of some orders that are downloaded and have no document, by order id."""
        if self.book.settings.order_document is OrderDocument.NONE:
            return {}
        any_downloaded = bool(self.orders.statuses())
        found: dict[str, Undocumented] = {}
        for order_id in order_ids:
            if order_id in self.documented:
                continue
            order = self.orders.get(order_id) if any_downloaded else None
            if order_id in self.begun:
                found[order_id] = Undocumented(may_post=True)
            elif order is not None:
                found[order_id] = self._without_document(order)
        return found

    def _without_document(self, order: Order) -> Undocumented:
        """Whether posting orders would make a document of it; if not, why, in few words."""
        if order.order_id in self.away:
            return Undocumented(may_post=False, why="put away")
        if not self.used(order.marketplace):
            return Undocumented(may_post=False, why=f"of {order.marketplace}, which is not used")
        if self.decide(order).admits is not Admits.POST:
            return Undocumented(may_post=False, why=_held(order))
        [drafted] = draft_orders([order], self.book)
        if drafted.sale is not None or any(one.stops for one in drafted.findings):
            return Undocumented(may_post=True)
        first = self.book.settings.start_date
        if first is not None and any(one.code == "order-before-start" for one in drafted.findings):
            return Undocumented(may_post=False, why=f"before {first.isoformat()} (Nothing before)")
        if any(one.code == "ship-date-missing" for one in drafted.findings):
            return Undocumented(may_post=False, why="without a ship date (Date of order documents)")
        return Undocumented(may_post=False, why="without a document by Settings")


def _held(order: Order) -> str:
    """Why an order is held by its status, in few words."""
    status = read_status(order.status)
    if status is OrderStatus.UNKNOWN:
        return f"of the unknown status {order.status}"
    if order.is_multi_channel:
        return "sold elsewhere"
    return f"held by Status Filters as {status}"


def recorded_elsewhere(found: Mapping[str, Undocumented], recorded_by: Mapping[str, str]) -> dict[str, Undocumented]:
    """The same, with the posted settlement whose journal holds an order: it gets no document (rule 10)."""
    return {
        order_id: replace(one, recorded_by=recorded_by.get(order_id, "")) if one.may_post else one
        for order_id, one in found.items()
    }
