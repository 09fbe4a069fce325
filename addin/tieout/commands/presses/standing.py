"""Where a settlement stands: what of it is in QuickBooks by our outbox, and whether the rest may go there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tieout.commands.document_parcels import bundle_numbered_now
from tieout.commands.numbers import as_numbered_now
from tieout.commands.post_settlements import PostedSettlement
from tieout.commands.posting_report import PostedJournal
from tieout.commands.posting_run import How
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import Press
from tieout.commands.review_settlements import Review
from tieout.commands.sale_desk import Bundle
from tieout.commands.take_back_documents import takes_back
from tieout.domain.calendar import local_day
from tieout.domain.draft import entity_of, hash_of, is_empty
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingState
from tieout.ports import Outbox
from tieout.rules.ledger_effect import effects_of
from tieout.sheets.settlement_rows import (
    BLOCKED,
    CHANGED_THERE,
    NEW,
    POSTED,
    POSTING,
    READY,
    UNDONE,
    UNKNOWN,
    ShownSettlement,
    as_posted,
)

_OTHER_CONTENT = "It is posted; its draft has changed since. Undo it and post it again, or put the mapping back."
_IN_PART = "Only part of it is posted. Press Post again: it goes on where it stopped."
_UNKNOWN = "It was sent and not answered. Press Post again: QuickBooks is asked before anything is sent."


@dataclass(frozen=True, slots=True)
class Standing:
    """A reviewed settlement with what of it stands in QuickBooks by the outbox.

    `posted` are the journals as they were posted; `differs` tells that the draft says something else now; `why` is
    None where what the sheet says of it stays; `may_post` that nothing but posting it is left to do.
    """

    review: Review
    state: str
    why: str | None
    posted: tuple[PostedJournal, ...]
    differs: bool
    may_post: bool

    @property
    def settlement_id(self) -> str:
        """Its id."""
        return self.review.settlement.settlement_id

    def shown(self, press: Press, tied: PostedSettlement | None = None) -> ShownSettlement:
        """As the sheets show it; `tied` is what was read back just now."""
        moments = [row.posting.sent_at for row in self.posted if row.posting is not None and row.posting.sent_at]
        return ShownSettlement(
            settlement=self.review.settlement,
            draft=self.review.draft,
            state=self.state,
            why=self.why,
            posted=tuple(row.journal for row in self.posted),
            ids={row.journal.doc_number: row.quickbooks_id for row in self.posted if row.quickbooks_id},
            posted_at=max(moments, default=None),
            tie=tied.tie if tied is not None and self.posted else None,
            site=press.company.books_site,
            orders=self.review.orders,
        )

    def as_posted(self) -> Review:
        """The review with the journals that were posted in the place of those that would be now."""
        journals = [row.journal for row in self.posted]
        return replace(self.review, draft=as_posted(self.review.draft, journals))


def standing(press: Press, choices: Choices, review: Review) -> Standing:
    """Where a settlement stands now."""
    subject = review.settlement.settlement_id
    outbox, realm = press.store.outbox, press.realm_id
    review = _numbered(review, outbox, realm)
    postings = _ours(press, subject) if realm else ()
    posted = _posted(press, postings, review)
    hashes = _hashes(review)
    standing_ = {one.content_hash for one in postings if one.state is PostingState.POSTED}
    complete = bool(standing_) and standing_ == hashes
    left_out = _left_out(choices, review)
    state, why = _state(press, review, postings, complete=complete, left_out=left_out)
    may_post = review.ready and not left_out and not complete
    return Standing(review, state, why, posted, state == POSTED and not complete, may_post)


def _numbered(review: Review, outbox: Outbox, realm: str) -> Review:
    """The review with its documents under the numbers that they post under now."""
    if not realm:
        return review
    if review.orders is None:
        journals = tuple(as_numbered_now(journal, outbox, realm) for journal in review.draft.journals)
        return replace(review, draft=replace(review.draft, journals=journals))
    bundle = Bundle(review.settlement.settlement_id, review.orders.documents)
    documents = bundle_numbered_now(bundle, outbox, realm).documents
    if documents == review.orders.documents:
        return review
    orders = replace(review.orders, documents=documents)
    draft = replace(review.draft, journals=effects_of(orders, review.chart))
    return replace(review, orders=orders, draft=draft)


def _hashes(review: Review) -> frozenset[str]:
    """What of a draft is sent, by its content."""
    documents = review.draft.journals if review.orders is None else review.orders.documents
    return frozenset(hash_of(document) for document in documents if not is_empty(document))


def _ours(press: Press, subject: str) -> tuple[Posting, ...]:
    """The postings of a settlement but for those that take another back."""
    outbox = press.store.outbox
    return tuple(one for one in outbox.of_subject(press.realm_id, subject) if not takes_back(outbox, one))


def _posted(press: Press, postings: Sequence[Posting], review: Review) -> tuple[PostedJournal, ...]:
    """What stands in QuickBooks, as journals; a document whose draft is another now only where it is known still."""
    drafted = {
        (entity_of(document), document.doc_number): hash_of(document)
        for document in (review.draft.journals if review.orders is None else review.orders.documents)
    }
    by_number = {journal.doc_number: journal for journal in review.draft.journals}
    rows = []
    for posting in postings:
        if posting.state is not PostingState.POSTED:
            continue
        journal = by_number.get(posting.key.doc_number)
        if journal is None or drafted.get((posting.key.entity, posting.key.doc_number)) != posting.content_hash:
            journal = press.store.outbox.draft(posting.content_hash)
        if journal is not None:
            rows.append(PostedJournal(replace(journal, doc_number=posting.key.doc_number), How.ALREADY, posting))
    order = {number: place for place, number in enumerate(by_number)}
    return tuple(sorted(rows, key=lambda row: (order.get(row.journal.doc_number, len(order)), row.journal.part)))


def _left_out(choices: Choices, review: Review) -> str:
    """Why settings keep a settlement from being posted; empty where they don't."""
    settlement = review.settlement
    if not choices.settings.marketplace(settlement.marketplace).used:
        return f"The marketplace {settlement.marketplace} is not used (Settings)."
    first = choices.settings.start_date
    if first is not None and local_day(settlement.end, settlement.time_zone) < first:
        return f"It ends before {first.isoformat()}; nothing earlier is posted (Settings, Nothing before)."
    return ""


def _state(
    press: Press,
    review: Review,
    postings: Sequence[Posting],
    *,
    complete: bool,
    left_out: str,
) -> tuple[str, str | None]:
    """The state and why; None where an earlier press said why and nothing has changed since."""
    states = {posting.state for posting in postings}
    known = press.store.settlements.get(review.settlement.settlement_id)
    noted = known.state if known is not None else ""
    if PostingState.SENDING in states:
        return UNKNOWN, _UNKNOWN
    if PostingState.CONFLICT in states:
        reason = next((one.reason for one in postings if one.state is PostingState.CONFLICT), "")
        return CHANGED_THERE, reason or "QuickBooks holds something else under its number; see Exceptions."
    if complete:
        return (CHANGED_THERE, None) if noted == CHANGED_THERE else (POSTED, "")
    parts = {posting.content_hash for posting in postings if posting.state is PostingState.POSTED}
    if parts:
        return (POSTING, _IN_PART) if parts < _hashes(review) else (POSTED, _OTHER_CONTENT)
    stopping = next((finding for finding in review.findings if finding.stops), None)
    if left_out or stopping is not None:
        return BLOCKED, left_out or _told(stopping)
    if not review.draft.journals:
        return BLOCKED, "It has no journal."
    if noted == BLOCKED:
        return BLOCKED, None
    if states == {PostingState.UNDONE}:
        return UNDONE, ""
    return (READY if noted == READY else NEW), ""


def _told(finding: Finding | None) -> str:
    return f"{finding.what} {finding.to_do}" if finding is not None else ""
