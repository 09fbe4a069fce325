"""A posting: a draft on its way into the books, exactly once.

The states and what they mean follow ARCHITECTURE.md ("Posting once"): the exact bytes and the request id are stored
before anything is sent; what is not known to have been applied, or not applied, is unknown, and is asked about.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PostingState(StrEnum):
    """Where a posting stands."""

    PLANNED = "planned"  # bytes and request id are stored; nothing was sent
    SENDING = "sending"  # about to be sent, or sent and not answered: unknown until asked
    POSTED = "posted"  # QuickBooks holds it; its id is known
    REJECTED = "rejected"  # QuickBooks said no: not applied, the reason is known
    CONFLICT = "conflict"  # somebody else's document stands under our number, or ours was changed
    UNDONE = "undone"  # it was deleted or reversed by us


class Outcome(StrEnum):
    """What an answer of QuickBooks, or the lack of one, says of a request."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    UNKNOWN = "unknown"
    WAIT = "wait"
    SIGN_IN = "sign in again"
    CONFLICT = "conflict"
    CLOSED_PERIOD = "closed period"


@dataclass(frozen=True, slots=True)
class PostingKey:
    """What a posting is for, never dates: the kind of document, its number, and the company's realm."""

    realm_id: str
    entity: str
    doc_number: str

    def __str__(self) -> str:
        return f"{self.entity} {self.doc_number}"


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting as the outbox holds it. `content_hash` is of what the draft says, not of the bytes' spelling.

    `subject` is what it belongs to (a settlement id, an order id); `generation` counts how often it was planned
    anew after an undo or a refusal, and goes into the request id; `sent_at` is when it was last about to be sent;
    `undo_sent_at` when its deletion was, until that is settled; `reversed_by` the number of the document that
    took it back where it could not be deleted.
    """

    key: PostingKey
    state: PostingState
    content_hash: str
    request_id: str
    body: bytes
    quickbooks_id: str = ""
    sync_token: str = ""
    reason: str = ""
    intuit_tid: str = ""
    attempts: int = 0
    subject: str = ""
    generation: int = 0
    sent_at: datetime | None = None
    undo_sent_at: datetime | None = None
    reversed_by: str = ""
