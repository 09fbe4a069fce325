"""Post to QuickBooks, for orders: drafts, checks and posts each, and says of each what came of it.

The sheets Orders, Errors and Archive show an `OrderResult` a row; `undo_orders` takes posted ones back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from tieout.commands import document_findings as say
from tieout.commands import undo_findings as undo
from tieout.commands.agreement import Agreed
from tieout.commands.outbox_view import OutboxView
from tieout.commands.post_documents import post_documents, standing_postings
from tieout.commands.posted_method import posted_method
from tieout.commands.posting_run import How
from tieout.commands.progress import Progressed, silent
from tieout.commands.sale_desk import Bundle, DocumentsReport, PostedDocument, SaleDesk
from tieout.commands.setting_places import SETTING_OF
from tieout.commands.undo_documents import UndoReport, documents_paid, undo_documents
from tieout.domain.account import Chart
from tieout.domain.finding import Finding, any_stops
from tieout.domain.order import Order
from tieout.domain.origin import Cell, Origin
from tieout.domain.posting import Posting, PostingState
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.proposal import Proposal
from tieout.domain.sale import ORDER_KINDS, Sale, SaleKind
from tieout.domain.settings import Method
from tieout.domain.tax_rule import TaxRule
from tieout.ports import BooksUnavailable
from tieout.rules.draft_order import OrderFacts, draft_order


class OrderState(StrEnum):
    """Where an order goes after a press: Archive, Errors, or it stays in Orders."""

    POSTED = "Posted"
    ERROR = "Error"
    WAITING = "Waiting"  # nothing is wrong; by its status or the settings it has no document (yet)


@dataclass(frozen=True, slots=True)
class OrderResult:
    """An order and what came of it.

    `sale` is its document (None where it has none); `findings` say why it is not posted, or what is worth a look.
    """

    order: Order
    state: OrderState
    sale: Sale | None = None
    posted: PostedDocument | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def posting(self) -> Posting | None:
        """Its posting, if one was begun."""
        return self.posted.posting if self.posted else None

    @property
    def doc_number(self) -> str:
        """The number of its document; empty where it has none."""
        return self.posted.document.doc_number if self.posted else self.sale.doc_number if self.sale else ""

    @property
    def quickbooks_id(self) -> str:
        """Its document's id in QuickBooks; empty where it is not there."""
        return self.posted.quickbooks_id if self.posted and self.state is OrderState.POSTED else ""

    @property
    def reason(self) -> str:
        """What happened, in one sentence; empty where it was posted."""
        return self._first.what if self._first else ""

    @property
    def to_do(self) -> str:
        """What to change so that it can be posted."""
        return self._first.to_do if self._first else ""

    @property
    def where(self) -> Origin | Cell | None:
        """The cell or file to look at."""
        return self._first.where if self._first else None

    @property
    def code(self) -> str:
        """The finding's code."""
        return self._first.code if self._first else ""

    @property
    def intuit_tid(self) -> str:
        """Intuit's own id of the last request about it."""
        return self.posting.intuit_tid if self.posting else ""

    @property
    def attempts(self) -> int:
        """How often its document was sent."""
        return self.posting.attempts if self.posting else 0

    @property
    def _first(self) -> Finding | None:
        if self.state is OrderState.POSTED:
            return None
        stopping = (finding for finding in self.findings if finding.stops)
        return next(stopping, self.findings[0] if self.findings else None)


@dataclass(frozen=True, slots=True)
class OrdersReport:
    """Every order of a press, with the findings of the press itself, what was made, and what is missing."""

    results: tuple[OrderResult, ...]
    findings: tuple[Finding, ...] = ()
    created: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    def count(self, state: OrderState) -> int:
        """How many orders came to a state."""
        return sum(result.state is state for result in self.results)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding once."""
        return tuple(dict.fromkeys((*self.findings, *(f for result in self.results for f in result.findings))))


@dataclass(frozen=True, slots=True)
class OrderBook:
    """What orders are drafted with.

    `chart_of` gives the chart of a marketplace; `facts` what is known of an order beside it; `in_summary` the
    settlements whose summary records an order already, by order id (rule 10). `places` leads from a setting that a
    finding is about to its cell.
    """

    settings: PostingSettings
    chart_of: Callable[[str], Chart]
    company_country: str
    tax_rules: tuple[TaxRule, ...] = ()
    facts: Mapping[str, OrderFacts] = field(default_factory=dict)
    in_summary: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Cell] = field(default_factory=dict)


def draft_orders(orders: Iterable[Order], book: OrderBook) -> tuple[OrderResult, ...]:
    """The documents that orders would become, with nothing posted and nothing asked."""
    return tuple(_drafted(order, book) for order in orders)


def post_orders(
    orders: Sequence[Order],
    desk: SaleDesk,
    book: OrderBook,
    *,
    agreed: Agreed | None = None,
    progressed: Progressed = silent,
) -> OrdersReport:
    """Post orders, each once, however often this is called; the report has a row for each.

    An order that fails keeps no other back; pressing again tries it again. Missing customers, items and accounts
    are made only as far as `agreed`. Nothing is raised for what a user, QuickBooks or the network does.
    """
    once = {order.order_id: order for order in orders}
    drafted = draft_orders(once.values(), book)
    ready = [result.sale for result in drafted if result.sale is not None]
    report = post_documents(
        [Bundle(sale.subject, (sale,)) for sale in ready],
        desk,
        chart=one_chart([book.chart_of(code) for code in dict.fromkeys(sale.marketplace for sale in ready)]),
        agreed=agreed,
        progressed=progressed,
    )
    by_order = {posted.document.subject: posted for posted in report.documents if isinstance(posted.document, Sale)}
    results = (_result(result, by_order.get(result.order.order_id), report, book) for result in drafted)
    return OrdersReport(tuple(results), report.findings, report.created, report.proposed)


def undo_orders(
    order_ids: Sequence[str],
    desk: SaleDesk,
    *,
    settlement_ids: Sequence[str] = (),
    settled_in: Mapping[str, str] = MappingProxyType({}),
    also_settlements: bool = False,
    progressed: Progressed = silent,
) -> UndoReport:
    """Take the documents of orders out of the books again.

    `settlement_ids` are the settlements whose payments may hold them: an invoice that is paid is refused, or, with
    `also_settlements`, everything posted for its settlement is undone before it. So is a sales receipt whose
    settlement (`settled_in`, by order id) stands by orders: clearing would be short of it.
    """
    desk = replace(desk, outbox=OutboxView(desk.outbox, desk.books.realm_id, [*order_ids, *settlement_ids]))
    free: list[str] = []
    first: dict[str, None] = {}
    findings: list[Finding] = []
    try:
        paid = documents_paid(desk, settlement_ids)
        for order_id in dict.fromkeys(order_ids):
            posting = posted_document(order_id, desk)
            holding = _holding(posting, desk, paid, settled_in.get(order_id, "")) if posting else ()
            if posting is not None and holding and not also_settlements:
                findings.append(say.paid_by_settlement(posting, holding))
                continue
            first |= dict.fromkeys(holding)
            free.append(order_id)
    except BooksUnavailable as stopped:
        return UndoReport((), (stopped.finding,))
    if not free:
        return UndoReport((), tuple(findings) or (undo.not_posted(", ".join(order_ids)),))
    undone = undo_documents((*first, *free), desk, progressed)
    return replace(undone, findings=tuple(dict.fromkeys((*findings, *undone.findings))))


def _holding(
    posting: Posting, desk: SaleDesk, paid: Mapping[tuple[str, str], Sequence[str]], settled_in: str
) -> tuple[str, ...]:
    """The settlements that build on an order's document."""
    if posting.key.entity == SaleKind.SALES_RECEIPT and settled_in:
        standing = standing_postings(desk.outbox, desk.books.realm_id, settled_in)
        return (settled_in,) if posted_method(standing) is Method.ORDERS else ()
    return tuple(paid.get((posting.key.entity, posting.quickbooks_id), ()))


def posted_document(order_id: str, desk: SaleDesk) -> Posting | None:
    """The posting of an order's own document that stands in the books."""
    standing = (
        posting
        for posting in desk.outbox.of_subject(desk.books.realm_id, order_id)
        if posting.key.entity in ORDER_KINDS and posting.state is PostingState.POSTED
    )
    return next(standing, None)


def _drafted(order: Order, book: OrderBook) -> OrderResult:
    if order.order_id in book.in_summary:
        finding = say.recorded_in_summary(order.order_id, book.in_summary[order.order_id])
        return OrderResult(order, OrderState.ERROR, findings=(finding,))
    sale, findings = draft_order(
        order,
        book.settings,
        book.chart_of(order.marketplace),
        company_country=book.company_country,
        tax_rules=book.tax_rules,
        facts=book.facts.get(order.order_id),
    )
    placed = tuple(_placed(finding, book) for finding in findings)
    state = OrderState.ERROR if any_stops(placed) else OrderState.WAITING
    return OrderResult(order, state, sale, findings=placed)


def _result(
    drafted: OrderResult, posted: PostedDocument | None, report: DocumentsReport, book: OrderBook
) -> OrderResult:
    if posted is None:
        return drafted
    own = report.by_subject.get(drafted.order.order_id, ())
    findings = tuple(_placed(finding, book) for finding in (*drafted.findings, *own))
    if posted.how is How.REFUSED and not any_stops(findings):
        findings = (*findings, *(finding for finding in report.findings if finding.stops))
    state = OrderState.POSTED if posted.is_posted else OrderState.ERROR
    return replace(drafted, state=state, posted=posted, findings=tuple(dict.fromkeys(findings)))


def _placed(finding: Finding, book: OrderBook) -> Finding:
    """The finding at the cell of the setting it is about, where it names no place itself."""
    cell = book.places.get(SETTING_OF.get(finding.code, ""))
    return finding if cell is None or isinstance(finding.where, Cell) else replace(finding, where=cell)


def one_chart(charts: Sequence[Chart]) -> Chart:
    """The accounts of several charts, each name once."""
    accounts = {account.name: account for chart in reversed(charts) for account in chart.accounts}
    return Chart(charts[0].country if charts else "", tuple(accounts.values()))
