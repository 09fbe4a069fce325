"""Invoices, sales receipts, credit memos and refund receipts."""

from decimal import Decimal
from typing import Any

import pytest

from tests.practice.quickbooks.raw_client import Client, Shop, key
from tieout.practice.quickbooks import PracticeQuickBooks


def test_an_invoice_is_owed_and_earned(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    made = client.ok("invoice", shop.sale(shop.sold("19.99", Qty=1, UnitPrice="19.99"), DocNumber="113-1"))
    assert (made["TotalAmt"], made["Balance"]) == (Decimal("19.99"), Decimal("19.99"))
    assert [line["DetailType"] for line in made["Line"]] == ["SalesItemLineDetail", "SubTotalLineDetail"]
    assert (made["Line"][0]["Id"], made["Line"][0]["LineNum"]) == ("1", 1)
    detail = made["Line"][0]["SalesItemLineDetail"]
    assert (detail["TaxCodeRef"], detail["ItemRef"]["name"]) == ({"value": "NON"}, "Mug")
    assert practice.ledger() == {"Accounts Receivable (A/R)": 1999, "Amazon Sales": -1999}
    assert client.read(f"customer/{shop.customer['Id']}")["Balance"] == Decimal("19.99")
    assert made["DueDate"] == "2026-01-31"


@pytest.mark.parametrize(
    ("kind", "money", "sign"),
    [("salesreceipt", "Undeposited Funds", 1), ("refundreceipt", "Amazon Clearing", -1)],
)
def test_receipts_move_money_at_once(
    client: Client, shop: Shop, practice: PracticeQuickBooks, kind: str, money: str, sign: int
) -> None:
    fields = {} if sign > 0 else {"DepositToAccountRef": client.account(money)}
    made = client.ok(kind, shop.sale(shop.sold("5.00"), **fields))
    assert made["Balance"] == Decimal("0.00")
    assert made["DepositToAccountRef"]["name"] == money
    assert practice.ledger() == {money: sign * 500, "Amazon Sales": -sign * 500}


def test_a_refund_says_where_the_money_comes_from(client: Client, shop: Shop) -> None:
    assert client.code("refundreceipt", shop.sale(shop.sold("5"))) == "2020"
    wrong = shop.sale(shop.sold("5"), DepositToAccountRef=client.account("Amazon Sales"))
    assert client.code("salesreceipt", wrong) == "6430"


def test_a_sales_receipt_needs_no_customer(client: Client, shop: Shop) -> None:
    body = shop.sale(shop.sold("5"))
    del body["CustomerRef"]
    assert client.ok("salesreceipt", body)["TotalAmt"] == Decimal("5.00")
    assert client.code("invoice", body) == "2020"


def test_a_credit_memo_is_an_invoice_the_other_way(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    made = client.ok("creditmemo", shop.sale(shop.sold("5")))
    assert (made["Balance"], made["RemainingCredit"]) == (Decimal("5.00"), Decimal("5.00"))
    assert practice.ledger() == {"Accounts Receivable (A/R)": -500, "Amazon Sales": 500}


def test_negative_lines_are_taken_but_not_a_negative_total(client: Client, shop: Shop) -> None:
    made = client.ok("invoice", shop.sale(shop.sold("10"), shop.sold("-3.50")))
    assert made["TotalAmt"] == Decimal("6.50")
    assert client.code("invoice", shop.sale(shop.sold("10"), shop.sold("-10.01"))) == "6000"
    assert client.ok("invoice", shop.sale(shop.sold("10"), shop.sold("-10")))["TotalAmt"] == Decimal("0.00")


@pytest.mark.parametrize(
    ("amount", "detail", "code"),
    [
        ("10", {"Qty": 3, "UnitPrice": 3}, "6070"),
        ("10", {"Qty": 0, "UnitPrice": 3}, "6070"),
        ("ten", {}, "2140"),
        ("10", {"ItemRef": {"value": "77"}}, "2500"),
        ("10", {"TaxCodeRef": {"value": "20"}}, "2500"),
        ("10", {"Nonsense": 1}, "2010"),
        ("10", {"ClassRef": {"value": "1"}}, "2500"),
    ],
)
def test_what_a_sales_line_must_hold(
    client: Client, shop: Shop, amount: str, detail: dict[str, Any], code: str
) -> None:
    assert client.code("invoice", shop.sale(shop.sold(amount, **detail))) == code


@pytest.mark.parametrize(
    ("detail", "amount", "total"),
    [
        ({"Qty": 0, "UnitPrice": 0}, "10", "10.00"),
        ({"Qty": 3, "UnitPrice": "3.335"}, "10.01", "10.01"),
        ({"Qty": "2.5", "UnitPrice": 4}, None, "10.00"),
        ({"Qty": 4}, "10", "10.00"),
        ({"UnitPrice": 10}, "10", "10.00"),
    ],
)
def test_amount_quantity_and_price(
    client: Client, shop: Shop, detail: dict[str, Any], amount: str | None, total: str
) -> None:
    line = shop.sold("0", **detail)
    line["Amount"] = amount
    assert client.ok("invoice", shop.sale(line))["TotalAmt"] == Decimal(total)


def test_a_line_without_an_item_is_documentation(client: Client, shop: Shop) -> None:
    note = {"DetailType": "SalesItemLineDetail", "Amount": "99", "SalesItemLineDetail": {}}
    plain = {"DetailType": "DescriptionOnly", "Description": "thanks", "DescriptionLineDetail": {}}
    assert client.ok("invoice", shop.sale(shop.sold("5"), note, plain))["TotalAmt"] == Decimal("5.00")
    assert client.code("invoice", shop.sale(note)) == "2020"
    assert client.code("invoice", shop.sale()) == "2020"


def test_discounts_by_percentage_and_by_amount(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    percent = {
        "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": "12.5"},
    }
    made = client.ok("invoice", shop.sale(shop.sold("20.02"), percent))
    assert made["TotalAmt"] == Decimal("17.52")
    assert made["Line"][-1]["Amount"] == Decimal("2.50")
    assert practice.ledger()["Discounts given"] == 250
    fixed = {
        "DetailType": "DiscountLineDetail",
        "Amount": "3",
        "DiscountLineDetail": {"DiscountAccountRef": client.account("Amazon Promotions")},
    }
    assert client.ok("invoice", shop.sale(shop.sold("20"), fixed))["TotalAmt"] == Decimal("17.00")
    assert practice.ledger()["Amazon Promotions"] == 300
    assert client.code("invoice", shop.sale(shop.sold("20"), fixed, fixed)) == "2600"


def test_numbers_of_sales_forms(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    sale = shop.sale(shop.sold("5"))
    assert "DocNumber" not in client.ok("invoice", sale)
    client.ok("invoice", {**sale, "DocNumber": "A"})
    assert client.code("invoice", {**sale, "DocNumber": "A"}) == "6140"
    client.ok("salesreceipt", {**sale, "DocNumber": "A"})
    client.ok("invoice", {**sale, "DocNumber": "A"}, include="allowduplicatedocnum")
    assert client.ok("invoice", {**sale, "DocNumber": "AUTO_GENERATE"})["DocNumber"] == "1001"
    practice.set_preference("SalesFormsPrefs.CustomTxnNumbers", False)
    assert client.ok("invoice", sale)["DocNumber"] == "1002"
    assert client.ok("invoice", {**sale, "DocNumber": "mine"})["DocNumber"] == "mine"
    practice.set_preference("hidden.WarnDuplicateSalesNumber", False)
    client.ok("invoice", {**sale, "DocNumber": "A"})


def test_terms_give_the_due_date(client: Client, shop: Shop) -> None:
    term = {"value": client.named("Term", "Net 30")}
    assert client.ok("invoice", shop.sale(shop.sold("5"), SalesTermRef=term))["DueDate"] == "2026-03-02"


def test_a_voided_invoice_stays_with_zeros(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    made = client.ok("invoice", shop.sale(shop.sold("5", Qty=1, UnitPrice=5), PrivateNote="x", DocNumber="V"))
    voided = client.ok("invoice", key(made), operation="void")
    assert (voided["TotalAmt"], voided["Balance"]) == (Decimal("0.00"), Decimal("0.00"))
    assert voided["PrivateNote"] == "Voided - x"
    assert voided["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert practice.ledger() == {}
    by_hand = client.ok("invoice", shop.sale(shop.sold("5")))
    assert practice.void_as_person("Invoice", by_hand["Id"])["SyncToken"] == "1"
    receipt = client.ok("salesreceipt", shop.sale(shop.sold("5")))
    sparse = {**key(receipt), "sparse": True}
    again = client.ok("salesreceipt", sparse, operation="update", include="void")
    assert (again["TotalAmt"], again["PrivateNote"]) == (Decimal("0.00"), "Voided")


def test_credit_memos_and_refunds_are_deleted_not_voided(client: Client, shop: Shop) -> None:
    memo = client.ok("creditmemo", shop.sale(shop.sold("5")))
    assert client.code("creditmemo", key(memo), operation="void") == "500"
    client.ok("creditmemo", key(memo), operation="delete")


def test_updates_repost_and_keep_what_is_applied(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("10")))
    client.ok("payment", shop.payment("4", ("Invoice", invoice, "4")))
    stale = {**shop.sale(shop.sold("12")), **key(invoice)}
    assert client.code("invoice", stale) == "5010"
    fresh = client.read(f"invoice/{invoice['Id']}")
    changed = client.ok("invoice", {**shop.sale(shop.sold("12")), **key(fresh)})
    assert (changed["Balance"], changed["LinkedTxn"][0]["TxnType"]) == (Decimal("8.00"), "Payment")
    assert client.code("invoice", {**shop.sale(shop.sold("3")), **key(changed)}) == "6000"
    assert practice.ledger()["Accounts Receivable (A/R)"] == 800


def test_what_can_be_asked_of_invoices(client: Client, shop: Shop) -> None:
    client.ok("invoice", shop.sale(shop.sold("5"), DocNumber="1"))
    client.ok("invoice", shop.sale(shop.sold("50"), DocNumber="2", PrivateNote="n"))
    customer = shop.customer["Id"]
    for clause, count in (
        (f"CustomerRef = '{customer}'", 2),
        ("TotalAmt > '10'", 1),
        ("Balance <= '5.00'", 1),
        ("DueDate = '2026-01-31'", 2),
        ("DocNumber in ('1','2','3')", 2),
    ):
        assert client.query(f"select count(*) from Invoice where {clause}") == {"totalCount": count}, clause
    assert client.query_code("select * from Invoice where PrivateNote = 'n'") == "4001"
    assert client.query_code("select * from Invoice where DepartmentRef = '1'") == "4001"
    assert client.query_code("select * from Payment where DocNumber = '1'") == "4001"
