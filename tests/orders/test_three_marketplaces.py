"""A practice month of three marketplaces: orders as invoices, settlements by orders, read back by another client."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
import requests
from quickbooks import QuickBooks
from quickbooks.objects import CreditMemo, Invoice, Payment, Transfer

from tests.orders.sale_world import SaleWorld, sale_world
from tests.orders.shop_orders import shop_orders, shop_settlements
from tieout.commands.post_orders import OrderState
from tieout.commands.posting_run import How
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.settlement import Settlement
from tieout.practice.shop import Shop, make_shop

COUNTRIES = {"US": "USD", "GB": "GBP", "DE": "EUR"}
_OWN_CLEARING = {"GB": "Amazon Clearing GBP", "DE": "Amazon Clearing EUR"}


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(7, orders=60)


@pytest.fixture(scope="module")
def orders(shop: Shop) -> list[Order]:
    return [order for country in COUNTRIES for order in shop_orders(shop, country)]


@pytest.fixture(scope="module")
def settlements(shop: Shop) -> list[Settlement]:
    return [settlement for country in COUNTRIES for settlement in shop_settlements(shop, country)]


@pytest.fixture(scope="module")
def posted(
    tmp_path_factory: pytest.TempPathFactory, orders: list[Order], settlements: list[Settlement]
) -> Iterator[SaleWorld]:
    """The month posted, with clearing accounts in the currencies of the marketplaces."""
    with sale_world(tmp_path_factory.mktemp("month")) as world:
        for country, name in _OWN_CLEARING.items():
            body = {"Name": name, "AccountType": "Bank", "AccountSubType": "CashOnHand"}
            world.there.practice.create_as_person("Account", {**body, "CurrencyRef": {"value": COUNTRIES[country]}})
        world.clearing = _OWN_CLEARING
        report = world.post(*orders)
        assert report.findings == ()
        settled = world.settle(*settlements)
        assert settled.all_findings == ()
        assert all(result.is_posted for result in settled.results)
        yield world


def _may_post(order: Order) -> bool:
    return order.status.startswith(("Shipped", "Unshipped")) and not order.is_multi_channel


def test_every_order_is_an_invoice_of_its_own_total(posted: SaleWorld, orders: list[Order]) -> None:
    """US totals are without the tax that Amazon pays itself; the others are what the buyer paid."""
    held = {each["DocNumber"]: each for each in posted.held("Invoice")}
    wanted = {order.order_id: order for order in orders if _may_post(order)}
    assert sorted(held) == sorted(wanted)
    for order_id, order in wanted.items():
        total = order.total()
        assert total is not None
        if order.marketplace == "US":
            taxes = (t for line in order.lines for t in (line.item_tax, line.shipping_tax, line.gift_wrap_tax) if t)
            total = total - Money.total(taxes, "USD")
        assert Money.parse(f"{held[order_id]['TotalAmt']:.2f}", total.currency) == total
        assert held[order_id]["CurrencyRef"]["value"] == COUNTRIES[order.marketplace]
        assert held[order_id]["CustomerRef"]["name"] == f"Amazon {order.marketplace}"


def test_clearing_is_back_at_zero_or_at_what_amazon_is_owed(posted: SaleWorld, settlements: list[Settlement]) -> None:
    """The practice seller's one negative settlement was charged to the card in the next one."""
    for country, currency in COUNTRIES.items():
        account = _OWN_CLEARING.get(country, "Amazon Clearing")
        assert posted.there.practice.balance_in(account, currency) == 0
        bank = sum(each.total.minor for each in settlements if each.marketplace == country and each.total.minor > 0)
        assert posted.there.practice.balance_in("Business Checking", currency) == bank


def test_what_is_open_is_what_is_not_settled_yet(posted: SaleWorld, settlements: list[Settlement]) -> None:
    settled = {
        line.order_id
        for settlement in settlements
        for line in settlement.lines.lines()
        if line.kind.transaction_type == "Order"
    }
    for invoice in posted.held("Invoice"):
        open_balance = invoice["Balance"] != 0
        assert open_balance == (invoice["DocNumber"] not in settled and invoice["TotalAmt"] != 0)


def test_german_tax_that_amazon_withheld_is_nobody_s_income_and_nobody_s_debt(posted: SaleWorld) -> None:
    """What invoices put on the tax account, the settlements' withheld rows took off again."""
    unsettled = sum(
        line["Amount"]
        for invoice in posted.held("Invoice")
        if invoice["CustomerRef"]["name"] == "Amazon DE" and invoice["Balance"]
        for line in invoice["Line"]
        if line.get("SalesItemLineDetail", {}).get("ItemRef", {}).get("name") == "Sales Tax Payable"
    )
    assert posted.there.practice.balance_in("Sales Tax Payable", "EUR") == -int(unsettled * 100)


def test_a_second_press_changes_nothing(
    posted: SaleWorld, orders: list[Order], settlements: list[Settlement]
) -> None:
    writes = posted.there.practice.write_requests()
    again = posted.post(*orders)
    assert Counter(r.posted.how for r in again.results if r.posted) == {How.ALREADY: again.count(OrderState.POSTED)}
    settled = posted.settle(*settlements)
    assert {each.how for result in settled.results for each in result.documents} <= {How.ALREADY, How.EMPTY}
    assert posted.there.practice.write_requests() == writes


def test_python_quickbooks_reads_them_back(posted: SaleWorld, orders: list[Order]) -> None:
    with requests.Session() as http:
        client = _client(posted, http)
        invoices = Invoice.all(max_results=1000, qb=client)
        assert len(invoices) == len(posted.held("Invoice"))
        order = next(each for each in orders if each.marketplace == "GB" and _may_post(each))
        (found,) = Invoice.where(f"DocNumber = '{order.order_id}'", qb=client)
        total = order.total()
        assert total is not None
        assert found.TotalAmt == Decimal(total.decimal)
        assert f"Amazon order {order.order_id}" in found.PrivateNote
        payments = Payment.all(max_results=1000, qb=client)
        linked = {link.TxnId for payment in payments for line in payment.Line for link in line.LinkedTxn}
        assert linked >= {each.Id for each in invoices if each.Balance == 0 and each.TotalAmt != 0}
        assert len(CreditMemo.all(qb=client)) == len(posted.held("CreditMemo"))
        assert all(each.Amount > 0 for each in Transfer.all(qb=client))


def _client(posted: SaleWorld, http: requests.Session) -> QuickBooks:
    """python-quickbooks on the observer's connection, unmodified but for its address."""
    connection = posted.there.practice.connection()
    answer = http.post(
        connection["token_url"],
        data={"grant_type": "refresh_token", "refresh_token": connection["observer_refresh_token"]},
        auth=(connection["client_id"], connection["client_secret"]),
        timeout=10,
    )
    http.access_token = answer.json()["access_token"]  # type: ignore[attr-defined]
    client = QuickBooks(company_id=connection["realm_id"], minorversion=75, use_decimal=True)
    client.session = http
    client.api_url_v3 = connection["endpoint"].removesuffix("/company/")
    return client
