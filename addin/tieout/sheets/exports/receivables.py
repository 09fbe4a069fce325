"""The sheet Receivables: orders that are posted and that no settlement has paid in full yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tieout.domain.money import Money
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.table import Column, Row, this_row

NAME = "Receivables"
TABLE = "Receivables"


@dataclass(frozen=True, slots=True)
class Receivable:
    """A posted invoice of an order: what it comes to, and what settlements have paid of it."""

    order_id: str
    marketplace: str
    document: str
    doc_number: str
    day: date | None
    total: Money
    paid: Money

    @property
    def open(self) -> Money:
        """What is still owed."""
        return self.total - self.paid


COLUMNS = (
    Column("Order ID", 21, tone=Tone.STRONG),
    Column("Marketplace", 12),
    Column("Document", 14),
    Column("Number", 21),
    Column("Date", 11, "day"),
    Column("Currency", 9),
    Column("Invoiced", 14, "money"),
    Column("Paid", 14, "money", help="What the payments of posted settlements have paid of it."),
    Column(
        "Open",
        14,
        "money",
        help="What Amazon still owes of it: settled later, or never.",
        formula=f"=ROUND({this_row(TABLE, 'Invoiced')}-{this_row(TABLE, 'Paid')},2)",
    ),
)


def rows(receivables: Sequence[Receivable]) -> list[Row]:
    """One row an order, the oldest first."""
    ordered = sorted(receivables, key=lambda one: (one.day or date.min, one.order_id))
    return [
        [
            *(one.order_id, one.marketplace, one.document, one.doc_number, one.day, one.total.currency),
            *(one.total, one.paid, one.open),
        ]
        for one in ordered
    ]
