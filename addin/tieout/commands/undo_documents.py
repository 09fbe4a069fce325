"""Undo: takes back what was posted for orders, and for settlements by the orders method, in the right order.

Transfers go first, then payments, then what they paid, then everything else of a settlement; an order's invoice goes
only when no payment of ours holds it. Undo and post again leaves the same books.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tieout.commands import undo_findings as undo
from tieout.commands.outbox_view import OutboxView
from tieout.commands.posting_run import How, PostingRun
from tieout.commands.preflight import wrong_company
from tieout.commands.progress import Progressed, silent
from tieout.commands.removal import Removal
from tieout.commands.sale_desk import SaleDesk
from tieout.commands.take_back_documents import is_taking_back_begun, take_back_document, takes_back
from tieout.domain.books import BooksPreferences
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingState
from tieout.ports import AnotherWriter, BooksUnavailable, StoreUnwritable

# What has to go before what: a document that another one points at can't be deleted.
_ORDER = (
    *("Transfer", "Deposit", "Payment", "BillPayment", "RefundReceipt", "CreditMemo", "Bill", "Purchase"),
    *("JournalEntry", "SalesReceipt", "Invoice"),
)


@dataclass(frozen=True, slots=True)
class UndoneDocument:
    """What became of a posting."""

    posting: Posting
    how: How

    @property
    def is_undone(self) -> bool:
        """Whether it is out of the books, or taken back in them."""
        return self.how in {How.UNDONE, How.REVERSED}


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What became of each posting, in the order they were undone in, and every finding."""

    documents: tuple[UndoneDocument, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether all that stood is undone."""
        return all(document.is_undone for document in self.documents)


def undo_documents(subjects: Sequence[str], desk: SaleDesk, progressed: Progressed = silent) -> UndoReport:
    """Undo everything posted for some orders and settlements.

    Deleted where QuickBooks holds it as it was posted; taken back on the first open day where its period is closed;
    refused, with the difference, where somebody changed it. The first of a subject that is refused ends that subject.
    Nothing is raised for what a user, QuickBooks or the network does.
    """
    wrong = wrong_company(desk.company, desk.books, desk.outbox)
    if wrong is not None:
        return UndoReport((), (wrong,))
    desk = replace(desk, outbox=OutboxView(desk.outbox, desk.books.realm_id, subjects))
    rows: list[UndoneDocument] = []
    findings: list[Finding] = []
    todo: list[Posting] = []
    for subject in dict.fromkeys(subjects):
        posted = _posted(desk, subject)
        todo += posted
        findings += [] if posted else [undo.not_posted(subject)]
    todo.sort(key=lambda posting: (_ORDER.index(posting.key.entity), posting.key.doc_number))
    if todo:
        try:
            _undo(todo, desk, progressed, rows, findings)
        except (BooksUnavailable, AnotherWriter, StoreUnwritable) as stopped:
            findings.append(stopped.finding)
    return UndoReport(tuple(rows), tuple(dict.fromkeys(findings)))


def documents_paid(desk: SaleDesk, settlement_ids: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """What the payments of some settlements settle, by kind and QuickBooks id; each with the settlements that do."""
    found: dict[tuple[str, str], list[str]] = {}
    home = ""
    for subject in settlement_ids:
        for payment in _posted(desk, subject):
            if payment.key.entity not in {"Payment", "BillPayment"}:
                continue
            home = home or desk.books.preferences().home_currency
            for key in desk.books.documents.sent_links(payment.body, home):
                settlements = found.setdefault(key, [])
                settlements += [subject] if subject not in settlements else []
    return found


def _undo(
    todo: Sequence[Posting],
    desk: SaleDesk,
    progressed: Progressed,
    rows: list[UndoneDocument],
    findings: list[Finding],
) -> None:
    refused: set[str] = set()
    with desk.outbox.writer(desk.who) as writer:
        preferences = desk.books.preferences()
        run = PostingRun(
            books=desk.books,
            outbox=desk.outbox,
            writer=writer,
            clock=desk.clock,
            who=desk.who,
            home_currency=preferences.home_currency,
            account_names={account.id: account.full_name for account in desk.books.accounts()},
            progressed=progressed,
        )
        for group in _groups(todo):
            done = len(rows)

            def told(number: int, done: int = done) -> None:
                progressed("Undoing in QuickBooks", done + number, len(todo))

            left = _together(run, preferences, [each for each in group if each.subject not in refused], told, rows)
            left += [each for each in group if each.subject in refused]
            for posting in left:
                told(len(rows) - done)
                if posting.subject in refused:
                    rows.append(UndoneDocument(posting, How.REFUSED))
                    continue
                delivered = take_back_document(run, desk, posting, preferences)
                findings += delivered.findings
                rows.append(UndoneDocument(delivered.posting, delivered.how))
                if delivered.how is How.REFUSED:
                    refused.add(posting.subject)
    progressed("Undoing in QuickBooks", len(todo), len(todo))


def _groups(todo: Sequence[Posting]) -> list[list[Posting]]:
    """The postings, kind by kind, in their order."""
    return [list(group) for _, group in groupby(todo, key=lambda posting: posting.key.entity)]


def _together(
    run: PostingRun,
    preferences: BooksPreferences,
    group: Sequence[Posting],
    told: Callable[[int], None],
    rows: list[UndoneDocument],
) -> list[Posting]:
    """Delete together what can simply be deleted; the postings of the group that are to be taken back one by one.

    One by one also go several of one subject, of which the first that is refused keeps the others, and those whose
    undo was begun before.
    """
    of_subject = Counter(posting.subject for posting in group)
    plain = [
        posting
        for posting in group
        if posting.undo_sent_at is None
        and of_subject[posting.subject] == 1
        and not is_taking_back_begun(run, posting)
    ]
    removal = Removal(run, lambda day: preferences.closed_until is not None and day <= preferences.closed_until, told)
    try:
        removal.remove(plain)
    finally:
        rows += [UndoneDocument(delivered.posting, delivered.how) for delivered in removal.decided]
    if removal.stopped is not None:
        raise removal.stopped
    singly = {posting.key for posting in group} - {posting.key for posting in plain}
    left = {posting.key: posting for posting in removal.left}
    return [left.get(posting.key, posting) for posting in group if posting.key in left or posting.key in singly]


def _posted(desk: SaleDesk, subject: str) -> list[Posting]:
    return [
        posting
        for posting in desk.outbox.of_subject(desk.books.realm_id, subject)
        if posting.state is PostingState.POSTED and not takes_back(desk.outbox, posting)
    ]
