"""US sales tax and the global tax model."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.practice.quickbooks.raw_client import Client, Shop, connected, key
from tieout.practice.quickbooks import PracticeQuickBooks


def us_code(client: Client) -> dict[str, str]:
    return {"value": client.named("TaxCode", "California")}


def test_us_tax_is_computed_from_the_codes_rates(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    lines = (shop.sold("10.01", "TAX"), shop.sold("5", "NON"))
    made = client.ok("invoice", shop.sale(*lines, TxnTaxDetail={"TxnTaxCodeRef": us_code(client)}))
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("0.80")
    (tax_line,) = made["TxnTaxDetail"]["TaxLine"]
    assert tax_line["TaxLineDetail"]["NetAmountTaxable"] == Decimal("10.01")
    assert made["TotalAmt"] == Decimal("15.81")
    assert practice.ledger()["Sales Tax Payable"] == -80


def test_us_tax_can_be_stated(client: Client, shop: Shop) -> None:
    stated = {"TxnTaxCodeRef": us_code(client), "TotalTax": "0.93"}
    made = client.ok("salesreceipt", shop.sale(shop.sold("10", "TAX"), TxnTaxDetail=stated))
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (Decimal("0.93"), Decimal("10.93"))
    assert client.ok("salesreceipt", shop.sale(shop.sold("10", "TAX"), TxnTaxDetail={"TotalTax": "0.5"}))[
        "TotalAmt"
    ] == Decimal("10.50")


def test_without_a_taxable_line_there_is_no_tax(client: Client, shop: Shop) -> None:
    made = client.ok("invoice", shop.sale(shop.sold("10", "NON"), TxnTaxDetail={"TotalTax": "5"}))
    assert made["TotalAmt"] == Decimal("10.00")


def test_a_us_line_is_tax_or_non(client: Client, shop: Shop) -> None:
    error = client.refused("invoice", shop.sale(shop.sold("10", us_code(client)["value"])))
    assert error["code"] == "6100"


def test_us_tax_before_or_after_the_discount(client: Client, shop: Shop) -> None:
    discount = {"DetailType": "DiscountLineDetail", "Amount": "5", "DiscountLineDetail": {}}
    lines = (shop.sold("40", "TAX"), shop.sold("10", "NON"), discount)
    body = shop.sale(*lines, TxnTaxDetail={"TxnTaxCodeRef": us_code(client)})
    assert client.ok("invoice", body)["TxnTaxDetail"]["TotalTax"] == Decimal("3.20")
    after = client.ok("invoice", {**body, "ApplyTaxAfterDiscount": True})
    assert after["TxnTaxDetail"]["TotalTax"] == Decimal("2.88")


def test_no_tax_where_sales_tax_is_off(client: Client, shop: Shop, practice: PracticeQuickBooks) -> None:
    practice.set_preference("TaxPrefs.UsingSalesTax", False)
    made = client.ok("invoice", shop.sale(shop.sold("10", "TAX"), TxnTaxDetail={"TxnTaxCodeRef": us_code(client)}))
    assert made["TotalAmt"] == Decimal("10.00")
    assert made["TxnTaxDetail"] == {}


def test_outside_the_us_every_line_needs_a_code(british: Shop) -> None:
    error = british.client.refused("invoice", british.sale(british.sold("10")))
    assert error["code"] == "6000"
    assert "Make sure all your transactions have a VAT rate" in error["Detail"]
    bill = {"VendorRef": {"value": british.vendor["Id"]}, "Line": [british.cost("1")]}
    assert british.client.code("bill", bill) == "6000"


def code(shop: Shop, name: str = "20.0% S") -> str:
    return shop.client.named("TaxCode", name)


def test_tax_is_added_to_net_lines_by_rate(british: Shop) -> None:
    lines = [british.sold(amount, code(british)) for amount in ("0.33", "0.33", "1")]
    free = british.sold("7", code(british, "0.0% Z"))
    made = british.client.ok("invoice", british.sale(*lines, free))
    assert made["GlobalTaxCalculation"] == "TaxExcluded"
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("0.33")
    assert {line["TaxLineDetail"]["TaxPercent"]: line["Amount"] for line in made["TxnTaxDetail"]["TaxLine"]} == {
        Decimal(20): Decimal("0.33"),
        Decimal(0): Decimal("0.00"),
    }
    assert made["TotalAmt"] == Decimal("8.99")
    assert british.client.practice.ledger()["VAT Control"] == -33


def test_tax_is_taken_out_of_inclusive_amounts(british: Shop) -> None:
    line = british.sold("16.66", code(british), TaxInclusiveAmt="19.99")
    made = british.client.ok("invoice", british.sale(line, GlobalTaxCalculation="TaxInclusive"))
    assert made["TotalAmt"] == Decimal("19.99")
    assert made["Line"][0]["Amount"] == Decimal("16.66")
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("3.33")
    assert british.client.practice.ledger() == {
        "Accounts Receivable (A/R)": 1999,
        "Amazon Sales": -1666,
        "VAT Control": -333,
    }


def test_a_stated_tax_line_overrides_its_rate(british: Shop) -> None:
    client = british.client
    plain = client.ok("invoice", british.sale(british.sold("10", code(british))))
    rate = plain["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxRateRef"]
    stated = {
        "TaxLine": [
            {"Amount": "1.99", "DetailType": "TaxLineDetail", "TaxLineDetail": {"TaxRateRef": rate, "TaxPercent": 20}}
        ]
    }
    made = client.ok("invoice", british.sale(british.sold("10", code(british)), TxnTaxDetail=stated))
    assert made["TotalAmt"] == Decimal("11.99")
    other = british.sale(british.sold("10", code(british, "Exempt")), TxnTaxDetail=stated)
    assert client.code("invoice", other) == "6000"


def test_new_lines_of_a_sparse_update_are_taxed_anew(client: Client, shop: Shop, british: Shop) -> None:
    made = british.client.ok("invoice", british.sale(british.sold("10", code(british))))
    lines = {"sparse": True, "Line": [british.sold("20", code(british))]}
    assert british.client.ok("invoice", {**key(made), **lines})["TotalAmt"] == Decimal("24.00")
    detail = {"TxnTaxCodeRef": us_code(client)}
    sold = client.ok("invoice", shop.sale(shop.sold("10", "TAX"), TxnTaxDetail=detail))
    changed = client.ok("invoice", {**key(sold), "sparse": True, "Line": [shop.sold("20", "TAX")]})
    assert changed["TxnTaxDetail"]["TotalTax"] == Decimal("1.60")


def test_tax_that_is_not_applicable(british: Shop) -> None:
    body = british.sale(british.sold("10"), GlobalTaxCalculation="NotApplicable")
    assert british.client.ok("invoice", body)["TotalAmt"] == Decimal("10.00")
    assert british.client.code("invoice", {**body, "TxnTaxDetail": {"TotalTax": 1}}) == "6170"
    assert british.client.code("invoice", {**body, "GlobalTaxCalculation": "TaxIncluded"}) == "2170"


def test_tax_on_purchases_and_reverse_charge(british: Shop) -> None:
    client = british.client
    vendor = {"VendorRef": {"value": british.vendor["Id"]}}
    fees = client.ok("bill", {**vendor, "Line": [british.cost("100", code=code(british))]})
    assert (fees["TotalAmt"], fees["TxnTaxDetail"]["TotalTax"]) == (Decimal("120.00"), Decimal("20.00"))
    reverse = client.ok("bill", {**vendor, "Line": [british.cost("100", code=code(british, "20.0% RC SG"))]})
    assert reverse["TotalAmt"] == Decimal("100.00")
    assert [line["Amount"] for line in reverse["TxnTaxDetail"]["TaxLine"]] == [Decimal("20.00"), Decimal("-20.00")]
    outside = client.ok("bill", {**vendor, "Line": [british.cost("100", code=code(british, "No VAT"))]})
    assert outside["TxnTaxDetail"] == {"TotalTax": Decimal("0.00")}
    assert client.practice.ledger()["VAT Control"] == 2000


@settings(max_examples=12, deadline=None)
@given(gross=st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=6), data=st.data())
def test_inclusive_totals_are_exact(gross: list[int], data: st.DataObject) -> None:
    with (
        PracticeQuickBooks(country="GB", home_currency="GBP", limits=False) as practice,
        connected(practice) as client,
    ):
        shop = Shop.opened(client)
        names = ("20.0% S", "5.0% R", "0.0% Z", "No VAT")
        lines: list[dict[str, Any]] = []
        for minor in gross:
            amount = f"{minor // 100}.{minor % 100:02d}"
            lines.append(shop.sold(amount, code(shop, data.draw(st.sampled_from(names))), TaxInclusiveAmt=amount))
        made = client.ok("invoice", shop.sale(*lines, GlobalTaxCalculation="TaxInclusive"))
        assert made["TotalAmt"] == Decimal(sum(gross)).scaleb(-2)
        assert sum(practice.ledger().values()) == 0
