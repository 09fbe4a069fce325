"""Connect to QuickBooks: a person allows it at Intuit's, and the company is bound to the books that were chosen.

Two steps, however they are talked through (a page in the browser, the terminal): `begin` gives the address to go to,
`complete` takes the address that the browser came back to. Intuit sends browsers of production apps to https
addresses only, and never to this machine (its "Set redirect URI"), so what the browser came to can always be pasted.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tieout.commands import connect_findings as say
from tieout.commands.redirect_address import read_redirect
from tieout.domain.activity import Activity
from tieout.domain.books import BooksCompany, BooksPreferences
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.finding import Finding
from tieout.ports import ActivityLog, Books, BooksUnavailable, Clock, Outbox
from tieout.secrets import Vault
from tieout.sign_in_ports import AppKeys, SignIn

SERVICE = "quickbooks"
CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN = "client_id", "client_secret", "refresh_token"
PLACE, REDIRECT = "place", "redirect"
# What tells of one connection, and goes with it; the app's keys are asked for once and stay.
OF_CONNECTION = (REFRESH_TOKEN, "refresh_ends_at", "connection_ends_at")
# Intuit's client ids begin with AB; both are of letters and digits (its page "Keys and credentials").
_CLIENT_ID = re.compile(r"AB[A-Za-z0-9]{30,78}\Z", re.ASCII)
_CLIENT_SECRET = re.compile(r"[A-Za-z0-9]{30,80}\Z", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of QuickBooks companies is: real ones, Intuit's sample companies, or a practice company.

    `redirect` is where browsers are sent if nobody says otherwise; an app has to be registered with it.
    """

    name: str
    endpoint: str
    discovery_url: str
    redirect: str


# Intuit's own page for trying OAuth takes any browser and does nothing by itself; an app is registered with it.
_PLAYGROUND = "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl"
PRODUCTION = Place(
    "production",
    "https://quickbooks.api.intuit.com/v3/company/",
    "https://developer.api.intuit.com/.well-known/openid_configuration/",
    _PLAYGROUND,
)
SANDBOX = Place(
    "sandbox",
    "https://sandbox-quickbooks.api.intuit.com/v3/company/",
    "https://developer.api.intuit.com/.well-known/openid_sandbox_configuration/",
    "http://localhost:8973/callback",
)


@dataclass(frozen=True, slots=True)
class Connecting:
    """What connecting a company needs. `bind` keeps what is known of a company."""

    company: Company
    vault: Vault
    outbox: Outbox
    activity: ActivityLog
    sign_in: Callable[[Place], SignIn]
    open_books: Callable[[QuickBooksAddress], AbstractContextManager[Books]]
    bind: Callable[[Company], Finding | None]
    clock: Clock
    who: str

    def known_keys(self) -> AppKeys | None:
        """The app's keys, if they were ever said."""
        values = self.vault.load(SERVICE)
        address = self.company.quickbooks
        client_id = values.get(CLIENT_ID) or (address.client_id if address else "")
        secret = values.get(CLIENT_SECRET, "")
        return AppKeys(client_id, secret) if client_id and secret else None

    def known_place(self) -> Place | None:
        """Where its books are, if that was ever said; a practice company's are where it is bound to."""
        address, values = self.company.quickbooks, self.vault.load(SERVICE)
        if address is not None and self.company.practice:
            return Place("practice", address.endpoint, address.discovery_url, "http://localhost:0/callback")
        known = next((each for each in (PRODUCTION, SANDBOX) if each.name == values.get(PLACE)), None)
        if known is None and address is not None:
            known = next((each for each in (PRODUCTION, SANDBOX) if each.endpoint == address.endpoint), None)
        return replace(known, redirect=values.get(REDIRECT, known.redirect)) if known else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in on its way: the person goes to `address`, and the answer bears `state`."""

    address: str
    state: str
    redirect: str
    place: Place
    keys: AppKeys
    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Connected:
    """A company that is connected: the books that were chosen, and what there is to say."""

    company: Company
    books: BooksCompany
    preferences: BooksPreferences
    findings: tuple[Finding, ...] = ()


def checked_keys(client_id: str, client_secret: str) -> AppKeys | Finding:
    """The keys as a person said them, checked for their form; nothing of a secret gets into the finding."""
    client_id, client_secret = client_id.strip(), client_secret.strip()
    if not client_id or not client_secret:
        return say.keys_missing()
    if _CLIENT_ID.match(client_secret) and not _CLIENT_ID.match(client_id):
        return say.keys_malformed("client id and client secret are in each other's place")
    if not _CLIENT_ID.match(client_id):
        return say.keys_malformed('a client id begins with "AB" and has only letters and digits')
    if not _CLIENT_SECRET.match(client_secret):
        return say.keys_malformed("a client secret has about 40 letters and digits, and nothing else")
    return AppKeys(client_id, client_secret)


def keep_keys(connecting: Connecting, keys: AppKeys, place: Place) -> None:
    """Keep the app's keys, so that they are asked for once, and where they are for."""
    with connecting.vault.locked(SERVICE):
        values = connecting.vault.load(SERVICE)
        said = {CLIENT_ID: keys.client_id, CLIENT_SECRET: keys.client_secret}
        if not connecting.company.practice:
            said |= {PLACE: place.name, REDIRECT: place.redirect}
        connecting.vault.save(SERVICE, {**values, **said})


def begin(connecting: Connecting, keys: AppKeys, place: Place) -> Attempt | Finding:
    """The address for the person to go to; the finding where the redirect can't be one, or Intuit is not reached."""
    redirect = urlsplit(place.redirect)
    if redirect.scheme != "https" and not (redirect.scheme == "http" and redirect.hostname in _LOOPBACK):
        return say.redirect_unusable(place.redirect)
    state = secrets.token_urlsafe(32)
    sign_in = connecting.sign_in(place)
    try:
        address = sign_in.address(keys.client_id, place.redirect, state)
    except BooksUnavailable as unavailable:
        return unavailable.finding
    return Attempt(address, state, place.redirect, place, keys, sign_in)


def complete(connecting: Connecting, attempt: Attempt, came_to: str) -> Connected | Finding:
    """Take the address that the browser came to: check it, keep the credentials, bind the company to its books.

    Another company than the one it is bound to, or that its store posted to, is refused before the permission is
    used. Nothing is raised for what a person, Intuit or the network does.
    """
    granted = read_redirect(came_to, attempt.state)
    if isinstance(granted, Finding):
        return granted
    company = connecting.company
    bound = (connecting.outbox.realm_ids() | _bound(company)) - {granted.realm_id}
    if bound:
        return say.other_company(company, min(bound), granted.realm_id)
    try:
        values = attempt.sign_in.redeem(attempt.keys, granted.code, attempt.redirect)
        address = _address(company, attempt, granted.realm_id)
        _keep(connecting, attempt, values)
        with connecting.open_books(address) as books:
            found, preferences = books.company(), books.preferences()
    except BooksUnavailable as unavailable:
        return unavailable.finding
    connected = replace(company, quickbooks=address)
    refused = connecting.bind(connected)
    if refused is not None:
        return refused
    told = f"{found.name}, QuickBooks company {found.realm_id}"
    now = connecting.clock.now()
    connecting.activity.append(Activity(now, connecting.who, "connected to QuickBooks", company.name, after=told))
    differs = preferences.home_currency != company.home_currency
    findings = (say.other_currency(company, found, preferences.home_currency),) if differs else ()
    return Connected(connected, found, preferences, findings)


def _bound(company: Company) -> frozenset[str]:
    return frozenset({company.quickbooks.realm_id}) if company.quickbooks else frozenset()


def _address(company: Company, attempt: Attempt, realm_id: str) -> QuickBooksAddress:
    return QuickBooksAddress(
        endpoint=attempt.place.endpoint,
        token_url=attempt.sign_in.token_url(),
        realm_id=realm_id,
        client_id=attempt.keys.client_id,
        discovery_url=attempt.place.discovery_url,
    )


def _keep(connecting: Connecting, attempt: Attempt, values: Mapping[str, str]) -> None:
    """Keep the credentials, durably, before any of them is used; what told of an earlier connection goes."""
    keep_keys(connecting, attempt.keys, attempt.place)
    with connecting.vault.locked(SERVICE):
        before = connecting.vault.load(SERVICE)
        kept = {name: value for name, value in before.items() if name not in OF_CONNECTION}
        connecting.vault.save(SERVICE, {**kept, **values})
