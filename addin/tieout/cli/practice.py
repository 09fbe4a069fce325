"""`tieout practice serve`: the practice company's servers, until they are stopped."""

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tieout.cli.terminal import Terminal, refuse
from tieout.domain.finding import Finding

app = typer.Typer(help="A place to practise: Amazon and QuickBooks on this machine.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """A place to practise: Amazon and QuickBooks on this machine."""


@app.command()
def serve(
    seed: Annotated[int, typer.Option(help="The same seed gives the same seller.")] = 1,
    orders: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many orders the seller has.")] = 120,
    marketplaces: Annotated[str, typer.Option(help="Countries, with commas.")] = "US,UK,DE",
    months: Annotated[int, typer.Option(min=1, max=24, help="How many calendar months.")] = 1,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first day of its months; without it they end before today."),
    ] = None,
    exceptions: Annotated[bool, typer.Option("--exceptions", help="With some of all that needs a decision.")] = False,
    faults: Annotated[Path | None, typer.Option(help="A schedule of faults, a JSON list.")] = None,
    state: Annotated[
        Path | None, typer.Option(help="A folder to keep it in: later it goes on there, at the same addresses.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Only the JSON line, nothing for people.")] = False,
) -> None:
    """Run practice Amazon and practice QuickBooks on free loopback ports until Ctrl-C or SIGTERM.

    Prints one JSON line with the addresses and credentials (they are no secrets); keep it in a file and give that
    to `tieout company add NAME --practice FILE`. Practice Amazon keeps to the request limits that Amazon publishes.
    Its time is the real one, unless you give it a first day: then it is the same world whenever it is made, seen
    from the thirteenth day after its months.
    """
    from tieout.commands.practice_servers import PracticeWorld, practice_servers, read_schedule, unusable

    terminal = Terminal(as_json=True)
    codes = tuple(code.strip() for code in marketplaces.split(",") if code.strip())
    schedule = read_schedule(faults)
    if isinstance(schedule, Finding):
        refuse(terminal, schedule)
    try:
        world = PracticeWorld(
            seed, orders, codes, months, exceptions, schedule, state, start=start.date() if start else None
        )
        with _told_to_stop() as stopped, practice_servers(world) as connection:
            if not as_json:
                terminal.say("The practice company is running on this machine. Ctrl-C stops it.", "bold")
            sys.stdout.write(json.dumps(connection) + "\n")
            sys.stdout.flush()
            while not stopped.wait(timeout=0.5):
                pass
    except ValueError as error:
        refuse(terminal, unusable(str(error)))


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Ctrl-C and the system's wish to end, as an event; afterwards they do what they did before."""
    stopped = threading.Event()
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in numbers}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
