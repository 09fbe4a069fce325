"""Refresh lists: what QuickBooks has, for the drop-downs; accounts that are ticked on Accounts are created there.

Accounts, Tax Codes, and the lists of customers, vendors, items, classes and locations. They come out of the
company's store and the changes since (`KeptLists`), so that a press costs a few requests, however long they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from tieout.commands.account_check import create_account, find_account
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.press import Outcome, Press, Result, counted
from tieout.commands.presses.showing import connection_cells
from tieout.domain.account import Account
from tieout.domain.activity import Activity
from tieout.domain.books import BooksAccount, BooksTaxCode
from tieout.domain.finding import Finding, any_stops
from tieout.domain.proposal import CUSTOMER, ITEM, VENDOR
from tieout.ports import Books
from tieout.sale_ports import SaleBooks
from tieout.sheets.account_rows import accounts_refresh, list_refresh, tax_codes_refresh, wanted_accounts
from tieout.sheets.name_rows import NAMES, names_refresh
from tieout.sheets.port import ReadTable, Refresh


def refresh_lists(press: Press) -> Outcome:
    """Create what is ticked on Accounts, then read the lists."""
    choices = read_choices(press)
    table, names = press.book.read("Accounts"), press.book.read(NAMES)
    taxes = press.book.read("TaxCodes")
    wanted, findings = wanted_accounts(table, choices.chart) if isinstance(table, ReadTable) else ((), (table,))
    with press.open_books() as books:
        press.tell("Reading QuickBooks' lists", 0, None)
        home_currency = books.preferences().home_currency  # first: what is read after it needs it, and asks once
        created, problems = _create(press, books, wanted)
        lists, company = _read(books), books.company()
    now = press.clock.now()
    refreshes = list(lists.refreshes())
    if isinstance(table, ReadTable):
        refreshes.append(accounts_refresh(table, choices.chart, lists.accounts, home_currency, now))
    if isinstance(names, ReadTable):
        refreshes.append(names_refresh(names, lists.keys))
    missing = _proposed(choices, lists.accounts)
    told = f"{', '.join(lists.told())} read"
    if created:
        told += f"; created: {', '.join(created)}"
    if missing:
        told += f"; {missing} proposed on Accounts"
    lacking = (one for one in (taxes, names) if isinstance(one, Finding))
    findings = (*findings, *problems, *lacking, *(taxes.findings if isinstance(taxes, ReadTable) else ()))
    return Outcome(
        result=Result.IN_PART if any_stops(list(findings)) else Result.DONE,
        message=f"{told}.",
        findings=findings,
        refreshes=tuple(refreshes),
        cells={
            **connection_cells(press),
            "LastRefresh": now,
            "QuickBooksCompany": company.name,
            "HomeCurrencyDefault": home_currency,
        },
        count=len(lists.accounts),
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """What QuickBooks has. Names are whole: "Parent:Child"."""

    accounts: tuple[BooksAccount, ...]
    codes: tuple[BooksTaxCode, ...]
    customers: tuple[str, ...]
    vendors: tuple[str, ...]
    items: tuple[str, ...]
    classes: tuple[str, ...]
    locations: tuple[str, ...]
    keys: frozenset[tuple[str, str]]

    def refreshes(self) -> Iterable[Refresh]:
        """The lists that the drop-downs have."""
        yield tax_codes_refresh(self.codes)
        for key in ("customers", "vendors", "items", "classes", "locations"):
            yield list_refresh(key, getattr(self, key))

    def told(self) -> Iterable[str]:
        """How many of each there are."""
        yield counted(sum(account.active for account in self.accounts), "account")
        yield counted(len(self.codes), "tax code")
        for number, one, many in (
            (len(self.customers), "customer", ""),
            (len(self.vendors), "vendor", ""),
            (len(self.items), "item", ""),
            (len(self.classes), "class", "classes"),
            (len(self.locations), "location", ""),
        ):
            if number:
                yield counted(number, one, many)


def _read(books: Books) -> _Lists:
    lists = cast(SaleBooks, books).lists  # QuickBooks' books are such
    customers, vendors, items = lists.customers(), lists.vendors(), lists.items()
    keys = {(ITEM, word.casefold()) for item in items for word in (item.name, item.sku) if word}
    for kind, parties in ((CUSTOMER, customers), (VENDOR, vendors)):
        keys |= {(kind, name.casefold()) for each in parties for name in (each.name, each.display_name)}
    return _Lists(
        accounts=books.accounts(),
        codes=books.tax_codes(),
        customers=tuple(party.name for party in customers),
        vendors=tuple(party.name for party in vendors),
        items=tuple(item.name for item in items),
        classes=tuple(books.classes()),
        locations=tuple(books.locations()),
        keys=frozenset(keys),
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
