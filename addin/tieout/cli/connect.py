"""`tieout connect`: let Tieout into an account that is yours."""

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, SIGN_IN, UNREADABLE, Terminal, finding_json, refuse
from tieout.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from tieout.commands.connect_amazon import Connected

SECRET_VARIABLE = "TIEOUT_AMAZON_CLIENT_SECRET"  # noqa: S105 - the name of a variable
TOKEN_VARIABLE = "TIEOUT_AMAZON_REFRESH_TOKEN"  # noqa: S105 - the name of a variable

app = typer.Typer(help="Connect your accounts.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """Connect your accounts."""


@app.command()
def amazon(
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    region: Annotated[str, typer.Option(help="NA, EU or FE; that of the company's country if not said.")] = "",
    seller_id: Annotated[str, typer.Option(help="The merchant token. Asked for if not said.")] = "",
    client_id: Annotated[str, typer.Option(help="The application's client id. Asked for if not said.")] = "",
    secret_made: Annotated[str, typer.Option(help="The day the client secret was made (2026-11-24).")] = "",
    endpoint: Annotated[str, typer.Option(help="Another endpoint than Amazon's own, such as its sandbox.")] = "",
    lwa: Annotated[str, typer.Option(help="Another sign-in address than Amazon's own.")] = "",
    as_json: AsJson = False,
) -> None:
    """Connect a seller account by a private application that the seller authorised (docs/amazon.md, step by step).

    The client secret and the refresh token are asked for and not shown, or taken from the variables
    TIEOUT_AMAZON_CLIENT_SECRET and TIEOUT_AMAZON_REFRESH_TOKEN. They are kept in the system's keyring. Run it again
    for another region or another seller; the company downloads from all of them.
    """
    from tieout.amazon.regions import ENDPOINTS
    from tieout.amazon_wiring import connect_seller
    from tieout.commands.connect_amazon import AmazonCredentials
    from tieout.domain.marketplace import by_country
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    today = datetime.now(UTC).date()
    made = _day(secret_made, today)
    if isinstance(made, Finding):
        refuse(terminal, made)
    try:
        with open_company(company) as opened:
            home = by_country(opened.company.country)
            chosen = region.strip().upper() or (home.region if home else "")
            if chosen not in ENDPOINTS:
                refuse(terminal, _no_region(region))
            credentials = AmazonCredentials(
                client_id=client_id.strip() or typer.prompt("Client id").strip(),
                client_secret=_secret(SECRET_VARIABLE, "Client secret"),
                refresh_token=_secret(TOKEN_VARIABLE, "Refresh token"),
                seller_id=seller_id.strip() or typer.prompt("Merchant token (seller id)").strip(),
                region=chosen,
            )
            result = connect_seller(opened, credentials, made.isoformat(), endpoint, lwa)
            safe_place = opened.vault()[1]
    except Refused as refused:
        refuse(terminal, refused.finding, SIGN_IN if refused.sign_in else UNREADABLE)
    if isinstance(result, tuple):
        terminal.findings(result)
        terminal.finish({"errors": [finding_json(finding) for finding in result]})
        raise typer.Exit(IN_PART)
    _tell(terminal, result, chosen, safe_place)
    raise typer.Exit(DONE)


def _tell(terminal: Terminal, connected: "Connected", region: str, safe_place: tuple[Finding, ...]) -> None:
    """What was connected, and what should be known of it."""
    address = connected.address
    names = [one.name for one in connected.participations if one.marketplace_id in address.marketplaces]
    terminal.say(f"Connected: {address.seller_id} on {', '.join(names)}.", "bold")
    notices = (*safe_place, *connected.findings)
    terminal.findings(notices)
    terminal.finish(
        {
            "seller_id": address.seller_id,
            "region": region,
            "marketplaces": list(address.marketplaces),
            "errors": [],
            "notices": [finding_json(finding) for finding in notices],
        }
    )


def _secret(variable: str, title: str) -> str:
    found = os.environ.get(variable, "").strip()
    return found or str(typer.prompt(title, hide_input=True)).strip()


def _day(text: str, today: date) -> date | Finding:
    """The day a secret was made; today where nothing is said."""
    if not text.strip():
        return today
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is not None and found <= today:
        return found
    return Finding(
        code="secret-day-unusable",
        severity=Severity.REFUSED,
        what=f"{text!r} is not a day on which the secret can have been made.",
        to_do="Write it as 2026-11-24; leave it out if it was made today.",
    )


def _no_region(region: str) -> Finding:
    return Finding(
        code="region-unknown",
        severity=Severity.REFUSED,
        what=f"{region!r} is no region of Amazon's."
        if region
        else "The company's country is in no region of Amazon's.",
        to_do="Say --region NA (North America), EU (Europe, Middle East, India) or FE (Far East).",
    )
