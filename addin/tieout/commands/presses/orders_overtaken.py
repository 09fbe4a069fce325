"""The posted orders whose document would come to something else now, because Amazon changed them since.

Comparing takes a draft of each. So what was compared once is compared again only where a newer version was taken in,
it was posted anew, or it differed: the store remembers up to when all was compared.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tieout.commands.presses.order_documents import orders_begun
from tieout.commands.presses.press import Press
from tieout.domain.finding import Finding
from tieout.domain.order import Order
from tieout.domain.posting import Posting
from tieout.rules.order_status import OrderStatus, read_status

_COMPARED = "orders-compared"
# Between reading an order and sending its document passes no more than this.
_DRAFTED_BEFORE = timedelta(hours=1)
# What another process takes in now can be read so much later; as much may its clock differ.
_READ_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Compared:
    """Up to when everything that was taken in and posted was compared, but for the orders in `again`."""

    until: datetime | None
    again: frozenset[str] = frozenset()


def overtaken(
    press: Press, posted: Mapping[str, Posting], differs: Callable[[Order, Posting], Iterable[Finding]]
) -> tuple[Finding, ...]:
    """What `differs` finds of posted orders that are another version now than the one that was posted, if any."""
    began = press.clock.now()
    before = _compared(press, began)
    wanted = _to_compare(press, posted, before)
    orders = press.store.orders.get_many(wanted).values() if wanted else ()
    found = [
        finding
        for order in orders
        if read_status(order.status) is not OrderStatus.CANCELLED
        for finding in differs(order, posted[order.order_id])
    ]
    again = frozenset(finding.subject for finding in found) | orders_begun(press)
    if wanted - before.again or again != before.again:
        record = {"until": (began - _READ_AFTER).isoformat(), "again": sorted(again)}
        press.store.settings.put(_COMPARED, json.dumps(record))
    return tuple(found)


def _compared(press: Press, now: datetime) -> _Compared:
    """What is remembered; nothing where it says nothing usable, or where the clock was put back since."""
    try:
        record = json.loads(press.store.settings.get(_COMPARED, "{}"))
        until = datetime.fromisoformat(record["until"])
        return _Compared(until, frozenset(map(str, record["again"]))) if until <= now else _Compared(None)
    except (KeyError, TypeError, ValueError):
        return _Compared(None)


def _to_compare(press: Press, posted: Mapping[str, Posting], before: _Compared) -> set[str]:
    sent = {order_id: one.sent_at for order_id, one in posted.items() if one.sent_at is not None}
    until = before.until
    fresh = {order_id for order_id, at in sent.items() if until is None or at >= until}
    moments = [sent[order_id] - _DRAFTED_BEFORE for order_id in fresh]
    since = min([*moments, until] if until is not None else moments, default=None)
    taken = press.store.orders.taken_since(since) if since is not None else {}
    newer = {
        order_id
        for order_id, at in taken.items()
        if order_id in sent
        and at >= sent[order_id] - _DRAFTED_BEFORE
        and (order_id in fresh or until is None or at >= until)
    }
    return newer | (before.again & posted.keys())
