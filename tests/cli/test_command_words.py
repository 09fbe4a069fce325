"""What to do is said in the words of the door: a command to run again, or a button to press again."""

import json
import signal
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.cli.command_words import in_terminal
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import Shop, make_shop


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(2, orders=30, marketplaces=("UK",))


@pytest.fixture
def stopped(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A practice company whose servers are not running any more, and a workbook of it."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    with PracticeQuickBooks(limits=False) as quickbooks, PracticeAmazon(shop) as amazon:
        both = {"quickbooks": quickbooks.connection(), "amazon": amazon.connection()}
        (tmp_path / "practice.json").write_text(json.dumps(both), encoding="utf-8")
    say("company", "add", "Acme", "--country", "GB", "--practice", tmp_path / "practice.json")
    book = tmp_path / "Acme.xlsm"
    say("new", book, "--company", "Acme")
    (tmp_path / "settlement.txt").write_bytes(shop.settlements[0].flat_file_v2())
    return book


def say(*arguments: str | Path) -> str:
    """All that a command says, to people and to programs."""
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return " ".join(result.output.split())


def test_posting_from_the_terminal_says_how_the_practice_servers_start_and_what_to_run(stopped: Path) -> None:
    said = say("settlement", "post", stopped.with_name("settlement.txt"))
    assert "The practice QuickBooks does not answer" in said
    assert "tieout practice serve --state" in said
    assert "run `tieout settlement post` again" in said
    assert "internet" not in said
    assert "press" not in said.casefold()


def test_the_same_in_json(stopped: Path) -> None:
    said = json.loads(
        CliRunner()
        .invoke(app, ["settlement", "post", str(stopped.with_name("settlement.txt")), "--json"])
        .stdout.splitlines()[-1]
    )
    messages = [error["message"] for error in said["errors"]]
    assert any("run `tieout settlement post` again" in message for message in messages)
    assert not any("press" in message for message in messages)


def test_check_up_names_its_own_command(stopped: Path) -> None:
    said = say("check-up")
    assert "The practice QuickBooks does not answer" in said
    assert "The practice Amazon does not answer" in said
    assert "press" not in said


@pytest.mark.parametrize(("button", "who"), [("refresh-lists", "QuickBooks"), ("download-settlements", "Amazon")])
def test_a_button_is_pressed_again(stopped: Path, button: str, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # Amazon is given half a minute to come back
    at_ctrl_c = signal.getsignal(signal.SIGINT)
    said = say("press", button, "--book", stopped)
    assert f"The practice {who} does not answer" in said
    assert "tieout practice serve --state" in said
    assert "press" in said
    assert "internet" not in said
    assert "`tieout press` again" not in said
    assert signal.getsignal(signal.SIGINT) is at_ctrl_c


def test_outside_of_a_command_nothing_is_changed() -> None:
    assert in_terminal("Mend it, and press the button again.") == "Mend it, and press the button again."
