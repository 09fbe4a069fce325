"""Post to QuickBooks: journals into the books, each exactly once, with the reason for every one that is not.

Who has nothing to do does nothing: where every journal is posted already with the same content, neither the store
is written nor QuickBooks asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tieout.commands import posting_findings as say
from tieout.commands.agreement import Agreed
from tieout.commands.deliver import deliver, settle
from tieout.commands.numbers import as_numbered_now, is_usable, takes_back
from tieout.commands.numbers_taken import numbers_taken
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.posting_report import PostedJournal, PostingReport
from tieout.commands.posting_run import How, Parcel, PostingRun
from tieout.commands.preflight import Preflight, check, make_missing, wrong_company
from tieout.commands.preflight_findings import number_not_usable
from tieout.commands.progress import Progressed, silent
from tieout.commands.undoing import take_back
from tieout.domain.account import Chart
from tieout.domain.company import Company
from tieout.domain.content import content_hash, is_same_content
from tieout.domain.finding import Finding, any_stops
from tieout.domain.journal import Journal
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.domain.proposal import ACCOUNT, Proposal
from tieout.ports import AnotherWriter, Books, BooksUnavailable, Clock, Outbox, StoreUnwritable, Writer


@dataclass(slots=True)
class _Tally:
    """What came of each journal so far, by its first number, and what is to be said."""

    results: dict[str, PostedJournal] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    created_accounts: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    def report(self, journals: Sequence[Journal]) -> PostingReport:
        """The report; a journal that was not reached is not posted."""
        rows = tuple(
            self.results.get(journal.doc_number, PostedJournal(journal, How.REFUSED)) for journal in journals
        )
        return PostingReport(rows, tuple(dict.fromkeys(self.findings)), self.created_accounts, self.proposed)


def post_journals(
    journals: Sequence[Journal],
    *,
    books: Books,
    outbox: Outbox,
    chart: Chart,
    clock: Clock,
    company: Company,
    who: str,
    create_accounts: bool = False,
    ticked_accounts: frozenset[str] = frozenset(),
    closed_period: ClosedPeriod = ClosedPeriod.WAIT,
    progressed: Progressed = silent,
) -> PostingReport:
    """Post `journals`; those of one settlement stand together, and none of it is sent if one can't be.

    `who` presses the button, for the log. `create_accounts`: the user agreed that missing accounts are made;
    `ticked_accounts`: he agreed to these, by their names in lower case. None is made for what can't be posted.
    Nothing is raised for what a user, QuickBooks or the network does: the report says it. ValueError for two
    different journals of one number.
    """
    once = _each_once(journals)
    tally = _Tally()
    wrong = wrong_company(company, books, outbox)
    if wrong is not None:
        tally.findings.append(wrong)
        return tally.report(once)
    todo = _not_done(once, outbox, books.realm_id, tally)
    if todo:
        may_make = Agreed(create_accounts, ticked=frozenset((ACCOUNT, name) for name in ticked_accounts)).account
        options = _Options(books, outbox, chart, clock, who, may_make, closed_period, progressed)
        try:
            with outbox.writer(who) as writer:
                _post(todo, options, writer, tally)
        except (BooksUnavailable, AnotherWriter, StoreUnwritable) as stopped:
            tally.findings.append(stopped.finding)
    return tally.report(once)


@dataclass(frozen=True, slots=True)
class _Options:
    books: Books
    outbox: Outbox
    chart: Chart
    clock: Clock
    who: str
    may_make: Callable[[str], bool]
    closed_period: ClosedPeriod
    progressed: Progressed


@dataclass(frozen=True, slots=True)
class _Settlement:
    """A settlement of which something is to be done, with all its journals, posted ones too."""

    subject: str
    parts: tuple[Journal, ...]


def _each_once(journals: Sequence[Journal]) -> tuple[Journal, ...]:
    by_number: dict[str, Journal] = {}
    for journal in journals:
        if by_number.setdefault(journal.doc_number, journal) != journal:
            raise ValueError(f"two different journals are numbered {journal.doc_number}")
    return tuple(by_number.values())


def _not_done(journals: Sequence[Journal], outbox: Outbox, realm_id: str, tally: _Tally) -> list[_Settlement]:
    """The settlements of which something is to be done; parts that are posted already go into the tally."""
    by_settlement: dict[str, list[Journal]] = {}
    for journal in journals:
        by_settlement.setdefault(journal.settlement_id, []).append(journal)
    todo = []
    for subject, parts in by_settlement.items():
        live = {posting.key.doc_number for posting in _live(outbox, realm_id, subject)}
        for journal in parts:
            numbered = as_numbered_now(journal, outbox, realm_id)
            posting = outbox.get(PostingKey(realm_id, "JournalEntry", numbered.doc_number))
            if not journal.posted_lines:
                tally.results[journal.doc_number] = PostedJournal(journal, How.EMPTY)
            elif posting is not None and _is_done(posting, numbered):
                tally.results[journal.doc_number] = PostedJournal(numbered, How.ALREADY, posting)
                live.discard(numbered.doc_number)
        if live or any(journal.doc_number not in tally.results for journal in parts):
            todo.append(_Settlement(subject, tuple(parts)))
    return todo


def _is_done(posting: Posting, journal: Journal) -> bool:
    return (
        posting.state is PostingState.POSTED
        and posting.undo_sent_at is None
        and posting.content_hash == content_hash(journal)
    )


def _live(outbox: Outbox, realm_id: str, subject: str) -> tuple[Posting, ...]:
    """The postings of a settlement that stand, or may stand, in the books; those that take back are not counted."""
    standing = {PostingState.POSTED, PostingState.SENDING}
    return tuple(
        posting
        for posting in outbox.of_subject(realm_id, subject)
        if posting.state in standing and not takes_back(outbox, posting)
    )


def _post(todo: Sequence[_Settlement], options: _Options, writer: Writer, tally: _Tally) -> None:
    options.progressed("Asking QuickBooks", 0, len(todo))
    before = check(
        [part for settlement in todo for part in settlement.parts if part.doc_number not in tally.results],
        books=options.books,
        chart=options.chart,
        may_make=options.may_make,
        closed_period=options.closed_period,
    )
    tally.proposed = before.proposed
    run = PostingRun(
        books=options.books,
        outbox=options.outbox,
        writer=writer,
        clock=options.clock,
        who=options.who,
        home_currency=before.encoder.preferences.home_currency,
        account_names=before.account_names,
        progressed=options.progressed,
    )
    problems = {each.subject: _problems(run, before, each) for each in todo}
    before = _with_accounts(before, run, todo, problems, tally)
    run = replace(run, account_names=before.account_names)
    for number, settlement in enumerate(todo):
        options.progressed("Posting to QuickBooks", number, len(todo))
        _post_settlement(run, before, settlement, problems[settlement.subject], tally)
    options.progressed("Posting to QuickBooks", len(todo), len(todo))


def _problems(run: PostingRun, before: Preflight, settlement: _Settlement) -> list[Finding]:
    """What is wrong with a settlement before an account is made or a journal is sent for it."""
    found = [*before.findings.get(settlement.subject, ()), *_finish_undos(run, before, settlement.subject)]
    numbered = _numbered(run, settlement)
    found += _other_content(run, settlement.subject, tuple(numbered.values()))
    return [*found, *(number_not_usable(each) for each in numbered.values() if not is_usable(each.doc_number))]


def _numbered(run: PostingRun, settlement: _Settlement) -> dict[str, Journal]:
    """The journals of a settlement under the numbers they post under now, by their first ones."""
    return {part.doc_number: as_numbered_now(part, run.outbox, run.books.realm_id) for part in settlement.parts}


def _with_accounts(
    before: Preflight, run: PostingRun, todo: Sequence[_Settlement], problems: dict[str, list[Finding]], tally: _Tally
) -> Preflight:
    """The accounts that are missing made, as far as something needs them that can be posted then."""
    parts = {
        each.subject: [journal for first, journal in _numbered(run, each).items() if first not in tally.results]
        for each in todo
        if not any_stops(problems[each.subject])
    }
    lacking = {subject: journals for subject, journals in parts.items() if before.lacks(journals)}
    if not lacking:
        return before
    wanted = {
        PostingKey(run.books.realm_id, "JournalEntry", each.doc_number): each
        for journals in lacking.values()
        for each in journals
    }
    taken = numbers_taken(
        run, [Parcel(key, one.settlement_id, content_hash(one), b"") for key, one in wanted.items()]
    )
    for key, finding in taken.items():
        problems[wanted[key].settlement_id].append(finding)
    sound = [one for subject, journals in lacking.items() if not any_stops(problems[subject]) for one in journals]
    after = make_missing(before, sound, books=run.books, writer=run.writer, clock=run.clock, who=run.who)
    tally.created_accounts = after.created_accounts
    tally.proposed = tuple(each for each in before.proposed if each.name not in after.created_accounts)
    for subject in lacking:
        problems[subject] += [f for f in after.findings.get(subject, ()) if f not in problems[subject]]
    return after


def _post_settlement(
    run: PostingRun, before: Preflight, settlement: _Settlement, problems: list[Finding], tally: _Tally
) -> None:
    """Post the journals of one settlement, in order; the first that is not posted ends it."""
    numbered = _numbered(run, settlement)
    tally.findings += problems
    stopped = any_stops(problems)
    failed = ""
    for first_number, journal in numbered.items():
        if first_number in tally.results:
            continue
        if stopped or failed:
            tally.findings += [say.sibling_failed(journal, failed)] if failed else []
            known = run.outbox.get(PostingKey(run.books.realm_id, "JournalEntry", journal.doc_number))
            tally.results[first_number] = PostedJournal(journal, How.REFUSED, known)
            continue
        delivered = deliver(run, before.encoder.parcel(run.writer, journal))
        tally.results[first_number] = PostedJournal.of(journal, delivered)
        tally.findings += delivered.findings
        failed = journal.doc_number if delivered.how is How.REFUSED else ""


def _finish_undos(run: PostingRun, before: Preflight, subject: str) -> list[Finding]:
    """An undo that was cut off is finished first: only then it is known what stands in the books."""
    findings: list[Finding] = []
    for posting in run.outbox.of_subject(run.books.realm_id, subject):
        if posting.state is PostingState.POSTED and posting.undo_sent_at is not None:
            findings += take_back(run, posting, before.encoder).findings
    return findings


def _other_content(run: PostingRun, subject: str, journals: Sequence[Journal]) -> list[Finding]:
    """What of the settlement stands in the books with other content, or under a number it no longer has (rule 5)."""
    now = {journal.doc_number: journal for journal in journals}
    found = []
    for posting in _live(run.outbox, run.books.realm_id, subject):
        journal = now.get(posting.key.doc_number)
        if journal is not None and is_same_content(posting.content_hash, content_hash(journal)):
            continue
        settled = settle(run, posting) if posting.state is PostingState.SENDING else posting
        if settled.state is PostingState.POSTED:
            found.append(say.other_content(subject, settled, run.outbox, journal))
    return found
