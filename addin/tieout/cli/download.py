"""`tieout download`: what Amazon has, into a company's store, without a workbook."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, SIGN_IN, Terminal, finding_json, refuse

if TYPE_CHECKING:
    from tieout.commands.download_desk import DownloadDesk, DownloadReport
    from tieout.commands.progress import Progressed


class What(StrEnum):
    """What can be downloaded, in the order in which it is."""

    SETTLEMENTS = "settlements"
    ORDERS = "orders"
    DEFERRED = "deferred"
    VAT = "vat"
    LISTINGS = "listings"


def download(
    what: Annotated[list[What] | None, typer.Argument(help="What to download; all of it if not said.")] = None,
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Download settlements, orders, deferred transactions, VAT reports, and listings with stock, each once.

    It goes on where the last one stopped, and waits as long as Amazon wants: Ctrl-C ends it, and nothing is lost.
    The buttons Download of a workbook do the same and show it. Nothing is posted.
    """
    from tieout.amazon_wiring import download_desk
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    wanted = [one for one in What if not what or one in what]
    try:
        with (
            terminal.progress() as progressed,
            open_company(company) as opened,
            download_desk(opened, progressed) as desk,
        ):
            reports = [(one, _work(one)(desk, progressed)) for one in wanted]
    except Refused as refused:
        refuse(terminal, refused.finding, SIGN_IN if refused.sign_in else IN_PART)
    for _, report in reports:
        terminal.say(report.summary)
    findings = tuple(dict.fromkeys(finding for _, report in reports for finding in report.findings))
    terminal.findings(findings)
    terminal.finish(
        {
            "downloads": [
                {
                    "what": str(one),
                    "new": len(report.new),
                    "updated": len(report.updated),
                    "gone": len(report.gone),
                    "unchanged": report.unchanged,
                    "complete": report.complete,
                }
                for one, report in reports
            ],
            "errors": [finding_json(finding) for finding in findings if finding.stops],
            "notices": [finding_json(finding) for finding in findings if not finding.stops],
        }
    )
    if any(report.sign_in for _, report in reports):
        raise typer.Exit(SIGN_IN)
    raise typer.Exit(DONE if all(report.complete for _, report in reports) else IN_PART)


def _work(what: What) -> "Callable[[DownloadDesk, Progressed], DownloadReport]":
    from tieout.commands.download_finances import download_deferred, download_vat
    from tieout.commands.download_listings import download_listings
    from tieout.commands.download_orders import download_orders
    from tieout.commands.download_settlements import download_settlements

    return {
        What.SETTLEMENTS: download_settlements,
        What.ORDERS: lambda desk, progressed: download_orders(desk, progressed=progressed),
        What.DEFERRED: download_deferred,
        What.VAT: download_vat,
        What.LISTINGS: lambda desk, progressed: download_listings(desk, progressed=progressed),
    }[what]
