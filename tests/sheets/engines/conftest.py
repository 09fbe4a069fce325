"""Apps of both engines; the one over LibreOffice skips, and says so, where LibreOffice is not installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tests.sheets.engines.rich_book import rich_book
from tieout.sheets.engines import LibreOfficeMissing, activate


@pytest.fixture(scope="module", params=["file", "libreoffice"])
def app(request: pytest.FixtureRequest) -> Iterator[xw.App]:
    """An app without books, one a module and engine."""
    yield from _app(request.param)


@pytest.fixture(scope="module")
def office() -> Iterator[xw.App]:
    """An app over LibreOffice."""
    yield from _app("libreoffice")


def _app(kind: str) -> Iterator[xw.App]:
    before = xw.engines.active
    try:
        activate(kind)
    except LibreOfficeMissing as missing:
        pytest.skip(str(missing))
    app = xw.App(visible=False, add_book=False)
    yield app
    app.quit()
    xw.engines.active = before


@pytest.fixture(autouse=True)
def _close_file_books() -> Iterator[None]:
    """No test finds a book that another left open."""
    yield
    for engine in xw.engines:
        if engine.name == "file":
            for app in engine.apps:
                for book in app.books:
                    book.close()


@pytest.fixture
def book(app: xw.App) -> Iterator[xw.Book]:
    """A new book of either engine."""
    book = app.books.add()
    yield book
    book.close()


@pytest.fixture
def sheet(book: xw.Book) -> xw.Sheet:
    """Its first sheet."""
    return book.sheets[0]


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A workbook with some of everything."""
    return rich_book(tmp_path / "Rich book.xlsm")
