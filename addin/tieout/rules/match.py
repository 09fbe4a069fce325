"""Orders against settlements: what each document of an order is paid, what differs and why, what nobody recorded.

A settlement never waits for orders (docs/posting-orders.md): one that was not downloaded, or is to have no document,
is recorded in the settlement's journal, and a notice says so; or the setting asks about each. One that waits to be
posted blocks, since it would be revenue twice once it is. One that is settled otherwise than it was invoiced is an
exception with choices. What a person decided stays told, so that the decision stays on its sheet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.posting_settings import OrdersNotDownloaded
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


@dataclass(frozen=True, slots=True)
class Undocumented:
    """A downloaded order without a document: whether posting orders would make one; if not, `why` ("cancelled").

    `recorded_by` is the posted settlement whose journal holds it: it then gets no document (rule 10).
    """

    may_post: bool
    why: str = ""
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class OrdersKnown:
    """What is known of a settlement's orders beside the settlement.

    `posted` are their documents in the books, `undocumented` the downloaded ones without, both by order id; an order
    in neither was never downloaded. `decisions` are a person's, by order id; with `all_in_summary` that person chose
    the summary for every order that waits. `is_posted` tells that the settlement stands in the books already: what
    has no document is in its journal.
    """

    posted: Mapping[str, PostedOrder] = field(default_factory=dict)
    undocumented: Mapping[str, Undocumented] = field(default_factory=dict)
    decisions: Mapping[str, OrderDecision] = field(default_factory=dict)
    all_in_summary: bool = False
    is_posted: bool = False


def match_orders(
    settlement: Settlement, orders: Iterable[Settled], known: OrdersKnown, not_downloaded: OrdersNotDownloaded
) -> tuple[tuple[Match, ...], tuple[Finding, ...]]:
    """Each order of a settlement with its document or decision, and what has to be said or decided."""
    matches: list[Match] = []
    findings: list[Finding] = []
    waiting: list[Settled] = []
    summed: list[tuple[Settled, str]] = []
    for settled in orders:
        document = known.posted.get(settled.order_id)
        decision = known.decisions.get(settled.order_id)
        finding: Finding | None = None
        if document is not None:
            match, finding = _with_document(settlement, settled, document, decision)
        elif not settled.price and not settled.withheld:  # a replacement, or rows that cancel: nothing to record
            match = Match(settled, Recorded.SUMMARY)
        elif decision in {OrderDecision.SUMMARY, OrderDecision.IGNORE}:
            match, finding = _decided(settlement, settled, decision)
        elif _waits(settlement, settled, known):
            match = Match(settled, Recorded.SUMMARY if known.all_in_summary or known.is_posted else Recorded.NOT)
            waiting.append(settled)
        elif not_downloaded is OrdersNotDownloaded.ASK and not known.is_posted:
            match, finding = Match(settled, Recorded.NOT), say.order_not_posted(settlement, settled)
        else:
            match = Match(settled, Recorded.SUMMARY)
            summed.append((settled, _why(settled, known)))
        matches.append(match)
        findings += [finding] if finding is not None else []
    return tuple(matches), (*findings, *_of_all(settlement, waiting, summed, known))


def _waits(settlement: Settlement, settled: Settled, known: OrdersKnown) -> bool:
    """Whether an order would get a document if orders were posted now and this settlement were not."""
    found = known.undocumented.get(settled.order_id)
    return found is not None and found.may_post and found.recorded_by in {"", settlement.settlement_id}


def _why(settled: Settled, known: OrdersKnown) -> str:
    found = known.undocumented.get(settled.order_id)
    if found is None:
        return say.NOT_DOWNLOADED
    return found.why or f"recorded by settlement {found.recorded_by}"


def _of_all(
    settlement: Settlement, waiting: Sequence[Settled], summed: Sequence[tuple[Settled, str]], known: OrdersKnown
) -> tuple[Finding, ...]:
    """What is said once for all of a settlement's orders without documents."""
    found: list[Finding] = []
    if waiting:
        found.append(say.orders_wait(settlement, waiting, in_summary=known.all_in_summary or known.is_posted))
    if summed:
        found.append(say.orders_in_summary(settlement, summed))
    return tuple(found)


def _decided(settlement: Settlement, settled: Settled, decision: OrderDecision | None) -> tuple[Match, Finding]:
    if decision is OrderDecision.SUMMARY:
        return Match(settled, Recorded.SUMMARY), say.order_in_summary(settlement, settled)
    return Match(settled, Recorded.NOT), say.order_ignored(settlement, settled)


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
    reason = say.reason(settled, difference)
    in_part = 0 <= amount.minor < document.open.minor
    told = (say.settled_in_part if in_part else say.settled_otherwise)(settlement, settled, document, amount, reason)
    if decision is OrderDecision.ACCEPT:
        accepted = Match(settled, Recorded.DOCUMENT, document, document.open, difference, holds_tax)
        return accepted, say.accepted(told)
    if in_part:
        return Match(settled, Recorded.DOCUMENT, document, amount, nothing, holds_tax), told
    return Match(settled, Recorded.DOCUMENT, document, None, difference, holds_tax), told


def _holds_withheld_tax(settled: Settled, document: PostedOrder) -> bool:
    """Whether the document's total holds the tax that Amazon withheld: it is what the buyer paid, tax and all."""
    return bool(document.own_tax) or document.total == settled.price
