"""Taking one posting back: deleted where nobody changed it, reversed where its period is closed.

The intention is committed before anything is sent (`undo_sent_at`), so an undo that was cut off is finished by the
next run, of undoing or of posting, before anything else happens to that document.
"""

from dataclasses import replace
from datetime import date, timedelta

from tieout.commands import posting_findings as say
from tieout.commands import undo_findings as undo
from tieout.commands.deliver import deliver, settle
from tieout.commands.numbers import is_usable, reversal_number
from tieout.commands.parcels import Encoder
from tieout.commands.posting_run import Delivered, How, PostingRun, request_id
from tieout.commands.preflight_findings import number_not_usable
from tieout.domain.books import BooksDocument
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal, reverse
from tieout.domain.posting import Outcome, Posting, PostingKey, PostingState
from tieout.limits import QUICKBOOKS_SENDS_MAX
from tieout.ports import BooksUnavailable, JournalNames, Reply


def take_back(run: PostingRun, posting: Posting, encoder: Encoder) -> Delivered:
    """Undo a posting that stands as posted; REFUSED, with the findings, where that must not be.

    BooksUnavailable where the run can't go on; the undo then is finished by a later one.
    """
    if _reversal_begun(run, posting):
        return _reversed(run, posting, encoder)
    unknown: Finding | None = None
    for _ in range(QUICKBOOKS_SENDS_MAX):
        held = run.books.read(posting.key.entity, posting.quickbooks_id)
        if held is None:
            gone = () if posting.undo_sent_at else (undo.gone_already(posting),)
            return _undone(run, posting, gone)
        found = run.differences(posting, held)
        if found:
            return _kept(run, posting, held, say.changed(posting, held, found))
        if encoder.is_closed(held.day):
            return _reversed(run, posting, encoder)
        posting = run.save(replace(posting, undo_sent_at=run.clock.now()), "undoing", posting)
        reply = run.books.delete(posting.key.entity, held.id, held.sync_token, deletion_id(posting, held))
        done = _after(run, posting, held, reply, encoder)
        if done is not None:
            return done
        unknown = reply.finding
        run.wait_until_settled(posting)
    if run.books.read(posting.key.entity, posting.quickbooks_id) is None:
        return _undone(run, posting, ())
    assert unknown is not None, "only replies that are not known come here"
    return _kept(run, posting, held, replace(unknown, subject=posting.subject))


def deletion_id(posting: Posting, held: BooksDocument) -> str:
    """The request id of one deletion of one version; a deletion that was refused before had another."""
    purpose = f"delete {held.id} {held.sync_token} {posting.attempts}"
    return request_id(posting.key, purpose, posting.content_hash, posting.generation)


def _after(
    run: PostingRun, posting: Posting, held: BooksDocument, reply: Reply, encoder: Encoder
) -> Delivered | None:
    """What came of a deletion; None where that is not known yet."""
    if reply.outcome is Outcome.UNKNOWN:
        return None
    if reply.outcome is Outcome.APPLIED and reply.finding is not None:
        return None  # "received before": whether it is gone, the next reading shows
    if reply.outcome is Outcome.APPLIED:
        return _undone(run, posting, ())
    assert reply.finding is not None, "every reply but an applied one says why"
    finding = replace(reply.finding, subject=posting.subject)
    if reply.outcome in {Outcome.WAIT, Outcome.SIGN_IN}:
        _kept(run, posting, held, finding)
        raise BooksUnavailable(reply.outcome, finding)
    if reply.outcome is Outcome.CLOSED_PERIOD:  # the closing date was moved since it was read
        return _reversed(run, posting, replace(encoder, preferences=run.books.preferences()))
    if finding.code == "quickbooks-inactive":
        return None  # it was not found: the next reading shows that it is gone
    return _kept(run, posting, held, finding)


def _reversed(run: PostingRun, posting: Posting, encoder: Encoder) -> Delivered:
    """Post the journal that takes it back, on the first open day, and note that it is taken back."""
    journal = run.outbox.draft(posting.content_hash)
    if journal is None:
        return _kept(run, posting, None, undo.draft_missing(posting))
    if posting.undo_sent_at is None:
        posting = run.save(replace(posting, undo_sent_at=run.clock.now()), "undoing", posting)
    number = reversal_number(posting.key.doc_number)
    if not is_usable(number):
        return _kept(run, posting, None, number_not_usable(replace(journal, doc_number=number)))
    standing = run.outbox.get(_reversal_key(posting))
    if standing is not None and standing.state is PostingState.SENDING:
        standing = settle(run, standing)
    if standing is None or standing.state is not PostingState.POSTED:
        same = replace(encoder, names=names_sent(run, posting, journal))
        parcel = same.parcel(run.writer, reverse(journal, number, _reversal_day(encoder, journal.day)))
        taken_back = deliver(run, parcel)
        if taken_back.how is How.REFUSED:
            return _kept(run, posting, taken_back.held, *taken_back.findings)
    ended = replace(posting, state=PostingState.UNDONE, undo_sent_at=None, reversed_by=number)
    run.save(ended, "reversed", posting)
    return Delivered(ended, How.REVERSED, None, (undo.reversed_instead(posting, number),))


def names_sent(run: PostingRun, posting: Posting, journal: Journal) -> JournalNames:
    """The ids that a journal's names were sent with: a reversal goes to the same accounts, however called now."""
    pairs = list(zip(journal.posted_lines, run.sent(posting).lines, strict=True))
    return JournalNames(
        accounts={line.account: sent.account_id for line, sent in pairs},
        tax_codes={line.tax_code: sent.tax_code_id for line, sent in pairs if line.tax_code},
        classes={line.class_name: sent.class_id for line, sent in pairs if line.class_name},
        locations={journal.location: pairs[0][1].location_id} if journal.location and pairs else {},
    )


def _reversal_key(posting: Posting) -> PostingKey:
    return replace(posting.key, doc_number=reversal_number(posting.key.doc_number))


def _reversal_begun(run: PostingRun, posting: Posting) -> bool:
    """Whether the journal that takes it back may be in the books already."""
    reversal = run.outbox.get(_reversal_key(posting))
    return reversal is not None and reversal.state in {
        PostingState.SENDING,
        PostingState.POSTED,
        PostingState.CONFLICT,
    }


def _reversal_day(encoder: Encoder, day: date) -> date:
    """The journal's own day if it is open after all, else the first open one."""
    closed = encoder.preferences.closed_until
    return day if closed is None or day > closed else closed + timedelta(days=1)


def _undone(run: PostingRun, posting: Posting, findings: tuple[Finding, ...]) -> Delivered:
    ended = replace(posting, state=PostingState.UNDONE, undo_sent_at=None, quickbooks_id="", sync_token="")
    return Delivered(run.save(ended, "undone", posting), How.UNDONE, None, findings)


def _kept(run: PostingRun, posting: Posting, held: BooksDocument | None, *findings: Finding) -> Delivered:
    """It stays posted. The next try, if any, is another request than this one."""
    if posting.undo_sent_at is not None:
        kept = replace(posting, undo_sent_at=None, attempts=posting.attempts + 1)
        posting = run.save(kept, "not undone", posting)
    return Delivered(posting, How.REFUSED, held, findings)
