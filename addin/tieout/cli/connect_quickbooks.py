"""`tieout connect quickbooks`."""

import os
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, UNREADABLE, Terminal, finding_json, refuse
from tieout.commands.connect_quickbooks import Connected, Connecting, Place
from tieout.domain.finding import Finding
from tieout.sign_in_ports import AppKeys

SECRET_VARIABLE = "TIEOUT_QUICKBOOKS_CLIENT_SECRET"  # noqa: S105 - the name of a variable
# How often an address may be pasted that is none.
_PASTES_MAX = 3


def connect(
    company: Annotated[str, typer.Option(help="The company; the one in use if not said.")] = "",
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="A sample company of Intuit's, with development keys.")
    ] = False,
    client_id: Annotated[str, typer.Option(help="The client id of your Intuit app. Asked for if not known.")] = "",
    redirect: Annotated[str, typer.Option(help="One of your app's redirect URIs, if not the usual one.")] = "",
    paste: Annotated[bool, typer.Option("--paste", help="Without a page on this machine: all of it here.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the browser, or only say the address.")] = True,
    as_json: AsJson = False,
) -> None:
    """Connect a company to its QuickBooks: you sign in at Intuit's and allow it (docs/quickbooks.md, step by step).

    Client id and secret are those of an app of your own at developer.intuit.com. They are asked for once; the secret
    is not shown, or is taken from the variable TIEOUT_QUICKBOOKS_CLIENT_SECRET. It is kept in the system's keyring.
    """
    from tieout.quickbooks_wiring import connecting
    from tieout.wiring import Refused, open_company

    terminal = Terminal(as_json=as_json)
    try:
        with open_company(company) as opened, connecting(opened) as talk:
            place = _place(talk, sandbox, redirect)
            said = _said_keys(talk, place, client_id, ask=paste, prompt=_prompt(as_json))
            if isinstance(said, Finding):
                refuse(terminal, said)
            if said is not None and paste:
                result = _by_paste(terminal, talk, place, said, _prompt(as_json))
            else:
                result = _by_page(terminal, talk, place, open_it=browser)
            safe_place = opened.vault()[1]
    except Refused as refused:
        refuse(terminal, refused.finding, UNREADABLE)
    if isinstance(result, Finding):
        refuse(terminal, result, IN_PART)
    _connected(terminal, result, safe_place)
    raise typer.Exit(DONE)


def _place(talk: Connecting, sandbox: bool, redirect: str) -> Place:
    """Where its books are: as it was said before, unless it is said otherwise now."""
    from tieout.commands.connect_quickbooks import PRODUCTION, SANDBOX

    place = SANDBOX if sandbox else talk.known_place() or PRODUCTION
    return replace(place, redirect=redirect.strip()) if redirect.strip() else place


def _said_keys(
    talk: Connecting, place: Place, client_id: str, *, ask: bool, prompt: Callable[[str, bool], str]
) -> AppKeys | Finding | None:
    """The app's keys, kept where they are said now; None where the page is to ask for them."""
    from tieout.commands.connect_quickbooks import checked_keys, keep_keys

    known = talk.known_keys()
    if not client_id.strip() and (known is not None or not ask):
        return known
    secret = os.environ.get(SECRET_VARIABLE, "").strip()
    keys = checked_keys(client_id or prompt("Client id", False), secret or prompt("Client secret", True))
    if isinstance(keys, AppKeys):
        keep_keys(talk, keys, place)
    return keys


def _by_page(terminal: Terminal, talk: Connecting, place: Place, *, open_it: bool) -> Connected | Finding:
    from tieout.commands.connect_talk import connect_by_page

    def show(address: str) -> None:
        terminal.say(f"Sign in on this page of this computer: {address}")
        if open_it:
            webbrowser.open(address)

    return connect_by_page(talk, place, show)


def _by_paste(
    terminal: Terminal, talk: Connecting, place: Place, keys: AppKeys, prompt: Callable[[str, bool], str]
) -> Connected | Finding:
    from tieout.commands.connect_quickbooks import begin, complete

    attempt = begin(talk, keys, place)
    if isinstance(attempt, Finding):
        return attempt
    terminal.say("Open this address in a browser, sign in and allow the connection:")
    terminal.say(attempt.address)
    terminal.say("Then copy the whole address of the page that you come to, whatever that page says.")
    result = complete(talk, attempt, prompt("Address", False))
    for _ in range(_PASTES_MAX - 1):
        if not isinstance(result, Finding) or result.code != "redirect-unreadable":
            break
        terminal.findings([result])
        result = complete(talk, attempt, prompt("Address", False))
    return result


def _prompt(as_json: bool) -> Callable[[str, bool], str]:
    def prompt(what: str, hidden: bool) -> str:
        return str(typer.prompt(what, hide_input=hidden, err=as_json))

    return prompt


def _connected(terminal: Terminal, result: Connected, safe_place: tuple[Finding, ...]) -> None:
    terminal.say(f"{result.company.name} is connected to {result.books.name}.", "bold")
    notices = (*safe_place, *result.findings)
    terminal.findings(notices)
    terminal.finish(
        {
            "company": result.company.name,
            "quickbooks_company": result.books.name,
            "realm_id": result.books.realm_id,
            "country": result.books.country,
            "home_currency": result.preferences.home_currency,
            "errors": [],
            "notices": [finding_json(finding) for finding in notices],
        }
    )
