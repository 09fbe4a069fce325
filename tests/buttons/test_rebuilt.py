"""The store is lost: rebuilt from QuickBooks, the workbook goes on where it was."""

import json

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tieout.cli.app import app
from tieout.practice.quickbooks import PracticeQuickBooks


def _states(desk: Desk, table: str) -> dict[str, str]:
    return {row.text("order_id"): row.text("state") for row in desk.table(table).rows if row.text("order_id")}


def _lose(desk: Desk) -> None:
    """The disk with the store is gone; the registry, the credentials and the workbook are not."""
    for file in desk.home.glob("companies/*/books.sqlite3*"):
        file.unlink()


def _rebuild(*words: str) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(app, ["rebuild", *words, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_orders_stand_on_archive_again_and_are_posted_once(orders_desk: tuple[Desk, PracticeQuickBooks]) -> None:
    desk, books = orders_desk
    assert str(desk.press("post-orders").outcome.result) == "Done"
    archived, held = _states(desk, "Archive"), books.transactions("Invoice")
    assert set(archived.values()) == {"Posted"}
    _lose(desk)
    refused = desk.press("post-orders")
    assert [finding.code for finding in refused.outcome.findings] == ["book-company-not-here"]
    status, said = _rebuild("--book", str(desk.book))
    assert (status, said["restored"]) == (0, {"Invoice": len(held)})
    assert str(desk.press("download-orders").outcome.result) == "Done"
    assert _states(desk, "Archive") == archived
    writes = books.write_requests()
    assert desk.press("post-orders").outcome.message.startswith("Nothing to post")
    assert (books.write_requests(), _states(desk, "Archive")) == (writes, archived)
    first, second = list(archived)[:2]
    changed = next(each for each in held if each["DocNumber"] == second)
    books.edit_as_person("Invoice", changed["Id"], {"PrivateNote": f"mine now {changed['PrivateNote']}"})
    undone = desk.press("undo-orders", rows=(first, second))
    assert "1 order undone" in undone.outcome.message
    assert {each["DocNumber"] for each in books.transactions("Invoice")} == set(archived) - {first}


def test_a_workbook_is_bound_to_its_own_company_alone(orders_desk: tuple[Desk, PracticeQuickBooks]) -> None:
    desk, _ = orders_desk
    status, said = _rebuild("--book", str(desk.book))
    assert status == 0
    other = CliRunner().invoke(app, ["company", "add", "Beta", "--country", "US", "--json"])
    assert other.exit_code == 0, other.output
    status, said = _rebuild("--book", str(desk.book), "--company", "Beta")
    assert status == 2
    assert [error["code"] for error in said["errors"]] == ["book-not-bound"]  # type: ignore[attr-defined, index]


@pytest.mark.parametrize("name", ["no-such.xlsm", "text.xlsm"])
def test_what_is_no_workbook_of_ours_is_said(orders_desk: tuple[Desk, PracticeQuickBooks], name: str) -> None:
    desk, _ = orders_desk
    (desk.book.parent / "text.xlsm").write_bytes(b"no workbook")
    status, said = _rebuild("--book", str(desk.book.parent / name))
    assert status == 2
    assert said["errors"]
