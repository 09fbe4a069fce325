"""What a person is told about names of customers, vendors and items that can't be used or made as they are."""

from collections.abc import Sequence

from tieout.domain.account import Group
from tieout.domain.books import BooksAccount
from tieout.domain.books_lists import BooksItem, UnusableEntry
from tieout.domain.finding import Finding, Severity
from tieout.domain.sale import Sale, SaleItem


def party_name_taken(kind: str, name: str, by: UnusableEntry) -> Finding:
    """Something else has the name that a customer or vendor would bear."""
    what = kind.lower()
    return Finding(
        code="party-name-taken",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has {by.name}, {by.why}; no {what} {name} is made beside it.",
        to_do=f"Rename it in QuickBooks (or make it active, if it is one), or choose another {what} in Settings.",
        subject=name,
    )


def party_name_not_usable(kind: str, name: str) -> Finding:
    """A name that QuickBooks would not take, or that is of a sub-customer, which is not made here."""
    what = kind.lower()
    return Finding(
        code="party-name-not-usable",
        severity=Severity.BLOCKED,
        what=(
            f"QuickBooks has no active {what} called {name}, and none can be made of that name: it is too long, or"
            " has a colon, a tab or a line break."
        ),
        to_do=f"Make the {what} in QuickBooks (a colon stands before the name of a sub-{what}), or choose another in"
        " Settings.",
        subject=name,
    )


def item_before_its_stock(sale: Sale, item: BooksItem) -> Finding:
    """The stock of an item is counted from a later day on than the document's."""
    return Finding(
        code="item-before-its-stock",
        severity=Severity.BLOCKED,
        what=(
            f"{item.name} is an inventory item whose stock begins on {item.stock_from}; {sale.doc_number} is of"
            f" {sale.day.isoformat()}, and QuickBooks sells nothing of it before."
        ),
        to_do="Set the item's As of date in QuickBooks to an earlier day, or choose One item in Settings.",
        subject=sale.subject,
    )


def item_of_wrong_account(item: BooksItem, account: BooksAccount, group: Group, types: Sequence[str]) -> Finding:
    """An item posts money that is no income to an account of income or costs."""
    return Finding(
        code="item-posts-to-wrong-account",
        severity=Severity.BLOCKED,
        what=(
            f"The item {item.name} posts to {account.full_name}, of type {account.account_type};"
            f" {group.value} needs {', '.join(types[:-1])} or {types[-1]}."
        ),
        to_do="Give the item another income account in QuickBooks: this money is no income and no cost.",
        subject=item.name,
    )


def item_not_usable(item: SaleItem, by: UnusableEntry) -> Finding:
    """The name or SKU of an item belongs to something that can't be sold."""
    return Finding(
        code="item-not-usable",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has {by.name}, {by.why}; lines of {item.name} can't use it, nor can another be made.",
        to_do="Make it active, rename it or give it an income account in QuickBooks; or choose One item in Settings.",
        subject=item.name,
    )
