"""`tieout connect quickbooks` and `tieout disconnect quickbooks`, with a browser that allows it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.practice.quickbooks import PracticeQuickBooks


@pytest.fixture
def quickbooks() -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False) as server:
        yield server


@pytest.fixture(autouse=True)
def acme(quickbooks: PracticeQuickBooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    connection = tmp_path / "practice.json"
    connection.write_text(json.dumps({"quickbooks": quickbooks.connection()}), encoding="utf-8")
    assert _run("company", "add", "Acme", "--practice", str(connection))[0] == 0


def _run(*words: str, typed: str = "") -> tuple[int, dict[str, Any], str]:
    result = CliRunner().invoke(app, [*words, "--json"], input=typed)
    last = result.stdout.strip().splitlines()[-1] if result.stdout.strip() else "{}"
    return result.exit_code, json.loads(last), result.stderr


def _allow(address: str) -> str:
    return requests.get(address, allow_redirects=False, timeout=10).headers["Location"]


class _Person(threading.Thread):
    """Signs in on the page that opens."""

    def __init__(self, front: str) -> None:
        super().__init__()
        self._front = front

    def run(self) -> None:
        page = requests.get(self._front, timeout=10).text
        link = page.partition('class="go" href="')[2].partition('"')[0].replace("&amp;", "&")
        requests.get(_allow(link), timeout=10)


def test_a_page_opens_and_the_company_file_is_named() -> None:
    people: list[_Person] = []

    def browser(address: str) -> None:
        people.append(_Person(address))
        people[-1].start()

    with mock.patch("webbrowser.open", browser):
        status, said, told = _run("connect", "quickbooks")
    for person in people:
        person.join()
    assert status == 0
    assert (said["company"], said["quickbooks_company"], said["home_currency"]) == ("Acme", "Practice Company", "USD")
    assert "Acme is connected to Practice Company." in told


def test_without_a_page_the_address_is_pasted(quickbooks: PracticeQuickBooks) -> None:
    """The terminal says where to go; what the browser came to is typed in."""
    from tieout.commands import connect_quickbooks

    addresses: list[str] = []
    begin = connect_quickbooks.begin

    def remembered(*arguments: Any) -> Any:
        attempt = begin(*arguments)
        addresses.append(getattr(attempt, "address", ""))
        return attempt

    typed = iter(["nonsense", ""])

    def prompt(what: str, **options: Any) -> str:
        return next(typed) or _allow(addresses[0])

    redirect = "https://acme.example.test/quickbooks"
    with mock.patch.object(connect_quickbooks, "begin", remembered), mock.patch("typer.prompt", prompt):
        status, said, told = _run("connect", "quickbooks", "--paste", "--redirect", redirect)
    assert status == 0, told
    assert said["quickbooks_company"] == "Practice Company"
    assert "redirect-unreadable" in told
    assert addresses[0].startswith(f"{quickbooks.base_url}/connect/oauth2?")


def test_an_address_that_is_none_ends_the_command() -> None:
    status, said, _ = _run("connect", "quickbooks", "--paste", typed="no\nno\nno\n")
    assert status == 1
    assert said["errors"][0]["code"] == "redirect-unreadable"


def test_keys_that_can_not_be_right_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_QUICKBOOKS_CLIENT_SECRET", "hushhush")
    status, said, told = _run("connect", "quickbooks", "--paste", "--client-id", "me")
    assert status == 2
    assert said["errors"][0]["code"] == "app-keys-malformed"
    assert "hushhush" not in told + json.dumps(said)


def test_disconnecting_ends_it_and_says_so_once(quickbooks: PracticeQuickBooks) -> None:
    status, said, told = _run("disconnect", "quickbooks")
    assert (status, said["notices"]) == (0, [])
    assert "disconnected" in told
    assert "revoke" in {seen.op for seen in quickbooks.requests()}
    status, said, _ = _run("disconnect", "quickbooks")
    assert status == 0
    assert [notice["code"] for notice in said["notices"]] == ["nothing-to-disconnect"]


def test_check_up_tells_when_the_connection_ends() -> None:
    _run("check-up")
    _, said, _ = _run("check-up")
    (check,) = [check for check in said["checks"] if check["name"] == "QuickBooks connection"]
    assert check["health"] == "good"
    assert "It ends on" in check["seen"]
