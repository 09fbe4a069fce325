"""Undo: payments before invoices, refused where somebody changed it, taken back where the period is closed."""

from datetime import date
from pathlib import Path

import pytest

from tests.orders.making import line, order
from tests.orders.sale_world import FIRST_OPEN_DAY, sale_world
from tests.orders.test_settled_orders import EXPECTED, ONE, SETTLEMENT, TWO, balances, counts, settled, two_orders
from tests.rules.in_memory import settlement
from tests.rules.settled_shapes import order_rows
from tieout.commands.post_orders import OrderState
from tieout.commands.posting_run import How
from tieout.domain.posting_settings import FeeDocument, OrderDocument, PostingSettings, RefundDocument


def test_undo_and_post_again_leaves_the_same_books(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        before = world.there.practice.ledger()
        undone = world.undo(ONE, TWO)
        assert [each.how for each in undone.documents] == [How.UNDONE, How.UNDONE]
        assert balances(world) == {}
        report = world.post(*two_orders())
        assert report.count(OrderState.POSTED) == 2
        assert world.there.practice.ledger() == before
        assert world.numbers("Invoice") == [ONE, TWO]
        assert len(world.held("Customer")) == 1


def test_a_sales_receipt_stays_while_its_settlement_stands_by_orders(tmp_path: Path) -> None:
    """Nothing pays it; but what it brought into clearing is what the settlement moved to the bank."""
    with sale_world(tmp_path, PostingSettings(order_document=OrderDocument.SALES_RECEIPT)) as world:
        world.post(*two_orders())
        world.settle(settled())
        refused = world.undo(ONE, settlement_ids=[SETTLEMENT], settled_in={ONE: SETTLEMENT})
        assert [finding.code for finding in refused.findings] == ["paid-by-settlement"]
        assert balances(world) == EXPECTED
        world.unsettle(SETTLEMENT)
        assert world.undo(ONE, settlement_ids=[SETTLEMENT], settled_in={ONE: SETTLEMENT}).complete


def test_an_invoice_that_two_settlements_paid_stays_while_either_does(tmp_path: Path) -> None:
    first = settlement(order_rows(ONE, 1200), settlement_id="111", end=date(2026, 1, 26), deposit=date(2026, 1, 28))
    second = settlement(order_rows(ONE, 800), settlement_id="222", end=date(2026, 2, 9), deposit=date(2026, 2, 11))
    with sale_world(tmp_path) as world:
        world.post(two_orders()[0])
        assert all(result.is_posted for result in world.settle(first, second).results)
        world.unsettle("222")
        refused = world.undo(ONE, settlement_ids=["111", "222"])
        assert "settlement 111," in refused.findings[0].what
        world.unsettle("111")
        assert world.undo(ONE, settlement_ids=["111", "222"]).complete


def test_a_paid_invoice_stays_until_its_settlement_is_undone(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        world.settle(settled())
        refused = world.undo(ONE, settlement_ids=[SETTLEMENT])
        assert [finding.code for finding in refused.findings] == ["paid-by-settlement"]
        assert SETTLEMENT in refused.findings[0].what
        assert balances(world) == EXPECTED
        undone = world.undo(ONE, settlement_ids=[SETTLEMENT], also_settlements=True)
        assert undone.complete, undone.findings
        kinds = [each.posting.key.entity for each in undone.documents]
        assert kinds == ["Transfer", "Payment", "CreditMemo", "JournalEntry", "Invoice"]
        assert counts(world) == {"Invoice": 1}


def test_without_the_settlements_known_quickbooks_itself_refuses(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        world.settle(settled())
        refused = world.undo(ONE)
        assert not refused.complete
        assert [finding.code for finding in refused.findings] == ["quickbooks-refused"]
        assert counts(world)["Invoice"] == 2


def test_a_changed_invoice_is_not_deleted(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        first = world.held("Invoice")[0]
        world.there.practice.edit_as_person("Invoice", first["Id"], {"CustomerMemo": {"value": "thanks"}})
        assert world.undo(ONE).complete  # a memo to the customer is none of ours
        second = world.held("Invoice")[0]
        changed = {**second["Line"][0], "Description": "Something else"}
        world.there.practice.edit_as_person("Invoice", second["Id"], {"Line": [changed]})
        refused = world.undo(TWO)
        assert [finding.code for finding in refused.findings] == ["changed-in-quickbooks"]
        assert "Something else" in refused.findings[0].what
        assert world.numbers("Invoice") == [TWO]


def test_an_invoice_deleted_in_quickbooks_counts_as_undone(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(two_orders()[0])
        world.there.practice.delete_as_person("Invoice", world.held("Invoice")[0]["Id"])
        undone = world.undo(ONE)
        assert [finding.code for finding in undone.findings] == ["deleted-in-quickbooks"]
        assert undone.complete
        assert world.post(two_orders()[0]).count(OrderState.POSTED) == 1


def test_nothing_to_undo_is_said(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        assert [finding.code for finding in world.undo("113-9999999-9999999").findings] == ["nothing-to-undo"]


@pytest.mark.parametrize(
    ("document", "back"),
    [(OrderDocument.INVOICE, "CreditMemo"), (OrderDocument.SALES_RECEIPT, "RefundReceipt")],
)
def test_in_a_closed_period_another_document_takes_it_back(
    tmp_path: Path, document: OrderDocument, back: str
) -> None:
    with sale_world(tmp_path, PostingSettings(order_document=document, order_prefix="X-")) as world:
        given = order(line(price="20.00", shipping_price="3.00"), order_id=ONE)
        world.post(given)
        world.there.practice.close_books(date(2026, 1, 31))
        undone = world.undo(ONE)
        assert [each.how for each in undone.documents] == [How.REVERSED]
        assert [finding.code for finding in undone.findings] == ["reversed-instead-of-deleted"]
        (taken_back,) = world.held(back)
        assert (taken_back["DocNumber"], taken_back["TxnDate"]) == (f"{ONE}R", "2026-02-01")
        assert balances(world) == {}
        again = world.post(given, agreed=FIRST_OPEN_DAY)
        assert again.results[0].doc_number == f"{ONE}B"
        assert again.count(OrderState.POSTED) == 1
        assert world.undo(ONE).complete
        assert balances(world) == {}


@pytest.mark.parametrize(
    "settings",
    [
        PostingSettings(),
        PostingSettings(fee_document=FeeDocument.EXPENSE, refund_document=RefundDocument.REFUND_RECEIPT),
        PostingSettings(fee_document=FeeDocument.BILL, refund_document=RefundDocument.JOURNAL_ENTRY),
    ],
    ids=["default", "expenses", "bills"],
)
def test_a_settlement_in_a_closed_period_is_taken_back_whole(tmp_path: Path, settings: PostingSettings) -> None:
    with sale_world(tmp_path, settings) as world:
        world.post(*two_orders())
        before = balances(world)
        world.settle(settled())
        world.there.practice.close_books(date(2026, 1, 31))
        undone = world.unsettle(SETTLEMENT)
        assert undone.complete, undone.findings
        assert {each.how for each in undone.documents} == {How.REVERSED}
        assert {name: minor for name, minor in balances(world).items() if name != "Accounts Payable (A/P)"} == before
        assert not balances(world).get("Accounts Payable (A/P)")
        again = world.settle(settled(), agreed=FIRST_OPEN_DAY)
        assert again.results[0].is_posted, again.all_findings
        assert balances(world) == EXPECTED
        once_more = world.settle(settled(), agreed=FIRST_OPEN_DAY)
        assert {each.how for each in once_more.results[0].documents} == {How.ALREADY}


def test_an_undo_that_fails_ends_its_own_subject_only(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        first = next(each for each in world.held("Invoice") if each["DocNumber"] == ONE)
        world.there.practice.edit_as_person("Invoice", first["Id"], {"PrivateNote": "mine now"})
        undone = world.undo(ONE, TWO)
        assert {each.posting.key.doc_number: each.how for each in undone.documents} == {
            ONE: How.REFUSED,
            TWO: How.UNDONE,
        }
        assert world.numbers("Invoice") == [ONE]
