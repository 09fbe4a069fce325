"""`tieout company`, as a user types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tieout.cli.app import app
from tieout.commands.companies import PracticeConnection, read_practice_file

CONNECTION = json.dumps(
    {
        "quickbooks": {
            "endpoint": "http://127.0.0.1:1/v3/company/",
            "token_url": "http://127.0.0.1:1/token",
            "realm_id": "9130",
            "client_id": "AB",
            "client_secret": "practice",
            "refresh_token": "RT1-practice",
        }
    }
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "a folder of mine é"
    monkeypatch.setenv("TIEOUT_HOME", str(folder))
    return folder


def company(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["company", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_practice_file_is_read_as_any_shell_writes_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    path.write_text(CONNECTION + "\r\n", encoding=encoding)
    read = read_practice_file(path)
    assert isinstance(read, PracticeConnection)
    assert read.quickbooks is not None
    assert read.quickbooks.realm_id == "9130"


@pytest.mark.parametrize("content", ["", "hello", "[]", "{}", '{"quickbooks": {}}', '{"quickbooks": 1}'])
def test_another_file_is_refused_in_words(content: str, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "practice.json"
    path.write_text(content, encoding="utf-8")
    result = company("add", "Acme", "--practice", str(path))
    assert result.exit_code == 2
    assert "is not what `tieout practice serve` prints" in " ".join(result.output.split())
    assert "Error" not in result.output
    assert not home.exists()


def test_a_data_folder_that_is_a_file_is_told_and_nothing_is_raised(home: Path) -> None:
    home.write_text("mine", encoding="utf-8")
    for arguments in (("add", "Acme"), ("use", "Acme")):
        result = company(*arguments)
        assert result.exit_code == 2
        assert "home-unwritable" in result.output
        assert "TIEOUT_HOME" in result.output


def test_companies_are_added_listed_and_put_in_use(home: Path) -> None:
    assert company("add", "Acme Ltd").exit_code == 0
    assert company("add", "Zwei GmbH", "--country", "de").exit_code == 0
    assert company("add", "acme ltd").exit_code == 2
    listed = json.loads(company("list", "--json").stdout.splitlines()[-1])["companies"]
    assert [(each["name"], each["home_currency"], each["in_use"]) for each in listed] == [
        ("Acme Ltd", "USD", False),
        ("Zwei GmbH", "EUR", True),
    ]
    assert company("use", "acme ltd").exit_code == 0
    listed = json.loads(company("list", "--json").stdout.splitlines()[-1])["companies"]
    assert [each["in_use"] for each in listed] == [True, False]
