"""Foreign currencies: rates, control accounts, gains and losses."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.practice.quickbooks.raw_client import Client, Shop, connected, exact
from tieout.practice.quickbooks import PracticeQuickBooks


def test_a_foreign_invoice_is_in_its_customers_currency(client: Client, practice: PracticeQuickBooks) -> None:
    shop = Shop.opened(client, "EUR")
    made = client.ok("invoice", shop.sale(shop.sold("10"), ExchangeRate="1.1"))
    assert (made["CurrencyRef"]["value"], made["TotalAmt"]) == ("EUR", Decimal("10.00"))
    assert (made["HomeTotalAmt"], made["HomeBalance"]) == (Decimal("11.00"), Decimal("11.00"))
    assert practice.ledger() == {"Accounts Receivable (A/R) - EUR": 1100, "Amazon Sales": -1100}
    assert practice.balance_in("Accounts Receivable (A/R) - EUR", "EUR") == 1000
    assert client.read(f"customer/{shop.customer['Id']}")["Balance"] == Decimal("10.00")
    dollars = shop.sale(shop.sold("10"), CurrencyRef={"value": "USD"})
    assert client.code("invoice", dollars) == "6000"
    assert client.ok("invoice", shop.sale(shop.sold("10")))["ExchangeRate"] == Decimal("1.1625")


def test_a_payment_at_another_rate_makes_a_gain(client: Client, practice: PracticeQuickBooks) -> None:
    shop = Shop.opened(client, "EUR")
    invoice = client.ok("invoice", shop.sale(shop.sold("10"), ExchangeRate="1.1"))
    clearing = {"Name": "Clearing EUR", "AccountType": "Bank", "CurrencyRef": {"value": "EUR"}}
    account = client.ok("account", clearing)
    for part in ("3.33", "6.67"):
        body = shop.payment(part, ("Invoice", invoice, part), ExchangeRate="1.2")
        client.ok("payment", {**body, "DepositToAccountRef": {"value": account["Id"]}})
    assert practice.ledger() == {
        "Accounts Receivable (A/R) - EUR": 0,
        "Amazon Sales": -1100,
        "Clearing EUR": 1200,
        "Exchange Gain or Loss": -100,
    }
    assert client.read(f"account/{account['Id']}")["CurrentBalance"] == Decimal("10.00")


def test_foreign_bills_and_transfers(client: Client, practice: PracticeQuickBooks) -> None:
    shop = Shop.opened(client, "GBP")
    bank = client.ok("account", {"Name": "Bank GBP", "AccountType": "Bank", "CurrencyRef": {"value": "GBP"}})
    bill = client.ok(
        "bill", {"VendorRef": {"value": shop.vendor["Id"]}, "Line": [shop.cost("10")], "ExchangeRate": "1.3"}
    )
    payment = {
        "VendorRef": {"value": shop.vendor["Id"]},
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": bank["Id"]}},
        "TotalAmt": "10",
        "ExchangeRate": "1.25",
        "Line": [{"Amount": 10, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}],
    }
    client.ok("billpayment", payment)
    assert practice.ledger() == {
        "Accounts Payable (A/P) - GBP": 0,
        "Amazon Selling Fees": 1300,
        "Bank GBP": -1250,
        "Exchange Gain or Loss": -50,
    }
    transfer = {
        "FromAccountRef": client.account("Business Checking"),
        "ToAccountRef": {"value": bank["Id"]},
        "Amount": "10",
        "ExchangeRate": "1.25",
    }
    assert client.ok("transfer", transfer)["CurrencyRef"]["value"] == "GBP"
    assert practice.ledger()["Bank GBP"] == 0
    assert practice.ledger()["Business Checking"] == -1250


def test_other_currencies_accounts_are_refused(client: Client) -> None:
    shop = Shop.opened(client, "EUR")
    client.ok("account", {"Name": "Bank GBP", "AccountType": "Bank", "CurrencyRef": {"value": "GBP"}})
    body = shop.sale(shop.sold("5"), DepositToAccountRef=client.account("Bank GBP"))
    assert client.code("salesreceipt", body) == "6000"
    assert client.code("invoice", shop.sale(shop.sold("5"), ExchangeRate="-1")) == "2240"


def test_the_companys_own_rates(client: Client) -> None:
    rate = client.call("GET", "exchangerate", params={"sourcecurrencycode": "EUR", "asofdate": "2026-01-31"})
    assert exact(rate)["ExchangeRate"]["Rate"] == Decimal("1.162500")
    assert exact(rate)["ExchangeRate"]["TargetCurrencyCode"] == "USD"
    assert client.call("GET", "exchangerate").status_code == 400


@settings(max_examples=12, deadline=None)
@given(
    amounts=st.lists(st.integers(min_value=1, max_value=10**7), min_size=1, max_size=5),
    rates=st.tuples(*[st.decimals(min_value="0.01", max_value="150", places=6)] * 2),
)
def test_paid_receivables_come_to_nothing_at_any_rates(amounts: list[int], rates: tuple[Decimal, Decimal]) -> None:
    with PracticeQuickBooks(limits=False) as practice, connected(practice) as client:
        shop = Shop.opened(client, "EUR")
        total = sum(amounts)
        text = f"{total // 100}.{total % 100:02d}"
        invoice = client.ok("invoice", shop.sale(shop.sold(text), ExchangeRate=str(rates[0])))
        for minor in amounts:
            part = f"{minor // 100}.{minor % 100:02d}"
            client.ok("payment", shop.payment(part, ("Invoice", invoice, part), ExchangeRate=str(rates[1])))
        assert practice.ledger()["Accounts Receivable (A/R) - EUR"] == 0
        assert sum(practice.ledger().values()) == 0
