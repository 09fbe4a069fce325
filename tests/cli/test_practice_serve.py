"""A practice company with a folder for its state: stopped and started again, it is where it was."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.commands.practice_servers import PracticeWorld, practice_servers


def test_a_company_finds_its_practice_servers_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign-in is the one of yesterday, the books hold what was posted, and nothing is posted twice."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    world = PracticeWorld(orders=40, marketplaces=("US",), state=tmp_path / "practice books")
    files = tmp_path / "files"
    files.mkdir()
    for settlement in world.shop().settlements:
        (files / settlement.file_name).write_bytes(settlement.flat_file_v2())

    def post() -> dict[str, object]:
        result = CliRunner().invoke(app, ["settlement", "post", str(files), "--json"])
        assert result.exit_code == 0, result.output
        said: dict[str, object] = json.loads(result.stdout.strip().splitlines()[-1])
        return said

    with practice_servers(world) as first:
        (tmp_path / "practice.json").write_text(json.dumps(first), encoding="utf-8")
        added = CliRunner().invoke(app, ["company", "add", "Acme", "--practice", str(tmp_path / "practice.json")])
        assert added.exit_code == 0, added.output
        created = post()["journals_created"]
        assert isinstance(created, int)
        assert created > 0
    with practice_servers(world) as again:
        assert again["quickbooks"]["endpoint"] == first["quickbooks"]["endpoint"]
        assert again["amazon"]["endpoint"] == first["amazon"]["endpoint"]
        said = post()
    assert (said["journals_created"], said["journals_posted_before"]) == (0, created)
    assert {settlement["difference"] for settlement in said["settlements"]} == {"0.00"}  # type: ignore[attr-defined]


def test_it_does_not_run_twice_on_one_folder(tmp_path: Path) -> None:
    world = PracticeWorld(orders=40, marketplaces=("US",), state=tmp_path)
    with practice_servers(world), pytest.raises(ValueError, match="running already"), practice_servers(world):
        pass


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    world = PracticeWorld(orders=40, marketplaces=("US",), state=tmp_path / "mine")
    with pytest.raises(ValueError, match="can't be written"), practice_servers(world):
        pass
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
