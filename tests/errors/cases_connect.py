"""What can be amiss while QuickBooks is connected or disconnected."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from unittest import mock

from tests.errors.case import ErrorCase
from tests.quickbooks.desk import Desk, allow, connect_desk
from tieout.commands.connect_quickbooks import Connected, begin, checked_keys, complete
from tieout.commands.connect_talk import connect_by_page
from tieout.commands.disconnect_amazon import sellers_to_disconnect
from tieout.commands.disconnect_quickbooks import disconnect_quickbooks
from tieout.commands.redirect_address import read_redirect
from tieout.domain.company import AmazonAddress, Company, QuickBooksAddress
from tieout.domain.finding import Finding

STATE = "p4Xk2vQ0"
_SELLERLESS = Company("acme", "Acme Ltd", "US", "USD")
_TWO_SELLERS = replace(
    _SELLERLESS,
    amazon=AmazonAddress("https://sellingpartnerapi-na.amazon.com", "", "", "A1ABCDEFGHIJKL"),
    more_amazon=(AmazonAddress("https://sellingpartnerapi-na.amazon.com", "", "", "A2ABCDEFGHIJKL"),),
)
CODE = "XAB11746472816abcdef"


def _told(result: object) -> list[Finding]:
    return [result] if isinstance(result, Finding) else []


def _read(address: str) -> Callable[[Path], Iterable[Finding]]:
    def provoke(_: Path) -> Iterable[Finding]:
        found = read_redirect(address, STATE)
        return [found] if isinstance(found, Finding) else []

    return provoke


def _keys(client_id: str, secret: str) -> Callable[[Path], Iterable[Finding]]:
    def provoke(_: Path) -> Iterable[Finding]:
        found = checked_keys(client_id, secret)
        return [found] if isinstance(found, Finding) else []

    return provoke


def _with_desk(press: Callable[[Desk], object]) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        with connect_desk(folder) as desk:
            found = press(desk)
        if isinstance(found, Connected):
            return found.findings
        return found if isinstance(found, tuple) else [found] if isinstance(found, Finding) else []

    return provoke


def _bound_elsewhere(desk: Desk) -> object:
    elsewhere = QuickBooksAddress("https://x.test/v3/company/", "https://x.test", "9130357000000001", "AB")
    desk.companies.update(replace(desk.company(), quickbooks=elsewhere))
    return desk.connect()


def _in_euro(desk: Desk) -> object:
    desk.companies.update(replace(desk.company(), home_currency="EUR"))
    return desk.connect()


def _taken_port(desk: Desk) -> object:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = replace(desk.place, redirect=f"http://localhost:{taken.getsockname()[1]}/callback")
        return connect_by_page(desk.connecting, place, lambda _: None)


def _nobody(desk: Desk) -> object:
    with mock.patch("tieout.sign_in_page.monotonic", side_effect=[0, 100_000]):
        return connect_by_page(desk.connecting, desk.place, lambda _: None)


def _not_revoked(desk: Desk) -> object:
    attempt = desk.begin()
    complete(desk.connecting, attempt, allow(attempt.address))
    desk.vault.save("quickbooks", desk.vault.load("quickbooks") | {"place": "production"})
    desk.there.practice.add_faults([{"match": {"op": "revoke", "times": 0}, "do": "html503"}])
    return disconnect_quickbooks(replace(desk.again(), sign_in=lambda _: desk.connecting.sign_in(desk.place)))


CASES = [
    ErrorCase(
        "redirect-unreadable",
        "That is not the address",
        "After you allow the connection, Intuit sends the browser to an address that holds a code. That address,"
        " whole, is what is asked for, whatever the page itself shows.",
        _read("https://developer.intuit.com/"),
    ),
    ErrorCase(
        "redirect-of-another-attempt",
        "An address of another attempt",
        "Each attempt to connect has a mark of its own. An address without it may be an old one, or one that somebody"
        " sent you so that you would connect to their books.",
        _read(f"https://x.test/cb?code={CODE}&state=another&realmId=123"),
    ),
    ErrorCase(
        "redirect-without-company",
        "No company was chosen",
        "Intuit says in the address which QuickBooks company was chosen; without it nothing can be bound.",
        _read(f"https://x.test/cb?code={CODE}&state={STATE}"),
    ),
    ErrorCase(
        "sign-in-declined",
        "The permission was not given",
        "Intuit sends the browser back with an error where somebody chose to cancel, or may not connect apps.",
        _read(f"https://x.test/cb?error=access_denied&state={STATE}"),
    ),
    ErrorCase(
        "connected-to-other-company",
        "Another QuickBooks company was chosen",
        "A company here is bound to one QuickBooks company, so that nothing is ever posted to two. The permission"
        " that was given just now was not used.",
        _with_desk(_bound_elsewhere),
    ),
    ErrorCase(
        "app-keys-missing",
        "The keys of your Intuit app are needed once",
        "Tieout talks to QuickBooks as an app of your own, so that nobody stands between you and your books.",
        _keys("", ""),
    ),
    ErrorCase(
        "app-keys-malformed",
        "Those are not keys of an Intuit app",
        "Client id and client secret stand beside each other on Intuit's page and are easily mixed up or cut short.",
        _keys("d" * 40, "AB" + "c" * 48),
    ),
    ErrorCase(
        "redirect-unusable",
        "Not an address that Intuit sends browsers to",
        "Intuit sends browsers to https addresses only; development keys may use http on this computer.",
        _with_desk(lambda desk: begin(desk.connecting, desk.keys, replace(desk.place, redirect="http://x.test/"))),
    ),
    ErrorCase(
        "books-currency-differs",
        "Books in another currency",
        "Each company was added with the currency of its country; these books are kept in another one.",
        _with_desk(_in_euro),
    ),
    ErrorCase(
        "sign-in-page-not-opened",
        "The page could not be opened",
        "Signing in leads through a page on this computer, at the address that your app is registered with. Another"
        " program is using its port.",
        _with_desk(_taken_port),
    ),
    ErrorCase(
        "sign-in-not-finished",
        "Nobody finished signing in",
        "The page waits for a while and then closes, so that it does not stay open for ever.",
        _with_desk(_nobody),
    ),
    ErrorCase(
        "nothing-to-disconnect",
        "There is no connection to end",
        "The company was never connected, or is disconnected already.",
        _with_desk(lambda desk: disconnect_quickbooks(desk.connecting)),
    ),
    ErrorCase(
        "no-seller-to-disconnect",
        "There is no seller account to disconnect",
        "The company was never connected to Amazon, or is disconnected already.",
        lambda folder: _told(sellers_to_disconnect(_SELLERLESS, "")),
    ),
    ErrorCase(
        "which-seller-to-disconnect",
        "It is not clear which seller account to disconnect",
        "A company can have several sellers; only the one that is named is disconnected.",
        lambda folder: [
            finding
            for wanted in ("", "A0000000000000")
            for finding in _told(sellers_to_disconnect(_TWO_SELLERS, wanted))
        ],
    ),
    ErrorCase(
        "permission-not-withdrawn",
        "Intuit could not be told",
        "Disconnecting removes the credentials from this computer and withdraws the permission at Intuit's. The"
        " second was not possible; QuickBooks' own list of apps does it too.",
        _with_desk(_not_revoked),
    ),
]
