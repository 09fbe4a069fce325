"""What documents of a settlement do to accounts: balanced, on clearing and bank as told, each row behind one line."""

from collections import Counter

from hypothesis import given, settings

from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import (
    CLEARING,
    DAY,
    document,
    drafted,
    order_rows,
    settings_of_settlements,
    settled_worlds,
)
from tieout.domain.account import Group
from tieout.domain.journal import Journal, Side
from tieout.domain.posting_settings import FeeDocument, PostingSettings, RefundDocument
from tieout.domain.settlement import Settlement
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.ledger_effect import OWN, RECEIVABLE, effect_of_own, effects_of
from tieout.rules.match import OrderDecision, PostedOrder, Recorded

World = tuple[Settlement, list[PostedOrder], dict[str, OrderDecision]]
CHART = load_chart("US")
ONE, TWO = "113-0000000-0000001", "113-0000000-0000002"


def every_effect(draft: OrdersDraft) -> tuple[Journal, ...]:
    own = effect_of_own(draft)
    return (*effects_of(draft, CHART), *((own,) if own is not None else ()))


def on(effects: tuple[Journal, ...], *groups: Group) -> int:
    """What effects come to in some groups, debit positive."""
    return sum(line.signed_minor for one in effects for line in one.lines if line.group in groups)


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=80, deadline=None)
def test_clearing_and_bank_hold_what_is_said(world: World, posting: PostingSettings) -> None:
    sold, posted, decisions = world
    draft = drafted(sold, posted, decisions, posting)
    effects = every_effect(draft)
    assert draft.clearing_left is not None
    if draft.documents:
        assert on(effects, Group.CLEARING) == draft.clearing_left.minor
        ignored = sum(one.settled.received.minor for one in draft.matches if one.by is Recorded.NOT)
        assert on(effects, Group.BANK, Group.CARD, Group.CLEARING) == sold.total.minor - ignored
        assert on(effects, Group.CARRY_FORWARD) == 0


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=80, deadline=None)
def test_every_row_is_behind_one_line_of_its_own_money(world: World, posting: PostingSettings) -> None:
    """Rule 2: all rows but those of ignored orders; and each line that has rows comes to them."""
    sold, posted, decisions = world
    draft = drafted(sold, posted, decisions, posting)
    effects = every_effect(draft)
    rows: Counter[str] = Counter()
    for one in effects:
        for line in one.lines:
            for source in line.sources:
                rows[source.kind.transaction_type] += source.rows
            if line.sources:
                assert -line.signed_minor == sum(source.amount.minor for source in line.sources), (one, line)
    ignored = sum(one.settled.rows for one in draft.matches if one.by is Recorded.NOT)
    if draft.documents:
        assert sum(rows.values()) + ignored == len(sold.lines)


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=60, deadline=None)
def test_each_group_comes_to_its_rows(world: World, posting: PostingSettings) -> None:
    """Lines without rows (accepted differences, tax shown twice) cancel within their group."""
    sold, posted, decisions = world
    effects = every_effect(drafted(sold, posted, decisions, posting))
    for group in set(Group) - {Group.BANK, Group.CARD, Group.CLEARING, Group.CARRY_FORWARD}:
        bare = (line for one in effects for line in one.lines if line.group is group and not line.sources)
        assert sum(line.signed_minor for line in bare) == 0, group


def test_a_payment_is_told_by_group_and_its_credit_memo_apart() -> None:
    rows = [
        *order_rows(ONE, 2000, shipping=500, tax=160, withheld=-160, fee=-300),
        *order_rows(TWO, -700, occasion="Refund"),
    ]
    draft = drafted(settlement(rows, deposit=DAY), [document(ONE, 2500)])
    effects = zip(draft.documents, effects_of(draft, CHART), strict=True)
    found = {type(one).__name__: effect for one, effect in effects}
    told = [(line.side, line.amount.minor, line.account, line.group) for line in found["Payment"].lines]
    assert told == [
        (Side.DEBIT, 1800, CLEARING, Group.CLEARING),
        (Side.CREDIT, 2000, RECEIVABLE, Group.SALES),
        (Side.CREDIT, 500, RECEIVABLE, Group.SHIPPING),
        (Side.DEBIT, 0, RECEIVABLE, Group.FACILITATOR_TAX),
        (Side.DEBIT, 700, RECEIVABLE, Group.CARRY_FORWARD),
    ]
    assert sum(line.rows for line in found["Payment"].lines) == 4
    assert [line.rows for line in found["Sale"].lines] == [1, 0]


def test_bills_are_paid_through_payables_and_come_to_nothing_there() -> None:
    settings = PostingSettings(fee_document=FeeDocument.BILL, refund_document=RefundDocument.REFUND_RECEIPT)
    rows = [*order_rows(ONE, 2000, fee=-300), *order_rows(TWO, -700, occasion="Refund")]
    draft = drafted(settlement(rows, deposit=DAY), [document(ONE, 2000)], settings=settings)
    effects = effects_of(draft, CHART)
    payables = [line for one in effects for line in one.lines if line.account.startswith("Accounts Payable")]
    assert [line.signed_minor for line in payables] == [-300, 300]
    assert on(effects, Group.BANK) == 1000
    assert on(effects, Group.CLEARING) == 0


def test_receipts_are_proved_together_though_nothing_of_the_settlement_pays_them() -> None:
    rows = [*order_rows(ONE, 2000, fee=-300), Row(DAY, ("Order", "ItemPrice", "Principal"), 900, TWO, "Amazon.com")]
    receipts = [document(ONE, 2000, entity="SalesReceipt"), document(TWO, 900, entity="SalesReceipt")]
    draft = drafted(settlement(rows, deposit=DAY), receipts)
    own = effect_of_own(draft)
    assert own is not None
    assert (own.doc_number, own.debits.minor) == (OWN, 2900)
    assert all(one.doc_number != OWN for one in effects_of(draft, CHART))
    assert effect_of_own(drafted(settlement(rows, deposit=DAY), [document(ONE, 2000)])) is None
