"""`tieout demo`: the whole month in a practice company, proved."""

from pathlib import Path
from typing import Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, Terminal, refuse


def demo(
    out: Annotated[Path, typer.Option(help="The folder for the workbook and the exports.")] = Path("tieout-demo"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same seller.")] = 1,
    as_json: AsJson = False,
) -> None:
    """See a month closed: a practice seller's settlements, posted to a practice QuickBooks, and what ties out.

    Everything stays on this machine and nothing of yours is touched. One settlement has a fee that nobody knows:
    it is shown as an exception and is not posted, which is how Tieout treats what it does not know.
    """
    from tieout.cli.posted_text import demo_json, print_posted
    from tieout.commands.demo import run_demo, unwritable
    from tieout.wiring import practice_desk

    terminal = Terminal(as_json=as_json)
    try:
        with terminal.progress() as progressed:
            result = run_demo(out, seed, practice_desk, progressed)
    except OSError as error:
        refuse(terminal, unwritable(out, error))
    print_posted(terminal, result.posted)
    terminal.findings(result.findings)
    terminal.say(
        f"The proof is in {out / 'tied-out.xlsx'}; the settlement files are in {out / 'settlements'}.", "bold"
    )
    terminal.finish(demo_json(result))
    raise typer.Exit(DONE if result.as_it_should else IN_PART)
