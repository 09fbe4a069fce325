"""What matching orders with a settlement can find, in sentences."""

from typing import TYPE_CHECKING

from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.origin import Origin
from tieout.domain.settlement import Settlement
from tieout.rules.settled_orders import Settled

if TYPE_CHECKING:
    from tieout.rules.match import PostedOrder


def order_not_posted(settlement: Settlement, settled: Settled) -> Finding:
    """A settled order without a document."""
    return Finding(
        code="settled-order-not-posted",
        severity=Severity.BLOCKED,
        what=(
            f"Settlement {settlement.settlement_id} pays {settled.received} for order {settled.order_id}, which has"
            " no document in QuickBooks: it was not downloaded, or not posted."
        ),
        to_do=(
            "Download and post it, or decide in Exceptions: Post in the summary, or Ignore with a reason where"
            " somebody else recorded it."
        ),
        where=_at(settlement, settled),
        subject=settled.order_id,
    )


def order_ignored(settlement: Settlement, settled: Settled) -> Finding:
    """A settled order that somebody decided to leave out."""
    return Finding(
        code="settled-order-ignored",
        severity=Severity.NOTICE,
        what=(
            f"By your decision order {settled.order_id} ({settled.received} in settlement"
            f" {settlement.settlement_id}) is recorded by nothing of ours."
        ),
        to_do="Clearing stays short of this amount until your own record of the sale puts it there.",
        where=_at(settlement, settled),
        subject=settled.order_id,
    )


def settled_in_part(
    settlement: Settlement, settled: Settled, document: "PostedOrder", amount: Money, reason: str
) -> Finding:
    """Less was settled than the document says."""
    left = document.open - amount
    return Finding(
        code="order-settled-in-part",
        severity=Severity.NOTICE,
        what=(
            f"{document.entity} {document.doc_number} is open with {document.open}; settlement"
            f" {settlement.settlement_id} pays {amount}, {left} less. {reason}"
        ),
        to_do=(
            "Another settlement may pay the rest, as when it ships in two parcels; if none does, choose Accept the"
            " difference."
        ),
        where=_at(settlement, settled),
        subject=settled.order_id,
    )


def settled_otherwise(
    settlement: Settlement, settled: Settled, document: "PostedOrder", amount: Money, reason: str
) -> Finding:
    """More was settled than the document says, or less than nothing."""
    difference = amount - document.open
    return Finding(
        code="order-settled-otherwise",
        severity=Severity.BLOCKED,
        what=(
            f"{document.entity} {document.doc_number} is open with {document.open}; settlement"
            f" {settlement.settlement_id} pays {amount}, {difference} apart. {reason}"
        ),
        to_do="Download the order and replace its document, or choose Accept the difference in Exceptions.",
        where=_at(settlement, settled),
        subject=settled.order_id,
    )


def withheld_after_all(settlement: Settlement, settled: Settled, document: "PostedOrder") -> Finding:
    """The document puts tax on the seller's return that Amazon withheld and pays itself."""
    return Finding(
        code="tax-withheld-after-all",
        severity=Severity.BLOCKED,
        what=(
            f"{document.entity} {document.doc_number} has {document.own_tax or settled.tax} of tax as yours;"
            f" settlement {settlement.settlement_id} shows that Amazon withheld {-settled.withheld} and pays it."
        ),
        to_do="Undo the document and post it again with a tax code for sales whose tax Amazon pays (Tax Codes).",
        where=_at(settlement, settled),
        subject=settled.order_id,
    )


def other_currency(settlement: Settlement, settled: Settled, document: "PostedOrder") -> Finding:
    """The document is in another currency than the settlement."""
    return Finding(
        code="order-settled-in-other-currency",
        severity=Severity.BLOCKED,
        what=(
            f"{document.entity} {document.doc_number} is in {document.total.currency}; settlement"
            f" {settlement.settlement_id} pays it in {settlement.currency}."
        ),
        to_do="Undo the document, download the order again and post it.",
        where=_at(settlement, settled),
        subject=settled.order_id,
    )


def reason(settled: Settled, difference: Money) -> str:
    """Why the amounts differ, as far as the settlement's own lines tell."""
    if settled.tax and difference == settled.tax + settled.withheld:
        return f"The difference is tax that Amazon did not withhold: {difference}."
    if settled.withheld and difference == settled.withheld:
        return f"The difference is tax that Amazon withheld: {-difference}."
    told = ", ".join(
        f"{kind.amount_type} {kind.amount_description} {amount.decimal}" for kind, amount in settled.by_kind if amount
    )
    return f"Settled were {told or 'lines of zero only'}."


def _at(settlement: Settlement, settled: Settled) -> Origin:
    return Origin(settlement.origin.file, settlement.origin.sha256, settled.first_row)
