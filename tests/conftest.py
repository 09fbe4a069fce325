"""What all tests share: where the real files and the vendors' models are, if this machine has them."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.bounded_reports import bounded

# How long an example takes says how busy the machine is, and nothing about the program.
settings.register_profile("tieout", deadline=None)
settings.load_profile("tieout")

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    return bounded((yield))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real settlement files and the vendors' models; skips where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data" / "settlements").is_dir():
        pytest.skip("the folder ../shared with real settlement files and vendors' models is not on this machine")
    return folder


@pytest.fixture(scope="session")
def real_settlements(shared: Path) -> list[Path]:
    """The real settlement files, V2 and V1."""
    return sorted((shared / "data" / "settlements").glob("*.txt"))
