"""A practice Amazon with a clock that is set by hand, and a client of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.practice.amazon.client import HandClock, PlainClient
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.shop import Shop, make_shop


@pytest.fixture(scope="session")
def shop() -> Shop:
    return make_shop(31, orders=600, marketplaces=("US", "UK", "DE"))


@pytest.fixture
def practice(shop: Shop) -> Iterator[Callable[..., PlainClient]]:
    """Starts a practice Amazon with the given options and gives a client of it."""
    with ExitStack() as running:

        def start(**options: Any) -> PlainClient:
            world = options.pop("shop", shop)
            clock = options.setdefault("clock", HandClock(world.now))
            client = PlainClient(running.enter_context(PracticeAmazon(world, **options)), clock)
            running.callback(client.session.close)
            return client

        yield start


@pytest.fixture
def amazon(practice: Callable[..., PlainClient]) -> PlainClient:
    """A client of a practice Amazon without usage plans."""
    return practice(limits=False)
