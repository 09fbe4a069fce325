"""What is looked at before anything is sent: company, currency, closing date, accounts, tax codes, classes.

A settlement of which one journal fails is not sent at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tieout.commands import preflight_findings as say
from tieout.commands.account_check import FoundAccounts, currency_problem, find_accounts
from tieout.commands.numbers import is_usable
from tieout.commands.parcels import ClosedPeriod, Encoder
from tieout.domain.account import Chart
from tieout.domain.books import BooksPreferences, BooksTaxCode
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.limits import QUICKBOOKS_JOURNAL_LINES_MAX
from tieout.ports import Books, Clock, JournalNames, Outbox, Writer


@dataclass(frozen=True, slots=True)
class Preflight:
    """What it found: how to encode, the names of accounts by id, and findings by settlement id."""

    encoder: Encoder
    account_names: Mapping[str, str]
    created_accounts: tuple[str, ...] = ()
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


def wrong_company(company: Company, books: Books, outbox: Outbox) -> Finding | None:
    """The finding if these books are not those that the company, or its store, is bound to."""
    bound = company.quickbooks.realm_id if company.quickbooks else ""
    others = (outbox.realm_ids() | ({bound} if bound else set())) - {books.realm_id}
    return say.wrong_company(company, books.realm_id, min(others)) if others else None


def check(
    journals: Sequence[Journal],
    *,
    books: Books,
    writer: Writer,
    chart: Chart,
    clock: Clock,
    who: str,
    create_accounts: bool,
    closed_period: ClosedPeriod,
) -> Preflight:
    """Look at everything; accounts that are missing are made here, if the user agreed."""
    preferences = books.preferences()
    codes = _tax_codes(journals, books)
    classes = books.classes() if any(line.class_name for each in journals for line in each.lines) else {}
    early = {each.doc_number: _plain_problems(each, preferences, closed_period, codes, classes) for each in journals}
    sound = [each for each in journals if not _stopped(early[each.doc_number])]
    accounts = find_accounts(
        sound, books=books, writer=writer, chart=chart, clock=clock, who=who, create=create_accounts
    )
    findings: dict[str, tuple[Finding, ...]] = {}
    for journal in journals:
        of_accounts = _account_problems(journal, accounts, preferences)
        known = findings.get(journal.settlement_id, ())
        findings[journal.settlement_id] = (*known, *early[journal.doc_number], *of_accounts)
    names = JournalNames(
        accounts={name: account.id for name, account in accounts.by_name.items()},
        tax_codes={code.name: code.id for code in codes},
        classes=classes,
    )
    return Preflight(
        encoder=Encoder(books, preferences, names, closed_period),
        account_names={account.id: account.full_name for account in accounts.by_name.values()},
        created_accounts=accounts.created,
        findings={subject: tuple(dict.fromkeys(each)) for subject, each in findings.items()},
    )


def _stopped(findings: Sequence[Finding]) -> bool:
    return any(finding.stops for finding in findings)


def _tax_codes(journals: Sequence[Journal], books: Books) -> tuple[BooksTaxCode, ...]:
    stated = any(line.tax_code for journal in journals for line in journal.posted_lines)
    return books.tax_codes() if stated else ()


def _plain_problems(
    journal: Journal,
    preferences: BooksPreferences,
    closed_period: ClosedPeriod,
    codes: Sequence[BooksTaxCode],
    classes: Mapping[str, str],
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
    zero_rated = {code.name: code.zero_rated for code in codes}
    for name in sorted({line.tax_code for line in journal.posted_lines if line.tax_code}):
        if name not in zero_rated:
            found.append(say.tax_code_unknown(journal, name))
        elif not zero_rated[name]:
            found.append(say.tax_code_with_rate(journal, name))
    for name in sorted({line.class_name for line in journal.posted_lines if line.class_name} - classes.keys()):
        found.append(say.class_unknown(journal, name))
    return tuple(found)


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
