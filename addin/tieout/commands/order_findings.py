"""What a person should know of stored orders: statuses that are in no list, and orders cancelled after posting."""

from collections.abc import Iterable, Iterator, Sequence

from tieout.commands.download_desk import DownloadDesk
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.origin import Cell
from tieout.domain.posting import Posting, PostingState
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
            yield cancelled_since(order_id, posted)


def cancelled_since(order_id: str, posted: Sequence[Posting]) -> Finding:
    """That an order was cancelled after it was posted."""
    return Finding(
        code="order-cancelled-after-posting",
        severity=Severity.BLOCKED,
        what=f"Order {order_id} was cancelled at Amazon after it was posted ({_numbers(posted)}).",
        to_do=(
            "Undo it on Archive, or decide Replace the posting and press Post, which takes it out of QuickBooks; if"
            " the buyer was charged all the same, decide Accept the difference with a reason."
        ),
        subject=order_id,
    )


def changed_since(order_id: str, posted: Posting, before: Money, now: Money) -> Finding:
    """That an order changed at Amazon after it was posted."""
    return Finding(
        code="order-changed-after-posting",
        severity=Severity.BLOCKED,
        what=(
            f"Order {order_id} has changed at Amazon since it was posted ({_numbers([posted])}): its document would"
            f" come to {now}, and is {before} in QuickBooks."
        ),
        to_do=(
            "Decide Replace the posting and press Post, which undoes it and posts it again; or Accept the difference"
            " with a reason."
        ),
        subject=order_id,
    )


def changed_in_books(order_id: str, posted: Posting, how: str) -> Finding:
    """That somebody changed an order's document in QuickBooks."""
    return Finding(
        code="order-changed-in-quickbooks",
        severity=Severity.BLOCKED,
        what=f"The document of order {order_id} ({_numbers([posted])}) was changed in QuickBooks: {how}.",
        to_do=(
            "Put it back there; or delete it there, then press Undo and Post here; or decide Accept the difference"
            " with a reason."
        ),
        subject=order_id,
    )


def gone_from_books(order_id: str, posted: Posting, how: str) -> Finding:
    """That somebody deleted or voided an order's document in QuickBooks."""
    return Finding(
        code="order-gone-from-quickbooks",
        severity=Severity.BLOCKED,
        what=f"The document of order {order_id} ({_numbers([posted])}) was {how} in QuickBooks.",
        to_do=(
            "If that was a mistake, decide Replace the posting and press Post (a voided one is to be deleted there"
            " first); if not, press Undo, after which it counts as undone here."
        ),
        subject=order_id,
    )


def may_not_post(order_id: str, why: str, count: int, where: Cell | None) -> Finding:
    """That chosen orders may not be posted by their status; `why` is that of the first, `where` its cell."""
    more = f", and {count - 1:,} more of those chosen" if count > 1 else ""
    return Finding(
        code="order-may-not-post",
        severity=Severity.NOTICE,
        what=f"Order {order_id}{more} may not be posted, and was left where it is. {why}",
        to_do="Status Filters says which may; orders that are pending, cancelled or unfulfillable never do.",
        where=where,
        subject=order_id,
    )


def _numbers(posted: Sequence[Posting]) -> str:
    return ", ".join(str(one.key) for one in posted)
