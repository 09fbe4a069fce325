"""Rebuild: with the store lost, or an old copy of it put back, what was posted is found in the books again.

Every document of ours bears a mark in its private note (`domain/private_note.py`). Documents with it are looked for
in every kind of document, and become postings again, so that Undo works, nothing is posted twice, and what was
reversed is known as reversed. Where the note's seal says that nobody changed a document since it was posted, it
counts as posted as it was drafted; any other is compared with its draft when it is posted again, and Undo leaves it.
Amazon's files have to be imported again: the books do not hold them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tieout.commands import rebuild_findings as say
from tieout.commands.found_journals import Places, found_journal
from tieout.commands.numbers import is_usable
from tieout.commands.posting_run import Change, PostingRun, request_id
from tieout.commands.preflight import wrong_company
from tieout.commands.progress import Progressed, silent
from tieout.domain.books import BooksAccount, BooksDocument, BooksLine, FoundDocument, differences, is_sealed
from tieout.domain.company import Company
from tieout.domain.content import content_hash, is_same_content
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.domain.private_note import MARKED, marked_hash, read_note
from tieout.ports import (
    AnotherWriter,
    Books,
    BooksUnavailable,
    Clock,
    Outbox,
    StoreUnwritable,
    Writer,
)

# Every kind of document that may be ours.
KINDS = (
    *("JournalEntry", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment", "Transfer"),
    *("Purchase", "Bill", "VendorCredit", "BillPayment"),
)
# What the memo of an older note says of the settlement or order it is for; and any of the document it takes back.
_SUBJECTS = (
    re.compile(r"\bsettlement (\w[^\s,;\]]*)"),
    re.compile(r"\bAmazon order (\w[^\s,;\]]*)"),
)
_TAKES_BACK = re.compile(r"(?:Reverses|Takes back (?:[A-Za-z]+)) ([A-Z0-9-]{1,21})\.", re.ASCII)


@dataclass(slots=True)
class RebuildReport:
    """How many documents of each kind were restored, how many were known, and what there is to say."""

    restored: dict[str, int] = field(default_factory=dict)
    known: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether nothing is left for a person to decide."""
        return not any(finding.stops for finding in self.findings)


def rebuild(
    *,
    books: Books,
    outbox: Outbox,
    clock: Clock,
    company: Company,
    who: str,
    since: date | None = None,
    until: date | None = None,
    progressed: Progressed = silent,
) -> RebuildReport:
    """Find what was posted, dated between two days, and restore what the store does not know.

    What it does know stays, except that it learns of documents which the books took and it never heard of. Nothing is
    raised for what a user, QuickBooks or the network does.
    """
    report = RebuildReport()
    wrong = wrong_company(company, books, outbox)
    if wrong is not None:
        report.findings.append(wrong)
        return report
    try:
        with outbox.writer(who) as writer:
            _Rebuilding(books, outbox, writer, clock, who, report, progressed).restore(since, until)
    except (BooksUnavailable, AnotherWriter, StoreUnwritable) as stopped:
        report.findings.append(stopped.finding)
    return report


@dataclass(slots=True)
class _Rebuilding:
    books: Books
    outbox: Outbox
    writer: Writer
    clock: Clock
    who: str
    report: RebuildReport
    progressed: Progressed
    _subjects: dict[PostingKey, str] = field(default_factory=dict)

    def restore(self, since: date | None, until: date | None) -> None:
        """Look through every kind of document; each kind is committed as a whole."""
        accounts = self.books.accounts()
        run = PostingRun(
            books=self.books,
            outbox=self.outbox,
            writer=self.writer,
            clock=self.clock,
            who=self.who,
            home_currency=self.books.preferences().home_currency,
            account_names={account.id: account.full_name for account in accounts},
            progressed=self.progressed,
        )
        found: dict[PostingKey, FoundDocument] = {}
        for number, entity in enumerate(KINDS):
            self.progressed("Looking through QuickBooks", number, len(KINDS))
            found |= self._each_once(entity, self.books.ours(entity, since, until))
        taken_back = _taken_back(found)
        self._subjects = _subjects(found, taken_back)
        lines = list(_lines(found))
        places = Places(
            self.books.classes() if any(line.class_id for line in lines) else {},
            self.books.locations() if any(line.location_id for line in lines) else {},
        )
        for entity in KINDS:
            of_kind = {key: each for key, each in found.items() if key.entity == entity}
            changes = list(self._changes(run, of_kind, taken_back, accounts, places))
            run.save_all(changes)
            if changes:
                self.report.restored[entity] = len(changes)
        if since is None and until is None:
            posted = self.outbox.of_kinds(self.books.realm_id, KINDS, (PostingState.POSTED,))
            self.report.findings += [say.posted_not_found(each) for each in posted if each.key not in found]

    def _each_once(self, entity: str, documents: Sequence[FoundDocument]) -> dict[PostingKey, FoundDocument]:
        by_key: dict[PostingKey, list[FoundDocument]] = {}
        for each in documents:
            number = _posted_as(each.document)
            if is_usable(number):
                by_key.setdefault(PostingKey(self.books.realm_id, entity, number), []).append(each)
            if number != each.document.doc_number or not is_usable(number):
                self.report.findings.append(say.found_without_number(each.document, number))
        twice = {key: several for key, several in by_key.items() if len(several) > 1}
        self.report.findings += [
            say.found_twice(key, [each.document for each in several]) for key, several in twice.items()
        ]
        return {key: each[0] for key, each in by_key.items() if key not in twice}

    def _changes(
        self,
        run: PostingRun,
        found: Mapping[PostingKey, FoundDocument],
        taken_back: Mapping[PostingKey, str],
        accounts: Sequence[BooksAccount],
        places: Places,
    ) -> Iterator[Change]:
        """The postings to be committed, of one kind; the drafts of journals are kept on the way."""
        known = self.outbox.get_many(list(found))
        for key, each in found.items():
            before = known.get(key)
            if before is not None and self._is_known(before, each.document, taken_back):
                self.report.known += 1
                continue
            posting = self._restored(run, key, each, accounts, places)
            problem = self._problem(run, posting, before, each.document)
            if problem is not None:
                self.report.findings.append(problem)
                continue
            if before is not None and _is_same(before, posting):
                posting = replace(posting, content_hash=before.content_hash, body=before.body)
            if key in taken_back:
                posting = replace(posting, state=PostingState.UNDONE, reversed_by=taken_back[key])
            yield Change(posting, "restored from the books", before)

    def _problem(
        self, run: PostingRun, posting: Posting, before: Posting | None, document: BooksDocument
    ) -> Finding | None:
        """Why a document can't be restored; None where it can."""
        if before is not None and _is_same(before, posting):
            as_known = replace(posting, content_hash=before.content_hash, body=before.body)
            return say.found_changed(before, document) if run.differences(as_known, document) else None
        if before is not None and before.state is not PostingState.UNDONE:
            return say.found_changed(before, document)
        numbered = replace(document, doc_number=posting.key.doc_number)
        odd = differences(run.sent(posting), numbered, run.account_names, untouched=True)
        return say.not_restored(posting.key, document, odd) if odd else None

    def _is_known(self, posting: Posting, document: BooksDocument, taken_back: Mapping[PostingKey, str]) -> bool:
        """Whether the store knows where a document stands."""
        if posting.key in taken_back:
            return posting.reversed_by == taken_back[posting.key]
        return posting.state is PostingState.POSTED and posting.quickbooks_id == document.id

    def _restored(
        self,
        run: PostingRun,
        key: PostingKey,
        found: FoundDocument,
        accounts: Sequence[BooksAccount],
        places: Places,
    ) -> Posting:
        """The posting of a document: by the whole hash of its content where its seal, or its lines, prove it."""
        document = found.document
        restored = Posting(
            key=key,
            state=PostingState.POSTED,
            content_hash=marked_hash(document.note)[:MARKED],
            request_id="",
            body=found.body,
            quickbooks_id=document.id,
            sync_token=document.sync_token,
            subject=self._subjects[key],
        )
        hashed = restored.content_hash
        if is_sealed(run.sent(restored)):
            hashed = marked_hash(document.note)
        journal = found_journal(document, accounts, places) if key.entity == "JournalEntry" else None
        if journal is not None:
            hashed = content_hash(journal)
            self.writer.keep_draft(journal, hashed)
        asked = request_id(key, f"found {document.id}", hashed, 0)
        return replace(restored, content_hash=hashed, request_id=asked)


def _is_same(before: Posting, found: Posting) -> bool:
    """Whether the store knows the content of a document that was found, and its bytes."""
    return bool(before.body) and is_same_content(found.content_hash, before.content_hash)


def _posted_as(document: BooksDocument) -> str:
    """The number that a document was posted under: its note tells it; its own may have been changed since."""
    note = read_note(document.note)
    return note.number if note is not None and note.number else document.doc_number


def _lines(found: Mapping[PostingKey, FoundDocument]) -> Iterator[BooksLine]:
    for each in found.values():
        yield from each.document.lines


def _taken_back(found: Mapping[PostingKey, FoundDocument]) -> dict[PostingKey, str]:
    """The documents that another one takes back, with its number."""
    by_number: dict[str, list[PostingKey]] = {}
    for key in found:
        by_number.setdefault(key.doc_number, []).append(key)
    result = {}
    for key, each in found.items():
        told = _TAKES_BACK.match(each.document.note)
        for original in by_number.get(told[1], ()) if told else ():
            if _entity_taken_back(each.document.note) == original.entity:
                result[original] = key.doc_number
    return result


def _entity_taken_back(note: str) -> str:
    """The kind of document that a note says is taken back: journals are reversed, others taken back by name."""
    return note.split(" ", 3)[2] if note.startswith("Takes back ") else "JournalEntry"


def _subjects(
    found: Mapping[PostingKey, FoundDocument], taken_back: Mapping[PostingKey, str]
) -> dict[PostingKey, str]:
    """The settlement or order that each document is for; what takes another back is for the same."""
    subjects = {key: _subject(each.document) for key, each in found.items()}
    for original, number in taken_back.items():
        for key in found:
            if key.doc_number == number:
                subjects[key] = subjects[original]
    return subjects


def _subject(document: BooksDocument) -> str:
    """The settlement or order that a document is for, as its note says; its own number where that does not say."""
    note = read_note(document.note)
    if note is not None and note.subject:
        return note.subject
    for pattern in _SUBJECTS:
        told = pattern.search(document.note)
        if told:
            return told[1]
    return document.doc_number
