"""The sheet Orders: each order of a settlement against its document: what was settled, what that paid, and why not.

Settlements in summary have no such orders: their journal records them together.
"""

from collections.abc import Iterator, Sequence

from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.match import Match, Recorded
from tieout.rules.match_findings import reason
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.table import Column, Row, this_row

NAME = "Orders"
TABLE = "Orders"


COLUMNS = (
    Column("Order ID", 21, tone=Tone.STRONG),
    Column("Settlement", 14),
    Column("Marketplace", 12),
    Column("Currency", 9),
    Column("Recorded by", 22, help="What records the order's rows: its own document, or the settlement's journal."),
    Column("Document", 14, help="The kind of its document in QuickBooks."),
    Column("Number", 21),
    Column("Invoiced", 13, "money", help="What its document comes to."),
    Column("Paid before", 13, "money", help="What earlier settlements paid of it."),
    Column("Settled", 13, "money", help="What this settlement's rows of the order come to, fees not counted."),
    Column("Recorded", 13, "money", help="What this settlement pays of the document, or records in its journal."),
    Column(
        "Difference",
        13,
        "money",
        zero=True,
        help="Settled less recorded: booked to adjustments where it was accepted, nowhere where it was ignored.",
        formula=f"=ROUND({this_row(TABLE, 'Settled')}-{this_row(TABLE, 'Recorded')},2)",
    ),
    Column(
        "Still owed",
        13,
        "money",
        help="What is left of the document for later settlements to pay.",
        formula=f"=ROUND({this_row(TABLE, 'Invoiced')}-{this_row(TABLE, 'Paid before')}"
        f"-{this_row(TABLE, 'Recorded')},2)",
    ),
    Column("Why", 44, wrap=True),
    Column("Rows", 7, "whole"),
    Column("File row", 9, "whole", help="Its first row in Amazon's file."),
)


def rows(proofs: Sequence[SettlementProof], *, whole: bool = True) -> list[Row]:
    """One row an order; only those that differ where the lines are too many to stand one by one."""
    return [row for proof in proofs if proof.orders is not None for row in _rows(proof, proof.orders, whole=whole)]


def _rows(proof: SettlementProof, orders: OrdersDraft, *, whole: bool) -> Iterator[Row]:
    for match in orders.matches:
        row, differs = _row(proof.settlement, orders, match)
        if whole or differs:
            yield row


def _row(settlement: Settlement, orders: OrdersDraft, match: Match) -> tuple[Row, bool]:
    nothing = Money.zero(settlement.currency)
    by_document = match.by is Recorded.DOCUMENT
    paid_rows = (each.amount for each in orders.rows_paid(match))
    settled = Money.total(paid_rows, settlement.currency) if by_document else match.settled.received
    recorded = {Recorded.DOCUMENT: match.paid or nothing, Recorded.SUMMARY: settled, Recorded.NOT: nothing}[match.by]
    difference, document = settled - recorded, match.posted
    owed = document.total - document.paid - recorded if document is not None else None
    return [
        match.settled.order_id,
        settlement.settlement_id,
        settlement.marketplace,
        settlement.currency,
        str(match.by),
        document.entity if document else None,
        document.doc_number if document else None,
        document.total if document else None,
        document.paid if document else None,
        settled,
        recorded,
        difference,
        owed,
        _why(match, difference, owed),
        match.settled.rows,
        match.settled.first_row,
    ], bool(difference)


def _why(match: Match, difference: Money, owed: Money | None) -> str:
    if match.by is Recorded.NOT:
        return "A person chose to record it nowhere." if not match.posted else "It waits for a decision."
    if difference:
        return f"Accepted. {reason(match.settled, difference)}"
    return "Settled in part so far." if owed else ""
