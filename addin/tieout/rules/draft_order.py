"""An order as an invoice or sales receipt: what is posted of it, or why nothing is (rule 10 of ARCHITECTURE.md).

The same order, settings, chart and tax codes give the same draft. Tax is what Amazon's rows say and never computed;
the document's total is the order's, less the tax that Amazon pays itself, or there is no document.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tieout.domain.account import Chart
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding
from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.posting_settings import OrderDate, PostingSettings, ZeroOrders
from tieout.domain.sale import Sale
from tieout.domain.settings import PeriodZone
from tieout.domain.tax_rule import TaxPayer, TaxRule
from tieout.rules import order_findings as say
from tieout.rules.destinations import MissingRole
from tieout.rules.doc_number import DOC_NUMBER_LENGTH_MAX
from tieout.rules.order_charges import Charge, order_charges
from tieout.rules.order_status import NEVER_POSTS, OrderStatus, read_status
from tieout.rules.sale_items import SaleItems
from tieout.rules.sale_lines import NoTaxCode, TaxContext, TaxedLines, sale_lines


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is known of an order beside it: the day of the deposit of the first settlement that pays it."""

    deposit_day: date | None = None


def draft_order(
    order: Order,
    settings: PostingSettings,
    chart: Chart,
    *,
    company_country: str,
    tax_rules: Sequence[TaxRule] = (),
    facts: OrderFacts | None = None,
) -> tuple[Sale | None, tuple[Finding, ...]]:
    """The document of an order, and what there is to say; None where it has none, for a reason that is said.

    `chart` is that of the order's marketplace; `company_country` the edition of the books (US or another). Raises
    nothing for bad data.
    """
    why_not = next(_reasons(order, settings), None)
    if why_not is not None:
        return None, (why_not,)
    day, about_day = _day(order, settings, facts or OrderFacts())
    if day is None:
        return None, about_day
    if settings.start_date is not None and day < settings.start_date:
        return None, (*about_day, say.before_start(order, day, settings.start_date))
    items = SaleItems(settings, chart)
    try:
        charges = order_charges(order, items)
        expected = _expected(order, charges)
        if expected.minor < 0:
            return None, (*about_day, say.total_negative(order, expected))
        taxed = sale_lines(charges, _context(order, settings, items, day, company_country, tax_rules))
        return _sale(order, settings, items, day, expected, taxed), about_day
    except MissingRole as missing:
        return None, (*about_day, say.role_missing(order.order_id, missing.role))
    except NoTaxCode as none:
        finding = say.tax_code_not_chosen(order.order_id, order.marketplace, none.group, none.payer)
        return None, (*about_day, finding)


def order_number(order_id: str, prefix: str) -> str:
    """The number of an order's document: Amazon's id behind the prefix, without it where both don't fit."""
    number = f"{prefix}{order_id}"
    return number if len(number) <= DOC_NUMBER_LENGTH_MAX else order_id


def _reasons(order: Order, settings: PostingSettings) -> Iterator[Finding]:
    """Why the order has no document, the plainest reason first."""
    if not settings.records_orders(order.marketplace):
        yield say.needs_no_document(order)
    if order.is_multi_channel:
        yield say.sold_elsewhere(order)
    status = read_status(order.status)
    if status in NEVER_POSTS or status is OrderStatus.UNKNOWN:
        yield say.status_does_not_post(order)
    if not order.currency:
        yield say.without_price(order)
        return
    others = {amount.currency for amount in _amounts(order)} - {order.currency}
    if others:
        yield say.currencies_differ(order, min(others))
        return
    total = order.total()
    if not total and settings.zero_orders is ZeroOrders.LEAVE_OUT:
        yield say.zero_left_out(order)


def _amounts(order: Order) -> Iterator[Money]:
    for line in order.lines:
        for amount in (
            *(line.item_price, line.item_tax, line.item_promotion, line.shipping_price, line.shipping_tax),
            *(line.shipping_promotion, line.gift_wrap_price, line.gift_wrap_tax, line.other_charges),
        ):
            if amount is not None:
                yield amount


def _day(order: Order, settings: PostingSettings, facts: OrderFacts) -> tuple[date | None, tuple[Finding, ...]]:
    """The day of the document; None where it is not known yet."""
    ordered = local_day(order.purchased, _zone(order, settings))
    if settings.order_date is OrderDate.DEPOSIT:
        waits = () if facts.deposit_day else (say.waits_for_deposit(order),)
        return facts.deposit_day, waits
    if settings.order_date is OrderDate.SHIP:
        if order.shipped is None:
            return None, (say.ship_date_missing(order),)
        return local_day(order.shipped, _zone(order, settings)), ()
    return ordered, ()


def _zone(order: Order, settings: PostingSettings) -> str:
    market = by_country(order.marketplace)
    return "UTC" if settings.period_zone is PeriodZone.UTC or market is None else market.time_zone


def _expected(order: Order, charges: Sequence[Charge]) -> Money:
    """What the document has to come to: the order's own total, less the tax that Amazon pays itself."""
    total = order.total()
    assert total is not None, "an order without a price has no document"
    withheld = (charge.tax for charge in charges if charge.payer is TaxPayer.AMAZON)
    return total - Money.total(withheld, order.currency)


def _context(
    order: Order,
    settings: PostingSettings,
    items: SaleItems,
    day: date,
    company_country: str,
    tax_rules: Sequence[TaxRule],
) -> TaxContext:
    return TaxContext(
        company_country=company_country,
        marketplace=order.marketplace,
        day=day,
        currency=order.currency,
        facilitator_tax=settings.facilitator_tax,
        rules=tuple(tax_rules),
        tax_item=items.of_role("sales_tax"),
        facilitator_item=items.of_role("facilitator_tax"),
        class_name=settings.class_name,
    )


def _sale(
    order: Order, settings: PostingSettings, items: SaleItems, day: date, expected: Money, taxed: TaxedLines
) -> Sale:
    kind = settings.sale_kind
    market = by_country(order.marketplace)
    return Sale(
        kind=kind,
        doc_number=order_number(order.order_id, settings.order_prefix),
        day=day,
        currency=order.currency,
        customer=settings.customer_of(order.marketplace, order.order_id),
        memo=f"Amazon order {order.order_id}, {market.name if market else order.sales_channel}, {order.channel}",
        lines=taxed.lines,
        treatment=taxed.treatment,
        tax=taxed.tax,
        expected=expected,
        subject=order.order_id,
        order_id=order.order_id,
        marketplace=order.marketplace,
        deposit_to=items.account("clearing").name if kind.moves_money else "",
        location=settings.location,
    )
