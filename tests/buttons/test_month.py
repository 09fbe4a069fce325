"""A month closed by pressing buttons on a closed file, with a user who works in it in between."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from tests.buttons.desk import Desk
from tieout.sheets.engines import LibreOfficeMissing, activate
from tieout.sheets.port import ReadTable

UNKNOWN_FEE = "Harbour Handling Surcharge"
BLOCKED = "21039303565"
NEGATIVE = "21005303565"
TWO_MONTHS = "21035404438"


def result(desk: Desk, button: str, *files: Path, rows: tuple[str, ...] = ()) -> str:
    pressed = desk.press(button, *files, rows=rows)
    return str(pressed.outcome.result)


def test_the_whole_month(desk: Desk) -> None:
    pressed = desk.press("import-settlements", desk.files)
    assert str(pressed.outcome.result) == "Done in part"
    assert pressed.changed["Settlements"] == 4
    assert "4 settlements imported, 1 blocked" in pressed.outcome.message
    states = desk.states()
    assert states.pop(BLOCKED) == "Blocked"
    assert set(states.values()) == {"New"}
    assert [row.text("code") for row in desk.table("Exceptions").rows] == ["fee-unmapped"]
    fee = desk.row("FeeMappings", "amount_description", UNKNOWN_FEE)
    assert (fee.text("state"), fee.text("suggested_group"), fee.text("row_count")) == ("Unmapped", "Other", "1")

    # The user adds a column of his own, sorts, and types nonsense where a group belongs.
    with desk.opened() as book:
        table = book.xlwings_table("Settlements")
        table.columns.add("Checked By")
        body = table.data_body_range
        body.value = body.options(ndim=2).value[::-1]
        last = table.range.columns.count
        table.parent.range((5, last)).value = "Ann"
    desk.type("FeeMappings", "group", fee, "Nonsens")
    first = desk.table("Settlements").rows[0].text("settlement_id")
    refused = desk.press("preview-settlements")
    assert str(refused.outcome.result) == "Refused" or refused.outcome.findings[0].stops
    [finding] = [finding for finding in refused.outcome.findings if finding.code == "mapping-group-unknown"]
    assert str(finding.where) == f"Fee Mappings!E{fee.number}"
    assert desk.row("FeeMappings", "amount_description", UNKNOWN_FEE).text("group") == "Nonsens"
    assert set(desk.states().values()) == {"Blocked"}
    assert desk.table("JournalPreview").rows == ()

    # He puts it right: the next preview follows the cell.
    desk.type("FeeMappings", "group", fee, "Other")
    assert result(desk, "preview-settlements") == "Done"
    assert set(desk.states().values()) == {"Ready"}
    assert desk.row("FeeMappings", "amount_description", UNKNOWN_FEE).text("state") == "Yours"
    lines = desk.table("JournalPreview").rows
    [line] = [row for row in lines if row.text("description").endswith(UNKNOWN_FEE)]
    assert (line.text("group"), line.text("account"), line.text("state")) == ("Other", "Amazon Other Fees", "Draft")
    desk.type("FeeMappings", "account", fee, "Amazon Adjustments")
    assert result(desk, "preview-settlements") == "Done"
    [line] = [row for row in desk.table("JournalPreview").rows if row.text("description").endswith(UNKNOWN_FEE)]
    assert (line.text("account"), line.text("state")) == ("Amazon Adjustments", "Changed")

    # He ticks one and posts it, then all that is ready.
    row = desk.row("Settlements", "settlement_id", TWO_MONTHS)
    desk.type("Settlements", "select", row, "x")
    posted = desk.press("post-settlements")
    assert str(posted.outcome.result) == "Done", posted.outcome
    assert "(ticked)" in posted.outcome.message
    assert [state for state in desk.states().values() if state == "Posted"] == ["Posted"]
    assert len(desk.journals()) == 2
    desk.type("Settlements", "select", row, None)
    assert result(desk, "post-settlements") == "Done"
    assert set(desk.states().values()) == {"Posted"}
    for row in desk.table("Settlements").rows:
        assert row.values["amazon_total"] == row.values["posted_total"] == row.values["quickbooks_total"]
        assert row.text("tie_out") == "Ties out"
    journals = len(desk.journals())
    assert {row.text("state") for row in desk.table("JournalPreview").rows} == {"Posted"}
    assert {row.text("state") for row in desk.table("Exceptions").rows} == {"Closed"}

    assert result(desk, "reconcile") == "Done"
    rows = desk.table("Reconciliation").rows
    assert {row.text("state") for row in rows} == {"Ties out"}
    assert {row.values["difference"] for row in rows} == {0.0}
    exported = desk.press("export-reconciliation")
    assert {path.name for path in exported.outcome.files} >= {"reconciliation.xlsx", "journal.csv"}
    assert all(path.parent.name == "Acme - reconciliation" for path in exported.outcome.files)
    packed = desk.press("proof-pack", rows=(TWO_MONTHS,))
    [pack] = packed.outcome.files
    assert TWO_MONTHS in pack.name
    assert pack.stat().st_size > 5_000

    # Undo, and post again: the same books.
    undone = desk.press("undo-settlements", rows=(TWO_MONTHS, NEGATIVE))
    assert str(undone.outcome.result) == "Done", undone.outcome
    assert len(desk.journals()) == journals - 3
    assert desk.states()[TWO_MONTHS] == "Undone"
    shown = desk.row("Settlements", "settlement_id", TWO_MONTHS)
    assert (shown.values["posted_total"], shown.text("tie_out")) == (None, "Not posted")
    assert result(desk, "post-settlements") == "Done"
    assert set(desk.states().values()) == {"Posted"}
    assert len(desk.journals()) == journals

    # What he made of the sheet is as he left it.
    with desk.opened() as book:
        found = book.read("Settlements")
        assert isinstance(found, ReadTable)
        sheet = book.xlwings_table("Settlements").parent
        assert sheet.range((4, last)).value == "Checked By"
        assert sheet.range((5, last)).value == "Ann"
        assert found.rows[0].text("settlement_id") == first
    pressed_buttons = [row.text("button") for row in desk.table("Activity").rows]
    assert pressed_buttons[:2] == ["post-settlements", "undo-settlements"]
    assert pressed_buttons[-1] == "practice-company"


@pytest.mark.parametrize(
    "button", ["import-settlements", "preview-settlements", "post-settlements", "undo-settlements", "check-up"]
)
def test_pressed_again_with_nothing_new_nothing_changes(posted: Desk, button: str) -> None:
    files = (posted.files,) if button == "import-settlements" else ()
    rows = (NEGATIVE,) if button == "undo-settlements" else ()
    posted.press(button, *files, rows=rows)
    before = posted.contents()
    journals = len(posted.journals())
    again = posted.press(button, *files, rows=rows)
    assert again.changed == {}
    assert posted.contents() == before
    assert len(posted.journals()) == journals


def test_reconciled_again_only_the_moment_of_reading_changes(posted: Desk) -> None:
    posted.press("reconcile")
    first = [{**row.values, "read_back": None} for row in posted.table("Reconciliation").rows]
    before = posted.contents()
    posted.press("reconcile")
    assert [{**row.values, "read_back": None} for row in posted.table("Reconciliation").rows] == first
    after = posted.contents()
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= {"Reconciliation"}


def test_home_shows_how_the_month_stands(posted: Desk) -> None:
    book = openpyxl.load_workbook(posted.book, data_only=True, read_only=True)
    rows = list(book["Home"].iter_rows(min_row=1, max_row=35, min_col=2, max_col=10, values_only=True))
    book.close()
    steps = {row[1]: (row[3], row[4]) for row in rows if row[1]}
    assert steps["Post the settlements"] == ("Look", "3 posted, 0 ready, 1 blocked")
    assert steps["Decide where unmapped fees go"] == ("Look", "1 unmapped, 0 in conflict")
    assert steps["Connect the QuickBooks company"][0] == "Done"
    figures = {row[7]: row[8] for row in rows if row[7]}
    assert figures["Amazon's settlements"] == figures["Read back from QuickBooks"] == 1083.48
    assert figures["Tie Out"] == "Ties out"  # the one that is blocked is in another currency


def test_a_month_chosen_on_home_is_what_is_shown_and_posted(imported: Desk) -> None:
    with imported.opened() as book:
        book.set_cells({"HomeMarketplace": "GB", "HomeMonth": "2026-10-15"})
    pressed = imported.press("preview-settlements")
    assert sorted(imported.states()) == [BLOCKED]
    assert "1 blocked" in pressed.outcome.message
    with imported.opened() as book:
        book.set_cells({"HomeMarketplace": "Atlantis", "HomeMonth": "sometime"})
    pressed = imported.press("preview-settlements")
    assert {"marketplace-unknown", "cell-not-understood"} <= {finding.code for finding in pressed.outcome.findings}
    assert len(imported.states()) == 4


def test_a_note_keeps_its_settlement_on_the_sheet_whatever_month_is_shown(imported: Desk) -> None:
    imported.type("Settlements", "notes", imported.row("Settlements", "settlement_id", NEGATIVE), "ask Amazon")
    with imported.opened() as book:
        book.set_cells({"HomeMarketplace": "US"})
    imported.press("preview-settlements")
    assert sorted(imported.states()) == [NEGATIVE, TWO_MONTHS]
    assert imported.row("Settlements", "settlement_id", NEGATIVE).text("notes") == "ask Amazon"


def test_settings_decide_what_is_drafted(imported: Desk) -> None:
    imported.press("preview-settlements")
    fine = len(imported.table("JournalPreview").rows)
    imported.setting("detail", "By group")
    imported.setting("account_bank", "Checking 0012")
    imported.press("preview-settlements")
    rows = imported.table("JournalPreview").rows
    assert len(rows) < fine
    assert "Checking 0012" in {row.text("account") for row in rows}
    imported.setting("start_date", "2026-09-30")
    imported.press("preview-settlements")
    row = imported.row("Settlements", "settlement_id", NEGATIVE)
    assert (row.text("state"), "Nothing before" in row.text("why")) == ("Blocked", True)
    assert imported.journals() == []


def test_a_closed_period_is_asked_about_and_the_answer_is_done(imported: Desk) -> None:
    from datetime import date

    with imported.quickbooks() as books:
        books.close_books(date(2026, 9, 12))
    pressed = imported.press("post-settlements", rows=(NEGATIVE,))
    assert str(pressed.outcome.result) == "Refused"
    exception = imported.row("Exceptions", "code", "period-closed")
    assert exception.text("settlement_id") == NEGATIVE
    assert imported.states()[NEGATIVE] == "Blocked"
    imported.type("Exceptions", "decision", exception, "Post on the first open date")
    pressed = imported.press("post-settlements", rows=(NEGATIVE,))
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    assert [journal["TxnDate"] for journal in imported.journals()] == ["2026-09-13"]
    assert imported.row("Exceptions", "code", "period-closed").text("state") == "Closed"


def test_what_somebody_edits_in_quickbooks_is_found(posted: Desk) -> None:
    with posted.quickbooks() as books:
        entry = books.transactions("JournalEntry")[0]
        books.delete_as_person("JournalEntry", str(entry["Id"]))
    pressed = posted.press("reconcile")
    assert str(pressed.outcome.result) == "Done in part"
    exception = posted.row("Exceptions", "code", "settlement-differs-in-quickbooks")
    changed = posted.row("Settlements", "settlement_id", exception.text("settlement_id"))
    assert (changed.text("state"), changed.text("tie_out")) == ("Changed in QuickBooks", "Differs")
    total = [
        row
        for row in posted.table("Reconciliation").rows
        if row.text("settlement_id") == changed.text("settlement_id") and row.text("group") == "Total"
    ]
    assert [row.text("state") for row in total] == ["Differs"]


def test_a_changed_mapping_after_posting_is_replaced_on_request(posted: Desk) -> None:
    row = next(row for row in posted.table("FeeMappings").rows if row.text("amount_description") == "Commission")
    posted.type("FeeMappings", "account", row, "Commission paid")
    pressed = posted.press("post-settlements", rows=(TWO_MONTHS,))
    assert str(pressed.outcome.result) == "Refused"
    first = next(row for row in posted.table("Exceptions").rows if row.text("code") == "posted-with-other-content")
    posted.type("Exceptions", "decision", first, "Replace the posting")
    pressed = posted.press("post-settlements", rows=(TWO_MONTHS,))
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    with posted.quickbooks() as books:
        ledger = books.ledger()
    assert Decimal(ledger["Commission paid"]) > 0


def saved_by_libreoffice(path: Path) -> None:
    """Open a workbook in LibreOffice and save it there; skips, and says so, where there is none."""
    before = xw.engines.active
    try:
        activate("libreoffice")
    except LibreOfficeMissing as missing:
        pytest.skip(str(missing))
    app = xw.App(visible=False, add_book=False)
    try:
        book = app.books.open(str(path))
        book.save()
        book.close()
    finally:
        app.quit()
        xw.engines.active = before


def test_a_book_that_libreoffice_saved_in_between_goes_on(imported: Desk) -> None:
    imported.type("Settlements", "notes", imported.row("Settlements", "settlement_id", NEGATIVE), "from LibreOffice")
    before = {row.text("settlement_id"): dict(row.values) for row in imported.table("Settlements").rows}
    saved_by_libreoffice(imported.book)
    again = imported.press("import-settlements", imported.files)
    assert again.outcome.message == "Nothing new, 4 settlements known already."
    after = {row.text("settlement_id"): dict(row.values) for row in imported.table("Settlements").rows}
    links = {"lines_link", "preview_link", "quickbooks_link"}
    for settlement_id, values in before.items():
        kept = {key: value for key, value in values.items() if key not in links}
        assert {key: after[settlement_id][key] for key in kept} == kept
    assert result(imported, "post-settlements") == "Done in part"
    assert list(imported.states().values()).count("Posted") == 3


def test_a_chosen_settlement_that_is_not_here_is_not_called_posted(posted: Desk) -> None:
    pressed = posted.press("post-settlements", rows=("abc",))
    assert "Nothing to post" in pressed.outcome.message
    assert "what is chosen is posted" not in pressed.outcome.message
    assert [one.code for one in pressed.outcome.findings] == ["settlement-not-known"]
    again = posted.press("post-settlements", rows=(TWO_MONTHS,))
    assert "what is chosen is posted" in again.outcome.message
