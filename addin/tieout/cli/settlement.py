"""`tieout settlement show` and `tieout settlement post`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.terminal import SIGN_IN, UNREADABLE, Terminal, exit_status, finding_json, refuse
from tieout.commands.parcels import ClosedPeriod
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

if TYPE_CHECKING:
    from tieout.domain.posting_settings import PostingSettings

app = typer.Typer(help="Settlement files: read, check, map, draft, and post.", no_args_is_help=True)

# What the JSON of `show` and `post` has where nothing came of it.
_NOTHING: dict[str, list[str]] = {"settlements": [], "notices": []}


def _named(text: str) -> Path:
    """A path that was named; an empty one would be the folder where one stands, with all that is in it."""
    if not text.strip():
        raise typer.BadParameter("A file's name is empty.")
    return Path(text)


Files = Annotated[
    list[Path],
    typer.Argument(parser=_named, metavar="FILES", help="Settlement files or folders (.txt, .csv, .tsv, .gz, .zip)."),
]
Country = Annotated[str, typer.Option(help="The account's country (US, GB, DE…), where the file does not tell it.")]
Mappings = Annotated[
    Path | None,
    typer.Option(
        help="Your own fee mappings, a CSV; its rows win over the dictionary, in this run only: what a company keeps"
        " stands on the sheet Fee Mappings of its workbook."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
HowMethod = Annotated[
    Method, typer.Option(help="One journal a settlement and month; or orders paid, refunds, fees and a transfer.")
]
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
    from tieout.commands.post_by_orders import review_without_books
    from tieout.commands.review_settlements import read_settlements, review_read

    terminal = Terminal(as_json=as_json)
    settings = SettlementSettings(method, detail, date, negative, clock, deposit_to)
    source = read_mapping_source(mappings, None)
    if isinstance(source, Finding):
        refuse(terminal, source, nothing=_NOTHING)
    with terminal.progress() as progressed:
        documents, unread = read_documents(files)
        read = read_settlements([(document, country) for document in documents], settings, progressed)
        if method is Method.ORDERS:
            reviews = review_without_books(read, source, _posting(settings, country), country)
        else:
            reviews = review_read(read, mappings=source, settings=settings)
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


@app.command()
def post(
    files: Files,
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    country: Country = "",
    method: HowMethod = Method.SUMMARY,
    mappings: Mappings = None,
    create_accounts: Annotated[
        bool,
        typer.Option(
            "--create-accounts",
            help="You agree that accounts (by orders: customers and items too) QuickBooks lacks are created.",
        ),
    ] = False,
    closed_period: Annotated[
        ClosedPeriod, typer.Option("--closed-period", help="What happens to a journal whose day is closed.")
    ] = ClosedPeriod.WAIT,
    detail: HowDetail = Detail.FEE,
    date: HowDay = LastPartDay.SETTLEMENT_END,
    negative: HowNegative = NegativeTotal.CLEARING,
    clock: HowZone = PeriodZone.MARKETPLACE,
    deposit_to: HowDeposit = DepositTo.BANK,
    as_json: AsJson = False,
) -> None:
    """Post settlements to the company's QuickBooks, each exactly once, read them back, and say what ties out.

    Run it again whenever you like: what is posted is not posted again. A practice company has agreed beforehand
    to the creation of missing accounts.
    """
    from tieout.cli.posted_text import posted_json, print_posted
    from tieout.commands.files import read_documents
    from tieout.commands.mapping_source import read_mapping_source
    from tieout.commands.post_settlement_files import FilesSettings, post_settlement_files
    from tieout.wiring import Refused, desk, open_company

    terminal = Terminal(as_json=as_json)
    settings = SettlementSettings(method, detail, date, negative, clock, deposit_to)
    try:
        with terminal.progress() as progressed, open_company(company) as opened, desk(opened) as at_desk:
            source = read_mapping_source(mappings, opened.chart)
            if isinstance(source, Finding):
                refuse(terminal, source, nothing=_NOTHING)
            documents, unread = read_documents(files)
            how = FilesSettings(
                mappings=source,
                chart=opened.chart,
                settings=settings,
                posting=_posting(settings, opened.company.country),
                country=country,
                create_missing=create_accounts or opened.company.practice,
                closed_period=closed_period,
                known_settlements={each.settlement_id: each.end for each in opened.store.settlements.all()},
            )
            result = post_settlement_files(documents, at_desk, opened.store.orders, how, progressed)
    except Refused as refused:
        refuse(terminal, refused.finding, SIGN_IN if refused.sign_in else UNREADABLE, nothing=_NOTHING)
    findings = (*unread, *result.findings)
    print_posted(terminal, result)
    terminal.findings(findings)
    terminal.finish(posted_json(result, findings))
    raise typer.Exit(exit_status(any_read=bool(result.settlements), findings=findings))


def _posting(settings: SettlementSettings, country: str) -> "PostingSettings":
    """The settings of the method by orders that say the same."""
    from dataclasses import replace

    from tieout.domain.posting_settings import YesNo
    from tieout.rules.posting_settings import default_settings

    return replace(
        default_settings(country),
        method=settings.method,
        detail=settings.detail,
        last_part_day=settings.last_part_day,
        negative_total=settings.negative_total,
        period_zone=settings.period_zone,
        deposit_to=settings.deposit_to,
        transfer=YesNo.YES if settings.deposit_to is DepositTo.BANK else YesNo.NO,
    )
