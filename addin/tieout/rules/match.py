"""Orders against settlements: what each document of an order is paid, what differs and why, what nobody recorded.

A settlement never waits for orders: one that was not downloaded, or that is settled otherwise than it was invoiced,
is an exception with choices (DESIGN section 7). Without a decision nothing of the settlement posts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.rules import match_findings as say
from tieout.rules.settled_orders import Settled


class OrderDecision(StrEnum):
    """What a person decided of an order's exception, in the words of the sheet Exceptions."""

    DOWNLOAD = "Download it"
    SUMMARY = "Post in the summary"
    ACCEPT = "Accept the difference"
    REPLACE = "Replace the posting"
    WAIT = "Wait"
    IGNORE = "Ignore"


@dataclass(frozen=True, slots=True)
class PostedOrder:
    """A document of an order that stands in the books.

    `own_tax` is tax told as the seller's that its total holds, on top or in a line of its own; `tax_on_return`
    whether the books' own tax account has it, so that it stands on a return; `paid` what earlier settlements paid.
    """

    order_id: str
    entity: str
    doc_number: str
    customer: str
    total: Money
    own_tax: Money
    tax_on_return: bool
    paid: Money

    @property
    def open(self) -> Money:
        """What is left to be paid of it."""
        return self.total - self.paid


class Recorded(StrEnum):
    """By what an order's lines of a settlement are recorded."""

    DOCUMENT = "its own document"
    SUMMARY = "the settlement's journal"
    NOT = "nothing of ours"


@dataclass(frozen=True, slots=True)
class Match:
    """An order of a settlement and what becomes of its lines.

    With `by` DOCUMENT: `paid` pays `posted`; `difference` (settled less paid) goes to adjustments; `withheld` are
    lines that are posted beside it, because its document holds the tax that Amazon withheld.
    """

    settled: Settled
    by: Recorded
    posted: PostedOrder | None = None
    paid: Money | None = None
    difference: Money | None = None
    withheld_beside: bool = False


def match_orders(
    settlement: Settlement,
    orders: Iterable[Settled],
    posted: Mapping[str, PostedOrder],
    decisions: Mapping[str, OrderDecision],
) -> tuple[tuple[Match, ...], tuple[Finding, ...]]:
    """Each order of a settlement with its document or decision, and what has to be said or decided."""
    matches: list[Match] = []
    findings: list[Finding] = []
    for settled in orders:
        document = posted.get(settled.order_id)
        decision = decisions.get(settled.order_id)
        if document is not None:
            match, finding = _with_document(settlement, settled, document, decision)
        else:
            match, finding = _without_document(settlement, settled, decision)
        matches.append(match)
        findings += [finding] if finding is not None else []
    return tuple(matches), tuple(findings)


def _without_document(
    settlement: Settlement, settled: Settled, decision: OrderDecision | None
) -> tuple[Match, Finding | None]:
    if not settled.price and not settled.withheld:  # a replacement, or rows that cancel: nothing to record
        return Match(settled, Recorded.SUMMARY), None
    if decision is OrderDecision.SUMMARY:
        return Match(settled, Recorded.SUMMARY), None
    if decision is OrderDecision.IGNORE:
        return Match(settled, Recorded.NOT), say.order_ignored(settlement, settled)
    return Match(settled, Recorded.NOT), say.order_not_posted(settlement, settled)


def _with_document(
    settlement: Settlement, settled: Settled, document: PostedOrder, decision: OrderDecision | None
) -> tuple[Match, Finding | None]:
    if document.total.currency != settlement.currency:
        return Match(settled, Recorded.DOCUMENT, document), say.other_currency(settlement, settled, document)
    holds_tax = bool(settled.withheld) and _holds_withheld_tax(settled, document)
    if holds_tax and document.tax_on_return:
        return Match(settled, Recorded.DOCUMENT, document), say.withheld_after_all(settlement, settled, document)
    amount = settled.price if holds_tax else settled.received
    difference = amount - document.open
    nothing = Money.zero(settlement.currency)
    if not difference:
        return Match(settled, Recorded.DOCUMENT, document, amount, nothing, holds_tax), None
    if decision is OrderDecision.ACCEPT:
        return Match(settled, Recorded.DOCUMENT, document, document.open, difference, holds_tax), None
    reason = say.reason(settled, difference)
    if 0 <= amount.minor < document.open.minor:
        paid = Match(settled, Recorded.DOCUMENT, document, amount, nothing, holds_tax)
        return paid, say.settled_in_part(settlement, settled, document, amount, reason)
    differs = Match(settled, Recorded.DOCUMENT, document, None, difference, holds_tax)
    return differs, say.settled_otherwise(settlement, settled, document, amount, reason)


def _holds_withheld_tax(settled: Settled, document: PostedOrder) -> bool:
    """Whether the document's total holds the tax that Amazon withheld: it is what the buyer paid, tax and all."""
    return bool(document.own_tax) or document.total == settled.price
