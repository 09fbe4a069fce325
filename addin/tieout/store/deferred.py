"""Transactions that Amazon held back, each once by its id; what became of it replaces what was known."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select

from tieout.domain.finance import Deferral, DeferredTransaction
from tieout.domain.money import Money
from tieout.download_ports import SavedRecords
from tieout.store.database import Database
from tieout.store.download_schema import DEFERRED
from tieout.store.moments import moment_of, moment_text

_LOOKED_UP = 500


class StoredDeferred:
    """The deferred transactions of one company; fulfils `tieout.download_ports.DeferredTransactions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, transactions: Sequence[DeferredTransaction]) -> SavedRecords:
        """Keep transactions, all or none; a known one takes the new state. One that was released stays released."""
        told = {each.transaction_id: _values(each) for each in transactions}
        new: list[str] = []
        updated: list[str] = []
        with self._database.writing() as connection:
            ids = list(told)
            for start in range(0, len(ids), _LOOKED_UP):
                wanted = ids[start : start + _LOOKED_UP]
                query = select(DEFERRED).where(DEFERRED.c.transaction_id.in_(wanted))
                known = {row["transaction_id"]: dict(row) for row in connection.execute(query).mappings()}
                changed = [
                    one
                    for one in wanted
                    if one in known
                    and known[one] != told[one]
                    and not (
                        known[one]["deferral"] == Deferral.RELEASED and told[one]["deferral"] == Deferral.DEFERRED
                    )
                ]
                if changed:
                    connection.execute(delete(DEFERRED).where(DEFERRED.c.transaction_id.in_(changed)))
                fresh = [one for one in wanted if one not in known]
                if changed or fresh:
                    connection.execute(insert(DEFERRED), [told[one] for one in (*changed, *fresh)])
                new += fresh
                updated += changed
        return SavedRecords(tuple(new), tuple(updated), unchanged=len(told) - len(new) - len(updated))

    def all(self) -> tuple[DeferredTransaction, ...]:
        """Every one, by the time it was posted."""
        with self._database.reading() as connection:
            order = select(DEFERRED).order_by(DEFERRED.c.posted_at, DEFERRED.c.transaction_id)
            return tuple(map(_transaction, connection.execute(order)))


def _values(transaction: DeferredTransaction) -> dict[str, Any]:
    return {
        "transaction_id": transaction.transaction_id,
        "transaction_type": transaction.transaction_type,
        "deferral": transaction.deferral.value,
        "marketplace": transaction.marketplace,
        "order_id": transaction.order_id,
        "posted_at": moment_text(transaction.posted),
        "matures_at": moment_text(transaction.matures),
        "currency": transaction.amount.currency,
        "amount_minor": transaction.amount.minor,
        "reason": transaction.reason,
        "released_by": transaction.released_by,
        "settlement_id": transaction.settlement_id,
    }


def _transaction(row: Row[Any]) -> DeferredTransaction:
    posted = moment_of(row.posted_at)
    assert posted is not None, "every transaction has its moment"
    return DeferredTransaction(
        transaction_id=row.transaction_id,
        transaction_type=row.transaction_type,
        deferral=Deferral(row.deferral),
        marketplace=row.marketplace,
        order_id=row.order_id,
        posted=posted,
        matures=moment_of(row.matures_at),
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        released_by=row.released_by,
        settlement_id=row.settlement_id,
    )
