"""Refresh lists: accounts, tax codes and classes as QuickBooks has them; ticked proposals are created there."""

from collections.abc import Sequence

from tieout.commands.account_check import create_account, find_account
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.press import Outcome, Press, Result, counted
from tieout.commands.presses.showing import connection_cells
from tieout.domain.account import Account
from tieout.domain.activity import Activity
from tieout.domain.books import BooksAccount
from tieout.domain.finding import Finding, any_stops
from tieout.ports import Books
from tieout.sheets.account_rows import accounts_refresh, classes_refresh, tax_codes_refresh, wanted_accounts
from tieout.sheets.port import ReadTable


def refresh_lists(press: Press) -> Outcome:
    """Create what is ticked on Accounts, then read the lists."""
    choices = read_choices(press)
    table = press.book.read("Accounts")
    taxes = press.book.read("TaxCodes")
    wanted, findings = wanted_accounts(table, choices.chart) if isinstance(table, ReadTable) else ((), (table,))
    with press.open_books() as books:
        press.tell("Reading QuickBooks' lists", 0, None)
        created, problems = _create(press, books, wanted)
        accounts, codes, classes = books.accounts(), books.tax_codes(), tuple(books.classes())
        company, preferences = books.company(), books.preferences()
    now = press.clock.now()
    refreshes = [tax_codes_refresh(codes), classes_refresh(classes)]
    if isinstance(table, ReadTable):
        refreshes.append(accounts_refresh(table, choices.chart, accounts, preferences.home_currency, now))
    missing = _proposed(choices, accounts)
    findings = (*findings, *problems, *((taxes,) if isinstance(taxes, Finding) else taxes.findings))
    parts = [
        counted(sum(account.active for account in accounts), "account"),
        counted(len(codes), "tax code"),
        counted(len(classes), "class", "classes"),
    ]
    told = f"{', '.join(parts)} read"
    if created:
        told += f"; created: {', '.join(created)}"
    if missing:
        told += f"; {missing} proposed on Accounts"
    return Outcome(
        result=Result.IN_PART if any_stops(list(findings)) else Result.DONE,
        message=f"{told}.",
        findings=findings,
        refreshes=tuple(refreshes),
        cells={
            **connection_cells(press),
            "LastRefresh": now,
            "QuickBooksCompany": company.name,
            "HomeCurrencyDefault": preferences.home_currency,
        },
        count=len(accounts),
    )


def _create(press: Press, books: Books, wanted: Sequence[Account]) -> tuple[list[str], list[Finding]]:
    """Create the accounts that the user ticked; those that are there by now are left alone."""
    created: list[str] = []
    problems: list[Finding] = []
    if not wanted:
        return created, problems
    with press.store.outbox.writer(press.who) as writer:
        present = books.accounts()
        for account in wanted:
            found, problem = find_account(account.name, present)
            if found is None and problem is None:
                found, problem = create_account(account, books, press.clock)
                if found is not None:
                    created.append(account.name)
                    now = press.clock.now()
                    writer.log(
                        Activity(now, press.who, "created account", account.name, after=f"QuickBooks id {found.id}")
                    )
            if problem is not None:
                problems.append(problem)
    return created, problems


def _proposed(choices: Choices, accounts: Sequence[BooksAccount]) -> int:
    return sum(find_account(account.name, accounts)[0] is None for account in choices.chart.accounts)
