"""Payments, deposits and transfers: what is open, what is linked, what may still be changed."""

from decimal import Decimal
from typing import Any

import pytest

from tests.practice.quickbooks.raw_client import Client, Shop, key
from tieout.practice.quickbooks import PracticeQuickBooks


def test_a_payment_lowers_what_is_open(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("10")))
    to = {"DepositToAccountRef": client.account("Amazon Clearing")}
    payment = client.ok("payment", shop.payment("6", ("Invoice", invoice, "4"), **to))
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (Decimal("6.00"), Decimal("2.00"))
    read = client.read(f"invoice/{invoice['Id']}")
    assert read["Balance"] == Decimal("6.00")
    assert read["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert read["SyncToken"] == "1"
    assert practice.ledger() == {"Amazon Clearing": 600, "Accounts Receivable (A/R)": 400, "Amazon Sales": -1000}
    assert client.read(f"customer/{shop.customer['Id']}")["Balance"] == Decimal("4.00")


def test_a_payment_without_an_account_waits_in_undeposited_funds(client: Client, shop: Shop) -> None:
    assert client.ok("payment", shop.payment("6"))["DepositToAccountRef"]["name"] == "Undeposited Funds"


def test_a_credit_memo_is_used_in_a_payment(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("10")))
    memo = client.ok("creditmemo", shop.sale(shop.sold("3")))
    payment = shop.payment("7", ("Invoice", invoice, "10"), ("CreditMemo", memo, "3"))
    assert client.ok("payment", payment)["UnappliedAmt"] == Decimal("0.00")
    assert client.read(f"invoice/{invoice['Id']}")["Balance"] == Decimal("0.00")
    assert client.read(f"creditmemo/{memo['Id']}")["RemainingCredit"] == Decimal("0.00")
    assert practice.ledger()["Accounts Receivable (A/R)"] == 0


def test_what_a_payment_must_hold(client: Client, shop: Shop) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("10")))
    cases: list[tuple[dict[str, Any], str]] = [
        ({**shop.payment("5"), "TotalAmt": None}, "6000"),
        ({**shop.payment("5"), "CustomerRef": None}, "2020"),
        (shop.payment("-5"), "2290"),
        (shop.payment("5", ("Invoice", invoice, "6")), "6000"),
        (shop.payment("20", ("Invoice", invoice, "10.01")), "6000"),
        (shop.payment("5", ("Invoice", {"Id": "99"}, "5")), "2500"),
        (shop.payment("5", ("Estimate", invoice, "5")), "620"),
        (shop.payment("5", ("Invoice", invoice, "2"), ("Invoice", invoice, "2")), "2600"),
        (shop.payment("5", DepositToAccountRef=client.account("Amazon Sales")), "6430"),
        (shop.payment("5", PaymentRefNum="x" * 22), "2050"),
        (shop.payment("5", Line=[{"Amount": 5}]), "2020"),
    ]
    for body, code in cases:
        assert client.code("payment", body) == code, body


def test_an_invoice_of_another_customer_is_refused_but_not_of_a_sub_customer(client: Client, shop: Shop) -> None:
    child = client.ok("customer", {"DisplayName": "US", "ParentRef": {"value": shop.customer["Id"]}})
    other = client.ok("customer", {"DisplayName": "Other"})
    of_child = client.ok("invoice", shop.sale(shop.sold("5"), CustomerRef={"value": child["Id"]}))
    of_other = client.ok("invoice", shop.sale(shop.sold("5"), CustomerRef={"value": other["Id"]}))
    client.ok("payment", shop.payment("5", ("Invoice", of_child, "5")))
    assert client.code("payment", shop.payment("5", ("Invoice", of_other, "5"))) == "6000"


def test_paid_invoices_are_undone_from_the_payment_on(
    client: Client, shop: Shop, practice: PracticeQuickBooks
) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("10")))
    payment = client.ok("payment", shop.payment("10", ("Invoice", invoice, "10")))
    paid = client.read(f"invoice/{invoice['Id']}")
    for operation in ("delete", "void"):
        error = client.refused("invoice", key(paid), operation=operation)
        assert error["code"] == "6000"
        assert "unlink" in error["Detail"]
    client.ok("payment", key(payment), operation="delete")
    opened = client.read(f"invoice/{invoice['Id']}")
    assert opened["Balance"] == Decimal("10.00")
    assert "LinkedTxn" not in opened
    client.ok("invoice", key(opened), operation="delete")
    assert practice.ledger() == {}


def test_a_voided_payment_lets_go_of_its_invoices(client: Client, shop: Shop) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("10")))
    payment = client.ok("payment", shop.payment("10", ("Invoice", invoice, "10")))
    voided = client.ok("payment", {**key(payment), "sparse": True}, operation="update", include="void")
    assert (voided["TotalAmt"], voided["Line"], voided["PrivateNote"]) == (Decimal("0.00"), [], "Voided")
    assert client.read(f"invoice/{invoice['Id']}")["Balance"] == Decimal("10.00")


def test_an_updated_payment_is_applied_anew(client: Client, shop: Shop) -> None:
    one, two = (client.ok("invoice", shop.sale(shop.sold("10"))) for _ in range(2))
    payment = client.ok("payment", shop.payment("10", ("Invoice", one, "10")))
    client.ok("payment", {**shop.payment("10", ("Invoice", two, "10")), **key(payment)})
    assert client.read(f"invoice/{one['Id']}")["Balance"] == Decimal("10.00")
    assert client.read(f"invoice/{two['Id']}")["Balance"] == Decimal("0.00")


def deposit(client: Client, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "DepositToAccountRef": client.account("Business Checking"),
        "TxnDate": "2026-02-03",
        "Line": list(lines),
        **fields,
    }


def from_account(client: Client, account: str, amount: str) -> dict[str, Any]:
    detail = {"AccountRef": client.account(account)}
    return {"DetailType": "DepositLineDetail", "Amount": amount, "DepositLineDetail": detail}


def linked(kind: str, entity: dict[str, Any], amount: str) -> dict[str, Any]:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": entity["Id"], "TxnType": kind, "TxnLineId": "0"}]}


def test_a_deposit_takes_payments_out_of_undeposited_funds(
    client: Client, shop: Shop, practice: PracticeQuickBooks
) -> None:
    payment = client.ok("payment", shop.payment("6"))
    receipt = client.ok("salesreceipt", shop.sale(shop.sold("4")))
    made = client.ok(
        "deposit",
        deposit(
            client,
            linked("Payment", payment, "6"),
            linked("SalesReceipt", receipt, "4"),
            from_account(client, "Amazon Other Fees", "-1.50"),
            CashBack={"AccountRef": client.account("Amazon Clearing"), "Amount": "2", "Memo": "kept"},
        ),
    )
    assert made["TotalAmt"] == Decimal("6.50")
    assert practice.ledger() == {
        "Undeposited Funds": 0,
        "Accounts Receivable (A/R)": -600,
        "Amazon Sales": -400,
        "Business Checking": 650,
        "Amazon Other Fees": 150,
        "Amazon Clearing": 200,
    }
    deposited = client.read(f"payment/{payment['Id']}")
    assert deposited["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Deposit"}]
    for operation in ("delete", "void"):
        assert client.code("payment", key(deposited), operation=operation) == "6540"
    assert client.code("payment", {**shop.payment("6"), **key(deposited)}) == "6540"
    client.ok("deposit", key(made), operation="delete")
    client.ok("payment", key(client.read(f"payment/{payment['Id']}")), operation="delete")


def test_what_a_deposit_must_hold(client: Client, shop: Shop) -> None:
    elsewhere = client.ok("payment", shop.payment("6", DepositToAccountRef=client.account("Amazon Clearing")))
    waiting = client.ok("payment", shop.payment("6"))
    for body, code in (
        (deposit(client), "2020"),
        (deposit(client, {"Amount": 5}), "2020"),
        (deposit(client, linked("Payment", elsewhere, "6")), "6000"),
        (deposit(client, linked("Payment", waiting, "5")), "6000"),
        (deposit(client, linked("Invoice", waiting, "6")), "620"),
        (deposit(client, from_account(client, "Amazon Sales", "-1")), "6000"),
        (deposit(client, from_account(client, "Amazon Sales", "1"), DepositToAccountRef=None), "2020"),
    ):
        assert client.code("deposit", body) == code, body


def test_a_transfer_moves_money_between_own_accounts(client: Client, practice: PracticeQuickBooks) -> None:
    body = {
        "FromAccountRef": client.account("Amazon Clearing"),
        "ToAccountRef": client.account("Business Checking"),
        "Amount": "12.34",
        "TxnDate": "2026-02-03",
    }
    made = client.ok("transfer", body)
    assert practice.ledger() == {"Amazon Clearing": -1234, "Business Checking": 1234}
    assert client.query("select * from Transfer where Amount = '12.34'")["Transfer"][0]["Id"] == made["Id"]
    for change, code in (
        ({"ToAccountRef": client.account("Amazon Clearing")}, "6000"),
        ({"ToAccountRef": client.account("Amazon Sales")}, "6430"),
        ({"ToAccountRef": None}, "2020"),
        ({"Amount": None}, "2020"),
        ({"Amount": 0}, "2290"),
    ):
        assert client.code("transfer", {**body, **change}) == code, change
    client.ok("transfer", key(made), operation="delete")
    assert practice.ledger() == {}


def test_a_bill_is_owed_and_paid(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    vendor = {"VendorRef": {"value": shop.vendor["Id"]}, "TxnDate": "2026-01-31"}
    bill = client.ok("bill", {**vendor, "Line": [shop.cost("10"), shop.cost("5", "Amazon FBA Fees")]})
    assert (bill["Balance"], bill["DueDate"]) == (Decimal("15.00"), "2026-01-31")
    assert client.read(f"vendor/{shop.vendor['Id']}")["Balance"] == Decimal("15.00")
    credit = client.ok("vendorcredit", {**vendor, "Line": [shop.cost("4")]})
    payment = {
        **vendor,
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": client.account("Amazon Clearing")},
        "TotalAmt": "11",
        "Line": [linked("Bill", bill, "15"), linked("VendorCredit", credit, "4")],
    }
    paid = client.ok("billpayment", payment)
    assert client.read(f"bill/{bill['Id']}")["Balance"] == Decimal("0.00")
    assert practice.ledger() == {
        "Accounts Payable (A/P)": 0,
        "Amazon Selling Fees": 600,
        "Amazon FBA Fees": 500,
        "Amazon Clearing": -1100,
    }
    assert client.code("bill", key(client.read(f"bill/{bill['Id']}")), operation="delete") == "6000"
    voided = client.ok("billpayment", {**key(paid), "sparse": True}, operation="update", include="void")
    assert (voided["TotalAmt"], voided["Line"]) == (Decimal("0.00"), [])
    client.ok("bill", key(client.read(f"bill/{bill['Id']}")), operation="delete")


def test_what_a_bill_payment_must_hold(client: Client, shop: Shop) -> None:
    vendor = {"VendorRef": {"value": shop.vendor["Id"]}}
    bill = client.ok("bill", {**vendor, "Line": [shop.cost("10")]})
    good = {
        **vendor,
        "PayType": "CreditCard",
        "CreditCardPayment": {"CCAccountRef": client.account("Business Card")},
        "TotalAmt": "10",
        "Line": [linked("Bill", bill, "10")],
    }
    for change, code in (
        ({"PayType": None}, "2020"),
        ({"PayType": "Cash"}, "2170"),
        ({"PayType": "Check"}, "2020"),
        ({"CreditCardPayment": {"CCAccountRef": client.account("Amazon Clearing")}}, "6430"),
        ({"TotalAmt": "11"}, "6000"),
        ({"TotalAmt": None}, "6000"),
    ):
        assert client.code("billpayment", {**good, **change}) == code, change
    client.ok("billpayment", good)


def test_a_purchase_is_paid_at_once(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    body = {
        "PaymentType": "Check",
        "AccountRef": client.account("Amazon Clearing"),
        "EntityRef": {"type": "Vendor", "value": shop.vendor["Id"]},
        "TxnDate": "2026-01-31",
        "Line": [shop.cost("10"), shop.cost("-2")],
    }
    made = client.ok("purchase", body)
    assert (made["TotalAmt"], made["EntityRef"]["name"]) == (Decimal("8.00"), "Amazon")
    assert practice.ledger() == {"Amazon Clearing": -800, "Amazon Selling Fees": 800}
    assert client.code("purchase", {**body, "PaymentType": "CreditCard"}) == "6430"
    assert client.code("purchase", {**body, "PaymentType": None}) == "2020"
    assert client.code("purchase", {**body, "AccountRef": None}) == "2020"
    assert client.code("purchase", {**body, "Line": []}) == "2020"
    assert client.code("purchase", {**body, "Credit": True}) == "6000"
    sparse = {**key(made), "sparse": True, "PrivateNote": "x"}
    assert client.refused("purchase", sparse)["element"] == "PaymentType"
    client.ok("purchase", {**sparse, "PaymentType": "Check"})
    card = {**body, "PaymentType": "CreditCard", "AccountRef": client.account("Business Card"), "Credit": True}
    client.ok("purchase", card)
    assert practice.ledger()["Business Card"] == 800


def test_a_sparse_update_of_a_bill_names_its_vendor(client: Client, shop: Shop) -> None:
    vendor = {"VendorRef": {"value": shop.vendor["Id"]}}
    bill = client.ok("bill", {**vendor, "Line": [shop.cost("10")]})
    assert client.refused("bill", {**key(bill), "sparse": True, "PrivateNote": "x"})["element"] == "VendorRef"
    changed = client.ok("bill", {**key(bill), **vendor, "sparse": True, "PrivateNote": "x"})
    assert changed["TotalAmt"] == Decimal("10.00")


def test_duplicate_bill_and_check_numbers(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    bill = {"VendorRef": {"value": shop.vendor["Id"]}, "Line": [shop.cost("10")], "DocNumber": "7"}
    client.ok("bill", bill)
    client.ok("bill", bill)
    practice.set_preference("OtherPrefs.WarnDuplicateBillNumber", True)
    assert client.code("bill", bill) == "6140"
    check = {
        "PaymentType": "Check",
        "AccountRef": client.account("Amazon Clearing"),
        "Line": [shop.cost("1")],
        "DocNumber": "7",
    }
    client.ok("purchase", check)
    assert client.code("purchase", check) == "6140"


@pytest.mark.parametrize("kind", ["invoice", "salesreceipt", "payment", "bill", "transfer", "deposit", "purchase"])
def test_closed_books_are_closed_to_every_kind(
    client: Client, shop: Shop, practice: PracticeQuickBooks, kind: str
) -> None:
    from datetime import date

    bodies: dict[str, dict[str, Any]] = {
        "invoice": shop.sale(shop.sold("5")),
        "salesreceipt": shop.sale(shop.sold("5")),
        "payment": shop.payment("5"),
        "bill": {"VendorRef": {"value": shop.vendor["Id"]}, "Line": [shop.cost("1")]},
        "transfer": {
            "FromAccountRef": client.account("Amazon Clearing"),
            "ToAccountRef": client.account("Business Checking"),
            "Amount": 1,
        },
        "deposit": deposit(client, from_account(client, "Amazon Sales", "1")),
        "purchase": {
            "PaymentType": "Cash",
            "AccountRef": client.account("Amazon Clearing"),
            "Line": [shop.cost("1")],
        },
    }
    practice.close_books(date(2026, 3, 31))
    assert client.code(kind, {**bodies[kind], "TxnDate": "2026-03-31"}) == "6200"
    client.ok(kind, {**bodies[kind], "TxnDate": "2026-04-01"})
