"""A practice company's own QuickBooks: it lives in the company's folder, and runs while a press needs it.

No server is left running: the books are in a file, the server over them is started in this process and stopped when
the press is done. A practice company that is bound to servers of `tieout practice serve` has no such file.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tieout.domain.company import QuickBooksAddress
from tieout.domain.marketplace import by_country
from tieout.durable_file import write_durably
from tieout.file_lock import file_lock
from tieout.limits import STORE_BUSY_SECONDS_MAX
from tieout.ports import Clock

_WORLD, _BOOKS, _LOCK = "world.json", "quickbooks.sqlite3", "practice.lock"
SEED = 1


def has_practice_books(folder: Path) -> bool:
    """Whether the company of a folder has a QuickBooks of its own there."""
    return (folder / "practice" / _WORLD).is_file()


def make_practice_books(folder: Path, country: str, clock: Clock) -> dict[str, Any]:
    """Make them, for a company of `country`; the connection as `tieout practice serve` would print it."""
    write_durably(folder / "practice" / _WORLD, json.dumps({"seed": SEED, "country": country}).encode("utf-8"))
    with practice_books(folder, clock) as connection:
        return {"quickbooks": dict(connection)}


@contextmanager
def practice_books(folder: Path, clock: Clock) -> Iterator[Mapping[str, str]]:
    """Run them; gives where they listen and with what to connect, which differs each time."""
    from tieout.practice.quickbooks import PracticeQuickBooks

    place = folder / "practice"
    world = json.loads((place / _WORLD).read_text(encoding="utf-8"))
    home = by_country(world["country"])
    assert home is not None, "it was made for a company of a country we know"
    with (
        file_lock(place / _LOCK, clock, STORE_BUSY_SECONDS_MAX),
        PracticeQuickBooks(
            state=place / _BOOKS, country=home.country, home_currency=home.currency, seed=world["seed"]
        ) as server,
    ):
        yield server.connection()


def address_of(connection: Mapping[str, str]) -> QuickBooksAddress:
    """Where running books are."""
    return QuickBooksAddress(
        endpoint=connection["endpoint"],
        token_url=connection["token_url"],
        realm_id=connection["realm_id"],
        client_id=connection["client_id"],
        discovery_url=connection["discovery_url"],
    )


def write_practice_files(folder: Path) -> tuple[Path, ...]:
    """The practice seller's settlement files, as Amazon would give them; written again, they are the same."""
    from tieout.practice.shop import shop_for_demo

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for settlement in shop_for_demo(SEED).settlements:
        path = folder / settlement.file_name
        path.write_bytes(settlement.flat_file_v2())
        paths.append(path)
    return tuple(paths)
