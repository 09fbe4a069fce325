"""The double-entry ledger behind every transaction: postings of whole minor units, balances computed from them.

A posting debits (positive) or credits (negative) one account, in the transaction's currency and in the home
currency. Both sums are zero for every transaction, always. Home amounts are each line's amount at the
transaction's rate, rounded; what rounding leaves over is posted to Exchange Gain or Loss, as QuickBooks does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tieout.domain.money import exponent
from tieout.practice.quickbooks.figures import converted
from tieout.practice.quickbooks.store import Store


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a transaction. `home` is set where it is not `minor` at the transaction's rate."""

    account: str
    minor: int
    memo: str = ""
    party: tuple[str, str] | None = None
    klass: str | None = None
    department: str | None = None
    home: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What all postings of a transaction share."""

    kind: str
    id: str
    day: str
    currency: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as it stands in the ledger."""

    kind: str
    id: str
    line: int
    account: str
    minor: int
    currency: str
    home: int
    day: str
    party: tuple[str, str] | None
    klass: str | None
    department: str | None
    memo: str


_COLUMNS = "kind, id, line, account, minor, currency, home, day, party_kind, party, class, department, memo"
_IN_ORDER = "ORDER BY day, id, kind, line"


class Ledger:
    """Writes and sums postings."""

    def __init__(self, store: Store, home_currency: str) -> None:
        self._store = store
        self._home = home_currency

    def post(self, heading: Heading, postings: Sequence[Posting], rounding_account: str | None) -> None:
        """Replace the postings of a transaction. Unbalanced postings are a broken program."""
        self.remove(heading.kind, heading.id)
        lines = [posting for posting in self._in_home(heading, postings) if posting.minor or posting.home]
        over = sum(posting.home or 0 for posting in lines)
        assert sum(posting.minor for posting in lines) == 0, f"{heading.kind} {heading.id} does not balance"
        if over:
            assert rounding_account is not None, "a home-currency transaction cannot leave a rounding difference"
            lines.append(Posting(rounding_account, 0, "Exchange rounding", home=-over))
        self._store.run_many(
            "INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_row(heading, number, posting) for number, posting in enumerate(lines)),
        )

    def _in_home(self, heading: Heading, postings: Sequence[Posting]) -> list[Posting]:
        if heading.currency == self._home:
            return [replace(p, home=p.minor if p.home is None else p.home) for p in postings]
        places, home_places = exponent(heading.currency), exponent(self._home)
        return [
            replace(p, home=converted(p.minor, places, heading.rate, home_places) if p.home is None else p.home)
            for p in postings
        ]

    def remove(self, kind: str, identity: str) -> None:
        """Take a transaction out of the ledger (it was deleted, voided or is being posted anew)."""
        self._store.run("DELETE FROM postings WHERE kind = ? AND id = ?", (kind, int(identity)))

    def lines(self, account: str | None = None, start: str = "", end: str = "9999-12-31") -> list[Line]:
        """The postings of an account, or of all, dated from `start` to `end`, in order of date and entry."""
        chosen = "1" if account is None else "account = ?"
        values = () if account is None else (int(account),)
        statement = f"SELECT {_COLUMNS} FROM postings WHERE {chosen} AND day BETWEEN ? AND ? {_IN_ORDER}"  # noqa: S608
        return [_line(row) for row in self._store.rows(statement, (*values, start, end))]

    def balances(self, start: str = "", end: str = "9999-12-31") -> Mapping[str, int]:
        """Account Id → debit-positive balance in home minor units of what is dated from `start` to `end`."""
        rows = self._store.rows(
            "SELECT account, SUM(home) FROM postings WHERE day BETWEEN ? AND ? GROUP BY account", (start, end)
        )
        return {str(account): int(total) for account, total in rows}

    def currency_balances(self, currency: str) -> Mapping[str, int]:
        """Account Id → debit-positive balance in minor units of one currency, of postings in that currency."""
        rows = self._store.rows(
            "SELECT account, SUM(minor) FROM postings WHERE currency = ? GROUP BY account", (currency,)
        )
        return {str(account): int(total) for account, total in rows}

    def accounts_of(self, kind: str, identity: str) -> set[str]:
        """The accounts a transaction is posted to."""
        rows = self._store.rows("SELECT account FROM postings WHERE kind = ? AND id = ?", (kind, int(identity)))
        return {str(account) for (account,) in rows}

    def party_balances(self, party_kind: str, accounts: Sequence[str]) -> Mapping[str, int]:
        """Party Id → debit-positive balance on the accounts, in minor units of the party's own currency."""
        marks = ", ".join("?" * len(accounts))
        rows = self._store.rows(
            f"SELECT party, SUM(minor) FROM postings WHERE party_kind = ? AND account IN ({marks}) GROUP BY party",  # noqa: S608
            (party_kind, *map(int, accounts)),
        )
        return {str(party): int(total) for party, total in rows}


def _line(row: tuple[Any, ...]) -> Line:
    kind, identity, line, account, minor, currency, home, day, party_kind, party, klass, department, memo = row
    return Line(
        kind=kind,
        id=str(identity),
        line=line,
        account=str(account),
        minor=minor,
        currency=currency,
        home=home,
        day=day,
        party=(party_kind, str(party)) if party_kind else None,
        klass=klass,
        department=department,
        memo=memo,
    )


def _row(heading: Heading, number: int, posting: Posting) -> tuple[object, ...]:
    party_kind, party = posting.party or (None, None)
    return (
        heading.kind,
        int(heading.id),
        number,
        int(posting.account),
        posting.minor,
        heading.currency,
        posting.home,
        heading.day,
        party_kind,
        None if party is None else int(party),
        posting.klass,
        posting.department,
        posting.memo,
    )
