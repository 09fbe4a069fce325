"""`tieout export`: what the button Export writes, for all settlements of a company, with no workbook at hand."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from tieout.cli.press import status_of
from tieout.cli.settlement import AsJson
from tieout.cli.terminal import UNREADABLE, Terminal, finding_json, refuse
from tieout.domain.finding import Finding


def export(
    out: Annotated[Path, typer.Option("--out", help="The folder that the files go to; made where there is none.")],
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the reconciliation of every settlement, read back from QuickBooks now: a workbook and CSV files.

    Settings and fee mappings are those of the workbook that the company was last posted or proved from, which is
    read and not changed; those of a new one where there is none.
    """
    from tieout.buttons import export_from
    from tieout.commands.presses.last_book import last_book, no_book
    from tieout.sheets.build import build_workbook
    from tieout.sheets.lean_import import import_xlwings_alone
    from tieout.wiring import Refused, company_id_of, open_company

    terminal = Terminal(as_json=as_json)
    import_xlwings_alone()
    notices: list[Finding] = []
    with TemporaryDirectory() as folder:
        book = Path(folder) / "export.xlsm"
        try:
            with open_company(company) as opened:
                chosen, company_id = opened.company, company_id_of(opened)
                known = last_book(opened.store.settings)
        except Refused as refused:
            refuse(terminal, refused.finding, UNREADABLE)
        if known is not None:
            shutil.copyfile(known, book)
        else:
            notices.append(no_book(chosen))
            build_workbook(book, company=chosen.name, country=chosen.country, company_id=company_id)
        with terminal.progress() as progressed:
            pressed = export_from(book, out, progressed)
    outcome = pressed.outcome
    terminal.say(f"{outcome.result}: {outcome.message}", "bold")
    terminal.findings([*notices, *outcome.findings])
    terminal.finish(
        {
            "company": chosen.name,
            "outcome": str(outcome.result),
            "message": outcome.message,
            "settlements": outcome.count,
            "files": [str(path) for path in outcome.files],
            "errors": [finding_json(finding) for finding in (*notices, *outcome.findings)],
        }
    )
    raise typer.Exit(status_of(pressed))
