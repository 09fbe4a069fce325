"""`tieout settlement show` and `tieout settlement post`."""

from pathlib import Path
from typing import Annotated

import typer

from tieout.cli.terminal import Terminal, exit_status, finding_json, refuse
from tieout.domain.finding import Finding
from tieout.domain.settings import (
    DepositTo,
    Detail,
    LastPartDay,
    Method,
    NegativeTotal,
    PeriodZone,
    SettlementSettings,
)

app = typer.Typer(help="Settlement files: read, check, map, draft, and post.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Settlement files or folders (.txt, .csv, .tsv, .gz, .zip).")]
Country = Annotated[str, typer.Option(help="The account's country (US, GB, DE…), where the file does not tell it.")]
Mappings = Annotated[
    Path | None, typer.Option(help="Your own fee mappings, a CSV; its rows win over the dictionary.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
HowMethod = Annotated[Method, typer.Option(help="How a settlement becomes documents.")]
HowDetail = Annotated[Detail, typer.Option(help="A journal line for each fee, or for each group.")]
HowDay = Annotated[LastPartDay, typer.Option("--date", help="The day of a settlement's last journal.")]
HowNegative = Annotated[NegativeTotal, typer.Option("--negative", help="Where a negative total goes.")]
HowZone = Annotated[PeriodZone, typer.Option("--clock", help="The clock that decides a line's month.")]
HowDeposit = Annotated[DepositTo, typer.Option("--deposit-to", help="Where a positive total goes.")]


@app.command()
def show(
    files: Files,
    country: Country = "",
    method: HowMethod = Method.SUMMARY,
    mappings: Mappings = None,
    detail: HowDetail = Detail.FEE,
    date: HowDay = LastPartDay.SETTLEMENT_END,
    negative: HowNegative = NegativeTotal.CLEARING,
    clock: HowZone = PeriodZone.MARKETPLACE,
    deposit_to: HowDeposit = DepositTo.BANK,
    as_json: AsJson = False,
) -> None:
    """Read, check, map and draft. Nothing is stored or posted, and no credentials are needed."""
    from tieout.cli.settlement_json import review_json
    from tieout.cli.settlement_text import print_reviews
    from tieout.commands.files import read_documents
    from tieout.commands.mapping_source import read_mapping_source
    from tieout.commands.review_settlements import review_settlements

    terminal = Terminal(as_json=as_json)
    settings = SettlementSettings(method, detail, date, negative, clock, deposit_to)
    source = read_mapping_source(mappings, None)
    if isinstance(source, Finding):
        refuse(terminal, source)
    with terminal.progress() as progressed:
        documents, unread = read_documents(files)
        reviews = review_settlements(
            documents, mappings=source, settings=settings, country=country, progressed=progressed
        )
    findings = (*unread, *reviews.findings)
    print_reviews(terminal, reviews)
    terminal.findings(findings)
    terminal.finish(
        {
            "settlements": [review_json(review) for review in reviews.reviews],
            "errors": [finding_json(finding) for finding in findings if finding.stops],
            "notices": [finding_json(finding) for finding in findings if not finding.stops],
        }
    )
    raise typer.Exit(exit_status(any_read=bool(reviews.reviews), findings=findings))
