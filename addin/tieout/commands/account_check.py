"""The accounts that journals post to, found in the books; missing ones made where the user agreed to it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tieout.commands import account_findings as say
from tieout.commands.posting_run import request_id
from tieout.domain.account import Account, Chart, Group
from tieout.domain.activity import Activity
from tieout.domain.books import BooksAccount, BooksPreferences
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.posting import Outcome, PostingKey
from tieout.limits import QUICKBOOKS_OUTCOME_SETTLES_SECONDS, QUICKBOOKS_SENDS_MAX
from tieout.ports import Books, BooksUnavailable, Clock, Writer
from tieout.rules.charts import TYPES_OF_GROUP, new_account

_DELETED = re.compile(r" \(deleted(?: \d+)?\)\Z")
_NEEDS_A_NAME = frozenset({"Accounts Receivable", "Accounts Payable"})


@dataclass(frozen=True, slots=True)
class FoundAccounts:
    """Accounts of the books by the names that journals use; what is wrong, by those names; and what is missing.

    `missing` are those that could be made, of which `to_make` are those that may be; `present` all that are there,
    by id.
    """

    by_name: Mapping[str, BooksAccount]
    findings: Mapping[str, tuple[Finding, ...]]
    missing: Mapping[str, Account]
    to_make: Mapping[str, Account]
    present: Mapping[str, BooksAccount]


@dataclass(frozen=True, slots=True)
class MadeAccounts:
    """Accounts that were made, by name, and why others were not."""

    by_name: Mapping[str, BooksAccount]
    findings: Mapping[str, Finding]


def find_accounts(
    journals: Sequence[Journal], *, books: Books, chart: Chart, may_make: Callable[[str], bool]
) -> FoundAccounts:
    """Find every account that `journals` post to; nothing is made. `may_make` says which ones the user agreed to."""
    wanted = _wanted(journals, chart)
    groups = _groups(journals)
    present = books.accounts()
    found: dict[str, BooksAccount] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    missing: dict[str, Account] = {}
    for name, account in wanted.items():
        match, problem = find_account(name, present)
        if match is not None:
            found[name] = match
            findings[name] = tuple(_unfit(account, match, groups[name]))
            continue
        if problem is None and account.account_type:
            missing[name] = account
        if problem is not None or name not in missing or not may_make(name):
            findings[name] = (problem or say.missing(account),)
    to_make = {name: account for name, account in missing.items() if name not in findings}
    return FoundAccounts(found, findings, missing, to_make, {account.id: account for account in present})


def make_accounts(
    accounts: Mapping[str, Account], *, books: Books, writer: Writer, clock: Clock, who: str
) -> MadeAccounts:
    """Make accounts that are missing; BooksUnavailable where the run can't go on."""
    made: dict[str, BooksAccount] = {}
    findings: dict[str, Finding] = {}
    for name, account in accounts.items():
        match, problem = create_account(account, books, clock)
        if match is None:
            findings[name] = problem or say.missing(account)
            continue
        made[name] = match
        writer.log(Activity(clock.now(), who, "created account", name, after=f"QuickBooks id {match.id}"))
    return MadeAccounts(made, findings)


def currency_problem(journal: Journal, account: BooksAccount, preferences: BooksPreferences) -> Finding | None:
    """An account kept in a currency that is neither the journal's nor the home one can't be posted to."""
    if account.currency in {journal.currency, preferences.home_currency}:
        return None
    return say.of_other_currency(journal, account)


def _wanted(journals: Iterable[Journal], chart: Chart) -> dict[str, Account]:
    """Each account name once, with what it would be if it had to be made."""
    wanted: dict[str, Account] = {}
    for journal in journals:
        for line in journal.posted_lines:
            if line.account not in wanted:
                wanted[line.account] = chart.by_name(line.account) or new_account(line.account, line.group, chart)
    return wanted


def _groups(journals: Iterable[Journal]) -> dict[str, frozenset[Group]]:
    """The groups of the lines on each account."""
    groups: dict[str, set[Group]] = {}
    for journal in journals:
        for line in journal.posted_lines:
            groups.setdefault(line.account, set()).add(line.group)
    return {name: frozenset(found) for name, found in groups.items()}


def find_account(name: str, present: Iterable[BooksAccount]) -> tuple[BooksAccount | None, Finding | None]:
    """The one active account of a name, in any letter case: its whole name first, then its last part.

    QuickBooks adds " (deleted)" to the name of an account that is made inactive.
    """
    folded = name.strip().casefold()
    candidates = [each for each in present if folded in {_plain(each.full_name), _plain(each.name)}]
    active = [each for each in candidates if each.active]
    whole = [each for each in active if each.full_name.casefold() == folded]
    if len(whole) == 1:
        return whole[0], None
    if len(active) == 1:
        return active[0], None
    if len(active) > 1:
        return None, say.ambiguous(name, active)
    if candidates:
        return None, say.inactive(name)
    return None, None


def _plain(name: str) -> str:
    return _DELETED.sub("", name).casefold()


def _unfit(wanted: Account, found: BooksAccount, groups: frozenset[Group]) -> Iterable[Finding]:
    if found.account_type in _NEEDS_A_NAME:
        yield say.needs_a_name(found)
        return
    wrong = [
        (group, types)
        for group, types in TYPES_OF_GROUP.items()
        if group in groups and found.account_type not in types
    ]
    for group, types in wrong:
        yield say.of_wrong_type(found, group, types)
    if not wrong and wanted.account_type and wanted.account_type != found.account_type:
        yield say.of_other_type(wanted, found)


def create_account(account: Account, books: Books, clock: Clock) -> tuple[BooksAccount | None, Finding | None]:
    """Make an account, or find it made: its name is unique in the books, so it can't be made twice."""
    as_one = request_id(PostingKey(books.realm_id, "Account", account.name), "create", account.account_type, 0)
    finding: Finding | None = None
    for _ in range(QUICKBOOKS_SENDS_MAX):
        reply = books.create_account(account, as_one)
        if reply.account is not None and reply.account.active:
            return reply.account, None
        finding = reply.finding
        if reply.outcome in {Outcome.WAIT, Outcome.SIGN_IN}:
            assert finding is not None, "every reply but an applied one says why"
            raise BooksUnavailable(reply.outcome, finding)
        if reply.outcome is Outcome.NOT_APPLIED:
            return None, finding
        match, problem = _look(account.name, books, clock)
        if match is not None or problem is not None:
            return match, problem
    return None, finding


def _look(name: str, books: Books, clock: Clock) -> tuple[BooksAccount | None, Finding | None]:
    """The account as the books list it, now, or when what was sent has taken effect."""
    match, problem = find_account(name, books.accounts())
    if match is not None or problem is not None:
        return match, problem
    clock.sleep(QUICKBOOKS_OUTCOME_SETTLES_SECONDS)
    return find_account(name, books.accounts())
