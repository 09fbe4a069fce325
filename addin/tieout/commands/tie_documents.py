"""Reads back what QuickBooks holds of a settlement that was posted by orders, and ties it out as journals are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.commands.post_settlements import BLOCKED, POSTED, PostedSettlement, tied
from tieout.commands.posting_report import PostedJournal
from tieout.commands.progress import Progressed, silent
from tieout.commands.review_settlements import Review
from tieout.domain.books import BooksDocument, BooksLine, differences
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.posting import PostingState
from tieout.ports import Books, BooksUnavailable
from tieout.reconcile.tie_out import tie_out

_FIRST_VERSION = "0"


def tied_by_method(
    reviews: Sequence[Review], rows: Sequence[PostedJournal], books: Books, progressed: Progressed = silent
) -> tuple[tuple[PostedSettlement, ...], tuple[Finding, ...]]:
    """Each settlement with what QuickBooks holds of it, read back now, whatever its method; what can't be read."""
    of_orders = {review.settlement.settlement_id for review in reviews if review.orders is not None}
    summaries = [row for row in rows if row.journal.settlement_id not in of_orders]
    others, unread = tied([one for one in reviews if one.orders is None], summaries, books, progressed)
    found = {one.review.settlement.settlement_id: one for one in others}
    findings = list(unread)
    by_orders = [one for one in reviews if one.orders is not None]
    reading: _Reading | None = None
    for number, review in enumerate(by_orders):
        progressed("Reading QuickBooks back", number, len(by_orders))
        subject = review.settlement.settlement_id
        own = tuple(row for row in rows if row.journal.settlement_id == subject)
        try:
            reading = reading or _Reading.of(books)
            found[subject] = _tied(review, own, reading.held(own))
        except BooksUnavailable as unavailable:
            findings.append(unavailable.finding)
            found[subject] = _tied(review, own, None)
    return tuple(found[one.settlement.settlement_id] for one in reviews), tuple(dict.fromkeys(findings))


def _tied(
    review: Review, rows: tuple[PostedJournal, ...], held: tuple[BooksDocument, ...] | None
) -> PostedSettlement:
    journals = tuple(row.journal for row in rows)
    as_sent = replace(review.draft, journals=journals) if journals else review.draft
    tie = tie_out(review.settlement, as_sent, held if any(row.is_posted for row in rows) else None)
    complete = bool(rows) and all(row.is_posted for row in rows)
    return PostedSettlement(review, POSTED if complete and tie.ties else BLOCKED, rows, tie)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What reading back needs to know of the books."""

    books: Books
    home_currency: str
    names: Mapping[str, str]

    @classmethod
    def of(cls, books: Books) -> "_Reading":
        """Ask the books; BooksUnavailable."""
        names = {account.id: account.full_name for account in books.accounts()}
        return cls(books, books.preferences().home_currency, names)

    def held(self, rows: Sequence[PostedJournal]) -> tuple[BooksDocument, ...]:
        """The documents that stand as they were sent, as what they do to accounts."""
        return tuple(_as_journal(row.journal) for row in rows if row.journal.posted_lines and self._stands(row))

    def _stands(self, row: PostedJournal) -> bool:
        posting = row.posting
        if posting is None or posting.state is not PostingState.POSTED:
            return False
        held = row.held or self.books.read(posting.key.entity, posting.quickbooks_id)
        if held is None:
            return False
        sent = self.books.as_sent(posting.key.entity, posting.body, self.home_currency)
        untouched = held.sync_token == (posting.sync_token or _FIRST_VERSION)
        return not differences(sent, held, self.names, untouched=untouched)


def _as_journal(journal: Journal) -> BooksDocument:
    return BooksDocument(
        entity="JournalEntry",
        doc_number=journal.doc_number,
        day=journal.day,
        currency=journal.currency,
        total=journal.debits,
        note="",
        lines=tuple(_lines(journal)),
    )


def _lines(journal: Journal) -> Iterator[BooksLine]:
    for line in journal.posted_lines:
        yield BooksLine(line.side, line.amount, line.account, line.description, account_name=line.account)
