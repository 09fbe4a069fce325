"""`tieout check-up`: what on this machine or in a company could stand in the way."""

from dataclasses import replace
from typing import Annotated

import typer

from tieout.cli.command_words import in_terminal
from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, Terminal


def check_up(
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Check Python, libraries, the data folder, and the company's log, credentials, QuickBooks and Amazon."""
    from tieout.check_wiring import company_checks
    from tieout.commands.check_up import Check, Health, check_machine, worst
    from tieout.store.home import home_folder
    from tieout.wiring import Refused, companies, open_company

    terminal = Terminal(as_json=as_json)
    checks = list(check_machine(home_folder()))
    try:
        if company or companies().read().in_use() is not None:
            with open_company(company) as opened:
                checks += company_checks(opened)
        else:
            checks.append(
                Check("Company", Health.LOOK, "There is none yet.", "Add one with `tieout company add NAME`.")
            )
    except Refused as refused:
        checks.append(Check.of("Company", refused.finding))
    checks = [replace(check, to_do=in_terminal(check.to_do)) for check in checks]
    rows = [(check.name, str(check.health), f"{check.seen} {check.to_do}".strip()) for check in checks]
    terminal.table("Check-up", ("Check", "Result", "What was seen"), rows, fold=frozenset({2}))
    terminal.finish(
        {
            "checks": [
                {"name": check.name, "health": str(check.health), "seen": check.seen, "to_do": check.to_do or None}
                for check in checks
            ]
        }
    )
    raise typer.Exit(IN_PART if worst(checks) is Health.BAD else DONE)
