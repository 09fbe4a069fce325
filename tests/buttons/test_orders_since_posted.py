"""What becomes of orders after they were posted: paid, changed or gone in QuickBooks, overtaken at Amazon."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.buttons.desk import Desk
from tests.buttons.orders_desk import AtDesk, decide, exceptions, ids, invoices, ready
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.download_ports import Source
from tieout.wiring import open_company

CANCELLED, CHANGED = "order-cancelled-after-posting", "order-changed-after-posting"
EDITED, GONE = "order-changed-in-quickbooks", "order-gone-from-quickbooks"


def at_amazon(desk: Desk, order_id: str, change: Callable[[Order], Order]) -> None:
    """Let the store take in a newer version of an order."""
    with open_company("Acme Ltd", desk.home) as opened:
        order = opened.store.orders.get(order_id)
        assert order is not None
        newer = replace(change(order), updated=order.updated + timedelta(days=1))
        opened.store.orders.save([newer], Source.FILE)


def cancelled(order: Order) -> Order:
    return replace(order, status="Cancelled")


def dearer(order: Order) -> Order:
    first = order.lines[0]
    assert first.item_price is not None
    return replace(order, lines=(replace(first, item_price=first.item_price + Money(100, "USD")), *order.lines[1:]))


def test_reconcile_tells_what_somebody_did_in_quickbooks(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    kept, edited, deleted, voided = ready(at)[:4]
    at.press("post-orders", rows=(kept, edited, deleted, voided))
    assert set(ids(at, "Archive").values()) == {"Posted"}
    held = invoices(books)
    day = held[edited]["TxnDate"]
    books.edit_as_person("Invoice", held[edited]["Id"], {"TxnDate": "2026-01-31"})
    books.delete_as_person("Invoice", held[deleted]["Id"])
    books.void_as_person("Invoice", held[voided]["Id"])

    before = len(books.requests())
    at.press("download-orders")
    assert len(books.requests()) == before  # no press but Reconcile asks QuickBooks about them
    assert set(ids(at, "Archive").values()) == {"Posted"}

    pressed = at.press("reconcile")
    assert str(pressed.outcome.result) == "Done in part"
    assert "4 posted orders read back, 3 differ, see Archive." in pressed.outcome.message
    assert ids(at, "Archive") == {
        kept: "Posted",
        edited: "Changed in QuickBooks",
        deleted: "Gone from QuickBooks",
        voided: "Gone from QuickBooks",
    }
    assert exceptions(at) == {(EDITED, edited): "Open", (GONE, deleted): "Open", (GONE, voided): "Open"}
    told = {finding.subject: finding.what for finding in pressed.outcome.findings if finding.code in {EDITED, GONE}}
    assert "its date is 2026-01-31 instead of " in told[edited]
    assert "was deleted in QuickBooks" in told[deleted]
    assert "was voided in QuickBooks" in told[voided]

    # Put back by hand, it is posted again; what is gone counts as undone once Undo is pressed, and posts again.
    books.edit_as_person("Invoice", held[edited]["Id"], {"TxnDate": day})
    at.press("undo-orders", rows=(deleted,))
    at.press("reconcile")
    assert ids(at, "Archive") == {
        kept: "Posted",
        edited: "Posted",
        deleted: "Undone",
        voided: "Gone from QuickBooks",
    }
    assert exceptions(at) == {(EDITED, edited): "Closed", (GONE, deleted): "Closed", (GONE, voided): "Open"}
    at.press("post-orders", rows=(deleted,))
    assert ids(at, "Archive")[deleted] == "Posted"
    assert invoices(books)[deleted]["Id"] != held[deleted]["Id"]


def test_undo_leaves_what_somebody_changed_or_voided_and_says_so(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    edited, voided, kept = ready(at)[:3]
    at.press("post-orders", rows=(edited, voided, kept))
    held = invoices(books)
    books.edit_as_person("Invoice", held[edited]["Id"], {"TxnDate": "2026-01-31"})
    books.void_as_person("Invoice", held[voided]["Id"])
    pressed = at.press("undo-orders", rows=(edited, voided, kept))
    assert str(pressed.outcome.result) == "Done in part"
    assert ids(at, "Archive") == {
        edited: "Changed in QuickBooks",
        voided: "Gone from QuickBooks",
        kept: "Undone",
    }
    assert exceptions(at) == {(EDITED, edited): "Open", (GONE, voided): "Open"}
    assert set(invoices(books)) == {edited, voided}
    # Deleted there by hand too, they are undone and posted again.
    books.delete_as_person("Invoice", held[edited]["Id"])
    books.delete_as_person("Invoice", held[voided]["Id"])
    assert at.press("undo-orders", rows=(edited, voided)).outcome.message.startswith("2 orders undone")
    at.press("post-orders", rows=(edited, voided, kept))
    assert ids(at, "Archive") == dict.fromkeys((edited, voided, kept), "Posted")
    assert {number: one["TotalAmt"] for number, one in invoices(books).items()} == {
        number: one["TotalAmt"] for number, one in held.items()
    }
    assert set(exceptions(at).values()) == {"Closed"}


def test_an_undo_in_a_closed_period_takes_back_on_the_first_open_day(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    at.press("post-orders", rows=(first,))
    day = date.fromisoformat(invoices(books)[first]["TxnDate"])
    books.close_books(day)
    pressed = at.press("undo-orders", rows=(first,))
    assert "1 of them taken back on the first open day" in pressed.outcome.message
    assert ids(at, "Archive") == {first: "Undone"}
    [memo] = books.transactions("CreditMemo")
    assert memo["TotalAmt"] == invoices(books)[first]["TotalAmt"]
    assert memo["TxnDate"] == (day + timedelta(days=1)).isoformat()
    books.close_books(None)
    at.press("post-orders", rows=(first,))
    row = at.row("Archive", "order_id", first)
    assert row.text("state") == "Posted"
    assert row.text("doc_number") != first
    assert row.text("doc_number") in invoices(books)


def test_orders_wait_for_the_deposit_and_are_not_lost_in_the_settlement(orders_desk: AtDesk) -> None:
    """While documents bear the deposit's day, a settlement does not record orders that may have documents now."""
    at, books = orders_desk
    at.setting("order_date", "Deposit date")
    at.press("download-settlements")
    at.press("post-settlements")
    waiting = {one for one, state in at.states().items() if state == "Blocked"}
    assert waiting
    assert not any(number in one["DocNumber"] for number in waiting for one in books.transactions("JournalEntry"))
    at.press("post-orders")
    assert invoices(books)
    at.press("post-settlements")
    assert {at.states()[one] for one in waiting} == {"Posted"}
    assert "Paid" in set(ids(at, "Archive").values())


def test_one_that_is_gone_is_replaced_by_a_decision(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.press("post-orders", rows=(first, second))
    books.delete_as_person("Invoice", invoices(books)[first]["Id"])
    at.press("reconcile")
    decide(at, GONE, first, "Replace the posting")
    pressed = at.press("post-orders", rows=(second,))  # a decision about what was not chosen waits
    assert first not in invoices(books)
    pressed = at.press("post-orders", rows=(first,))
    assert "1 order posted" in pressed.outcome.message
    assert first in invoices(books)
    assert ids(at, "Archive") == {first: "Posted", second: "Posted"}
    assert exceptions(at) == {(GONE, first): "Closed"}


def test_what_somebody_changed_is_accepted_with_a_reason(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    at.press("post-orders", rows=(first,))
    books.edit_as_person("Invoice", invoices(books)[first]["Id"], {"PrivateNote": "by the accountant"})
    at.press("reconcile")
    decide(at, EDITED, first, "Replace the posting")  # Undo would refuse it
    pressed = at.press("reconcile")
    assert "decision-not-possible" in {finding.code for finding in pressed.outcome.findings}
    decide(at, EDITED, first, "Accept the difference")
    pressed = at.press("reconcile")
    assert "decision-without-reason" in {finding.code for finding in pressed.outcome.findings}
    assert ids(at, "Archive") == {first: "Changed in QuickBooks"}
    decide(at, EDITED, first, "Accept the difference", "the note is right")
    at.press("reconcile")
    assert ids(at, "Archive") == {first: "Posted"}
    assert exceptions(at) == {(EDITED, first): "Decided"}


def test_an_order_is_paid_while_its_settlement_is_posted(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    at.press("post-orders")
    at.press("download-settlements")
    assert set(ids(at, "Archive").values()) == {"Posted"}
    posted = at.press("post-settlements")
    assert books.transactions("Payment"), posted.outcome
    linked = {
        link["TxnId"] for one in books.transactions("Payment") for line in one["Line"] for link in line["LinkedTxn"]
    }
    paid = {number for number, one in invoices(books).items() if one["Id"] in linked}
    assert paid
    states = ids(at, "Archive")
    assert {one for one, state in states.items() if state == "Paid"} == paid
    assert set(states.values()) <= {"Paid", "Posted"}
    at.press("download-orders")  # which tells whose settlement it is
    assert ids(at, "Archive") == states
    before = at.contents()
    assert at.press("post-orders").changed == {}
    assert at.contents() == before
    row = at.row("Archive", "order_id", sorted(paid)[0])
    refused = at.press("undo-orders", rows=(row.text("order_id"),))
    assert str(refused.outcome.result) == "Refused"
    assert [finding.code for finding in refused.outcome.findings if finding.stops] == ["paid-by-settlement"]
    assert row.text("order_id") in invoices(books)
    undone = [one for one, state in at.states().items() if state == "Posted"]
    at.press("undo-settlements", rows=undone)
    assert "Paid" not in set(ids(at, "Archive").values())


def test_sales_receipts_are_paid_by_their_settlement(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    at.setting("order_document", "Sales Receipt")
    at.press("post-orders")
    at.press("download-settlements")
    at.press("download-orders")  # which tells whose settlement it is
    assert set(ids(at, "Archive").values()) == {"Posted"}
    at.press("post-settlements")
    settled = {row.text("order_id") for row in at.table("Archive").rows if row.text("settlement_id")}
    states = at.states()
    posted = {one for one, state in states.items() if state == "Posted"}
    assert posted
    for row in at.table("Archive").rows:
        wanted = "Paid" if row.text("settlement_id") in posted else "Posted"
        assert row.text("state") == wanted, row
    assert settled
    assert {one["DocNumber"] for one in books.transactions("SalesReceipt")} >= settled


def test_an_order_cancelled_after_posting_is_taken_back_by_a_decision(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.press("post-orders", rows=(first, second))
    at_amazon(at, first, cancelled)
    at_amazon(at, second, cancelled)
    pressed = at.press("download-orders")
    assert str(pressed.outcome.result) == "Done in part"
    assert CANCELLED in {finding.code for finding in pressed.outcome.findings}
    assert ids(at, "Archive") == {first: "Cancelled since", second: "Cancelled since"}
    assert exceptions(at) == {(CANCELLED, first): "Open", (CANCELLED, second): "Open"}
    decide(at, CANCELLED, first, "Replace the posting")
    decide(at, CANCELLED, second, "Accept the difference", "the buyer paid all the same")
    pressed = at.press("post-orders")
    assert "1 order taken back" in pressed.outcome.message
    assert ids(at, "Archive")[first] == "Undone"
    assert ids(at, "Archive")[second] == "Posted"
    assert first not in invoices(books)
    assert second in invoices(books)
    assert exceptions(at) == {(CANCELLED, first): "Closed", (CANCELLED, second): "Decided"}
    assert str(at.press("download-orders").outcome.result) == "Done"
    pressed = at.press("post-orders", rows=(first,))
    [finding] = [one for one in pressed.outcome.findings if one.code == "order-may-not-post"]
    assert "never posted" in finding.what
    assert str(finding.where).startswith("Archive!")
    assert first not in invoices(books)


def test_an_order_that_changed_at_amazon_is_undone_and_posted_again(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second, third = ready(at)[:3]
    at.press("post-orders", rows=(first, second, third))
    was = Decimal(str(invoices(books)[first]["TotalAmt"]))
    at_amazon(at, first, dearer)
    at_amazon(at, second, dearer)
    at_amazon(at, third, lambda order: replace(order, status="Shipped - Delivered to Buyer"))
    pressed = at.press("download-orders")
    assert ids(at, "Archive") == {first: "Changed at Amazon", second: "Changed at Amazon", third: "Posted"}
    told = {one.subject: one.what for one in pressed.outcome.findings if one.code == CHANGED}
    assert set(told) == {first, second}
    assert f"would come to USD {was + 1}, and is USD {was} in QuickBooks" in told[first]
    decide(at, CHANGED, first, "Replace the posting")
    pressed = at.press("post-orders")
    assert Decimal(str(invoices(books)[first]["TotalAmt"])) == was + 1
    assert ids(at, "Archive")[first] == "Posted"
    assert ids(at, "Archive")[second] == "Changed at Amazon"
    row = at.row("Archive", "order_id", first)
    assert (row.values["total"], row.text("quickbooks_id")) == (float(was + 1), invoices(books)[first]["Id"])
    assert exceptions(at) == {(CHANGED, first): "Closed", (CHANGED, second): "Open"}
    assert len(invoices(books)) == len(books.transactions("Invoice"))


def test_an_order_that_a_settlement_paid_is_not_replaced_under_it(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    at.press("post-orders")
    at.press("download-settlements")
    at.press("post-settlements")
    first = next(one for one, state in ids(at, "Archive").items() if state == "Paid")
    before = invoices(books)[first]
    at_amazon(at, first, dearer)
    at.press("download-orders")
    assert ids(at, "Archive")[first] == "Changed at Amazon"
    decide(at, CHANGED, first, "Replace the posting")
    pressed = at.press("post-orders")
    assert str(pressed.outcome.result) == "Refused"
    assert any(
        first in finding.what or finding.subject == first for finding in pressed.outcome.findings if finding.stops
    )
    assert invoices(books)[first]["Id"] == before["Id"]
    assert exceptions(at)[CHANGED, first] == "Decided"


@pytest.mark.parametrize("setting", ["Ship date", "Deposit date"])
def test_an_order_whose_day_is_not_known_is_held_and_not_sent(orders_desk: AtDesk, setting: str) -> None:
    at, books = orders_desk
    at.setting("order_date", setting)
    at.press("download-orders")
    rows = {row.text("order_id"): row for row in at.table("Orders").rows if row.text("order_id")}
    held = {one for one, row in rows.items() if row.text("state") == "Held"}
    assert held
    if setting == "Ship date":
        assert {rows[one].text("channel") for one in held} >= {"FBA"}
        assert all("Amazon has told none" in rows[one].text("why") for one in held)
    else:
        assert "Ready" not in {row.text("state") for row in rows.values()}
        assert all("no settlement has paid it yet" in rows[one].text("why") for one in held)
    pressed = at.press("post-orders", rows=sorted(held)[:1])
    assert pressed.outcome.count == 0
    assert sorted(held)[0] not in invoices(books)
    told = next(one for one in pressed.outcome.findings if one.subject == sorted(held)[0])
    setting_row = at.row("Settings", "key", "order_date")
    assert str(told.where) == f"Settings!{at.table('Settings').columns['value']}{setting_row.number}"
    assert ids(at, "Orders")[sorted(held)[0]] == "Held"


def test_documents_bear_the_ship_day_where_amazon_tells_it(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    shipped = {
        row.text("order_id"): row.text("ship_date") for row in at.table("Orders").rows if row.text("ship_date")
    }
    assert shipped
    channels = {row.text("channel") for row in at.table("Orders").rows if row.text("ship_date")}
    assert channels == {"FBM"}
    at.setting("order_date", "Ship date")
    at.press("post-orders")
    posted = invoices(books)
    assert posted
    assert {one: document["TxnDate"] for one, document in posted.items()} == {
        one: day for one, day in shipped.items() if one in posted
    }


def test_documents_bear_the_deposit_day_once_a_settlement_pays_them(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    at.setting("order_date", "Deposit date")
    at.press("download-settlements")
    at.press("download-orders")
    days = {row.text("settlement_id"): row.text("deposit_date") for row in at.table("Settlements").rows}
    rows = {
        row.text("order_id"): row.text("settlement_id") for row in at.table("Orders").rows if row.text("order_id")
    }
    at.press("post-orders")
    posted = invoices(books)
    assert posted
    assert {one: document["TxnDate"] for one, document in posted.items()} == {one: days[rows[one]] for one in posted}
