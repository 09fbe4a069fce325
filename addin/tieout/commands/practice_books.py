"""A practice company's own QuickBooks and Amazon: they live in its folder, and run while a press needs them.

No server is left running: what they know is in files, the servers over them are started in this process and stopped
when the press is done. A practice company that is bound to servers of `tieout practice serve` has no such files, or
does not use them any more.

**Its time.** The seller is everybody's: the same one, whose months end in the autumn of 2026. It is 13 October 2026
there when the company is made, and a day passes for each real one: what is pending today is shipped tomorrow. Tieout
goes by Amazon's time, which every answer tells, so nothing else has to know of it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tieout.domain.company import AmazonAddress, Company, QuickBooksAddress
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.durable_file import write_durably
from tieout.file_lock import file_lock
from tieout.limits import STORE_BUSY_SECONDS_MAX
from tieout.ports import Clock

_WORLD, _BOOKS, _LOCK = "world.json", "quickbooks.sqlite3", "practice.lock"
_AMAZON, _AMAZON_LOCK = "amazon.sqlite3", "amazon.lock"
# Where a company's own servers are said to be: the port differs each time they run.
_OWN = "http://practice.invalid"
SEED = 1


def has_practice_books(folder: Path) -> bool:
    """Whether the company of a folder has a QuickBooks of its own there."""
    return (folder / "practice" / _WORLD).is_file()


def uses_own_books(folder: Path, address: QuickBooksAddress) -> bool:
    """Whether the QuickBooks at an address is the company's own.

    What was made before practice companies had an Amazon does not say when, and is kept with another address.
    """
    return has_practice_books(folder) and (address.endpoint.startswith(_OWN) or "made" not in _world(folder))


def uses_own_amazon(folder: Path, address: AmazonAddress) -> bool:
    """Whether the Amazon at an address is the company's own."""
    return has_practice_books(folder) and address.endpoint.startswith(_OWN)


def make_practice_books(folder: Path, country: str, clock: Clock) -> dict[str, Any]:
    """Make them, for a company of `country`; the connection as `tieout practice serve` would print it."""
    world = {"seed": SEED, "country": country, "made": clock.now().isoformat()}
    write_durably(folder / "practice" / _WORLD, json.dumps(world).encode("utf-8"))
    with practice_books(folder, clock) as books, practice_amazon(folder, clock) as amazon:
        return {"quickbooks": _at_home(books), "amazon": _at_home(amazon)}


@contextmanager
def practice_books(folder: Path, clock: Clock) -> Iterator[Mapping[str, str]]:
    """Run the QuickBooks; gives where it listens and with what to connect, which differs each time.

    Locked where another press runs it for too long; so for the Amazon.
    """
    from tieout.practice.quickbooks import PracticeQuickBooks

    place, world = folder / "practice", _world(folder)
    home = by_country(world["country"])
    assert home is not None, "it was made for a company of a country we know"
    with (
        file_lock(place / _LOCK, clock, STORE_BUSY_SECONDS_MAX),
        PracticeQuickBooks(
            state=place / _BOOKS, country=home.country, home_currency=home.currency, seed=world["seed"]
        ) as server,
    ):
        yield server.connection()


@contextmanager
def practice_amazon(folder: Path, clock: Clock) -> Iterator[Mapping[str, Any]]:
    """Run the Amazon, which lets as many requests through as anybody sends; gives where it listens."""
    from tieout.commands.practice_servers import GENEROUS_LIMITS
    from tieout.practice.amazon import PracticeAmazon
    from tieout.practice.shop import shop_for_demo

    place, world = folder / "practice", _world(folder)
    shop, made = shop_for_demo(world["seed"]), datetime.fromisoformat(world["made"])

    def now() -> datetime:
        return shop.now + max(clock.now() - made, timedelta())

    with (
        file_lock(place / _AMAZON_LOCK, clock, STORE_BUSY_SECONDS_MAX),
        PracticeAmazon(shop, state=place / _AMAZON, limits=GENEROUS_LIMITS, clock=now) as server,
    ):
        yield server.connection()


def practice_busy(company: Company) -> Finding:
    """That another press holds the company's own QuickBooks or Amazon."""
    return Finding(
        code="practice-company-busy",
        severity=Severity.REFUSED,
        what=f"Another press is using the practice Amazon or QuickBooks of {company.name}.",
        to_do="Wait until it has ended, then press again: they run for one press at a time.",
        subject=company.name,
    )


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


def _world(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "practice" / _WORLD).read_text(encoding="utf-8"))
    return found


def _at_home(connection: Mapping[str, Any]) -> dict[str, Any]:
    """The connection as it is kept: a running server's address is good for one press only."""
    address = str(connection["endpoint"])
    host = "/".join(address.split("/")[:3])
    return {
        name: value.replace(host, _OWN) if isinstance(value, str) else value for name, value in connection.items()
    }
