"""Orders' documents read back from QuickBooks, by Reconcile: what differs is remembered and shown on Archive.

It is asked in as few requests as can be, a query for each kind and thousand documents, and only about the orders
that Home shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tieout.commands.presses.order_choices import OrderChoices, read_order_choices
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.order_sheets import OrderSheets, is_shown_by_home, read_order_tables
from tieout.commands.presses.orders_since import Differs, note_read_back
from tieout.commands.presses.press import Press
from tieout.domain.books import BooksDocument, differences
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting
from tieout.ports import Books
from tieout.sheets.port import Refresh

_DIFFERENCES_TOLD_MAX = 3
# A query may not find what was made a moment ago (ports.Books.read_many); such a document is asked for itself.
_FOUND_AFTER = timedelta(hours=1)
_FIRST_VERSION = "0"


@dataclass(frozen=True, slots=True)
class OrdersReadBack:
    """How many orders were read back, what differs, and what Orders, Errors and Archive shall hold."""

    read: int = 0
    findings: tuple[Finding, ...] = ()
    refreshes: tuple[Refresh, ...] = ()

    @property
    def message(self) -> str:
        """What came of it, to follow a sentence; empty where no order was read back."""
        if not self.read:
            return ""
        orders = "1 posted order" if self.read == 1 else f"{self.read:,} posted orders"
        same = f"{orders} read back, all as posted."
        return f" {orders} read back, {len(self.findings):,} differ, see Archive." if self.findings else f" {same}"


def read_back_orders(press: Press) -> OrdersReadBack:
    """Compare the documents of the orders shown with what QuickBooks holds now; BooksUnavailable."""
    posted = documents_in_books(press)
    tables = read_order_tables(press.book) if posted else None
    if tables is None:
        return OrdersReadBack()
    if isinstance(tables, Finding):
        return OrdersReadBack(findings=(tables,))
    choices = read_order_choices(press)
    wanted = _shown(press, choices, posted)
    if wanted:
        with press.open_books() as books:
            note_read_back(press, _compared(press, books, wanted), posted)
    sheets = OrderSheets(press, choices, tables)
    refreshes = sheets.refreshes()
    differ = [
        finding
        for finding in sheets.since.findings
        if finding.subject in wanted and finding.code in {"order-changed-in-quickbooks", "order-gone-from-quickbooks"}
    ]
    return OrdersReadBack(len(wanted), tuple(differ), refreshes)


def _shown(press: Press, choices: OrderChoices, posted: Mapping[str, Posting]) -> dict[str, Posting]:
    found = {}
    for order_id, posting in posted.items():
        order = press.store.orders.get(order_id)
        if order is not None and is_shown_by_home(choices, order):
            found[order_id] = posting
    return found


def _compared(press: Press, books: Books, wanted: Mapping[str, Posting]) -> dict[str, Differs | None]:
    """What differs of each order's document; None where nothing does."""
    home = books.preferences().home_currency
    names = {account.id: account.full_name for account in books.accounts()}
    seen: dict[str, Differs | None] = {}
    for entity in dict.fromkeys(posting.key.entity for posting in wanted.values()):
        of_kind = {order_id: one for order_id, one in wanted.items() if one.key.entity == entity}
        press.tell("Reading orders back from QuickBooks", len(seen), len(wanted))
        held = books.read_many(entity, [one.quickbooks_id for one in of_kind.values()])
        for order_id, posting in of_kind.items():
            document = held.get(posting.quickbooks_id)
            if document is None and _is_fresh(press, posting):
                document = books.read(entity, posting.quickbooks_id)
            sent = books.as_sent(entity, posting.body, home)
            seen[order_id] = _differs(posting, sent, document, names)
    return seen


def _is_fresh(press: Press, posting: Posting) -> bool:
    return posting.sent_at is None or press.clock.now() - posting.sent_at < _FOUND_AFTER


def _differs(
    posting: Posting, sent: BooksDocument, held: BooksDocument | None, names: Mapping[str, str]
) -> Differs | None:
    if held is None:
        return Differs(is_gone=True, how="deleted")
    if sent.total.minor and not held.total.minor and not any(line.amount.minor for line in held.lines):
        return Differs(is_gone=True, how="voided")
    untouched = held.sync_token == (posting.sync_token or _FIRST_VERSION)
    found = differences(sent, held, names, untouched=untouched)
    if not found:
        return None
    more = [f"and {len(found) - _DIFFERENCES_TOLD_MAX} more"] if len(found) > _DIFFERENCES_TOLD_MAX else []
    return Differs(is_gone=False, how="; ".join([*found[:_DIFFERENCES_TOLD_MAX], *more]))
