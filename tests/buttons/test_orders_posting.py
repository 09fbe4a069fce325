"""Orders posted from the workbook: Orders, Errors, Archive, back out of QuickBooks and in again."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.buttons.desk import Desk
from tests.buttons.orders_desk import AtDesk, ids, invoices, note, tick
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.sheets.layout import load_layout


def test_orders_are_posted_once_undone_and_posted_again(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    ready = [one for one, state in ids(at, "Orders").items() if state == "Ready"]
    first = ready[0]
    note(at, "Orders", first, "gift for Ann")
    tick(at, "Orders", first)
    pressed = at.press("post-orders")
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    assert "1 order posted" in pressed.outcome.message
    assert "(ticked)" in pressed.outcome.message
    assert ids(at, "Archive") == {first: "Posted"}
    assert first not in ids(at, "Orders")
    row = at.row("Archive", "order_id", first)
    assert (row.text("notes"), row.text("select"), row.text("document")) == ("gift for Ann", "", "Invoice")

    assert str(at.press("post-orders").outcome.result) == "Done"
    assert ids(at, "Archive") == dict.fromkeys(sorted(ready), "Posted")
    held = invoices(books)
    assert sorted(held) == sorted(ready)
    for row in at.table("Archive").rows:
        document = held[row.text("doc_number")]
        assert (row.values["total"], row.text("quickbooks_id")) == (float(document["TotalAmt"]), document["Id"])
        assert row.text("document_date") == document["TxnDate"]
    before, again = at.contents(), at.press("post-orders")
    assert (again.changed, len(books.transactions("Invoice"))) == ({}, len(ready))
    assert at.contents() == before

    undone = at.press("undo-orders", rows=(first, ready[1]))
    assert str(undone.outcome.result) == "Done", undone.outcome
    assert undone.outcome.message == "2 orders undone."
    assert sorted(invoices(books)) == sorted(ready[2:])
    row = at.row("Archive", "order_id", first)
    assert (row.text("state"), row.text("quickbooks_id"), row.text("notes")) == ("Undone", "", "gift for Ann")
    assert at.press("post-orders").outcome.message.startswith("Nothing to post")  # never unasked
    posted = at.press("post-orders", rows=(first, ready[1]))
    assert "2 orders posted" in posted.outcome.message
    assert set(ids(at, "Archive").values()) == {"Posted"}
    assert {one["DocNumber"]: one["TotalAmt"] for one in invoices(books).values()} == {
        number: one["TotalAmt"] for number, one in held.items()
    }


def test_what_fails_is_put_right_on_errors(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    closed = date(2026, 9, 8)
    books.close_books(closed)
    early = {
        row.text("order_id")
        for row in at.table("Orders").rows
        if row.text("state") == "Ready" and row.text("order_date")[:10] <= closed.isoformat()
    }
    late = {one for one, state in ids(at, "Orders").items() if state == "Ready"} - early
    assert early
    assert late
    one = sorted(early)[0]
    note(at, "Orders", one, "ask the accountant")
    pressed = at.press("post-orders")
    assert str(pressed.outcome.result) == "Done in part"
    assert f"{len(early)} order" in pressed.outcome.message.split("posted", 1)[1]
    assert set(ids(at, "Errors")) == early
    assert set(ids(at, "Archive")) == late
    row = at.row("Errors", "order_id", one)
    assert (row.text("code"), row.text("notes"), row.text("attempts")) == ("period-closed", "ask the accountant", "1")
    setting = at.row("Settings", "key", "closed_period")
    assert row.text("where") == f"Settings!{at.table('Settings').columns['value']}{setting.number}"
    assert row.text("reason")
    assert row.text("to_do")
    assert at.press("post-orders").changed == {}  # what is on Errors is tried again only where it is chosen

    at.setting("closed_period", next(one for one in choices("closed_period") if "first open" in one.casefold()))
    tick(at, "Errors", one)
    assert "1 order posted" in at.press("post-orders").outcome.message
    assert one not in ids(at, "Errors")
    row = at.row("Archive", "order_id", one)
    assert (row.text("notes"), row.text("state")) == ("ask the accountant", "Posted")
    assert invoices(books)[one]["TxnDate"] == "2026-09-09"


def choices(key: str) -> list[str]:
    """What a setting may be, in the words of the sheet."""
    return [option.label for option in load_layout().setting(key).options]


def test_what_a_person_changed_in_quickbooks_is_not_undone(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    [first, second] = [one for one, state in ids(at, "Orders").items() if state == "Ready"][:2]
    at.press("post-orders", rows=(first, second))
    books.edit_as_person("Invoice", invoices(books)[first]["Id"], {"PrivateNote": "mine now"})
    pressed = at.press("undo-orders", rows=(first, second))
    assert str(pressed.outcome.result) == "Done in part"
    assert ids(at, "Archive") == {first: "Changed in QuickBooks", second: "Undone"}
    assert list(invoices(books)) == [first]
    assert "no-order-chosen" in {finding.code for finding in at.press("undo-orders").outcome.findings}
    assert "posted" in at.press("post-orders").outcome.message  # the others; what is undone only where it is ticked
    said = at.press("post-orders").outcome.message
    assert said == "Nothing to post, 1 undone, 1 waiting, tick what is undone on Archive to post it again."


def test_orders_are_put_away_and_posted_after_all(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = next(one for one, state in ids(at, "Orders").items() if state == "Ready")
    note(at, "Orders", first, "a test order of ours")
    tick(at, "Orders", first)
    pressed = at.press("archive-orders")
    assert pressed.outcome.message == "1 order put away, not posted (ticked)."
    assert ids(at, "Archive") == {first: "Put away"}
    assert at.row("Archive", "order_id", first).text("notes") == "a test order of ours"
    assert at.press("archive-orders", rows=(first,)).changed == {}
    at.press("post-orders")
    assert first not in invoices(books)
    at.press("post-orders", rows=(first,))
    assert first in invoices(books)
    assert ids(at, "Archive")[first] == "Posted"


def test_a_summary_does_not_record_what_orders_record(orders_desk: AtDesk) -> None:
    """Rule 10, in both directions, when the method is changed in between."""
    at, books = orders_desk
    at.press("download-settlements")
    paid = at.press("download-orders")
    assert paid.changed["Orders"] > 0
    row = next(row for row in at.table("Orders").rows if row.text("settlement_id") and row.text("state") == "Ready")
    first, settlement = row.text("order_id"), row.text("settlement_id")
    at.press("post-orders", rows=(first,))
    row = at.row("Archive", "order_id", first)
    assert (row.text("settlement_id"), row.values["open_amount"]) == (settlement, 0)
    at.setting("method", "Settlement summary")
    at.press("post-settlements")
    assert at.states()[settlement] == "Blocked"
    assert "orders-recorded-already" in {one.text("code") for one in at.table("Exceptions").rows}
    assert all(settlement not in one["DocNumber"] for one in books.transactions("JournalEntry"))

    # The other settlements are posted in summary: their orders must not get documents.
    at.setting("method", "Orders and settlement")
    at.press("download-orders")
    held = [row for row in at.table("Orders").rows if row.text("state") == "Held"]
    assert held
    assert at.press("post-orders", rows=(held[0].text("order_id"),)).outcome.count == 0
    assert list(invoices(books)) == [first]


def test_what_quickbooks_refuses_goes_to_errors_with_the_id_of_its_request(
    made_orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is put right, the order goes on; where QuickBooks is not there at all, orders stay where they are."""
    shutil.copytree(made_orders, tmp_path / "desk")
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "desk" / "home"))
    at = Desk(tmp_path / "desk" / "Acme.xlsm", tmp_path / "desk" / "home", tmp_path / "desk")
    first, second = [one for one, state in ids(at, "Orders").items() if state == "Ready"][:2]
    fault = {"match": {"op": "create", "entity": "Invoice"}, "do": "fault_in_200"}
    with PracticeQuickBooks(country="US", home_currency="USD", limits=False, faults=[fault]) as books:
        kept = json.loads((made_orders / "practice.json").read_text())
        line = tmp_path / "practice.json"
        line.write_text(json.dumps({**kept, "quickbooks": books.connection()}))
        at.press("connect-amazon", line)
        at.press("post-orders", rows=(first,))
        row = at.row("Errors", "order_id", first)
        assert row.text("code") == "quickbooks-refused"
        assert row.text("request_id")
        assert row.text("request_id") in row.text("reason")
        books.clear_faults()
        at.press("post-orders", rows=(first,))
        assert (ids(at, "Errors"), ids(at, "Archive")) == ({}, {first: "Posted"})
        assert list(invoices(books)) == [first]
    pressed = at.press("post-orders", rows=(second,))
    assert str(pressed.outcome.result) == "Refused"
    assert ids(at, "Errors") == {}
    assert ids(at, "Orders")[second] == "Ready"
