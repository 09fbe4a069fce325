"""`tieout new` and `tieout repair`: a workbook for a company, and a workbook that is to work again."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.company import company_json
from tieout.cli.settlement import AsJson
from tieout.cli.terminal import Terminal, finding_json, refuse
from tieout.domain.finding import Finding

if TYPE_CHECKING:
    from tieout.commands.new_book import ExcelSetup
    from tieout.domain.company import Company

BookPath = Annotated[Path, typer.Argument(metavar="BOOK.xlsm", help="The workbook.")]
Trust = Annotated[
    bool, typer.Option("--trust", help="Make the workbook's folder a trusted location of Excel (Windows).")
]


def new(
    book: BookPath,
    company: Annotated[str, typer.Option(help="The company by the name you know it; added where it is new.")],
    country: Annotated[str, typer.Option(help="The country of a new company's books (US, GB, DE…).")] = "",
    trust: Trust = False,
    as_json: AsJson = False,
) -> None:
    """Make a workbook for a company, on this machine, and tell Excel where Python is."""
    from tieout.commands.new_book import check_new_book, set_up_excel, unwritable
    from tieout.sheets.build import build_workbook
    from tieout.wiring import Refused, company_id_of, open_company

    terminal = Terminal(as_json=as_json)
    problem = check_new_book(book)
    if problem is not None:
        refuse(terminal, problem)
    chosen = _company(terminal, company, country)
    try:
        with open_company(chosen.slug) as opened:
            company_id = company_id_of(opened)
    except Refused as refused:
        refuse(terminal, refused.finding)
    try:
        build_workbook(book, company=chosen.name, country=chosen.country, company_id=company_id)
    except OSError as error:
        refuse(terminal, unwritable(book, error))
    setup = set_up_excel(sys.platform, sys.executable, trust=book.parent if trust else None)
    terminal.say(f"{book} is ready for {chosen.name} ({chosen.country}). Open it, and allow its macros.", "bold")
    _tell_setup(terminal, setup)
    terminal.finish(
        {
            "book": str(book),
            "company": company_json(chosen, in_use=False),
            "company_id": company_id,
            **_setup_json(setup),
        }
    )


def repair(book: BookPath, trust: Trust = False, as_json: AsJson = False) -> None:
    """Bring a workbook into order: tell Excel where Python is, put back missing tables, columns and the ribbon."""
    from tieout.commands.new_book import set_up_excel
    from tieout.commands.repair_book import repair_book
    from tieout.wiring import companies

    terminal = Terminal(as_json=as_json)
    countries = {each.slug: each.country for each in companies().read().companies}
    repaired = repair_book(book, countries)
    if isinstance(repaired, Finding):
        refuse(terminal, repaired)
    setup = set_up_excel(sys.platform, sys.executable, trust=book.parent if trust else None)
    done = ", ".join(repaired.added) or "nothing was missing"
    terminal.say(f"{book.name}: {done}.", "bold")
    if repaired.copy is not None:
        terminal.say(f"As it was before, it is kept as {repaired.copy.name}.")
    _tell_setup(terminal, setup)
    terminal.finish(
        {
            "book": str(book),
            "added": list(repaired.added),
            "copy": str(repaired.copy) if repaired.copy else None,
            **_setup_json(setup),
        }
    )


def _company(terminal: Terminal, name: str, country: str) -> "Company":
    """The company of a name, added where there is none."""
    from tieout.commands.companies import new_company
    from tieout.commands.new_book import other_country
    from tieout.wiring import companies

    registry = companies()
    known = registry.read().company(name)
    if known is not None:
        if country and known.country != country.upper().replace("UK", "GB"):
            refuse(terminal, other_country(known, country))
        return known
    made = new_company(name, country or "US")
    added = made if isinstance(made, Finding) else registry.add(made)
    if isinstance(added, Finding):
        refuse(terminal, added)
    return added


def _tell_setup(terminal: Terminal, setup: "ExcelSetup") -> None:
    if setup.settings is not None:
        terminal.say(f"Excel finds Python by {setup.settings}.")
    if setup.applescript is not None:
        terminal.say(f"Excel may run {setup.applescript.name}.")
    if setup.trusted:
        terminal.say("Excel trusts the folder.")
    terminal.findings(setup.findings)


def _setup_json(setup: "ExcelSetup") -> dict[str, Any]:
    return {
        "excel_settings": str(setup.settings) if setup.settings else None,
        "applescript": str(setup.applescript) if setup.applescript else None,
        "trusted": bool(setup.trusted),
        "notices": [finding_json(finding) for finding in setup.findings],
    }
