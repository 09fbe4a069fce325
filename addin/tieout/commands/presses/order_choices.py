"""What a press needs to know of orders: settings, status filters, tax codes, and what settlements say of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.commands.documents_check import Agreed
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_orders import OrderBook
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.gather import documents_of
from tieout.commands.presses.press import Press
from tieout.commands.review_settlements import read_settlements
from tieout.domain.account import Chart
from tieout.domain.finding import Finding
from tieout.domain.order import Order
from tieout.domain.origin import Cell
from tieout.domain.posting import PostingState
from tieout.domain.posting_settings import ClosedPeriodChoice, MarketplacePosting, PostingSettings
from tieout.domain.settlement import Kind, Settlement
from tieout.rules.mapping import Mapped
from tieout.rules.mapping import Mapping as FeeMapping
from tieout.rules.order_kinds import order_kinds
from tieout.rules.order_status import Admits, Decision, PaymentComplete, decide
from tieout.rules.posting_settings import posting_settings
from tieout.rules.revenue_once import orders_in_summary
from tieout.sheets.order_rows import PaidOrder
from tieout.sheets.port import ReadTable
from tieout.sheets.status_filters import StatusFilters, read_status_filters
from tieout.sheets.tax_rule_rows import read_tax_rules

# What stops settlements alone: by this method orders have documents of their own.
_OF_SETTLEMENTS = frozenset({"method-not-available"})


@dataclass(frozen=True, slots=True)
class OrderChoices:
    """What the sheets and the store say before orders are looked at.

    `paid` is what settlements paid, by order id; with a finding in `blocking` nothing is to be drafted.
    """

    choices: Choices
    filters: StatusFilters
    settings: PostingSettings
    book: OrderBook
    paid: Mapping[str, PaidOrder]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What forbids drafting."""
        return tuple(one for one in self.findings if one.stops)

    def decide(self, order: Order) -> Decision:
        """What is done with an order by Status Filters."""
        chosen = self.filters.of(order.marketplace, order.channel.value)
        return decide(
            order,
            {key: Admits(admits.value) for key, admits in chosen.items()},
            settled=order.order_id in self.paid,
            payment=PaymentComplete(self.settings.payment_complete.value),
        )

    def agreed(self, press: Press) -> Agreed:
        """What may be made where it is missing: a practice company agreed to it beforehand."""
        first_open = self.settings.closed_period is ClosedPeriodChoice.FIRST_OPEN
        return Agreed(
            accounts=press.company.practice,
            names=press.company.practice,
            closed_period=ClosedPeriod.FIRST_OPEN_DAY if first_open else ClosedPeriod.WAIT,
        )


def read_order_choices(press: Press) -> OrderChoices:
    """Read what posting orders depends on."""
    choices = read_choices(press)
    filters = read_status_filters(press.book)
    places = _places(press)
    settings, problems = posting_settings(
        choices.settings.values, press.company.country, marketplaces=_marketplaces(press, choices), places=places
    )
    tax_rules, taxes = read_tax_rules(press.book)
    paid, in_summary = _of_settlements(press, choices)
    of_sheets = (one for one in choices.settings.findings if one.code not in _OF_SETTLEMENTS)
    return OrderChoices(
        choices=choices,
        filters=filters,
        settings=settings,
        book=OrderBook(
            settings=settings,
            chart_of=lambda country: _chart(choices, country),
            company_country=press.company.country,
            tax_rules=tax_rules,
            in_summary=in_summary,
            places=places,
        ),
        paid=paid,
        findings=tuple(dict.fromkeys((*of_sheets, *filters.findings, *problems, *taxes))),
    )


def _chart(choices: Choices, country: str) -> Chart:
    return choices.source.charts.get(country, choices.chart)


def _places(press: Press) -> dict[str, Cell]:
    """The cell of each setting, by its key."""
    table = press.book.read("Settings")
    if not isinstance(table, ReadTable):
        return {}
    return {row.text("key"): table.cell(row, "value") for row in table.rows if row.text("key")}


def _marketplaces(press: Press, choices: Choices) -> dict[str, MarketplacePosting]:
    """What differs in single marketplaces."""
    table = press.book.read("MarketplaceSettings")
    customers = (
        {row.text("marketplace").upper(): row.text("customer") for row in table.rows}
        if isinstance(table, ReadTable)
        else {}
    )
    return {
        country: MarketplacePosting(choice.method, customers.get(country, ""))
        for country, choice in choices.settings.marketplaces.items()
    }


def _of_settlements(press: Press, choices: Choices) -> tuple[dict[str, PaidOrder], dict[str, str]]:
    """What settlements paid, by order id; and the posted settlements whose summary records an order (rule 10)."""
    documents, _ = documents_of(press, press.store.settlements.all())
    read = read_settlements(documents, choices.settings.settlements, press.tell)
    paid: dict[str, PaidOrder] = {}
    in_summary: dict[str, str] = {}
    for settlement in sorted(read.settlements, key=lambda one: one.end):
        _, mapping = choices.source.for_country(settlement.marketplace)
        kinds = order_kinds(_mapped(settlement, mapping))
        for found in settlement.lines.order_sums(kinds.sale | kinds.sale_withheld):
            before = paid.get(found.order_id)
            same = before is not None and before.amount.currency == found.amount.currency
            amount = found.amount + before.amount if before is not None and same else found.amount
            paid[found.order_id] = PaidOrder(settlement.settlement_id, amount)
        if _is_summarised(press, settlement.settlement_id):
            in_summary |= dict.fromkeys(orders_in_summary(settlement, mapping), settlement.settlement_id)
    return paid, in_summary


def _mapped(settlement: Settlement, mapping: FeeMapping) -> dict[Kind, Mapped]:
    resolved = ((kind, mapping.resolve(kind, settlement.marketplace)) for kind in settlement.lines.kinds())
    return {kind: to for kind, to in resolved if isinstance(to, Mapped)}


def _is_summarised(press: Press, settlement_id: str) -> bool:
    """Whether a settlement stands, or may stand, in the books by journals alone."""
    if not press.realm_id:
        return False
    states = {PostingState.POSTED, PostingState.SENDING}
    live = [one for one in press.store.outbox.of_subject(press.realm_id, settlement_id) if one.state in states]
    return bool(live) and all(one.key.entity == "JournalEntry" for one in live)
