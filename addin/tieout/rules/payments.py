"""The payments of a settlement: each customer's invoices paid into clearing, its credit memos used up on the way.

A credit memo stands in receivables; what brings its money out of clearing is a payment that is smaller by it. So a
customer's credit memos are used up by the invoices that the same settlement pays. What its invoices can't use up
becomes a refund receipt, paid from clearing: a credit left open would leave clearing too high.
"""

from collections.abc import Iterator, Mapping, Sequence

from tieout.domain.money import Money
from tieout.domain.payment import Payment, Settles
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.sale import Sale, SaleKind
from tieout.domain.settlement import Settlement
from tieout.limits import QUICKBOOKS_PAYMENT_LINES_MAX
from tieout.rules.match import Match
from tieout.rules.settled_orders import Settled
from tieout.rules.settlement_memo import deposit_day, memo
from tieout.rules.settlement_numbers import Letter, settlement_number


def invoices_paid(matches: Sequence[Match]) -> dict[str, list[Settles]]:
    """The invoices that the settlement pays, by customer; sales receipts were paid when they were made."""
    found: dict[str, list[Settles]] = {}
    for match in matches:
        document, paid = match.posted, match.paid
        if document is None or paid is None or not paid or document.entity != SaleKind.INVOICE:
            continue
        found.setdefault(document.customer, []).append(Settles(document.entity, document.doc_number, paid))
    return found


def refund_kinds(
    refunds: Sequence[tuple[Settled, str]], invoices: Mapping[str, Sequence[Settles]], kind: SaleKind, currency: str
) -> tuple[SaleKind, ...]:
    """The kind of each refund's document, as wanted, or a refund receipt where nothing would use up the credit."""
    left = {customer: Money.total((each.amount for each in paid), currency) for customer, paid in invoices.items()}
    kinds = []
    for refund, customer in refunds:
        after = left.get(customer, Money.zero(currency)) + refund.received
        uses_up = kind is SaleKind.CREDIT_MEMO and after.minor >= 0
        if uses_up:
            left[customer] = after
        kinds.append(SaleKind.CREDIT_MEMO if uses_up else SaleKind.REFUND_RECEIPT)
    return tuple(kinds)


def payments_of(
    settlement: Settlement,
    settings: PostingSettings,
    clearing: str,
    invoices: Mapping[str, Sequence[Settles]],
    refunds: Sequence[Sale],
) -> tuple[Payment, ...]:
    """A payment for each customer, several where there are more lines than one request should carry."""
    memos: dict[str, list[Settles]] = {}
    for sale in refunds:
        if sale.kind is SaleKind.CREDIT_MEMO and sale.total:
            memos.setdefault(sale.customer, []).append(Settles(sale.entity, sale.doc_number, sale.total))
    payments: list[Payment] = []
    for customer in sorted(invoices):
        for settles in _pieces(invoices[customer], memos.get(customer, []), settlement.currency):
            payments.append(
                Payment(
                    doc_number=settlement_number(
                        settings.settlement_prefix, settlement.settlement_id, len(payments) + 1, Letter.PAYMENT
                    ),
                    day=deposit_day(settlement),
                    currency=settlement.currency,
                    customer=customer,
                    deposit_to=clearing,
                    memo=memo(settlement, f"orders paid, {customer}"),
                    settles=settles,
                    subject=settlement.settlement_id,
                    marketplace=settlement.marketplace,
                    location=settings.location,
                )
            )
    return tuple(payments)


def _pieces(invoices: Sequence[Settles], memos: Sequence[Settles], currency: str) -> Iterator[tuple[Settles, ...]]:
    """Invoices and credit memos in pieces that are not negative; each credit follows the invoices that use it up.

    A credit is shared where it is larger than what is left. A piece ends at the bound, once no credit could go on.
    """
    unpaid, unused = list(reversed(invoices)), list(reversed(memos))
    piece: list[Settles] = []
    left = 0
    while unpaid or (unused and left):
        if unused and left:
            credit = unused.pop()
            used = min(credit.amount.minor, left)
            piece.append(Settles(credit.entity, credit.doc_number, Money(used, currency)))
            left -= used
            if used < credit.amount.minor:
                over = Money(credit.amount.minor - used, currency)
                unused.append(Settles(credit.entity, credit.doc_number, over))
        else:
            piece.append(unpaid.pop())
            left += piece[-1].amount.minor
        if len(piece) >= QUICKBOOKS_PAYMENT_LINES_MAX and not (unused and left):
            yield _joined(piece)
            piece, left = [], 0
    if piece:
        yield _joined(piece)
    assert not unused, "refund_kinds leaves no credit that the invoices can't use up"


def _joined(piece: Sequence[Settles]) -> tuple[Settles, ...]:
    """A piece with each document on one line: invoices first, as they came, then the credit memos."""
    joined: dict[tuple[str, str], Settles] = {}
    for each in sorted(piece, key=lambda settles: settles.entity != SaleKind.INVOICE):
        known = joined.get((each.entity, each.doc_number))
        amount = each.amount + known.amount if known else each.amount
        joined[each.entity, each.doc_number] = Settles(each.entity, each.doc_number, amount)
    return tuple(joined.values())
