"""Orders as documents: what is drafted, what is not and why."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.orders.making import ORDER_ID, line, money, order
from tieout.domain.account import Chart, Group
from tieout.domain.finding import Finding, Severity
from tieout.domain.order import Order
from tieout.domain.posting_settings import (
    CustomerPolicy,
    FacilitatorTax,
    ItemPolicy,
    MarketplacePosting,
    OrderDate,
    OrderDocument,
    PostingSettings,
    ZeroOrders,
)
from tieout.domain.sale import Sale, SaleKind, SaleLine, TaxTreatment, WrongTotal
from tieout.domain.settings import Method, PeriodZone
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import OrderFacts, draft_order, order_number

US = load_chart("US")


def drafted(given: Order, settings: PostingSettings | None = None, **more: object) -> Sale:
    sale, findings = draft_order(given, settings or PostingSettings(), US, company_country="US", **more)  # type: ignore[arg-type]
    assert sale is not None, findings
    return sale


def refused(given: Order, settings: PostingSettings | None = None) -> Finding:
    sale, findings = draft_order(given, settings or PostingSettings(), US, company_country="US")
    assert sale is None
    assert len(findings) == 1
    return findings[0]


def lines_of(sale: Sale) -> list[tuple[str, str, str]]:
    return [(each.item.name, each.description, each.amount.decimal) for each in sale.lines]


def test_an_order_becomes_an_invoice_of_its_lines() -> None:
    sale = drafted(
        order(
            line("MUG-1", "20.00", quantity="2", shipping_price="4.99", gift_wrap_price="3.99"),
            line("CAP-1", "10.00", item_promotion="1.00", shipping_price="1.00", shipping_promotion="1.00"),
        )
    )
    assert (sale.kind, sale.doc_number, sale.customer) == (SaleKind.INVOICE, ORDER_ID, "Amazon US")
    assert lines_of(sale) == [
        ("MUG-1", "Title of MUG-1", "20.00"),
        ("CAP-1", "Title of CAP-1", "10.00"),
        ("Amazon Shipping Income", "Shipping", "5.99"),
        ("Amazon Gift Wrap Income", "Gift wrap", "3.99"),
        ("Amazon Promotions", "Promotions on goods", "-1.00"),
        ("Amazon Promotions", "Promotions on shipping", "-1.00"),
    ]
    assert [(each.item.by_sku, each.quantity) for each in sale.lines[:2]] == [(True, 2), (True, 1)]
    assert sale.total == money("37.98")
    assert sale.day == date(2026, 1, 15)
    assert sale.deposit_to == ""


def test_a_sku_on_two_lines_stays_two_lines() -> None:
    sale = drafted(order(line("MUG-1", "20.00"), line("MUG-1", "20.00")))
    assert [each.item.name for each in sale.lines] == ["MUG-1", "MUG-1"]
    assert sale.total == money("40.00")


def test_a_cancelled_line_is_left_out_and_free_goods_are_kept() -> None:
    sale = drafted(order(line("MUG-1", "20.00"), line("CAP-1", "", quantity="0"), line("FREE", "0.00")))
    assert lines_of(sale) == [("MUG-1", "Title of MUG-1", "20.00"), ("FREE", "Title of FREE", "0.00")]


def test_a_sales_receipt_names_clearing() -> None:
    sale = drafted(order(line()), PostingSettings(order_document=OrderDocument.SALES_RECEIPT))
    assert (sale.kind, sale.deposit_to) == (SaleKind.SALES_RECEIPT, "Amazon Clearing")


def test_one_item_for_all_goods() -> None:
    settings = PostingSettings(item_policy=ItemPolicy.ONE, item="Shop sales")
    sale = drafted(order(line("A"), line("B", price="0.00")), settings)
    assert {each.item.name for each in sale.lines} == {"Shop sales"}
    assert not any(each.item.by_sku for each in sale.lines)


def test_a_line_without_a_sku_uses_the_one_item() -> None:
    (only,) = drafted(order(line(""))).lines
    assert (only.item.name, only.item.by_sku) == ("Amazon Sales", False)


def test_charges_of_other_kinds_are_sales() -> None:
    sale = drafted(order(line(other_charges="2.50")))
    assert lines_of(sale)[1] == ("Amazon Sales", "Other charges", "2.50")
    assert sale.total == money("22.50")


def test_a_customer_for_each_order_or_of_the_marketplace_s_own_name() -> None:
    by_order = PostingSettings(customer_policy=CustomerPolicy.ORDER, customer="Buyer {marketplace}")
    assert drafted(order(line()), by_order).customer == f"Buyer US {ORDER_ID}"
    own = PostingSettings(marketplaces={"US": MarketplacePosting(customer="Amazon.com buyers")})
    assert drafted(order(line()), own).customer == "Amazon.com buyers"


def test_class_and_location() -> None:
    sale = drafted(order(line(shipping_price="1.00")), PostingSettings(class_name="Amazon", location="Online"))
    assert {each.class_name for each in sale.lines} == {"Amazon"}
    assert sale.location == "Online"


@pytest.mark.parametrize(
    ("prefix", "number"), [("", ORDER_ID), ("A-", f"A-{ORDER_ID}"), ("ABC", ORDER_ID)], ids=["none", "fits", "long"]
)
def test_the_number_is_amazons_with_a_prefix_that_fits(prefix: str, number: str) -> None:
    assert order_number(ORDER_ID, prefix) == number
    assert len(number) <= 21


def test_the_day_is_the_marketplace_s_own() -> None:
    late = order(line(), purchased=datetime(2026, 2, 1, 3, tzinfo=UTC))
    assert drafted(late).day == date(2026, 1, 31)
    assert drafted(late, PostingSettings(period_zone=PeriodZone.UTC)).day == date(2026, 2, 1)


def test_the_ship_day_in_the_marketplace_s_time() -> None:
    settings = PostingSettings(order_date=OrderDate.SHIP)
    shipped = replace(order(line()), shipped=datetime(2026, 1, 18, 3, tzinfo=UTC))
    assert drafted(shipped, settings).day == date(2026, 1, 17)
    assert drafted(shipped, replace(settings, period_zone=PeriodZone.UTC)).day == date(2026, 1, 18)
    assert drafted(shipped, PostingSettings()).day == date(2026, 1, 15)


def test_an_order_without_a_ship_day_is_not_dated_by_another() -> None:
    sale, findings = draft_order(order(line()), PostingSettings(order_date=OrderDate.SHIP), US, company_country="US")
    assert sale is None
    assert [(each.code, each.severity) for each in findings] == [("ship-date-missing", Severity.NOTICE)]


def test_the_deposit_day_once_a_settlement_pays_it() -> None:
    settings = PostingSettings(order_date=OrderDate.DEPOSIT)
    assert drafted(order(line()), settings, facts=OrderFacts(deposit_day=date(2026, 2, 3))).day == date(2026, 2, 3)
    assert refused(order(line()), settings).code == "order-waits-for-deposit"


@pytest.mark.parametrize("status", ["Pending", "Cancelled", "Canceled", "Unfulfillable", "On the moon", ""])
def test_a_status_that_never_posts(status: str) -> None:
    finding = refused(order(line(), status=status))
    assert finding.code == "order-status-does-not-post"
    assert finding.stops
    assert finding.subject == ORDER_ID


def test_an_order_sold_elsewhere_is_no_revenue() -> None:
    finding = refused(order(line(price="0.00"), order_id="S01-1234567-1234567"))
    assert (finding.code, finding.stops) == ("order-sold-elsewhere", False)


def test_an_order_without_a_price_waits() -> None:
    assert refused(order(line(price=""), currency="")).code == "order-without-price"


def test_two_currencies_in_one_order() -> None:
    mixed = order(line(), line("B", "5.00", currency="EUR"))
    assert refused(mixed).code == "order-currencies-differ"


def test_an_order_of_zero_is_kept_unless_the_setting_leaves_it_out() -> None:
    free = order(line(price="0.00"))
    assert drafted(free).total == money("0.00")
    assert refused(free, PostingSettings(zero_orders=ZeroOrders.LEAVE_OUT)).code == "order-of-zero-left-out"


def test_promotions_beyond_the_price_are_refused() -> None:
    assert refused(order(line(item_promotion="25.00"))).code == "order-total-negative"


def test_nothing_before_the_start() -> None:
    settings = PostingSettings(start_date=date(2026, 1, 16))
    assert refused(order(line()), settings).code == "order-before-start"
    assert drafted(order(line()), PostingSettings(start_date=date(2026, 1, 15))).day == date(2026, 1, 15)


@pytest.mark.parametrize(
    "settings",
    [
        PostingSettings(method=Method.SUMMARY),
        PostingSettings(order_document=OrderDocument.NONE),
        PostingSettings(marketplaces={"US": MarketplacePosting(method=Method.SUMMARY)}),
    ],
    ids=["method", "document", "marketplace"],
)
def test_orders_that_settlements_record_have_no_document(settings: PostingSettings) -> None:
    finding = refused(order(line()), settings)
    assert (finding.code, finding.stops) == ("order-needs-no-document", False)


def test_a_marketplace_may_have_documents_where_others_have_none() -> None:
    settings = PostingSettings(method=Method.SUMMARY, marketplaces={"US": MarketplacePosting(method=Method.ORDERS)})
    assert drafted(order(line()), settings).kind is SaleKind.INVOICE


def test_a_chart_without_the_account_is_said() -> None:
    poor = Chart("US", tuple(each for each in US.accounts if each.role != "shipping_income"))
    sale, findings = draft_order(order(line(shipping_price="1.00")), PostingSettings(), poor, company_country="US")
    assert sale is None
    assert findings[-1].code == "document-account-missing"
    assert "shipping_income" in findings[-1].what


def test_a_sale_of_another_total_can_t_be_made() -> None:
    sale = drafted(order(line()))
    with pytest.raises(WrongTotal):
        replace(sale, expected=money("20.01"))
    with pytest.raises(WrongTotal):
        replace(sale, currency="EUR")
    minus = SaleLine(Group.PROMOTIONS, sale.lines[0].item, "", money("-30.00"))
    with pytest.raises(WrongTotal):
        replace(sale, lines=(*sale.lines, minus), expected=money("-10.00"))
    with pytest.raises(ValueError, match="names its account"):
        replace(sale, deposit_to="Amazon Clearing")


def test_the_same_order_gives_the_same_draft() -> None:
    given = order(line(shipping_price="1.00", item_tax="2.00"), line("B"))
    settings = PostingSettings(facilitator_tax=FacilitatorTax.NET)
    assert drafted(given, settings) == drafted(given, settings)
    assert drafted(given, settings).treatment is TaxTreatment.SALES_TAX
