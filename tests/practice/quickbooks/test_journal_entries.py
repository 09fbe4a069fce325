"""Journal entries: Intuit's rules, one by one, and the ledger behind them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.practice.quickbooks.raw_client import Client, Clock, connected, exact
from tieout.practice.quickbooks import PracticeQuickBooks


def changed_line(body: dict[str, Any], position: int, **fields: Any) -> dict[str, Any]:
    line = body["Line"][position]
    for name, value in fields.items():
        target = line if name in ("Amount", "DetailType", "Description") else line["JournalEntryLineDetail"]
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value
    return body


def test_a_journal_entry_is_posted_and_read_back(client: Client, practice: PracticeQuickBooks) -> None:
    made = client.ok("journalentry", client.simple_journal(DocNumber="AMZ-1-1", PrivateNote="hash"))
    assert made["TxnDate"] == "2026-01-31"
    assert made["TotalAmt"] == Decimal("0.00")
    assert made["TxnTaxDetail"] == {}
    assert [line["Id"] for line in made["Line"]] == ["0", "1"]
    assert made["Line"][0]["JournalEntryLineDetail"]["AccountRef"]["name"] == "Business Checking"
    assert client.read(f"journalentry/{made['Id']}") == made
    assert practice.ledger() == {"Business Checking": 1050, "Amazon Clearing": -1050}
    assert practice.write_requests() == 1


def test_amounts_are_written_with_their_exact_places(client: Client) -> None:
    client.ok("journalentry", client.simple_journal(amount="1234.5"))
    assert client.last is not None
    assert '"Amount":1234.50,' in client.last.text


def test_yen_have_no_places(clock: Clock) -> None:
    with (
        PracticeQuickBooks(country="JP", home_currency="JPY", limits=False, clock=clock) as yen,
        connected(yen) as client,
    ):
        client.ok("journalentry", client.simple_journal(amount="1500"))
        assert client.last is not None
        assert '"Amount":1500,' in client.last.text
        assert yen.ledger()["Business Checking"] == 1500


@pytest.mark.parametrize(
    ("position", "fields", "code"),
    [
        (0, {"PostingType": None}, "2260"),
        (0, {"PostingType": "Left"}, "2170"),
        (0, {"AccountRef": None}, "2020"),
        (0, {"AccountRef": {"value": "9999"}}, "2500"),
        (0, {"Amount": None}, "2020"),
        (0, {"Amount": "-1"}, "2290"),
        (0, {"Amount": "ten"}, "2140"),
        (0, {"Amount": "100000000000"}, "2240"),
        (0, {"Amount": "10.51"}, "2300"),
        (0, {"DetailType": None}, "2020"),
        (0, {"DetailType": "SalesItemLineDetail"}, "2170"),
        (0, {"Description": "x" * 4001}, "2050"),
        (0, {"Colour": "red"}, "2010"),
        (1, {"TaxCodeRef": {"value": "NON"}}, "6100"),
    ],
)
def test_what_a_line_must_hold(client: Client, position: int, fields: dict[str, Any], code: str) -> None:
    assert client.code("journalentry", changed_line(client.simple_journal(), position, **fields)) == code
    assert client.practice.write_requests() == 0
    assert client.practice.ledger() == {}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Line": []}, "2250"),
        ({"Line": None}, "2250"),
        ({"DocNumber": "x" * 22}, "2050"),
        ({"TxnDate": "2026-02-30"}, "2070"),
        ({"PrivateNote": "x" * 4001}, "2050"),
        ({"CurrencyRef": {"value": "ABC"}}, "2220"),
        ({"Adjustment": "perhaps"}, "2230"),
        ({"Tag": "x"}, "2010"),
    ],
)
def test_what_a_journal_entry_must_hold(client: Client, fields: dict[str, Any], code: str) -> None:
    assert client.code("journalentry", client.simple_journal(**fields)) == code


def test_all_errors_of_a_body_are_listed(client: Client) -> None:
    body = client.simple_journal(DocNumber="x" * 45, PrivateNote="x" * 4001)
    response = client.post("journalentry", body)
    errors = response.json()["Fault"]["Error"]
    assert [(error["code"], error["element"]) for error in errors] == [("2050", "DocNumber"), ("2050", "PrivateNote")]
    assert "Min:0 Max:21 supported. Supplied length:45" in errors[0]["Detail"]
    assert response.json()["Fault"]["type"] == "ValidationFault"


def test_what_python_quickbooks_sends_unasked_is_taken(client: Client) -> None:
    body = client.simple_journal(
        ExchangeRate=1, TotalAmt=0, Adjustment=False, sparse=False, domain="QBO", SyncToken=0
    )
    for line in body["Line"]:
        line["JournalEntryLineDetail"] |= {"TaxApplicableOn": "Sales", "TaxAmount": 0}
        line["JournalEntryLineDetail"]["AccountRef"] |= {"name": "", "type": ""}
    made = client.ok("journalentry", body)
    assert "TaxAmount" not in made["Line"][0]["JournalEntryLineDetail"]


def test_a_missing_date_is_today_at_the_company_and_a_missing_number_stays_missing(client: Client) -> None:
    body = client.simple_journal()
    del body["TxnDate"]
    made = client.ok("journalentry", body)
    assert made["TxnDate"] == "2026-02-10"
    assert "DocNumber" not in made
    assert client.ok("journalentry", client.simple_journal(), include="allowautodocnum")["DocNumber"] == "1001"


def test_duplicate_numbers_pass_unless_the_company_warns(client: Client, practice: PracticeQuickBooks) -> None:
    first = client.ok("journalentry", client.simple_journal(DocNumber="D-1"))
    client.ok("journalentry", client.simple_journal(DocNumber="D-1"))
    practice.set_preference("OtherPrefs.WarnDuplicateJournalNumber", True)
    error = client.refused("journalentry", client.simple_journal(DocNumber="D-1"))
    assert error["code"] == "6140"
    assert f"TxnType=JournalEntry with TxnId={first['Id']}" in error["Detail"]
    client.ok("journalentry", client.simple_journal(DocNumber="D-1"), include="allowduplicatedocnum")
    warned = {pair["Name"]: pair["Value"] for pair in client.read("preferences")["OtherPrefs"]["NameValue"]}
    assert warned["WarnDuplicateJournalNumber"] == "true"


def test_receivables_need_a_customer_and_payables_a_vendor(client: Client) -> None:
    for kind in ("Accounts Receivable", "Accounts Payable"):
        client.ok("account", {"Name": kind, "AccountType": kind})
        body = client.journal(("Debit", kind, "5"), ("Credit", "Amazon Clearing", "5"))
        error = client.refused("journalentry", body)
        assert error["code"] == "6000"
        assert "Name field" in error["Detail"]


def test_an_inactive_account_cannot_be_used(client: Client, practice: PracticeQuickBooks) -> None:
    body = client.simple_journal()
    practice.inactivate_account("Amazon Clearing")
    error = client.refused("journalentry", body)
    assert error["code"] == "610"
    assert "made inactive" in error["Detail"]


@pytest.mark.parametrize(("password", "code"), [(False, "6200"), (True, "6210")])
def test_nothing_enters_leaves_or_moves_in_a_closed_period(
    client: Client, practice: PracticeQuickBooks, password: bool, code: str
) -> None:
    made = client.ok("journalentry", client.simple_journal())
    practice.close_books(date(2026, 1, 31), password=password)
    assert client.read("preferences")["AccountingInfoPrefs"]["BookCloseDate"] == "2026-01-31"
    error = client.refused("journalentry", client.simple_journal())
    assert error["code"] == code
    assert error["Message"].startswith("Account Period Closed")
    assert error["Detail"].startswith("The account period has closed and the account books cannot be updated through")
    moved = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "TxnDate": "2026-02-01"}
    assert client.code("journalentry", moved) == code
    assert client.code("journalentry", {"Id": made["Id"], "SyncToken": "0"}, operation="delete") == code
    client.ok("journalentry", client.simple_journal(TxnDate="2026-02-01"))
    practice.close_books(None)
    client.ok("journalentry", moved)


def test_updates_replace_lines_and_reposts_the_ledger(client: Client, practice: PracticeQuickBooks) -> None:
    made = client.ok("journalentry", client.simple_journal(PrivateNote="n"))
    other = client.journal(("Debit", "Amazon Reserve", "3"), ("Credit", "Amazon Clearing", "3"))
    changed = client.ok("journalentry", {**other, "Id": made["Id"], "SyncToken": "0"})
    assert changed["SyncToken"] == "1"
    assert "PrivateNote" not in changed
    assert practice.ledger() == {"Amazon Reserve": 300, "Amazon Clearing": -300}
    note = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "PrivateNote": "again"}
    sparse = client.ok("journalentry", note)
    assert (sparse["PrivateNote"], len(sparse["Line"])) == ("again", 2)
    unbalanced = {"Id": made["Id"], "SyncToken": "2", "sparse": True, "Line": other["Line"][:1]}
    assert client.code("journalentry", unbalanced) == "2300"
    assert practice.ledger() == {"Amazon Reserve": 300, "Amazon Clearing": -300}


def test_a_stale_sync_token_is_refused_and_a_missing_one_too(client: Client) -> None:
    made = client.ok("journalentry", client.simple_journal())
    change = {"Id": made["Id"], "sparse": True, "PrivateNote": "x"}
    assert client.code("journalentry", change) == "2020"
    error = client.refused("journalentry", {**change, "SyncToken": "1"})
    assert error["code"] == "5010"
    assert error["Message"] == "Stale Object Error"


def test_deleting_takes_it_out_of_the_books(client: Client, practice: PracticeQuickBooks) -> None:
    made = client.ok("journalentry", client.simple_journal())
    gone = client.ok("journalentry", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert practice.ledger() == {}
    assert client.call("GET", f"journalentry/{made['Id']}").json()["Fault"]["Error"][0]["code"] == "610"
    assert client.code("journalentry", {"Id": made["Id"], "SyncToken": "1"}, operation="delete") == "610"
    assert client.code("journalentry", {"Id": made["Id"], "SyncToken": "1"}, operation="void") == "500"


def test_one_foreign_currency_a_transaction(client: Client, practice: PracticeQuickBooks) -> None:
    for currency in ("EUR", "GBP"):
        client.ok("account", {"Name": f"Bank {currency}", "AccountType": "Bank", "CurrencyRef": {"value": currency}})
    lines = [("Debit", "Bank EUR", "10.00"), ("Credit", "Amazon Sales", "10.00")]
    if "Amazon Sales" not in {row["Name"] for row in practice.transactions("Account")}:
        client.ok("account", {"Name": "Amazon Sales", "AccountType": "Income"})
    assert client.code("journalentry", client.journal(*lines)) == "6000"
    euro = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": Decimal("1.1")}
    body = client.journal(*lines, **{**euro, "ExchangeRate": 1.1})
    made = client.ok("journalentry", body)
    assert made["ExchangeRate"] == Decimal("1.1")
    assert practice.ledger() == {"Bank EUR": 1100, "Amazon Sales": -1100}
    assert practice.balance_in("Bank EUR", "EUR") == 1000
    two = client.journal(("Debit", "Bank EUR", "1"), ("Credit", "Bank GBP", "1"), CurrencyRef={"value": "EUR"})
    assert "one foreign currency" in client.refused("journalentry", two)["Detail"]


def test_a_foreign_entry_without_a_rate_takes_the_companys(client: Client) -> None:
    made = client.ok("journalentry", client.simple_journal(CurrencyRef={"value": "GBP"}))
    assert made["ExchangeRate"] == Decimal("1.3475")


def test_rounding_of_a_foreign_entry_goes_to_exchange_gain_or_loss(
    client: Client, practice: PracticeQuickBooks
) -> None:
    body = client.journal(
        ("Debit", "Amazon Clearing", "0.03"),
        *[("Credit", "Amazon Reserve", "0.01")] * 3,
        CurrencyRef={"value": "EUR"},
        ExchangeRate="1.5",
    )
    client.ok("journalentry", body)
    assert practice.ledger() == {"Amazon Clearing": 5, "Amazon Reserve": -6, "Exchange Gain or Loss": 1}


def test_vat_on_a_journal_line(clock: Clock) -> None:
    with (
        PracticeQuickBooks(country="GB", home_currency="GBP", limits=False, clock=clock) as british,
        connected(british) as client,
    ):
        standard = {"value": client.named("TaxCode", "20.0% S")}
        client.ok("account", {"Name": "Fees", "AccountType": "Expense"})
        body = client.journal(("Debit", "Fees", "100"), ("Credit", "Amazon Clearing", "120"))
        taxed = {"TaxCodeRef": standard, "TaxApplicableOn": "Purchase", "TaxAmount": "20"}
        assert client.code("journalentry", changed_line(body, 0, TaxCodeRef=standard)) == "2270"
        assert client.code("journalentry", changed_line(body, 0, TaxApplicableOn="Purchase")) == "2280"
        made = client.ok("journalentry", changed_line(body, 0, **taxed))
        assert made["TxnTaxDetail"]["TotalTax"] == Decimal("20.00")
        (tax_line,) = made["TxnTaxDetail"]["TaxLine"]
        assert tax_line["TaxLineDetail"]["TaxPercent"] == Decimal(20)
        assert british.ledger() == {"Fees": 10_000, "VAT Control": 2_000, "Amazon Clearing": -12_000}
        assert client.code("journalentry", changed_line(body, 0, TaxAmount="19")) == "2300"


def test_people_edit_and_delete_behind_the_apis_back(client: Client, practice: PracticeQuickBooks) -> None:
    made = client.ok("journalentry", client.simple_journal())
    practice.close_books(date(2026, 12, 31))
    practice.edit_as_person("JournalEntry", made["Id"], {"PrivateNote": "seen"})
    assert client.read(f"journalentry/{made['Id']}")["SyncToken"] == "1"
    practice.create_as_person("JournalEntry", client.simple_journal(DocNumber="theirs"))
    practice.delete_as_person("JournalEntry", made["Id"])
    assert [entry["DocNumber"] for entry in practice.transactions("JournalEntry")] == ["theirs"]


@settings(max_examples=15, deadline=None)
@given(amounts=st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=12), data=st.data())
def test_the_ledger_balances_whatever_is_posted(amounts: list[int], data: st.DataObject) -> None:
    rate = data.draw(st.decimals(min_value="0.01", max_value="200", places=6))
    with PracticeQuickBooks(limits=False) as practice, connected(practice) as client:
        lines = [("Debit", "Amazon Reserve", f"{minor // 100}.{minor % 100:02d}") for minor in amounts]
        total = sum(amounts)
        credit = ("Credit", "Amazon Clearing", f"{total // 100}.{total % 100:02d}")
        body = client.journal(*lines, credit, CurrencyRef={"value": "EUR"}, ExchangeRate=str(rate))
        response = client.post("journalentry", body)
        assert response.status_code == 200
        read = exact(response)["JournalEntry"]["Line"]
        assert [line["Amount"] for line in read] == [Decimal(amount) for _, _, amount in [*lines, credit]]
        assert sum(practice.ledger().values()) == 0
        assert practice.balance_in("Amazon Clearing", "EUR") == -total
