"""A company on a file goes on where it was; what the server says of itself."""

from pathlib import Path

import pytest

from tests.practice.quickbooks.raw_client import Client, Clock, connected
from tieout.practice.quickbooks import PracticeQuickBooks


def test_a_company_on_a_file_goes_on(tmp_path: Path, clock: Clock) -> None:
    state = tmp_path / "deep" / "books.sqlite"
    with PracticeQuickBooks(state=state, country="GB", home_currency="GBP", clock=clock, seed=7) as first:
        with connected(first) as client:
            made = client.ok("journalentry", client.simple_journal(DocNumber="kept"), requestid="r")
            answer = client.last.text if client.last else ""
            tokens = (client.access_token, client.refresh_token)
        realm = first.connection()["realm_id"]
    with PracticeQuickBooks(state=state, country="US", home_currency="USD", clock=clock) as second:
        connection = second.connection()
        assert (connection["realm_id"], connection["refresh_token"]) == (realm, tokens[1])
        with connected(second) as client:
            client.access_token = tokens[0]
            assert client.read(f"journalentry/{made['Id']}")["DocNumber"] == "kept"
            assert client.read("companyinfo/1")["Country"] == "GB"
            assert client.post("journalentry", client.simple_journal(), requestid="r").text == answer
        assert second.write_requests() == 1
        assert second.ledger()["Business Checking"] == 1050


def test_a_folder_keeps_the_company_too(tmp_path: Path, clock: Clock) -> None:
    for _ in range(2):
        with PracticeQuickBooks(state=tmp_path, clock=clock) as practice, connected(practice) as client:
            client.ok("journalentry", client.simple_journal())
    with PracticeQuickBooks(state=tmp_path, clock=clock) as practice:
        assert len(practice.transactions("JournalEntry")) == 2


def test_what_failed_leaves_no_trace_in_the_file(tmp_path: Path, clock: Clock) -> None:
    state = tmp_path / "books.sqlite"
    with PracticeQuickBooks(state=state, clock=clock) as practice, connected(practice) as client:
        first = client.ok("journalentry", client.simple_journal())
        assert client.code("journalentry", client.simple_journal(DocNumber="x" * 30)) == "2050"
        assert client.code("journalentry", client.journal(("Debit", "Amazon Reserve", "1"))) == "2300"
    with PracticeQuickBooks(state=state, clock=clock) as again:
        assert [entry["Id"] for entry in again.transactions("JournalEntry")] == [first["Id"]]


def test_the_same_seed_gives_the_same_company(clock: Clock) -> None:
    def fixed(practice: PracticeQuickBooks) -> dict[str, str]:
        return {k: v for k, v in practice.connection().items() if not v.startswith("http")}

    with PracticeQuickBooks(seed=3, clock=clock) as one, PracticeQuickBooks(seed=3, clock=clock) as two:
        assert fixed(one) == fixed(two)
        with PracticeQuickBooks(seed=4, clock=clock) as three:
            assert fixed(three)["client_secret"] != fixed(one)["client_secret"]


def test_an_unknown_home_currency_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="XXX"):
        PracticeQuickBooks(home_currency="XXX")


def test_every_answer_has_an_intuit_tid_of_its_own(client: Client) -> None:
    seen = set()
    for path in ("preferences", "companyinfo/1", "journalentry/999", "query?query=nonsense"):
        seen.add(client.call("GET", path).headers["intuit_tid"])
    assert len(seen) == 4


def test_unknown_addresses(client: Client) -> None:
    assert client.session.get(f"{client.practice.base_url}/nothing", timeout=5).status_code == 404
    response = client.call("GET", "nonsense/1")
    assert response.status_code == 400
    assert response.json()["Fault"]["Error"][0]["code"] == "2000"
    not_json = client.call("POST", "journalentry", data="{")
    assert not_json.json()["Fault"]["Error"][0]["code"] == "2010"
    assert client.call("POST", "journalentry", data='{"Line": NaN}').status_code == 400


def test_the_log_of_requests(client: Client, practice: PracticeQuickBooks) -> None:
    client.ok("journalentry", client.simple_journal(), requestid="r-1")
    writes = [seen for seen in practice.requests() if seen.op == "create"]
    assert [(seen.entity, seen.status, seen.request_id) for seen in writes] == [("journalentry", 200, "r-1")]


def test_preferences_have_groups(practice: PracticeQuickBooks) -> None:
    with pytest.raises(ValueError, match="group"):
        practice.set_preference("BookCloseDate", "2026-01-01")
    with pytest.raises(ValueError, match="no active account"):
        practice.inactivate_account("Nothing")
