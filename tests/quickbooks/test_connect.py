"""Connecting: sign in at the practice company's own pages, by a page of ours and by pasting, and everything amiss."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.faults.world import journal, world
from tests.quickbooks.desk import Desk, allow, connect_desk
from tieout.commands.check_up import Health
from tieout.commands.connect_quickbooks import (
    PRODUCTION,
    SANDBOX,
    Attempt,
    Connected,
    Connecting,
    begin,
    checked_keys,
    complete,
    keep_keys,
)
from tieout.commands.connect_talk import connect_by_page
from tieout.commands.connection_ends import check_connection_ends
from tieout.commands.disconnect_quickbooks import disconnect_quickbooks
from tieout.commands.redirect_address import Granted, read_redirect
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.finding import Finding
from tieout.ports import BooksUnavailable
from tieout.quickbooks.opening import open_books
from tieout.quickbooks.sign_in import IntuitSignIn
from tieout.secrets import PracticeVault
from tieout.sign_in_ports import AppKeys

STATE = "a-state-of-ours"
CODE = "XAB11746472816abcdef"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with connect_desk(tmp_path) as made:
        yield made


def test_who_allows_it_is_connected_to_the_books_that_were_chosen(desk: Desk) -> None:
    connected = desk.connect()
    assert isinstance(connected, Connected)
    assert connected.books.name == "Practice Company"
    assert connected.findings == ()
    address = desk.company().quickbooks
    assert address is not None
    assert address.realm_id == desk.there.practice.connection()["realm_id"]
    kept = desk.vault.load("quickbooks")
    assert kept["client_secret"] == desk.keys.client_secret
    books = open_books(address, desk.vault, desk.there.clock)
    assert books.company().name == "Practice Company"
    books.close()
    (entry,) = desk.connecting.activity.entries()
    assert (entry.activity.what, entry.activity.who) == ("connected to QuickBooks", "anna")
    assert "Practice Company" in entry.activity.after


def test_connecting_again_renews_the_credentials(desk: Desk) -> None:
    assert isinstance(desk.connect(), Connected)
    first = desk.vault.load("quickbooks")["refresh_token"]
    assert isinstance(desk.connect(), Connected)
    assert desk.vault.load("quickbooks")["refresh_token"] != first


def test_another_company_than_the_bound_one_is_refused_before_the_permission_is_used(desk: Desk) -> None:
    bound = replace(
        desk.company(), quickbooks=QuickBooksAddress("https://x.test/v3/company/", "https://x", "99", "AB")
    )
    assert desk.companies.update(bound) is None
    before = len(desk.there.practice.requests())
    refused = desk.connect()
    assert isinstance(refused, Finding)
    assert refused.code == "connected-to-other-company"
    assert "99" in refused.what
    assert "token" not in {seen.op for seen in desk.there.practice.requests()[before:]}
    assert desk.company().quickbooks == bound.quickbooks


def test_a_store_that_posted_elsewhere_is_not_bound_to_these_books(desk: Desk) -> None:
    """The registry may have been lost or made anew; what was posted tells where it belongs all the same."""
    outbox = _PostedTo(desk.connecting.outbox, "99")
    attempt = desk.begin()
    refused = complete(replace(desk.again(), outbox=outbox), attempt, allow(attempt.address))  # type: ignore[arg-type]
    assert isinstance(refused, Finding)
    assert refused.code == "connected-to-other-company"


class _PostedTo:
    """An outbox that has postings of a company."""

    def __init__(self, outbox: Any, realm_id: str) -> None:
        self._outbox = outbox
        self._realm_id = realm_id

    def realm_ids(self) -> frozenset[str]:
        return frozenset({self._realm_id})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)


def test_books_in_another_currency_are_pointed_out(tmp_path: Path, desk: Desk) -> None:
    euro = replace(desk.company(), home_currency="EUR")
    assert desk.companies.update(euro) is None
    connected = desk.connect()
    assert isinstance(connected, Connected)
    assert [finding.code for finding in connected.findings] == ["books-currency-differs"]


def test_a_code_is_good_once(desk: Desk) -> None:
    attempt = desk.begin()
    came_to = allow(attempt.address)
    assert isinstance(complete(desk.again(), attempt, came_to), Connected)
    again = complete(desk.again(), attempt, came_to)
    assert isinstance(again, Finding)
    assert again.code == "quickbooks-sign-in"


def test_a_wrong_secret_is_said_and_not_shown(desk: Desk) -> None:
    desk.keys = AppKeys(desk.keys.client_id, "hushhush" * 5)
    refused = desk.connect()
    assert isinstance(refused, Finding)
    assert "invalid_client" in refused.what
    assert "hushhush" not in str(refused)
    assert "hushhush" not in repr(desk.keys)


def test_a_sign_in_service_that_is_away_is_said(desk: Desk) -> None:
    desk.there.practice.add_faults([{"match": {"op": "discovery", "times": 0}, "do": "html503"}])
    refused = begin(desk.connecting, desk.keys, desk.place)
    assert isinstance(refused, Finding)
    assert refused.code == "quickbooks-unreachable"


def test_addresses_for_secrets_are_intuits_or_on_this_machine(desk: Desk) -> None:
    """A discovery document that somebody tampered with sends no secret anywhere else."""
    service = IntuitSignIn(PRODUCTION.discovery_url, requests.Session(), desk.there.clock)
    for url, safe in (
        ("https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer", True),
        ("http://oauth.platform.intuit.com/oauth2/v1/tokens/bearer", False),
        ("https://intuit.com.example.test/token", False),
        ("https://notintuit.com/token", False),
        ("", False),
    ):
        service._found = {"token_endpoint": url, "x": "y"}
        if safe:
            assert service.token_url() == url
        else:
            with pytest.raises(BooksUnavailable):
                service.token_url()


@pytest.mark.parametrize(
    ("redirect", "usable"),
    [
        ("https://acme.example.test/callback", True),
        ("http://localhost:8973/callback", True),
        ("http://acme.example.test/callback", False),
        ("ftp://localhost/callback", False),
        ("", False),
    ],
)
def test_a_redirect_is_https_or_on_this_machine(desk: Desk, redirect: str, usable: bool) -> None:
    attempt = begin(desk.connecting, desk.keys, replace(desk.place, redirect=redirect))
    assert isinstance(attempt, Attempt) is usable
    if isinstance(attempt, Attempt):
        assert dict(parse_qsl(urlsplit(attempt.address).query))["redirect_uri"] == redirect


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        (f"https://x.test/cb?code={CODE}&state={STATE}&realmId=123", Granted(CODE, "123")),
        (f"  <https://x.test/cb?code={CODE}&state={STATE}\n&realmId=123#top> ", Granted(CODE, "123")),
        (f"code={CODE}&state={STATE}&realmId=123", Granted(CODE, "123")),
        (f"https://x.test/cb?state={STATE}&realmId=123&code={CODE}&more=1", Granted(CODE, "123")),
        ("", "redirect-unreadable"),
        ("https://x.test/cb", "redirect-unreadable"),
        (f"https://x.test/cb?state={STATE}&realmId=123", "redirect-unreadable"),
        (f"https://x.test/cb?code={'a' * 5000}&state={STATE}&realmId=123", "redirect-unreadable"),
        (f"https://x.test/cb?code=a'b;c&state={STATE}&realmId=123", "redirect-unreadable"),
        (f"https://x.test/cb?code={CODE}&state=another&realmId=123", "redirect-of-another-attempt"),
        (f"https://x.test/cb?code={CODE}&realmId=123", "redirect-of-another-attempt"),
        (f"https://x.test/cb?code={CODE}&state={STATE}é&realmId=123", "redirect-of-another-attempt"),
        (f"https://x.test/cb?code={CODE}&state={STATE}", "redirect-without-company"),
        (f"https://x.test/cb?code={CODE}&state={STATE}&realmId=12/../3", "redirect-without-company"),
        (f"https://x.test/cb?error=access_denied&state={STATE}", "sign-in-declined"),
    ],
)
def test_what_the_browser_came_to_is_read_or_refused(pasted: str, found: Granted | str) -> None:
    read = read_redirect(pasted, STATE)
    assert (read.code if isinstance(read, Finding) else read) == found


@pytest.mark.parametrize(
    ("client_id", "secret", "said"),
    [
        ("AB" + "c" * 48, "d" * 40, ""),
        (f" AB{'c' * 48}\n", "d" * 40, ""),
        ("", "d" * 40, "not known"),
        ("AB" + "c" * 48, "AB" + "d" * 48, ""),
        ("d" * 40, "AB" + "c" * 48, "each other's place"),
        ("C" + "c" * 48, "d" * 40, "begins with"),
        ("AB" + "c" * 48, "short", "about 40"),
        ("AB" + "c" * 48, "d" * 39 + "!", "about 40"),
    ],
)
def test_keys_are_checked_for_their_form(client_id: str, secret: str, said: str) -> None:
    keys = checked_keys(client_id, secret)
    if said:
        assert isinstance(keys, Finding)
        assert said in keys.what
        assert secret.strip() not in str(keys)
    else:
        assert isinstance(keys, AppKeys)


def test_keys_and_place_are_asked_for_once(desk: Desk) -> None:
    assert desk.connecting.known_keys() is None
    assert desk.connecting.known_place() is None
    keep_keys(desk.connecting, desk.keys, replace(SANDBOX, redirect="http://localhost:1234/back"))
    assert desk.connecting.known_keys() == desk.keys
    assert desk.connecting.known_place() == replace(SANDBOX, redirect="http://localhost:1234/back")


class Browser:
    """Opens the page in a thread of its own, and does what a person does there."""

    def __init__(self, person: Callable[[str], None]) -> None:
        self._person = person
        self._threads: list[threading.Thread] = []
        self.errors: list[BaseException] = []

    def __call__(self, address: str) -> None:
        thread = threading.Thread(target=self._go, args=(address,))
        self._threads.append(thread)
        thread.start()

    def _go(self, address: str) -> None:
        try:
            self._person(address)
        except BaseException as error:
            self.errors.append(error)

    def closed(self) -> None:
        for thread in self._threads:
            thread.join(20)
        assert self.errors == []


def _link(page: str) -> str:
    """Where the page's "Connect" leads."""
    import html

    return html.unescape(page.partition('class="go" href="')[2].partition('"')[0])


def test_by_the_page_the_browser_comes_back_by_itself(desk: Desk) -> None:
    keep_keys(desk.connecting, desk.keys, desk.place)

    def person(front: str) -> None:
        page = requests.get(front, timeout=10).text
        assert desk.keys.client_secret not in page
        done = requests.get(allow(_link(page)), timeout=10).text
        assert "Acme is connected to Practice Company." in done

    browser = Browser(person)
    here = replace(desk.place, redirect="http://localhost:0/callback")
    assert isinstance(connect_by_page(desk.connecting, here, browser), Connected)
    browser.closed()
    assert desk.company().quickbooks is not None


def test_by_the_page_keys_are_asked_for_and_an_address_can_be_pasted(desk: Desk) -> None:
    def person(front: str) -> None:
        assert 'type="password"' in requests.get(front, timeout=10).text
        wrong = requests.post(f"{front}keys", data={"client_id": "no", "client_secret": "no"}, timeout=10).text
        assert "not what Intuit" in wrong
        keys = {"client_id": desk.keys.client_id, "client_secret": desk.keys.client_secret}
        page = requests.post(f"{front}keys", data=keys, timeout=10).text
        nonsense = requests.post(f"{front}paste", data={"address": "https://www.example.test/"}, timeout=10).text
        assert "is not the address" in nonsense
        assert _link(nonsense) == _link(page)  # the same attempt goes on
        came_to = allow(_link(page))
        assert came_to.startswith("https://acme.example.test/quickbooks?")
        done = requests.post(f"{front}paste", data={"address": came_to}, timeout=10).text
        assert "is connected" in done

    browser = Browser(person)
    assert isinstance(connect_by_page(desk.connecting, desk.place, browser), Connected)
    browser.closed()
    assert desk.vault.load("quickbooks")["client_id"] == desk.keys.client_id


def test_after_a_refusal_the_page_offers_a_new_attempt(desk: Desk) -> None:
    keep_keys(desk.connecting, desk.keys, desk.place)

    def person(front: str) -> None:
        first = _link(requests.get(front, timeout=10).text)
        said_no = f"https://acme.example.test/quickbooks?error=access_denied&state={STATE}"
        refused = requests.post(f"{front}paste", data={"address": said_no}, timeout=10).text
        assert "not connected" in refused
        second = _link(refused)
        assert second != first
        requests.post(f"{front}paste", data={"address": allow(second)}, timeout=10)

    browser = Browser(person)
    assert isinstance(connect_by_page(desk.connecting, desk.place, browser), Connected)
    browser.closed()


def test_the_page_answers_this_machine_alone_and_only_who_knows_it(desk: Desk) -> None:
    keep_keys(desk.connecting, desk.keys, desk.place)

    def person(front: str) -> None:
        root = front.rsplit("/", 2)[0]
        assert requests.get(front, headers={"Host": "evil.example.test:80"}, timeout=10).status_code == 403
        assert requests.get(f"{root}/", timeout=10).status_code == 404
        assert requests.post(f"{root}/guess/paste", data={"address": "x"}, timeout=10).status_code == 404
        assert requests.post(f"{front}paste", data={"address": "x" * 30_000}, timeout=10).status_code == 413
        good = requests.get(front, timeout=10)
        assert good.headers["Cache-Control"] == "no-store"
        assert good.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in good.headers["Content-Security-Policy"]
        requests.post(f"{front}paste", data={"address": allow(_link(good.text))}, timeout=10)

    browser = Browser(person)
    assert isinstance(connect_by_page(desk.connecting, desk.place, browser), Connected)
    browser.closed()


def test_who_waits_can_stop(desk: Desk) -> None:
    class StopPressed(Exception):
        pass

    def stop() -> None:
        raise StopPressed

    with pytest.raises(StopPressed):
        connect_by_page(desk.connecting, desk.place, lambda _: None, stop)
    assert desk.company().quickbooks is None


def test_nobody_is_waited_for_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.sign_in_page.SIGN_IN_WAIT_SECONDS_MAX", 0)
    finding = connect_by_page(desk.connecting, desk.place, lambda _: None)
    assert isinstance(finding, Finding)
    assert finding.code == "sign-in-not-finished"


def test_a_port_that_is_taken_is_said(desk: Desk) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = replace(desk.place, redirect=f"http://localhost:{taken.getsockname()[1]}/callback")
        finding = connect_by_page(desk.connecting, place, lambda _: None)
    assert isinstance(finding, Finding)
    assert finding.code == "sign-in-page-not-opened"
    assert "--paste" in finding.to_do


def test_disconnecting_revokes_and_forgets(desk: Desk) -> None:
    assert isinstance(desk.connect(), Connected)
    address = desk.company().quickbooks
    assert address is not None
    token = desk.vault.load("quickbooks")["refresh_token"]
    keep_keys(desk.again(), desk.keys, desk.place)
    place = {"place": "production", "redirect": ""}
    desk.vault.save("quickbooks", desk.vault.load("quickbooks") | place)
    connecting = replace(desk.again(), sign_in=lambda _: desk.connecting.sign_in(desk.place))
    assert disconnect_quickbooks(connecting) == ()
    kept = desk.vault.load("quickbooks")
    assert "refresh_token" not in kept
    assert kept["client_id"] == desk.keys.client_id
    assert desk.company().quickbooks is None  # nothing was posted, so it may be bound to other books
    desk.vault.save("quickbooks", kept | {"refresh_token": token})
    books = open_books(address, desk.vault, desk.there.clock)
    with pytest.raises(BooksUnavailable, match="permission"):
        books.company()
    books.close()
    assert [finding.code for finding in disconnect_quickbooks(desk.again())] != []


def test_disconnecting_a_practice_company_keeps_its_books(tmp_path: Path) -> None:
    with world(tmp_path) as there, requests.Session() as http:
        there.post([journal("AMZ-1-1", {"Business Checking": 100, "Amazon Sales": -100})])
        with there.process() as process:
            bound: list[Company] = []
            company = replace(
                there.company,
                quickbooks=replace(there.address, discovery_url=there.practice.connection()["discovery_url"]),
            )
            connecting = Connecting(
                company=company,
                vault=PracticeVault(there.folder, there.clock),
                outbox=process.store.outbox,
                activity=process.store.activity,
                sign_in=lambda place: IntuitSignIn(place.discovery_url, http, there.clock),
                open_books=lambda _: pytest.fail("no books are opened"),
                bind=bound.append,  # type: ignore[arg-type,return-value]
                clock=there.clock,
                who="anna",
            )
            assert disconnect_quickbooks(connecting) == ()
            assert bound == []
            assert [finding.code for finding in disconnect_quickbooks(connecting)] == ["nothing-to-disconnect"]
        assert "revoke" in {seen.op for seen in there.practice.requests()}


def test_a_permission_that_could_not_be_withdrawn_is_told(desk: Desk) -> None:
    assert isinstance(desk.connect(), Connected)
    desk.there.practice.add_faults([{"match": {"op": "revoke", "times": 0}, "do": "html503"}])
    connecting = replace(desk.again(), sign_in=lambda _: desk.connecting.sign_in(desk.place))
    desk.vault.save("quickbooks", desk.vault.load("quickbooks") | {"place": "production"})
    (finding,) = disconnect_quickbooks(connecting)
    assert finding.code == "permission-not-withdrawn"
    assert "refresh_token" not in desk.vault.load("quickbooks")


NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rolling_days", "hard_days", "health", "said"),
    [
        (100, 1800, Health.GOOD, "if it is not used"),
        (31, 1800, Health.GOOD, "if it is not used"),
        (30, 1800, Health.LOOK, "30 days from now"),
        (100, 30, Health.LOOK, "whether it is used or not"),
        (100, 31, Health.GOOD, "whether it is used or not"),
        (0, 1800, Health.LOOK, "0 days"),
        (-1, 1800, Health.BAD, "ended"),
        (100, -1, Health.BAD, "ended"),
        (None, None, Health.GOOD, "after its first use"),
    ],
)
def test_the_end_of_a_connection_is_told_ahead(
    rolling_days: int | None, hard_days: int | None, health: Health, said: str
) -> None:
    values = {
        name: (NOW + timedelta(days=days)).isoformat()
        for name, days in (("refresh_ends_at", rolling_days), ("connection_ends_at", hard_days))
        if days is not None
    }
    check = check_connection_ends(values, NOW)
    assert check.health is health
    assert said in check.seen
    assert bool(check.to_do) is (health is not Health.GOOD)
