"""A running practice company and a plain client of it."""

from collections.abc import Iterator

import pytest
from tests.practice.quickbooks.raw_client import Client, Clock, connected

from tieout.practice.quickbooks import PracticeQuickBooks


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(clock: Clock) -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False, clock=clock) as company:
        yield company


@pytest.fixture
def client(practice: PracticeQuickBooks) -> Iterator[Client]:
    with connected(practice) as connection:
        yield connection
