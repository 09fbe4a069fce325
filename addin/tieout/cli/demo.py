"""`tieout demo`: the whole month in a practice company, proved."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, Terminal, refuse
from tieout.clock import SystemClock

if TYPE_CHECKING:
    from tieout.commands.presses.run import Pressed

HOME_VARIABLE = "TIEOUT_HOME"


def demo(
    out: Annotated[Path, typer.Option(help="The folder for the workbook and the exports.")] = Path("tieout-demo"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same seller.")] = 1,
    as_json: AsJson = False,
) -> None:
    """See a month closed: a practice seller's settlements, posted to a practice QuickBooks, and what ties out.

    Everything stays on this machine and nothing of yours is touched. One settlement has a fee that nobody knows:
    it is shown as an exception and is not posted, which is how Tieout treats what it does not know.
    """
    from tieout.buttons import press_closed
    from tieout.cli.posted_text import demo_json, print_posted
    from tieout.commands.demo import BOOK, run_demo, unwritable
    from tieout.wiring import practice_desk

    terminal, clock = Terminal(as_json=as_json), SystemClock()
    try:
        with terminal.progress() as progressed:

            def press_in(home: Path, button: str, book: Path, files: Sequence[Path]) -> "Pressed":
                before = os.environ.get(HOME_VARIABLE)
                os.environ[HOME_VARIABLE] = str(home)
                # Ten requests a second are Intuit's limit, whichever press they are of; a person takes longer.
                clock.sleep(1)
                try:
                    return press_closed(button, book, files=files, progressed=progressed)
                finally:
                    os.environ.pop(HOME_VARIABLE)
                    if before is not None:
                        os.environ[HOME_VARIABLE] = before

            result = run_demo(out, seed, practice_desk, press_in, progressed)
    except OSError as error:
        refuse(terminal, unwritable(out, error))
    print_posted(terminal, result.posted)
    terminal.findings(result.findings)
    terminal.say("The month, made by the workbook's buttons:", "bold")
    terminal.say(f"  {out / BOOK}")
    terminal.say("The proof of it, and the settlement files:", "bold")
    terminal.say(f"  {out / 'tied-out.xlsx'}")
    terminal.say(f"  {out / 'settlements'}")
    terminal.finish(demo_json(result))
    raise typer.Exit(DONE if result.as_it_should else IN_PART)
