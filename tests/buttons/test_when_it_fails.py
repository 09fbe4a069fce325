"""Whatever happens, a press ends in a sentence and a row; nothing is lost, and nothing is done twice."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.buttons.desk import Desk
from tieout.buttons import post_settlements
from tieout.commands.presses import import_settlements as importing
from tieout.commands.presses.run import STOP_FILE, Asked
from tieout.sheets.book import XlwingsBook
from tieout.sheets.engines import activate
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.port import BookBusy

READY = "21035404438"
TIEOUT = [sys.executable, "-c", "from tieout.cli import main; main()"]


def test_a_book_that_is_open_in_excel_is_left_alone(imported: Desk) -> None:
    lock = imported.book.with_name("~$Acme.xlsm")
    lock.write_bytes(b"\x03Sam")
    before = imported.book.read_bytes()
    pressed = imported.press("preview-settlements")
    assert [finding.code for finding in pressed.outcome.findings] == ["book-is-open"]
    assert imported.book.read_bytes() == before
    lock.unlink()
    assert imported.press("preview-settlements").changed


def test_what_was_posted_shows_after_a_book_that_could_not_be_written(
    imported: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = imported.book.read_bytes()

    def meanwhile(book: XlwingsBook) -> None:
        imported.book.write_bytes(before + b"\0")  # somebody saves it while the button works
        book.xlwings_book.save()

    monkeypatch.setattr(XlwingsBook, "save", meanwhile)
    pressed = imported.press("post-settlements", rows=(READY,))
    assert str(pressed.outcome.result) == "Done in part"
    assert pressed.outcome.findings[-1].code == "book-changed-meanwhile"
    assert "The workbook was not written." in pressed.outcome.message
    monkeypatch.undo()
    monkeypatch.setenv("TIEOUT_HOME", str(imported.home))
    imported.book.write_bytes(before)
    journals = len(imported.journals())
    assert journals == 2
    again = imported.press("post-settlements", rows=(READY,))
    assert "Nothing to post" in again.outcome.message
    assert imported.states()[READY] == "Posted"
    assert len(imported.journals()) == journals


def test_a_busy_excel_costs_the_sheets_and_not_the_work(imported: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    activate("file")
    opened = open_closed(imported.book)
    assert isinstance(opened, XlwingsBook)
    live = XlwingsBook(opened.xlwings_book, is_live=True)

    def busy(*_: object) -> None:
        raise BookBusy("a cell is being edited")

    monkeypatch.setattr(XlwingsBook, "refresh", busy)
    pressed = post_settlements(Asked(live))
    monkeypatch.undo()
    close_unsaved(imported.book)
    assert str(pressed.outcome.result) == "Done in part"
    assert pressed.outcome.findings[-1].code == "book-busy"
    assert len(imported.journals()) == 4


def test_a_mistake_of_ours_ends_in_a_sentence_a_row_and_a_trace(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(importing, "read_documents", broken)
    pressed = desk.press("import-settlements", desk.files)
    assert str(pressed.outcome.result) == "Failed"
    [finding] = pressed.outcome.findings
    assert "ZeroDivisionError" in finding.what
    row = desk.table("Activity").rows[0]
    assert (row.text("button"), row.text("outcome")) == ("import-settlements", "Failed")
    [trace] = (desk.home / "logs").iterdir()
    assert row.text("run_id") in trace.name
    assert "read_documents" in trace.read_text(encoding="utf-8")


def test_a_book_without_its_store_says_so_and_stays_readable(imported: Desk) -> None:
    shutil.rmtree(imported.home)
    before = imported.contents()
    pressed = imported.press("preview-settlements")
    assert [finding.code for finding in pressed.outcome.findings] == ["book-company-not-here"]
    assert imported.contents() == before
    row = imported.table("Activity").rows[0]
    assert "whose store is not on this computer" in row.text("sentence")


def test_a_store_of_the_same_name_is_not_taken_for_the_books_own(
    imported: Desk, made_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from tieout.cli.app import app

    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "other home"))
    made = CliRunner().invoke(app, ["new", str(tmp_path / "Other.xlsm"), "--company", "Acme Ltd"])
    assert made.exit_code == 0
    pressed = imported.press("preview-settlements")
    assert [finding.code for finding in pressed.outcome.findings] == ["book-company-not-here"]


def test_a_stop_is_obeyed_and_the_next_press_goes_on(imported: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    imported.press("preview-settlements")
    [folder] = imported.home.glob("companies/*")
    told: list[str] = []

    def tell(what: str, done: int, of: int | None) -> None:
        told.append(what)
        if what == "Posting to QuickBooks" and done == 1:
            (folder / STOP_FILE).touch()

    with opened(imported) as book:
        pressed = post_settlements(Asked(book, tell=tell))
        book.save()
    assert str(pressed.outcome.result) == "Stopped"
    assert not (folder / STOP_FILE).exists()
    states = list(imported.states().values())
    assert (states.count("Posted"), states.count("Ready")) == (1, 2)
    assert len(imported.journals()) >= 1
    again = imported.press("post-settlements")
    assert list(imported.states().values()).count("Posted") == 3
    assert "2 settlements posted" in again.outcome.message
    assert len(imported.journals()) == 4


@contextmanager
def opened(desk: Desk) -> Any:
    book = open_closed(desk.book)
    assert isinstance(book, XlwingsBook)
    yield book
    close_unsaved(desk.book)


def test_an_old_stop_does_not_stop_the_next_press(imported: Desk) -> None:
    [folder] = imported.home.glob("companies/*")
    (folder / STOP_FILE).touch()
    assert str(imported.press("preview-settlements").outcome.result) == "Done in part"


def test_removed_sheets_are_said_and_the_rest_is_written(imported: Desk) -> None:
    with imported.opened() as book:
        book.xlwings_book.sheets["Exceptions"].delete()
        book.xlwings_table("Settlements").parent.range("W4").value = "Reason"
    pressed = imported.press("preview-settlements")
    codes = {finding.code for finding in pressed.outcome.findings}
    assert {"sheet-table-missing", "sheet-column-missing"} <= codes
    assert len(imported.table("JournalPreview").rows) > 50


def test_a_removed_mapping_sheet_drafts_nothing(imported: Desk) -> None:
    with imported.opened() as book:
        book.xlwings_table("FeeMappings").parent.range("E4").value = "Kind"
    pressed = imported.press("post-settlements")
    assert str(pressed.outcome.result) == "Refused"
    assert set(imported.states().values()) == {"Blocked"}
    assert imported.journals() == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT can't be sent to one program on Windows")
def test_ctrl_c_ends_a_press_with_nothing_half_done(imported: Desk) -> None:
    with subprocess.Popen(
        [*TIEOUT, "press", "post-settlements", "--book", str(imported.book), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TIEOUT_HOME": str(imported.home)},
    ) as running:
        [database] = imported.home.glob("companies/*/books.sqlite3")
        # Until the work has begun, which the store's write-ahead log shows.
        while running.poll() is None and not database.with_name("books.sqlite3-wal").exists():
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    said = json.loads(out.strip().splitlines()[-1]) if out.strip() else {"outcome": "Stopped"}
    assert said["outcome"] in {"Stopped", "Done in part"}
    imported.press("post-settlements")
    assert list(imported.states().values()).count("Posted") == 3
    assert len(imported.journals()) == 4
