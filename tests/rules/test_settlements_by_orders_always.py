"""What holds of every settlement drafted by orders: each amount once, clearing explained to the cent."""

from collections import Counter

from hypothesis import given, settings

from tests.rules.settled_shapes import clearing_effect, drafted, settings_of_settlements, settled_worlds
from tieout.domain.draft import as_text
from tieout.domain.expense import Expense
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.payment import Payment
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.sale import Sale, SaleKind
from tieout.domain.settlement import Settlement
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.match import OrderDecision, PostedOrder, Recorded

World = tuple[Settlement, list[PostedOrder], dict[str, OrderDecision]]


def _drafted(world: World, posting: PostingSettings) -> OrdersDraft:
    given_settlement, posted, decisions = world
    draft = drafted(given_settlement, posted, decisions, posting)
    assert not draft.blocked, draft.findings
    return draft


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=50, deadline=None)
def test_clearing_holds_what_is_said_and_nothing_else(world: World, posting: PostingSettings) -> None:
    draft = _drafted(world, posting)
    receipts = sum(
        match.paid.minor
        for match in draft.matches
        if match.posted is not None and match.paid is not None and match.posted.entity == "SalesReceipt"
    )
    assert draft.clearing_left is not None
    assert clearing_effect(draft.documents) + receipts == draft.clearing_left.minor


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=80, deadline=None)
def test_every_row_is_recorded_once(world: World, posting: PostingSettings) -> None:
    """Rule 2: a row is an order's own, a refund document's, or behind exactly one line of what is left."""
    given_settlement, *_ = world
    draft = _drafted(world, posting)
    assert draft.rest is not None
    rows: Counter[int] = Counter()
    for each in draft.documents:
        for line in each.lines if isinstance(each, Journal | Expense) else ():
            for source in line.sources:
                behind = draft.rest.rows_of(source)
                assert len(behind) == source.rows
                rows.update(behind)
    assert all(count == 1 for count in rows.values())
    elsewhere = sum(match.settled.rows for match in draft.matches if match.by is not Recorded.SUMMARY)
    beside = sum(source.rows for source in draft.rest.beside)
    refunded = {each.order_id for each in draft.documents if isinstance(each, Sale)}
    of_refunds = sum(
        1
        for line in given_settlement.lines.lines()
        if line.kind.transaction_type == "Refund"
        and line.kind.amount_type != "ItemFees"
        and line.order_id in refunded
    )
    assert len(rows) + elsewhere - beside + of_refunds == len(given_settlement.lines)


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=80, deadline=None)
def test_an_order_is_revenue_once(world: World, posting: PostingSettings) -> None:
    """Rule 10: what a document records is in no journal, and an invoice is paid once at most."""
    draft = _drafted(world, posting)
    invoices = Counter(
        each.doc_number
        for payment in draft.documents
        if isinstance(payment, Payment)
        for each in payment.settles
        if each.entity == "Invoice"
    )
    paid = {
        match.posted.doc_number
        for match in draft.matches
        if match.posted is not None and match.paid and match.posted.entity == "Invoice"
    }
    assert invoices == Counter(paid)
    in_summary = {match.settled.order_id for match in draft.matches if match.by is Recorded.SUMMARY}
    recorded = Money.total(
        (match.settled.price for match in draft.matches if match.settled.order_id in in_summary),
        draft.clearing_left.currency if draft.clearing_left else "USD",
    )
    booked = sum(
        source.amount.minor
        for each in draft.documents
        if isinstance(each, Journal)
        for line in each.lines
        for source in line.sources
        if source.kind.transaction_type == "Order"
        and source.kind.amount_type in {"ItemPrice", "Promotion"}
        and source.kind.marketplace_name == "Amazon.com"
    )
    assert booked == recorded.minor


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=40, deadline=None)
def test_documents_are_dated_in_their_months_numbered_once_and_the_same_again(
    world: World, posting: PostingSettings
) -> None:
    draft = _drafted(world, posting)
    numbers = Counter((type(each).__name__, each.doc_number) for each in draft.documents)
    assert all(count == 1 for count in numbers.values())
    assert all(len(each.doc_number) <= 21 for each in draft.documents)
    for each in draft.documents:
        for line in each.lines if isinstance(each, Journal | Expense) else ():
            assert all((s.month.year, s.month.month) == (each.day.year, each.day.month) for s in line.sources)
    assert as_text(_drafted(world, posting).documents) == as_text(draft.documents)


@given(settled_worlds())
@settings(max_examples=40, deadline=None)
def test_credit_memos_are_used_up_to_the_cent(world: World) -> None:
    draft = _drafted(world, PostingSettings())
    used: Counter[str] = Counter()
    for payment in draft.documents:
        if isinstance(payment, Payment):
            assert payment.total.minor >= 0
            for each in payment.settles:
                if each.entity == "CreditMemo":
                    used[each.doc_number] += each.amount.minor
    memos = {
        each.doc_number: each.total.minor
        for each in draft.documents
        if isinstance(each, Sale) and each.kind is SaleKind.CREDIT_MEMO and each.total
    }
    assert used == Counter(memos)
