"""What commands need of the outside, as narrow protocols; only `wiring.py` builds real ones.

No vendor's types stand here. Reading a port raises `BooksUnavailable` where the books can't be reached or refuse;
writing one returns a `Reply`, because what an answer says of a write is not an accident but the point.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from tieout.domain.account import Account
from tieout.domain.activity import Activity, LoggedActivity
from tieout.domain.books import (
    BooksAccount,
    BooksChange,
    BooksCompany,
    BooksDocument,
    BooksPreferences,
    BooksTaxCode,
    FoundDocument,
)
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.posting import Outcome, Posting, PostingKey, PostingState


class Clock(Protocol):
    """The time, and waiting for it; tests pass one that costs nothing."""

    def now(self) -> datetime:
        """The aware moment, in UTC."""
        ...

    def sleep(self, seconds: int) -> None:
        """Wait so many whole seconds."""
        ...

    def sleep_milliseconds(self, milliseconds: int) -> None:
        """Wait so many thousandths of a second: for what has to be exact, such as a pace."""
        ...


class BooksUnavailable(Exception):
    """The books gave no usable answer to a question; `finding` says what a person can do about it."""

    def __init__(self, outcome: Outcome, finding: Finding) -> None:
        super().__init__(str(finding))
        self.outcome = outcome
        self.finding = finding


class StoreUnwritable(Exception):
    """The store could not commit (a full disk, a lost connection); what was committed before is safe."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class AnotherWriter(Exception):
    """Somebody else is posting for this company; `finding` says who, and until when at most."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Reply:
    """What the books' answer to a write says of it.

    `document`, or `account`, is what they hold now, where they said so; `finding` why it was not done or is unknown;
    `intuit_tid` the id under which the books' own support finds the request.
    """

    outcome: Outcome
    document: BooksDocument | None = None
    account: BooksAccount | None = None
    finding: Finding | None = None
    intuit_tid: str = ""


class Operation(StrEnum):
    """What a write does."""

    CREATE = "create"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a batch: a document to create, or to delete, from its exact bytes."""

    operation: Operation
    entity: str
    body: bytes


@dataclass(frozen=True, slots=True)
class JournalNames:
    """The ids, in the books, of the names that a journal's lines bear."""

    accounts: Mapping[str, str]
    tax_codes: Mapping[str, str]
    classes: Mapping[str, str]
    locations: Mapping[str, str] = field(default_factory=dict)


class Books(Protocol):
    """A company's books. `entity` is a kind of document ("JournalEntry")."""

    @property
    def realm_id(self) -> str:
        """The identity of the company these books are of."""
        ...

    def company(self) -> BooksCompany:
        """The company file."""
        ...

    def preferences(self) -> BooksPreferences:
        """What decides whether a document can be posted."""
        ...

    def accounts(self) -> tuple[BooksAccount, ...]:
        """Every account, inactive ones too."""
        ...

    def classes(self) -> Mapping[str, str]:
        """The ids of the active classes, by full name."""
        ...

    def locations(self) -> Mapping[str, str]:
        """The ids of the active locations, by full name."""
        ...

    def tax_codes(self) -> tuple[BooksTaxCode, ...]:
        """The active tax codes."""
        ...

    def create_account(self, account: Account, request_id: str) -> Reply:
        """Create an account; a name that exists is CONFLICT."""
        ...

    def journal_body(self, journal: Journal, day: date, note: str, names: JournalNames, multicurrency: bool) -> bytes:
        """The exact bytes that post `journal` on `day`."""
        ...

    def as_sent(self, entity: str, body: bytes, home_currency: str) -> BooksDocument:
        """What a body says, read back from its bytes."""
        ...

    def find(self, entity: str, doc_number: str) -> tuple[BooksDocument, ...]:
        """The documents of a kind that bear `doc_number`."""
        ...

    def find_many(self, entity: str, doc_numbers: Sequence[str]) -> Mapping[str, tuple[BooksDocument, ...]]:
        """The documents of a kind, by each of some numbers, in as few requests as can be; every number is there."""
        ...

    def read(self, entity: str, quickbooks_id: str) -> BooksDocument | None:
        """The document of an id; None where there is none, or it was deleted."""
        ...

    def read_many(self, entity: str, quickbooks_ids: Sequence[str]) -> Mapping[str, BooksDocument]:
        """The documents of some ids, in as few requests as can be; those that are not found are left out.

        One that was made a moment ago may not be found yet: `read` asks for it itself.
        """
        ...

    def ours(self, entity: str, since: date | None, until: date | None) -> tuple[FoundDocument, ...]:
        """The documents of a kind, dated between two days (None: without end), that bear our marker."""
        ...

    def send(self, entity: str, body: bytes, request_id: str) -> Reply:
        """Create a document."""
        ...

    def delete(self, entity: str, quickbooks_id: str, sync_token: str, request_id: str) -> Reply:
        """Delete a document that nobody changed since `sync_token`."""
        ...

    def deletion(self, quickbooks_id: str, sync_token: str) -> bytes:
        """The exact bytes that delete a document, for a batch."""
        ...

    def write_batch(self, writes: Sequence[Write], request_id: str) -> tuple[Reply, ...]:
        """Do several writes in one request, none of which needs another; a reply each, in their order."""
        ...

    def batches_free(self) -> int:
        """How many batches could go out now without waiting for a minute to pass."""
        ...

    def changed_since(self, entities: Sequence[str], moment: datetime) -> tuple[BooksChange, ...]:
        """What was created, changed or deleted since an aware moment (at most 30 days back)."""
        ...


class Writer(Protocol):
    """The one writer of a company's postings, for as long as its lease holds."""

    def save(self, changes: Sequence[tuple[Posting, Activity]]) -> None:
        """Commit the new states of some postings and the activities that tell of them, all or none of it, and renew
        the lease.

        AnotherWriter where the lease was lost meanwhile; StoreUnwritable where it could not be committed.
        """
        ...

    def log(self, activity: Activity) -> None:
        """Commit an activity that changes no posting, and renew the lease."""
        ...

    def keep_draft(self, journal: Journal, content_hash: str) -> None:
        """Commit a journal as it was drafted, under its content hash; the same again changes nothing."""
        ...


class Outbox(Protocol):
    """The postings of a company: what is to be sent, with its exact bytes, what was, and what came of it."""

    def get(self, key: PostingKey) -> Posting | None:
        """The posting of a key."""
        ...

    def get_many(self, keys: Sequence[PostingKey]) -> Mapping[PostingKey, Posting]:
        """The postings of some keys; those that there are none of are left out."""
        ...

    def of_subject(self, realm_id: str, subject: str) -> tuple[Posting, ...]:
        """The postings of a settlement or order, by number."""
        ...

    def of_subjects(self, realm_id: str, subjects: Sequence[str]) -> tuple[Posting, ...]:
        """The postings of some settlements or orders, in a few questions."""
        ...

    def keys(self, realm_id: str) -> frozenset[PostingKey]:
        """The keys of every posting in a company."""
        ...

    def of_kinds(
        self, realm_id: str, entities: Collection[str], states: Collection[PostingState]
    ) -> tuple[Posting, ...]:
        """The postings of some kinds of document in a company that stand in some states, by key."""
        ...

    def subjects(self, realm_id: str, states: Collection[PostingState]) -> frozenset[str]:
        """The settlements and orders in a company of which a posting stands in some states."""
        ...

    def all(self) -> tuple[Posting, ...]:
        """Every posting, by key: all the bytes that were ever sent. Presses ask for what they need."""
        ...

    def realm_ids(self) -> frozenset[str]:
        """The companies that anything was ever posted to from here: one, or none yet."""
        ...

    def draft(self, content_hash: str) -> Journal | None:
        """The journal of a content hash as it was drafted, without the rows behind its lines."""
        ...

    def writer(self, holder: str) -> AbstractContextManager[Writer]:
        """Become the one writer; AnotherWriter where somebody else is, and stays it."""
        ...


class Documents(Protocol):
    """Raw documents, kept for ever by content hash."""

    def put(self, document: Document) -> bool:
        """Keep a document; whether it was new."""

    def get(self, sha256: str) -> Document | None:
        """The document of a hash."""


class ActivityLog(Protocol):
    """The append-only log of what was done, each entry chained to the one before."""

    def append(self, activity: Activity) -> None:
        """Add an entry."""

    def entries(self) -> Iterable[LoggedActivity]:
        """All entries, oldest first."""

    def first_break(self) -> int | None:
        """The number of the first entry whose hash does not hold; None where the chain is whole."""
