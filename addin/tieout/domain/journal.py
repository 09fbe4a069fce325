"""A journal: a balanced draft. One that does not balance can't be made.

A correction is a linked reversing journal, never an edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.domain.settlement import LineSum


class Side(StrEnum):
    """The side of a journal line."""

    DEBIT = "Debit"
    CREDIT = "Credit"

    @property
    def other(self) -> "Side":
        """The other side."""
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: side, an amount that is never negative, account by name, group.

    `sources` are the sums of settlement lines it stands for (empty for lines that balance the draft), so that it
    can be traced to rows. A line of zero is legal: its rows cancel, it is shown, and it is not sent.
    """

    side: Side
    amount: Money
    account: str
    group: Group
    description: str
    tax_code: str = ""
    class_name: str = ""
    sources: tuple[LineSum, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.amount.minor < 0:
            raise ValueError("a journal line's amount is never negative; its side says the direction")

    @property
    def rows(self) -> int:
        """How many settlement lines it stands for."""
        return sum(source.rows for source in self.sources)

    @property
    def signed_minor(self) -> int:
        """Debit positive, credit negative, in minor units."""
        return self.amount.minor if self.side is Side.DEBIT else -self.amount.minor


class Unbalanced(ValueError):
    """Debits and credits differ; there is no rounding plug."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A balanced journal of one currency, not sent.

    `doc_number` is its identity in QuickBooks (at most 21 characters); `key` what it is posted for: settlement
    id and part ("24288684721", "2 of 3"); `reverses` the doc number of the journal that it takes back; `location` is
    that of all its lines.
    """

    doc_number: str
    day: date
    currency: str
    memo: str
    lines: tuple[JournalLine, ...]
    settlement_id: str
    part: int = 1
    parts: int = 1
    marketplace: str = ""
    reverses: str = ""
    location: str = ""

    def __post_init__(self) -> None:
        if any(line.amount.currency != self.currency for line in self.lines):
            raise Unbalanced(f"{self.doc_number} has lines in another currency than {self.currency}")
        if sum(line.signed_minor for line in self.lines) != 0:
            raise Unbalanced(f"{self.doc_number}: debits {self.debits} and credits {self.credits} differ")

    @property
    def debits(self) -> Money:
        """The sum of its debits."""
        return self._sum(Side.DEBIT)

    @property
    def credits(self) -> Money:
        """The sum of its credits."""
        return self._sum(Side.CREDIT)

    @property
    def posted_lines(self) -> tuple[JournalLine, ...]:
        """The lines that are sent: those with an amount."""
        return tuple(line for line in self.lines if line.amount)

    def _sum(self, side: Side) -> Money:
        return Money.total((line.amount for line in self.lines if line.side is side), self.currency)


def reverse(journal: Journal, doc_number: str, day: date) -> Journal:
    """The journal that takes `journal` back: every line on the other side, linked by `reverses`."""
    lines = tuple(replace(line, side=line.side.other) for line in journal.lines)
    return replace(
        journal,
        doc_number=doc_number,
        day=day,
        lines=lines,
        memo=f"Reverses {journal.doc_number}. {journal.memo}",
        reverses=journal.doc_number,
    )


def as_text(journals: Sequence[Journal]) -> str:
    """The canonical text of journals, for golden files, logs and previews; the same journals, the same bytes."""
    return "\n".join(_journal_text(journal) for journal in journals)


def _journal_text(journal: Journal) -> str:
    head = f"{journal.day.isoformat()} {journal.doc_number} {journal.currency} | {journal.memo}"
    head += f" | location {journal.location}" if journal.location else ""
    lines = [
        f"  {line.side.value:<6} {line.amount.decimal:>14}  {line.account} [{line.group}]"
        f" | {line.description} | rows {line.rows}"
        + (f" | tax {line.tax_code}" if line.tax_code else "")
        + (f" | class {line.class_name}" if line.class_name else "")
        for line in journal.lines
    ]
    return "\n".join([head, *lines, f"  total  {journal.debits.decimal:>14} = {journal.credits.decimal}"]) + "\n"
