"""`tieout company`: add, list, use."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import UNREADABLE, Terminal, refuse
from tieout.domain.company import Company
from tieout.domain.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from tieout.store.companies import StoredCompanies

app = typer.Typer(help="Your companies: one store of books for each.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name by which you know it.")],
    country: Annotated[str, typer.Option(help="The country of its books (US, GB, DE…).")] = "US",
    practice: Annotated[
        Path | None, typer.Option(help="The JSON line of `tieout practice serve`, in a file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add a company and put it in use. With --practice it is bound to those servers, credentials included."""
    from tieout.commands.companies import new_company, read_practice_file
    from tieout.wiring import keep_credentials

    terminal = Terminal(as_json=as_json)
    connection = None
    if practice is not None:
        read = read_practice_file(practice)
        if isinstance(read, Finding):
            refuse(terminal, read)
        connection = read
    company = new_company(name, country, connection)
    added = company if isinstance(company, Finding) else _changed(terminal, lambda known: known.add(company))
    if isinstance(added, Finding):
        refuse(terminal, added, UNREADABLE)
    if connection is not None:
        keep_credentials(added, connection.secrets)
    terminal.say(f"{added.name} is added and in use.")
    terminal.finish({"company": company_json(added, in_use=True)})


@app.command("list")
def list_companies(as_json: AsJson = False) -> None:
    """List the companies; the one in use is marked."""
    from tieout.wiring import companies

    terminal = Terminal(as_json=as_json)
    registry = companies().read()
    rows = [
        (
            "*" if each.slug == registry.current else "",
            each.name,
            each.country,
            each.home_currency,
            "practice" if each.practice else "connected" if each.quickbooks else "not connected",
        )
        for each in registry.companies
    ]
    if rows:
        terminal.table("Companies", ("In use", "Name", "Country", "Currency", "QuickBooks"), rows)
    else:
        terminal.say("There is no company yet. Add one with `tieout company add NAME --country US`.")
    terminal.finish(
        {"companies": [company_json(each, in_use=each.slug == registry.current) for each in registry.companies]}
    )


@app.command()
def use(name: Annotated[str, typer.Argument(help="Its name.")], as_json: AsJson = False) -> None:
    """Put a company in use."""
    terminal = Terminal(as_json=as_json)
    used = _changed(terminal, lambda known: known.use(name))
    if isinstance(used, Finding):
        refuse(terminal, used)
    terminal.say(f"{used.name} is in use.")
    terminal.finish({"company": company_json(used, in_use=True)})


def _changed(terminal: Terminal, change: "Callable[[StoredCompanies], Company | Finding]") -> Company | Finding:
    """What a change of the registry gives; the command ends here where the data folder can't be written."""
    from tieout.commands.companies import home_unwritable
    from tieout.store.home import home_folder
    from tieout.wiring import companies

    try:
        return change(companies())
    except OSError as error:
        refuse(terminal, home_unwritable(home_folder(), error))


def company_json(company: Company, *, in_use: bool) -> dict[str, object]:
    """A company as the command line's JSON has it; nothing secret is in it."""
    return {
        "name": company.name,
        "slug": company.slug,
        "country": company.country,
        "home_currency": company.home_currency,
        "practice": company.practice,
        "realm_id": company.quickbooks.realm_id if company.quickbooks else None,
        "seller_id": company.amazon.seller_id if company.amazon else None,
        "in_use": in_use,
    }
