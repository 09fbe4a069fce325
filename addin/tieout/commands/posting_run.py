"""What one run of posting or undoing works with, and the small steps that both take."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tieout.commands.progress import Progressed, silent
from tieout.domain.activity import Activity
from tieout.domain.books import BooksDocument, differences, is_sealed
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.domain.private_note import has_seal
from tieout.limits import QUICKBOOKS_OUTCOME_SETTLES_SECONDS
from tieout.ports import Books, Clock, Outbox, Writer

# The namespace of our request ids: fixed for ever, so that the same posting always has the same ones.
_REQUEST_IDS = uuid.UUID("6f1ce7d4-8b0a-5f58-9b7b-3c6f0f2a9e51")

# The SyncToken of a document that was created and not changed since.
_FIRST_VERSION = "0"


class How(StrEnum):
    """How a document came to stand where it does."""

    CREATED = "created"  # this run posted it
    ADOPTED = "adopted"  # it was in the books already, ours and unchanged
    ALREADY = "already posted"  # nothing was to be done
    UNDONE = "undone"  # it was taken out of the books
    REVERSED = "reversed"  # another journal takes it back, in an open period
    EMPTY = "nothing to post"  # all its lines are zero
    REFUSED = "not done"  # the findings say why


@dataclass(frozen=True, slots=True)
class Parcel:
    """A document ready to be sent: what it is for, and its exact bytes."""

    key: PostingKey
    subject: str
    content_hash: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a parcel: its posting, how it got there, the document in the books, and findings."""

    posting: Posting
    how: How
    held: BooksDocument | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A posting's new state, what was done, and the state before (None for a new one)."""

    posting: Posting
    what: str
    before: Posting | None

    def activity(self, at: datetime, who: str) -> Activity:
        """The change as the log tells it."""
        subject, before, after = str(self.posting.key), _told(self.before), _told(self.posting)
        return Activity(at=at, who=who, what=self.what, subject=subject, before=before, after=after)


@dataclass(frozen=True, slots=True)
class PostingRun:
    """The ports of one run, and what every step needs to know of the books."""

    books: Books
    outbox: Outbox
    writer: Writer
    clock: Clock
    who: str
    home_currency: str
    account_names: Mapping[str, str]
    progressed: Progressed = silent

    def save(self, posting: Posting, what: str, before: Posting | None) -> Posting:
        """Commit a posting's new state with its activity; returns it."""
        self.save_all((Change(posting, what, before),))
        return posting

    def save_all(self, changes: Sequence["Change"]) -> None:
        """Commit the new states of some postings with their activities, all or none of it."""
        if changes:
            now = self.clock.now()
            self.writer.save([(change.posting, change.activity(now, self.who)) for change in changes])

    def sent(self, posting: Posting) -> BooksDocument:
        """What a posting's own bytes say."""
        return self.books.as_sent(posting.key.entity, posting.body, self.home_currency)

    def differences(self, posting: Posting, held: BooksDocument) -> tuple[str, ...]:
        """What the books hold otherwise than it was sent.

        A posting that was found again has the bytes that stood in the books then: where their own seal says that they
        were changed before, the books differ, though it is not known how.
        """
        untouched = held.sync_token == (posting.sync_token or _FIRST_VERSION)
        sent = self.sent(posting)
        found = differences(sent, held, self.account_names, untouched=untouched)
        changed_before = not found and has_seal(sent.note) and not is_sealed(sent)
        return (
            ("it was changed before it was found again, so what it said is not known",) if changed_before else found
        )

    def wait_until_settled(self, posting: Posting) -> bool:
        """Wait until what was sent last can't take effect any more; whether there was anything to wait for."""
        moment = posting.undo_sent_at or posting.sent_at
        if moment is None:
            return False
        passed = (self.clock.now() - moment) // timedelta(seconds=1)
        left = QUICKBOOKS_OUTCOME_SETTLES_SECONDS - max(0, passed)
        if left > 0:
            self.progressed("Waiting for what may have come of an earlier request", 0, None)
            self.clock.sleep(left)
        return left > 0


def request_id(key: PostingKey, purpose: str, content_hash: str, generation: int) -> str:
    """The request id of one intention: the same intention, the same id, in any run on any machine (36 characters)."""
    name = "|".join((key.realm_id, key.entity, key.doc_number, purpose, content_hash, str(generation)))
    return str(uuid.uuid5(_REQUEST_IDS, name))


def batch_request_id(postings: Sequence[Posting]) -> str:
    """The request id of a batch: of the intentions in it, in their order (36 characters)."""
    name = "|".join(("batch", *(posting.request_id for posting in postings)))
    return str(uuid.uuid5(_REQUEST_IDS, name))


def planned(previous: Posting | None, parcel: Parcel) -> Posting:
    """The posting of a parcel, nothing of it sent; a new generation where an earlier one was ended.

    Where a document of ours was found changed, it keeps when that was sent: a question may not see it yet.
    """
    generation = 0
    sent_at = None
    if previous is not None:
        ended = previous.state not in {PostingState.PLANNED, PostingState.SENDING}
        generation = previous.generation + 1 if ended else previous.generation
        sent_at = previous.sent_at if previous.state is PostingState.CONFLICT else None
    return Posting(
        key=parcel.key,
        state=PostingState.PLANNED,
        content_hash=parcel.content_hash,
        request_id=request_id(parcel.key, "create", parcel.content_hash, generation),
        body=parcel.body,
        subject=parcel.subject,
        generation=generation,
        sent_at=sent_at,
    )


def next_generation(posting: Posting, reason: str) -> Posting:
    """The posting planned anew under another request id, because its own can't be used any more."""
    generation = posting.generation + 1
    return replace(
        posting,
        state=PostingState.PLANNED,
        generation=generation,
        request_id=request_id(posting.key, "create", posting.content_hash, generation),
        reason=reason,
        sent_at=None,
    )


def _told(posting: Posting | None) -> str:
    """A posting in the words of the activity log."""
    if posting is None:
        return ""
    parts = [posting.state.value, f"content {posting.content_hash[:16]}", f"request {posting.request_id}"]
    if posting.quickbooks_id:
        parts.append(f"QuickBooks id {posting.quickbooks_id}")
    if posting.reversed_by:
        parts.append(f"reversed by {posting.reversed_by}")
    if posting.reason:
        parts.append(posting.reason)
    return "; ".join(parts)
