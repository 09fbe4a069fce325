"""What a company that does not practise has to agree to: entries of QuickBooks' lists are made only when ticked."""

import pytest

from tests.buttons.orders_desk import AtDesk, ids, invoices, ready, tick
from tests.buttons.real_company import (
    become_real,
    names_of,
    operations,
    proposed,
    row_at,
    tick_account,
    tick_names,
)
from tieout.practice.quickbooks import PracticeQuickBooks

LISTS = ("Customer", "Vendor", "Item")


@pytest.fixture
def real(orders_desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> AtDesk:
    become_real(orders_desk[0], monkeypatch)
    return orders_desk


def test_missing_names_are_proposed_and_made_once_ticked(real: AtDesk) -> None:
    desk, books = real
    wanted = ready(desk)
    before = names_of(books, *LISTS, "Account")
    pressed = desk.press("post-orders")
    assert str(pressed.outcome.result) == "Refused", pressed.outcome
    assert names_of(books, *LISTS, "Account") == before, "nothing was made unasked"
    assert ids(desk, "Errors").keys() == set(wanted)
    assert set(ids(desk, "Errors").values()) == {"customer-missing"}
    names = proposed(desk)
    assert names[("Customer", "Amazon US")] == "Proposed"
    assert {kind for kind, _ in names} == {"Customer", "Item"}

    row = desk.table("Errors").rows[0]
    assert "Put an x into Create" in row.text("to_do")
    told = row_at(desk, "Names", row.text("where"))
    assert (told.text("kind"), told.text("name")) == ("Customer", "Amazon US")

    tick_names(desk, "Customer", "Item")
    posted = desk.press("post-orders")
    assert str(posted.outcome.result) == "Done", posted.outcome
    assert ids(desk, "Archive") == dict.fromkeys(wanted, "Posted")
    assert ids(desk, "Errors") == {}
    assert sorted(invoices(books)) == sorted(wanted)
    made = {(kind, name) for kind in ("Customer", "Item") for name in names_of(books, kind)}
    assert made >= names.keys()
    assert set(proposed(desk).values()) == {"In QuickBooks"}


def test_one_tick_too_few_makes_nothing(real: AtDesk) -> None:
    desk, books = real
    desk.press("post-orders")
    before = names_of(books, *LISTS, "Account")
    tick_names(desk, "Customer")
    pressed = desk.press("post-orders")
    assert str(pressed.outcome.result) == "Refused"
    assert names_of(books, *LISTS, "Account") == before, "a customer was made for orders that can't post"
    assert set(ids(desk, "Errors").values()) == {"item-missing"}
    row = desk.table("Errors").rows[0]
    assert row_at(desk, "Names", row.text("where")).text("kind") == "Item"


def test_what_can_post_is_posted_and_only_its_names_are_made(real: AtDesk) -> None:
    desk, books = real
    desk.press("post-orders")
    first, *_ = desk.table("Errors").rows
    skus = {row.text("order_id"): row.text("document") for row in desk.table("Errors").rows}
    assert first.text("order_id") in skus
    names = desk.table("Names")
    needed = {row.text("name"): row.text("needed_by") for row in names.rows if row.text("kind") == "Item"}
    [one, *_] = [name for name, order in needed.items() if order == first.text("order_id")]
    tick_names(desk, "Customer")
    for row in names.rows:
        if row.text("needed_by") == first.text("order_id"):
            desk.type("Names", "create", row, "x")
    desk.press("post-orders")
    assert one in names_of(books, "Item")
    others = {name for name, order in needed.items() if order != first.text("order_id")}
    assert not others & set(names_of(books, "Item"))
    assert first.text("order_id") in ids(desk, "Archive")


def test_nothing_is_made_for_an_order_whose_number_is_taken(real: AtDesk) -> None:
    desk, books = real
    desk.press("post-orders")
    order = next(iter(ids(desk, "Errors")))
    income = next(each["Id"] for each in books.transactions("Account") if each["Name"] == "Amazon Sales")
    item = books.create_as_person(
        "Item", {"Name": "By hand", "Type": "Service", "IncomeAccountRef": {"value": income}}
    )
    customer = books.create_as_person("Customer", {"DisplayName": "Somebody"})
    line = {"ItemRef": {"value": item["Id"]}}
    body = {
        "DocNumber": order,
        "CustomerRef": {"value": customer["Id"]},
        "Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": line}],
    }
    books.create_as_person("Invoice", body)
    before = names_of(books, *LISTS)
    tick_names(desk, "Customer", "Item")
    tick(desk, "Errors", order)
    desk.press("post-orders")
    assert ids(desk, "Errors")[order] == "number-of-another-document"
    assert names_of(books, *LISTS) == before


def _without(books: PracticeQuickBooks, name: str) -> None:
    [account] = [each for each in books.transactions("Account") if each["Name"] == name]
    books.edit_as_person("Account", account["Id"], {"Name": f"{name} of before"})


def test_an_account_is_made_by_the_next_post_once_it_is_ticked(real: AtDesk) -> None:
    desk, books = real
    _without(books, "Amazon Sales")
    desk.press("post-orders")
    tick_names(desk, "Customer", "Item")
    desk.press("post-orders")
    assert set(ids(desk, "Errors").values()) == {"account-missing"}
    where = desk.table("Errors").rows[0].text("where")
    assert row_at(desk, "Accounts", where).text("account") == "Amazon Sales"
    assert "Amazon Sales" not in names_of(books, "Account")
    tick_account(desk, "Amazon Sales")
    desk.press("post-orders")
    assert ids(desk, "Errors") == {}
    assert "Amazon Sales" in names_of(books, "Account")


def test_lists_are_read_whole_once_and_then_by_what_changed(real: AtDesk) -> None:
    desk, books = real
    for name in ("Web", "Shop"):
        books.create_as_person("Class", {"Name": name})
    books.create_as_person("Department", {"Name": "London"})
    books.create_as_person("Customer", {"DisplayName": "Amazon US"})
    books.create_as_person("Vendor", {"DisplayName": "Amazon"})
    pressed = desk.press("refresh-lists")
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    assert "1 customer, 1 vendor" in pressed.outcome.message
    assert [row.text("value") for row in desk.table("ListClasses").rows] == ["Shop", "Web"]
    assert [row.text("value") for row in desk.table("ListLocations").rows] == ["London"]
    assert [row.text("value") for row in desk.table("ListCustomers").rows] == ["Amazon US"]
    assert [row.text("value") for row in desk.table("ListVendors").rows] == ["Amazon"]

    books.create_as_person("Customer", {"DisplayName": "Amazon CA"})
    since = len(books.requests())
    assert str(desk.press("refresh-lists").outcome.result) == "Done"
    assert [row.text("value") for row in desk.table("ListCustomers").rows] == ["Amazon US", "Amazon CA"]
    asked = list(operations(books, since))
    assert asked.count("cdc") == 1
    assert asked.count("query") == 2, "tax codes and tax rates, of which no changes can be asked for"
    assert len(asked) <= 5
    before = desk.contents()
    desk.press("refresh-lists")
    assert {sheet: cells for sheet, cells in desk.contents().items() if sheet == "Lists"} == {
        "Lists": before["Lists"]
    }
