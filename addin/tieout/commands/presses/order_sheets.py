"""The sheets Orders, Errors and Archive: which order stands where, and what moves with it.

An order that QuickBooks holds is on Archive, as is one that was taken back out or put away; one that failed is on
Errors until it is posted or put away; every other one that Status Filters admit is on Orders.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field

from tieout.commands.post_orders import OrderResult, OrderState, draft_orders
from tieout.commands.presses.order_choices import OrderChoices
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.orders_since import SINCE_POSTED, OrdersSince, orders_since
from tieout.commands.presses.press import Press
from tieout.commands.presses.put_away import put_away
from tieout.commands.presses.showing import Found, Sheets
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding
from tieout.domain.marketplace import by_country
from tieout.domain.order import Order
from tieout.domain.posting import Posting
from tieout.domain.sale import SaleKind
from tieout.rules.order_status import Admits, OrderStatus, read_status
from tieout.sheets.order_rows import (
    HELD,
    PUT_AWAY,
    READY,
    UNDONE,
    WAITING,
    ArchivedDocument,
    archive_row,
    error_row,
    order_row,
)
from tieout.sheets.port import Gone, RawValue, ReadTable, Refresh, Row, TableRow, WorkbookPort

_MUST_HAVE = ("order_id", "notes")


@dataclass(frozen=True, slots=True)
class OrderTables:
    """The three tables as they stand; `noted` is what the user wrote beside an order, wherever it stands, and `own`
    what columns of his own say of it, by their titles.
    """

    orders: ReadTable
    errors: ReadTable
    archive: ReadTable
    noted: Mapping[str, str]
    own: Mapping[str, Mapping[str, RawValue]]

    def all(self) -> tuple[ReadTable, ReadTable, ReadTable]:
        """The three, in the order in which an order goes through them."""
        return self.orders, self.errors, self.archive

    def notes(self, order_id: str) -> str:
        """The user's notes of an order; empty where there are none."""
        return self.noted.get(order_id, "")


def read_order_tables(book: WorkbookPort) -> OrderTables | Finding:
    """The tables; the finding if one lacks what moving an order with its notes needs: nothing is done then."""
    tables = [book.read(name) for name in ("Orders", "Errors", "Archive")]
    for table in tables:
        if isinstance(table, Finding):
            return table
        if any(key not in table.columns for key in _MUST_HAVE):
            return table.findings[0]
    orders, errors, archive = (table for table in tables if isinstance(table, ReadTable))
    noted: dict[str, str] = {}
    own: dict[str, Mapping[str, RawValue]] = {}
    for table in (archive, errors, orders):
        for row in table.rows:
            if row.text("notes"):
                noted[row.text("order_id")] = row.text("notes")
            if row.number in table.own:
                own[row.text("order_id")] = table.own[row.number]
    return OrderTables(orders, errors, archive, noted, own)


def rows_by_id(table: ReadTable) -> dict[str, TableRow]:
    """The rows of a table by order id."""
    return {row.text("order_id"): row for row in table.rows if row.text("order_id")}


@dataclass(slots=True)
class OrderSheets:
    """Where every order stands after a press; `results` are those of this press, `failed` the findings to show.

    `fresh` are the orders that this press posted, `acted` those whose tick it has used up, `also` what else it found
    for Exceptions.
    """

    press: Press
    choices: OrderChoices
    tables: OrderTables
    results: Mapping[str, OrderResult] = field(default_factory=dict)
    failed: Mapping[str, Finding] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    counts: dict[str, int] = field(default_factory=dict)
    also: Found | None = None
    acted: Collection[str] = ()
    since: OrdersSince = field(default_factory=lambda: OrdersSince({}, (), frozenset()))

    def refreshes(self) -> tuple[Refresh, ...]:
        """What the sheets shall hold; where an order comes from is emptied last. Fills in `counts` and `since`."""
        posted = documents_in_books(self.press)
        self.since = orders_since(self.press, self.choices, posted)
        known = {order.order_id: order for order in self.press.store.orders.all()}
        archive = self._archive(posted, known)
        errors = self._errors(frozenset(archive))
        orders = self._orders(frozenset(archive) | frozenset(errors), known)
        sheets = Sheets(self.press, self.choices.choices)
        found = [Found(SINCE_POSTED, self.since.findings)]
        sheets.exceptions([*found, self.also] if self.also is not None else found, {})
        return (
            self._refresh(self.tables.archive, archive, known),
            self._refresh(self.tables.errors, errors, known),
            self._refresh(self.tables.orders, orders, known),
            *sheets.refreshes,
        )

    def _refresh(self, table: ReadTable, rows: Mapping[str, Row], known: Container[str]) -> Refresh:
        """A table with these rows. What the user wrote beside something that is no order of ours stays there."""
        leaving = {(one,) for one in rows_by_id(table) if one in known and one not in rows}
        own: dict[tuple[str, ...], Mapping[str, RawValue]] = {(one,): cells for one, cells in self.tables.own.items()}
        unticked = {(one,) for one in self.acted}
        shown = list(rows.values())
        return Refresh(table.layout.name, shown, Gone.KEPT_IF_USED, leaving=leaving, own=own, unticked=unticked)

    def _archive(self, posted: Mapping[str, Posting], known: Mapping[str, Order]) -> dict[str, Row]:
        away = put_away(self.press)
        before = rows_by_id(self.tables.archive)
        rows: dict[str, Row] = {}
        for order_id in dict.fromkeys((*before, *posted, *sorted(away))):
            if order_id in self.failed and order_id not in posted:
                continue
            order = known.get(order_id)
            if order is None:
                if order_id in before:
                    rows[order_id] = {"order_id": order_id}
                continue
            posting = posted.get(order_id)
            document = self._document(order, posting, order_id in before) if posting is not None else None
            state = self.since.states.get(order_id) or (PUT_AWAY if order_id in away else UNDONE)
            if state == UNDONE:
                self.counts[state] = self.counts.get(state, 0) + 1
            paid = self.choices.paid.get(order_id)
            rows[order_id] = archive_row(order, state, document, paid, self.tables.notes(order_id))
        return rows

    def _document(self, order: Order, posting: Posting, is_shown: bool) -> ArchivedDocument:
        """What an order's document is. Its day and total are those it was posted with; the sheet keeps them.

        What is settled of it stands beside its total, so that is read out of what was sent where it is paid.
        """
        result = self.results.get(order.order_id)
        if result is None and not is_shown:
            result = draft_orders([order], self.choices.book)[0]
        sale = result.sale if result is not None else None
        total = sale.total if sale is not None else None
        if total is None and order.order_id in self.choices.paid:
            total = self.press.documents.sent_sale(posting.body, self.press.company.home_currency).total
        is_fresh = order.order_id in self.fresh
        return ArchivedDocument(
            entity=posting.key.entity,
            kind=SaleKind(posting.key.entity).in_words,
            doc_number=posting.key.doc_number,
            quickbooks_id=posting.quickbooks_id,
            day=sale.day if sale is not None else None,
            total=total,
            posted_at=posting.sent_at,
            by=self.press.who.partition("@")[0] if is_fresh else None,
            site=self.press.company.books_site,
        )

    def _errors(self, archived: frozenset[str]) -> dict[str, Row]:
        before = rows_by_id(self.tables.errors)
        rows: dict[str, Row] = {one: {"order_id": one} for one in before if one not in archived}
        for order_id, finding in self.failed.items():
            result = self.results[order_id]
            earlier = before[order_id].text("attempts") if order_id in before else ""
            rows[order_id] = error_row(
                result.order,
                finding,
                document=result.sale.kind.in_words if result.sale is not None else "",
                intuit_tid=result.intuit_tid,
                attempts=1 + (int(earlier) if earlier.isascii() and earlier.isdigit() else 0),
                tried=self.press.clock.now(),
                notes=self.tables.notes(order_id),
            )
        return rows

    def _orders(self, elsewhere: frozenset[str], known: Mapping[str, Order]) -> dict[str, Row]:
        before = rows_by_id(self.tables.orders)
        rows: dict[str, Row] = {}
        for order in known.values():
            if order.order_id in elsewhere or not self._is_shown(order, before.get(order.order_id)):
                continue
            state, why, document = standing(self.choices, order)
            self.counts[state] = self.counts.get(state, 0) + 1
            paid = self.choices.paid.get(order.order_id)
            notes = self.tables.notes(order.order_id)
            rows[order.order_id] = order_row(order, state, why, document, paid, notes)
        return rows

    def _is_shown(self, order: Order, row: TableRow | None) -> bool:
        """Whether it is on Orders: admitted and of the month shown, or the user wrote in its row, or marked there."""
        if row is not None and (row.text("notes") or row.text("select") or row.number in self.tables.orders.own):
            return True
        if not is_shown_by_home(self.choices, order):
            return False
        if row is not None and read_status(order.status) is OrderStatus.CANCELLED:
            return True  # it was on the sheet before it was cancelled: it is marked, until somebody puts it away
        return is_admitted(self.choices, order)


def is_shown_by_home(choices: OrderChoices, order: Order) -> bool:
    """Whether the month and marketplace of Home show an order."""
    market = by_country(order.marketplace)
    day = local_day(order.purchased, market.time_zone if market is not None else "UTC")
    return choices.choices.shown.holds(order.marketplace, day, day)


def is_admitted(choices: OrderChoices, order: Order) -> bool:
    """Whether Status Filters and Settings want an order at all."""
    used = choices.choices.settings.marketplace(order.marketplace).used
    return used and choices.decide(order).admits is not Admits.NOTHING


def standing(choices: OrderChoices, order: Order) -> tuple[str, str, str]:
    """The state of an order on Orders, why it waits, and the document that it would become."""
    decision = choices.decide(order)
    if decision.admits is not Admits.POST:
        return WAITING, decision.why, ""
    if choices.blocking:
        return HELD, _told(choices.blocking[0]), ""
    [drafted] = draft_orders([order], choices.book)
    if order.order_id in choices.book.in_summary or (drafted.sale is None and drafted.state is OrderState.WAITING):
        return HELD, drafted.reason, ""
    return READY, "", drafted.sale.kind.in_words if drafted.sale is not None else ""


def _told(finding: Finding) -> str:
    return f"{finding.what} {finding.to_do}"
