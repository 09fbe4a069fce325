"""The practice company: its seller's world, practice Amazon and practice QuickBooks, running together.

With a folder for its state it goes on where it stopped, at the addresses it had: a company that was bound to it finds
it there.

**Its time.** A world that is given its first day is the same world whenever it is made: practice Amazon is then seen
on the thirteenth day after its months, and its own time runs on from there. Without a first day the months end twelve
days before today, and practice Amazon's time is the real one, so that "the last 30 days" of any client holds data.
Practice QuickBooks' time is always the real one.
"""

import json
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tieout.clock import SystemClock
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.domain.origin import Origin
from tieout.durable_file import write_durably
from tieout.limits import SMALL_FILE_BYTES_MAX
from tieout.plain_file import read_plain_file
from tieout.ports import Clock
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import START, Shop, last_start, make_shop

# Where the folder of a practice company's state says on which ports it listens, and when its world is.
_PORTS, _WORLD = "ports.json", "world.json"
# How many times what Amazon publishes a practice Amazon grants that nobody shall wait for.
GENEROUS_LIMITS = 1000


@dataclass(frozen=True, slots=True)
class PracticeWorld:
    """What the practice company is made of. `faults` is one schedule for both servers; `state` a folder for both.

    `start` is the first day of its months; None lets them end before today. `now` is the moment from which a world
    was seen first whose time is the real one. `is_generous` grants far more requests than Amazon and Intuit publish.
    ValueError, when it is made, for marketplaces or sizes in which the practice seller can't be.
    """

    seed: int = 1
    orders: int = 120
    marketplaces: tuple[str, ...] = ("US", "UK", "DE")
    months: int = 1
    exceptions: bool = False
    faults: tuple[Mapping[str, Any], ...] = ()
    state: Path | None = None
    start: date | None = START
    now: datetime | None = None
    is_generous: bool = False

    def shop(self) -> Shop:
        """The seller of a world that has its first day."""
        assert self.start is not None, "when the world is must be decided first"
        return make_shop(
            self.seed,
            orders=self.orders,
            marketplaces=self.marketplaces,
            months=self.months,
            start=self.start,
            now=self.now,
            exceptions=self.exceptions,
        )


@dataclass(frozen=True, slots=True)
class PracticeServers:
    """Both servers, running."""

    amazon: PracticeAmazon
    quickbooks: PracticeQuickBooks

    def connection(self) -> dict[str, Any]:
        """Where they are and with what to connect, as `tieout practice serve` prints it."""
        return {"amazon": self.amazon.connection(), "quickbooks": self.quickbooks.connection()}


@contextmanager
def practice_servers(
    world: PracticeWorld, shop: Shop | None = None, *, clock: Clock | None = None
) -> Iterator[dict[str, Any]]:
    """Run both servers, of a shop's seller or the world's own; gives the connection, as it is printed.

    `clock` stands for the real time. ValueError where a folder for the state can't be written, or the addresses it
    had are taken.
    """
    with run_practice_servers(world, shop, clock=clock) as running:
        yield running.connection()


@contextmanager
def run_practice_servers(
    world: PracticeWorld, shop: Shop | None = None, *, clock: Clock | None = None
) -> Iterator[PracticeServers]:
    """Run both servers; gives the servers themselves. ValueError as `practice_servers` has it."""
    home = by_country(world.marketplaces[0]) if world.marketplaces else None
    if home is None:
        raise ValueError(f"{', '.join(world.marketplaces) or 'nothing'} is not a list of Amazon's marketplaces")
    ports, ticking = _ports_of(world.state), clock or SystemClock()
    world = _placed_in_time(world, ticking)
    seller = shop if shop is not None else world.shop()
    with ExitStack() as running:
        quickbooks = PracticeQuickBooks(
            state=world.state / "quickbooks.sqlite3" if world.state is not None else None,
            country=home.country,
            home_currency=home.currency,
            faults=[fault for fault in world.faults if _is_for(fault, "quickbooks")],
            seed=world.seed,
            limits=not world.is_generous,
            port=ports.get("quickbooks", 0),
        )
        amazon = PracticeAmazon(
            seller,
            faults=[fault for fault in world.faults if _is_for(fault, "amazon")],
            state=world.state / "amazon.sqlite3" if world.state is not None else None,
            limits=GENEROUS_LIMITS if world.is_generous else 1,
            clock=ticking.now if world.now is not None else None,
            port=ports.get("amazon", 0),
        )
        running.enter_context(quickbooks)
        running.enter_context(amazon)
        servers = PracticeServers(amazon, quickbooks)
        if world.state is not None:
            kept = {server: urlsplit(at["endpoint"]).port for server, at in servers.connection().items()}
            write_durably(world.state / _PORTS, json.dumps(kept).encode("utf-8"))
        yield servers


def _placed_in_time(world: PracticeWorld, clock: Clock) -> PracticeWorld:
    """The world with its first day: the one that its folder remembers, the one asked for, or one before today.

    Before today means from this hour, so that two worlds of one seed and hour are the same.
    """
    file = world.state / _WORLD if world.state is not None else None
    if file is not None and file.is_file():
        kept = json.loads(file.read_text(encoding="utf-8"))
        start, now = date.fromisoformat(kept["start"]), kept["now"] and datetime.fromisoformat(kept["now"])
        if world.start is not None and (world.start != start or now):
            raise ValueError(f"the practice company in {world.state} starts on {start}, not on {world.start}")
        return replace(world, start=start, now=now or None)
    if world.start is None:
        now = clock.now().replace(minute=0, second=0, microsecond=0)
        world = replace(world, start=last_start(now, world.months), now=now)
    if file is not None:
        assert world.start is not None, "it was given one"
        record = {"start": world.start.isoformat(), "now": world.now.isoformat() if world.now else ""}
        write_durably(file, json.dumps(record).encode("utf-8"))
    return world


def _ports_of(state: Path | None) -> dict[str, int]:
    """The ports on which a practice company ran before, by server; none for a new one."""
    if state is None:
        return {}
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"the folder {state} can't be written: {error.strerror}") from error
    file = state / _PORTS
    ports: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    for port in ports.values():
        with socket.socket() as trial:
            if sys.platform != "win32":  # there it would let two listen on one port
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError as error:
                raise ValueError(
                    f"port {port}, where the practice company in {state} listened before, is taken: perhaps it is"
                    f" running already; if not, delete {file}, start it, and add a company for its new addresses"
                ) from error
    return ports


def read_schedule(path: Path | None) -> tuple[Mapping[str, Any], ...] | Finding:
    """The fault schedule in a file, a JSON list of objects; empty without one."""
    if path is None:
        return ()
    try:
        entries = json.loads(read_plain_file(path, SMALL_FILE_BYTES_MAX))
    except (OSError, ValueError, RecursionError) as error:
        return unusable(f"The fault schedule {path} can't be read: {error}", str(path))
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return unusable(f"The fault schedule {path} is not a JSON list of objects", str(path))
    return tuple(entries)


def unusable(what: str, file: str = "") -> Finding:
    """That a practice company can't be made so."""
    return Finding(
        code="practice-world-unusable",
        severity=Severity.REFUSED,
        what=f"{what[:1].upper()}{what[1:].rstrip('.')}.",
        to_do="Correct the option; `tieout practice serve --help` says what each takes.",
        where=Origin(file) if file else None,
    )


def _is_for(fault: Mapping[str, Any], server: str) -> bool:
    """An entry may name its server; without one it holds for both."""
    return bool(fault.get("server", server) == server)
