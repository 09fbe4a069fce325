"""What matching orders with a settlement can find, in sentences."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.origin import Origin
from tieout.domain.settlement import Settlement
from tieout.rules.settled_orders import Settled, named_orders

if TYPE_CHECKING:
    from tieout.rules.match import PostedOrder

NOT_DOWNLOADED = "not downloaded"


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
    """The same order, which somebody decided to leave out."""
    return replace(
        order_not_posted(settlement, settled),
        severity=Severity.NOTICE,
        what=(
            f"By your decision order {settled.order_id} ({settled.received} in settlement"
            f" {settlement.settlement_id}) is recorded by nothing of ours."
        ),
        to_do="Clearing stays short of this amount until your own record of the sale puts it there.",
    )


def order_in_summary(settlement: Settlement, settled: Settled) -> Finding:
    """The same order, which somebody decided to post in the summary."""
    return replace(
        order_not_posted(settlement, settled),
        severity=Severity.NOTICE,
        what=(
            f"By your decision order {settled.order_id} ({settled.received}) is recorded in the journal of settlement"
            f" {settlement.settlement_id}."
        ),
        to_do="Nothing has to be done.",
    )


def orders_in_summary(settlement: Settlement, orders: Sequence[tuple[Settled, str]]) -> Finding:
    """Orders that have no document, and why each has none; they are recorded by the settlement."""
    reasons = Counter(why for _, why in orders)
    told = "; ".join(f"{count:,} {why}" for why, count in sorted(reasons.items()))
    is_one = len(orders) == 1
    return Finding(
        code="settled-orders-in-summary",
        severity=Severity.NOTICE,
        what=(
            f"{len(orders):,} {'order' if is_one else 'orders'} of settlement {settlement.settlement_id}"
            f" ({_received([settled for settled, _ in orders])}) {'has' if is_one else 'have'} no document in"
            f" QuickBooks ({told}) and {'is' if is_one else 'are'} recorded in the settlement's journal:"
            f" {named_orders([settled for settled, _ in orders])}."
        ),
        to_do=(
            "Nothing has to be done. If they should be documents of their own: undo the settlement if it is posted,"
            " download the orders, post them, and post the settlement again."
        ),
        where=settlement.origin,
        subject=settlement.settlement_id,
    )


def orders_wait(settlement: Settlement, orders: Sequence[Settled], *, in_summary: bool) -> Finding:
    """Orders that are downloaded and not posted; with `in_summary` the settlement records them all the same."""
    is_one = len(orders) == 1
    counted = f"{len(orders):,} {'order' if is_one else 'orders'}"
    finding = Finding(
        code="settled-orders-not-posted",
        severity=Severity.BLOCKED,
        what=(
            f"{counted} of settlement {settlement.settlement_id} ({_received(orders)})"
            f" {'is' if is_one else 'are'} downloaded and not in QuickBooks yet: {named_orders(orders)}."
        ),
        to_do=(
            "Press Post to QuickBooks for the orders first (on Errors, and on Archive where one was undone, tick"
            " them); or choose Post in the summary on Exceptions."
        ),
        where=settlement.origin,
        subject=settlement.settlement_id,
    )
    if not in_summary:
        return finding
    return replace(
        finding,
        severity=Severity.NOTICE,
        what=(
            f"By your decision {counted} of settlement {settlement.settlement_id} ({_received(orders)})"
            f" {'is' if is_one else 'are'} recorded in the settlement's journal: {named_orders(orders)}."
        ),
        to_do="Nothing has to be done; no document is made of them while the settlement stands.",
    )


def accepted(differs: Finding) -> Finding:
    """A difference that somebody accepted."""
    return replace(
        differs,
        severity=Severity.NOTICE,
        what=f"{differs.what} By your decision the difference goes to adjustments.",
        to_do="Nothing has to be done.",
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


def _received(orders: Sequence[Settled]) -> Money:
    return Money.total((settled.received for settled in orders), orders[0].received.currency)
