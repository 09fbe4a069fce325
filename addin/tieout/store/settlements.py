"""The settlements a company has: each once, by its id. The same id with other content is an alarm, not an update."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_file import read_settlement
from tieout.reconcile.settlement_content import SettlementContent, content_differences
from tieout.store.database import Database
from tieout.store.documents import StoredDocuments
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

    def __init__(self, database: Database, documents: StoredDocuments) -> None:
        self._database = database
        self._documents = documents

    def record(self, settlement: Settlement) -> Finding | None:
        """Know a settlement, whose document is kept already; the alarm if its id is known with other content.

        The same content in another file (saved again, compressed, of the other layout) is the same settlement:
        nothing changes.
        """
        content = SettlementContent.of(settlement).hash
        with self._database.writing() as connection:
            query = select(SETTLEMENTS).where(SETTLEMENTS.c.settlement_id == settlement.settlement_id)
            row = connection.execute(query).first()
            if row is None:
                connection.execute(insert(SETTLEMENTS).values(_values(settlement, content)))
                return None
        known = _known(row)
        if known.content_hash == content:
            return None
        if known.document_sha256 == settlement.origin.sha256:
            self._know_content(known, content)
            return None
        return self._compared(known, settlement)

    def _compared(self, known: KnownSettlement, settlement: Settlement) -> Finding | None:
        """What the document that is kept says that this one does not; its hash may be of an older form."""
        document = self._documents.get(known.document_sha256)
        before = None
        if document is not None:
            before, _ = read_settlement(document, country=known.marketplace, time_zone=settlement.time_zone)
        if before is None:
            return _other_content(known, settlement, ("the file that it came from can't be read any more",))
        differences = content_differences(before, settlement)
        if differences:
            return _other_content(known, settlement, differences)
        self._know_content(known, SettlementContent.of(before).hash)
        return None

    def _know_content(self, known: KnownSettlement, content: str) -> None:
        """Note a hash of the present form in the place of an older one."""
        if known.content_hash == content:
            return
        with self._database.writing() as connection:
            chosen = SETTLEMENTS.c.settlement_id == known.settlement_id
            connection.execute(update(SETTLEMENTS).where(chosen).values(content_hash=content))

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


def _other_content(known: KnownSettlement, settlement: Settlement, differences: tuple[str, ...]) -> Finding:
    changed = "; ".join(differences)
    return Finding(
        code="settlement-content-changed",
        severity=Severity.BLOCKED,
        what=f"Settlement {known.settlement_id} is known, and this file says something else: {changed}.",
        to_do=(
            "Amazon does not change a settlement: look at both files. The first one stays; this one was not taken"
            " over, and nothing of it posts."
        ),
        where=settlement.origin,
        subject=known.settlement_id,
    )
