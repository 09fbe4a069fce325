"""What a person should know of stored orders: statuses that are in no list, and orders cancelled after posting."""

from collections.abc import Iterable, Iterator

from tieout.commands.download_desk import DownloadDesk
from tieout.domain.finding import Finding, Severity
from tieout.domain.posting import PostingState
from tieout.rules.order_status import OrderStatus, read_status


def unknown_statuses(desk: DownloadDesk) -> Iterator[Finding]:
    """One finding for each status that is in no list; its orders are kept and do not post."""
    for told, count in desk.orders.statuses().items():
        if read_status(told) is not OrderStatus.UNKNOWN:
            continue
        first = next(iter(desk.orders.with_status([told])))
        orders = "order has" if count == 1 else "orders have"
        yield Finding(
            code="order-status-unknown",
            severity=Severity.BLOCKED,
            what=f"{count:,} {orders} the status {told!r}, which is not known; {first.order_id} is one.",
            to_do="They are kept and do not post. Look at one in Seller Central; update Tieout, or post by hand.",
            subject=first.order_id,
        )


def cancelled_after_posting(desk: DownloadDesk, order_ids: Iterable[str] | None = None) -> Iterator[Finding]:
    """An exception for each order that is posted and cancelled: of those named, or of all stored ones."""
    if order_ids is None:
        words = [told for told in desk.orders.statuses() if read_status(told) is OrderStatus.CANCELLED]
        order_ids = [order.order_id for order in desk.orders.with_status(words)]
    realms = sorted(desk.outbox.realm_ids())
    for order_id in order_ids:
        postings = [one for realm in realms for one in desk.outbox.of_subject(realm, order_id)]
        posted = [one for one in postings if one.state is PostingState.POSTED and not one.reversed_by]
        if posted:
            numbers = ", ".join(str(one.key) for one in posted)
            yield Finding(
                code="order-cancelled-after-posting",
                severity=Severity.BLOCKED,
                what=f"Order {order_id} was cancelled at Amazon after it was posted ({numbers}).",
                to_do="Undo the posting; if the buyer was charged all the same, say so and keep it.",
                subject=order_id,
            )
