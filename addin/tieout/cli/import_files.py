"""`tieout import`: Amazon's files into a company's store, with no credentials."""

from pathlib import Path
from typing import Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import SIGN_IN, UNREADABLE, Terminal, exit_status, finding_json, refuse


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Files and folders: .txt, .csv, .tsv, .json, .gz, .zip.")],
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    country: Annotated[str, typer.Option(help="Whose they are, where a file does not say (listings never do).")] = "",
    as_json: AsJson = False,
) -> None:
    """Import settlements, orders, listings, VAT and deferred transactions that you have as files.

    What each file is, its first line says. Nothing is posted; a file that is known already changes nothing.
    """
    from tieout.amazon_wiring import download_desk
    from tieout.commands.files import read_documents
    from tieout.commands.import_files import import_documents
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    try:
        with (
            terminal.progress() as progressed,
            open_company(company) as opened,
            download_desk(opened, with_amazon=False) as desk,
        ):
            documents, unread = read_documents(files)
            result = import_documents(documents, desk, country=country, progressed=progressed)
    except Refused as refused:
        refuse(terminal, refused.finding, SIGN_IN if refused.sign_in else UNREADABLE)
    rows = [(one.file, str(one.kind), one.subject, str(one.state)) for one in result.files]
    if rows:
        terminal.table("Files", ("File", "Is", "About", "Result"), rows, fold=frozenset({0, 2}))
    findings = (*unread, *result.findings)
    terminal.findings(findings)
    terminal.finish(
        {
            "imported": [
                {
                    "file": one.file,
                    "sha256": one.sha256,
                    "kind": str(one.kind),
                    "state": str(one.state),
                    "subject": one.subject or None,
                    "records": one.records,
                }
                for one in result.files
            ],
            "errors": [finding_json(finding) for finding in findings if finding.stops],
            "notices": [finding_json(finding) for finding in findings if not finding.stops],
        }
    )
    # One that was read as what it is, and refused for what it says, has a subject.
    any_read = any(one.state != "refused" or one.subject for one in result.files)
    raise typer.Exit(exit_status(any_read=any_read, findings=findings))
