"""Settlement files into the books: review, keep the documents, post what is ready, read back, tie out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tieout.commands.mapping_source import MappingSource
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_journals import post_journals
from tieout.commands.posting_report import PostedJournal, PostingReport
from tieout.commands.progress import Progressed, silent
from tieout.commands.review_settlements import Review, Reviews, review_settlements
from tieout.commands.sent_journals import sent_journal, with_drafted_names
from tieout.commands.tie_findings import differs_in_quickbooks, posted_before
from tieout.domain.account import Chart
from tieout.domain.books import BooksDocument
from tieout.domain.company import Company
from tieout.domain.content import content_hash
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.posting import PostingState
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.ports import Books, BooksUnavailable, Clock, Documents, Outbox, StoreUnwritable
from tieout.reconcile.tie_out import TieOut, tie_out
from tieout.rules.draft_settlement import SettlementDraft

POSTED, BLOCKED = "Posted", "Blocked"


class Settlements(Protocol):
    """The settlements that the company knows."""

    def record(self, settlement: Settlement) -> Finding | None:
        """Know a settlement; the alarm if its id is known with other content."""
        ...

    def set_state(self, settlement_id: str, state: str) -> None:
        """Note where it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What posting for one company needs: its books, and where its work is kept."""

    company: Company
    books: Books
    documents: Documents
    settlements: Settlements
    outbox: Outbox
    clock: Clock
    who: str


@dataclass(frozen=True, slots=True)
class PostedSettlement:
    """A settlement after posting: where it stands, its journals in the books, and whether all of it ties out."""

    review: Review
    state: str
    journals: tuple[PostedJournal, ...]
    tie: TieOut

    @classmethod
    def of(cls, review: Review, rows: tuple[PostedJournal, ...], tie: TieOut) -> "PostedSettlement":
        """Posted where all of it is in the books as it was sent; Blocked else."""
        complete = bool(rows) and all(row.is_posted for row in rows)
        return cls(review, POSTED if complete and tie.as_posted else BLOCKED, rows, tie)

    @property
    def differs(self) -> bool:
        """Whether all of it was posted, and the books hold something else now."""
        all_posted = bool(self.journals) and all(row.is_posted for row in self.journals)
        return all_posted and self.tie.quickbooks_total is not None and not self.tie.as_posted

    @property
    def draft(self) -> SettlementDraft:
        """The draft, its journals under the numbers they stand under in the books (a reversal gives new ones)."""
        journals = tuple(row.journal for row in self.journals)
        return replace(self.review.draft, journals=journals) if journals else self.review.draft

    @property
    def quickbooks_ids(self) -> dict[str, str]:
        """The id in QuickBooks of each journal that is there, by the number it stands under."""
        return {row.journal.doc_number: row.quickbooks_id for row in self.journals if row.quickbooks_id}


@dataclass(frozen=True, slots=True)
class PostedSettlements:
    """What a run came to, settlement by settlement, with every finding and the report of the posting itself."""

    settlements: tuple[PostedSettlement, ...]
    findings: tuple[Finding, ...]
    report: PostingReport


def post_settlements(
    documents: Sequence[Document],
    desk: Desk,
    *,
    mappings: MappingSource,
    chart: Chart,
    settings: SettlementSettings,
    country: str = "",
    create_accounts: bool = False,
    closed_period: ClosedPeriod = ClosedPeriod.WAIT,
    progressed: Progressed = silent,
) -> PostedSettlements:
    """Post every settlement in `documents` that is ready; each once, however often this is called.

    A settlement that is not ready stays out whole, with its findings. Nothing is raised for what a user,
    QuickBooks or the network does.
    """
    reviewed = review_settlements(
        documents, mappings=mappings, settings=settings, country=country, progressed=progressed
    )
    try:
        reviews = kept(documents, reviewed, desk)
    except StoreUnwritable as stopped:
        return nothing_posted(reviewed, stopped.finding)
    return post_reviewed(
        reviews,
        desk,
        chart=chart,
        create_accounts=create_accounts,
        closed_period=closed_period,
        progressed=progressed,
    )


def post_reviewed(
    reviews: Reviews,
    desk: Desk,
    *,
    chart: Chart,
    create_accounts: bool = False,
    ticked_accounts: frozenset[str] = frozenset(),
    closed_period: ClosedPeriod = ClosedPeriod.WAIT,
    progressed: Progressed = silent,
) -> PostedSettlements:
    """Post what is ready of settlements whose documents are kept, read it back and tie it out."""
    ready = [review for review in reviews.reviews if review.ready]
    report = post_journals(
        [journal for review in ready for journal in review.draft.journals],
        books=desk.books,
        outbox=desk.outbox,
        chart=_with_named_accounts(chart, ready),
        clock=desk.clock,
        company=desk.company,
        who=desk.who,
        create_accounts=create_accounts,
        ticked_accounts=ticked_accounts,
        closed_period=closed_period,
        progressed=progressed,
    )
    settlements, unread = tied(reviews.reviews, report.journals, desk.books, progressed)
    findings = [*reviews.findings, *report.findings, *unread]
    findings += [differs_in_quickbooks(posted.tie) for posted in settlements if posted.differs]
    try:
        findings += _noted(settlements, desk)
    except StoreUnwritable as stopped:
        findings.append(stopped.finding)
    return PostedSettlements(settlements, tuple(dict.fromkeys(findings)), report)


def _noted(settlements: Sequence[PostedSettlement], desk: Desk) -> list[Finding]:
    """Note where each settlement stands; one that was posted before and is blocked now stays posted, and is told."""
    findings = []
    for posted in settlements:
        settlement_id = posted.review.settlement.settlement_id
        standing = () if posted.journals else _standing(desk, settlement_id)
        if standing:
            findings.append(posted_before(settlement_id, standing))
        else:
            desk.settlements.set_state(settlement_id, posted.state)
    return findings


def _standing(desk: Desk, settlement_id: str) -> tuple[str, ...]:
    """The numbers of a settlement's journals that stand in the books by our outbox; reversals are not counted."""
    postings = desk.outbox.of_subject(desk.books.realm_id, settlement_id)
    posted = [posting for posting in postings if posting.state is PostingState.POSTED]
    drafts = {posting.key.doc_number: desk.outbox.draft(posting.content_hash) for posting in posted}
    return tuple(number for number, draft in drafts.items() if draft is None or not draft.reverses)


def kept(documents: Sequence[Document], reviewed: Reviews, desk: Desk) -> Reviews:
    """Keep the raw documents; a settlement known with other content is blocked by the alarm (rule 5)."""
    by_hash = {document.sha256: document for document in documents}
    reviews, alarms = [], []
    for review in reviewed.reviews:
        desk.documents.put(by_hash[review.settlement.origin.sha256])
        alarm = desk.settlements.record(review.settlement)
        if alarm is not None:
            alarms.append(alarm)
            review = replace(review, findings=(*review.findings, alarm))  # noqa: PLW2901
        reviews.append(review)
    return Reviews(tuple(reviews), (*reviewed.findings, *alarms))


def _with_named_accounts(chart: Chart, reviews: Sequence[Review]) -> Chart:
    """The chart with the accounts that a user's mapping rows name beside it."""
    named = {account.name: account for review in reviews for account in review.draft.accounts}
    known = {account.name for account in chart.accounts}
    return replace(chart, accounts=(*chart.accounts, *(a for name, a in named.items() if name not in known)))


def tied(
    reviews: Sequence[Review], journals: Sequence[PostedJournal], books: Books, progressed: Progressed = silent
) -> tuple[tuple[PostedSettlement, ...], tuple[Finding, ...]]:
    """Each settlement with what QuickBooks holds of its journals, read back now; what could not be read is said."""
    by_settlement: dict[str, list[PostedJournal]] = {}
    for row in journals:
        by_settlement.setdefault(row.journal.settlement_id, []).append(row)
    names: Mapping[str, str] | None = None
    settlements: list[PostedSettlement] = []
    findings: list[Finding] = []
    for number, review in enumerate(reviews):
        progressed("Reading QuickBooks back", number, len(reviews))
        rows = tuple(by_settlement.get(review.settlement.settlement_id, ()))
        held: tuple[BooksDocument, ...] | None = None
        if any(row.is_posted for row in rows) and not any(_of_other_content(row) for row in rows):
            try:
                if names is None:
                    names = {account.id: account.full_name for account in books.accounts()}
                held = _held(rows, books)
            except BooksUnavailable as unavailable:
                findings.append(unavailable.finding)
        # What is compared is what was sent: under its own number after an undo, on the day and to the accounts then.
        sent = [sent_journal(row, books) for row in rows]
        as_sent = replace(review.draft, journals=tuple(each.journal for each in sent)) if sent else review.draft
        held = None if held is None else with_drafted_names(held, sent, names or {})
        tie = tie_out(review.settlement, as_sent, held)
        settlements.append(PostedSettlement.of(review, rows, tie))
    return tuple(settlements), tuple(findings)


def _of_other_content(row: PostedJournal) -> bool:
    """Whether the books hold, by our outbox, something else under its number, with which it can't be compared."""
    posting = row.posting
    if posting is None or posting.state is not PostingState.POSTED:
        return False
    return posting.content_hash != content_hash(row.journal)


def _held(rows: Sequence[PostedJournal], books: Books) -> tuple[BooksDocument, ...]:
    """What QuickBooks holds of the journals that have something to post: as just read back, or asked for now."""
    held: list[BooksDocument] = []
    for row in rows:
        if row.held is not None:
            held.append(row.held)
        elif row.journal.posted_lines:
            held.extend(books.find("JournalEntry", row.journal.doc_number))
    return tuple(held)


def nothing_posted(reviewed: Reviews, finding: Finding) -> PostedSettlements:
    """Settlements of which nothing was posted, for one reason."""
    settlements = tuple(
        PostedSettlement(review, BLOCKED, (), tie_out(review.settlement, review.draft)) for review in reviewed.reviews
    )
    return PostedSettlements(settlements, (*reviewed.findings, finding), PostingReport(()))
