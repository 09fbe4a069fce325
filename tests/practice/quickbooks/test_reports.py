"""Reports are computed from the ledger, in Intuit's shape."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.practice.quickbooks.raw_client import Client, Clock, Shop, connected
from tieout.practice.quickbooks import PracticeQuickBooks

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}


def report(client: Client, name: str, **params: str) -> dict[str, Any]:
    response = client.call("GET", f"reports/{name}", params=params or YEAR)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    assert body["Header"]["ReportName"] == name
    return body


def data_rows(rows: dict[str, Any]) -> Iterator[list[str]]:
    """All data rows of a report, however deep."""
    for row in rows.get("Row", []):
        if "ColData" in row:
            yield [cell["value"] for cell in row["ColData"]]
        if "Rows" in row:
            yield from data_rows(row["Rows"])


def totals(rows: dict[str, Any]) -> dict[str, str]:
    """Group → total of every section, however deep."""
    found = {}
    for row in rows.get("Row", []):
        if "group" in row:
            found[row["group"]] = row["Summary"]["ColData"][-1]["value"]
        if "Rows" in row:
            found |= totals(row["Rows"])
    return found


@pytest.fixture
def books(client: Client, shop: Shop, practice: PracticeQuickBooks) -> Client:
    invoice = client.ok("invoice", shop.sale(shop.sold("100"), TxnDate="2025-12-15"))
    clearing = {"DepositToAccountRef": client.account("Amazon Clearing")}
    client.ok("payment", shop.payment("60", ("Invoice", invoice, "60"), **clearing))
    client.ok("salesreceipt", shop.sale(shop.sold("25.50"), **clearing))
    fees = client.journal(("Debit", "Amazon Selling Fees", "7.25"), ("Credit", "Business Card", "7.25"))
    client.ok("journalentry", {**fees, "DocNumber": "J", "PrivateNote": "fees"})
    assert sum(practice.ledger().values()) == 0
    return client


def test_the_trial_balance_balances(books: Client) -> None:
    body = report(books, "TrialBalance")
    assert [column["ColTitle"] for column in body["Columns"]["Column"]] == ["", "Debit", "Credit"]
    assert list(data_rows(body["Rows"])) == [
        ["Amazon Clearing", "85.50", ""],
        ["Accounts Receivable (A/R)", "40.00", ""],
        ["Business Card", "", "7.25"],
        ["Retained Earnings", "", "100.00"],
        ["Amazon Sales", "", "25.50"],
        ["Amazon Selling Fees", "7.25", ""],
    ]
    assert body["Rows"]["Row"][-1]["Summary"]["ColData"] == [
        {"value": "TOTAL"},
        {"value": "132.75"},
        {"value": "132.75"},
    ]
    assert body["Header"]["Option"] == [{"Name": "NoReportData", "Value": "false"}]
    assert (body["Header"]["Currency"], body["Header"]["ReportBasis"]) == ("USD", "Accrual")
    assert body["Rows"]["Row"][0]["ColData"][0]["id"] == books.named("Account", "Amazon Clearing")


def test_profit_and_loss(books: Client) -> None:
    body = report(books, "ProfitAndLoss")
    assert totals(body["Rows"]) == {
        "Income": "25.50",
        "GrossProfit": "25.50",
        "Expenses": "7.25",
        "NetOperatingIncome": "18.25",
        "NetOtherIncome": "0.00",
        "NetIncome": "18.25",
    }
    january = report(books, "ProfitAndLoss", start_date="2025-12-01", end_date="2025-12-31")
    assert totals(january["Rows"])["NetIncome"] == "100.00"


def test_the_balance_sheet_balances(books: Client) -> None:
    found = totals(report(books, "BalanceSheet")["Rows"])
    assert found["TotalAssets"] == found["TotalLiabilitiesAndEquity"] == "125.50"
    assert (found["BankAccounts"], found["AR"], found["CreditCards"], found["Equity"]) == (
        "85.50",
        "40.00",
        "7.25",
        "118.25",
    )
    rows = dict(data_rows(report(books, "BalanceSheet")["Rows"]))
    assert (rows["Net Income"], rows["Retained Earnings"]) == ("18.25", "100.00")


def test_the_general_ledger_lists_every_posting(books: Client) -> None:
    body = report(books, "GeneralLedger")
    keys = [column["MetaData"][0]["Value"] for column in body["Columns"]["Column"]]
    assert keys == [
        *("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount"),
    ]
    rows = list(data_rows(body["Rows"]))
    assert ["2026-01-31", "Journal Entry", "J", "", "", "Business Card", "7.25", "7.25"] in rows
    assert ["2026-01-31", "Sales Receipt", "", "Amazon customer", "", "Amazon Clearing", "25.50", "25.50"] in rows
    assert ["Beginning Balance", "", "", "", "", "", "", "100.00"] in rows
    section = next(
        row for row in body["Rows"]["Row"] if row["Header"]["ColData"][0]["value"] == "Accounts Receivable (A/R)"
    )
    assert section["Summary"]["ColData"][6]["value"] == "-60.00"
    assert section["Rows"]["Row"][-1]["ColData"][1]["id"]


def test_the_general_ledger_of_chosen_accounts_and_columns(books: Client) -> None:
    card = books.named("Account", "Business Card")
    body = report(books, "GeneralLedger", **YEAR, account=card, columns="tx_date,debt_amt,credit_amt")
    assert list(data_rows(body["Rows"])) == [["2026-01-31", "", "7.25"]]
    wrong = books.call("GET", "reports/GeneralLedger", params={"columns": "colour"})
    assert wrong.json()["Fault"]["Error"][0]["code"] == "2170"


def test_periods(books: Client, clock: Clock) -> None:
    assert (report(books, "TrialBalance", date_macro="last month")["Header"]["StartPeriod"]) == "2026-01-01"
    header = books.call("GET", "reports/TrialBalance").json()["Header"]
    assert (header["StartPeriod"], header["EndPeriod"]) == ("2026-01-01", "2026-02-10")
    for params, code in (
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "2190"),
        ({"start_date": "soon"}, "2070"),
        ({"date_macro": "next life"}, "2170"),
        ({"accounting_method": "Cash"}, "5030"),
    ):
        response = books.call("GET", "reports/TrialBalance", params=params)
        assert response.json()["Fault"]["Error"][0]["code"] == code, params
    assert books.call("GET", "reports/Weather").json()["Fault"]["Error"][0]["code"] == "2000"
    assert clock.now.year == 2026


def test_an_empty_report_says_so(client: Client) -> None:
    body = report(client, "TrialBalance")
    assert body["Header"]["Option"][0]["Value"] == "true"
    assert body["Rows"] == {}


def test_reports_agree_with_the_ledger(books: Client, practice: PracticeQuickBooks) -> None:
    rows = data_rows(report(books, "TrialBalance", start_date="2025-01-01", end_date="2025-12-31")["Rows"])
    debits_less_credits = {name: Decimal(debit or 0) - Decimal(credit or 0) for name, debit, credit in rows}
    expected = {name: Decimal(minor).scaleb(-2) for name, minor in practice.ledger(end=date(2025, 12, 31)).items()}
    assert debits_less_credits == expected


def test_a_company_of_yen_reports_in_yen(clock: Clock) -> None:
    with (
        PracticeQuickBooks(country="JP", home_currency="JPY", limits=False, clock=clock) as practice,
        connected(practice) as client,
    ):
        client.ok("journalentry", client.simple_journal(amount="1500"))
        assert ["Business Checking", "1500", ""] in list(data_rows(report(client, "TrialBalance")["Rows"]))
