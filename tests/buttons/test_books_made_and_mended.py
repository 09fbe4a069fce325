"""`tieout new`, `tieout repair`, older workbooks, and the command line's JSON."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from tests.buttons.desk import Desk
from tieout.cli.app import app
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.sheets.excel_settings import SETTINGS_VARIABLE, interpreter_in
from tieout.sheets.layout import load_layout

PARTS = ("xl/vbaProject.bin", "customUI/customUI.xml")


def run(*arguments: str | Path) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result, json.loads(result.stdout.strip().splitlines()[-1])


def test_a_new_book_is_bound_to_a_new_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(SETTINGS_VARIABLE, str(tmp_path / "tieout.conf"))
    made, said = run("new", tmp_path / "Müller.xlsm", "--company", "Müller GmbH", "--country", "DE")
    assert made.exit_code == 0
    assert said["company"]["country"] == "DE"
    assert said["company"]["home_currency"] == "EUR"
    assert interpreter_in(tmp_path / "tieout.conf") == sys.executable
    second, again = run("new", tmp_path / "Second.xlsm", "--company", "müller gmbh")
    assert second.exit_code == 0
    assert again["company_id"] == said["company_id"]
    refused, _ = run("new", tmp_path / "Third.xlsm", "--company", "Müller GmbH", "--country", "US")
    assert refused.exit_code == 2
    there, said = run("new", tmp_path / "Second.xlsm", "--company", "Müller GmbH")
    assert (there.exit_code, said["errors"][0]["code"]) == (2, "book-exists")


def test_the_command_line_says_what_came_of_a_press(desk: Desk) -> None:
    done, said = run("press", "import-settlements", "--book", desk.book, "--file", desk.files)
    assert done.exit_code == 1
    assert said["button"] == "import-settlements"
    assert said["outcome"] == "Done in part"
    assert [finding["code"] for finding in said["findings"]] == ["fee-unmapped"]
    assert said["changed"]["Settlements"] == 4
    good, said = run("press", "post-settlements", "--book", desk.book, "--rows", "21035404438")
    assert (good.exit_code, said["outcome"], said["count"]) == (0, "Done", 1)
    missing, said = run("press", "guide", "--book", desk.book.with_name("None.xlsm"))
    assert (missing.exit_code, said["findings"][0]["code"]) == (2, "book-not-found")
    unreadable, said = run("press", "import-settlements", "--book", desk.book, "--file", desk.book)
    assert unreadable.exit_code == 2
    no_button, said = run("press", "post-everything", "--book", desk.book)
    assert (no_button.exit_code, said["errors"][0]["code"]) == (2, "button-unknown")


def test_without_a_connection_posting_asks_to_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    from tests.parse.making import small_file

    (tmp_path / "settlement.txt").write_bytes(small_file().content)
    run("new", tmp_path / "Acme.xlsm", "--company", "Acme")
    imported, _ = run("press", "import-settlements", "--book", tmp_path / "Acme.xlsm", "--file", tmp_path)
    assert imported.exit_code == 0
    previewed, said = run("press", "preview-settlements", "--book", tmp_path / "Acme.xlsm")
    assert (previewed.exit_code, said["outcome"]) == (0, "Done")
    posted, said = run("press", "post-settlements", "--book", tmp_path / "Acme.xlsm")
    assert (posted.exit_code, said["outcome"]) == (3, "Sign in needed")


def test_a_book_of_practice_servers_that_run_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    from tests.parse.making import small_file

    (tmp_path / "settlement.txt").write_bytes(small_file().content)
    run("new", tmp_path / "Acme.xlsm", "--company", "Acme")
    with PracticeQuickBooks(limits=False) as server:
        line = tmp_path / "practice.json"
        line.write_text(json.dumps({"quickbooks": server.connection()}), encoding="utf-8")
        book = ("--book", tmp_path / "Acme.xlsm")
        connected, said = run("press", "connect-quickbooks", *book, "--file", line)
        assert connected.exit_code == 0, said
        run("press", "import-settlements", *book, "--file", tmp_path / "settlement.txt")
        posted, said = run("press", "post-settlements", *book)
        assert posted.exit_code == 0, said
        assert len(server.transactions("JournalEntry")) == 1
        refreshed, said = run("press", "refresh-lists", *book)
        assert refreshed.exit_code == 0, said
    unreachable, said = run("press", "reconcile", *book)
    assert unreachable.exit_code == 1
    assert said["findings"]


def test_an_older_book_is_brought_up_to_date_with_a_copy_beside_it(imported: Desk) -> None:
    before = imported.book.read_bytes()
    with imported.opened() as book:
        table = book.xlwings_table("Settlements")
        [why] = [column for column in table.columns if column.name == "Why"]
        why.delete()
        book.xlwings_book.sheets["Reconciliation"].delete()
        book.xlwings_book.sheets.add("Mine").range("A1").value = "keep"
        with book.unlocked("Settings"):
            settings = book.xlwings_table("Settings").parent
            keys = settings.range("G5:G80").value
            row = 5 + keys.index("detail")
            settings.range(f"B{row}:G{row}").clear_contents()
            book.set_cells({"LayoutVersion": "0"})
    pressed = imported.press("preview-settlements")
    [migrated] = [finding for finding in pressed.outcome.findings if finding.code == "book-brought-up-to-date"]
    for added in ("column Why of Settlements", "table Reconciliation", "setting Detail of lines"):
        assert added in migrated.what
    [copy] = imported.book.parent.glob("Acme - before layout 0*.xlsm")
    assert copy.read_bytes() != before
    with imported.opened() as book:
        assert book.cell("LayoutVersion") == str(load_layout().version)
        assert book.xlwings_book.sheets["Mine"].range("A1").value == "keep"
    assert imported.press("reconcile").outcome.result == "Done"
    assert not [f for f in imported.press("preview-settlements").outcome.findings if f.code == migrated.code]
    assert len(list(imported.book.parent.glob("Acme - before layout 0*.xlsm"))) == 1


def test_repair_puts_back_the_ribbon_that_another_program_lost(imported: Desk) -> None:
    with zipfile.ZipFile(imported.book) as package:
        parts = {name: package.read(name) for name in PARTS}
    book = openpyxl.load_workbook(imported.book, keep_vba=True)
    del book["Journal Preview"]
    book.save(imported.book)
    kept = imported.book.read_bytes()
    stripped = imported.book.with_name("stripped.xlsm")
    with zipfile.ZipFile(imported.book) as source, zipfile.ZipFile(stripped, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "_rels/.rels":
                data = b"".join(part for part in _relationships(data) if b"extensibility" not in part)
            target.writestr(name, data)
    stripped.replace(imported.book)
    done, said = run("repair", imported.book)
    assert done.exit_code == 0
    assert "table JournalPreview" in said["added"]
    assert any(added.startswith("ribbon") for added in said["added"])
    assert Path(said["copy"]).read_bytes() != kept
    with zipfile.ZipFile(imported.book) as package:
        assert {name: package.read(name) for name in PARTS} == parts
        assert b"extensibility" in package.read("_rels/.rels")
    again, said = run("repair", imported.book)
    assert (again.exit_code, said["added"], said["copy"]) == (0, [], None)
    assert imported.press("preview-settlements").changed["Journal Preview"] > 50


def _relationships(xml: bytes) -> list[bytes]:
    head, *rest = xml.split(b"<Relationship ")
    return [head, *(b"<Relationship " + one for one in rest[:-1]), _last(rest[-1])]


def _last(one: bytes) -> bytes:
    if b"extensibility" in one:
        return b"</Relationships>"
    return b"<Relationship " + one


def test_pressed_on_a_closed_file_the_buttons_stay_in_it(posted: Desk) -> None:
    with zipfile.ZipFile(posted.book) as package:
        names = set(package.namelist())
        relationships = package.read("_rels/.rels")
    assert set(PARTS) <= names
    assert b"ui/extensibility" in relationships


def test_help_is_shown_before_anything_heavy_is_imported() -> None:
    code = (
        "import sys; from tieout.cli.app import app\n"
        "heavy = {'pandas', 'polars', 'xlwings', 'sqlalchemy', 'openpyxl', 'xlsxwriter', 'requests'}\n"
        "sys.exit(repr(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert (done.returncode, done.stderr) == (0, "")
