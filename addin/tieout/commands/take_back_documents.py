"""Taking one document back, of whatever kind: deleted where nobody changed it, taken back by another one where its
period is closed.

The engine's own `take_back` reads, compares and deletes; journals are reversed by it too, from their drafts. Here is
what it can't do: the mirror of a document without a draft, made of the bytes that were sent.
"""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from tieout.commands import document_findings as say
from tieout.commands import undo_findings as undo
from tieout.commands.deliver import deliver, settle
from tieout.commands.document_parcels import taking_back_number
from tieout.commands.parcels import Encoder, sealed_body
from tieout.commands.posting_run import Delivered, How, Parcel, PostingRun
from tieout.commands.sale_desk import SaleDesk
from tieout.commands.undoing import take_back
from tieout.domain.books import BooksPreferences
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.domain.private_note import PrivateNote
from tieout.ports import JournalNames, Outbox

_JOURNAL = "JournalEntry"
_BEGUN = frozenset({PostingState.SENDING, PostingState.POSTED, PostingState.CONFLICT})
# The kinds that documents are taken back by, in the order in which they are looked for.
_MIRRORS = (
    *("CreditMemo", "Invoice", "RefundReceipt", "SalesReceipt"),
    *("VendorCredit", "Transfer", _JOURNAL),
)
_CONTROL = {"Payment": "Accounts Receivable", "BillPayment": "Accounts Payable"}


def takes_back(outbox: Outbox, posting: Posting) -> bool:
    """Whether a posting takes another one of its subject back."""
    draft = outbox.draft(posting.content_hash)
    if draft is not None:
        return bool(draft.reverses)
    siblings = outbox.of_subject(posting.key.realm_id, posting.subject)
    return any(taking_back_number(other) == posting.key.doc_number and other.key != posting.key for other in siblings)


def take_back_document(run: PostingRun, desk: SaleDesk, posting: Posting, preferences: BooksPreferences) -> Delivered:
    """Undo a posting that stands as posted; REFUSED, with the findings, where that must not be.

    `preferences` are the books' as they were read in this run. BooksUnavailable where the run can't go on; the undo
    then is finished by a later one.
    """
    if posting.key.entity == _JOURNAL and run.outbox.draft(posting.content_hash) is not None:
        return take_back(run, posting, _encoder(run, preferences))
    if _mirror_begun(run, posting) is not None:
        return _taken_back_by(run, desk, posting, preferences)
    done = take_back(run, posting, _encoder(run, preferences))
    if done.how is How.REFUSED and any(finding.code == "draft-missing" for finding in done.findings):
        # Its period is closed, and there is no journal's draft to reverse.
        return _taken_back_by(run, desk, done.posting, run.books.preferences())
    return done


def is_taking_back_begun(run: PostingRun, posting: Posting) -> bool:
    """Whether a document that takes a posting back may be in the books already."""
    return _mirror_begun(run, posting) is not None


def _encoder(run: PostingRun, preferences: BooksPreferences) -> Encoder:
    return Encoder(run.books, preferences, JournalNames({}, {}, {}))


def _mirror_begun(run: PostingRun, posting: Posting) -> Posting | None:
    """The document that takes it back, where that may be in the books already."""
    number = taking_back_number(posting)
    for entity in _MIRRORS:
        found = run.outbox.get(PostingKey(posting.key.realm_id, entity, number))
        if found is not None and found.subject == posting.subject and found.state in _BEGUN:
            return found
    return None


def _taken_back_by(run: PostingRun, desk: SaleDesk, posting: Posting, preferences: BooksPreferences) -> Delivered:
    """Post the mirror of a document on the first open day, and note that it is taken back."""
    parcel = _mirror(run, desk, posting, preferences)
    if parcel is None:
        return Delivered(posting, How.REFUSED, None, (say.not_reversible(posting),))
    if posting.undo_sent_at is None:
        posting = run.save(replace(posting, undo_sent_at=run.clock.now()), "undoing", posting)
    begun = run.outbox.get(parcel.key)
    if begun is not None and begun.state is PostingState.SENDING:
        begun = settle(run, begun)
    if begun is None or begun.state is not PostingState.POSTED:
        taken_back = deliver(run, parcel)
        if taken_back.how is How.REFUSED:
            kept = replace(posting, undo_sent_at=None, attempts=posting.attempts + 1)
            run.save(kept, "not undone", posting)
            return Delivered(kept, How.REFUSED, taken_back.held, taken_back.findings)
    number = parcel.key.doc_number
    ended = replace(posting, state=PostingState.UNDONE, undo_sent_at=None, reversed_by=number)
    run.save(ended, "reversed", posting)
    return Delivered(ended, How.REVERSED, None, (undo.reversed_instead(posting, number),))


def _mirror(run: PostingRun, desk: SaleDesk, posting: Posting, preferences: BooksPreferences) -> Parcel | None:
    """The parcel that takes a posting back; None where no document does so exactly."""
    sent = run.sent(posting)
    number = taking_back_number(posting)
    closed = preferences.closed_until
    day: date = sent.day if closed is None or sent.day > closed else closed + timedelta(days=1)
    hashed = hashlib.sha256(f"takes back {posting.key} {posting.content_hash} as {number}".encode()).hexdigest()
    note = PrivateNote(f"Takes back {posting.key}.", hashed, number, posting.subject)
    control = ""
    if posting.key.entity in _CONTROL:
        control = _control_account(run, _CONTROL[posting.key.entity], sent.currency)
        if not control:
            return None

    def mirrored(told: str) -> tuple[str, bytes] | None:
        return desk.books.documents.mirror(posting.key.entity, posting.body, number, day, told, control)

    def body(told: str) -> bytes:
        made = mirrored(told)
        assert made is not None, "whether there is a mirror does not depend on its note"
        return made[1]

    found = mirrored("")
    if found is None:
        return None
    entity = found[0]
    sealed = sealed_body(run.books, run.home_currency, entity, note, body)
    return Parcel(PostingKey(posting.key.realm_id, entity, number), posting.subject, hashed, sealed)


def _control_account(run: PostingRun, account_type: str, currency: str) -> str:
    """The id of the receivables or payables in a currency; empty where there is not exactly one."""
    fitting = [
        account.id
        for account in run.books.accounts()
        if account.active and account.account_type == account_type and account.currency == currency
    ]
    return fitting[0] if len(fitting) == 1 else ""
