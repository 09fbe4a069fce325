"""`tieout disconnect`: end a connection. What was downloaded and posted stays."""

from typing import Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, UNREADABLE, Terminal, exit_status, finding_json, refuse
from tieout.domain.finding import Finding, Severity

app = typer.Typer(help="End a connection.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """End a connection."""


@app.command()
def quickbooks(
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Withdraw the permission at Intuit's and remove the credentials from this machine. What was posted stays."""
    from tieout.commands.disconnect_quickbooks import disconnect_quickbooks
    from tieout.quickbooks_wiring import connecting
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    try:
        with open_company(company) as opened, connecting(opened) as talk:
            findings = disconnect_quickbooks(talk)
            name = opened.company.name
    except Refused as refused:
        refuse(terminal, refused.finding, UNREADABLE)
    if not findings:
        terminal.say(f"{name} is disconnected from QuickBooks.", "bold")
    terminal.findings(findings)
    terminal.finish({"company": name, "notices": [finding_json(finding) for finding in findings]})
    raise typer.Exit(exit_status(any_read=True, findings=findings))


@app.command()
def amazon(
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    seller_id: Annotated[str, typer.Option(help="The merchant token, where the company has several sellers.")] = "",
    as_json: AsJson = False,
) -> None:
    """Remove a seller's credentials from this machine and download nothing more of it. What was downloaded stays."""
    from tieout.amazon_wiring import disconnect_seller
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    try:
        with open_company(company) as opened:
            name = opened.company.name
            gone = disconnect_seller(opened, seller_id)
    except Refused as refused:
        refuse(terminal, refused.finding, UNREADABLE)
    if isinstance(gone, Finding):
        if gone.severity is Severity.NOTICE:
            terminal.findings([gone])
            terminal.finish({"company": name, "seller_id": "", "notices": [finding_json(gone)]})
            raise typer.Exit(DONE)
        refuse(terminal, gone, IN_PART)
    seller = gone[0].seller_id
    terminal.say(f"{name} is disconnected from the seller {seller}.", "bold")
    terminal.say("Amazon counts the application as authorised until that is ended in Seller Central.")
    terminal.finish({"company": name, "seller_id": seller, "notices": []})
