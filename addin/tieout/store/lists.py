"""The books' lists (accounts, items, customers and so on) as they were last read, and up to which moment.

They are a copy that can be made again at any time: nothing in them is ours.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from tieout.store.database import Database
from tieout.store.list_schema import LIST_ENTRIES, LIST_MARKS
from tieout.store.moments import moment_of, moment_text

_FORGET_ENTRY = delete(LIST_ENTRIES).where(
    LIST_ENTRIES.c.realm_id == bindparam("of_realm"),
    LIST_ENTRIES.c.entity == bindparam("of_entity"),
    LIST_ENTRIES.c.id == bindparam("of_id"),
)


class StoredLists:
    """The lists of the books that a company is bound to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, realm_id: str) -> dict[str, datetime]:
        """Up to which moment each kept list is complete."""
        with self._database.reading() as connection:
            rows = connection.execute(select(LIST_MARKS).where(LIST_MARKS.c.realm_id == realm_id))
            found = {row.entity: moment_of(row.complete_at) for row in rows}
        return {entity: moment for entity, moment in found.items() if moment is not None}

    def entries(self, realm_id: str, entity: str) -> list[str]:
        """The entries of a list, as the books told them, by id."""
        of_list = (LIST_ENTRIES.c.realm_id == realm_id, LIST_ENTRIES.c.entity == entity)
        with self._database.reading() as connection:
            found = connection.execute(select(LIST_ENTRIES.c.id, LIST_ENTRIES.c.record).where(*of_list)).all()
        return [row.record for row in sorted(found, key=lambda row: (len(row.id), row.id))]

    def replace(self, realm_id: str, entity: str, entries: Mapping[str, str], complete_at: datetime) -> None:
        """Keep a list whole: entries by id, complete up to a moment."""
        with self._database.writing() as connection:
            of_list = (LIST_ENTRIES.c.realm_id == realm_id, LIST_ENTRIES.c.entity == entity)
            connection.execute(delete(LIST_ENTRIES).where(*of_list))
            _insert(connection, realm_id, entity, entries)
            _mark(connection, realm_id, entity, complete_at)

    def change(self, realm_id: str, changes: Mapping[str, Mapping[str, str | None]], complete_at: datetime) -> None:
        """Take over what changed in several lists, all or none of it: entries by id, None for one that is gone."""
        with self._database.writing() as connection:
            for entity, entries in changes.items():
                gone = [{"of_realm": realm_id, "of_entity": entity, "of_id": identity} for identity in entries]
                if gone:
                    connection.execute(_FORGET_ENTRY, gone)
                left = {identity: record for identity, record in entries.items() if record is not None}
                _insert(connection, realm_id, entity, left)
                _mark(connection, realm_id, entity, complete_at)


def _insert(connection: Connection, realm_id: str, entity: str, entries: Mapping[str, str]) -> None:
    rows = [
        {"realm_id": realm_id, "entity": entity, "id": identity, "record": record}
        for identity, record in entries.items()
    ]
    if rows:
        connection.execute(insert(LIST_ENTRIES), rows)


def _mark(connection: Connection, realm_id: str, entity: str, complete_at: datetime) -> None:
    of_list = (LIST_MARKS.c.realm_id == realm_id, LIST_MARKS.c.entity == entity)
    connection.execute(delete(LIST_MARKS).where(*of_list))
    row = {"realm_id": realm_id, "entity": entity, "complete_at": moment_text(complete_at)}
    connection.execute(insert(LIST_MARKS).values(row))
