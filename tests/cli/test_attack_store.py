"""A store that can't be written when a command opens it: a finding, and the same command does it later."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.cli.test_settlement_show import PLAIN
from tieout import wiring
from tieout.cli.app import app
from tieout.domain.finding import Finding, Severity
from tieout.ports import StoreUnwritable


@pytest.mark.parametrize("command", [("settlement", "post", "settlement.txt"), ("check-up",)])
def test_a_store_that_can_not_be_opened_for_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """A disk that is full already when its tables are brought up to date."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settlement.txt").write_text(PLAIN, encoding="utf-8")
    assert CliRunner().invoke(app, ["company", "add", "Acme"]).exit_code == 0
    full = Finding("store-unwritable", Severity.BLOCKED, "The disk is full.", "Make room.")

    def no_room(*_: object) -> None:
        raise StoreUnwritable(full)

    monkeypatch.setattr(wiring, "open_store", no_room)
    result = CliRunner().invoke(app, [*command, "--json"])
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (1, 2)
    said = json.loads(result.stdout.splitlines()[-1])
    assert "The disk is full." in json.dumps(said)
