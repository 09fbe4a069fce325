"""A desk for each test, copied from one that was made once: new, with settlements imported, with them posted.

Its settlements go by the method Settlement summary; the method by orders has desks of its own (`by_orders.py`).
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tests.buttons.orders_desk import AtDesk, bind
from tests.unhurried import unhurried
from tieout.cli.app import app
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import make_shop
from tieout.sheets.excel_settings import SETTINGS_VARIABLE

# One over the end of a month, a negative one, a plain one, and one with a fee that nobody knows.
FILES = ("settlement-us-21035404438.txt", "settlement-gb-*.txt")


def _copied(made: Path, to: Path, patch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(made, to)
    patch.setenv("TIEOUT_HOME", str(to / "home"))
    return Desk(to / "Acme.xlsm", to / "home", to / "files")


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    with unhurried():
        yield


@pytest.fixture(scope="session")
def made_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workbook and its company, which practises."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    folder.mkdir()
    with unhurried(), pytest.MonkeyPatch.context() as patch:
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
    with unhurried(), pytest.MonkeyPatch.context() as patch:
        desk = _copied(made_desk, tmp_path_factory.mktemp("imported") / "desk", patch)
        desk.press("import-settlements", desk.files)
    return desk.book.parent


@pytest.fixture(scope="session")
def made_posted(made_imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with unhurried(), pytest.MonkeyPatch.context() as patch:
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


@pytest.fixture(scope="session")
def made_orders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A company whose orders are downloaded, with the method by orders; books are made for each test."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    folder.mkdir()
    with PracticeAmazon(make_shop(1, orders=24, marketplaces=("US",)), limits=False) as amazon:
        with unhurried(), pytest.MonkeyPatch.context() as patch:
            patch.setenv("TIEOUT_HOME", str(folder / "home"))
            book = folder / "Acme.xlsm"
            new = CliRunner().invoke(app, ["new", str(book), "--company", "Acme Ltd", "--country", "US"])
            assert new.exit_code == 0, new.output
            desk = Desk(book, folder / "home", folder)
            with PracticeQuickBooks(country="US", home_currency="USD", limits=False) as books:
                line = folder / "practice.json"
                line.write_text(json.dumps({"amazon": amazon.connection(), "quickbooks": books.connection()}))
                assert str(desk.press("connect-amazon", line).outcome.result) == "Done"
            assert str(desk.press("download-orders").outcome.result) == "Done"
        yield folder


@pytest.fixture
def orders_desk(made_orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtDesk]:
    """A copy of it, bound to books of its own."""
    shutil.copytree(made_orders, tmp_path / "desk")
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "desk" / "home"))
    desk = Desk(tmp_path / "desk" / "Acme.xlsm", tmp_path / "desk" / "home", tmp_path / "desk")
    with PracticeQuickBooks(country="US", home_currency="USD", limits=False) as books:
        bind(desk, made_orders, books)
        yield desk, books
