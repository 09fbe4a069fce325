"""A settlement into documents, orders method: invoices paid, refunds, fees, and a transfer.

The invoices of its orders are paid into clearing on the day of the deposit; refunds become credit memos, refund
receipts or journal lines; what is left (fees, reserve, reimbursements) goes against clearing in its own month; a
transfer moves the settlement's total to the bank. Clearing then holds nothing of the settlement, exactly, but for
what a person chose to leave there, which is named (`clearing_left`). Rule by rule: docs/posting-orders.md.

The same settlement, mapping, chart, settings, posted orders and decisions give the same documents.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.domain.account import Chart, Group
from tieout.domain.draft import Draft
from tieout.domain.finding import Finding, any_stops
from tieout.domain.money import Money
from tieout.domain.payment import Settles
from tieout.domain.posting_settings import OrderDocument, PostingSettings, YesNo
from tieout.domain.sale import Sale
from tieout.domain.settings import DepositTo
from tieout.domain.settlement import Kind, LineSum, Settlement
from tieout.domain.tax_rule import TaxRule
from tieout.rules import draft_findings, order_findings
from tieout.rules import settlement_findings as say
from tieout.rules.destinations import Destinations, MissingRole
from tieout.rules.draft_refund import RefundMaker
from tieout.rules.draft_rest import RestMaker
from tieout.rules.drafted_kinds import UnmappedKind, unmapped_kinds
from tieout.rules.mapping import Mapped
from tieout.rules.mapping import Mapping as FeeMapping
from tieout.rules.match import Match, OrdersKnown, Recorded, match_orders
from tieout.rules.order_kinds import OrderKinds, order_kinds
from tieout.rules.payments import invoices_paid, payments_of, refund_kinds
from tieout.rules.sale_items import SaleItems
from tieout.rules.sale_lines import NoTaxCode
from tieout.rules.settled_orders import Settled, SettledOrders, settled_orders
from tieout.rules.settlement_numbers import Letter, NoNumberLeft, settlement_number
from tieout.rules.settlement_rest import Documented, Rest, rest_of
from tieout.rules.transfers import transfer_of


@dataclass(frozen=True, slots=True)
class OrdersContext:
    """What the orders method needs beside the settlement.

    `account_currencies`: the currency of accounts that are not kept in the home currency, by name.
    """

    company_country: str
    home_currency: str
    orders: OrdersKnown = field(default_factory=OrdersKnown)
    tax_rules: tuple[TaxRule, ...] = ()
    account_currencies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrdersDraft:
    """What would be posted for a settlement, in the order it posts in. Without `documents`, `findings` says why not.

    `clearing_left` is what clearing holds of the settlement when all of it stands: its total where no transfer
    moves it, less what a person chose to record nowhere. `rest` leads from lines to rows, as `refunds` and
    `matches` do; `mapped` and `kinds` tell what the rows of orders are; `clearing` names that account.
    """

    settlement_id: str
    documents: tuple[Draft, ...] = ()
    findings: tuple[Finding, ...] = ()
    unmapped: tuple[UnmappedKind, ...] = ()
    matches: tuple[Match, ...] = ()
    clearing_left: Money | None = None
    rest: Rest | None = None
    refunds: tuple[Settled, ...] = ()
    mapped: Mapping[Kind, Mapped] = field(default_factory=dict)
    kinds: OrderKinds | None = None
    clearing: str = ""

    @property
    def blocked(self) -> bool:
        """Whether a finding forbids posting."""
        return any_stops(self.findings)

    def is_withheld(self, kind: Kind) -> bool:
        """Whether lines of a kind are tax that Amazon withheld of an order or refund."""
        return self.kinds is not None and kind in self.kinds.sale_withheld | self.kinds.refund_withheld

    def is_tax(self, kind: Kind) -> bool:
        """Whether lines of a kind are tax of an order or refund, told or withheld."""
        return self.is_withheld(kind) or (self.kinds is not None and kind in self.kinds.tax)

    def group_of(self, kind: Kind, settled: Settled | None = None) -> Group:
        """The group of an order's lines; tax of which Amazon withheld some is its own group, as in summaries."""
        if settled is not None and settled.withheld and self.is_tax(kind):
            return Group.FACILITATOR_TAX
        return self.mapped[kind].group

    def rows_paid(self, match: Match) -> Iterator[LineSum]:
        """The lines of an order that what pays its document pays, by kind and month."""
        for lines in match.settled.sums:
            if not (match.withheld_beside and self.is_withheld(lines.kind)):
                yield lines


def draft_settlement_orders(
    settlement: Settlement, mapping: FeeMapping, chart: Chart, settings: PostingSettings, context: OrdersContext
) -> OrdersDraft:
    """The documents of a settlement, or the findings that say why there are none; raises nothing for bad data."""
    if settlement.difference:
        return OrdersDraft(settlement.settlement_id, findings=(draft_findings.total_differs(settlement),))
    lines = settlement.lines
    resolved = {kind: mapping.resolve(kind, settlement.marketplace) for kind in lines.kinds()}
    mapped = {kind: to for kind, to in resolved.items() if isinstance(to, Mapped)}
    sums = lines.sums(frozenset(), frozenset())
    unmapped = unmapped_kinds(sums, resolved)
    kinds = order_kinds(mapped)
    settled = settled_orders(settlement, kinds)
    matches, about_orders = _matches(settlement, settled, settings, context)
    findings = [
        *(draft_findings.unmapped(settlement, kind) for kind in unmapped),
        *draft_findings.unexpected_signs(settlement, sums, mapped),
        *((say.deposit_date_missing(settlement),) if settlement.deposit is None else ()),
        *about_orders,
    ]
    draft = OrdersDraft(settlement.settlement_id, (), tuple(findings), unmapped, matches)
    if draft.blocked:
        return draft
    maker = _Maker(settlement, chart, settings, context, mapped, kinds)
    try:
        return maker.drafted(draft, settled.refunds)
    except MissingRole as missing:
        problem = draft_findings.missing_role(settlement, missing.role, chart)
    except NoTaxCode as none:
        problem = order_findings.tax_code_not_chosen(
            settlement.settlement_id, settlement.marketplace, none.group, none.payer
        )
    except NoNumberLeft:
        problem = say.too_many_documents(settlement)
    return replace(draft, findings=(*draft.findings, problem))


def _matches(
    settlement: Settlement, settled: SettledOrders, settings: PostingSettings, context: OrdersContext
) -> tuple[tuple[Match, ...], tuple[Finding, ...]]:
    """Orders with their documents; all in the settlement's journal where orders become no documents."""
    known, not_downloaded = context.orders, settings.orders_not_downloaded
    if settings.order_document is not OrderDocument.NONE:
        return match_orders(settlement, settled.orders, known, not_downloaded)
    with_document = [order for order in settled.orders if order.order_id in known.posted]
    matches, findings = match_orders(settlement, with_document, known, not_downloaded)
    matched = {match.settled.order_id for match in matches}
    others = (Match(each, Recorded.SUMMARY) for each in settled.orders if each.order_id not in matched)
    return (*matches, *others), findings


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the documents once nothing stands in the way."""

    settlement: Settlement
    chart: Chart
    settings: PostingSettings
    context: OrdersContext
    mapped: Mapping[Kind, Mapped]
    kinds: OrderKinds

    def drafted(self, draft: OrdersDraft, refunds: Sequence[Settled]) -> OrdersDraft:
        """The draft with its documents; MissingRole, NoTaxCode, NoNumberLeft."""
        settlement, matches = self.settlement, draft.matches
        clearing = self._destinations().role("clearing").name
        invoices = invoices_paid(matches)
        sales, notices = self._refunds(refunds, invoices)
        rest = self._rest(matches, sales)
        documents = RestMaker(settlement, self.settings, self._destinations(), self.context.home_currency).documents(
            rest, {m.settled.order_id: m.difference for m in matches if m.difference}
        )
        payments = payments_of(settlement, self.settings, clearing, invoices, sales)
        transfer = transfer_of(
            settlement, self.settings, self.chart, self.context.home_currency, self.context.account_currencies
        )
        self._check(matches, sales, rest)
        ignored = self._sum(m.settled.received for m in matches if m.by is Recorded.NOT)
        left = (Money.zero(settlement.currency) if transfer else settlement.total) - ignored
        return replace(
            draft,
            documents=(
                *documents.expenses,
                *documents.journals,
                *sales,
                *payments,
                *documents.bill_payments,
                *transfer,
            ),
            findings=(*draft.findings, *notices),
            clearing_left=left,
            rest=rest,
            refunds=tuple(refunds),
            mapped=self.mapped,
            kinds=self.kinds,
            clearing=clearing,
        )

    def _destinations(self) -> Destinations:
        """Where left-over lines go; failed deposits come back to where deposits go."""
        plain = self.settings.for_settlements(self.settlement.marketplace)
        moves = self.settings.transfer is YesNo.YES
        settings = replace(plain, deposit_to=DepositTo.BANK if moves else DepositTo.CLEARING)
        return Destinations(self.mapped, self.chart, settings)

    def _refunds(
        self, refunds: Sequence[Settled], invoices: Mapping[str, Sequence[Settles]]
    ) -> tuple[tuple[Sale, ...], tuple[Finding, ...]]:
        """The documents of refunds; an order's refunds are journal lines where the setting or one of them says so."""
        wanted = self.settings.refund_kind
        if wanted is None:
            return (), ()
        odd = {refund.order_id for refund in refunds if refund.received.minor >= 0}
        ready = sorted(
            ((refund, self._customer(refund.order_id)) for refund in refunds if refund.order_id not in odd),
            key=lambda pair: (pair[0].order_id, pair[0].day),
        )
        made = refund_kinds(ready, invoices, wanted, self.settlement.currency)
        maker = RefundMaker(
            self.settlement,
            self.settings,
            SaleItems(self.settings, self.chart),
            self.mapped,
            self.kinds,
            self.context.company_country,
            self.context.tax_rules,
        )
        sales = tuple(
            maker.document(refund, kind, self._number(number), customer)
            for number, ((refund, customer), kind) in enumerate(zip(ready, made, strict=True), start=1)
        )
        others = [refund for (refund, _), kind in zip(ready, made, strict=True) if kind is not wanted]
        return sales, (say.refunds_paid_from_clearing(self.settlement, others),) if others else ()

    def _customer(self, order_id: str) -> str:
        """The customer of an order's documents: the one it was posted to, else the settings'."""
        posted = self.context.orders.posted.get(order_id)
        return posted.customer if posted else self.settings.customer_of(self.settlement.marketplace, order_id)

    def _number(self, number: int) -> str:
        return settlement_number(
            self.settings.settlement_prefix, self.settlement.settlement_id, number, Letter.REFUND
        )

    def _rest(self, matches: Sequence[Match], sales: Sequence[Sale]) -> Rest:
        elsewhere = (m for m in matches if m.by is not Recorded.SUMMARY)
        documented = Documented(
            orders=frozenset(m.settled.order_id for m in elsewhere),
            refunds=frozenset(sale.order_id for sale in sales),
            beside=frozenset(m.settled.order_id for m in matches if m.withheld_beside),
        )
        facilitated = self.settlement.lines.orders_with(self.kinds.all_withheld) - {""}
        return rest_of(self.settlement.lines, self.kinds, documented, facilitated)

    def _check(self, matches: Sequence[Match], sales: Sequence[Sale], rest: Rest) -> None:
        """Every row is recorded once: what orders are paid, refunds and the rest come to the settlement's total."""
        nothing = Money.zero(self.settlement.currency)
        paid = self._sum((m.paid or nothing) + (m.difference or nothing) for m in matches)
        ignored = self._sum(m.settled.received for m in matches if m.by is Recorded.NOT)
        refunded = self._sum(sale.total for sale in sales)
        recorded = paid + ignored - refunded + rest.total(self.settlement.currency)
        assert recorded == self.settlement.total, f"{self.settlement.settlement_id}: {recorded} of its rows recorded"

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return Money.total(amounts, self.settlement.currency)
