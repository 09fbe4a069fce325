"""What is looked at before anything is sent: company, currency, closing date, accounts, tax codes, classes.

A settlement of which one journal fails is not sent at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tieout.commands import preflight_findings as say
from tieout.commands.account_check import FoundAccounts, currency_problem, find_accounts, make_accounts
from tieout.commands.numbers import is_usable
from tieout.commands.parcels import ClosedPeriod, Encoder
from tieout.domain.account import Account, Chart
from tieout.domain.books import BooksPreferences, BooksTaxCode
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.proposal import ACCOUNT, Proposal
from tieout.limits import QUICKBOOKS_JOURNAL_LINES_MAX
from tieout.ports import Books, Clock, JournalNames, Outbox, Writer


@dataclass(frozen=True, slots=True)
class Preflight:
    """What it found: how to encode, the names of accounts by id, findings by settlement id, and what is missing.

    Accounts of `found` that may be made are made by `make_missing`, for what can be posted then.
    """

    encoder: Encoder
    account_names: Mapping[str, str]
    found: FoundAccounts
    created_accounts: tuple[str, ...] = ()
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    proposed: tuple[Proposal, ...] = ()

    def lacks(self, journals: Sequence[Journal]) -> bool:
        """Whether an account has to be made before some journals can be posted."""
        return any(line.account in self.found.to_make for each in journals for line in each.posted_lines)


def wrong_company(company: Company, books: Books, outbox: Outbox) -> Finding | None:
    """The finding if these books are not those that the company, or its store, is bound to."""
    bound = company.quickbooks.realm_id if company.quickbooks else ""
    others = (outbox.realm_ids() | ({bound} if bound else set())) - {books.realm_id}
    return say.wrong_company(company, books.realm_id, min(others)) if others else None


def check(
    journals: Sequence[Journal],
    *,
    books: Books,
    chart: Chart,
    may_make: Callable[[str], bool],
    closed_period: ClosedPeriod,
) -> Preflight:
    """Look at everything; nothing is made. `may_make` says which missing account the user agreed to."""
    preferences = books.preferences()
    codes = _tax_codes(journals, books)
    classes = books.classes() if any(line.class_name for each in journals for line in each.lines) else {}
    locations = books.locations() if any(each.location for each in journals) else {}
    names = JournalNames({}, {code.name: code.id for code in codes}, classes, locations)
    zero_rated = {code.name: code.zero_rated for code in codes}
    early = {
        each.doc_number: _plain_problems(each, preferences, closed_period, names, zero_rated) for each in journals
    }
    sound = [each for each in journals if not _stopped(early[each.doc_number])]
    accounts = find_accounts(sound, books=books, chart=chart, may_make=may_make)
    findings: dict[str, tuple[Finding, ...]] = {}
    for journal in journals:
        of_accounts = _account_problems(journal, accounts, preferences)
        known = findings.get(journal.settlement_id, ())
        findings[journal.settlement_id] = (*known, *early[journal.doc_number], *of_accounts)
    names = replace(names, accounts={name: account.id for name, account in accounts.by_name.items()})
    return Preflight(
        encoder=Encoder(books, preferences, names, closed_period),
        account_names={account.id: account.full_name for account in accounts.by_name.values()},
        found=accounts,
        findings={subject: tuple(dict.fromkeys(each)) for subject, each in findings.items()},
        proposed=tuple(_proposed(name, account, sound) for name, account in accounts.missing.items()),
    )


def make_missing(
    before: Preflight, journals: Sequence[Journal], *, books: Books, writer: Writer, clock: Clock, who: str
) -> Preflight:
    """The same once the accounts were made that `journals`, with which nothing else is wrong, need."""
    needed = dict.fromkeys(line.account for each in journals for line in each.posted_lines)
    to_make = {name: before.found.to_make[name] for name in needed if name in before.found.to_make}
    if not to_make:
        return before
    made = make_accounts(to_make, books=books, writer=writer, clock=clock, who=who)
    findings = dict(before.findings)
    for journal in journals:
        failed = [made.findings[one.account] for one in journal.posted_lines if one.account in made.findings]
        known = findings.get(journal.settlement_id, ())
        findings[journal.settlement_id] = tuple(dict.fromkeys((*known, *failed)))
    ids = {name: account.id for name, account in made.by_name.items()}
    names = replace(before.encoder.names, accounts={**before.encoder.names.accounts, **ids})
    own_names = {account.id: account.full_name for account in made.by_name.values()}
    return replace(
        before,
        encoder=replace(before.encoder, names=names),
        account_names={**before.account_names, **own_names},
        created_accounts=(*before.created_accounts, *made.by_name),
        findings=findings,
    )


def _proposed(name: str, account: Account, journals: Sequence[Journal]) -> Proposal:
    first = next(each for each in journals if any(line.account == name for line in each.posted_lines))
    return Proposal(ACCOUNT, name, first.doc_number, account)


def _stopped(findings: Sequence[Finding]) -> bool:
    return any(finding.stops for finding in findings)


def _tax_codes(journals: Sequence[Journal], books: Books) -> tuple[BooksTaxCode, ...]:
    stated = any(line.tax_code for journal in journals for line in journal.posted_lines)
    return books.tax_codes() if stated else ()


def _plain_problems(
    journal: Journal,
    preferences: BooksPreferences,
    closed_period: ClosedPeriod,
    names: JournalNames,
    zero_rated: Mapping[str, bool],
) -> tuple[Finding, ...]:
    """What is wrong with a journal whatever its accounts are."""
    found = []
    if not is_usable(journal.doc_number):
        found.append(say.number_not_usable(journal))
    if len(journal.posted_lines) > QUICKBOOKS_JOURNAL_LINES_MAX:
        found.append(say.too_many_lines(journal))
    if journal.currency != preferences.home_currency and not preferences.multicurrency:
        found.append(say.currency_not_on(journal, preferences.home_currency))
    closed = preferences.closed_until
    if closed is not None and journal.day <= closed and closed_period is ClosedPeriod.WAIT:
        found.append(say.period_closed(journal, closed, closed + timedelta(days=1)))
    for name in sorted({line.tax_code for line in journal.posted_lines if line.tax_code}):
        if name not in zero_rated:
            found.append(say.tax_code_unknown(journal, name))
        elif not zero_rated[name]:
            found.append(say.tax_code_with_rate(journal, name))
    return (*found, *_unplaced(journal, preferences, names))


def _unplaced(journal: Journal, preferences: BooksPreferences, names: JournalNames) -> Iterator[Finding]:
    """Classes and locations that the books don't have, or have turned off."""
    wanted = {line.class_name for line in journal.posted_lines if line.class_name}
    if wanted and not preferences.classes:
        yield say.classes_off(journal)
    elif unknown := sorted(wanted - names.classes.keys()):
        yield from (say.class_unknown(journal, name) for name in unknown)
    if journal.location and not preferences.locations:
        yield say.locations_off(journal)
    elif journal.location and journal.location not in names.locations:
        yield say.location_unknown(journal)


def _account_problems(
    journal: Journal, accounts: FoundAccounts, preferences: BooksPreferences
) -> tuple[Finding, ...]:
    """What is wrong with the accounts of a journal, each once."""
    found: list[Finding] = []
    for name in dict.fromkeys(line.account for line in journal.posted_lines):
        found += accounts.findings.get(name, ())
        account = accounts.by_name.get(name)
        problem = currency_problem(journal, account, preferences) if account is not None else None
        if problem is not None:
            found.append(problem)
    return tuple(found)
