"""The query language: its grammar, its pages, its refusals."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.practice.quickbooks.raw_client import Client, Clock, connected, exact
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.quickbooks.faults import Fault
from tieout.practice.quickbooks.query_grammar import Condition, Query, parse


@pytest.fixture
def client(practice: PracticeQuickBooks, clock: Clock) -> Iterator[Client]:
    """Five journal entries, a minute apart, dated backwards."""
    with connected(practice) as connection:
        for number in range(1, 6):
            body = connection.simple_journal(DocNumber=f"J-{number}", TxnDate=f"2026-01-{30 - number:02d}")
            connection.ok("journalentry", body)
            clock.advance(minutes=1)
        yield connection


def numbers(client: Client, clause: str) -> list[str]:
    found = client.query(f"select * from JournalEntry {clause}")
    return [entry["DocNumber"] for entry in found.get("JournalEntry", [])]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("where DocNumber = 'J-3'", [3]),
        ("WHERE DocNumber IN ('J-1', 'J-4','nothing') ORDERBY DocNumber", [1, 4]),
        ("where DocNumber like 'J-%' order by DocNumber desc", [5, 4, 3, 2, 1]),
        ("where DocNumber like '%5'", [5]),
        ("where DocNumber LIKE 'j-2'", [2]),
        ("where TxnDate >= '2026-01-27' orderby TxnDate", [3, 2, 1]),
        ("where TxnDate < '2026-01-27' AND DocNumber <= 'J-4'", [4]),
        ("where TxnDate > '2026-01-26' and TxnDate < '2026-01-29' order by TxnDate asc", [3, 2]),
        ("where Id = '2'", [2]),
        ("where Id in ('1', '5') order by Id", [1, 5]),
        ("where Id > '3' order by Id", [4, 5]),
        ("where (TxnDate = '2026-01-25')", [5]),
        ("where MetaData.CreateTime >= '2026-02-10T12:03:00-08:00' orderby MetaData.CreateTime", [4, 5]),
        ("where Metadata.LastUpdatedTime < '2026-02-10T20:01:00Z'", [1]),
        ("order by TxnDate, DocNumber desc startposition 2 maxresults 2", [4, 3]),
        ("where DocNumber = 'nothing'", []),
        ("startposition 6", []),
    ],
)
def test_conditions_orders_and_pages(client: Client, clause: str, expected: list[int]) -> None:
    found = numbers(client, clause)
    assert found == [f"J-{number}" for number in expected]


def test_no_result_is_an_empty_object_and_a_page_says_where_it_is(client: Client) -> None:
    assert client.query("select * from JournalEntry where DocNumber = 'nothing'") == {}
    page = client.query("select * from JournalEntry startposition 2 maxresults 3")
    assert (page["startPosition"], page["maxResults"], len(page["JournalEntry"])) == (2, 3, 3)


def test_transactions_come_latest_first_unless_asked(client: Client) -> None:
    assert numbers(client, "") == ["J-5", "J-4", "J-3", "J-2", "J-1"]


def test_counting(client: Client) -> None:
    assert client.query("SELECT COUNT(*) FROM JournalEntry") == {"totalCount": 5}
    assert client.query("select count(*) from JournalEntry where TxnDate > '2026-01-27'") == {"totalCount": 2}


def test_posted_and_got_queries_are_the_same(client: Client) -> None:
    statement = "SELECT * FROM JournalEntry WHERE DocNumber = 'J-1' ORDERBY TxnDate MAXRESULTS 5"
    posted = client.call("POST", "query", data=statement, headers={"Content-Type": "application/text"})
    assert exact(posted)["QueryResponse"] == client.query(statement)
    form = client.call("POST", "query", data={"query": statement})
    assert exact(form)["QueryResponse"] == client.query(statement)


def test_a_page_is_a_hundred_unless_asked_and_a_thousand_at_most(client: Client) -> None:
    for number in range(100):
        client.ok("account", {"Name": f"Account {number:03d}", "AccountType": "Expense"})
    assert client.query("select * from Account")["maxResults"] == 100
    every = client.query("select * from Account maxresults 1000")["maxResults"]
    assert every == client.query("select count(*) from Account")["totalCount"] > 100
    assert client.query_code("select * from Account maxresults 1001") == "4001"
    assert client.query_code("select * from Account maxresults 0") == "4001"
    assert client.query_code("select * from Account startposition 0") == "4001"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("select * from JournalEntry where PrivateNote = 'x'", "4001"),
        ("select * from JournalEntry where Line = 'x'", "4001"),
        ("select * from JournalEntry where Nonsense = 'x'", "4001"),
        ("select * from JournalEntry order by PrivateNote", "4001"),
        ("select * from Account where AcctNum = '1'", "4001"),
        ("select * from Nonsense", "4001"),
        ("select * from Account where CurrentBalance > 'much'", "4001"),
        ("select Nonsense from Account", "4001"),
        ('select * from JournalEntry where DocNumber = "x"', "4000"),
        ("select * from JournalEntry where DocNumber = 'x", "4000"),
        ("select * from JournalEntry where DocNumber != 'x'", "4000"),
        ("select * from JournalEntry where DocNumber = 'x' or DocNumber = 'y'", "4000"),
        ("select * from JournalEntry where", "4000"),
        ("select * from JournalEntry where DocNumber = unquoted", "4000"),
        ("select * JournalEntry", "4000"),
        ("select * from JournalEntry order TxnDate", "4000"),
        ("select * from JournalEntry maxresults '5'", "4000"),
        ("select * from JournalEntry where DocNumber in ()", "4000"),
        ("delete from JournalEntry", "4000"),
        ("   ", "4000"),
    ],
)
def test_what_cannot_be_asked(client: Client, statement: str, code: str) -> None:
    assert client.query_code(statement) == code


def test_the_wording_of_a_property_that_is_not_queryable(client: Client) -> None:
    response = client.call("GET", "query", params={"query": "select * from JournalEntry where PrivateNote = 'x'"})
    error = response.json()["Fault"]["Error"][0]
    assert error["Detail"] == "QueryValidationError: property 'PrivateNote' is not queryable"


def test_quotes_and_backslashes_in_values(client: Client) -> None:
    client.ok("journalentry", client.simple_journal(DocNumber="O'Neil"))
    client.ok("journalentry", client.simple_journal(DocNumber="a\\b"))
    assert numbers(client, r"where DocNumber = 'O\'Neil'") == ["O'Neil"]
    assert numbers(client, r"where DocNumber = 'a\\b'") == ["a\\b"]


def test_numbers_and_booleans(client: Client) -> None:
    reserve = client.query("select * from Account where CurrentBalance > 10 and Name = 'Business Checking'")
    assert reserve["Account"][0]["CurrentBalance"] == Decimal("52.50")
    assert client.query("select * from Account where CurrentBalance < '0'")["Account"][0]["Name"] == "Amazon Clearing"
    assert client.query("select count(*) from Account where Active = true")["totalCount"] > 5
    assert client.query("select * from Account where Active = 'false'") == {}


def test_a_number_is_not_equal_to_one_that_looks_alike(client: Client) -> None:
    client.ok("journalentry", client.simple_journal(DocNumber="0012"))
    assert numbers(client, "where DocNumber = '12'") == []
    assert numbers(client, "where DocNumber = '0012'") == ["0012"]


def test_chosen_properties(client: Client) -> None:
    found = client.query("select Id, DocNumber, MetaData.CreateTime from JournalEntry where DocNumber = 'J-1'")
    (entry,) = found["JournalEntry"]
    assert set(entry) == {"Id", "DocNumber", "MetaData", "domain", "sparse"}
    assert "FullyQualifiedName" in client.query("SELECT *, Sku FROM Account maxresults 1")["Account"][0]


def test_the_company_itself_can_be_queried(client: Client) -> None:
    info = client.query("select * from CompanyInfo")["CompanyInfo"][0]
    assert (info["Country"], info["CompanyName"]) == ("US", "Practice Company")
    preferences = client.query("select * from Preferences")["Preferences"][0]
    assert preferences["CurrencyPrefs"]["HomeCurrency"]["value"] == "USD"
    assert client.query("select count(*) from CompanyInfo") == {"totalCount": 1}


WORDS = st.text(min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(value=WORDS)
def test_every_value_survives_quoting(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    query = parse(f"select * from JournalEntry where DocNumber = '{quoted}'")
    assert query.conditions == (Condition("DocNumber", "=", (value,)),)


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=40), start=st.sampled_from(["", "select * from Account ", "select * from Account where "])
)
def test_any_text_is_a_query_or_a_fault(text: str, start: str) -> None:
    outcome: object
    try:
        outcome = parse(start + text)
    except Fault as refused:
        outcome = refused.errors[0].code
    assert isinstance(outcome, Query) or outcome in ("4000", "4001")
