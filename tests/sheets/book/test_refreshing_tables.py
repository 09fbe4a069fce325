"""A refresh: rows by key, and everything that is the user's left alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tieout.domain.money import Money
from tieout.sheets.book import XlwingsBook
from tieout.sheets.port import Gone, ReadTable, Refresh, Row


def settlement(number: int, **more: object) -> Row:
    row: dict[str, object] = {
        "settlement_id": str(21_000_000_000 + number),
        "state": "New",
        "start": date(2026, 9, 1),
        "currency": "USD",
        "amazon_total": Money(12_345 + number, "USD"),
        "file": "settlement.txt",
    }
    return {**row, **more}  # type: ignore[return-value,dict-item]


def ids(book: XlwingsBook, table: str = "Settlements", key: str = "settlement_id") -> list[str]:
    found = book.read(table)
    assert isinstance(found, ReadTable)
    return [row.text(key) for row in found.rows]


def body(book: XlwingsBook, table: str = "Settlements") -> Any:
    return book.xlwings_table(table).data_body_range


def test_rows_go_in_and_come_out_with_their_cells(book: XlwingsBook) -> None:
    done = book.refresh(Refresh("Settlements", [settlement(1), settlement(2)]))
    assert (done.sheet, done.changed, done.findings) == ("Settlements", 2, ())
    found = book.read("Settlements")
    assert isinstance(found, ReadTable)
    assert [row.number for row in found.rows] == [5, 6]
    assert found.rows[0].text("settlement_id") == "21000000001"
    assert found.rows[0].values["amazon_total"] == 123.46
    assert found.rows[0].text("start") == "2026-09-01"
    assert str(found.cell(found.rows[1], "settlement_id")) == "Settlements!B6"


def own(book: XlwingsBook, table: str, key: str) -> dict[str, dict[str, object]]:
    """What the user's own columns hold, by the key of the row."""
    found = book.read(table)
    assert isinstance(found, ReadTable)
    return {row.text(key): dict(found.own[row.number]) for row in found.rows if row.number in found.own}


def type_own(book: XlwingsBook, table: str, title: str, values: list[object]) -> None:
    """Type into a column of the user's own, from the first row on."""
    live = book.xlwings_table(table)
    place = [str(one) for one in live.header_row_range.value].index(title)
    cells = live.data_body_range
    cells.sheet.range((cells.row, cells.column + place)).options(transpose=True).value = values


def test_what_the_users_own_columns_hold_goes_with_a_row(book: XlwingsBook) -> None:
    book.refresh(Refresh("Orders", [{"order_id": "111-1"}, {"order_id": "111-2"}]))
    book.xlwings_table("Orders").columns.add("Checked By")
    book.xlwings_table("Orders").columns.add("Weight")
    book.xlwings_table("Orders").columns.add("Twice")
    type_own(book, "Orders", "Checked By", ["Sam", "Eva"])
    type_own(book, "Orders", "Weight", [2.5])
    type_own(book, "Orders", "Twice", ["=1+1", "=2+2"])
    assert own(book, "Orders", "order_id") == {
        "111-1": {"Checked By": "Sam", "Weight": 2.5},
        "111-2": {"Checked By": "Eva"},
    }
    brought = {("111-1",): {"Checked By": "Sam", "Weight": 2.5}, ("111-9",): {"Checked By": "nobody"}}
    book.refresh(Refresh("Archive", [{"order_id": "111-0"}]))
    done = book.refresh(Refresh("Archive", [{"order_id": "111-0"}, {"order_id": "111-1"}], own=brought))
    assert done.changed == 1
    assert own(book, "Archive", "order_id") == {"111-1": {"Checked By": "Sam", "Weight": 2.5}}
    titles = [str(one) for one in book.xlwings_table("Archive").header_row_range.value]
    assert titles[-2:] == ["Checked By", "Weight"]
    # Once it is there, the row has its own: nothing is brought a second time, and no column is added twice.
    type_own(book, "Archive", "Checked By", [None, "Max"])
    book.refresh(Refresh("Archive", [{"order_id": "111-0"}, {"order_id": "111-1"}], own=brought))
    assert own(book, "Archive", "order_id") == {"111-1": {"Checked By": "Max", "Weight": 2.5}}
    book.refresh(
        Refresh(
            "Archive",
            [{"order_id": "111-0"}, {"order_id": "111-1"}, {"order_id": "111-2"}],
            own={("111-2",): {"checked by": "Eva"}},
        )
    )
    assert own(book, "Archive", "order_id")["111-2"] == {"Checked By": "Eva"}
    assert [str(one) for one in book.xlwings_table("Archive").header_row_range.value] == titles


def test_what_can_get_no_column_is_noted(book: XlwingsBook, monkeypatch: pytest.MonkeyPatch) -> None:
    from tieout.sheets import own_cells

    monkeypatch.setattr(own_cells, "with_columns_for", lambda cells, brought: cells)
    monkeypatch.setattr("tieout.sheets.table_refresh.with_columns_for", lambda cells, brought: cells)
    rows: list[Row] = [{"order_id": "111-1", "notes": "a gift"}, {"order_id": "111-2"}]
    book.refresh(Refresh("Archive", rows, own={("111-1",): {"Checked By": "Sam", "Weight": 2.0}}))
    found = book.read("Archive")
    assert isinstance(found, ReadTable)
    assert [row.text("notes") for row in found.rows] == ["a gift; Checked By: Sam; Weight: 2", ""]


def test_a_formula_of_the_users_own_column_is_left_to_calculate(book: XlwingsBook) -> None:
    book.refresh(Refresh("Archive", [{"order_id": "111-0"}]))
    book.xlwings_table("Archive").columns.add("Doubled")
    body(book, "Archive").columns[-1].formula = "=Archive[[#This Row],[Total]]*2"
    rows: list[Row] = [{"order_id": "111-0"}, {"order_id": "111-1"}]
    book.refresh(Refresh("Archive", rows, own={("111-1",): {"Doubled": 4.0}}))
    last = body(book, "Archive")[-1, -1]
    assert str(last.formula).startswith("=") or last.value == 4


def test_rows_that_leave_for_another_table_go_even_if_used(book: XlwingsBook) -> None:
    book.refresh(Refresh("Orders", [{"order_id": f"111-{n}"} for n in range(4)]))
    found = book.read("Orders")
    assert isinstance(found, ReadTable)
    sheet = book.xlwings_table("Orders").parent
    for row in found.rows[:3]:
        sheet.range(f"{found.columns['notes']}{row.number}").value = f"note {row.text('order_id')}"
    book.refresh(Refresh("Orders", [{"order_id": "111-0"}], Gone.KEPT_IF_USED, leaving={("111-1",)}))
    assert ids(book, "Orders", "order_id") == ["111-0", "111-2"]


def test_a_tick_goes_where_the_button_has_acted_and_nowhere_else(book: XlwingsBook) -> None:
    rows: list[Row] = [{"order_id": f"111-{n}"} for n in range(4)]
    book.refresh(Refresh("Archive", rows))
    body(book, "Archive").columns[0].options(transpose=True).value = ["x", "x", "later", None]
    book.refresh(Refresh("Archive", rows, unticked={("111-0",), ("111-3",), ("222-0",)}))
    found = book.read("Archive")
    assert isinstance(found, ReadTable)
    assert [row.text("select") for row in found.rows] == ["", "x", "later", ""]


def test_the_same_again_writes_nothing(book: XlwingsBook) -> None:
    wanted = Refresh("Settlements", [settlement(1), settlement(2)])
    book.refresh(wanted)
    before = body(book).formula
    assert book.refresh(wanted).changed == 0
    assert body(book).formula == before


def test_what_the_user_made_of_the_table_stays(book: XlwingsBook) -> None:
    book.refresh(Refresh("Settlements", [settlement(number) for number in range(5)]))
    table = book.xlwings_table("Settlements")
    sheet = table.parent
    table.columns.add("Checked By")
    last = table.range.columns.count
    order = [4, 2, 0, 3, 1]  # as the user sorted them
    lines = body(book).options(ndim=2).value
    body(book).value = [lines[number] for number in order]
    sheet.range((5, 1)).value = "x"
    sheet.range((5, last)).options(transpose=True).value = ["Ann", "Bob", None, "=1+1", "'-5"]
    sheet.range((6, 28)).value = "ask Sam"
    sheet.range((7, 2)).add_note("look at this one")

    done = book.refresh(Refresh("Settlements", [settlement(n, state="Ready") for n in (0, 1, 2, 3, 4, 5)]))

    assert done.changed == 6
    assert ids(book) == [str(21_000_000_000 + number) for number in (*order, 5)]
    found = book.read("Settlements")
    assert isinstance(found, ReadTable)
    assert [row.text("select") for row in found.rows] == ["x", "", "", "", "", ""]
    assert found.rows[1].text("notes") == "ask Sam"
    assert sheet.range((5, last), (10, last)).formula == (("Ann",), ("Bob",), ("",), ("=1+1",), ("-5",), ("",))
    assert [note.location.get_address(False, False) for note in sheet.notes] == ["B7"]


def test_rows_that_go_take_what_was_theirs_along_and_nothing_else(book: XlwingsBook) -> None:
    book.refresh(Refresh("JournalPreview", [preview(number) for number in range(6)]))
    table = book.xlwings_table("JournalPreview")
    table.columns.add("Checked")
    last = table.range.columns.count
    sheet = table.parent
    sheet.range((5, last)).options(transpose=True).value = ["a", "b", "c", "d", "e", "f"]
    sheet.range((7, 2)).add_note("c's note")
    sheet.range((10, 2)).add_note("f's note")
    done = book.refresh(Refresh("JournalPreview", [preview(number) for number in (0, 2, 4, 7)]))
    assert done.changed == 4
    assert ids(book, "JournalPreview", "doc_number") == ["D0", "D2", "D4", "D7"]
    assert sheet.range((5, last), (8, last)).value == ["a", "c", "e", None]
    assert [(n.location.get_address(False, False), n.text) for n in sheet.notes] == [("B6", "c's note")]


def preview(number: int) -> Row:
    return {"doc_number": f"D{number}", "line": 1, "account": "Amazon Sales", "debit": Money(number, "USD")}


def test_rows_in_which_the_user_wrote_stay_where_the_sheet_says_so(book: XlwingsBook) -> None:
    book.refresh(Refresh("Settlements", [settlement(1), settlement(2)]))
    body(book).sheet.range("AB6").value = "call Amazon"
    book.refresh(Refresh("Settlements", [settlement(3)], Gone.KEPT_IF_USED))
    assert ids(book) == ["21000000002", "21000000003"]


def test_an_emptied_table_keeps_one_empty_row_and_its_formulas(book: XlwingsBook) -> None:
    book.refresh(Refresh("Settlements", [settlement(1), settlement(2)]))
    body(book).sheet.range("A5").value = "x"
    done = book.refresh(Refresh("Settlements", []))
    assert done.changed == 2
    assert ids(book) == []
    assert body(book).shape[0] == 1
    assert body(book).sheet.range("A5").value is None
    assert str(body(book).sheet.range("T5").formula).startswith("=IFERROR(HYPERLINK(")


def test_links_of_new_rows_are_filled_in(book: XlwingsBook) -> None:
    book.refresh(Refresh("Settlements", [settlement(number) for number in range(3)]))
    formulas = [body(book).sheet.range((row, 20)).formula for row in (5, 6, 7)]
    assert len(set(formulas)) == 1
    assert formulas[0].startswith("=IFERROR(HYPERLINK(")


def test_the_newest_comes_first_and_the_oldest_leave(book: XlwingsBook) -> None:
    for number in range(5):
        row: Row = {"run_id": f"r{number}", "at": datetime(2026, 11, 1, 9, number, tzinfo=UTC), "button": "check-up"}
        done = book.refresh(Refresh("Activity", [row], Gone.KEPT, newest_first=True, rows_max=3))
        assert done.changed == (1 if number < 3 else 2)
    assert ids(book, "Activity", "run_id") == ["r4", "r3", "r2"]


def test_notes_on_activity_stay_with_their_rows(book: XlwingsBook) -> None:
    first: Row = {"run_id": "r1", "button": "check-up"}
    book.refresh(Refresh("Activity", [first], Gone.KEPT, newest_first=True))
    body(book, "Activity").sheet.range("B5").add_note("why?")
    book.refresh(Refresh("Activity", [{"run_id": "r2", "button": "guide"}], Gone.KEPT, newest_first=True))
    assert ids(book, "Activity", "run_id") == ["r2", "r1"]
    assert [note.location.row for note in body(book, "Activity").sheet.notes] == [6]


def test_what_stands_below_a_table_moves_down(book: XlwingsBook) -> None:
    sheet = body(book).sheet
    sheet.range("B8").value = "my own sum"
    book.refresh(Refresh("Settlements", [settlement(number) for number in range(10)]))
    assert len(ids(book)) == 10
    below = sheet.range("B15:B40").value
    assert [cell for cell in below if cell is not None] == ["my own sum"]


def test_a_moved_renamed_and_reordered_table_is_found(book: XlwingsBook) -> None:
    sheet = body(book).sheet
    sheet.name = "Auszahlungen"
    first, second = sheet.range("C4:C5").value, sheet.range("D4:D5").value
    sheet.range("C4:C5").options(transpose=True).value = second
    sheet.range("D4:D5").options(transpose=True).value = first
    book.refresh(Refresh("Settlements", [settlement(1, marketplace="US")]))
    assert (sheet.range("C4").value, sheet.range("C5").value) == ("Marketplace", "US")
    assert (sheet.range("D4").value, sheet.range("D5").value) == ("State", "New")


def test_a_renamed_column_is_said_and_not_guessed(book: XlwingsBook) -> None:
    sheet = body(book).sheet
    sheet.range("W4").value = "Reason"
    done = book.refresh(Refresh("Settlements", [settlement(1, why="because")]))
    [finding] = done.findings
    assert finding.code == "sheet-column-missing"
    assert "no column Why" in finding.what
    assert "Reason" in finding.what
    assert sheet.range("W5").value is None
    assert ids(book) == ["21000000001"]


def test_without_its_key_column_nothing_is_written(book: XlwingsBook) -> None:
    sheet = body(book).sheet
    sheet.range("B4").value = "Id"
    done = book.refresh(Refresh("Settlements", [settlement(1)]))
    assert done.changed == 0
    assert [finding.stops for finding in done.findings] == [True]
    assert sheet.range("C5").value is None


def test_a_table_that_is_gone_is_said(book: XlwingsBook) -> None:
    sheet = body(book).sheet
    sheet.delete()
    found = book.read("Settlements")
    assert not isinstance(found, ReadTable)
    assert found.code == "sheet-table-missing"
    assert book.refresh(Refresh("Settlements", [settlement(1)])).findings == (found,)


def test_a_totals_row_of_the_user_stays_below(book: XlwingsBook) -> None:
    book.refresh(Refresh("Settlements", [settlement(1)]))
    table = book.xlwings_table("Settlements")
    table.show_totals = True
    book.refresh(Refresh("Settlements", [settlement(number) for number in range(4)]))
    assert table.show_totals
    assert ids(book) == ["21000000001", "21000000000", "21000000002", "21000000003"]


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'quoted", "00123", "1-2", "3E5", "＝1", "\t=1", "TRUE"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_amazons_stays_the_text_it_is(book: XlwingsBook, text: str) -> None:
    lines: list[Row] = [{"settlement_id": "1", "row": 2, "sku": text, "amount_description": text, "amount": 5}]
    book.refresh(Refresh("SettlementLines", lines))
    sheet = body(book, "SettlementLines").sheet
    for address in ("L5", "F5"):
        assert sheet.range(address).value == text
        assert sheet.range(address).formula == text
    assert book.refresh(Refresh("SettlementLines", lines)).changed == 0


def test_ids_stay_ids_where_the_user_took_the_text_format_away(book: XlwingsBook) -> None:
    sheet = body(book).sheet
    sheet.range("B5:B60").number_format = "General"
    book.refresh(Refresh("Settlements", [settlement(1), settlement(2)]))
    assert sheet.range("B5").number_format == "@"
    assert sheet.range("B5").value == "21000000001"


def test_money_is_a_number_with_the_places_of_its_currency(book: XlwingsBook) -> None:
    rows = [
        settlement(1, amazon_total=Money(-1, "USD"), currency="USD"),
        settlement(2, amazon_total=Money(1234567, "JPY"), currency="JPY"),
        settlement(3, amazon_total=Money(99_999_999_999_999_999, "USD")),
    ]
    book.refresh(Refresh("Settlements", rows))
    sheet = body(book).sheet
    assert sheet.range("I5:I7").value == [-0.01, 1234567, "999999999999999.99"]
    assert sheet.range("I5").number_format == "#,##0.00;[Red]-#,##0.00"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.integers(0, 12), unique=True, max_size=9),
    after=st.lists(st.integers(0, 12), unique=True, max_size=9),
    notes=st.sets(st.integers(0, 12), max_size=5),
)
def test_every_row_is_there_once_with_the_notes_of_its_own(
    book: XlwingsBook, before: list[int], after: list[int], notes: set[int]
) -> None:
    book.refresh(Refresh("Settlements", []))
    book.refresh(Refresh("Settlements", [settlement(number) for number in before]))
    sheet = body(book).sheet
    for row, number in enumerate(before, 5):
        if number in notes:
            sheet.range((row, 28)).value = f"note {number}"
    book.refresh(Refresh("Settlements", [settlement(number, state="Ready") for number in after]))
    found = book.read("Settlements")
    assert isinstance(found, ReadTable)
    shown = {int(row.text("settlement_id")) - 21_000_000_000: row.text("notes") for row in found.rows}
    kept = set(before) & set(after)
    assert sorted(shown) == sorted(after)
    assert [number for number in shown if number in kept] == [number for number in before if number in kept]
    assert shown == {number: f"note {number}" if number in notes & kept else "" for number in after}
