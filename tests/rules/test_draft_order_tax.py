"""Tax on orders' documents: as Amazon's rows say, by the books' country, the user's codes and the setting."""

from datetime import date

import pytest

from tests.orders.making import line, money, order
from tieout.domain.account import Group
from tieout.domain.order import Order
from tieout.domain.posting_settings import FacilitatorTax, PostingSettings
from tieout.domain.sale import Sale, TaxTreatment
from tieout.domain.tax_rule import TaxPayer, TaxRule, code_for
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import draft_order

LEAVE_OUT = PostingSettings(facilitator_tax=FacilitatorTax.LEAVE_OUT)
NET = PostingSettings(facilitator_tax=FacilitatorTax.NET)
GB_CODES = (TaxRule("20.0% S", "GB", None, TaxPayer.SELLER), TaxRule("0.0% Z", "GB", None, TaxPayer.AMAZON))


def drafted(given: Order, settings: PostingSettings, country: str = "US", rules: tuple[TaxRule, ...] = ()) -> Sale:
    sale, findings = draft_order(given, settings, load_chart(country), company_country=country, tax_rules=rules)
    assert sale is not None, findings
    return sale


def said(sale: Sale) -> list[tuple[str, str, str, bool, str]]:
    return [
        (
            each.item.name,
            each.amount.decimal,
            each.tax_code,
            each.taxed,
            each.tax.decimal if each.tax is not None else "",
        )
        for each in sale.lines
    ]


def test_us_tax_that_amazon_pays_is_left_out() -> None:
    sale = drafted(order(line(item_tax="1.60", shipping_price="4.00", shipping_tax="0.32")), LEAVE_OUT)
    assert sale.treatment is TaxTreatment.SALES_TAX
    assert said(sale) == [("MUG-1", "20.00", "", False, ""), ("Amazon Shipping Income", "4.00", "", False, "")]
    assert (sale.tax, sale.total) == (money("0.00"), money("24.00"))


def test_us_tax_that_amazon_pays_nets_to_zero_where_the_setting_shows_it() -> None:
    sale = drafted(order(line(item_tax="1.60", shipping_tax="0.32", shipping_price="4.00")), NET)
    assert said(sale)[2:] == [
        ("Amazon Facilitator Tax", "1.92", "", False, ""),
        ("Amazon Facilitator Tax", "-1.92", "", False, ""),
    ]
    assert sale.of_group(Group.FACILITATOR_TAX) == money("0.00")
    assert sale.total == money("24.00")


@pytest.mark.parametrize("settings", [LEAVE_OUT, NET])
def test_us_tax_of_the_seller_is_stated_on_the_taxed_lines(settings: PostingSettings) -> None:
    sale = drafted(
        order(
            line("A", "20.00", item_tax="1.60", tax_responsible="Seller"),
            line("B", "10.00", tax_responsible="Seller"),
        ),
        settings,
    )
    assert said(sale) == [("A", "20.00", "", True, ""), ("B", "10.00", "", False, "")]
    assert (sale.tax, sale.total) == (money("1.60"), money("31.60"))


def test_us_tax_of_nothing_taxable_is_a_line() -> None:
    sale = drafted(order(line("A", "0.00", item_tax="1.60", tax_responsible="Seller")), LEAVE_OUT)
    assert said(sale)[-1] == ("Sales Tax Payable", "1.60", "", False, "")
    assert sale.tax == money("0.00")


@pytest.mark.parametrize(
    ("told", "total"),
    [
        ({"tax_responsible": "Amazon Services, Inc."}, "20.00"),
        ({"tax_collection_model": "MarketplaceFacilitator"}, "20.00"),
        ({"tax_responsible": "Seller"}, "21.60"),
        ({}, "20.00"),
    ],
)
def test_who_pays_is_amazon_s_word_else_the_marketplace_s_rule(told: dict[str, str], total: str) -> None:
    assert drafted(order(line(item_tax="1.60", **told)), LEAVE_OUT).total == money(total)


def test_tax_of_other_countries_in_us_books_is_a_line_on_the_tax_account() -> None:
    given = order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB")
    sale = drafted(given, LEAVE_OUT)
    assert said(sale) == [("MUG-1", "20.00", "", False, ""), ("Sales Tax Payable", "4.00", "", False, "")]
    assert sale.total == money("24.00", "GBP")


def test_british_books_without_codes_are_out_of_scope_with_the_tax_as_a_line() -> None:
    given = order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB")
    sale = drafted(given, NET, "GB")
    assert sale.treatment is TaxTreatment.OUT_OF_SCOPE
    assert said(sale) == [("MUG-1", "20.00", "", False, ""), ("VAT on Amazon Sales", "4.00", "", False, "")]
    assert (sale.tax.decimal, sale.total.decimal) == ("0.00", "24.00")


def test_british_books_with_codes_state_the_tax_on_top_where_amazon_told_it() -> None:
    given = order(
        line(
            price="24.00",
            item_tax="4.00",
            shipping_price="4.80",
            shipping_tax="0.80",
            item_promotion="2.40",
            currency="GBP",
        ),
        country="GB",
    )
    sale = drafted(given, NET, "GB", GB_CODES)
    assert sale.treatment is TaxTreatment.EXCLUDED
    assert said(sale) == [
        ("MUG-1", "20.00", "20.0% S", False, "4.00"),
        ("Amazon Shipping Income", "4.00", "20.0% S", False, "0.80"),
        ("Amazon Promotions", "-2.00", "20.0% S", False, "-0.40"),
    ]
    assert (sale.tax.decimal, sale.total.decimal) == ("4.40", "26.40")
    assert given.total() == sale.total


def test_british_books_with_codes_have_the_tax_inside_where_amazon_told_none() -> None:
    sale = drafted(order(line(price="24.00", currency="GBP"), country="GB"), NET, "GB", GB_CODES)
    assert sale.treatment is TaxTreatment.INCLUSIVE
    assert said(sale) == [("MUG-1", "24.00", "20.0% S", False, "")]
    assert (sale.tax.decimal, sale.total.decimal) == ("0.00", "24.00")


def test_british_tax_that_amazon_pays_gets_amazon_s_code_and_nets_to_zero() -> None:
    given = order(
        line(price="24.00", item_tax="4.00", currency="GBP", tax_responsible="Amazon Services Europe"), country="GB"
    )
    sale = drafted(given, NET, "GB", GB_CODES)
    assert said(sale) == [
        ("MUG-1", "20.00", "0.0% Z", False, "0.00"),
        ("Amazon Facilitator VAT", "4.00", "0.0% Z", False, "0.00"),
        ("Amazon Facilitator VAT", "-4.00", "0.0% Z", False, "0.00"),
    ]
    assert (sale.tax.decimal, sale.total.decimal) == ("0.00", "20.00")
    assert drafted(given, LEAVE_OUT, "GB", GB_CODES).total.decimal == "20.00"


def test_a_line_without_a_code_beside_lines_with_one_is_asked_about() -> None:
    rules = (TaxRule("20.0% S", "GB", Group.SALES),)
    given = order(line(price="24.00", shipping_price="4.80", currency="GBP"), country="GB")
    sale, findings = draft_order(given, NET, load_chart("GB"), company_country="GB", tax_rules=rules)
    assert sale is None
    assert [each.code for each in findings] == ["tax-code-not-chosen"]
    assert "Shipping" in findings[0].what


def test_the_tax_inside_a_promotion_is_its_share_and_the_total_stays_exact() -> None:
    given = order(line(price="9.99", item_tax="1.67", item_promotion="1.00", currency="GBP"), country="GB")
    sale = drafted(given, NET, "GB", GB_CODES)
    assert [(amount, tax) for _, amount, _, _, tax in said(sale)] == [("8.32", "1.67"), ("-0.83", "-0.17")]
    assert sale.total == money("8.99", "GBP") == given.total()


def test_yen_have_no_places() -> None:
    given = order(line(price="2200", item_tax="200", currency="JPY"), country="JP")
    assert drafted(given, LEAVE_OUT).total == money("2200", "JPY")


RULES = (
    TaxRule("any"),
    TaxRule("any later", from_day=date(2026, 3, 1)),
    TaxRule("gb", "GB"),
    TaxRule("gb shipping", "GB", Group.SHIPPING),
    TaxRule("gb amazon", "GB", None, TaxPayer.AMAZON),
    TaxRule("sales", "", Group.SALES),
)


@pytest.mark.parametrize(
    ("country", "group", "payer", "day", "code"),
    [
        ("DE", Group.SHIPPING, TaxPayer.SELLER, date(2026, 1, 1), "any"),
        ("DE", Group.SHIPPING, TaxPayer.SELLER, date(2026, 3, 1), "any later"),
        ("DE", Group.SALES, TaxPayer.SELLER, date(2026, 3, 1), "sales"),
        ("GB", Group.SALES, TaxPayer.SELLER, date(2026, 1, 1), "gb"),
        ("GB", Group.SHIPPING, TaxPayer.AMAZON, date(2026, 1, 1), "gb shipping"),
        ("GB", Group.SALES, TaxPayer.AMAZON, date(2026, 1, 1), "gb amazon"),
    ],
)
def test_the_rule_that_names_most_wins_and_of_equals_the_latest(
    country: str, group: Group, payer: TaxPayer, day: date, code: str
) -> None:
    assert code_for(RULES, country, group, payer, day) == code
    assert code_for((TaxRule("x", "FR"),), country, group, payer, day) == ""
    assert code_for((TaxRule("x", from_day=date(2027, 1, 1)),), country, group, payer, day) == ""
