"""The orders of a company: each once, as Amazon last told it.

An order may be told twice, in a report and by the API, in two windows, or in a file that was brought late. The
moment at which Amazon last changed it decides: an older version changes nothing. Of two tellings of one version the
report's wins, because it knows more (tax by part, the country it went to).
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from tieout.domain.order import Order
from tieout.domain.origin import Origin
from tieout.download_ports import SavedOrders, Source
from tieout.ports import Clock
from tieout.rules.order_status import OrderStatus, read_status
from tieout.store.database import Database
from tieout.store.download_schema import ORDERS
from tieout.store.moments import moment_text
from tieout.store.order_record import content_hash, order_of, order_text, with_more_kept

# SQLite takes at most 32,766 parameters a statement; so many ids are looked up at once.
_LOOKED_UP = 500


class StoredOrders:
    """The orders of one company; fulfils `tieout.download_ports.Orders`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, orders: Sequence[Order], source: Source) -> SavedOrders:
        """Keep orders, all or none: new ones, and newer versions of known ones. Older versions change nothing."""
        if not orders:
            return SavedOrders()
        now = moment_text(self._clock.now())
        with self._database.writing() as connection:
            known = _known(connection, [order.order_id for order in orders])
            sorting = _Sorting(known, source, now)
            for order in orders:
                sorting.take(order)
            sorting.write(connection)
        return sorting.saved()

    def news(self, orders: Sequence[Order]) -> frozenset[str]:
        """The ids of those orders that are not known, or not in so new a version."""
        with self._database.reading() as connection:
            known = _known(connection, [order.order_id for order in orders])
        return frozenset(
            order.order_id
            for order in orders
            if order.order_id not in known or known[order.order_id].updated_at < moment_text(order.updated)
        )

    def get(self, order_id: str) -> Order | None:
        """The order of an id."""
        with self._database.reading() as connection:
            row = connection.execute(select(ORDERS).where(ORDERS.c.order_id == order_id)).first()
        return _order(row) if row is not None else None

    def get_many(self, order_ids: Collection[str]) -> Mapping[str, Order]:
        """The orders of some ids; those that are not known are left out."""
        found: dict[str, Order] = {}
        wanted = list(order_ids)
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _LOOKED_UP):
                some = select(ORDERS).where(ORDERS.c.order_id.in_(wanted[start : start + _LOOKED_UP]))
                found |= {order.order_id: order for order in map(_order, connection.execute(some))}
        return found

    def all(self, *, marketplace: str = "", without: Container[str] = ()) -> Iterator[Order]:
        """Every order, or those of one marketplace, but for some, by time of purchase."""
        query = select(ORDERS).order_by(ORDERS.c.purchased_at, ORDERS.c.order_id)
        if marketplace:
            query = query.where(ORDERS.c.marketplace == marketplace)
        with self._database.reading() as connection:
            rows = connection.execute(query).yield_per(_LOOKED_UP)
            yield from (_order(row) for row in rows if row.order_id not in without)

    def with_status(self, told: Iterable[str]) -> Iterator[Order]:
        """The orders whose status is one of Amazon's words, by time of purchase."""
        query = select(ORDERS).where(ORDERS.c.status.in_(list(told)))
        with self._database.reading() as connection:
            ordered = query.order_by(ORDERS.c.purchased_at, ORDERS.c.order_id)
            yield from map(_order, connection.execute(ordered).yield_per(_LOOKED_UP))

    def statuses(self) -> Mapping[str, int]:
        """Amazon's words that stored orders have, and how many orders each."""
        query = select(ORDERS.c.status, func.count()).group_by(ORDERS.c.status).order_by(ORDERS.c.status)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def updated_since(self, moment: datetime, marketplaces: Iterable[str]) -> int:
        """How many orders of some marketplaces Amazon changed since a moment."""
        query = select(func.count()).where(
            ORDERS.c.updated_at >= moment_text(moment), ORDERS.c.marketplace.in_(list(marketplaces))
        )
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def taken_since(self, moment: datetime) -> Mapping[str, datetime]:
        """When the version that is stored was taken in, of the orders for which that was since a moment."""
        query = select(ORDERS.c.order_id, ORDERS.c.changed_at).where(ORDERS.c.changed_at >= moment_text(moment))
        with self._database.reading() as connection:
            return {row[0]: datetime.fromisoformat(row[1]) for row in connection.execute(query)}


@dataclass(slots=True)
class _Kept:
    """What is known of an order before, or during, a save."""

    updated_at: str
    source: str
    content_hash: str
    status: str
    row: Row[Any] | None = None
    values: dict[str, Any] | None = None

    def order(self) -> Order:
        return order_of(self.values["record"]) if self.values is not None else _order_of_row(self.row)


class _Sorting:
    """Decides order by order what is new, newer, or nothing."""

    def __init__(self, known: dict[str, _Kept], source: Source, now: str) -> None:
        self._known, self._source, self._now = known, source, now
        self._new: dict[str, dict[str, Any]] = {}
        self._changed: dict[str, dict[str, Any]] = {}
        self._told: set[str] = set()
        self._cancelled: dict[str, None] = {}
        self._unchanged: set[str] = set()

    def take(self, order: Order) -> None:
        """One order as it was told now."""
        before = self._known.get(order.order_id)
        if before is None:
            self._keep(order, order_text(order), before)
            return
        updated_at = moment_text(order.updated)
        if updated_at < before.updated_at:
            self._unchanged.add(order.order_id)
            return
        same_version = updated_at == before.updated_at
        if same_version and self._source is Source.API and before.source != Source.API:
            self._take_ship_time(order, before)
            return
        text = order_text(with_more_kept(order, before.order()))
        told_better = same_version and before.source == Source.API and self._source is not Source.API
        if content_hash(text) == before.content_hash and not told_better:
            self._unchanged.add(order.order_id)
            return
        self._keep(order, text, before, silently=told_better)

    def _take_ship_time(self, order: Order, before: _Kept) -> None:
        """The report's telling of a version stays, with the ship time that only the API knows."""
        known = before.order()
        if order.shipped is None or known.shipped is not None:
            self._unchanged.add(order.order_id)
            return
        told = replace(known, shipped=order.shipped)
        self._keep(told, order_text(told), before, source=before.source)

    def _keep(
        self, order: Order, text: str, before: _Kept | None, *, silently: bool = False, source: str = ""
    ) -> None:
        values: dict[str, Any] = {
            "order_id": order.order_id,
            "marketplace": order.marketplace,
            "status": order.status,
            "purchased_at": moment_text(order.purchased),
            "updated_at": moment_text(order.updated),
            "source": source or self._source.value,
            "content_hash": content_hash(text),
            "record": text,
            "document_sha256": order.origin.sha256 if order.origin else "",
            "first_row": (order.origin.row or 0) if order.origin else 0,
            "changed_at": self._now,
        }
        if before is None or order.order_id in self._new:
            self._new[order.order_id] = {**values, "first_seen_at": self._now}
        else:
            self._changed[order.order_id] = values
            (self._unchanged if silently else self._told).add(order.order_id)
        was = read_status(before.status) if before is not None else OrderStatus.UNKNOWN
        if (
            before is not None
            and was is not OrderStatus.CANCELLED
            and read_status(order.status) is OrderStatus.CANCELLED
        ):
            self._cancelled[order.order_id] = None
        self._known[order.order_id] = _Kept(
            values["updated_at"], values["source"], values["content_hash"], order.status, values=values
        )

    def write(self, connection: Connection) -> None:
        """Put it into the database, in the caller's transaction."""
        if self._new:
            connection.execute(insert(ORDERS), list(self._new.values()))
        if self._changed:
            changed = [
                {"the_id": order_id, **{name: value for name, value in values.items() if name != "order_id"}}
                for order_id, values in self._changed.items()
            ]
            columns: dict[str, Any] = {name: bindparam(name) for name in changed[0] if name != "the_id"}
            connection.execute(
                update(ORDERS).where(ORDERS.c.order_id == bindparam("the_id")).values(columns), changed
            )

    def saved(self) -> SavedOrders:
        """What it came to."""
        return SavedOrders(
            new=tuple(self._new),
            updated=tuple(order_id for order_id in self._changed if order_id in self._told),
            cancelled=tuple(self._cancelled),
            unchanged=len(self._unchanged - self._told - self._new.keys()),
        )


def _known(connection: Connection, order_ids: Sequence[str]) -> dict[str, _Kept]:
    found: dict[str, _Kept] = {}
    wanted = list(dict.fromkeys(order_ids))
    for start in range(0, len(wanted), _LOOKED_UP):
        ids = wanted[start : start + _LOOKED_UP]
        for row in connection.execute(select(ORDERS).where(ORDERS.c.order_id.in_(ids))):
            found[row.order_id] = _Kept(row.updated_at, row.source, row.content_hash, row.status, row=row)
    return found


def _order(row: Row[Any]) -> Order:
    sha256 = row.document_sha256
    origin = Origin(f"{row.source} of Amazon's orders", sha256, row.first_row or None) if sha256 else None
    return replace(order_of(row.record), origin=origin)


def _order_of_row(row: Row[Any] | None) -> Order:
    assert row is not None, "what is known came from a row or from this save"
    return order_of(row.record)
