"""The outbox: every posting with its exact bytes and request id, stored before anything is sent, and what came of it.

A posting's new state and the activity that tells of it are one transaction, which also proves that the lease is
still ours; so what the log says and what the outbox says never part.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, select

from tieout.domain.activity import Activity
from tieout.domain.content import content_hash as content_hash_of
from tieout.domain.journal import Journal, as_text
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.ports import Clock, Writer
from tieout.store.activity import append_in
from tieout.store.database import Database
from tieout.store.journal_record import journal_of, journal_record
from tieout.store.lease import lease, renew_in
from tieout.store.moments import moment_of, moment_text
from tieout.store.schema import DRAFTS, POSTINGS

# SQLite takes so many values in one statement, and many more (its "Limits", SQLITE_MAX_VARIABLE_NUMBER).
_VALUES_A_QUERY = 1_000
_PLAIN = tuple(
    field.name for field in fields(Posting) if field.name not in {"key", "state", "sent_at", "undo_sent_at"}
)


class StoredOutbox:
    """The outbox of one company."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, key: PostingKey) -> Posting | None:
        """The posting of a key."""
        with self._database.reading() as connection:
            row = connection.execute(select(POSTINGS).where(*_is(key))).mappings().first()
        return _posting(row) if row is not None else None

    def get_many(self, keys: Sequence[PostingKey]) -> dict[PostingKey, Posting]:
        """The postings of some keys; those that there are none of are left out."""
        numbers: dict[tuple[str, str], list[str]] = {}
        for key in keys:
            numbers.setdefault((key.realm_id, key.entity), []).append(key.doc_number)
        found: dict[PostingKey, Posting] = {}
        for (realm_id, entity), wanted in numbers.items():
            for start in range(0, len(wanted), _VALUES_A_QUERY):
                some = wanted[start : start + _VALUES_A_QUERY]
                of_kind = (POSTINGS.c.realm_id == realm_id, POSTINGS.c.entity == entity)
                found |= {each.key: each for each in self._where(*of_kind, POSTINGS.c.doc_number.in_(some))}
        return found

    def of_subject(self, realm_id: str, subject: str) -> tuple[Posting, ...]:
        """The postings of a settlement or order in a company, by number."""
        return self._where(POSTINGS.c.realm_id == realm_id, POSTINGS.c.subject == subject)

    def of_subjects(self, realm_id: str, subjects: Sequence[str]) -> tuple[Posting, ...]:
        """The postings of some settlements or orders in a company."""
        found: list[Posting] = []
        for start in range(0, len(subjects), _VALUES_A_QUERY):
            some = subjects[start : start + _VALUES_A_QUERY]
            found += self._where(POSTINGS.c.realm_id == realm_id, POSTINGS.c.subject.in_(some))
        return tuple(found)

    def keys(self, realm_id: str) -> frozenset[PostingKey]:
        """The keys of every posting in a company."""
        query = select(POSTINGS.c.entity, POSTINGS.c.doc_number).where(POSTINGS.c.realm_id == realm_id)
        with self._database.reading() as connection:
            return frozenset(PostingKey(realm_id, entity, number) for entity, number in connection.execute(query))

    def of_kinds(
        self, realm_id: str, entities: Collection[str], states: Collection[PostingState]
    ) -> tuple[Posting, ...]:
        """The postings of some kinds of document in a company that stand in some states, by key."""
        return self._where(*_standing(realm_id, states), POSTINGS.c.entity.in_(list(entities)))

    def subjects(self, realm_id: str, states: Collection[PostingState]) -> frozenset[str]:
        """The settlements and orders in a company of which a posting stands in some states."""
        query = select(POSTINGS.c.subject).where(*_standing(realm_id, states)).distinct()
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def all(self) -> tuple[Posting, ...]:
        """Every posting, by key: all the bytes that were ever sent. Presses ask for what they need."""
        return self._where()

    def realm_ids(self) -> frozenset[str]:
        """The companies that anything was ever posted to from here: one, or none yet."""
        with self._database.reading() as connection:
            return frozenset(connection.execute(select(POSTINGS.c.realm_id).distinct()).scalars())

    def draft(self, content_hash: str) -> Journal | None:
        """The journal of a content hash as it was drafted, without the rows behind its lines."""
        with self._database.reading() as connection:
            query = select(DRAFTS.c.record).where(DRAFTS.c.content_hash == content_hash)
            record = connection.execute(query).scalar()
        return journal_of(record) if record is not None else None

    @contextmanager
    def writer(self, holder: str) -> Iterator[Writer]:
        """Become the one writer, under the name `holder`; AnotherWriter where somebody else is."""
        with lease(self._database, self._clock, holder) as token:
            yield _LeasedWriter(self._database, self._clock, token)

    def _where(self, *conditions: Any) -> tuple[Posting, ...]:
        order = (POSTINGS.c.realm_id, POSTINGS.c.entity, POSTINGS.c.doc_number)
        with self._database.reading() as connection:
            rows = connection.execute(select(POSTINGS).where(*conditions).order_by(*order)).mappings()
            return tuple(_posting(row) for row in rows)


class _LeasedWriter:
    """Writes postings for as long as its lease holds."""

    def __init__(self, database: Database, clock: Clock, token: str) -> None:
        self._database = database
        self._clock = clock
        self._token = token

    def save(self, changes: Sequence[tuple[Posting, Activity]]) -> None:
        """Commit the new states of some postings with their activities, all or none of it, and renew the lease."""
        with self._database.writing() as connection:
            renew_in(connection, self._clock, self._token)
            connection.execute(_FORGET, [_key_values(posting.key) for posting, _ in changes])
            connection.execute(insert(POSTINGS), [_row(posting) for posting, _ in changes])
            append_in(connection, [activity for _, activity in changes])

    def log(self, activity: Activity) -> None:
        """Commit an activity that changes no posting, and renew the lease."""
        with self._database.writing() as connection:
            renew_in(connection, self._clock, self._token)
            append_in(connection, [activity])

    def keep_draft(self, journal: Journal, content_hash: str) -> None:
        """Commit a journal under its content hash; the same again changes nothing."""
        if content_hash_of(journal) != content_hash:
            raise ValueError(f"{journal.doc_number} does not have the content hash it is said to have")
        with self._database.writing() as connection:
            known = select(DRAFTS.c.content_hash).where(DRAFTS.c.content_hash == content_hash)
            if connection.execute(known).first() is not None:
                return
            connection.execute(
                insert(DRAFTS).values(
                    content_hash=content_hash,
                    doc_number=journal.doc_number,
                    subject=journal.settlement_id,
                    text=as_text([journal]),
                    record=journal_record(journal),
                    drafted_at=moment_text(self._clock.now()),
                )
            )


# A posting's new state takes the place of its old one.
_FORGET = delete(POSTINGS).where(
    POSTINGS.c.realm_id == bindparam("of_realm"),
    POSTINGS.c.entity == bindparam("of_entity"),
    POSTINGS.c.doc_number == bindparam("of_number"),
)


def _key_values(key: PostingKey) -> dict[str, str]:
    return {"of_realm": key.realm_id, "of_entity": key.entity, "of_number": key.doc_number}


def _standing(realm_id: str, states: Collection[PostingState]) -> tuple[Any, ...]:
    return POSTINGS.c.realm_id == realm_id, POSTINGS.c.state.in_([state.value for state in states])


def _is(key: PostingKey) -> tuple[Any, ...]:
    return (
        POSTINGS.c.realm_id == key.realm_id,
        POSTINGS.c.entity == key.entity,
        POSTINGS.c.doc_number == key.doc_number,
    )


def _row(posting: Posting) -> dict[str, Any]:
    return {
        "realm_id": posting.key.realm_id,
        "entity": posting.key.entity,
        "doc_number": posting.key.doc_number,
        "state": posting.state.value,
        "sent_at": moment_text(posting.sent_at),
        "undo_sent_at": moment_text(posting.undo_sent_at),
        **{name: getattr(posting, name) for name in _PLAIN},
    }


def _posting(row: RowMapping) -> Posting:
    return Posting(
        key=PostingKey(row["realm_id"], row["entity"], row["doc_number"]),
        state=PostingState(row["state"]),
        sent_at=moment_of(row["sent_at"]),
        undo_sent_at=moment_of(row["undo_sent_at"]),
        **{name: row[name] for name in _PLAIN},
    )
