"""A desk for each test, copied from one that was made once: new, with settlements imported, with them posted.

Its settlements go by the method Settlement summary; the method by orders has desks of its own (`by_orders.py`).
"""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tieout.cli.app import app
from tieout.sheets.excel_settings import SETTINGS_VARIABLE

# One over the end of a month, a negative one, a plain one, and one with a fee that nobody knows.
FILES = ("settlement-us-21035404438.txt", "settlement-gb-*.txt")


def _copied(made: Path, to: Path, patch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(made, to)
    patch.setenv("TIEOUT_HOME", str(to / "home"))
    return Desk(to / "Acme.xlsm", to / "home", to / "files")


@pytest.fixture(scope="session")
def made_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workbook and its company, which practises."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIEOUT_HOME", str(folder / "home"))
        patch.delenv(SETTINGS_VARIABLE, raising=False)
        book = folder / "Acme.xlsm"
        made = CliRunner().invoke(app, ["new", str(book), "--company", "Acme Ltd", "--country", "US"])
        assert made.exit_code == 0, made.output
        pressed = Desk(book, folder / "home", folder).press("practice-company")
        assert str(pressed.outcome.result) == "Done", pressed.outcome
        Desk(book, folder / "home", folder).setting("method", "Settlement summary")
        kept = folder / "files"
        kept.mkdir()
        for pattern in FILES:
            for path in (folder / "Acme - practice files").glob(pattern):
                shutil.copy(path, kept)
    return folder


@pytest.fixture(scope="session")
def made_imported(made_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        desk = _copied(made_desk, tmp_path_factory.mktemp("imported") / "desk", patch)
        desk.press("import-settlements", desk.files)
    return desk.book.parent


@pytest.fixture(scope="session")
def made_posted(made_imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        desk = _copied(made_imported, tmp_path_factory.mktemp("posted") / "desk", patch)
        desk.press("post-settlements")
    return desk.book.parent


@pytest.fixture
def desk(made_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """With a new workbook."""
    return _copied(made_desk, tmp_path / "desk", monkeypatch)


@pytest.fixture
def imported(made_imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """With four settlements imported, one of them blocked."""
    return _copied(made_imported, tmp_path / "desk", monkeypatch)


@pytest.fixture
def posted(made_posted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """With three settlements posted, one blocked."""
    return _copied(made_posted, tmp_path / "desk", monkeypatch)
