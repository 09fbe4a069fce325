"""What a person is told about an account that can't be posted to, or looks wrong."""

from collections.abc import Sequence

from tieout.domain.account import Account, Group
from tieout.domain.books import BooksAccount
from tieout.domain.finding import Finding, Severity
from tieout.domain.journal import Journal


def missing(account: Account) -> Finding:
    """That the books have no such account."""
    kind = f" ({account.account_type})" if account.account_type else ""
    return Finding(
        code="account-missing",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no account called {account.name}{kind}.",
        to_do=(
            "Put an x into Create beside it on the sheet Accounts and press again, make it in QuickBooks, or choose"
            " another account in Settings or Fee Mappings."
        ),
        subject=account.name,
    )


def inactive(name: str) -> Finding:
    """That the account is there, but inactive."""
    return Finding(
        code="account-inactive",
        severity=Severity.BLOCKED,
        what=f"The account {name} is inactive in QuickBooks.",
        to_do="Make it active in QuickBooks, or choose another account in the fee mappings.",
        subject=name,
    )


def ambiguous(name: str, found: Sequence[BooksAccount]) -> Finding:
    """That several accounts bear the name."""
    names = ", ".join(account.full_name for account in found)
    return Finding(
        code="account-ambiguous",
        severity=Severity.BLOCKED,
        what=f"Several accounts in QuickBooks are called {name}: {names}.",
        to_do="Write the account's whole name, with the accounts above it, in the fee mappings.",
        subject=name,
    )


def needs_a_name(account: BooksAccount) -> Finding:
    """That lines of receivables and payables need a customer or vendor, which a settlement has not."""
    return Finding(
        code="account-needs-a-name",
        severity=Severity.BLOCKED,
        what=f"{account.full_name} is of type {account.account_type}: each line on it needs a customer or vendor.",
        to_do="Choose an account of another type in the fee mappings.",
        subject=account.full_name,
    )


def of_other_type(wanted: Account, found: BooksAccount) -> Finding:
    """That the account has another type than the chart expects."""
    return Finding(
        code="account-of-other-type",
        severity=Severity.NOTICE,
        what=f"{found.full_name} is of type {found.account_type} in QuickBooks; {wanted.account_type} is expected.",
        to_do="Check that this is meant: it decides which report the money stands in.",
        subject=found.full_name,
    )


def of_wrong_type(found: BooksAccount, group: Group, types: Sequence[str]) -> Finding:
    """That an account can't hold a group's money whatever is wanted: it would stand in the wrong statement."""
    needed = types[0] if len(types) == 1 else f"{', '.join(types[:-1])} or {types[-1]}"
    return Finding(
        code="account-of-wrong-type",
        severity=Severity.BLOCKED,
        what=f"{found.full_name} is of type {found.account_type} in QuickBooks; {group.value} needs {needed}.",
        to_do="Choose an account of such a type in Settings or Fee Mappings: this money is no income and no cost.",
        subject=found.full_name,
    )


def of_other_currency(journal: Journal, account: BooksAccount) -> Finding:
    """That the account is kept in a third currency."""
    return Finding(
        code="account-of-other-currency",
        severity=Severity.BLOCKED,
        what=f"{account.full_name} is kept in {account.currency}; {journal.doc_number} is in {journal.currency}.",
        to_do="Choose an account in the settlement's currency, or in your home currency.",
        subject=journal.settlement_id,
    )
