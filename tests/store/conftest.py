"""What tests of the store share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.world import TestClock
from tieout.store.company_store import CompanyStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CompanyStore]:
    """An empty store, open."""
    opened = open_store(tmp_path / "books.sqlite3", TestClock())
    assert isinstance(opened, CompanyStore)
    with opened:
        yield opened
