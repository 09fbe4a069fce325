"""Bringing one document into the books, exactly once, whatever happens on the way.

The order of work (DESIGN section 7): the exact bytes and the request id are committed; the books are asked for the
number (ours and unchanged: adopted; anything else: a person decides); the posting is committed as about to be
sent; it is sent; the answer is committed. What is not known is asked about, after the time in which an earlier
request can still take effect, before the same bytes go out again under the same request id; and never more than
`QUICKBOOKS_SENDS_MAX` times in a run. It works for any kind of document: nothing here knows what a journal is.
"""

from dataclasses import replace

from tieout.commands import posting_findings as say
from tieout.commands.posting_run import Delivered, How, Parcel, PostingRun, next_generation, planned
from tieout.domain.books import BooksDocument
from tieout.domain.content import marked_hash
from tieout.domain.finding import Finding
from tieout.domain.posting import Outcome, Posting, PostingState
from tieout.limits import QUICKBOOKS_SENDS_MAX
from tieout.ports import BooksUnavailable, Reply


def deliver(run: PostingRun, parcel: Parcel) -> Delivered:
    """Post a parcel, or find it posted; BooksUnavailable where the run can't go on (nothing is lost by that)."""
    before = run.outbox.get(parcel.key)
    if before is not None and before.state is PostingState.POSTED:
        if before.content_hash == parcel.content_hash:
            return Delivered(before, How.ALREADY)
        return Delivered(before, How.REFUSED, findings=(say.other_content(parcel.subject, before, run.outbox, None),))
    posting = _stored(run, before, parcel)
    refusal = say.vanished(posting)
    for _ in range(QUICKBOOKS_SENDS_MAX):
        found = _ask(run, posting)
        if found is not None:
            return found
        posting = _about_to_send(run, posting)
        reply = run.books.send(posting.key.entity, posting.body, posting.request_id)
        posting, done = _after(run, posting, reply)
        if done is not None:
            return done
        refusal = _about(posting, reply) if reply.finding is not None else say.vanished(posting)
    found = _ask(run, posting)
    if found is not None:
        return found
    ended = replace(posting, state=PostingState.PLANNED, reason=refusal.what)
    return Delivered(run.save(ended, "gave up for now", posting), How.REFUSED, findings=(refusal,))


def settle(run: PostingRun, posting: Posting) -> Posting:
    """Find out what became of a posting that was being sent, and commit it; it is not sent again."""
    found = _ask(run, posting)
    if found is not None:
        return found.posting
    return run.save(replace(posting, state=PostingState.PLANNED, sent_at=None), "found not sent", posting)


def _stored(run: PostingRun, before: Posting | None, parcel: Parcel) -> Posting:
    """The posting with its bytes committed. One that may have been sent keeps the bytes it was sent with."""
    if before is not None and before.state is PostingState.SENDING:
        if before.content_hash != parcel.content_hash:
            raise ValueError(f"{parcel.key} was being sent with other content; it has to be settled first")
        return before
    posting = planned(before, parcel)
    if before == posting:
        return posting
    return run.save(posting, "planned", before)


def _ask(run: PostingRun, posting: Posting) -> Delivered | None:
    """What the books hold under the number, judged; None where there is nothing, and nothing more can come."""
    key = posting.key
    held = run.books.find(key.entity, key.doc_number)
    if not held and posting.state is PostingState.SENDING and run.wait_until_settled(posting):
        held = run.books.find(key.entity, key.doc_number)
    return _judge(run, posting, held) if held else None


def _judge(run: PostingRun, posting: Posting, held: tuple[BooksDocument, ...]) -> Delivered:
    ours = [document for document in held if marked_hash(document.note) == posting.content_hash[:16]]
    if not ours:
        return _conflict(run, posting, held[0], say.number_of_another(posting, held))
    if len(ours) > 1:
        return _conflict(run, posting, ours[0], say.posted_twice(posting, ours))
    found = run.differences(posting, ours[0])
    if found:
        return _conflict(run, posting, ours[0], say.changed(posting, ours[0], found))
    shared = (say.number_shared(posting, held),) if len(held) > 1 else ()
    adopted = run.save(_posted(posting, ours[0], posting.intuit_tid), "found in the books", posting)
    return Delivered(adopted, How.ADOPTED, ours[0], shared)


def _about_to_send(run: PostingRun, posting: Posting) -> Posting:
    sending = replace(posting, state=PostingState.SENDING, sent_at=run.clock.now(), attempts=posting.attempts + 1)
    return run.save(sending, "sending", posting)


def _after(run: PostingRun, posting: Posting, reply: Reply) -> tuple[Posting, Delivered | None]:
    """Commit what a reply says; the posting to go on with, and what came of it where that is decided."""
    if reply.outcome is Outcome.APPLIED and reply.document is not None:
        return _confirm(run, posting, reply.document)
    if reply.outcome is Outcome.APPLIED:
        return _received_before(run, posting)
    if reply.outcome is Outcome.UNKNOWN:
        return posting, None
    finding = _about(posting, reply)
    if reply.outcome in {Outcome.WAIT, Outcome.SIGN_IN}:
        run.save(replace(posting, state=PostingState.PLANNED, reason=finding.what, sent_at=None), "not sent", posting)
        raise BooksUnavailable(reply.outcome, finding)
    if reply.outcome is Outcome.CONFLICT:
        found = _ask(run, posting)
        if found is not None:
            return found.posting, found
    refused = PostingState.CONFLICT if reply.outcome is Outcome.CONFLICT else PostingState.REJECTED
    ended = replace(posting, state=refused, reason=finding.what, intuit_tid=reply.intuit_tid)
    run.save(ended, "refused by the books", posting)
    return ended, Delivered(ended, How.REFUSED, findings=(finding,))


def _confirm(run: PostingRun, posting: Posting, echo: BooksDocument) -> tuple[Posting, Delivered | None]:
    """Compare what the books hold with what was sent, to the minor unit, line by line: read by its id.

    An id that leads to nothing is the answer to an earlier request, played again, whose document was deleted
    since: the posting goes on under a request id of its own.
    """
    held = run.books.read(posting.key.entity, echo.id)
    if held is None:
        fresh = next_generation(posting, "the books answered with a document that is deleted")
        return run.save(fresh, "planned anew", posting), None
    found = run.differences(posting, held)
    if found:
        done = _conflict(run, posting, held, say.changed(posting, held, found))
        return done.posting, done
    if posting.attempts > 1:
        twice = run.books.find(posting.key.entity, posting.key.doc_number)
        if len(twice) > 1:
            done = _judge(run, posting, twice)
            return done.posting, done
    posted = run.save(_posted(posting, held, echo.intuit_tid), "posted", posting)
    return posted, Delivered(posted, How.CREATED, held)


def _received_before(run: PostingRun, posting: Posting) -> tuple[Posting, Delivered | None]:
    """The books know the request id already: the document is there, or was and is gone, and the id is used up."""
    found = _ask(run, posting)
    if found is not None:
        return found.posting, found
    fresh = next_generation(posting, "the books know the request already, and hold no such document")
    return run.save(fresh, "planned anew", posting), None


def _posted(posting: Posting, held: BooksDocument, intuit_tid: str) -> Posting:
    return replace(
        posting,
        state=PostingState.POSTED,
        quickbooks_id=held.id,
        sync_token=held.sync_token,
        reason="",
        intuit_tid=intuit_tid,
    )


def _conflict(run: PostingRun, posting: Posting, held: BooksDocument, finding: Finding) -> Delivered:
    ended = replace(posting, state=PostingState.CONFLICT, quickbooks_id=held.id, reason=finding.what)
    return Delivered(run.save(ended, "left to a person", posting), How.REFUSED, held, (finding,))


def _about(posting: Posting, reply: Reply) -> Finding:
    assert reply.finding is not None, "every reply but an applied one says why"
    return replace(reply.finding, subject=posting.subject)
