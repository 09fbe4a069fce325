"""Settlements by orders into the books: what was drafted of them is posted, read back and tied out."""

from collections.abc import Sequence
from dataclasses import replace

from tieout.commands.agreement import Agreed
from tieout.commands.mapping_source import MappingSource
from tieout.commands.post_settled_orders import (
    SettledResult,
    SettledWork,
    draft_settled_orders,
    post_drafted,
)
from tieout.commands.post_settlements import PostedSettlements, Settlements
from tieout.commands.posting_report import PostedJournal, PostingReport
from tieout.commands.progress import Progressed, silent
from tieout.commands.review_settlements import ReadSettlements, Review, Reviews, review_read
from tieout.commands.sale_desk import SaleDesk
from tieout.commands.settled_books import SettledBooks, Shelf
from tieout.commands.tie_documents import tied_by_method
from tieout.commands.tie_findings import differs_in_quickbooks
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.settings import SettlementSettings
from tieout.reconcile.chain import each_once
from tieout.rules.draft_settlement_orders import OrdersContext, OrdersDraft, draft_settlement_orders
from tieout.rules.ledger_effect import effects_of


def review_by_orders(
    read: ReadSettlements, shelf: Shelf, books: SettledBooks, work: SettledWork, settings: SettlementSettings
) -> Reviews:
    """Check, map and draft settlements that were read, all by orders; nothing is asked."""
    drafted = draft_settled_orders(each_once(read.settlements), shelf, books, work)
    by_orders = {one.draft.settlement_id: one.draft for one in drafted}
    return review_read(read, mappings=work.mappings, settings=settings, by_orders=by_orders)


def review_without_books(
    read: ReadSettlements, mappings: MappingSource, posting: PostingSettings, country: str
) -> Reviews:
    """The same of a company of `country` that posted no order: the settlements' journals record them all.

    Each settlement is drafted for books in its own currency, of its own country where `country` is empty.
    """
    by_orders: dict[str, OrdersDraft] = {}
    for settlement in each_once(read.settlements):
        chart, mapping = mappings.for_country(settlement.marketplace)
        context = OrdersContext(country or settlement.marketplace, settlement.currency)
        by_orders[settlement.settlement_id] = draft_settlement_orders(settlement, mapping, chart, posting, context)
    return review_read(read, mappings=mappings, settings=posting.for_settlements(country), by_orders=by_orders)


def post_by_orders(
    reviews: Sequence[Review],
    desk: SaleDesk,
    work: SettledWork,
    known: Settlements,
    *,
    agreed: Agreed,
    progressed: Progressed = silent,
) -> PostedSettlements:
    """Post what is drafted of settlements, and say of each where it stands and whether it ties out.

    Nothing is raised for what a user, QuickBooks or the network does.
    """
    by_id = {review.settlement.settlement_id: review for review in reviews}
    drafted = [
        SettledResult(review.settlement, review.orders, findings=review.findings)
        for review in reviews
        if review.orders is not None
    ]
    named = [account for review in reviews for account in review.draft.accounts]
    report = post_drafted(drafted, desk, work, agreed=agreed, named=named, progressed=progressed)
    rows = tuple(row for result in report.results for row in _rows(by_id[result.draft.settlement_id], result))
    settlements, unread = tied_by_method(reviews, rows, desk.books, progressed)
    for posted in settlements:
        known.set_state(posted.review.settlement.settlement_id, posted.state)
    differing = [differs_in_quickbooks(posted.tie) for posted in settlements if posted.differs]
    return PostedSettlements(
        settlements,
        tuple(dict.fromkeys((*report.all_findings, *unread, *differing))),
        PostingReport(rows, (), report.created, report.proposed),
    )


def _rows(review: Review, result: SettledResult) -> tuple[PostedJournal, ...]:
    """The documents as journals, each with what came of it."""
    documents = tuple(row.document for row in result.documents)
    effects = effects_of(replace(result.draft, documents=documents), review.chart)
    return tuple(
        PostedJournal(effect, row.how, row.posting, row.held)
        for effect, row in zip(effects, result.documents, strict=True)
    )
