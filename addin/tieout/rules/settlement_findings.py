"""What drafting a settlement by orders can find beside its orders, in sentences."""

from collections.abc import Sequence

from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.rules.settled_orders import Settled, named_orders


def refunds_paid_from_clearing(settlement: Settlement, refunds: Sequence[Settled]) -> Finding:
    """Refunds became refund receipts, since no invoice of their customer uses up a credit memo."""
    given = -Money.total((refund.received for refund in refunds), settlement.currency)
    counted = f"{len(refunds):,} {'refund' if len(refunds) == 1 else 'refunds'}"
    becomes = "becomes a Refund Receipt" if len(refunds) == 1 else "become Refund Receipts"
    return Finding(
        code="refund-without-invoices",
        severity=Severity.NOTICE,
        what=(
            f"{counted} of settlement {settlement.settlement_id} ({given}) {becomes}: it pays too few invoices of the"
            f" same customer to use up a Credit Memo. Orders {named_orders(refunds)}."
        ),
        to_do="Nothing has to be done; clearing would keep the amount otherwise.",
        where=settlement.origin,
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
