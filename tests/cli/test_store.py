"""`tieout backup`, `restore`, `log` and `rebuild`."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import make_shop


@pytest.fixture
def quickbooks() -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False) as server:
        yield server


@pytest.fixture(autouse=True)
def acme(quickbooks: PracticeQuickBooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company; the folder of its store."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    connection = tmp_path / "practice.json"
    connection.write_text(json.dumps({"quickbooks": quickbooks.connection()}), encoding="utf-8")
    assert _run("company", "add", "Acme", "--practice", connection)[0] == 0
    return tmp_path / "home" / "companies" / "acme"


@pytest.fixture
def posted(tmp_path: Path) -> Path:
    """A settlement's file, posted."""
    (settlement, *_) = make_shop(2, orders=30, marketplaces=("US",)).settlements
    file = tmp_path / settlement.file_name
    file.write_bytes(settlement.flat_file_v2())
    assert _run("settlement", "post", file, "--create-accounts")[0] == 0
    return file


def _run(*words: object) -> tuple[int, dict[str, Any], str]:
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    last = result.stdout.strip().splitlines()[-1] if result.stdout.strip() else "{}"
    return result.exit_code, json.loads(last), result.stderr


def _lose(folder: Path) -> None:
    for file in folder.glob("books.sqlite3*"):
        file.unlink()


def test_a_copy_is_put_back(acme: Path, posted: Path, tmp_path: Path) -> None:
    status, said, _ = _run("backup", tmp_path / "copy.sqlite3")
    assert (status, said["company"]) == (0, "Acme")
    assert said["bytes"] > 10_000
    _lose(acme)
    assert _run("restore", tmp_path / "copy.sqlite3")[0] == 0
    status, said, _ = _run("settlement", "post", posted)
    assert status == 0
    assert said["settlements"][0]["state"] == "Posted"


def test_a_copy_of_today_is_named_for_the_company(tmp_path: Path, posted: Path) -> None:
    _, said, _ = _run("backup")
    assert Path(said["file"]).name.startswith("acme-20")
    assert Path(said["file"]).parent == tmp_path
    status, said, _ = _run("backup")
    assert status == 2
    assert said["errors"][0]["code"] == "backup-would-overwrite"


def test_the_present_store_is_not_overwritten_without_being_asked(acme: Path, posted: Path) -> None:
    _run("backup", "copy.sqlite3")
    status, said, _ = _run("restore", "copy.sqlite3")
    assert status == 2
    assert said["errors"][0]["code"] == "backup-would-overwrite"
    assert "--replace" in str(said["errors"][0])
    assert _run("restore", "copy.sqlite3", "--replace")[0] == 0
    assert (acme / "books.sqlite3.replaced-1").exists()


def test_nothing_is_put_back_under_somebody_who_posts(
    acme: Path, posted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tieout.clock import SystemClock
    from tieout.file_lock import file_lock
    from tieout.store.lease import lock_of

    _run("backup", "copy.sqlite3")
    monkeypatch.setattr("tieout.limits.LEASE_WAIT_SECONDS_MAX", 0)
    with file_lock(lock_of(acme / "books.sqlite3"), SystemClock(), 1):
        status, said, _ = _run("restore", "copy.sqlite3", "--replace")
    assert status == 1
    assert said["errors"][0]["code"] == "restore-while-posting"


def test_a_lost_store_is_found_in_quickbooks(acme: Path, posted: Path, quickbooks: PracticeQuickBooks) -> None:
    written = quickbooks.write_requests()
    _lose(acme)
    status, said, told = _run("rebuild")
    assert status == 0
    assert said["restored"]["JournalEntry"] >= 1
    assert said["errors"] == []
    assert "restored" in told
    status, said, _ = _run("settlement", "post", posted)
    assert status == 0
    assert quickbooks.write_requests() == written
    assert _run("rebuild", "--since", "2020-01-01", "--until", "2020-12-31")[1]["restored"] == {}
    assert _run("rebuild", "--since", "soon")[0] == 2


def test_a_rebuild_without_permission_wants_a_sign_in(quickbooks: PracticeQuickBooks) -> None:
    _run("disconnect", "quickbooks")
    status, said, _ = _run("rebuild")
    assert status == 3
    assert said["errors"][0]["code"] == "quickbooks-sign-in"


def test_the_log_tells_the_last_of_what_was_done(posted: Path) -> None:
    status, said, told = _run("log", "--last", 2)
    assert (status, said["whole"], len(said["entries"])) == (0, True, 2)
    assert said["entries"][-1]["what"] == "posted"
    assert "posted" in told
    _, everything, _ = _run("log", "--last", 1000)
    _, some, _ = _run("log", "--about", "PLANNED")
    assert {entry["what"] for entry in some["entries"]} >= {"planned"}
    assert 0 < len(some["entries"]) <= len(everything["entries"])


def test_a_log_that_somebody_changed_says_where(acme: Path, posted: Path) -> None:
    with sqlite3.connect(acme / "books.sqlite3") as database:
        database.execute("DROP TRIGGER activity_no_update")
        database.execute("UPDATE activity SET who = 'nobody' WHERE number = 2")
    database.close()
    status, said, _ = _run("log")
    assert (status, said["whole"]) == (1, False)
    assert "Entry 2" in said["errors"][0]["message"]


def test_without_a_company_there_is_nothing_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "empty"))
    for words in (("backup", "x"), ("restore", "x"), ("log",), ("rebuild",)):
        status, said, _ = _run(*words)
        assert status == 2
        assert said["errors"][0]["code"] == "no-company"
    assert _run("backup", "x", "--company", "Other")[1]["errors"][0]["code"] == "company-unknown"
