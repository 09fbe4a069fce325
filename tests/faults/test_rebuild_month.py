"""A practice month is posted, the store is lost and rebuilt, and every button is pressed again: nothing new comes in;
then everything is undone, and the books are as they were before the first press.

The books are read by the practice company's own state, which knows nothing of our client.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.faults.world import Effects, Killed, World, world
from tests.orders.sale_world import SaleWorld, sale_world
from tests.orders.shop_orders import shop_orders, shop_settlements
from tests.orders.test_settled_orders import ONE, SETTLEMENT, TWO, settled, two_orders
from tieout.commands import document_parcels
from tieout.commands.mapping_source import MappingSource
from tieout.commands.post_settlements import Desk, PostedSettlements, post_settlements
from tieout.commands.posting_run import How
from tieout.commands.rebuild import KINDS
from tieout.domain.document import Document
from tieout.domain.order import Order
from tieout.domain.posting import Posting, PostingState
from tieout.domain.posting_settings import (
    CustomerPolicy,
    FeeDocument,
    OrderDocument,
    PostingSettings,
    RefundDocument,
)
from tieout.domain.private_note import PrivateNote
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.practice.shop import Shop, make_shop
from tieout.rules.charts import load_chart

# Every effect is tried where the environment says TIEOUT_ALL_KILLS=1; else every few of them.
EVERY = 1 if os.environ.get("TIEOUT_ALL_KILLS") == "1" else 4
Books = dict[str, Any]


def everything(there: World) -> Books:
    """Every document in the books, whole and with its version, by kind; and every account's balance."""
    practice = there.practice
    held: Books = {kind: practice.transactions(kind) for kind in (*KINDS, "Deposit")}
    return {**{kind: found for kind, found in held.items() if found}, "ledger": balances(there)}


def balances(there: World) -> dict[str, int]:
    return {name: minor for name, minor in there.practice.ledger().items() if minor}


def postings(there: World) -> dict[str, Posting]:
    with there.process() as process:
        return {str(posting.key): posting for posting in process.store.outbox.all()}


def as_known(found: dict[str, Posting]) -> dict[str, tuple[Any, ...]]:
    """What of postings has to survive the loss of the store (a payment makes a new version of what it pays)."""
    return {
        key: (each.state, each.content_hash, each.quickbooks_id, each.subject, each.reversed_by)
        for key, each in found.items()
        if each.quickbooks_id
    }


@dataclass(frozen=True)
class Month:
    """What is posted."""

    orders: Sequence[Order]
    settlements: Sequence[Settlement]

    def post(self, sales: SaleWorld) -> None:
        """Press both buttons."""
        assert sales.post(*self.orders).findings == ()
        done = sales.settle(*self.settlements)
        assert all(result.is_posted for result in done.results), done.all_findings

    def again(self, sales: SaleWorld) -> None:
        """Press both buttons; nothing is to be done."""
        report = sales.post(*self.orders)
        assert {each.posted.how for each in report.results if each.posted} <= {How.ALREADY}
        stopped = {finding.code for each in report.results for finding in each.findings if finding.stops}
        assert stopped <= {"order-pending", "order-status-does-not-post"}
        done = sales.settle(*self.settlements)
        assert {each.how for result in done.results for each in result.documents} <= {How.ALREADY, How.EMPTY}

    def undo(self, sales: SaleWorld) -> None:
        """Undo all of it."""
        undone = sales.unsettle(*(each.settlement_id for each in self.settlements))
        assert undone.complete, undone.findings
        posted = [each.subject for each in postings(sales.there).values() if each.state is PostingState.POSTED]
        undone = sales.undo(*dict.fromkeys(posted))
        assert undone.complete, undone.findings


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(7, orders=24)


def month_of(shop: Shop, country: str) -> Month:
    return Month(tuple(shop_orders(shop, country)), tuple(shop_settlements(shop, country)))


WAYS = {
    "default": PostingSettings(),
    "receipts": PostingSettings(
        order_document=OrderDocument.SALES_RECEIPT, refund_document=RefundDocument.REFUND_RECEIPT
    ),
    "expenses": PostingSettings(fee_document=FeeDocument.EXPENSE, refund_document=RefundDocument.JOURNAL_ENTRY),
    "checks": PostingSettings(fee_document=FeeDocument.CHECK, refund_document=RefundDocument.REFUND_RECEIPT),
    "bills": PostingSettings(fee_document=FeeDocument.BILL),
    "customers": PostingSettings(customer_policy=CustomerPolicy.ORDER),
    "settlements alone": PostingSettings(order_document=OrderDocument.NONE, fee_document=FeeDocument.BILL),
}


@pytest.mark.parametrize(
    ("country", "way"), [*(("US", way) for way in WAYS), ("GB", "default"), ("GB", "receipts"), ("GB", "bills")]
)
def test_a_month_by_orders_is_known_again(tmp_path: Path, shop: Shop, country: str, way: str) -> None:
    month = month_of(shop, country)
    currency = {"US": "USD", "GB": "GBP"}[country]
    with sale_world(tmp_path, WAYS[way], country=country, home_currency=currency) as sales:
        before = everything(sales.there)
        month.post(sales)
        posted, known = everything(sales.there), as_known(postings(sales.there))
        sales.there.lose_store()
        report = sales.there.rebuild()
        assert report.findings == []
        assert as_known(postings(sales.there)) == known
        requests = sales.there.practice.write_requests()
        month.again(sales)
        assert sales.there.practice.write_requests() == requests
        assert everything(sales.there) == posted
        month.undo(sales)
        assert everything(sales.there) == before
        month.post(sales)
        assert balances(sales.there) == posted["ledger"]


def summaries(there: World, shop: Shop, country: str, effects: Effects | None = None) -> PostedSettlements:
    """Press the button of settlements in summary."""
    documents = [
        Document.of(each.file_name, each.flat_file_v2())
        for each in shop.account(country).settlements(until_s=int(shop.now.timestamp()))
    ]
    with there.process(effects) as process:
        store = process.store
        desk = Desk(
            there.company, process.books, store.documents, store.settlements, store.outbox, there.clock, "anna"
        )
        return post_settlements(
            documents,
            desk,
            mappings=MappingSource(load_chart(country)),
            chart=load_chart(country),
            settings=SettlementSettings(),
            country=country,
            create_accounts=True,
        )


def test_a_month_in_summary_is_known_again_and_ties_out(tmp_path: Path, shop: Shop) -> None:
    with world(tmp_path) as there:
        before = everything(there)
        first = summaries(there, shop, "US")
        assert [each.state for each in first.settlements] == ["Posted"] * len(first.settlements), first.findings
        posted, known = everything(there), as_known(postings(there))
        there.lose_store()
        assert there.rebuild().findings == []
        assert as_known(postings(there)) == known
        again = summaries(there, shop, "US")
        assert {row.how for row in again.report.journals} == {How.ALREADY}
        assert all(each.tie.ties and not each.differs for each in again.settlements)
        assert everything(there) == posted
        undone = there.undo([each.review.settlement.settlement_id for each in first.settlements])
        assert [row.how for row in undone.journals] == [How.UNDONE] * len(known)
        assert everything(there) == before


Disturb = Callable[[SaleWorld], None]


def _edit(kind: str, changes: Callable[[dict[str, Any]], dict[str, Any]]) -> Disturb:
    def edit(sales: SaleWorld) -> None:
        document = sales.held(kind)[0]
        sales.there.practice.edit_as_person(kind, document["Id"], changes(document))

    return edit


def _first_line(document: dict[str, Any]) -> dict[str, Any]:
    first, *rest = document["Line"]
    return {"Line": [{**first, "Description": "something else"}, *rest]}


def content_of_first(sales: SaleWorld, kind: str) -> dict[str, Any]:
    """What the first document of a kind says, whatever pays it."""
    others = {"SyncToken", "MetaData", "Balance", "HomeBalance", "RemainingCredit", "LinkedTxn"}
    return {name: each for name, each in sales.held(kind)[0].items() if name not in others}


def _day(kind: str) -> Disturb:
    return _edit(kind, lambda document: {**_named(document), "TxnDate": "2026-01-30"})


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """What QuickBooks wants to be told at every change."""
    return {name: document[name] for name in ("PaymentType", "VendorRef", "PayType", "TotalAmt") if name in document}


EDITS: dict[str, tuple[str, str, Disturb]] = {
    "an invoice's text": ("Invoice", "default", _edit("Invoice", _first_line)),
    "an invoice's day": ("Invoice", "default", _day("Invoice")),
    "an invoice's memo": (
        "Invoice",
        "default",
        _edit("Invoice", lambda document: {"PrivateNote": f"checked. {document['PrivateNote']}"}),
    ),
    "a journal's text": ("JournalEntry", "default", _edit("JournalEntry", _first_line)),
    "a credit memo's day": ("CreditMemo", "default", _day("CreditMemo")),
    "a transfer's amount": ("Transfer", "default", _edit("Transfer", lambda _: {"Amount": 1})),
    "a transfer's day": ("Transfer", "default", _day("Transfer")),
    "a sales receipt's day": ("SalesReceipt", "receipts", _day("SalesReceipt")),
    "a refund receipt's day": ("RefundReceipt", "receipts", _day("RefundReceipt")),
    "an expense's day": ("Purchase", "expenses", _day("Purchase")),
    "a bill's day": ("Bill", "bills", _day("Bill")),
}


@pytest.mark.parametrize("edited", list(EDITS))
def test_what_a_person_changed_before_is_not_undone_and_not_posted_again(tmp_path: Path, edited: str) -> None:
    kind, way, disturb = EDITS[edited]
    with sale_world(tmp_path, WAYS[way]) as sales:
        month = Month(two_orders(), [settled()])
        month.post(sales)
        disturb(sales)
        as_edited = content_of_first(sales, kind)
        sales.there.lose_store()
        assert sales.there.rebuild().findings == []
        marked = {key for key, each in postings(sales.there).items() if len(each.content_hash) == 16}
        assert {key.partition(" ")[0] for key in marked} == {kind}
        assert len(marked) == 1
        undone = (*sales.unsettle(SETTLEMENT).findings, *sales.undo(ONE, TWO).findings)
        assert "changed-in-quickbooks" in {finding.code for finding in undone}
        assert content_of_first(sales, kind) == as_edited
        report = sales.post(*two_orders())
        done = sales.settle(settled())
        assert content_of_first(sales, kind) == as_edited
        told = {finding.code for finding in (*report.all_findings, *done.all_findings)}
        assert told & {"changed-in-quickbooks", "document-posted-otherwise"}


@pytest.mark.parametrize("number", ["1001", "113-0000000-0000009", "what Ben calls it"])
def test_an_invoice_numbered_anew_is_known_as_what_it_was_posted_as(tmp_path: Path, number: str) -> None:
    with sale_world(tmp_path) as sales:
        sales.post(*two_orders())
        first = sales.held("Invoice")[0]
        sales.there.practice.edit_as_person("Invoice", first["Id"], {"DocNumber": number})
        books = everything(sales.there)
        sales.there.lose_store()
        report = sales.there.rebuild()
        assert [finding.code for finding in report.findings] == ["found-without-number"]
        assert report.restored == {"Invoice": 2}
        Month(two_orders(), []).again(sales)
        assert everything(sales.there) == books
        undone = sales.undo(ONE, TWO)
        assert [finding.code for finding in undone.findings] == ["changed-in-quickbooks"]
        sales.there.practice.edit_as_person("Invoice", first["Id"], {"DocNumber": ONE})
        assert sales.undo(ONE).complete
        assert balances(sales.there) == {}


def test_what_a_person_deleted_is_posted_again_once(tmp_path: Path) -> None:
    with sale_world(tmp_path) as sales:
        month = Month(two_orders(), [settled()])
        month.post(sales)
        whole = balances(sales.there)
        for kind in ("Transfer", "Payment", "JournalEntry"):
            sales.there.practice.delete_as_person(kind, sales.held(kind)[0]["Id"])
        sales.there.lose_store()
        assert sales.there.rebuild().restored == {"Invoice": 2, "CreditMemo": 1}
        month.post(sales)
        assert balances(sales.there) == whole
        month.again(sales)
        month.undo(sales)
        assert balances(sales.there) == {}


def test_foreign_documents_with_numbers_like_ours_stay_as_they_are(tmp_path: Path) -> None:
    with sale_world(tmp_path) as sales:
        month = Month(two_orders(), [settled()])
        month.post(sales)
        whole, theirs = balances(sales.there), {}
        for kind in ("Invoice", "JournalEntry", "CreditMemo", "Transfer"):
            copied = {name: each for name, each in sales.held(kind)[0].items() if name in _PLAIN}
            for number in ("AMZ-1-1", f"{SETTLEMENT}-1", "113-0000000-0000009"):
                body = {**copied, "DocNumber": number, "PrivateNote": f"mine, not tieout [{number}]"}
                made = sales.there.practice.create_as_person(kind, body)
                theirs[kind, made["Id"]] = made
        sales.there.lose_store()
        assert sales.there.rebuild().findings == []
        ours = {(each.key.entity, each.quickbooks_id) for each in postings(sales.there).values()}
        assert not ours & theirs.keys()
        month.again(sales)
        month.undo(sales)
        assert {(k, each["Id"]) for k in KINDS for each in sales.held(k)} == set(theirs)
        for kind, identity in theirs:
            sales.there.practice.delete_as_person(kind, identity)
        assert balances(sales.there) == {}
        assert whole


_PLAIN = {
    *("TxnDate", "Line", "CustomerRef", "FromAccountRef", "ToAccountRef", "Amount", "DepositToAccountRef"),
    "CurrencyRef",
}


def test_a_rebuild_killed_at_any_effect_is_finished_by_the_next(tmp_path: Path) -> None:
    month = Month(two_orders(), [settled()])
    with sale_world(tmp_path) as sales:
        month.post(sales)
        posted, known = everything(sales.there), as_known(postings(sales.there))
        sales.there.lose_store()
        effects = Effects()
        sales.there.rebuild(effects)
        assert len(effects.seen) > 30
        for number in range(1, len(effects.seen) + 1, EVERY):
            sales.there.lose_store()
            with pytest.raises(Killed):
                sales.there.rebuild(Effects(number, after=number // EVERY % 2 == 0))
            report = sales.there.rebuild()
            assert report.findings == []
            assert sum(report.restored.values()) + report.known == len(known)
            assert as_known(postings(sales.there)) == known
        month.again(sales)
        assert everything(sales.there) == posted
        month.undo(sales)
        assert balances(sales.there) == {}


def test_what_an_older_version_posted_is_restored_by_its_mark_and_taken_for_the_same(tmp_path: Path) -> None:
    """Its notes held the number, 16 digits of the content's hash, and no seal."""
    month = Month(two_orders(), [settled()])
    with sale_world(tmp_path) as sales:
        with _older_notes():
            month.post(sales)
        known = {key: each[2:] for key, each in as_known(postings(sales.there)).items()}
        sales.there.lose_store()
        books = everything(sales.there)
        assert "sealed" not in str(books)
        assert sales.there.rebuild().findings == []
        assert {key: each[2:] for key, each in as_known(postings(sales.there)).items()} == known
        posted = sales.post(*two_orders())
        assert {each.posted.how for each in posted.results if each.posted} == {How.ADOPTED}
        assert sales.settle(settled()).results[0].is_posted
        assert everything(sales.there) == books
        month.again(sales)
        month.undo(sales)
        assert balances(sales.there) == {}


@contextmanager
def _older_notes() -> Iterator[None]:
    def older(books: Any, home: str, entity: str, note: PrivateNote, body: Callable[[str], bytes]) -> bytes:
        what = f"Amazon settlement {note.subject}" if entity == "JournalEntry" else note.number
        return body(f"{note.memo} [{what}; tieout:{note.content[:16]}]")

    with mock.patch.object(document_parcels, "sealed_body", older):
        yield


def test_a_journal_without_a_draft_is_taken_back_by_its_bytes(tmp_path: Path) -> None:
    """Its account was renamed since, so its lines do not prove the hash; the seal does."""
    month = Month(two_orders(), [settled()])
    with sale_world(tmp_path) as sales:
        month.post(sales)
        accounts = {each["Name"]: each for each in sales.there.practice.transactions("Account")}
        renamed = accounts["Amazon Reserve"]
        sales.there.practice.edit_as_person("Account", renamed["Id"], {"Name": "Held back"})
        sales.there.lose_store()
        assert sales.there.rebuild().findings == []
        sales.there.practice.close_books(date(2026, 2, 28))
        undone = sales.unsettle(SETTLEMENT)
        assert undone.complete, undone.findings
        assert {each.how for each in undone.documents} == {How.REVERSED}
        assert balances(sales.there) == {"Accounts Receivable (A/R)": 5500, "Amazon Sales": -5500}
