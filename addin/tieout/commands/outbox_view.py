"""The outbox as one press sees it: the postings of what the press is about, read at once and kept in step.

A press that asks the store about thousands of orders one by one spends its time on asking. The view reads their
postings in a few questions, answers from memory, and takes over what the press itself commits. It is read anew when
the press becomes the one writer: until then somebody else may have been at work.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tieout.domain.activity import Activity
from tieout.domain.journal import Journal
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.ports import Outbox, Writer


class OutboxView:
    """The outbox of a press about some subjects in one company. What it does not know it asks the outbox for."""

    def __init__(self, outbox: Outbox, realm_id: str, subjects: Sequence[str]) -> None:
        self._outbox = outbox
        self._realm_id = realm_id
        self._subjects = tuple(dict.fromkeys(subjects))
        self._postings: dict[PostingKey, Posting] = {}
        self._of_subject: dict[str, dict[PostingKey, None]] = {}
        self._keys: set[PostingKey] = set()
        self._drafts: dict[str, Journal | None] = {}
        self._read()

    def get(self, key: PostingKey) -> Posting | None:
        """The posting of a key."""
        return self.get_many((key,)).get(key)

    def get_many(self, keys: Sequence[PostingKey]) -> dict[PostingKey, Posting]:
        """The postings of some keys; those that there are none of are left out."""
        elsewhere = [
            key for key in keys if key not in self._postings and (key in self._keys or key.realm_id != self._realm_id)
        ]
        found = self._outbox.get_many(elsewhere) if elsewhere else {}
        return {**found, **{key: self._postings[key] for key in keys if key in self._postings}}

    def of_subject(self, realm_id: str, subject: str) -> tuple[Posting, ...]:
        """The postings of a subject in a company, by number."""
        if realm_id != self._realm_id or subject not in self._of_subject:
            return self._outbox.of_subject(realm_id, subject)
        found = (self._postings[key] for key in self._of_subject[subject])
        return tuple(sorted(found, key=lambda posting: (posting.key.entity, posting.key.doc_number)))

    def of_subjects(self, realm_id: str, subjects: Sequence[str]) -> tuple[Posting, ...]:
        """The postings of some subjects in a company."""
        return tuple(posting for subject in subjects for posting in self.of_subject(realm_id, subject))

    def keys(self, realm_id: str) -> frozenset[PostingKey]:
        """The keys of every posting in a company."""
        return frozenset(self._keys) if realm_id == self._realm_id else self._outbox.keys(realm_id)

    def of_kinds(
        self, realm_id: str, entities: Collection[str], states: Collection[PostingState]
    ) -> tuple[Posting, ...]:
        """The postings of some kinds of document in a company that stand in some states, by key."""
        return self._outbox.of_kinds(realm_id, entities, states)

    def subjects(self, realm_id: str, states: Collection[PostingState]) -> frozenset[str]:
        """The settlements and orders in a company of which a posting stands in some states."""
        return self._outbox.subjects(realm_id, states)

    def all(self) -> tuple[Posting, ...]:
        """Every posting, by key."""
        return self._outbox.all()

    def realm_ids(self) -> frozenset[str]:
        """The companies that anything was ever posted to from here."""
        return self._outbox.realm_ids()

    def draft(self, content_hash: str) -> Journal | None:
        """The journal of a content hash as it was drafted; a hash always has the same."""
        if self._drafts.get(content_hash) is None:
            self._drafts[content_hash] = self._outbox.draft(content_hash)
        return self._drafts[content_hash]

    @contextmanager
    def writer(self, holder: str) -> Iterator[Writer]:
        """Become the one writer; what the view knows is read anew."""
        with self._outbox.writer(holder) as writer:
            self._read()
            yield _WriterInStep(writer, self)

    def take(self, posting: Posting) -> None:
        """Know a posting's new state."""
        self._postings[posting.key] = posting
        self._keys.add(posting.key)
        self._of_subject.setdefault(posting.subject, {})[posting.key] = None

    def _read(self) -> None:
        self._postings.clear()
        self._keys = set(self._outbox.keys(self._realm_id))
        self._of_subject = {subject: {} for subject in self._subjects}
        for posting in self._outbox.of_subjects(self._realm_id, self._subjects) if self._keys else ():
            self.take(posting)


@dataclass(frozen=True, slots=True)
class _WriterInStep:
    """Commits, and lets the view know."""

    writer: Writer
    view: OutboxView

    def save(self, changes: Sequence[tuple[Posting, Activity]]) -> None:
        """Commit the new states of some postings."""
        self.writer.save(changes)
        for posting, _ in changes:
            self.view.take(posting)

    def log(self, activity: Activity) -> None:
        """Commit an activity that changes no posting."""
        self.writer.log(activity)

    def keep_draft(self, journal: Journal, content_hash: str) -> None:
        """Commit a journal as it was drafted."""
        self.writer.keep_draft(journal, content_hash)
