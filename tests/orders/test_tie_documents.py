"""A settlement by orders, read back from QuickBooks document by document: it ties out, or it is said why not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.orders.sale_world import SaleWorld, sale_world
from tests.orders.test_settled_orders import ONE, SETTLEMENT, settled, two_orders
from tieout.commands.post_settled_orders import SettledResult
from tieout.commands.post_settlements import BLOCKED, POSTED, PostedSettlement
from tieout.commands.posting_report import PostedJournal
from tieout.commands.review_settlements import Review
from tieout.commands.tie_documents import tied_by_method
from tieout.commands.tie_findings import differs_in_quickbooks
from tieout.domain.posting_settings import FeeDocument, OrderDocument, PostingSettings, RefundDocument
from tieout.domain.settings import SettlementSettings
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.ledger_effect import effects_of
from tieout.rules.mapping import Mapping
from tieout.rules.match import OrderDecision


def read_back(world: SaleWorld, result: SettledResult, *, fresh: bool = False) -> PostedSettlement:
    """What QuickBooks holds now; `fresh`: what posting just read is taken for it."""
    chart = world.chart()
    orders = replace(result.draft, documents=tuple(each.document for each in result.documents))
    effects = effects_of(orders, chart)
    draft = draft_settlement(result.settlement, Mapping(chart), chart, SettlementSettings())
    review = Review(result.settlement, replace(draft, journals=effects, findings=()), chart, (), orders)
    rows = [
        PostedJournal(effect, row.how, row.posting, row.held if fresh else None)
        for effect, row in zip(effects, result.documents, strict=True)
    ]
    with world.desk() as desk:
        [found], unread = tied_by_method([review], rows, desk.books, with_invoices=not fresh)
    assert unread == ()
    return found


Settle = Callable[..., tuple[SaleWorld, SettledResult]]


@pytest.fixture
def settle(tmp_path: Path) -> Iterator[Settle]:
    """Two orders posted and settled."""
    worlds = []

    def settle(settings: PostingSettings | None = None, **more: object) -> tuple[SaleWorld, SettledResult]:
        entered = sale_world(tmp_path, settings)
        world = entered.__enter__()
        worlds.append(entered)
        world.post(*two_orders())
        [result] = world.settle(settled(), **more).results  # type: ignore[arg-type]
        assert result.is_posted, result.findings
        return world, result

    yield settle
    for each in worlds:
        each.__exit__(None, None, None)


@pytest.mark.parametrize(
    "settings",
    [
        PostingSettings(),
        PostingSettings(refund_document=RefundDocument.REFUND_RECEIPT, fee_document=FeeDocument.BILL),
        PostingSettings(refund_document=RefundDocument.JOURNAL_ENTRY, fee_document=FeeDocument.EXPENSE),
        PostingSettings(order_document=OrderDocument.SALES_RECEIPT, fee_document=FeeDocument.CHECK),
        PostingSettings(order_document=OrderDocument.NONE),
    ],
    ids=["default", "bills", "expenses", "receipts", "nothing"],
)
def test_what_was_posted_ties_out_by_every_way_of_posting(settle: Settle, settings: PostingSettings) -> None:
    world, result = settle(settings)
    found = read_back(world, result)
    assert (found.state, found.differs) == (POSTED, False)
    assert found.tie.ties, found.tie
    assert found.tie.quickbooks_total == result.settlement.total
    assert all(not group.difference for group in found.tie.groups if group.group is not None)
    assert read_back(world, result, fresh=True).tie == found.tie


def person(world: SaleWorld, kind: str, **changes: object) -> None:
    world.there.practice.edit_as_person(kind, world.held(kind)[0]["Id"], changes)


def told(found: PostedSettlement) -> str:
    assert (found.state, found.differs) == (BLOCKED, True)
    assert not found.tie.ties
    finding = differs_in_quickbooks(found.tie)
    assert (finding.code, finding.subject) == ("settlement-differs-in-quickbooks", SETTLEMENT)
    return finding.what


def test_a_deleted_transfer_is_missing(settle: Settle) -> None:
    world, result = settle()
    world.there.practice.delete_as_person("Transfer", world.held("Transfer")[0]["Id"])
    found = read_back(world, result)
    assert f"AMZ-{SETTLEMENT}-1T is not there" in told(found)
    assert found.tie.quickbooks_total == result.settlement.total  # it lies in clearing, and the bank has nothing


def test_a_transfer_of_another_amount_is_told_by_account(settle: Settle) -> None:
    world, result = settle()
    person(world, "Transfer", Amount=20)
    what = told(read_back(world, result))
    assert f"AMZ-{SETTLEMENT}-1T has -20.00 instead of -22.50 in Business Checking" in what
    assert f"AMZ-{SETTLEMENT}-1T has 20.00 instead of 22.50 in Amazon Clearing" in what


def test_a_transfer_on_another_day_is_told_by_its_day_and_nothing_else(settle: Settle) -> None:
    world, result = settle()
    person(world, "Transfer", TxnDate="2026-02-03")
    what = told(read_back(world, result))
    assert f"AMZ-{SETTLEMENT}-1T is dated 2026-02-03 instead of 2026-01-28." in what


def test_a_voided_payment_is_told_with_its_money(settle: Settle) -> None:
    world, result = settle()
    world.there.practice.void_as_person("Payment", world.held("Payment")[0]["Id"])
    found = read_back(world, result)
    assert f"AMZ-{SETTLEMENT}-1P" in told(found)
    assert found.tie.quickbooks_total == result.settlement.total - result.draft.documents[2].total


def test_a_deleted_payment_takes_its_money_out_of_the_total(settle: Settle) -> None:
    world, result = settle()
    world.there.practice.delete_as_person("Payment", world.held("Payment")[0]["Id"])
    found = read_back(world, result)
    assert f"AMZ-{SETTLEMENT}-1P is not there" in told(found)
    assert found.tie.difference.minor == 5500 - 1200


def test_an_edited_journal_is_told_by_its_line(settle: Settle) -> None:
    world, result = settle()
    entry = world.held("JournalEntry")[0]
    lines = [dict(line) for line in entry["Line"]]
    fees = next(line for line in lines if "Storage" in line["Description"])
    clearing = next(line for line in lines if "clearing" in line["Description"])
    fees["Amount"], clearing["Amount"] = fees["Amount"] + 1, clearing["Amount"] + 1
    person(world, "JournalEntry", Line=lines)
    what = told(read_back(world, result))
    assert f"AMZ-{SETTLEMENT}-1J has -4.00 instead of -3.00 in Amazon Storage Fees (Storage Fee)" in what


def test_an_invoice_that_was_changed_after_it_was_paid_is_told_with_its_payment(settle: Settle) -> None:
    world, result = settle()
    invoice = next(each for each in world.held("Invoice") if each["DocNumber"] == ONE)
    lines = [dict(line) for line in invoice["Line"]]
    lines[0]["Amount"] = lines[0]["Amount"] + 5
    lines[0]["SalesItemLineDetail"] = {
        key: value for key, value in lines[0]["SalesItemLineDetail"].items() if key != "UnitPrice"
    }
    world.there.practice.edit_as_person("Invoice", invoice["Id"], {"Line": lines})
    what = told(read_back(world, result))
    assert f"AMZ-{SETTLEMENT}-1P: invoice {ONE}, which it pays, comes to USD 25.00, not USD 20.00" in what


def test_a_document_that_stands_there_twice_counts_twice(settle: Settle) -> None:
    world, result = settle(PostingSettings(fee_document=FeeDocument.EXPENSE))
    known = next(each for each in world.held("Purchase") if each["DocNumber"].endswith("-1E"))
    body = {key: known[key] for key in ("AccountRef", "PaymentType", "Line", "TxnDate", "DocNumber")}
    world.there.practice.create_as_person("Purchase", body)
    found = read_back(world, result)
    assert known["DocNumber"] in told(found)
    assert found.tie.difference.minor == sum(each.total.minor for each in result.draft.documents[:1])


def test_an_ignored_order_is_as_posted_and_does_not_tie(tmp_path: Path) -> None:
    with sale_world(tmp_path) as world:
        world.post(two_orders()[1])
        [result] = world.settle(settled(), decisions={ONE: OrderDecision.IGNORE}).results
        found = read_back(world, result)
    assert (found.state, found.differs) == (POSTED, False)
    assert (found.tie.as_posted, found.tie.ties) == (True, False)
    assert found.tie.difference.minor == 2000
