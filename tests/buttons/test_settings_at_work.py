"""Settings and lists where a button is pressed: closed periods, class, location, prefix, and an older book."""

from datetime import date
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tests.buttons.real_company import become_real, names_of, row_at, tick_account
from tieout.cli.app import app
from tieout.sheets.layout import load_layout
from tieout.sheets.port import ReadTable

PLAIN = "21035404438"


def details(journal: dict[str, Any]) -> list[dict[str, Any]]:
    return [line["JournalEntryLineDetail"] for line in journal["Line"]]


def codes_at(desk: Desk, *settlement_ids: str) -> dict[str, str]:
    """The codes of what stopped a press for some settlements, with their cells."""
    pressed = desk.press("post-settlements", rows=settlement_ids)
    return {one.code: str(one.where) for one in pressed.outcome.findings if one.stops}


def test_class_location_and_prefix_reach_every_line_of_a_summary(imported: Desk) -> None:
    for key, value in (("class_name", "Web"), ("location", "London"), ("settlement_prefix", "SET-")):
        imported.setting(key, value)
    cells = {key: f"Settings!D{imported.row('Settings', 'key', key).number}" for key in ("class_name", "location")}
    found = codes_at(imported)
    assert (found["class-unknown"], found["location-unknown"]) == (cells["class_name"], cells["location"])
    assert imported.journals() == []
    with imported.quickbooks() as books:
        klass = books.create_as_person("Class", {"Name": "Web"})["Id"]
        place = books.create_as_person("Department", {"Name": "London"})["Id"]
    imported.press("post-settlements")
    posted = imported.journals()
    assert posted
    for journal in posted:
        assert journal["DocNumber"].startswith("SET-")
        for detail in details(journal):
            assert detail["ClassRef"]["value"] == klass
            assert detail["DepartmentRef"]["value"] == place
    again = imported.press("post-settlements")
    assert again.outcome.count == 0
    assert imported.journals() == posted
    imported.press("undo-settlements", rows=("all",))


@pytest.mark.parametrize(
    ("preference", "key", "code"),
    [
        ("AccountingInfoPrefs.ClassTrackingPerTxnLine", "class_name", "classes-off"),
        ("AccountingInfoPrefs.TrackDepartments", "location", "locations-off"),
    ],
)
def test_what_is_turned_off_in_quickbooks_is_said_at_its_setting(
    imported: Desk, preference: str, key: str, code: str
) -> None:
    with imported.quickbooks() as books:
        books.set_preference(preference, False)
    imported.setting(key, "Web")
    assert codes_at(imported)[code] == f"Settings!D{imported.row('Settings', 'key', key).number}"
    assert imported.journals() == []


@pytest.mark.parametrize(
    ("chosen", "decided", "posts"),
    [
        ("Ask", "", False),
        ("Ask", "Post on the first open date", True),
        ("Wait", "Post on the first open date", False),
        ("Use the first open date", "", True),
    ],
)
def test_a_closed_period_asks_waits_or_moves(imported: Desk, chosen: str, decided: str, posts: bool) -> None:
    closed = date(2030, 12, 31)
    with imported.quickbooks() as books:
        books.close_books(closed)
    imported.setting("closed_period", chosen)
    imported.press("post-settlements")
    if decided:
        for row in imported.table("Exceptions").rows:
            if row.text("code") == "period-closed":
                imported.type("Exceptions", "decision", row, decided)
        imported.press("post-settlements")
    journals = imported.journals()
    assert bool(journals) is posts
    assert {one["TxnDate"] for one in journals} <= {"2031-01-01"}


def test_a_reserve_on_an_account_of_costs_is_refused_at_its_setting(imported: Desk) -> None:
    with imported.quickbooks() as books:
        books.create_as_person("Account", {"Name": "Held by Amazon", "AccountType": "Expense"})
    imported.setting("account_reserve", "Held by Amazon")
    pressed = imported.press("post-settlements")
    told = [one for one in pressed.outcome.findings if one.code == "account-of-wrong-type"]
    assert told
    assert "of type Expense" in told[0].what
    assert "Reserve needs Bank, Other Current Asset" in told[0].what
    assert str(told[0].where) == f"Settings!D{imported.row('Settings', 'key', 'account_reserve').number}"
    assert not any("Held by Amazon" in str(details(one)) for one in imported.journals())


def test_accounts_of_settlements_are_made_once_ticked(imported: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    become_real(imported, monkeypatch)
    imported.setting("account_card", "Card of Amazon")
    imported.setting("negative_total", "Go to the card at once")
    before: list[str]
    with imported.quickbooks() as books:
        before = names_of(books, "Account")
    pressed = imported.press("post-settlements")
    [told] = [one for one in pressed.outcome.findings if one.code == "account-missing"]
    assert row_at(imported, "Accounts", str(told.where)).text("account") == "Card of Amazon"
    with imported.quickbooks() as books:
        assert names_of(books, "Account") == before
    tick_account(imported, "Card of Amazon")
    imported.press("post-settlements")
    with imported.quickbooks() as books:
        by_quickbooks = {"Exchange Gain or Loss"}
        assert set(names_of(books, "Account")) - set(before) - by_quickbooks == {"Card of Amazon"}


def test_an_older_book_gets_its_lists_by_repair(desk: Desk) -> None:
    old = openpyxl.load_workbook(desk.book, keep_vba=True)
    accounts = old["Accounts"]
    del accounts.tables["Names"]
    for row in accounts.iter_rows(min_col=14):
        for cell in row:
            cell.value = None
    old.save(desk.book)
    with desk.opened() as book, book.unlocked("Settings"):
        book.set_cells({"LayoutVersion": "1"})
    repaired = CliRunner().invoke(app, ["repair", str(desk.book)])
    assert repaired.exit_code == 0, repaired.output
    with desk.opened() as book:
        table = book.read("Names")
        assert isinstance(table, ReadTable)
        assert table.columns.keys() == {column.key for column in load_layout().table("Names").columns}
        assert book.cell("LayoutVersion") == str(load_layout().version)
    with desk.quickbooks() as books:
        books.create_as_person("Customer", {"DisplayName": "Amazon US"})
        books.create_as_person("Department", {"Name": "London"})
    assert str(desk.press("refresh-lists").outcome.result) == "Done"
    assert [row.text("value") for row in desk.table("ListCustomers").rows] == ["Amazon US"]
    assert [row.text("value") for row in desk.table("ListLocations").rows] == ["London"]
