"""Settlements and orders from practice Amazon into a closed workbook."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tieout.cli.app import app
from tieout.commands.practice_servers import PracticeWorld, practice_servers


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The line of `tieout practice serve` in a file, and both servers behind it."""
    with practice_servers(PracticeWorld(orders=40, marketplaces=("US",))) as connection:
        line = tmp_path_factory.mktemp("serve") / "practice.json"
        line.write_text(json.dumps(connection), encoding="utf-8")
        yield line


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A new workbook whose company is connected to nothing."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    book = tmp_path / "Acme.xlsm"
    made = CliRunner().invoke(app, ["new", str(book), "--company", "Acme Ltd", "--country", "US"])
    assert made.exit_code == 0, made.output
    return Desk(book, tmp_path / "home", tmp_path)


@pytest.mark.parametrize("button", ["connect-amazon", "download-settlements"])
def test_without_a_seller_account_a_button_says_how_to_connect_one(desk: Desk, button: str) -> None:
    pressed = desk.press(button)
    assert str(pressed.outcome.result) == "Sign in needed"
    assert "tieout connect amazon" in pressed.outcome.message
    assert pressed.changed == {}
    with desk.opened() as book:
        assert (book.cell("AmazonState"), book.cell("QuickBooksState")) == ("Not connected", "Not connected")


def test_settlements_are_downloaded_once_and_posted_as_imported_ones_are(desk: Desk, servers: Path) -> None:
    connected = desk.press("connect-amazon", servers)
    assert str(connected.outcome.result) == "Done"
    assert "1 practice seller account: Amazon.com" in connected.outcome.message
    with desk.opened() as book:
        assert (book.cell("AmazonState"), book.cell("QuickBooksState")) == ("Practice", "Practice")
    assert desk.press("connect-amazon").outcome.message == connected.outcome.message

    pressed = desk.press("download-settlements")
    assert str(pressed.outcome.result) == "Done"
    states = desk.states()
    assert set(states.values()) == {"New"}
    assert pressed.outcome.message.startswith(f"{len(states)} settlements downloaded")
    assert {row.text("code") for row in desk.table("Exceptions").rows} == {"settlements-out-of-reach"}
    lines = desk.table("SettlementLines").rows
    assert {row.text("settlement_id") for row in lines} == set(states)

    before = desk.contents()
    again = desk.press("download-settlements")
    assert again.changed == {}
    assert again.outcome.message.startswith("Nothing new")
    assert desk.contents() == before

    posted = desk.press("post-settlements")
    assert str(posted.outcome.result) == "Done", posted.outcome
    assert set(desk.states().values()) == {"Posted"}
    assert {row.text("tie_out") for row in desk.table("Settlements").rows} == {"Ties out"}
