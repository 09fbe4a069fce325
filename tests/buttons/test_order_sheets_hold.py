"""What a user does to Orders, Errors and Archive: his notes, columns, order, deletions and slips stay his."""

from datetime import date

import pytest

from tests.buttons.desk import Desk
from tests.buttons.orders_desk import AtDesk, ids, invoices, note, ready, tick
from tieout.sheets.port import ReadTable


def add_own_column(desk: Desk, table: str, title: str, of: dict[str, str]) -> None:
    """A column of the user's own, with what he writes beside some orders."""
    with desk.opened() as book:
        live = book.xlwings_table(table)
        live.columns.add(title)
        found = book.read(table)
        assert isinstance(found, ReadTable)
        column = live.range.column + live.range.columns.count - 1
        for row in found.rows:
            if row.text("order_id") in of:
                live.parent.range((row.number, column)).value = of[row.text("order_id")]


def own(desk: Desk, table: str) -> dict[str, dict[str, object]]:
    """What columns of the user's own hold, by order."""
    found = desk.table(table)
    return {row.text("order_id"): dict(found.own[row.number]) for row in found.rows if row.number in found.own}


def test_notes_and_own_columns_go_with_an_order_through_all_sheets(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    add_own_column(at, "Orders", "Checked By", {first: "Sam", second: "Eva"})
    add_own_column(at, "Orders", "Bin", {first: "A-7"})
    note(at, "Orders", first, "a gift")
    books.close_books(date(2030, 1, 1))
    at.press("post-orders", rows=(first,))
    assert ids(at, "Errors") == {first: "period-closed"}
    assert own(at, "Errors") == {first: {"Checked By": "Sam", "Bin": "A-7"}}
    assert own(at, "Orders") == {second: {"Checked By": "Eva"}}
    assert at.row("Errors", "order_id", first).text("notes") == "a gift"
    note(at, "Errors", first, "a gift; books are open now")

    books.close_books(None)
    at.press("post-orders", rows=(first, second))
    assert ids(at, "Errors") == {}
    assert own(at, "Archive") == {first: {"Checked By": "Sam", "Bin": "A-7"}, second: {"Checked By": "Eva"}}
    assert at.row("Archive", "order_id", first).text("notes") == "a gift; books are open now"

    at.press("undo-orders", rows=(first,))
    assert ids(at, "Archive") == {first: "Undone", second: "Posted"}
    assert own(at, "Archive")[first] == {"Checked By": "Sam", "Bin": "A-7"}
    books.close_books(date(2030, 1, 1))
    at.press("post-orders", rows=(first,))  # from Archive back to Errors
    assert ids(at, "Errors") == {first: "period-closed"}
    assert own(at, "Errors") == {first: {"Checked By": "Sam", "Bin": "A-7"}}
    books.close_books(None)
    at.press("post-orders", rows=(first,))
    assert own(at, "Archive")[first] == {"Checked By": "Sam", "Bin": "A-7"}
    row = at.row("Archive", "order_id", first)
    assert (row.text("notes"), row.text("state")) == ("a gift; books are open now", "Posted")
    assert first in invoices(books)
    before = at.contents()
    assert at.press("download-orders").changed == {}
    assert at.contents() == before


def test_a_note_beside_an_order_that_left_home_s_month_keeps_it(orders_desk: AtDesk) -> None:
    at, _ = orders_desk
    first, second, third = ready(at)[:3]
    add_own_column(at, "Orders", "Checked By", {first: "Sam"})
    note(at, "Orders", second, "look again")
    with at.opened() as book:
        book.set_cells({"HomeMonth": date(2019, 1, 1)})
    at.press("download-orders")
    shown = ids(at, "Orders")
    assert {first, second} <= set(shown)
    assert third not in shown
    assert own(at, "Orders") == {first: {"Checked By": "Sam"}}


def test_a_table_that_the_user_sorted_stays_sorted_and_deleted_rows_come_back(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    before = [row.text("order_id") for row in at.table("Orders").rows]
    with at.opened() as book:
        live = book.xlwings_table("Orders")
        cells = live.data_body_range
        cells.formula = tuple(reversed(cells.formula))
    note(at, "Orders", before[-1], "the newest")
    assert [row.text("order_id") for row in at.table("Orders").rows] == before[::-1]
    at.press("download-orders")
    assert [row.text("order_id") for row in at.table("Orders").rows] == before[::-1]
    posted = next(one for one in ready(at) if one != before[-1])
    at.press("post-orders", rows=(posted,))
    left = [row.text("order_id") for row in at.table("Orders").rows]
    assert left == [one for one in before[::-1] if one != posted]
    assert at.row("Orders", "order_id", before[-1]).text("notes") == "the newest"

    with at.opened() as book:
        live = book.xlwings_table("Orders")
        live.data_body_range[1, :].delete("up")
        live = book.xlwings_table("Archive")
        live.data_body_range[0, :].delete("up")
    assert len(at.table("Orders").rows) == len(left) - 1
    assert ids(at, "Archive") == {}
    at.press("download-orders")
    assert set(ids(at, "Orders")) == set(left)
    assert ids(at, "Archive") == {posted: "Posted"}
    assert list(invoices(books)) == [posted]


def test_what_is_typed_over_an_order_id_loses_no_note_and_posts_nothing_twice(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    note(at, "Orders", first, "mine")
    at.type("Orders", "order_id", at.row("Orders", "order_id", first), "see Sam")
    at.type("Orders", "total", at.row("Orders", "order_id", second), "lots")
    at.type("Orders", "state", at.row("Orders", "order_id", second), "Posting")
    at.press("download-orders")
    rows = {row.text("order_id"): row for row in at.table("Orders").rows}
    assert rows["see Sam"].text("notes") == "mine"
    assert rows[first].text("state") == "Ready"
    assert rows[second].text("state") == "Ready"
    assert rows[second].values["total"] not in {"lots", None}
    pressed = at.press("post-orders", rows=("see Sam", first))
    assert pressed.outcome.count == 1
    assert list(invoices(books)) == [first]
    assert ids(at, "Archive") == {first: "Posted"}
    assert "see Sam" in ids(at, "Orders")


def test_a_row_that_was_copied_is_posted_once(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    with at.opened() as book:
        live = book.xlwings_table("Orders")
        found = book.read("Orders")
        assert isinstance(found, ReadTable)
        [row] = [row for row in found.rows if row.text("order_id") == first]
        width = live.range.columns.count
        rows = live.data_body_range.rows.count
        live.resize(live.range.resize(rows + 2, width))
        sheet, left = live.parent, live.range.column
        line = sheet.range((row.number, left), (row.number, left + width - 1)).formula
        sheet.range((live.range.row + rows + 1, left)).resize(1, width).formula = line
    for row in at.table("Orders").rows:
        if row.text("order_id") == first:
            at.type("Orders", "select", row, "x")
    pressed = at.press("post-orders")
    assert "1 order posted" in pressed.outcome.message
    assert list(invoices(books)) == [first]
    assert first not in ids(at, "Orders")


def test_a_tick_that_is_none_is_said_at_its_cell_and_does_not_count(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second = ready(at)[:2]
    at.type("Orders", "select", at.row("Orders", "order_id", first), "maybe")
    tick(at, "Orders", second)
    pressed = at.press("post-orders")
    [finding] = [one for one in pressed.outcome.findings if one.code == "tick-not-understood"]
    row = at.row("Orders", "order_id", first)
    assert str(finding.where) == f"Orders!{at.table('Orders').columns['select']}{row.number}"
    assert list(invoices(books)) == [second]
    assert row.text("select") == "maybe"


def test_ticks_on_all_sheets_are_one_choice(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first, second, third = ready(at)[:3]
    at.press("archive-orders", rows=(first,))
    books.close_books(date(2030, 1, 1))
    at.press("post-orders", rows=(second,))
    books.close_books(None)
    assert (ids(at, "Archive"), ids(at, "Errors")) == ({first: "Put away"}, {second: "period-closed"})
    tick(at, "Archive", first)
    tick(at, "Errors", second)
    tick(at, "Orders", third)
    pressed = at.press("post-orders")
    assert "3 orders posted" in pressed.outcome.message
    assert "(ticked)" in pressed.outcome.message
    assert set(invoices(books)) == {first, second, third}
    assert ids(at, "Archive") == dict.fromkeys((first, second, third), "Posted")
    assert {row.text("select") for row in at.table("Archive").rows} == {""}


def test_rows_are_numbers_of_the_sheet_or_ids(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    rows = {row.text("order_id"): row.number for row in at.table("Orders").rows}
    first, second = ready(at)[:2]
    pressed = at.press("post-orders", rows=(str(rows[first]), second, "999", "113-0000000-0000000"))
    assert set(invoices(books)) == {first, second}
    [finding] = [one for one in pressed.outcome.findings if one.code == "row-without-order"]
    assert "999, 113-0000000-0000000" in finding.what


@pytest.mark.parametrize("table", ["Orders", "Errors", "Archive"])
def test_a_sheet_without_what_moving_needs_is_said_and_nothing_is_sent(orders_desk: AtDesk, table: str) -> None:
    at, books = orders_desk
    with at.opened() as book:
        live = book.xlwings_table(table)
        titles = [str(one) for one in live.header_row_range.value]
        live.parent.range((live.range.row, live.range.column + titles.index("Notes"))).value = "Remarks"
    pressed = at.press("post-orders")
    assert str(pressed.outcome.result) == "Refused"
    [finding] = pressed.outcome.findings
    assert (finding.code, finding.column) == ("sheet-column-missing", "Notes")
    assert str(finding.where).startswith(f"{table}!")
    assert "Remarks" in finding.what
    assert invoices(books) == {}


def test_links_open_what_quickbooks_shows_and_practice_has_no_page(orders_desk: AtDesk) -> None:
    at, _ = orders_desk
    first = ready(at)[0]
    at.press("post-orders", rows=(first,))
    row = at.row("Archive", "order_id", first)
    assert row.text("quickbooks_url") == ""
    assert row.text("quickbooks_link") == ""
    at.type("Archive", "quickbooks_url", row, "https://app.qbo.intuit.com/app/invoice?txnId=1")
    at.press("download-orders")
    assert at.row("Archive", "order_id", first).text("quickbooks_url") == ""


def test_errors_lead_to_the_cell_to_change(orders_desk: AtDesk) -> None:
    at, books = orders_desk
    first = ready(at)[0]
    books.close_books(date(2030, 1, 1))
    at.press("post-orders", rows=(first,))
    row = at.row("Errors", "order_id", first)
    assert row.text("where").startswith("Settings!")
    assert row.text("where_link") == "Go"
