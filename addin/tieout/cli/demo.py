"""`tieout demo`: the whole month in a practice company, proved."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, Terminal, refuse

if TYPE_CHECKING:
    from tieout.commands.presses.run import Pressed

HOME_VARIABLE = "TIEOUT_HOME"


def demo(
    out: Annotated[Path, typer.Option(help="The folder for the workbook and the exports.")] = Path("tieout-demo"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same seller.")] = 1,
    as_json: AsJson = False,
) -> None:
    """See a month closed: a practice seller's orders and settlements, posted to a practice QuickBooks and proved.

    All of it stays on this machine and nothing of yours is touched. A few orders go through the sheet Errors, until
    something is put right in QuickBooks. One settlement has a fee that nobody knows: it is shown as an exception and
    is not posted, which is how Tieout treats what it does not know.
    """
    from tieout.buttons import press_closed
    from tieout.cli.posted_text import demo_json, print_orders, print_posted
    from tieout.commands.demo import BOOK, run_demo, unwritable
    from tieout.wiring import practice_company

    terminal = Terminal(as_json=as_json)
    try:
        with terminal.progress() as progressed:

            def press_in(home: Path, button: str, book: Path, rows: Sequence[str]) -> "Pressed":
                before = os.environ.get(HOME_VARIABLE)
                os.environ[HOME_VARIABLE] = str(home)
                try:
                    return press_closed(button, book, rows=rows, progressed=progressed)
                finally:
                    os.environ.pop(HOME_VARIABLE)
                    if before is not None:
                        os.environ[HOME_VARIABLE] = before

            result = run_demo(out, seed, practice_company, press_in, progressed)
    except OSError as error:
        refuse(terminal, unwritable(out, error))
    print_orders(terminal, result.orders)
    print_posted(terminal, result.posted)
    terminal.findings(result.findings)
    terminal.say("The month, made by the workbook's buttons:", "bold")
    terminal.say(f"  {out / BOOK}")
    terminal.say("The proof of it, and the settlement files as they came:", "bold")
    terminal.say(f"  {out / 'tied-out.xlsx'}")
    terminal.say(f"  {out / 'settlements'}")
    terminal.finish(demo_json(result))
    raise typer.Exit(DONE if result.as_it_should else IN_PART)
