"""What `tieout press` says of a refusal, and which file it speaks of."""

import errno
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.sheets.opening import file_trouble
from tieout.store.home import home_folder


def test_a_refusal_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    book = tmp_path / "Acme.xlsm"
    assert CliRunner().invoke(app, ["new", str(book), "--company", "Acme Ltd", "--country", "US"]).exit_code == 0
    for button, said in (
        ("import-settlements", "No file was chosen."),
        ("undo-orders", "No order is chosen"),
        ("download-orders", "is not connected to a seller account"),
    ):
        ended = CliRunner().invoke(app, ["press", button, "--book", str(book)])
        flowing = " ".join(ended.output.split())
        assert ended.exit_code != 0
        assert flowing.count(said) == 1, flowing


def test_a_missing_workbook_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    ended = CliRunner().invoke(app, ["press", "post-orders", "--book", str(tmp_path / "No.xlsm")])
    assert ended.exit_code == 2
    assert " ".join(ended.output.split()).count("There is no workbook") == 1


def missing(path: Path) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (missing(Path("/books/Acme.xlsm")), "book-not-found"),
        (FileNotFoundError("gone"), "book-not-found"),
        (missing(Path("/data/workbook/theme.toml")), "file-in-the-way"),
        (missing(Path("/books/october.txt")), "file-in-the-way"),
        (PermissionError(errno.EACCES, "Permission denied", "/books/Acme.xlsm"), "book-unreadable"),
        (PermissionError(errno.EACCES, "Permission denied", "/books/.Acme.xlsm.part"), "book-unreadable"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/companies/acme/log.txt"), "file-in-the-way"),
        (OSError(errno.ENOSPC, "No space left on device"), "book-unreadable"),
    ],
)
def test_a_file_that_fails_is_the_one_that_is_named(trouble: OSError, code: str) -> None:
    finding = file_trouble(Path("/books/Acme.xlsm"), trouble)
    assert finding.code == code
    if code == "file-in-the-way":
        assert str(trouble.filename) in finding.what
        assert "workbook" not in finding.what.replace("/workbook/", "")


@pytest.mark.parametrize("chosen", ["~/books of Acme", "~"])
def test_the_home_folder_may_begin_with_a_tilde(chosen: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("TIEOUT_HOME", chosen)
    assert home_folder() == Path(chosen.replace("~", str(tmp_path)))


def test_a_tilde_before_an_unknown_name_is_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", "~nobody-of-this-name/x")
    assert home_folder() == Path("~nobody-of-this-name/x")
