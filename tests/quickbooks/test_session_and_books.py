"""The guarded session and the books on it: patience, bounds, secrecy, whole lists."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import pytest

from tests.faults.world import Process, World, impatient_of, journal, world
from tieout.domain.account import Account
from tieout.domain.company import QuickBooksAddress
from tieout.domain.posting import Outcome
from tieout.ports import BooksUnavailable
from tieout.quickbooks.opening import open_books
from tieout.secrets import PracticeVault


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def process(there: World) -> Iterator[Process]:
    with there.process() as opened:
        yield opened


def _unavailable(question: Any) -> BooksUnavailable:
    with pytest.raises(BooksUnavailable) as raised:
        question()
    return raised.value


def test_the_company_and_its_preferences_are_read(there: World, process: Process) -> None:
    assert process.books.company().name == "Practice Company"
    preferences = process.books.preferences()
    assert (preferences.home_currency, preferences.multicurrency, preferences.closed_until) == ("USD", True, None)
    there.practice.set_preference("AccountingInfoPrefs.BookCloseDate", "2026-01-31")
    assert str(process.books.preferences().closed_until) == "2026-01-31"


def test_lists_are_read_to_their_end_also_when_the_last_page_is_full(process: Process) -> None:
    whole = process.books.accounts()
    for rows in (7, len(whole), len(whole) + 1):
        with mock.patch("tieout.quickbooks.queries.QUICKBOOKS_QUERY_ROWS_MAX", rows):
            assert process.books.accounts() == whole


def test_a_list_without_end_is_not_read_for_ever(process: Process) -> None:
    with (
        mock.patch("tieout.quickbooks.queries.QUICKBOOKS_QUERY_ROWS_MAX", 1),
        mock.patch("tieout.quickbooks.queries.QUICKBOOKS_QUERY_PAGES_MAX", 3),
    ):
        assert "does not end" in str(_unavailable(process.books.accounts))


def test_inactive_accounts_are_listed_too(there: World, process: Process) -> None:
    there.practice.inactivate_account("Amazon Loans")
    assert [account.name for account in process.books.accounts() if not account.active] == ["Amazon Loans (deleted)"]


def test_a_number_that_is_not_ours_never_gets_into_a_query(process: Process) -> None:
    for number in ("", "A" * 22, "AMZ-1' OR 'a' = 'a", "amz-1", "AMZ-1\\", "ÄMZ-1"):
        with pytest.raises(ValueError, match="not a document number"):
            process.books.find("JournalEntry", number)


def test_an_id_that_is_none_never_gets_into_an_address(process: Process) -> None:
    for identity in ("", "1/../../2", "1?x=1"):
        with pytest.raises(ValueError, match="not an id"):
            process.books.read("JournalEntry", identity)


def test_an_account_that_exists_is_a_conflict(process: Process) -> None:
    account = Account("", "Amazon Tests", "Expense", "CommissionsAndFees")
    made = process.books.create_account(account, "request-1")
    assert made.account is not None
    assert made.account.name == "Amazon Tests"
    assert process.books.create_account(account, "request-2").outcome is Outcome.CONFLICT


def test_changes_are_told_deletions_too(there: World, process: Process) -> None:
    before = there.clock.now() - timedelta(minutes=1)
    there.post([journal("AMZ-1-1", {"Business Checking": 100, "Amazon Sales": -100})])
    (change,) = process.books.changed_since(["JournalEntry"], before)
    assert change.document is not None
    assert change.document.doc_number == "AMZ-1-1"
    there.practice.delete_as_person("JournalEntry", change.id)
    (change,) = process.books.changed_since(["JournalEntry"], before)
    assert change.document is None


def test_the_realm_is_that_of_the_connection(there: World, tmp_path: Path) -> None:
    other = QuickBooksAddress(
        there.address.endpoint, there.address.token_url, "9130000000000001", there.address.client_id
    )
    books = open_books(other, PracticeVault(tmp_path, there.clock), there.clock)
    assert _unavailable(books.company).outcome is Outcome.SIGN_IN
    books.close()


def test_an_address_in_the_open_is_refused(there: World, tmp_path: Path) -> None:
    plain = QuickBooksAddress("http://books.example.test/v3/company/", there.address.token_url, "1", "client")
    with pytest.raises(ValueError, match="not https"):
        open_books(plain, PracticeVault(tmp_path, there.clock), there.clock)


def test_an_answer_too_large_counts_as_none(process: Process) -> None:
    with mock.patch("tieout.quickbooks.session.QUICKBOOKS_ANSWER_BYTES_MAX", 100):
        assert _unavailable(process.books.accounts).outcome is Outcome.UNKNOWN


class _Redirects(BaseHTTPRequestHandler):
    """Sends everybody elsewhere, and writes down who came."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def test_a_redirect_is_not_followed(there: World, tmp_path: Path) -> None:
    """A token would follow it."""
    _Redirects.seen.clear()
    with HTTPServer(("127.0.0.1", 0), _Redirects) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        endpoint = f"http://127.0.0.1:{server.server_port}/v3/company/"
        books = open_books(
            replace(there.address, endpoint=endpoint), PracticeVault(tmp_path, there.clock), there.clock
        )
        assert _unavailable(books.company).outcome is Outcome.UNKNOWN
        books.close()
        server.shutdown()
        thread.join()
    assert _Redirects.seen
    assert all("elsewhere" not in path for path in _Redirects.seen)


def test_a_write_that_never_left_is_tried_again_and_said_to_be_not_applied(there: World, process: Process) -> None:
    process.books.preferences()
    there.practice.stop()
    reply = process.books.send("JournalEntry", b"{}", "request-1")
    assert reply.outcome is Outcome.WAIT
    assert reply.finding is not None
    assert reply.finding.code == "quickbooks-unreachable"
    assert "no connection came about" in reply.finding.what
    assert "Error" not in reply.finding.what, "the name of an exception is for the log"
    assert there.clock.slept >= 21


@pytest.mark.parametrize(("asleep", "outcome"), [(590, Outcome.NOT_APPLIED), (700, Outcome.WAIT)])
def test_a_write_prepared_long_ago_does_not_go_out(
    there: World, process: Process, asleep: int, outcome: Outcome
) -> None:
    """A computer that was closed in the middle wakes up: by then somebody else may be at work."""
    process.books.preferences()
    there.practice.expire_access_tokens()
    token_service = [{"match": {"op": "token"}, "do": lambda _practice: there.clock.sleep(asleep)}]
    there.practice.add_faults(token_service)
    there.clock.sleep(3600)
    before = len(there.practice.requests())
    assert process.books.send("JournalEntry", b"{}", "request-1").outcome is outcome
    sent = [seen.op for seen in there.practice.requests()[before:]]
    assert ("create" in sent) == (outcome is Outcome.NOT_APPLIED)


def test_a_question_that_times_out_is_asked_again(there: World, process: Process) -> None:
    there.practice.add_faults([{"match": {"op": "companyinfo", "times": 2}, "do": "timeout_before"}])
    with impatient_of("timeout_before"):
        assert process.books.company().country == "US"


def test_nothing_secret_is_logged(there: World, process: Process, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tieout")
    there.practice.add_faults([{"match": {"op": "query"}, "do": "unauthorized"}])
    process.books.accounts()
    there.practice.add_faults([{"match": {"op": "companyinfo"}, "do": "reset"}])
    process.books.company()
    connection = there.practice.connection()
    assert "intuit_tid" in caplog.text
    for secret in ("Bearer", connection["client_secret"], connection["refresh_token"], "Authorization"):
        assert secret not in caplog.text


def test_a_netrc_does_not_take_the_token_away(
    there: World, process: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert process.books.company().name == "Practice Company"
