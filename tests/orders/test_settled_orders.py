"""Settlements by orders into the books, and everything of it taken out again in the right order."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.orders.making import line, order
from tests.orders.sale_world import FIRST_OPEN_DAY, SaleWorld, sale_world
from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import DAY, order_rows
from tieout.commands.posting_run import How
from tieout.domain.order import Order
from tieout.domain.posting_settings import (
    CustomerPolicy,
    FeeDocument,
    OrderDocument,
    OrdersNotDownloaded,
    PostingSettings,
    RefundDocument,
)
from tieout.domain.settlement import Settlement
from tieout.rules.match import OrderDecision

ONE, TWO, THREE = (f"113-0000000-000000{number}" for number in (1, 2, 3))
SETTLEMENT = "24288684721"
DOCUMENTS = (
    *("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment", "Bill", "BillPayment", "Purchase"),
    *("JournalEntry", "Transfer"),
)


def two_orders() -> tuple[Order, Order]:
    return order(line(price="20.00"), order_id=ONE), order(line(price="35.00"), order_id=TWO)


def settled(*more: Row, refund: int = 1200, settlement_id: str = SETTLEMENT) -> Settlement:
    """Both orders paid, a refund of a third, fees, storage and a reserve."""
    rows = [
        *order_rows(ONE, 2000, fee=-300),
        *order_rows(TWO, 3500, tax=350, withheld=-350, fee=-450),
        *order_rows(THREE, -refund, occasion="Refund", day=date(2026, 1, 22)),
        Row(DAY, ("other-transaction", "other-transaction", "Storage Fee"), -300),
        Row(date(2026, 1, 25), ("other-transaction", "other-transaction", "Current Reserve Amount"), -1000),
        *more,
    ]
    return settlement(
        [row for row in rows if row.minor],
        settlement_id=settlement_id,
        start=date(2026, 1, 12),
        end=date(2026, 1, 26),
        deposit=date(2026, 1, 28),
    )


def counts(world: SaleWorld) -> dict[str, int]:
    return {kind: len(held) for kind in DOCUMENTS if (held := world.held(kind))}


def balances(world: SaleWorld) -> dict[str, int]:
    return {name: minor for name, minor in world.there.practice.ledger().items() if minor}


EXPECTED = {
    "Business Checking": 2250,
    "Amazon Sales": -5500,
    "Amazon Refunds": 1200,
    "Amazon Selling Fees": 750,
    "Amazon Storage Fees": 300,
    "Amazon Reserve": 1000,
}


@pytest.mark.parametrize(
    ("settings", "held"),
    [
        (PostingSettings(), {"Invoice": 2, "CreditMemo": 1, "Payment": 1, "JournalEntry": 1, "Transfer": 1}),
        (
            PostingSettings(refund_document=RefundDocument.REFUND_RECEIPT, fee_document=FeeDocument.BILL),
            {
                "Invoice": 2,
                "RefundReceipt": 1,
                "Payment": 1,
                "Bill": 2,
                "BillPayment": 1,
                "JournalEntry": 1,
                "Transfer": 1,
            },
        ),
        (
            PostingSettings(refund_document=RefundDocument.JOURNAL_ENTRY, fee_document=FeeDocument.EXPENSE),
            {"Invoice": 2, "Payment": 1, "Purchase": 2, "JournalEntry": 1, "Transfer": 1},
        ),
        (
            PostingSettings(order_document=OrderDocument.SALES_RECEIPT, fee_document=FeeDocument.CHECK),
            {"SalesReceipt": 2, "RefundReceipt": 1, "Purchase": 2, "JournalEntry": 1, "Transfer": 1},
        ),
        (
            PostingSettings(customer_policy=CustomerPolicy.ORDER),
            {"Invoice": 2, "RefundReceipt": 1, "Payment": 2, "JournalEntry": 1, "Transfer": 1},
        ),
        (
            PostingSettings(order_document=OrderDocument.NONE),
            {"RefundReceipt": 1, "JournalEntry": 1, "Transfer": 1},
        ),
    ],
    ids=["default", "bills", "expenses", "receipts", "customers", "nothing"],
)
def test_every_way_of_posting_comes_to_the_same_books(
    tmp_path: Path, settings: PostingSettings, held: dict[str, int]
) -> None:
    with sale_world(tmp_path, settings) as world:
        world.post(*two_orders())
        report = world.settle(settled())
        assert [result.is_posted for result in report.results] == [True], report.all_findings
        assert counts(world) == held
        assert balances(world) == EXPECTED
        undone = world.unsettle(SETTLEMENT)
        assert undone.complete, undone.findings
        orders_alone = counts(world)
        assert set(orders_alone) <= {"Invoice", "SalesReceipt"}
        again = world.settle(settled())
        assert all(result.is_posted for result in again.results), again.all_findings
        assert balances(world) == EXPECTED


def test_an_order_that_was_not_posted_is_recorded_by_its_settlement(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(two_orders()[0])
        report = world.settle(settled())
        assert [f.code for f in report.all_findings] == ["settled-orders-in-summary"]
        assert report.results[0].is_posted
        assert balances(world) == EXPECTED


def test_an_order_that_was_not_posted_blocks_its_settlement_until_it_is_decided(tmp_path: Path) -> None:
    with sale_world(tmp_path, PostingSettings(orders_not_downloaded=OrdersNotDownloaded.ASK)) as world:
        world.post(two_orders()[0])
        report = world.settle(settled())
        assert [f.code for f in report.all_findings if f.stops] == ["settled-order-not-posted"]
        assert set(counts(world)) == {"Invoice"}
        decided = world.settle(settled(), decisions={TWO: OrderDecision.SUMMARY})
        assert decided.results[0].is_posted
        assert balances(world) == EXPECTED


def test_an_invoice_deleted_by_a_person_is_noticed_before_anything_is_paid(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        world.there.practice.delete_as_person("Invoice", world.held("Invoice")[0]["Id"])
        report = world.settle(settled())
        assert not report.results[0].is_posted
        assert {f.code for f in report.all_findings} >= {"quickbooks-refused", "earlier-document-not-posted"}
        assert world.held("Transfer") == []
        world.there.practice.clear_faults()


def test_an_order_in_two_settlements_is_paid_in_two_parts(tmp_path: Path) -> None:
    first = settlement(order_rows(ONE, 1200), settlement_id="111", end=date(2026, 1, 26), deposit=date(2026, 1, 28))
    second = settlement(order_rows(ONE, 800), settlement_id="222", end=date(2026, 2, 9), deposit=date(2026, 2, 11))
    known = {"111": datetime(2026, 1, 26, 12, tzinfo=UTC), "222": datetime(2026, 2, 9, 12, tzinfo=UTC)}
    with sale_world(tmp_path) as world:
        world.post(two_orders()[0])
        assert world.settle(first, known=known).results[0].is_posted
        assert world.held("Invoice")[0]["Balance"] == 8
        assert world.settle(second, known=known).results[0].is_posted
        assert world.held("Invoice")[0]["Balance"] == 0
        again = world.settle(first, second, known=known)
        assert {each.how for result in again.results for each in result.documents} <= {How.ALREADY}
        assert world.settle(first, known=known).results[0].is_posted


def test_a_changed_mapping_after_posting_is_asked_about(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        world.settle(settled())
        world.settings = PostingSettings(fee_document=FeeDocument.BILL)
        report = world.settle(settled())
        assert {f.code for f in report.all_findings} == {"document-posted-otherwise"}
        assert "Bill" not in counts(world)


def test_a_settlement_waits_for_its_accounts(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        world.there.practice.inactivate_account("Amazon Storage Fees")
        report = world.settle(settled())
        assert [f.code for f in report.all_findings if f.stops] == ["account-inactive"]
        assert set(counts(world)) == {"Invoice"}


def test_british_fees_as_bills(tmp_path: Path) -> None:
    """Outside the US a bill states how its amounts stand to tax, or QuickBooks refuses it."""
    rows = [
        *order_rows(ONE, 2000, fee=-300, site="Amazon.co.uk"),
        Row(DAY, ("Order", "ItemPrice", "Tax"), 400, ONE, "Amazon.co.uk"),
    ]
    given = settlement(rows, country="GB", currency="GBP", end=date(2026, 1, 26), deposit=date(2026, 1, 28))
    settings = PostingSettings(fee_document=FeeDocument.BILL)
    with sale_world(tmp_path, settings, country="GB", home_currency="GBP") as world:
        sold = order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB", order_id=ONE)
        world.post(sold)
        assert world.settle(given).results[0].is_posted
        assert balances(world) == {
            "Amazon Sales": -2000,
            "VAT on Amazon Sales": -400,
            "Amazon Selling Fees": 300,
            "Business Checking": 2100,
        }


def test_in_a_closed_period_documents_go_to_the_first_open_day(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(*two_orders())
        world.there.practice.close_books(date(2026, 1, 31))
        assert {f.code for f in world.settle(settled()).all_findings} == {"period-closed"}
        assert world.settle(settled(), agreed=FIRST_OPEN_DAY).results[0].is_posted
        assert {each["TxnDate"] for each in world.held("Payment")} == {"2026-02-01"}
        assert balances(world) == EXPECTED
