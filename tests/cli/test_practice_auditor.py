"""A practice month by orders, audited by somebody who knows neither Tieout nor its mappings.

The raw settlement files are added again by plain csv and whole cents; what QuickBooks says is its own trial balance,
over a connection of the auditor's. Then the exports are held to the same figures.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.test_practice_month import Month, RawAmazon, query, run
from tieout.commands.practice_servers import PracticeServers, PracticeWorld, run_practice_servers

BANK, CARD, CLEARING, RESERVE = "Business Checking", "Business Card", "Amazon Clearing", "Amazon Reserve"
RECEIVABLE = "Accounts Receivable (A/R)"
RESERVED = ("Current Reserve Amount", "Previous Reserve Amount Balance")
# The auditor's own reading: the account of each cost, by the words of its rows (type, place, description).
COSTS = {
    ("", "", "Commission"): "Amazon Selling Fees",
    ("", "", "RefundCommission"): "Amazon Selling Fees",
    ("", "", "DigitalServicesFee"): "Amazon Selling Fees",
    ("", "", "LiquidationsBrokerageFee"): "Amazon FBA Fees",
    ("", "Coupon Participation Fee", ""): "Amazon Advertising",
    ("", "Vine Enrollment Fee", ""): "Amazon Advertising",
    ("", "Cost of Advertising", ""): "Amazon Advertising",
    ("", "", "FBAPerUnitFulfillmentFee"): "Amazon FBA Fees",
    ("", "", "RemovalComplete"): "Amazon FBA Fees",
    ("", "FBA Amazon-Partnered Carrier Shipment Fee", ""): "Amazon Inbound Fees",
    ("", "FBA Inventory Storage Fee", ""): "Amazon Storage Fees",
    ("", "", "Storage Fee"): "Amazon Storage Fees",
    ("", "", "Subscription Fee"): "Amazon Subscription",
    ("", "", "ShippingChargeback"): "Amazon Shipping Costs",
    ("", "FBA Inventory Reimbursement", ""): "Amazon Reimbursements",
    ("Refund", "ItemPrice", ""): "Amazon Refunds",
    ("Refund", "ItemWithheldTax", ""): "Amazon Refunds",  # what is told as tax and withheld again is nobody's
}


def cents(text: str) -> int:
    """Whole cents of "-1,234.5", "12" or ""; no other number comes into it."""
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("+-").replace(",", "").partition(".")
    return sign * (int(whole or "0") * 100 + int((part + "00")[:2]))


def trial_balance(servers: PracticeServers) -> dict[str, int]:
    """What each account holds, debit positive, by QuickBooks' report."""
    at = servers.quickbooks.connection()
    form = {"grant_type": "refresh_token", "refresh_token": at["observer_refresh_token"]}
    signed = requests.post(at["token_url"], data=form, auth=(at["client_id"], at["client_secret"]), timeout=5).json()
    answer = requests.get(
        f"{at['endpoint']}{at['realm_id']}/reports/TrialBalance",
        params={"start_date": "2020-01-01", "end_date": "2026-12-31", "minorversion": "75"},
        headers={"Authorization": f"Bearer {signed['access_token']}", "Accept": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    rows = [row["ColData"] for row in answer.json()["Rows"]["Row"] if "ColData" in row]
    return {name["value"]: cents(debit["value"]) - cents(credit["value"]) for name, debit, credit in rows}


@dataclass
class Audit:
    """Both sides of the month, and what was exported of it."""

    rows: list[dict[str, str]]
    totals: list[int]
    balances: dict[str, int]
    invoices: dict[str, int]
    out: Path
    said: dict[str, Any] = field(default_factory=dict)

    def sale_rows(self) -> list[dict[str, str]]:
        """The rows by which an invoiced order is paid: its prices and promotions; tax that Amazon pays stays out."""
        return [
            row
            for row in self.rows
            if row["transaction-type"] == "Order"
            and row["amount-type"] in ("ItemPrice", "Promotion", "ItemWithheldTax")
            and row["order-id"] in self.invoices
        ]

    def summed(self, *descriptions: str) -> int:
        return sum(cents(row["amount"]) for row in self.rows if row["amount-description"] in descriptions)


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audit]:
    folder = tmp_path_factory.mktemp("audit")
    world = PracticeWorld(seed=11, orders=60, marketplaces=("US",), is_generous=True)
    with pytest.MonkeyPatch.context() as patch, run_practice_servers(world) as servers:
        patch.setenv("TIEOUT_HOME", str(folder / "home"))
        (folder / "practice.json").write_text(json.dumps(servers.connection()), encoding="utf-8")
        run("company", "add", "Acme Ltd", "--practice", folder / "practice.json")
        run("new", folder / "Acme.xlsm", "--company", "Acme Ltd")
        month = Month(folder / "Acme.xlsm", servers)
        files = [rows for rows in RawAmazon(servers).settlements() if rows[0]["currency"] == "USD"]
        chosen = [word for rows in files for word in ("--rows", rows[0]["settlement-id"])]
        for button in ("download-orders", "post-orders", "download-settlements", "post-settlements", "reconcile"):
            said = month.press(button, *(chosen if button == "post-settlements" else ()))
            assert said["status"] == 0, said
        said = run("export", "--out", folder / "out")
        found = query(servers, "select * from Invoice maxresults 1000")
        found = [one for one in found if one["CurrencyRef"]["value"] == "USD"]
        yield Audit(
            rows=[row for rows in files for row in rows[1:]],
            totals=[cents(rows[0]["total-amount"]) for rows in files],
            balances=trial_balance(servers),
            invoices={one["DocNumber"]: cents(str(one["TotalAmt"])) for one in found},
            out=folder / "out",
            said=said,
        )


def account_of(row: dict[str, str]) -> str:
    for (occasion, place, description), account in COSTS.items():
        if (
            occasion in ("", row["transaction-type"])
            and place in ("", row["amount-type"])
            and description in ("", row["amount-description"])
        ):
            return account
    return ""


def test_the_books_balance_and_the_bank_has_what_amazon_sent(audit: Audit) -> None:
    assert len(audit.totals) >= 2
    assert sum(balance for name, balance in audit.balances.items() if name != "TOTAL") == 0
    assert sum(cents(row["amount"]) for row in audit.rows) == sum(audit.totals)
    assert audit.balances[BANK] == sum(total for total in audit.totals if total > 0)


def test_nothing_is_left_in_clearing_but_what_amazon_is_owed(audit: Audit) -> None:
    owed = sum(total for total in audit.totals if total < 0) - audit.summed("Payable to Amazon")
    assert audit.balances.get(CLEARING, 0) == owed
    assert -audit.balances.get(CARD, 0) == audit.summed("Successful charge")
    assert audit.balances[RESERVE] == -audit.summed(*RESERVED)


def test_what_is_owed_by_amazon_is_what_was_invoiced_and_not_settled(audit: Audit) -> None:
    settled = sum(cents(row["amount"]) for row in audit.sale_rows())
    assert settled > 100_000
    assert audit.balances[RECEIVABLE] == sum(audit.invoices.values()) - settled
    with (audit.out / "receivables.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["Order ID"]: cents(row["Open"]) for row in csv.DictReader(file) if row["Currency"] == "USD"}
    assert sum(listed.values()) == audit.balances[RECEIVABLE]
    paid: dict[str, int] = defaultdict(int)
    for row in audit.sale_rows():
        paid[row["order-id"]] += cents(row["amount"])
    assert listed == {one: total - paid[one] for one, total in audit.invoices.items() if total - paid[one]}


def test_each_cost_is_in_its_account_to_the_cent(audit: Audit) -> None:
    wanted: dict[str, int] = defaultdict(int)
    for row in audit.rows:
        wanted[account_of(row)] -= cents(row["amount"])
    del wanted[""]
    assert len(wanted) >= 8
    assert {name: audit.balances.get(name, 0) for name in wanted} == dict(wanted)


def test_the_exports_say_the_same(audit: Audit) -> None:
    with (audit.out / "reconciliation.csv").open(encoding="utf-8-sig", newline="") as file:
        groups = [row for row in csv.DictReader(file) if row["Currency"] == "USD"]
    totals = {row["Settlement"]: row for row in groups if row["Group"] == "Total"}
    assert sorted(cents(row["QuickBooks"]) for row in totals.values()) == sorted(audit.totals)
    assert {row["Difference"] for row in groups} == {"0.00"}
    assert sum(cents(row["Amazon"]) for row in groups if row["Group"] != "Total") == sum(audit.totals)
    with (audit.out / "clearing.csv").open(encoding="utf-8-sig", newline="") as file:
        clearing = [row for row in csv.DictReader(file) if row["Currency"] == "USD"]
    assert {row["Unexplained"] for row in clearing} == {"0.00"}
    with (audit.out / "settlement_lines.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [row for row in csv.DictReader(file) if row["Currency"] == "USD"]
    assert len(lines) == len(audit.rows)
    assert all(row["Journal line"] for row in lines)


def test_clearing_says_what_stays_there_and_what_meets_it(audit: Audit) -> None:
    with (audit.out / "clearing.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["Settlement"]: row for row in csv.DictReader(file) if row["Currency"] == "USD"}
    owed = [row for row in found.values() if cents(row["Left"]) < 0]
    met = [row for row in found.values() if cents(row["Left"]) > 0]
    carried = {row["settlement-id"]: row["amount"] for row in audit.rows if "Payable to Amazon" in row.values()}
    assert owed
    assert {row["Settlement"] for row in met} == set(carried)
    for row in met:
        amount = carried[row["Settlement"]].lstrip("-")
        assert row["Why"] == f"USD {amount} meets what an earlier settlement left there."
    assert {row["Why"].split(":")[0] for row in owed} == {"Amazon is owed"}
