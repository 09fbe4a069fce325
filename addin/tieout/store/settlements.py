"""The settlements a company has: each once, by its id. The same id with other content is an alarm, not an update."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.store.database import Database
from tieout.store.moments import moment_of, moment_text
from tieout.store.schema import SETTLEMENTS


@dataclass(frozen=True, slots=True)
class KnownSettlement:
    """A settlement as the store knows it; its lines are in the document."""

    settlement_id: str
    marketplace: str
    total: Money
    start: datetime
    end: datetime
    deposit: datetime | None
    lines: int
    content_hash: str
    document_sha256: str
    state: str


class StoredSettlements:
    """The settlements of one company."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, settlement: Settlement) -> Finding | None:
        """Know a settlement, whose document is kept already; the alarm if its id is known with other content.

        The same content in another file (saved again, compressed) is the same settlement: nothing changes.
        """
        content = settlement_content_hash(settlement)
        with self._database.writing() as connection:
            query = select(SETTLEMENTS).where(SETTLEMENTS.c.settlement_id == settlement.settlement_id)
            row = connection.execute(query).first()
            if row is None:
                connection.execute(insert(SETTLEMENTS).values(_values(settlement, content)))
                return None
        known = _known(row)
        return None if known.content_hash == content else _other_content(known, settlement)

    def get(self, settlement_id: str) -> KnownSettlement | None:
        """The settlement of an id."""
        with self._database.reading() as connection:
            row = connection.execute(select(SETTLEMENTS).where(SETTLEMENTS.c.settlement_id == settlement_id)).first()
        return _known(row) if row is not None else None

    def all(self) -> tuple[KnownSettlement, ...]:
        """Every settlement, by its start."""
        with self._database.reading() as connection:
            order = select(SETTLEMENTS).order_by(SETTLEMENTS.c.start_at, SETTLEMENTS.c.settlement_id)
            return tuple(_known(row) for row in connection.execute(order))

    def set_state(self, settlement_id: str, state: str) -> None:
        """Note where a settlement stands ("Ready", "Blocked", "Posted"), in the words of the sheet."""
        with self._database.writing() as connection:
            chosen = SETTLEMENTS.c.settlement_id == settlement_id
            connection.execute(update(SETTLEMENTS).where(chosen).values(state=state))


def settlement_content_hash(settlement: Settlement) -> str:
    """The SHA-256 of what a settlement says: its head, and its lines summed by kind and month.

    It does not depend on a file's spelling (encoding, order of columns, compression), and costs no pass over
    single lines.
    """
    head = [
        settlement.settlement_id,
        settlement.currency,
        moment_text(settlement.start),
        moment_text(settlement.end),
        str(settlement.total.minor),
        str(len(settlement.lines)),
    ]
    sums = sorted(
        "\x1f".join(
            (*line.kind.folded(), line.kind.marketplace_name, str(line.month), str(line.rows), str(line.amount.minor))
        )
        for line in settlement.lines.sums(frozenset(), frozenset())
    )
    return hashlib.sha256("\n".join((*head, *sums)).encode("utf-8")).hexdigest()


def _values(settlement: Settlement, content_hash: str) -> dict[str, str | int]:
    return {
        "settlement_id": settlement.settlement_id,
        "marketplace": settlement.marketplace,
        "currency": settlement.currency,
        "start_at": moment_text(settlement.start),
        "end_at": moment_text(settlement.end),
        "deposit_at": moment_text(settlement.deposit),
        "total_minor": settlement.total.minor,
        "lines": len(settlement.lines),
        "content_hash": content_hash,
        "document_sha256": settlement.origin.sha256,
        "state": "Imported",
    }


def _known(row: Row[tuple[str, ...]]) -> KnownSettlement:
    start, end = moment_of(row.start_at), moment_of(row.end_at)
    assert start is not None, "every settlement has a start"
    assert end is not None, "every settlement has an end"
    return KnownSettlement(
        settlement_id=row.settlement_id,
        marketplace=row.marketplace,
        total=Money(row.total_minor, row.currency),
        start=start,
        end=end,
        deposit=moment_of(row.deposit_at),
        lines=row.lines,
        content_hash=row.content_hash,
        document_sha256=row.document_sha256,
        state=row.state,
    )


def _other_content(known: KnownSettlement, settlement: Settlement) -> Finding:
    return Finding(
        code="settlement-content-changed",
        severity=Severity.BLOCKED,
        what=(
            f"Settlement {known.settlement_id} is known with {known.lines} lines and a total of {known.total};"
            f" this file has {len(settlement.lines)} lines and {settlement.total}."
        ),
        to_do=(
            "Amazon does not change a settlement: look at both files. The first one stays; this one was not taken"
            " over, and nothing of it posts."
        ),
        where=settlement.origin,
        subject=known.settlement_id,
    )
