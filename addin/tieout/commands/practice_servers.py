"""The practice company: its seller's world, practice Amazon and practice QuickBooks, running together."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.domain.origin import Origin
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import Shop, make_shop


@dataclass(frozen=True, slots=True)
class PracticeWorld:
    """What the practice company is made of. `faults` is one schedule for both servers; `state` a folder for both.

    ValueError, when it is made, for marketplaces or sizes in which the practice seller can't be.
    """

    seed: int = 1
    orders: int = 120
    marketplaces: tuple[str, ...] = ("US", "UK", "DE")
    months: int = 1
    exceptions: bool = False
    faults: tuple[Mapping[str, Any], ...] = ()
    state: Path | None = None

    def shop(self) -> Shop:
        """The seller."""
        return make_shop(
            self.seed,
            orders=self.orders,
            marketplaces=self.marketplaces,
            months=self.months,
            exceptions=self.exceptions,
        )


@contextmanager
def practice_servers(world: PracticeWorld, shop: Shop | None = None) -> Iterator[dict[str, Any]]:
    """Run both servers; gives the connection as `tieout practice serve` prints it."""
    home = by_country(world.marketplaces[0]) if world.marketplaces else None
    if home is None:
        raise ValueError(f"{', '.join(world.marketplaces) or 'nothing'} is not a list of Amazon's marketplaces")
    seller = shop if shop is not None else world.shop()
    if world.state is not None:
        world.state.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running:
        quickbooks = PracticeQuickBooks(
            state=world.state / "quickbooks.sqlite3" if world.state is not None else None,
            country=home.country,
            home_currency=home.currency,
            faults=[fault for fault in world.faults if _is_for(fault, "quickbooks")],
            seed=world.seed,
        )
        amazon = PracticeAmazon(
            seller,
            faults=[fault for fault in world.faults if _is_for(fault, "amazon")],
            state=world.state / "amazon.sqlite3" if world.state is not None else None,
        )
        running.enter_context(quickbooks)
        running.enter_context(amazon)
        yield {"amazon": amazon.connection(), "quickbooks": quickbooks.connection()}


def read_schedule(path: Path | None) -> tuple[Mapping[str, Any], ...] | Finding:
    """The fault schedule in a file, a JSON list of objects; empty without one."""
    if path is None:
        return ()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return unusable(f"The fault schedule {path} can't be read: {error}", str(path))
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return unusable(f"The fault schedule {path} is not a JSON list of objects", str(path))
    return tuple(entries)


def unusable(what: str, file: str = "") -> Finding:
    """That a practice company can't be made so."""
    return Finding(
        code="practice-world-unusable",
        severity=Severity.REFUSED,
        what=what.rstrip(".") + ".",
        to_do="Correct the option; `tieout practice serve --help` says what each takes.",
        where=Origin(file) if file else None,
    )


def _is_for(fault: Mapping[str, Any], server: str) -> bool:
    """An entry may name its server; without one it holds for both."""
    return bool(fault.get("server", server) == server)
