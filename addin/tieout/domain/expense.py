"""What Amazon charges as documents of a vendor: an expense or a check paid from an account, or a bill."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.domain.settlement import LineSum


class ExpenseKind(StrEnum):
    """The kind of document, in QuickBooks' words."""

    EXPENSE = "Expense"
    CHECK = "Check"
    BILL = "Bill"


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """A line on an account: positive costs, negative gives back. `sources` are the settlement lines behind it."""

    account: str
    group: Group
    description: str
    amount: Money
    tax_code: str = ""
    class_name: str = ""
    sources: tuple[LineSum, ...] = field(default=(), compare=False)

    @property
    def rows(self) -> int:
        """How many settlement lines it stands for."""
        return sum(source.rows for source in self.sources)


@dataclass(frozen=True, slots=True)
class Expense:
    """A vendor's document of one currency; its total is never negative (ValueError).

    `paid_from` names the account that an expense or check is paid from, and later a bill.
    """

    kind: ExpenseKind
    doc_number: str
    day: date
    currency: str
    vendor: str
    paid_from: str
    memo: str
    lines: tuple[ExpenseLine, ...]
    subject: str
    marketplace: str = ""
    location: str = ""

    def __post_init__(self) -> None:
        if self.total.minor < 0:
            raise ValueError(f"{self.doc_number} comes to {self.total}; what a vendor gives back is no expense")

    @property
    def entity(self) -> str:
        """Its kind in QuickBooks: a Bill, or a Purchase."""
        return "Bill" if self.kind is ExpenseKind.BILL else "Purchase"

    @property
    def total(self) -> Money:
        """What it costs."""
        return Money.total((line.amount for line in self.lines), self.currency)

    @property
    def posted_lines(self) -> tuple[ExpenseLine, ...]:
        """The lines that are sent: those with an amount."""
        return tuple(line for line in self.lines if line.amount)
