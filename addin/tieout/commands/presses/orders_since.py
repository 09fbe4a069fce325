"""What became of orders since they were posted: paid, changed or gone in QuickBooks, cancelled or changed at Amazon.

QuickBooks is asked nothing here. The outbox tells what was paid, the stored orders what Amazon told since, and what
Reconcile or Undo found differing in QuickBooks is remembered (`note_read_back`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from tieout.commands.order_findings import cancelled_since, changed_in_books, changed_since, gone_from_books
from tieout.commands.post_orders import draft_orders
from tieout.commands.presses.order_choices import OrderChoices
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.orders_overtaken import overtaken
from tieout.commands.presses.press import Press
from tieout.domain.finding import Finding
from tieout.domain.order import Order
from tieout.domain.posting import Posting, PostingState
from tieout.rules.order_status import OrderStatus, read_status
from tieout.sheets.exception_rows import ACCEPT, REPLACE
from tieout.sheets.order_rows import CANCELLED_SINCE, CHANGED_AT_AMAZON, CHANGED_THERE, GONE_THERE, PAID, POSTED
from tieout.sheets.port import Gone, ReadTable, Refresh

# The source of these findings on Exceptions: every press of the order buttons finds all of them.
SINCE_POSTED = "orders-since-posted"
_READ_BACK = "orders-read-back"
_STATES = {
    "order-gone-from-quickbooks": GONE_THERE,
    "order-changed-in-quickbooks": CHANGED_THERE,
    "order-cancelled-after-posting": CANCELLED_SINCE,
    "order-changed-after-posting": CHANGED_AT_AMAZON,
}


@dataclass(frozen=True, slots=True)
class OrdersSince:
    """The state of each posted order, and what a person has to decide about some.

    `findings` go to Exceptions; `undecided` are those of them that no decision accepted or settled, about what Amazon
    told; `to_replace` the orders whose posting is to be replaced, by a decision.
    """

    states: Mapping[str, str]
    findings: tuple[Finding, ...]
    to_replace: frozenset[str]
    undecided: tuple[Finding, ...] = ()


def orders_since(press: Press, choices: OrderChoices, posted: Mapping[str, Posting]) -> OrdersSince:
    """What became of orders by what is known here; `posted` are their documents in the books, by order id."""
    found = {finding.subject: finding for finding in _at_amazon(press, choices, posted)}
    found |= {finding.subject: finding for finding in _in_books(press, posted)}
    decided = {
        (one.code, one.order_id): one.choice for one in choices.choices.decisions.made.values() if one.order_id
    }
    paid = _paid(press, posted, {one: by.settlement_id for one, by in choices.paid.items()})
    states = {}
    for order_id in posted:
        finding = found.get(order_id)
        accepted = finding is not None and decided.get((finding.code, order_id)) == ACCEPT
        usual = PAID if order_id in paid else POSTED
        states[order_id] = usual if finding is None or accepted else _STATES[finding.code]
    replaced = (one.subject for one in found.values() if decided.get((one.code, one.subject)) == REPLACE)
    undecided = [one for one in found.values() if states[one.subject] in {CANCELLED_SINCE, CHANGED_AT_AMAZON}]
    return OrdersSince(states, tuple(found.values()), frozenset(replaced), tuple(undecided))


@dataclass(frozen=True, slots=True)
class Differs:
    """What QuickBooks holds otherwise of an order's document: nothing any more (`is_gone`), or something changed."""

    is_gone: bool
    how: str


def note_read_back(press: Press, seen: Mapping[str, Differs | None], posted: Mapping[str, Posting]) -> None:
    """Remember what differs in QuickBooks, by order id; None for what stands there as it was posted."""
    before = _read_back(press)
    after = {order_id: entry for order_id, entry in before.items() if order_id in posted and order_id not in seen}
    for order_id, differs in seen.items():
        if differs is not None and order_id in posted:
            entry = {"id": posted[order_id].quickbooks_id, "how": differs.how}
            after[order_id] = entry | ({"gone": "yes"} if differs.is_gone else {})
    if after != before:
        press.store.settings.put(_READ_BACK, json.dumps(after, sort_keys=True))


def _read_back(press: Press) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(press.store.settings.get(_READ_BACK, "{}"))
    return found


def _in_books(press: Press, posted: Mapping[str, Posting]) -> Iterator[Finding]:
    """What was found differing in QuickBooks, of documents that were not posted anew since."""
    for order_id, entry in _read_back(press).items():
        posting = posted.get(order_id)
        if posting is None or posting.quickbooks_id != entry["id"]:
            continue
        say = gone_from_books if "gone" in entry else changed_in_books
        yield say(order_id, posting, entry["how"])


def _at_amazon(press: Press, choices: OrderChoices, posted: Mapping[str, Posting]) -> Iterator[Finding]:
    """The posted orders that were cancelled at Amazon, or come to something else now."""
    cancelled = [told for told in press.store.orders.statuses() if read_status(told) is OrderStatus.CANCELLED]
    for order in press.store.orders.with_status(cancelled) if cancelled and posted else ():
        if order.order_id in posted:
            yield cancelled_since(order.order_id, [posted[order.order_id]])
    yield from overtaken(press, posted, partial(_changed, choices, press))


def _changed(choices: OrderChoices, press: Press, order: Order, posting: Posting) -> Iterator[Finding]:
    """Whether an order's document would come to something else now; another wording or customer is no matter."""
    [drafted] = draft_orders([order], choices.book)
    if drafted.sale is None:
        return
    sent = press.documents.sent_sale(posting.body, drafted.sale.currency)
    if sent.total != drafted.sale.total:
        yield changed_since(order.order_id, posting, sent.total, drafted.sale.total)


def paid_refresh(press: Press) -> tuple[Refresh, ...]:
    """Which orders on Archive are paid now, for a press that posted or undid settlements; the rest of it stays."""
    posted = documents_in_books(press)
    table = press.book.read("Archive") if posted else None
    if not isinstance(table, ReadTable):
        return ()
    paid = _paid(press, posted, {row.text("order_id"): row.text("settlement_id") for row in table.rows})
    rows = [
        {"order_id": row.text("order_id"), "state": PAID if row.text("order_id") in paid else POSTED}
        for row in table.rows
        if row.text("order_id") in posted and row.text("state") in {POSTED, PAID}
    ]
    return (Refresh("Archive", rows, Gone.KEPT),) if rows else ()


def _paid(press: Press, posted: Mapping[str, Posting], settled_by: Mapping[str, str]) -> frozenset[str]:
    """The orders that a posted settlement paid: invoices by a payment, sales receipts by their settlement.

    `settled_by` tells which settlement paid an order, posted or not.
    """
    if not posted:
        return frozenset()
    by_document = {(one.key.entity, one.quickbooks_id): order_id for order_id, one in posted.items()}
    is_posted = (PostingState.POSTED,)
    standing = press.store.outbox.subjects(press.realm_id, is_posted) - posted.keys()
    on_account: set[str] = set()
    paid: set[str] = set()
    for one in press.store.outbox.of_kinds(press.realm_id, ("Payment",), is_posted):
        links = press.documents.sent_links(one.body, press.company.home_currency)
        paid.update(by_document[key] for key in links if key in by_document)
        on_account |= set() if links else {one.subject}
    for order_id, posting in posted.items():
        enough = standing if posting.key.entity == "SalesReceipt" else on_account
        if settled_by.get(order_id) in enough:
            paid.add(order_id)
    return frozenset(paid)
