"""What a press needs to know of orders: settings, status filters, tax codes, and what settlements say of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tieout.commands.post_documents import standing_postings
from tieout.commands.post_orders import OrderBook
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.order_book import decide_order, order_book
from tieout.commands.presses.order_documents import orders_with_documents
from tieout.commands.presses.press import Press
from tieout.commands.presses.settlement_files import documents_of
from tieout.commands.review_settlements import read_settlements
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.settlement import Kind, Settlement
from tieout.rules.draft_order import OrderFacts
from tieout.rules.mapping import Mapped
from tieout.rules.mapping import Mapping as FeeMapping
from tieout.rules.order_kinds import order_kinds
from tieout.rules.order_status import Decision
from tieout.rules.revenue_once import orders_in_summary
from tieout.rules.settlement_memo import deposit_day
from tieout.sheets.order_rows import PaidOrder


@dataclass(frozen=True, slots=True)
class OrderChoices:
    """What the sheets and the store say before orders are looked at.

    `paid` is what settlements paid, by order id; with a finding in `blocking` nothing is to be drafted.
    """

    choices: Choices
    book: OrderBook
    paid: Mapping[str, PaidOrder]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What forbids drafting."""
        return tuple(one for one in self.findings if one.stops)

    def decide(self, order: Order) -> Decision:
        """What is done with an order by Status Filters."""
        return decide_order(self.choices, order, settled=order.order_id in self.paid)

    def settled_in(self, order_ids: Iterable[str]) -> dict[str, str]:
        """The settlement that paid last of each of some orders."""
        return {one: self.paid[one].settlement_id for one in order_ids if one in self.paid}

    @property
    def settings(self) -> PostingSettings:
        """The posting settings."""
        return self.choices.posting


def read_order_choices(press: Press) -> OrderChoices:
    """Read what posting orders depends on."""
    choices = read_choices(press)
    settled = _of_settlements(press, choices)
    return OrderChoices(
        choices=choices,
        book=order_book(press, choices, settled.in_summary, settled.facts),
        paid=settled.paid,
        findings=tuple(dict.fromkeys((*choices.settings.findings, *choices.filters.findings, *choices.of_orders))),
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """What settlements paid, by order id, with what they tell of it for its document; and the posted settlements
    whose journal records an order (rule 10): by either method it holds the orders without a document of their own.
    """

    paid: Mapping[str, PaidOrder]
    facts: Mapping[str, OrderFacts]
    in_summary: Mapping[str, str]


def _of_settlements(press: Press, choices: Choices) -> _Settled:
    own = orders_with_documents(press)
    documents, _ = documents_of(press, press.store.settlements.all())
    read = read_settlements(documents, choices.settings.settlements, press.tell)
    paid: dict[str, PaidOrder] = {}
    facts: dict[str, OrderFacts] = {}
    in_summary: dict[str, str] = {}
    for settlement in sorted(read.settlements, key=lambda one: one.end):
        _, mapping = choices.source.for_country(settlement.marketplace)
        kinds = order_kinds(_mapped(settlement, mapping))
        deposited = OrderFacts(deposit_day=deposit_day(settlement))
        prices = {found.order_id: found.amount for found in settlement.lines.order_sums(kinds.sale)}
        for found in settlement.lines.order_sums(kinds.sale | kinds.sale_withheld):
            before, price = paid.get(found.order_id), prices.get(found.order_id)
            paid[found.order_id] = PaidOrder(
                settlement.settlement_id,
                _with_earlier(found.amount, before.amount if before is not None else None),
                _with_earlier(price, before.price if before is not None else None) if price is not None else None,
            )
            facts.setdefault(found.order_id, deposited)
        if standing_postings(press.store.outbox, press.realm_id, settlement.settlement_id):
            recorded = orders_in_summary(settlement, mapping) - own
            in_summary |= dict.fromkeys(recorded, settlement.settlement_id)
    return _Settled(paid, facts, in_summary)


def _with_earlier(amount: Money, earlier: Money | None) -> Money:
    """What two settlements paid of an order; the later one alone where they are in two currencies."""
    return amount + earlier if earlier is not None and earlier.currency == amount.currency else amount


def _mapped(settlement: Settlement, mapping: FeeMapping) -> dict[Kind, Mapped]:
    resolved = ((kind, mapping.resolve(kind, settlement.marketplace)) for kind in settlement.lines.kinds())
    return {kind: to for kind, to in resolved if isinstance(to, Mapped)}
