"""Orders that can't be posted: each reason on Errors with what to do, the cell to change, and Intuit's id."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.buttons.desk import Desk
from tests.buttons.orders_desk import AtDesk, bind, ids, invoices, ready
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.download_ports import Source
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.wiring import open_company


def cell_of(desk: Desk, key: str) -> str:
    """The cell of a setting."""
    return f"Settings!{desk.table('Settings').columns['value']}{desk.row('Settings', 'key', key).number}"


def as_amazon_tells(desk: Desk, order_id: str, change: Callable[[Order], Order]) -> None:
    """Let the stored order say something else."""
    with open_company("Acme Ltd", desk.home) as opened:
        order = opened.store.orders.get(order_id)
        assert order is not None
        changed = change(order)
        opened.store.orders.save([replace(changed, updated=changed.updated.replace(year=2027))], Source.FILE)


def with_promotion(order: Order) -> Order:
    return replace(order, lines=tuple(replace(line, item_promotion=Money(999_999, "USD")) for line in order.lines))


def assert_on_errors(desk: Desk, order_id: str, code: str, setting: str = "") -> None:
    """The order stands on Errors with everything that a person needs to go on."""
    assert ids(desk, "Errors") == {order_id: code}
    assert order_id not in ids(desk, "Orders")
    row = desk.row("Errors", "order_id", order_id)
    assert row.text("reason").endswith(".")
    assert row.text("to_do").endswith(".")
    assert row.text("where") == (cell_of(desk, setting) if setting else row.text("where"))
    assert row.text("attempts") == "1"
    assert row.text("tried")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("class_name", "Nowhere", "class-unknown"),
        ("location", "Nowhere", "location-unknown"),
    ],
)
def test_a_setting_that_names_what_quickbooks_lacks(orders_desk: AtDesk, key: str, value: str, code: str) -> None:
    at, books = orders_desk
    at.setting(key, value)
    first = ready(at)[0]
    pressed = at.press("post-orders", rows=(first,))
    assert_on_errors(at, first, code, key)
    assert value in at.row("Errors", "order_id", first).text("reason")
    assert any(one.code == code and str(one.where) == cell_of(at, key) for one in pressed.outcome.findings)
    assert invoices(books) == {}
    at.setting(key, "")
    at.press("post-orders", rows=(first,))
    assert ids(at, "Errors") == {}
    assert list(invoices(books)) == [first]


def test_an_order_that_amazon_tells_wrongly(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    as_amazon_tells(at, first, with_promotion)
    pressed = at.press("post-orders", rows=(first, second))
    assert str(pressed.outcome.result) == "Done in part"
    assert_on_errors(at, first, "order-total-negative")
    assert list(invoices(books)) == [second]
    assert ids(at, "Archive") == {second: "Posted"}


def test_an_order_before_the_start_is_held(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    at.setting("start_date", date(2030, 1, 1))
    pressed = at.press("post-orders")
    assert "Nothing to post" in pressed.outcome.message
    assert invoices(books) == {}
    at.press("download-orders")
    held = [row for row in at.table("Orders").rows if row.text("state") == "Held"]
    assert held
    assert all("2030-01-01" in row.text("why") for row in held)


def test_orders_of_zero_are_left_out_by_choice(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    as_amazon_tells(at, first, lambda order: replace(order, lines=(replace(order.lines[0], **_FREE),)))
    at.setting("zero_orders", "Leave out")
    at.press("post-orders", rows=(first,))
    assert invoices(books) == {}
    assert ids(at, "Errors") in ({}, {first: "order-of-zero-left-out"})
    at.setting("zero_orders", "Keep")
    at.press("post-orders", rows=(first,))
    assert invoices(books)[first]["TotalAmt"] == 0


_NOTHING = Money(0, "USD")
_FREE: dict[str, Any] = {
    "item_price": _NOTHING,
    "item_tax": None,
    "shipping_price": None,
    "shipping_tax": None,
    "gift_wrap_price": None,
    "gift_wrap_tax": None,
    "item_promotion": None,
    "shipping_promotion": None,
}


def test_a_setting_that_is_not_allowed_stops_everything_before_anything_is_sent(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    for key in ("order_document", "order_date", "customer_policy", "item_policy", "zero_orders"):
        kept = at.row("Settings", "key", key).text("value")
        at.setting(key, "whatever")
        pressed = at.press("post-orders")
        assert str(pressed.outcome.result) == "Refused"
        assert any(str(one.where) == cell_of(at, key) for one in pressed.outcome.findings if one.stops), key
        at.setting(key, kept)
    at.setting("order_prefix", "FAR TOO LONG FOR A NUMBER Ä")
    pressed = at.press("post-orders")
    assert any(str(one.where) == cell_of(at, "order_prefix") for one in pressed.outcome.findings if one.stops)
    assert invoices(books) == {}
    assert ids(at, "Errors") == {}


def test_somebody_else_s_invoice_under_the_number_is_left_alone(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.press("post-orders", rows=(second,))
    model = invoices(books)[second]
    theirs = books.create_as_person(
        "Invoice",
        {"DocNumber": first, "CustomerRef": model["CustomerRef"], "Line": model["Line"][:1], "TxnDate": "2026-09-01"},
    )
    at.press("post-orders", rows=(first,))
    assert_on_errors(at, first, "number-of-another-document")
    assert theirs["Id"] in at.row("Errors", "order_id", first).text("reason")
    books.delete_as_person("Invoice", theirs["Id"])
    at.press("post-orders", rows=(first,))
    assert ids(at, "Errors") == {}
    assert set(invoices(books)) == {first, second}


@pytest.mark.parametrize("account", ["Amazon Sales"])
def test_an_account_made_inactive_in_between(orders_desk: AtDesk, account: str) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.press("post-orders", rows=(first,))
    books.inactivate_account(account)
    pressed = at.press("post-orders", rows=(second,))
    assert pressed.outcome.count == 0
    assert any(account in one.what for one in pressed.outcome.findings if one.stops), pressed.outcome.findings
    assert list(invoices(books)) == [first]
    assert second in {**ids(at, "Errors"), **ids(at, "Orders")}


Faulty = Callable[[list[dict[str, Any]]], tuple[Desk, PracticeQuickBooks]]


@pytest.fixture
def faulty(
    made_orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Faulty:
    """A desk at books that do faults."""

    def at(faults: list[dict[str, Any]]) -> tuple[Desk, PracticeQuickBooks]:
        shutil.copytree(made_orders, tmp_path / "desk")
        monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "desk" / "home"))
        desk = Desk(tmp_path / "desk" / "Acme.xlsm", tmp_path / "desk" / "home", tmp_path / "desk")
        books = PracticeQuickBooks(country="US", home_currency="USD", limits=False, faults=faults)
        books.start()
        request.addfinalizer(books.stop)
        bind(desk, made_orders, books)
        return desk, books

    return at


def on_create(do: str, **more: Any) -> list[dict[str, Any]]:
    return [{"match": {"op": "create", "entity": "Invoice"}, "do": do, **more}]


def test_what_quickbooks_refuses_bears_intuit_s_id_of_the_request(faulty: Faulty) -> None:
    at, books = faulty(on_create("fault_in_200"))
    first = ready(at)[0]
    at.press("post-orders", rows=(first,))
    assert_on_errors(at, first, "quickbooks-refused")
    row = at.row("Errors", "order_id", first)
    told = {seen.intuit_tid for seen in books.requests() if getattr(seen, "intuit_tid", "")}
    assert row.text("request_id")
    assert row.text("request_id") in row.text("reason")
    assert not told or row.text("request_id") in told
    at.press("post-orders", rows=(first,))  # the fault was once
    assert ids(at, "Archive") == {first: "Posted"}
    assert list(invoices(books)) == [first]


@pytest.mark.parametrize("do", ["unauthorized", "requestid_ignored"])
def test_what_passes_by_itself_is_no_error(faulty: Faulty, do: str) -> None:
    at, books = faulty(on_create(do))
    first = ready(at)[0]
    pressed = at.press("post-orders", rows=(first,))
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    assert ids(at, "Errors") == {}
    assert ids(at, "Archive") == {first: "Posted"}
    assert len(books.transactions("Invoice")) == 1


def test_a_second_attempt_is_counted_and_the_newest_reason_shown(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    books.close_books(date(2030, 1, 1))
    at.press("post-orders", rows=(first,))
    at.press("post-orders", rows=(first,))
    row = at.row("Errors", "order_id", first)
    assert (row.text("code"), row.text("attempts")) == ("period-closed", "2")
    books.close_books(None)
    at.setting("class_name", "Nowhere")
    at.press("post-orders", rows=(first,))
    row = at.row("Errors", "order_id", first)
    assert (row.text("code"), row.text("attempts")) == ("class-unknown", "3")
    assert row.text("where") == cell_of(at, "class_name")


def test_books_that_number_invoices_themselves_get_none(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    books.set_preference("SalesFormsPrefs.CustomTxnNumbers", False)
    first = ready(at)[0]
    pressed = at.press("post-orders", rows=(first,))
    [finding] = {one for one in pressed.outcome.findings if one.code == "numbers-assigned-by-quickbooks"}
    assert "Custom transaction numbers" in finding.to_do
    assert invoices(books) == {}
    assert first in {**ids(at, "Errors"), **ids(at, "Orders")}
    books.set_preference("SalesFormsPrefs.CustomTxnNumbers", True)
    at.press("post-orders", rows=(first,))
    assert list(invoices(books)) == [first]
    assert ids(at, "Errors") == {}


def test_two_items_of_one_sku_are_not_chosen_between(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    skus = {row.text("order_id"): set(row.text("skus").split(", ")) for row in at.table("Orders").rows}
    first, *others = ready(at)
    second = next(one for one in others if not skus[one] & skus[first])
    at.press("post-orders", rows=(second,))
    item = next(one for one in books.query("SELECT * FROM Item")["Item"] if one.get("IncomeAccountRef"))
    sku = sorted(skus[first])[0]
    made = [
        books.create_as_person(
            "Item",
            {"Name": name, "Sku": sku, "Type": "NonInventory", "IncomeAccountRef": item["IncomeAccountRef"]},
        )
        for name in ("One", "Another")
    ]
    at.press("post-orders", rows=(first,))
    assert_on_errors(at, first, "item-ambiguous", "item_policy")
    assert sku in at.row("Errors", "order_id", first).text("reason")
    assert list(invoices(books)) == [second]
    books.edit_as_person("Item", made[1]["Id"], {"Sku": "another"})
    at.press("post-orders", rows=(first,))
    assert ids(at, "Errors") == {}
    assert set(invoices(books)) == {first, second}


def test_somebody_else_who_is_posting_is_named_and_nothing_is_lost(
    orders_desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, books = orders_desk
    monkeypatch.setattr("tieout.store.lease.LEASE_WAIT_SECONDS_MAX", 0)  # he is waited for in other tests
    first = ready(at)[0]
    with open_company("Acme Ltd", at.home) as opened, opened.store.outbox.writer("bob@desk-2, process 7"):
        pressed = at.press("post-orders", rows=(first,))
    assert str(pressed.outcome.result) == "Refused"
    assert "bob@desk-2" in pressed.outcome.message
    assert (ids(at, "Errors"), ids(at, "Orders")[first]) == ({}, "Ready")
    assert invoices(books) == {}
    at.press("post-orders", rows=(first,))
    assert list(invoices(books)) == [first]


def test_a_book_that_posted_is_bound_to_no_other_books(orders_desk: AtDesk, tmp_path: Path) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.press("post-orders", rows=(first,))
    with PracticeQuickBooks(country="US", home_currency="USD", limits=False, seed=9) as others:
        line = tmp_path / "others.json"
        kept = json.loads((tmp_path / "practice.json").read_text())
        line.write_text(json.dumps({**kept, "quickbooks": others.connection()}))
        bound = at.press("connect-quickbooks", line)
        assert str(bound.outcome.result) == "Refused"
        at.press("post-orders", rows=(second,))
        assert others.transactions("Invoice") == []
    assert set(invoices(books)) == {first, second}


def test_what_is_posted_is_not_put_away(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.press("post-orders", rows=(first,))
    pressed = at.press("archive-orders", rows=(first,))
    assert pressed.outcome.count == 0
    assert ids(at, "Archive") == {first: "Posted"}
    pressed = at.press("archive-orders", rows=(second,))
    assert ids(at, "Archive") == {first: "Posted", second: "Put away"}
    pressed = at.press("undo-orders", rows=(second,))
    assert str(pressed.outcome.result) != "Failed"
    assert "nothing-to-undo" in {one.code for one in pressed.outcome.findings}
    assert list(invoices(books)) == [first]


def test_an_order_that_failed_is_put_away_with_its_note(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    books.close_books(date(2030, 1, 1))
    at.press("post-orders", rows=(first,))
    at.type("Errors", "notes", at.row("Errors", "order_id", first), "entered by hand")
    at.press("archive-orders", rows=(first,))
    assert (ids(at, "Errors"), ids(at, "Archive")) == ({}, {first: "Put away"})
    assert at.row("Archive", "order_id", first).text("notes") == "entered by hand"
    books.close_books(None)
    at.press("post-orders")
    assert first not in invoices(books)
