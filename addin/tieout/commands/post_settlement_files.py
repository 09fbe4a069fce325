"""Settlement files into the books from the command line, by either method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from tieout.commands.agreement import Agreed
from tieout.commands.mapping_source import MappingSource
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_by_orders import post_by_orders, review_by_orders
from tieout.commands.post_documents import standing_postings
from tieout.commands.post_orders import OrderBook
from tieout.commands.post_settled_orders import SettledWork
from tieout.commands.post_settlements import Desk, PostedSettlements, kept, nothing_posted, post_reviewed
from tieout.commands.progress import Progressed, silent
from tieout.commands.review_settlements import ReadSettlements, Review, Reviews, read_settlements, review_read
from tieout.commands.sale_desk import SaleDesk
from tieout.commands.settled_books import Shelf, read_settled_books
from tieout.commands.undocumented_orders import OrdersAtHand, recorded_elsewhere
from tieout.domain.account import Chart
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.posting import PostingState
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.sale import ORDER_KINDS
from tieout.domain.settings import Method, SettlementSettings
from tieout.download_ports import Orders
from tieout.ports import BooksUnavailable, StoreUnwritable
from tieout.rules.match import Undocumented
from tieout.rules.revenue_once import orders_in_summary, recorded_already
from tieout.sale_ports import SaleBooks


@dataclass(frozen=True, slots=True)
class FilesSettings:
    """How settlement files are posted: `settings` and, by orders, `posting`.

    `known_settlements` are the ends of those that the company knows, by id: one may have paid a part of an order.
    `create_missing` agrees to make accounts, and by orders customers and items, that the books lack.
    """

    mappings: MappingSource
    chart: Chart
    settings: SettlementSettings
    posting: PostingSettings
    country: str = ""
    create_missing: bool = False
    closed_period: ClosedPeriod = ClosedPeriod.WAIT
    known_settlements: Mapping[str, datetime] = field(default_factory=dict)


def post_settlement_files(
    documents: Sequence[Document],
    desk: Desk,
    orders: Orders,
    how: FilesSettings,
    progressed: Progressed = silent,
) -> PostedSettlements:
    """Post every settlement in `documents` that is ready, by the method of the settings; each once.

    `orders` are those that the company downloaded. Nothing is raised for what a user, QuickBooks or the network does.
    """
    read = read_settlements([(document, how.country) for document in documents], how.settings, progressed)
    try:
        if how.settings.method is Method.SUMMARY:
            return _in_summary(documents, desk, read, how, progressed)
        return _by_orders(documents, desk, orders, read, how, progressed)
    except (StoreUnwritable, BooksUnavailable) as stopped:
        reviewed = review_read(read, mappings=how.mappings, settings=how.settings)
        return nothing_posted(reviewed, stopped.finding)


def _in_summary(
    documents: Sequence[Document], desk: Desk, read: ReadSettlements, how: FilesSettings, progressed: Progressed
) -> PostedSettlements:
    reviewed = _revenue_once(review_read(read, mappings=how.mappings, settings=how.settings), desk, how)
    return post_reviewed(
        kept(documents, reviewed, desk),
        desk,
        chart=how.chart,
        create_accounts=how.create_missing,
        closed_period=how.closed_period,
        progressed=progressed,
    )


def _revenue_once(reviews: Reviews, desk: Desk, how: FilesSettings) -> Reviews:
    """Block each settlement whose summary would record orders that have documents of their own (rule 10)."""
    guarded: list[Review] = []
    found: list[Finding] = []
    for one in reviews.reviews:
        _, mapping = how.mappings.for_country(one.settlement.marketplace)
        order_ids = sorted(orders_in_summary(one.settlement, mapping))
        twice = recorded_already(one.settlement, mapping, _documented(desk, order_ids))
        found += twice
        guarded.append(replace(one, findings=(*one.findings, *twice)) if twice else one)
    return Reviews(tuple(guarded), (*reviews.findings, *found))


def _documented(desk: Desk, order_ids: Sequence[str]) -> frozenset[str]:
    """The orders whose own document stands, or may stand, in the books."""
    states = {PostingState.POSTED, PostingState.SENDING}
    return frozenset(
        one.subject
        for one in desk.outbox.of_subjects(desk.books.realm_id, order_ids)
        if one.key.entity in ORDER_KINDS and one.state in states
    )


def _by_orders(
    documents: Sequence[Document],
    desk: Desk,
    orders: Orders,
    read: ReadSettlements,
    how: FilesSettings,
    progressed: Progressed,
) -> PostedSettlements:
    books = cast(SaleBooks, desk.books)  # QuickBooks' books are such; posting journals needs less of them
    sale_desk = SaleDesk(desk.company, books, desk.outbox, desk.clock, desk.who)
    shelf = Shelf(desk.outbox, books.realm_id, books.documents)
    book = OrderBook(
        settings=how.posting,
        chart_of=lambda country: how.mappings.for_country(country)[0],
        company_country=desk.company.country,
    )
    work = SettledWork(
        book,
        how.mappings,
        known_settlements=how.known_settlements,
        undocumented=_undocumented(desk, orders, read, book, how),
    )
    reviewed = review_by_orders(read, shelf, read_settled_books(books), work, how.settings)
    reviews = kept(documents, reviewed, desk)
    posted = post_by_orders(
        reviews.reviews,
        sale_desk,
        work,
        desk.settlements,
        agreed=Agreed(how.create_missing, how.create_missing, how.closed_period),
        progressed=progressed,
    )
    return replace(posted, findings=tuple(dict.fromkeys((*reviews.findings, *posted.findings))))


def _undocumented(
    desk: Desk, orders: Orders, read: ReadSettlements, book: OrderBook, how: FilesSettings
) -> dict[str, Undocumented]:
    """The downloaded orders of the settlements without a document; with it the settlement that recorded one."""
    of_settlements = {
        one.settlement_id: orders_in_summary(one, how.mappings.for_country(one.marketplace)[1])
        for one in read.settlements
    }
    order_ids = sorted(frozenset[str]().union(*of_settlements.values()))
    found = OrdersAtHand(orders, book, _documented(desk, order_ids)).undocumented(order_ids)
    realm = desk.books.realm_id
    recorded_by = {
        order_id: subject
        for subject, recorded in of_settlements.items()
        if standing_postings(desk.outbox, realm, subject)
        for order_id in recorded
    }
    return recorded_elsewhere(found, recorded_by)
