"""What the books hold under our numbers, judged: ours and unchanged, ours and changed, there twice, or another's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tieout.commands import posting_findings as say
from tieout.commands.posting_run import Change, Delivered, How, PostingRun
from tieout.domain.books import BooksDocument
from tieout.domain.content import is_same_content
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingState
from tieout.domain.private_note import marked_hash


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about a posting, and how the log calls it; nothing of it is committed yet."""

    delivered: Delivered
    what: str
    before: Posting


def commit(run: PostingRun, decisions: Sequence[Decision]) -> list[Delivered]:
    """Commit what was decided, in one transaction."""
    run.save_all([Change(each.delivered.posting, each.what, each.before) for each in decisions])
    return [each.delivered for each in decisions]


def ask(run: PostingRun, postings: Sequence[Posting]) -> tuple[list[Delivered], list[Posting]]:
    """What the books hold under the numbers of some postings of one kind: what is decided by that, and committed;
    and the postings of which there is nothing, and nothing more can come.
    """
    if not postings:
        return [], []
    held = find(run, postings)
    # What was sent and is not there may come yet, until its time has passed.
    open_still = [each for each in postings if not held[each.key.doc_number] and each.sent_at is not None]
    waited = [run.wait_until_settled(each) for each in open_still]
    if any(waited):
        held = {**held, **find(run, open_still)}
    decisions = [judge(run, each, found) for each in postings if (found := held[each.key.doc_number])]
    return commit(run, decisions), [each for each in postings if not held[each.key.doc_number]]


def find(run: PostingRun, postings: Sequence[Posting]) -> dict[str, tuple[BooksDocument, ...]]:
    """The documents of the books by the numbers of some postings of one kind."""
    (entity,) = {each.key.entity for each in postings}
    return dict(run.books.find_many(entity, [each.key.doc_number for each in postings]))


def judge(run: PostingRun, posting: Posting, held: tuple[BooksDocument, ...]) -> Decision:
    """What to think of the documents that stand under a posting's number; there is one at least."""
    ours = [document for document in held if is_same_content(marked_hash(document.note), posting.content_hash)]
    if not ours:
        return conflict(posting, held[0], say.number_of_another(posting, held))
    if len(ours) > 1:
        return conflict(posting, ours[0], say.posted_twice(posting, ours))
    found = run.differences(posting, ours[0])
    if found:
        return conflict(posting, ours[0], say.changed(posting, ours[0], found))
    shared = (say.number_shared(posting, held),) if len(held) > 1 else ()
    adopted = as_posted(posting, ours[0], posting.intuit_tid)
    return Decision(Delivered(adopted, How.ADOPTED, ours[0], shared), "found in the books", posting)


def conflict(posting: Posting, held: BooksDocument, finding: Finding) -> Decision:
    """That a person has to look at it."""
    ended = replace(posting, state=PostingState.CONFLICT, quickbooks_id=held.id, reason=finding.what)
    return Decision(Delivered(ended, How.REFUSED, held, (finding,)), "left to a person", posting)


def as_posted(posting: Posting, held: BooksDocument, intuit_tid: str) -> Posting:
    """The posting of a document that the books hold."""
    return replace(
        posting,
        state=PostingState.POSTED,
        quickbooks_id=held.id,
        sync_token=held.sync_token,
        reason="",
        intuit_tid=intuit_tid,
    )
