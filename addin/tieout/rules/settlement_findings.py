"""What drafting a settlement by orders can find beside its orders, in sentences."""

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.domain.settlement import Settlement
from tieout.rules.settled_orders import Settled


def refund_paid_from_clearing(settlement: Settlement, refund: Settled) -> Finding:
    """A refund became a refund receipt, since no invoice of its customer uses up a credit memo."""
    return Finding(
        code="refund-without-invoices",
        severity=Severity.NOTICE,
        what=(
            f"The refund of order {refund.order_id} ({-refund.received}) becomes a Refund Receipt: settlement"
            f" {settlement.settlement_id} pays its customer too few invoices to use up a Credit Memo."
        ),
        to_do="Nothing has to be done; clearing would keep the amount otherwise.",
        where=Origin(settlement.origin.file, settlement.origin.sha256, refund.first_row),
        subject=settlement.settlement_id,
    )


def deposit_date_missing(settlement: Settlement) -> Finding:
    """Payments and transfer bear the settlement's end."""
    return Finding(
        code="payment-date-missing",
        severity=Severity.NOTICE,
        what="The settlement has no deposit date, so its payments and transfer are dated the settlement's end.",
        to_do="If the bank shows another day, that is the bank's; the amount is the same.",
        where=settlement.origin,
        subject=settlement.settlement_id,
        column="deposit-date",
    )


def too_many_documents(settlement: Settlement) -> Finding:
    """There are more documents than numbers."""
    return Finding(
        code="settlement-without-numbers",
        severity=Severity.BLOCKED,
        what=f"Settlement {settlement.settlement_id} has more documents than QuickBooks' 21 characters can number.",
        to_do="Shorten the prefix of settlement numbers in Settings, or let refunds become Journal Entries.",
        where=settlement.origin,
        subject=settlement.settlement_id,
    )
