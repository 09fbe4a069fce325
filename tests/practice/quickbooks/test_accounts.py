"""The chart of accounts."""

from decimal import Decimal

import pytest

from tests.practice.quickbooks.raw_client import Client, Clock, connected
from tieout.practice.quickbooks import PracticeQuickBooks


def test_the_default_chart_has_the_accounts_of_an_amazon_seller(client: Client) -> None:
    accounts = {row["Name"]: row for row in client.query("select * from Account maxresults 1000")["Account"]}
    types = {
        "Amazon Clearing": "Bank",
        "Business Checking": "Bank",
        "Business Card": "Credit Card",
        "Amazon Reserve": "Other Current Asset",
        "Amazon Carry Forward": "Other Current Asset",
        "Amazon Deferred": "Other Current Asset",
        "Amazon Loans": "Other Current Liability",
        "Sales Tax Payable": "Other Current Liability",
    }
    assert {name: accounts[name]["AccountType"] for name in types} == types
    assert accounts["Amazon Clearing"]["Classification"] == "Asset"
    assert accounts["Amazon Loans"]["CurrentBalance"] == Decimal("0.00")


def test_a_company_without_a_chart_lets_accounts_be_created(clock: Clock) -> None:
    with PracticeQuickBooks(chart=False, limits=False, clock=clock) as bare, connected(bare) as client:
        assert client.query("select count(*) from Account") == {"totalCount": 0}
        made = client.ok("account", {"Name": "Amazon Clearing", "AccountType": "Bank"})
        assert made["AccountSubType"] == "CashOnHand"
        assert made["FullyQualifiedName"] == "Amazon Clearing"
        assert made["CurrencyRef"]["value"] == "USD"
        assert made["SyncToken"] == "0"
        assert made["Active"] is True


def test_the_type_follows_from_the_sub_type(client: Client) -> None:
    made = client.ok("account", {"Name": "Ads", "AccountSubType": "AdvertisingPromotional"})
    assert (made["AccountType"], made["Classification"]) == ("Expense", "Expense")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"AccountType": "Bank"}, "2020"),
        ({"Name": "X"}, "6010"),
        ({"Name": "X", "AccountType": "Bank", "AccountSubType": "AdvertisingPromotional"}, "6010"),
        ({"Name": "X", "AccountSubType": "Nonsense"}, "6010"),
        ({"Name": "X", "AccountType": "Treasure"}, "2170"),
        ({"Name": "A:B", "AccountType": "Bank"}, "6000"),
        ({"Name": 'A"B', "AccountType": "Bank"}, "6000"),
        ({"Name": "x" * 101, "AccountType": "Bank"}, "2050"),
        ({"Name": "amazon clearing", "AccountType": "Bank"}, "6240"),
        ({"Name": "X", "AccountType": "Bank", "Colour": "red"}, "2010"),
        ({"Name": "X", "AccountType": "Bank", "AcctNum": "12345678"}, "6000"),
        ({"Name": "X", "AccountType": "Bank", "CurrencyRef": {"value": "XXX"}}, "2220"),
        ({"Name": "X", "AccountType": "Income", "CurrencyRef": {"value": "EUR"}}, "6000"),
        ({"Name": "X", "AccountType": "Bank", "ParentRef": {"value": "9999"}}, "2500"),
        ([], "2010"),
    ],
)
def test_what_an_account_must_hold(client: Client, body: object, code: str) -> None:
    assert client.code("account", body) == code


def test_a_sub_account_has_its_parents_type_and_name(client: Client) -> None:
    parent = client.ok("account", {"Name": "Amazon", "AccountType": "Expense"})
    child = client.ok("account", {"Name": "Fees", "AccountType": "Expense", "ParentRef": {"value": parent["Id"]}})
    assert (child["SubAccount"], child["FullyQualifiedName"]) == (True, "Amazon:Fees")
    other = {"Name": "Bank", "AccountType": "Bank", "ParentRef": {"value": parent["Id"]}}
    assert client.code("account", other) == "6000"
    renamed = {"Id": parent["Id"], "SyncToken": "0", "sparse": True, "Name": "Amazon US"}
    client.ok("account", renamed)
    assert client.read(f"account/{child['Id']}")["FullyQualifiedName"] == "Amazon US:Fees"


def test_an_inactive_account_is_hidden_renamed_and_frees_its_name(client: Client) -> None:
    made = client.ok("account", {"Name": "Old", "AccountType": "Bank"})
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    gone = client.ok("account", change)
    assert (gone["Name"], gone["SyncToken"]) == ("Old (deleted)", "1")
    assert client.query("select * from Account where Name = 'Old (deleted)'") == {}
    found = client.query("select * from Account where Name = 'Old (deleted)' and Active in (true, false)")
    assert found["Account"][0]["Active"] is False
    assert client.ok("account", {"Name": "Old", "AccountType": "Bank"})["Id"] != made["Id"]
    assert client.code("account?operation=delete", {"Id": made["Id"], "SyncToken": "1"}) == "500"


def test_balances_are_computed_and_roll_up_to_parents(client: Client) -> None:
    parent = client.ok("account", {"Name": "Cash", "AccountType": "Bank"})
    client.ok("account", {"Name": "Till", "AccountType": "Bank", "ParentRef": {"value": parent["Id"]}})
    client.ok("journalentry", client.journal(("Debit", "Till", "70.25"), ("Credit", "Business Card", "70.25")))
    assert client.read(f"account/{client.named('Account', 'Till')}")["CurrentBalance"] == Decimal("70.25")
    above = client.read(f"account/{parent['Id']}")
    assert above["CurrentBalance"] == Decimal("0.00")
    assert above["CurrentBalanceWithSubAccounts"] == Decimal("70.25")
    owed = client.read(f"account/{client.named('Account', 'Business Card')}")
    assert owed["CurrentBalance"] == Decimal("70.25")


def test_currencies_need_multicurrency(clock: Clock) -> None:
    with PracticeQuickBooks(multicurrency=False, limits=False, clock=clock) as one, connected(one) as client:
        body = {"Name": "Euro bank", "AccountType": "Bank", "CurrencyRef": {"value": "EUR"}}
        assert client.code("account", body) == "6000"
        assert "ExchangeRate" not in client.ok("journalentry", client.simple_journal())


def test_a_full_update_blanks_what_it_leaves_out_and_a_sparse_one_does_not(client: Client) -> None:
    made = client.ok("account", {"Name": "A", "AccountType": "Bank", "Description": "first"})
    sparse = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "AcctNum": "100"}
    assert client.ok("account", sparse)["Description"] == "first"
    cleared = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "AcctNum": ""}
    assert "AcctNum" not in client.ok("account", cleared)
    full = {"Id": made["Id"], "SyncToken": "2", "Name": "A", "AccountType": "Bank"}
    assert "Description" not in client.ok("account", full)
    assert client.code("account", full) == "5010"
