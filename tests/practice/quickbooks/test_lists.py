"""Customers, vendors, items, classes, locations, terms, payment methods, tax codes."""

from decimal import Decimal
from typing import Any

import pytest

from tests.practice.quickbooks.raw_client import Client, Shop, key
from tieout.practice.quickbooks import PracticeQuickBooks


def test_a_display_name_is_unique_over_customers_and_vendors(client: Client) -> None:
    made = client.ok("customer", {"DisplayName": "Amazon"})
    assert (made["Balance"], made["FullyQualifiedName"], made["Active"]) == (Decimal("0.00"), "Amazon", True)
    error = client.refused("vendor", {"DisplayName": "AMAZON"})
    assert error["code"] == "6240"
    assert "Another customer, vendor or employee" in error["Detail"]
    assert client.ok("vendor", {"DisplayName": "Amazon EU"})["Id"] != made["Id"]


def test_a_display_name_is_made_of_the_parts_of_a_name(client: Client) -> None:
    assert client.ok("customer", {"GivenName": "Ada", "FamilyName": "Byron"})["DisplayName"] == "Ada Byron"
    assert client.ok("vendor", {"CompanyName": "Post"})["DisplayName"] == "Post"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        ({"DisplayName": "a:b"}, "6000"),
        ({"DisplayName": "a\tb"}, "6000"),
        ({"DisplayName": "x" * 501}, "2050"),
        ({"DisplayName": "x", "CurrencyRef": {"value": "QQQ"}}, "2220"),
        ({"DisplayName": "x", "SalesTermRef": {"value": "99"}}, "2500"),
        ({"DisplayName": "x", "Age": 3}, "2010"),
        ({"DisplayName": "x", "BillAddr": "Here"}, "2010"),
    ],
)
def test_what_a_customer_must_hold(client: Client, body: dict[str, Any], code: str) -> None:
    assert client.code("customer", body) == code


def test_sub_customers_and_inactive_ones(client: Client) -> None:
    parent = client.ok("customer", {"DisplayName": "Amazon"})
    child = client.ok("customer", {"DisplayName": "US", "ParentRef": {"value": parent["Id"]}})
    assert (child["FullyQualifiedName"], child["Job"]) == ("Amazon:US", True)
    assert client.query("select * from Customer where DisplayName = 'US'")["Customer"][0]["Id"] == child["Id"]
    found = client.query("select * from Customer where FullyQualifiedName = 'Amazon:US'")
    assert found["Customer"][0]["Id"] == child["Id"]
    gone = client.ok("customer", {**key(child), "sparse": True, "Active": False})
    assert gone["DisplayName"] == "US (deleted)"
    assert client.query("select count(*) from Customer") == {"totalCount": 1}
    assert client.query("select count(*) from Customer where Active in (true, false)") == {"totalCount": 2}
    back = client.ok("customer", {**key(gone), "sparse": True, "Active": True})
    assert back["DisplayName"] == "US"


def test_the_currency_of_a_party_is_for_good(client: Client) -> None:
    made = client.ok("customer", {"DisplayName": "DE", "CurrencyRef": {"value": "EUR"}})
    assert client.code("customer", {**key(made), "sparse": True, "CurrencyRef": {"value": "USD"}}) == "6000"
    assert client.ok("customer", {**key(made), "DisplayName": "DE"})["CurrencyRef"]["value"] == "EUR"


def test_an_inactive_customer_cannot_be_invoiced(client: Client, shop: Shop) -> None:
    client.ok("customer", {**key(shop.customer), "sparse": True, "Active": False})
    assert client.code("invoice", shop.sale(shop.sold("5"))) == "610"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Name": None}, "2020"),
        ({"Name": "mug"}, "6240"),
        ({"Name": "a:b"}, "2010"),
        ({"Name": "x" * 101}, "2050"),
        ({"Type": None}, "2020"),
        ({"Type": "Bundle"}, "2170"),
        ({"IncomeAccountRef": None}, "2020"),
        ({"Type": "Inventory"}, "2020"),
        ({"UnitPrice": "much"}, "2140"),
    ],
)
def test_what_an_item_must_hold(client: Client, shop: Shop, change: dict[str, Any], code: str) -> None:
    body = {"Name": "Plate", "Type": "Service", "IncomeAccountRef": client.account("Amazon Sales")}
    merged = {name: value for name, value in {**body, **change}.items() if value is not None}
    assert client.code("item", merged) == code
    assert shop.item["Type"] == "NonInventory"


def test_an_items_accounts_have_the_right_types(client: Client) -> None:
    body = {"Name": "Plate", "Type": "Service", "IncomeAccountRef": client.account("Amazon Clearing")}
    assert client.code("item", body) == "6430"


def test_items_are_found_by_sku_as_python_quickbooks_asks(client: Client, shop: Shop) -> None:
    assert client.query("SELECT *, Sku FROM Item MAXRESULTS 100")["Item"][0]["Sku"] == "MUG-1"
    assert client.query("select * from Item where Sku = 'MUG-1'")["Item"][0]["Id"] == shop.item["Id"]


def test_stock_comes_in_goes_out_and_comes_back(client: Client, practice: PracticeQuickBooks) -> None:
    asset = client.ok("account", {"Name": "Stock", "AccountSubType": "Inventory"})
    cost = client.ok("account", {"Name": "Goods sold", "AccountSubType": "SuppliesMaterialsCogs"})
    body = {
        "Name": "Lamp",
        "Type": "Inventory",
        "IncomeAccountRef": client.account("Amazon Sales"),
        "ExpenseAccountRef": {"value": cost["Id"]},
        "AssetAccountRef": {"value": asset["Id"]},
        "QtyOnHand": 10,
        "InvStartDate": "2026-01-01",
        "PurchaseCost": "2.50",
    }
    assert client.code("item", {**body, "QtyOnHand": None}) == "2020"
    shop = Shop.opened(client)
    shop.item = client.ok("item", body)
    assert practice.ledger() == {"Stock": 2500, "Opening Balance Equity": -2500}
    assert client.code("invoice", shop.sale(shop.sold("8", Qty=4, UnitPrice=2), TxnDate="2025-12-31")) == "6270"
    invoice = client.ok("invoice", shop.sale(shop.sold("8", Qty=4, UnitPrice=2)))
    assert client.read(f"item/{shop.item['Id']}")["QtyOnHand"] == 6
    assert practice.ledger()["Goods sold"] == 1000
    assert practice.ledger()["Stock"] == 1500
    changed = client.ok("invoice", {**shop.sale(shop.sold("2", Qty=1, UnitPrice=2)), **key(invoice)})
    assert client.read(f"item/{shop.item['Id']}")["QtyOnHand"] == 9
    client.ok("creditmemo", shop.sale(shop.sold("2", Qty=1, UnitPrice=2)))
    assert client.read(f"item/{shop.item['Id']}")["QtyOnHand"] == 10
    client.ok("invoice", key(changed), operation="void")
    assert client.read(f"item/{shop.item['Id']}")["QtyOnHand"] == 11
    bought = {
        "DetailType": "ItemBasedExpenseLineDetail",
        "Amount": "7.50",
        "ItemBasedExpenseLineDetail": {"ItemRef": {"value": shop.item["Id"]}, "Qty": 3, "UnitPrice": "2.50"},
    }
    bill = client.ok("bill", {"VendorRef": {"value": shop.vendor["Id"]}, "Line": [bought]})
    assert client.read(f"item/{shop.item['Id']}")["QtyOnHand"] == 14
    client.ok("bill", key(bill), operation="delete")
    assert client.read(f"item/{shop.item['Id']}")["QtyOnHand"] == 11
    assert sum(practice.ledger().values()) == 0


@pytest.mark.parametrize("kind", ["class", "department", "term", "paymentmethod"])
def test_simple_lists(client: Client, kind: str) -> None:
    made = client.ok(kind, {"Name": "One"})
    assert client.code(kind, {"Name": "one"}) == "6240"
    assert client.code(kind, {}) == "2020"
    assert client.code(kind, {"Name": "a:b"}) == "6000"
    gone = client.ok(kind, {**key(made), "sparse": True, "Active": False})
    assert gone["Name"] == "One (deleted)"
    assert client.code(f"{kind}?operation=delete", key(gone)) == "500"


def test_classes_nest_five_levels(client: Client) -> None:
    parent = client.ok("class", {"Name": "1"})
    for level in range(2, 6):
        parent = client.ok("class", {"Name": str(level), "ParentRef": {"value": parent["Id"]}})
    assert (parent["FullyQualifiedName"], parent["SubClass"]) == ("1:2:3:4:5", True)
    assert client.code("class", {"Name": "6", "ParentRef": {"value": parent["Id"]}}) == "6000"
    itself = {**key(parent), "Name": "5", "ParentRef": {"value": parent["Id"]}}
    assert client.code("class", itself) == "2600"


def test_a_new_company_has_terms_and_payment_methods(client: Client) -> None:
    terms = {term["Name"]: term["DueDays"] for term in client.query("select * from Term")["Term"]}
    assert terms["Net 30"] == 30
    assert "Check" in {method["Name"] for method in client.query("select * from PaymentMethod")["PaymentMethod"]}


def test_us_tax_codes(client: Client) -> None:
    codes = {code["Id"]: code for code in client.query("select * from TaxCode")["TaxCode"]}
    assert {"TAX", "NON"} <= set(codes)
    (california,) = (code for code in codes.values() if code["Name"] == "California")
    (rate,) = california["SalesTaxRateList"]["TaxRateDetail"]
    assert client.read(f"taxrate/{rate['TaxRateRef']['value']}")["RateValue"] == 8
    assert client.code("taxcode", {"Name": "Mine"}) == "500"


def test_british_tax_codes(british: Shop) -> None:
    names = {code["Name"] for code in british.client.query("select * from TaxCode")["TaxCode"]}
    assert {"20.0% S", "0.0% Z", "Exempt", "No VAT", "20.0% RC SG"} <= names
    assert "TAX" not in names
