"""A settlement: Amazon's account of about two weeks, its total being what reaches the bank.

Bulk stays in columns (`SettlementLines`, made by tieout.parse); rules look at its distinct kinds, a few hundred
at most, and at sums that the columns give. Source: Amazon, "Flat File V2 Settlement Report" attributes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tieout.domain.calendar import Month
from tieout.domain.money import Money
from tieout.domain.origin import Origin


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What a settlement line is: Amazon's three words for it and the marketplace it names (raw, may be empty)."""

    transaction_type: str
    amount_type: str
    amount_description: str
    marketplace_name: str = ""

    def folded(self) -> tuple[str, str, str]:
        """The three words in the form that mappings compare: case-folded, outer space gone, inner runs one space."""
        return (
            _fold(self.transaction_type),
            _fold(self.amount_type),
            _fold(self.amount_description),
        )

    def __str__(self) -> str:
        return f"{self.transaction_type} / {self.amount_type} / {self.amount_description}"


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class LineSum:
    """The lines of one kind, posted in one month: how many, their sum, the first of them.

    `facilitated` tells the lines of orders on which Amazon withheld the tax from the rest (rule 8).
    """

    kind: Kind
    month: Month
    facilitated: bool
    rows: int
    amount: Money
    first_row: int


@dataclass(frozen=True, slots=True)
class DaySum:
    """The lines of one kind that Amazon dates on one UTC day, whatever clock decides their month."""

    kind: Kind
    day: date
    rows: int
    amount: Money


@dataclass(frozen=True, slots=True)
class OrderSum:
    """The sum over some kinds of one order's lines; `first_row` is the first of them."""

    order_id: str
    amount: Money
    rows: int
    first_row: int


@dataclass(frozen=True, slots=True)
class OrderKindSum:
    """The lines of one order that are of one kind and month; `last_day` is that of the last of them."""

    order_id: str
    kind: Kind
    month: Month
    amount: Money
    rows: int
    first_row: int
    last_day: date


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One line of a settlement with everything the file says of it, for sheets and proofs.

    `fields` holds every column of the file by its name, as text, in the file's order.
    """

    row: int
    kind: Kind
    amount: Money
    posted: date
    order_id: str
    sku: str
    fields: tuple[tuple[str, str], ...]


class SettlementLines(Protocol):
    """The lines of one settlement, in columns. Rows are the file's line numbers, the header being line 1."""

    def __len__(self) -> int:
        """How many lines, the summary row not counted."""
        ...

    def kinds(self) -> tuple[Kind, ...]:
        """The distinct kinds, in the order of their first row."""
        ...

    def orders_with(self, kinds: frozenset[Kind]) -> frozenset[str]:
        """The ids of the orders that have a line of one of `kinds`."""
        ...

    def order_sums(self, kinds: frozenset[Kind], *, nonzero_only: bool = False) -> Iterator[OrderSum]:
        """The sum of each order's lines of `kinds`, in the order of their first row; blank order ids left out.

        `nonzero_only` leaves out the orders whose lines cancel, before a record is made of any.
        """
        ...

    def order_kind_sums(self, kinds: frozenset[Kind]) -> Iterator[OrderKindSum]:
        """The sums of each order's lines of `kinds`, by kind and month, in any order; blank order ids left out.

        One kind can come twice for an order and month; the sums then add up.
        """
        ...

    def sums(self, facilitated_orders: frozenset[str], facilitated_kinds: frozenset[Kind]) -> tuple[LineSum, ...]:
        """Lines summed by kind, month and whether they are of `facilitated_kinds` and of a facilitated order.

        Together they hold every line exactly once.
        """
        ...

    def day_sums(self) -> Iterator[DaySum]:
        """Lines summed by kind and UTC day; together they hold every line exactly once."""
        ...

    def rows_of(
        self,
        kind: Kind,
        month: Month,
        facilitated: bool,
        facilitated_orders: frozenset[str],
        facilitated_kinds: frozenset[Kind],
    ) -> Sequence[int]:
        """The row numbers behind one `LineSum`, rising."""
        ...

    def lines(self) -> Iterator[SettlementLine]:
        """Every line whole, in the file's order."""
        ...


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement as read and proved: `sum_of_rows` equals `total`, or there is a finding that says by how much.

    `marketplace` is the country code of the account it belongs to (from --country, the names seen in its lines,
    or its currency); `time_zone` decides a line's month. `start`, `end` and `deposit` are aware moments;
    `deposit` may be missing. `layout` is "v2" or "v1".
    """

    origin: Origin
    settlement_id: str
    marketplace: str
    marketplace_names: tuple[str, ...]
    time_zone: str
    currency: str
    start: datetime
    end: datetime
    deposit: datetime | None
    total: Money
    sum_of_rows: Money
    layout: str
    lines: SettlementLines

    @property
    def difference(self) -> Money:
        """Total less the sum of rows: zero in every file that Amazon made."""
        return self.total - self.sum_of_rows
