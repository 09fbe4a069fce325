"""Undo: takes back what was posted for settlements, where nobody changed it since."""

from collections.abc import Sequence

from tieout.commands import undo_findings as undo
from tieout.commands.numbers import takes_back
from tieout.commands.parcels import Encoder
from tieout.commands.posting_report import PostedJournal, PostingReport
from tieout.commands.posting_run import PostingRun
from tieout.commands.preflight import wrong_company
from tieout.commands.progress import Progressed, silent
from tieout.commands.undoing import take_back
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingState
from tieout.ports import (
    AnotherWriter,
    Books,
    BooksUnavailable,
    Clock,
    JournalNames,
    Outbox,
    StoreUnwritable,
    Writer,
)


def undo_journals(
    settlement_ids: Sequence[str],
    *,
    books: Books,
    outbox: Outbox,
    clock: Clock,
    company: Company,
    who: str,
    progressed: Progressed = silent,
) -> PostingReport:
    """Undo every posted journal of some settlements, the last part first; the report says what became of each.

    Deleted where QuickBooks holds it as it was posted; reversed on the first open day where its period is closed;
    refused, with the difference, where somebody changed it. Nothing is raised for what a user, QuickBooks or the
    network does.
    """
    wrong = wrong_company(company, books, outbox)
    if wrong is not None:
        return PostingReport((), (wrong,))
    rows: list[PostedJournal] = []
    findings: list[Finding] = []
    todo = []
    for subject in dict.fromkeys(settlement_ids):
        posted = _posted(outbox, books.realm_id, subject)
        todo += posted
        findings += [] if posted else [undo.not_posted(subject)]
    if todo:
        try:
            with outbox.writer(who) as writer:
                _undo(todo, books, outbox, clock, who, writer, progressed, rows, findings)
        except (BooksUnavailable, AnotherWriter, StoreUnwritable) as stopped:
            findings.append(stopped.finding)
    return PostingReport(tuple(rows), tuple(dict.fromkeys(findings)))


def _posted(outbox: Outbox, realm_id: str, subject: str) -> list[Posting]:
    """The postings of a settlement that stand, the last part first; what takes another back stays."""
    standing = [
        posting
        for posting in outbox.of_subject(realm_id, subject)
        if posting.state is PostingState.POSTED and not takes_back(outbox, posting)
    ]
    return standing[::-1]


def _undo(
    todo: Sequence[Posting],
    books: Books,
    outbox: Outbox,
    clock: Clock,
    who: str,
    writer: Writer,
    progressed: Progressed,
    rows: list[PostedJournal],
    findings: list[Finding],
) -> None:
    preferences = books.preferences()
    names = {account.id: account.full_name for account in books.accounts()}
    run = PostingRun(books, outbox, writer, clock, who, preferences.home_currency, names, progressed)
    encoder = Encoder(books, preferences, JournalNames({}, {}, {}))
    for number, posting in enumerate(todo):
        progressed("Undoing in QuickBooks", number, len(todo))
        delivered = take_back(run, posting, encoder)
        findings += delivered.findings
        journal = outbox.draft(posting.content_hash)
        if journal is not None:
            rows.append(PostedJournal.of(journal, delivered))
    progressed("Undoing in QuickBooks", len(todo), len(todo))
