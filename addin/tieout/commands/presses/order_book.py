"""What orders are drafted with, decided by, and posted with: from what the sheets say."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from tieout.commands.agreement import Agreed
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_orders import OrderBook
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import Press
from tieout.commands.presses.proposals import ticked
from tieout.commands.sale_desk import SaleDesk
from tieout.commands.setting_places import TAX_RULES
from tieout.domain.order import Order
from tieout.domain.origin import Cell
from tieout.ports import Books
from tieout.rules.draft_order import OrderFacts
from tieout.rules.order_status import Admits, Decision, PaymentComplete, decide
from tieout.sale_ports import SaleBooks
from tieout.sheets.port import ReadTable

_NOTHING_KNOWN: Mapping[str, OrderFacts] = MappingProxyType({})


def order_book(
    press: Press, choices: Choices, in_summary: Mapping[str, str], facts: Mapping[str, OrderFacts] = _NOTHING_KNOWN
) -> OrderBook:
    """What orders are drafted with; `in_summary` are the settlements that recorded an order, by order id."""
    return OrderBook(
        settings=choices.posting,
        chart_of=lambda country: choices.source.charts.get(country, choices.chart),
        company_country=press.company.country,
        tax_rules=choices.tax_rules,
        facts=facts,
        in_summary=in_summary,
        places=_places(press, choices),
    )


def _places(press: Press, choices: Choices) -> Mapping[str, Cell]:
    """The cell of each setting, and where the rules of Tax Codes begin."""
    table = press.book.read("TaxRules")
    if not isinstance(table, ReadTable) or not table.columns:
        return choices.places
    first = next(iter(table.columns.values()))
    return {**choices.places, TAX_RULES: Cell(table.sheet, f"{first}{table.header_row + 1}")}


def decide_order(choices: Choices, order: Order, *, settled: bool) -> Decision:
    """What is done with an order by Status Filters; `settled`: whether a settlement pays it."""
    chosen = choices.filters.of(order.marketplace, order.channel.value)
    return decide(
        order,
        {key: Admits(admits.value) for key, admits in chosen.items()},
        settled=settled,
        payment=PaymentComplete(choices.posting.payment_complete.value),
    )


def agreed(press: Press, *, first_open_day: bool) -> Agreed:
    """What may be made where it is missing: what is ticked, and anything in a practice company, beforehand."""
    return Agreed(
        accounts=press.company.practice,
        names=press.company.practice,
        closed_period=ClosedPeriod.FIRST_OPEN_DAY if first_open_day else ClosedPeriod.WAIT,
        ticked=ticked(press),
    )


def sale_desk(press: Press, books: Books) -> SaleDesk:
    """What posting orders, and settlements by orders, for the company of a press needs."""
    return SaleDesk(
        company=press.company,
        books=cast(SaleBooks, books),  # QuickBooks' books are such; posting journals needs less of them
        outbox=press.store.outbox,
        clock=press.clock,
        who=press.who,
    )
