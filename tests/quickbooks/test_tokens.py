"""Refresh tokens: durable before use, one refresh at a time, nobody called disconnected too early."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.faults.world import TestClock
from tieout.domain.company import QuickBooksAddress
from tieout.domain.posting import Outcome
from tieout.ports import BooksUnavailable
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.quickbooks.tokens import CONNECTION_ENDS, REFRESH_ENDS, REFRESH_TOKEN, Tokens
from tieout.secrets import PracticeVault


@pytest.fixture
def practice() -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False, chart=False) as running:
        yield running


def _address(practice: PracticeQuickBooks) -> QuickBooksAddress:
    connection = practice.connection()
    return QuickBooksAddress(
        connection["endpoint"], connection["token_url"], connection["realm_id"], connection["client_id"]
    )


def _vault(practice: PracticeQuickBooks, folder: Path) -> PracticeVault:
    vault = PracticeVault(folder, TestClock())
    connection = practice.connection()
    vault.save("quickbooks", {name: connection[name] for name in ("client_secret", "refresh_token")})
    return vault


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_the_new_refresh_token_is_kept_before_the_access_token_is_given_out(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    class Full(PracticeVault):
        def save(self, service: str, values: Mapping[str, str]) -> None:
            raise OSError("the disk is full")

    _vault(practice, tmp_path)
    tokens = Tokens(_address(practice), Full(tmp_path, TestClock()), http, TestClock())
    with pytest.raises(OSError, match="full"):
        tokens.access_token()
    # The token that could not be kept is lost, and the one in the vault still opens the door.
    kept = Tokens(_address(practice), PracticeVault(tmp_path, TestClock()), http, TestClock())
    assert kept.access_token()


def test_an_access_token_is_used_until_shortly_before_its_end(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    clock = TestClock()
    tokens = Tokens(_address(practice), _vault(practice, tmp_path), http, clock)
    first = tokens.access_token()
    clock.sleep(3000)
    assert tokens.access_token() == first
    clock.sleep(500)
    assert tokens.access_token() != first


def test_the_ends_of_the_connection_are_kept(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    vault = _vault(practice, tmp_path)
    clock = TestClock()
    Tokens(_address(practice), vault, http, clock).access_token()
    kept = vault.load("quickbooks")
    assert timedelta(days=99) < datetime.fromisoformat(kept[REFRESH_ENDS]) - clock.now() < timedelta(days=101)
    assert datetime.fromisoformat(kept[CONNECTION_ENDS]).tzinfo is UTC
    assert "client_secret" in kept


def test_many_who_refresh_at_once_all_stay_connected(practice: PracticeQuickBooks, tmp_path: Path) -> None:
    vault = _vault(practice, tmp_path)
    address = _address(practice)
    given: list[str] = []
    errors: list[BaseException] = []

    def press() -> None:
        try:
            with requests.Session() as session:
                session.trust_env = False
                tokens = Tokens(address, PracticeVault(tmp_path, SleepyClock()), session, TestClock())
                for _ in range(3):
                    given.append(tokens.access_token())
                    tokens.replace(given[-1])
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(given) == 12
    assert vault.load("quickbooks")[REFRESH_TOKEN] == practice.connection()["refresh_token"]


class SleepyClock(TestClock):
    """Waits for real, a little."""

    __test__ = False

    def sleep_milliseconds(self, milliseconds: int) -> None:
        threading.Event().wait(0.05)


def test_a_token_that_another_program_put_there_meanwhile_is_tried(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    vault = _vault(practice, tmp_path)
    good = vault.load("quickbooks")

    class Stale(PracticeVault):
        """The first reading is of before another program signed in anew."""

        first = True

        def load(self, service: str) -> dict[str, str]:
            values = super().load(service)
            if self.first:
                self.first = False
                return values | {REFRESH_TOKEN: "an old one"}
            return values

    tokens = Tokens(_address(practice), Stale(tmp_path, TestClock()), http, TestClock())
    assert tokens.access_token()
    assert vault.load("quickbooks")[REFRESH_TOKEN] != good[REFRESH_TOKEN]


def _end(practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session, **values: Any) -> BooksUnavailable:
    vault = _vault(practice, tmp_path)
    vault.save("quickbooks", vault.load("quickbooks") | values)
    with pytest.raises(BooksUnavailable) as raised:
        Tokens(_address(practice), vault, http, TestClock()).access_token()
    return raised.value


def test_a_dead_refresh_token_wants_a_person(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    ended = _end(practice, tmp_path, http, refresh_token="dead")
    assert (ended.outcome, ended.finding.code) == (Outcome.SIGN_IN, "quickbooks-sign-in")


def test_no_refresh_token_wants_a_person(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    assert "not connected yet" in _end(practice, tmp_path, http, refresh_token="").finding.what


def test_a_wrong_secret_is_said_and_not_shown(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    ended = _end(practice, tmp_path, http, client_secret="hush-hush")
    assert ended.outcome is Outcome.SIGN_IN
    assert "invalid_client" in ended.finding.what
    assert "hush" not in str(ended.finding)


def test_a_sign_in_service_that_is_away_is_waited_for(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    practice.add_faults([{"match": {"op": "token", "times": 0}, "do": "html503"}])
    ended = _end(practice, tmp_path, http)
    assert (ended.outcome, ended.finding.code) == (Outcome.WAIT, "quickbooks-unreachable")


def test_a_lock_that_nobody_gives_back_ends_in_a_sentence(
    practice: PracticeQuickBooks, tmp_path: Path, http: requests.Session
) -> None:
    vault = _vault(practice, tmp_path)
    with vault.locked("quickbooks"), pytest.raises(BooksUnavailable) as raised:
        Tokens(_address(practice), vault, http, TestClock()).access_token()
    assert raised.value.outcome is Outcome.WAIT
