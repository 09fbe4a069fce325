"""A company, its practice QuickBooks, and `tieout settlement post`: once, however often it is pressed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tieout.cli.app import app
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import make_shop


@pytest.fixture
def quickbooks() -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False) as server:
        yield server


@pytest.fixture
def acme(quickbooks: PracticeQuickBooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    connection = tmp_path / "practice.json"
    connection.write_text(json.dumps({"quickbooks": quickbooks.connection()}), encoding="utf-8")
    result, said = run("company", "add", "Acme", "--practice", connection)
    assert result.exit_code == 0
    return str(said["company"]["name"])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for settlement in make_shop(2, orders=100, marketplaces=("US", "UK")).settlements:
        (folder / settlement.file_name).write_bytes(settlement.flat_file_v2())
    return folder


def run(*arguments: str | Path) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result, json.loads(result.stdout.strip().splitlines()[-1])


def test_posts_reads_back_ties_and_a_second_run_writes_nothing(
    acme: str, files: Path, quickbooks: PracticeQuickBooks
) -> None:
    result, said = run("settlement", "post", files)
    assert result.exit_code == 0, said["errors"]
    assert said["settlements"]
    for settlement in said["settlements"]:
        assert settlement["state"] == "Posted"
        assert settlement["amazon_total"] == settlement["quickbooks_total"] == settlement["posted_total"]
        assert settlement["difference"] == "0.00"
    writes = quickbooks.write_requests()
    assert writes == said["journals_created"]
    assert len(quickbooks.transactions("JournalEntry")) == said["journals_created"]

    again, said_again = run("settlement", "post", files)
    assert again.exit_code == 0
    assert said_again["journals_created"] == 0
    assert said_again["journals_posted_before"] == said["journals_created"]
    assert quickbooks.write_requests() == writes
    assert [s["quickbooks_total"] for s in said_again["settlements"]] == [
        s["amazon_total"] for s in said["settlements"]
    ]


def test_an_edit_in_quickbooks_shows_as_a_difference(acme: str, files: Path, quickbooks: PracticeQuickBooks) -> None:
    run("settlement", "post", files)
    entry = quickbooks.transactions("JournalEntry")[0]
    quickbooks.delete_as_person("JournalEntry", str(entry["Id"]))
    result, said = run("settlement", "post", files)
    blocked = [s for s in said["settlements"] if s["state"] != "Posted"]
    assert [each["doc_number"] for s in blocked for each in s["journals"]].count(entry["DocNumber"]) == 1
    assert result.exit_code in {0, 1}


@pytest.mark.real_files
def test_real_files_post_and_tie(acme: str, real_settlements: list[Path], quickbooks: PracticeQuickBooks) -> None:
    result, said = run("settlement", "post", *real_settlements)
    assert result.exit_code == 0, said["errors"]
    assert {s["state"] for s in said["settlements"]} == {"Posted"}
    assert all(s["amazon_total"] == s["quickbooks_total"] for s in said["settlements"])
    writes = quickbooks.write_requests()
    run("settlement", "post", *real_settlements)
    assert quickbooks.write_requests() == writes


def test_without_a_company_it_says_how_to_add_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "empty"))
    result, said = run("settlement", "post", files)
    assert result.exit_code == 2
    assert said["errors"][0]["code"] == "no-company"
    assert "tieout company add" in said["errors"][0]["message"]


def test_a_company_without_quickbooks_asks_to_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    run("company", "add", "Lonely", "--country", "GB")
    result, said = run("settlement", "post", files)
    assert result.exit_code == 3
    assert said["errors"][0]["code"] == "quickbooks-not-connected"


def test_companies_are_listed_and_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    run("company", "add", "First", "--country", "US")
    run("company", "add", "Second", "--country", "UK")
    _, said = run("company", "use", "first")
    assert said["company"]["in_use"]
    _, listed = run("company", "list")
    assert [(c["name"], c["country"], c["in_use"]) for c in listed["companies"]] == [
        ("First", "US", True),
        ("Second", "GB", False),
    ]
    refused, said = run("company", "add", "first")
    assert refused.exit_code == 2
    assert said["errors"]


def test_check_up_sees_a_connected_company(acme: str, quickbooks: PracticeQuickBooks) -> None:
    result, said = run("check-up")
    assert result.exit_code == 0, said
    assert {check["name"]: check["health"] for check in said["checks"]}["QuickBooks"] == "good"
    quickbooks.stop()
    result, said = run("check-up")
    assert result.exit_code == 1
    [check] = [check for check in said["checks"] if check["health"] == "bad"]
    assert check["to_do"]


def test_unreachable_quickbooks_posts_nothing_and_says_so(
    acme: str, files: Path, quickbooks: PracticeQuickBooks
) -> None:
    quickbooks.stop()
    result, said = run("settlement", "post", files)
    assert result.exit_code == 1
    assert {s["state"] for s in said["settlements"]} == {"Blocked"}
    assert said["errors"]
