"""Books that the tests look at, built once."""

from pathlib import Path

import pytest

from tests.sheets.build.sample_rows import sample_rows
from tieout.sheets.build import build_workbook


@pytest.fixture(scope="session")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new book of a company in the United States, as `tieout new` leaves it."""
    path = tmp_path_factory.mktemp("new") / "Harbour & Hill.xlsm"
    build_workbook(path, company="Harbour & Hill Ltd", country="US", company_id="harbour-hill")
    return path


@pytest.fixture(scope="session")
def filled_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a small month in it."""
    path = tmp_path_factory.mktemp("filled") / "filled.xlsm"
    build_workbook(path, company="Harbour & Hill Ltd", country="US", company_id="harbour-hill", rows=sample_rows())
    return path
