"""Post to QuickBooks, for settlements by the orders method: invoices paid, refunds, fees, and the transfer.

What stands in the books of each settled order is taken from the outbox (`settled_books`), so drafting asks nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tieout.commands.agreement import Agreed
from tieout.commands.mapping_source import MappingSource
from tieout.commands.post_documents import post_documents, standing_postings
from tieout.commands.post_orders import OrderBook, one_chart
from tieout.commands.progress import Progressed, silent
from tieout.commands.sale_desk import Bundle, DocumentsReport, PostedDocument, SaleDesk
from tieout.commands.settled_books import PostedOrders, SettledBooks, Shelf, read_settled_books
from tieout.commands.undo_documents import UndoReport, undo_documents
from tieout.domain.account import Account, Chart
from tieout.domain.draft import entity_of, subject_of
from tieout.domain.finding import Finding, any_stops
from tieout.domain.proposal import Proposal
from tieout.domain.settlement import Settlement
from tieout.ports import BooksUnavailable
from tieout.rules.draft_settlement_orders import OrdersContext, OrdersDraft, draft_settlement_orders
from tieout.rules.match import OrderDecision, OrdersKnown, Undocumented


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
    """Every settlement of a press, with the findings of the press itself, what was made, and what is missing."""

    results: tuple[SettledResult, ...]
    findings: tuple[Finding, ...] = ()
    created: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding once."""
        return tuple(dict.fromkeys((*self.findings, *(f for result in self.results for f in result.findings))))


@dataclass(frozen=True, slots=True)
class SettledWork:
    """What drafting settlements by orders is done with.

    `decisions` are a person's, by order id; `in_summary` the settlements whose waiting orders a person sent to the
    summary; `undocumented` the downloaded orders without a document, by order id; `known_settlements` the ends of
    all settlements that are known, by id, since an earlier one may have paid a part of an order.
    """

    book: OrderBook
    mappings: MappingSource
    decisions: Mapping[str, OrderDecision] = field(default_factory=dict)
    known_settlements: Mapping[str, datetime] = field(default_factory=dict)
    undocumented: Mapping[str, Undocumented] = field(default_factory=dict)
    in_summary: frozenset[str] = frozenset()


def draft_settled_orders(
    settlements: Sequence[Settlement], shelf: Shelf, books: SettledBooks, work: SettledWork
) -> tuple[SettledResult, ...]:
    """The documents of some settlements, with nothing posted and nothing asked.

    They are drafted in the order of their ends: what an earlier one pays of an order counts for the later one.
    """
    orders = PostedOrders(shelf, books)
    at_hand = {each.settlement_id for each in settlements}
    results = []
    for settlement in sorted(settlements, key=lambda each: (each.end, each.settlement_id)):
        earlier = [
            subject
            for subject, end in work.known_settlements.items()
            if end < settlement.end and subject not in at_hand
        ]
        chart, mapping = work.mappings.for_country(settlement.marketplace)
        context = OrdersContext(
            company_country=work.book.company_country,
            home_currency=books.home_currency,
            orders=OrdersKnown(
                posted=orders.of(settlement, chart, earlier),
                undocumented=work.undocumented,
                decisions=work.decisions,
                all_in_summary=settlement.settlement_id in work.in_summary,
                is_posted=bool(standing_postings(shelf.outbox, shelf.realm_id, settlement.settlement_id)),
            ),
            tax_rules=work.book.tax_rules,
            account_currencies=books.account_currencies,
        )
        draft = draft_settlement_orders(settlement, mapping, chart, work.book.settings, context)
        if any_stops(work.mappings.findings):  # a mapping that was meant otherwise would be a wrong document
            draft = replace(draft, documents=())
        orders.note(draft.matches if draft.documents else ())
        findings = (*work.mappings.findings, *draft.findings)
        results.append(SettledResult(settlement, draft, findings=tuple(dict.fromkeys(findings))))
    return tuple(results)


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
    shelf = Shelf(desk.outbox, desk.books.realm_id, desk.books.documents)
    try:
        drafted = draft_settled_orders(settlements, shelf, read_settled_books(desk.books), work)
    except BooksUnavailable as stopped:
        return SettledReport((), (stopped.finding,))
    return post_drafted(drafted, desk, work, agreed=agreed, progressed=progressed)


def post_drafted(
    drafted: Sequence[SettledResult],
    desk: SaleDesk,
    work: SettledWork,
    *,
    agreed: Agreed | None = None,
    named: Sequence[Account] = (),
    progressed: Progressed = silent,
) -> SettledReport:
    """Post what is ready of drafted settlements; `named` are accounts that fee mappings name beside the charts."""
    ready = [each for each in drafted if each.draft.documents and not any_stops(each.findings)]
    charts = [work.mappings.for_country(each.settlement.marketplace)[0] for each in ready]
    report = post_documents(
        [Bundle(each.draft.settlement_id, each.draft.documents) for each in ready],
        desk,
        chart=one_chart([*charts, Chart("", tuple(named))]),
        agreed=agreed,
        progressed=progressed,
    )
    results = tuple(_result(each, report) for each in drafted)
    return SettledReport(results, report.findings, report.created, report.proposed)


def undo_settled_orders(settlement_ids: Sequence[str], desk: SaleDesk, progressed: Progressed = silent) -> UndoReport:
    """Take the documents of settlements out of the books: transfers, payments, refunds, then the rest."""
    return undo_documents(settlement_ids, desk, progressed)


def _result(drafted: SettledResult, report: DocumentsReport) -> SettledResult:
    """The settlement with what came of its documents."""
    own = {(entity_of(document), document.doc_number) for document in drafted.draft.documents}
    subject = drafted.draft.settlement_id
    documents = tuple(each for each in report.documents if subject_of(each.document) == subject) if own else ()
    findings = (*drafted.findings, *report.by_subject.get(subject, ()))
    return replace(drafted, documents=documents, findings=tuple(dict.fromkeys(findings)))
