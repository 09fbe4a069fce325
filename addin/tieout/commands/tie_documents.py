"""Reads back what QuickBooks holds of a settlement that was posted by orders, and ties it out as journals are.

Documents are asked for by their numbers, a query for each kind and thousand, so that one that somebody entered a
second time is found too; what a query does not find is asked for by its id, since a query can lag behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tieout.commands.post_settlements import PostedSettlement, tied
from tieout.commands.posting_report import PostedJournal
from tieout.commands.progress import Progressed, silent
from tieout.commands.review_settlements import Review
from tieout.domain.books import BooksDocument, differences
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingState
from tieout.domain.sale import SaleKind
from tieout.ports import Books, BooksUnavailable
from tieout.reconcile.held_effect import as_held, held_effect
from tieout.reconcile.tie_out import DocumentTie, TieOut, tie_out
from tieout.rules.ledger_effect import journals_proved
from tieout.rules.match import Match

_FIRST_VERSION = "0"
_SETTLES, _INVOICE = "settles", f"{SaleKind.INVOICE.value} "
# Kinds that no number can be asked for by.
_UNNUMBERED = frozenset({"Transfer"})
_CHANGES_TOLD_MAX = 3


def tied_by_method(
    reviews: Sequence[Review],
    rows: Sequence[PostedJournal],
    books: Books,
    progressed: Progressed = silent,
    *,
    with_invoices: bool = False,
) -> tuple[tuple[PostedSettlement, ...], tuple[Finding, ...]]:
    """Each settlement with what QuickBooks holds of it, read back now, whatever its method; what can't be read.

    `with_invoices`: the invoices that its payments pay are read back too.
    """
    by_orders = [review for review in reviews if review.orders is not None]
    ids = {review.settlement.settlement_id for review in by_orders}
    summaries = [row for row in rows if row.journal.settlement_id not in ids]
    others, unread = tied([one for one in reviews if one.orders is None], summaries, books, progressed)
    found = {one.review.settlement.settlement_id: one for one in others}
    findings = list(unread)
    own = {each: tuple(row for row in rows if row.journal.settlement_id == each) for each in ids}
    reading: _Reading | None = None
    if any(row.is_posted for its in own.values() for row in its):
        progressed("Reading QuickBooks back", len(others), len(reviews))
        try:
            reading = _Reading.of(books, [row for its in own.values() for row in its], with_invoices=with_invoices)
        except BooksUnavailable as unavailable:
            findings.append(unavailable.finding)
    for review in by_orders:
        subject = review.settlement.settlement_id
        found[subject] = PostedSettlement.of(review, own[subject], _tie(review, own[subject], reading))
    return tuple(found[one.settlement.settlement_id] for one in reviews), tuple(dict.fromkeys(findings))


def _tie(review: Review, rows: tuple[PostedJournal, ...], reading: "_Reading | None") -> TieOut:
    """What is compared is what was sent: on the day then, with what orders' own documents brought before."""
    journals = tuple(row.journal for row in rows) or review.draft.journals
    own = journals_proved(journals, review.orders)[len(journals) :]
    if reading is None or not any(row.is_posted for row in rows):
        return tie_out(review.settlement, replace(review.draft, journals=(*journals, *own)))
    held: list[BooksDocument] = [as_held(each) for each in own]
    changes: list[DocumentTie] = []
    sent = []
    matches = {one.posted.doc_number: one for one in review.orders.matches if one.posted} if review.orders else {}
    for row in rows:
        its = reading.of_row(row)
        sent.append(replace(row.journal, day=its.day) if its.day else row.journal)
        held += its.documents
        told = (*its.told, *reading.invoices_changed(row, matches))
        changes += [DocumentTie(row.journal.doc_number, each) for each in told]
    return tie_out(review.settlement, replace(review.draft, journals=(*sent, *own)), held, changes=changes)


@dataclass(frozen=True, slots=True)
class _Held:
    """What the books hold of one document: double entries, the day it was sent for, and how it differs."""

    documents: tuple[BooksDocument, ...] = ()
    day: date | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read back of some documents."""

    books: Books
    home_currency: str
    names: Mapping[str, str]
    by_id: Mapping[tuple[str, str], BooksDocument]
    by_number: Mapping[tuple[str, str], tuple[BooksDocument, ...]]
    invoices: Mapping[str, BooksDocument] | None = field(default=None)

    @classmethod
    def of(cls, books: Books, rows: Sequence[PostedJournal], *, with_invoices: bool) -> "_Reading":
        """Ask the books; BooksUnavailable."""
        names = {account.id: account.full_name for account in books.accounts()}
        home = books.preferences().home_currency
        reading = cls(books, home, names, *_read(books, [row for row in rows if row.posting is not None]))
        if not with_invoices:
            return reading
        ids = sorted({each for row in rows for each, _ in reading.links(row)}, key=int)
        return replace(reading, invoices=books.read_many(SaleKind.INVOICE.value, ids) if ids else {})

    def of_row(self, row: PostedJournal) -> _Held:
        """What the books hold of a document now; nothing of one that is not there."""
        posting = _posted(row)
        if posting is None:
            return _Held((as_held(row.journal),)) if not row.journal.posted_lines else _Held()
        entity, number = posting.key.entity, posting.key.doc_number
        sent = self.books.as_sent(entity, posting.body, self.home_currency)
        held = self.by_id.get((entity, posting.quickbooks_id))
        again = [each for each in self.by_number.get((entity, number), ()) if each.id != posting.quickbooks_id]
        told = [f"QuickBooks has another {entity} under its number (id {each.id})" for each in again]
        documents = [held_effect(row.journal, sent, each, self.names) for each in again]
        if held is None:
            return _Held(tuple(documents), sent.day, tuple(told))
        untouched = held.sync_token == (posting.sync_token or _FIRST_VERSION)
        found = differences(sent, held, self.names, untouched=untouched)
        if found:
            documents.insert(0, replace(held_effect(row.journal, sent, held, self.names), doc_number=number))
            more = [f"and {len(found) - _CHANGES_TOLD_MAX} more"] if len(found) > _CHANGES_TOLD_MAX else []
            told.insert(0, "; ".join([*found[:_CHANGES_TOLD_MAX], *more]))
        else:
            documents.insert(0, replace(as_held(row.journal), day=held.day))
        return _Held(tuple(documents), sent.day, tuple(told))

    def links(self, row: PostedJournal) -> Iterator[tuple[str, str]]:
        """The ids of the invoices that a payment was sent to pay, and the amounts."""
        posting = _posted(row)
        if posting is None or posting.key.entity != "Payment":
            return
        for line in self.books.as_sent("Payment", posting.body, self.home_currency).lines:
            if line.description == _SETTLES and line.account_id.startswith(_INVOICE):
                yield line.account_id.removeprefix(_INVOICE), line.amount.decimal

    def invoices_changed(self, row: PostedJournal, matches: Mapping[str, Match]) -> Iterator[str]:
        """The invoices that a payment pays and that are gone, or come to something else than they did."""
        if self.invoices is None:
            return
        for quickbooks_id, amount in self.links(row):
            held = self.invoices.get(quickbooks_id)
            if held is None:
                yield f"an invoice that it pays {amount} of is not there (id {quickbooks_id})"
                continue
            match = matches.get(held.doc_number)
            if match is not None and match.posted is not None and match.posted.total != held.total:
                yield f"invoice {held.doc_number}, which it pays, comes to {held.total}, not {match.posted.total}"


def _posted(row: PostedJournal) -> Posting | None:
    posting = row.posting
    return posting if posting is not None and posting.state is PostingState.POSTED and posting.body else None


def _read(
    books: Books, rows: Sequence[PostedJournal]
) -> tuple[Mapping[tuple[str, str], BooksDocument], Mapping[tuple[str, str], tuple[BooksDocument, ...]]]:
    """Documents by kind and id, and all of them by kind and number."""
    by_id = {(row.held.entity, row.held.id): row.held for row in rows if row.held is not None}
    by_number: dict[tuple[str, str], tuple[BooksDocument, ...]] = {}
    postings = [posting for row in rows if (posting := _posted(row)) is not None]
    for entity in dict.fromkeys(posting.key.entity for posting in postings):
        of_kind = [one for one in postings if one.key.entity == entity]
        asked = [one for one in of_kind if (entity, one.quickbooks_id) not in by_id]
        if asked and entity in _UNNUMBERED:
            found = books.read_many(entity, [one.quickbooks_id for one in asked])
            by_id |= {(entity, each): document for each, document in found.items()}
        elif asked:
            for number, documents in books.find_many(entity, [one.key.doc_number for one in asked]).items():
                by_number[entity, number] = documents
                by_id |= {(entity, document.id): document for document in documents}
        for one in asked:
            if (entity, one.quickbooks_id) not in by_id:
                document = books.read(entity, one.quickbooks_id)
                by_id |= {(entity, one.quickbooks_id): document} if document is not None else {}
    return by_id, by_number
