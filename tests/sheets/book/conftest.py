"""A new book for each test, opened closed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tieout.sheets.book import XlwingsBook
from tieout.sheets.build import build_workbook
from tieout.sheets.opening import close_unsaved, open_closed


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "Acme.xlsm"
    build_workbook(path, company="Acme & Sons", country="US", company_id="acme")
    return path


@pytest.fixture
def book_path(built_book: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built_book, tmp_path))


@pytest.fixture
def book(book_path: Path) -> Iterator[XlwingsBook]:
    opened = open_closed(book_path)
    assert isinstance(opened, XlwingsBook)
    yield opened
    close_unsaved(book_path)
