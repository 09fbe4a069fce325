"""Worlds with a practice Amazon."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.amazon.world import AmazonWorld, amazon_world
from tieout.practice.shop import Shop, make_shop


@pytest.fixture(scope="session")
def shop() -> Shop:
    """A seller in three marketplaces."""
    return make_shop(31, orders=240, marketplaces=("US", "UK", "DE"))


@pytest.fixture
def worlds(tmp_path: Path, shop: Shop) -> Iterator[Callable[..., AmazonWorld]]:
    """Makes worlds, each in a folder of its own; `shop` may be another one."""
    with ExitStack() as running:
        made: list[AmazonWorld] = []

        def make(**practice: Any) -> AmazonWorld:
            seller = practice.pop("shop", shop)
            made.append(running.enter_context(amazon_world(tmp_path / f"world-{len(made)}", seller, **practice)))
            return made[-1]

        yield make


@pytest.fixture
def world(worlds: Callable[..., AmazonWorld]) -> AmazonWorld:
    """A world without usage plans at Amazon."""
    return worlds()
