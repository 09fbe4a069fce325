"""Post to QuickBooks, for settlements by the orders method: invoices paid, refunds, fees, and the transfer.

What stands in the books of each settled order is taken from the outbox: the bytes that were sent say total, customer
and tax. So a changed setting never changes what an invoice is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tieout.commands.documents_check import Agreed
from tieout.commands.mapping_source import MappingSource
from tieout.commands.post_documents import post_documents
from tieout.commands.post_orders import OrderBook, one_chart, posted_document
from tieout.commands.progress import Progressed, silent
from tieout.commands.sale_desk import Bundle, DocumentsReport, PostedDocument, SaleDesk
from tieout.commands.undo_documents import UndoReport, undo_documents
from tieout.domain.account import Chart
from tieout.domain.draft import entity_of, subject_of
from tieout.domain.finding import Finding, any_stops
from tieout.domain.money import Money
from tieout.domain.posting import Posting, PostingState
from tieout.domain.sale import SaleKind
from tieout.domain.settlement import Settlement
from tieout.ports import BooksUnavailable
from tieout.rules.draft_settlement_orders import OrdersContext, OrdersDraft, draft_settlement_orders
from tieout.rules.match import OrderDecision, PostedOrder


@dataclass(frozen=True, slots=True)
class SettledBooks:
    """What the books hold that matching needs, read once: names of customers and items, currencies of accounts."""

    home_currency: str
    customers: Mapping[str, str]
    items: Mapping[str, str]
    account_currencies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettledResult:
    """A settlement by the orders method, and what came of its documents."""

    settlement: Settlement
    draft: OrdersDraft
    documents: tuple[PostedDocument, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_posted(self) -> bool:
        """Whether every document of it stands in the books."""
        return bool(self.draft.documents) and all(document.is_posted for document in self.documents)


@dataclass(frozen=True, slots=True)
class SettledReport:
    """Every settlement of a press, with the findings of the press itself and what was made."""

    results: tuple[SettledResult, ...]
    findings: tuple[Finding, ...] = ()
    created: tuple[str, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding once."""
        return tuple(dict.fromkeys((*self.findings, *(f for result in self.results for f in result.findings))))


@dataclass(frozen=True, slots=True)
class SettledWork:
    """What drafting settlements by orders is done with.

    `decisions` are a person's, by order id; `known_settlements` the ends of all settlements that are known, by id,
    since an earlier one may have paid a part of an order.
    """

    book: OrderBook
    mappings: MappingSource
    decisions: Mapping[str, OrderDecision] = field(default_factory=dict)
    known_settlements: Mapping[str, datetime] = field(default_factory=dict)


def draft_settled_orders(
    settlements: Sequence[Settlement], desk: SaleDesk, work: SettledWork
) -> tuple[tuple[SettledResult, ...], tuple[Finding, ...]]:
    """The documents of some settlements, with nothing posted; a finding where the books don't answer.

    They are drafted in the order of their ends: what an earlier one pays of an order counts for the later one.
    """
    try:
        books = _books(desk)
    except BooksUnavailable as stopped:
        return (), (stopped.finding,)
    results: list[SettledResult] = []
    now: dict[str, Money] = {}
    at_hand = {each.settlement_id for each in settlements}
    for settlement in sorted(settlements, key=lambda each: (each.end, each.settlement_id)):
        earlier = [
            subject
            for subject, end in work.known_settlements.items()
            if end < settlement.end and subject not in at_hand
        ]
        orders = _Orders(desk, books, _paid(desk, books, earlier), now)
        chart, mapping = work.mappings.for_country(settlement.marketplace)
        context = OrdersContext(
            company_country=work.book.company_country,
            home_currency=books.home_currency,
            posted=orders.of(settlement, chart),
            decisions=work.decisions,
            tax_rules=work.book.tax_rules,
            account_currencies=books.account_currencies,
        )
        draft = draft_settlement_orders(settlement, mapping, chart, work.book.settings, context)
        if any_stops(work.mappings.findings):  # a mapping that was meant otherwise would be a wrong document
            draft = replace(draft, documents=())
        orders.note(draft)
        findings = (*work.mappings.findings, *draft.findings)
        results.append(SettledResult(settlement, draft, findings=tuple(dict.fromkeys(findings))))
    return tuple(results), ()


def post_settled_orders(
    settlements: Sequence[Settlement],
    desk: SaleDesk,
    work: SettledWork,
    *,
    agreed: Agreed | None = None,
    progressed: Progressed = silent,
) -> SettledReport:
    """Post settlements by the orders method, each once; a settlement that is not ready stays out whole.

    Nothing is raised for what a user, QuickBooks or the network does.
    """
    drafted, unavailable = draft_settled_orders(settlements, desk, work)
    ready = [each for each in drafted if each.draft.documents and not any_stops(each.findings)]
    charts = [work.mappings.for_country(each.settlement.marketplace)[0] for each in ready]
    report = post_documents(
        [Bundle(each.draft.settlement_id, each.draft.documents) for each in ready],
        desk,
        chart=one_chart(charts),
        agreed=agreed,
        progressed=progressed,
    )
    results = tuple(_result(each, report) for each in drafted)
    return SettledReport(results, (*unavailable, *report.findings), report.created)


def undo_settled_orders(settlement_ids: Sequence[str], desk: SaleDesk, progressed: Progressed = silent) -> UndoReport:
    """Take the documents of settlements out of the books: transfers, payments, refunds, then the rest."""
    return undo_documents(settlement_ids, desk, progressed)


def _books(desk: SaleDesk) -> SettledBooks:
    lists = desk.books.lists
    home = desk.books.preferences().home_currency
    return SettledBooks(
        home_currency=home,
        customers={party.id: party.name for party in lists.customers()},
        items={item.name: item.id for item in lists.items()},
        account_currencies={
            account.full_name: account.currency
            for account in desk.books.accounts()
            if account.active and account.currency != home
        },
    )


def _result(drafted: SettledResult, report: DocumentsReport) -> SettledResult:
    """The settlement with what came of its documents."""
    own = {(entity_of(document), document.doc_number) for document in drafted.draft.documents}
    subject = drafted.draft.settlement_id
    documents = tuple(each for each in report.documents if subject_of(each.document) == subject) if own else ()
    findings = (*drafted.findings, *report.by_subject.get(subject, ()))
    return replace(drafted, documents=documents, findings=tuple(dict.fromkeys(findings)))


def _paid(desk: SaleDesk, books: SettledBooks, subjects: Sequence[str]) -> Mapping[str, Money]:
    """What the payments of some settlements have paid of each invoice, by the invoice's id."""
    paid: dict[str, Money] = {}
    for subject in subjects:
        for posting in desk.outbox.of_subject(desk.books.realm_id, subject):
            if posting.key.entity != "Payment" or posting.state is not PostingState.POSTED:
                continue
            links = desk.books.documents.sent_links(posting.body, books.home_currency)
            for (entity, identity), amount in links.items():
                if entity == SaleKind.INVOICE:
                    paid[identity] = paid.get(identity, Money.zero(amount.currency)) + amount
    return paid


@dataclass(frozen=True, slots=True)
class _Orders:
    """The documents of orders that stand in the books, and what was paid of them before and in this run (`now`)."""

    desk: SaleDesk
    books: SettledBooks
    paid: Mapping[str, Money]
    now: dict[str, Money]

    def of(self, settlement: Settlement, chart: Chart) -> dict[str, PostedOrder]:
        """Those of a settlement's orders, by order id."""
        tax = chart.by_role("sales_tax")
        tax_item = self.books.items.get(tax.name, "") if tax is not None else ""
        order_ids = sorted({line.order_id for line in settlement.lines.lines() if line.order_id})
        found = {}
        for order_id in order_ids:
            posting = posted_document(order_id, self.desk)
            if posting is not None:
                found[order_id] = self._order(posting, tax_item)
        return found

    def note(self, draft: OrdersDraft) -> None:
        """Count what a settlement pays of its orders, for the settlements after it."""
        for match in draft.matches if draft.documents else ():
            if match.posted is not None and match.paid is not None:
                order_id = match.settled.order_id
                self.now[order_id] = self.now.get(order_id, Money.zero(match.paid.currency)) + match.paid

    def _order(self, posting: Posting, tax_item: str) -> PostedOrder:
        sent = self.desk.books.documents.sent_sale(posting.body, self.books.home_currency)
        nothing = Money.zero(sent.total.currency)
        paid = self.paid.get(posting.quickbooks_id, nothing) + self.now.get(posting.subject, nothing)
        return PostedOrder(
            order_id=posting.subject,
            entity=posting.key.entity,
            doc_number=posting.key.doc_number,
            customer=self.books.customers.get(sent.customer_id, f"customer {sent.customer_id}"),
            total=sent.total,
            own_tax=sent.tax + sent.items.get(tax_item, nothing),
            tax_on_return=sent.tax_on_return,
            paid=paid,
        )
