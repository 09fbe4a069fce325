"""`tieout export`: what the button Export writes, of every settlement, without a workbook being named."""

import csv
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tieout.cli.app import app

FILES = {
    *("reconciliation.xlsx", "journal.csv", "settlement_lines.csv", "reconciliation.csv", "exceptions.csv"),
    *("orders.csv", "clearing.csv", "receivables.csv"),
}


def export(out: Path, *more: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["export", "--out", str(out), *more, "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout.strip().splitlines()[-1])


def states(folder: Path) -> dict[str, str]:
    with (folder / "reconciliation.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["Settlement"]: row["Difference"] for row in csv.DictReader(file) if row["Group"] == "Total"
        }  # fmt: skip


def test_it_writes_what_the_button_writes_and_leaves_the_workbook_alone(posted: Desk, tmp_path: Path) -> None:
    pressed = posted.press("export-reconciliation")
    by_button = {path.name: path.read_bytes() for path in pressed.outcome.files}
    before = posted.book.read_bytes()
    status, said = export(tmp_path / "out", "--company", "Acme Ltd")
    assert status == 0
    assert {Path(path).name for path in said["files"]} == FILES == set(by_button)
    assert (said["company"], said["settlements"], said["outcome"]) == ("Acme Ltd", 4, str(pressed.outcome.result))
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == by_button
    assert posted.book.read_bytes() == before


def test_it_exports_all_whatever_month_the_workbook_shows(posted: Desk, tmp_path: Path) -> None:
    with posted.opened() as book:
        book.set_cells({"HomeMarketplace": "GB"})
    posted.press("reconcile")
    assert len(posted.states()) < 4
    _, said = export(tmp_path / "out")
    assert said["settlements"] == len(states(tmp_path / "out")) == 4


def test_without_any_workbook_it_says_so_and_goes_by_a_new_one(posted: Desk, tmp_path: Path) -> None:
    posted.press("reconcile")
    posted.book.unlink()
    status, said = export(tmp_path / "out")
    assert (status, said["settlements"]) == (0, 4)
    assert "export-without-workbook" in {error["code"] for error in said["errors"]}
    differences = list(states(tmp_path / "out").values())
    assert differences.count("0.00") == 3  # those that are posted are read back by their method; one is blocked


def test_a_company_that_is_not_there_and_a_folder_that_is_none(posted: Desk, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["export", "--out", str(tmp_path / "out"), "--company", "Nobody", "--json"])
    assert result.exit_code == 2
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    status, said = export(tmp_path / "taken")
    assert status == 1
    assert "exports-unwritable" in {error["code"] for error in said["errors"]}


def test_a_new_company_has_nothing_to_export(desk: Desk, tmp_path: Path) -> None:
    status, said = export(tmp_path / "out")
    assert (status, said["files"]) == (1, [])
    assert "nothing-to-prove" in {error["code"] for error in said["errors"]}
