"""A running practice company and a plain client of it."""

from collections.abc import Iterator

import pytest

from tests.practice.quickbooks.raw_client import Client, Clock, Shop, connected
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


@pytest.fixture
def shop(client: Client) -> Shop:
    return Shop.opened(client)


@pytest.fixture
def british(clock: Clock) -> Iterator[Shop]:
    with (
        PracticeQuickBooks(country="GB", home_currency="GBP", limits=False, clock=clock) as company,
        connected(company) as connection,
    ):
        yield Shop.opened(connection)
