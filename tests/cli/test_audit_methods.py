"""What is asked for and is not there is refused, and nothing that looks like it is shown or posted instead."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.parse.making import small_file
from tieout.cli.app import app


@pytest.mark.parametrize("command", ["show", "post"])
def test_the_orders_method_is_not_answered_with_a_summary(command: str, tmp_path: Path) -> None:
    path = tmp_path / "settlement.txt"
    path.write_bytes(small_file().content)
    result = CliRunner().invoke(app, ["settlement", command, str(path), "--method", "orders", "--json"])
    assert result.exit_code == 2
    said = json.loads(result.stdout.splitlines()[-1])
    assert [error["code"] for error in said["errors"]] == ["method-not-available"]
    assert said.get("settlements", []) == []
