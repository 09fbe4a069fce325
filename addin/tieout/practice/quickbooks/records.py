"""The objects of the company: documents by kind and Id, with what queries look them up by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tieout.practice.exact_json import read_json, write_json
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.store import Store

# Intuit stamps objects in the company's own time; its sample companies are on the Pacific coast.
COMPANY_ZONE = ZoneInfo("America/Los_Angeles")

_COLUMNS = "kind, id, sync_token, document, active, deleted, created, updated"


@dataclass(frozen=True, slots=True)
class Record:
    """One object as it is stored. `created` and `updated` are microseconds since 1970."""

    kind: str
    id: str
    sync_token: int
    document: Doc
    active: bool
    deleted: bool
    created: int
    updated: int

    def body(self) -> Doc:
        """The document with what QuickBooks adds to every object."""
        return {
            **self.document,
            "Id": self.id,
            "SyncToken": str(self.sync_token),
            "domain": "QBO",
            "sparse": False,
            "MetaData": {"CreateTime": stamp(self.created), "LastUpdatedTime": stamp(self.updated)},
        }


class Records:
    """Reads and writes records.

    `hidden` and `created_before` make some of them invisible to reads: what an earlier item of the same batch
    made, and what a lagging read replica has not seen yet.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.hidden: set[tuple[str, str]] = set()
        self.created_before: int | None = None

    def find(self, kind: str, identity: str) -> Record | None:
        """The record, deleted ones included; None if there never was one, or it is invisible now."""
        if not identity.isascii() or not identity.isdigit():
            return None
        found = self.select(kind, "id = ?", (int(identity),), deleted=True)
        return found[0] if found else None

    def select(
        self,
        kind: str,
        condition: str = "1",
        values: Sequence[Any] = (),
        *,
        order: str = "id",
        deleted: bool = False,
        unseen: bool = False,
    ) -> list[Record]:
        """The visible records of a kind that meet an SQL condition over the table's columns.

        With `unseen` the invisible ones too: what must be unique is unique whether or not a reader sees it.
        """
        alive = "" if deleted else " AND deleted = 0"
        # The plus keeps SQLite from walking all of a kind in order of Id where an index finds the few.
        statement = f"SELECT {_COLUMNS} FROM objects WHERE kind = ? AND {condition}{alive} ORDER BY +{order}"  # noqa: S608
        records = (_record(row) for row in self._store.rows(statement, (kind, *values)))
        return [record for record in records if unseen or self._visible(record)]

    def _visible(self, record: Record) -> bool:
        if (record.kind, record.id) in self.hidden:
            return False
        return self.created_before is None or record.created <= self.created_before

    def insert(self, kind: str, sequence: str, document: Doc, now: datetime) -> Record:
        """A new record with the next Id of `sequence`."""
        identity = self._store.next_in(sequence)
        moment = micros(now)
        values = (kind, identity, 0, write_json(document), *_keys(document), 0, moment, moment)
        self._store.run(
            "INSERT INTO objects (kind, id, sync_token, document, active, number, name, day, deleted,"
            " created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return self._again(kind, str(identity))

    def update(self, record: Record, document: Doc, now: datetime) -> Record:
        """The record with a new document and the next SyncToken."""
        self._store.run(
            "UPDATE objects SET sync_token = sync_token + 1, document = ?, active = ?, number = ?, name = ?,"
            " day = ?, updated = ? WHERE kind = ? AND id = ?",
            (write_json(document), *_keys(document), micros(now), record.kind, int(record.id)),
        )
        return self._again(record.kind, record.id)

    def amend(self, record: Record, document: Doc) -> None:
        """Complete a record's document as part of the change that made it: no new SyncToken."""
        self._store.run(
            "UPDATE objects SET document = ? WHERE kind = ? AND id = ?",
            (write_json(document), record.kind, int(record.id)),
        )

    def delete(self, record: Record, now: datetime) -> None:
        """Mark the record deleted; change data capture goes on telling of it."""
        self._store.run(
            "UPDATE objects SET deleted = 1, sync_token = sync_token + 1, updated = ? WHERE kind = ? AND id = ?",
            (micros(now), record.kind, int(record.id)),
        )

    def _again(self, kind: str, identity: str) -> Record:
        row = self._store.row(
            f"SELECT {_COLUMNS} FROM objects WHERE kind = ? AND id = ?",  # noqa: S608
            (kind, int(identity)),
        )
        assert row is not None, "the row was just written"
        return _record(row)


def _record(row: tuple[Any, ...]) -> Record:
    kind, identity, sync_token, document, active, deleted, created, updated = row
    return Record(
        kind,
        str(identity),
        sync_token,
        read_json(document.encode()),
        bool(active),
        bool(deleted),
        created,
        updated,
    )


def _keys(document: Doc) -> tuple[int, str | None, str | None, str | None]:
    """What the table's columns hold of a document; queries are answered from them where they can be."""
    name = document.get("DisplayName") or document.get("FullyQualifiedName") or document.get("Name")
    number = document.get("DocNumber") or document.get("Sku") or document.get("PaymentRefNum")
    return int(document.get("Active", True)), number, name, document.get("TxnDate")


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time, exact."""
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def stamp(moment: int) -> str:
    """A time as Intuit writes it: 2026-08-31T12:11:06-07:00."""
    seconds, _ = divmod(moment, 1_000_000)
    return datetime.fromtimestamp(seconds, COMPANY_ZONE).isoformat()
