"""Sales documents, payments and the like: exact bytes out, and what bytes say read back to the minor unit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.orders.making import line, order
from tieout.domain.account import Group
from tieout.domain.books import differences
from tieout.domain.books_lists import BooksNames, BooksRate, BooksTerms, SaleTaxCode
from tieout.domain.expense import Expense, ExpenseKind, ExpenseLine
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Settles, Transfer
from tieout.domain.posting_settings import FacilitatorTax, OrderDocument, PostingSettings
from tieout.domain.sale import Sale, TaxTreatment
from tieout.domain.tax_rule import TaxRule
from tieout.parse.exact_json import read_json
from tieout.quickbooks.decode_documents import READERS
from tieout.quickbooks.documents import QuickBooksDocuments
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import draft_order

DAY = date(2026, 1, 15)
US, GB = BooksTerms(is_us=True, multicurrency=False), BooksTerms(is_us=False, multicurrency=True)
STANDARD = SaleTaxCode("4", "20.0% S", (BooksRate("7", 200_000),), (BooksRate("8", 200_000),))
TWO_RATES = SaleTaxCode("5", "GST/QST", (BooksRate("10", 50_000), BooksRate("11", 99_750)))
NAMES = BooksNames(
    accounts={"Amazon Clearing": "36", "Business Checking": "35", "Amazon Storage Fees": "80"},
    customers={"Amazon US": "58", "Amazon GB": "59"},
    vendors={"Amazon": "61"},
    items={name: str(number) for number, name in enumerate(("Amazon Shipping Income", "Amazon Promotions"), 20)},
    skus={"MUG-1": "12", "CAP-1": "13"},
    tax_codes={"20.0% S": STANDARD, "GST/QST": TWO_RATES},
    classes={"Amazon": "8"},
    locations={"Online": "3"},
    documents={("Invoice", "113-1"): "145", ("CreditMemo", "C-1"): "146", ("Bill", "B-1"): "147"},
)
DOCUMENTS = QuickBooksDocuments()


def sale_of(*lines: Any, company: str = "US", rules: Sequence[TaxRule] = (), **fields: Any) -> Sale:
    given_settings = fields.pop("settings", PostingSettings())
    made = order(*lines, **fields)
    sale, findings = draft_order(made, given_settings, load_chart(company), company_country=company, tax_rules=rules)
    assert sale is not None, findings
    return sale


def _body(draft: Any, terms: BooksTerms = US) -> str:
    return DOCUMENTS.body(draft, DAY, "note", NAMES, terms).decode()


def test_an_invoice_is_these_bytes_and_no_others() -> None:
    sale = sale_of(line("MUG-1", "39.98", quantity="2", shipping_price="4.99", item_promotion="1.25"))
    assert _body(sale) == (
        '{"DocNumber":"113-1234567-1234567","TxnDate":"2026-01-15","PrivateNote":"note",'
        '"CustomerRef":{"value":"58"},"Line":['
        '{"Amount":39.98,"Description":"Title of MUG-1","DetailType":"SalesItemLineDetail","SalesItemLineDetail":'
        '{"ItemRef":{"value":"12"},"Qty":2,"UnitPrice":19.99,"TaxCodeRef":{"value":"NON"}}},'
        '{"Amount":4.99,"Description":"Shipping","DetailType":"SalesItemLineDetail","SalesItemLineDetail":'
        '{"ItemRef":{"value":"20"},"TaxCodeRef":{"value":"NON"}}},'
        '{"Amount":-1.25,"Description":"Promotions on goods","DetailType":"SalesItemLineDetail",'
        '"SalesItemLineDetail":{"ItemRef":{"value":"21"},"TaxCodeRef":{"value":"NON"}}}]}'
    )


def test_a_sales_receipt_of_the_seller_s_tax_with_account_class_and_location() -> None:
    posting = PostingSettings(order_document=OrderDocument.SALES_RECEIPT, class_name="Amazon", location="Online")
    sale = sale_of(line(price="20.00", item_tax="1.60", tax_responsible="Seller"), settings=posting)
    assert _body(sale) == (
        '{"DocNumber":"113-1234567-1234567","TxnDate":"2026-01-15","PrivateNote":"note",'
        '"CustomerRef":{"value":"58"},"DepartmentRef":{"value":"3"},"DepositToAccountRef":{"value":"36"},"Line":['
        '{"Amount":20.00,"Description":"Title of MUG-1","DetailType":"SalesItemLineDetail","SalesItemLineDetail":'
        '{"ItemRef":{"value":"12"},"Qty":1,"UnitPrice":20.00,"ClassRef":{"value":"8"},'
        '"TaxCodeRef":{"value":"TAX"}}}],"TxnTaxDetail":{"TotalTax":1.60}}'
    )


def test_british_tax_on_top_names_codes_and_states_amazon_s_tax() -> None:
    sale = sale_of(
        line("MUG-1", "24.01", item_tax="4.01", currency="GBP"),
        country="GB",
        company="GB",
        rules=(TaxRule("20.0% S"),),
    )
    assert _body(sale, GB) == (
        '{"DocNumber":"113-1234567-1234567","TxnDate":"2026-01-15","PrivateNote":"note",'
        '"CurrencyRef":{"value":"GBP"},"CustomerRef":{"value":"59"},"GlobalTaxCalculation":"TaxExcluded","Line":['
        '{"Amount":20.00,"Description":"Title of MUG-1","DetailType":"SalesItemLineDetail","SalesItemLineDetail":'
        '{"ItemRef":{"value":"12"},"Qty":1,"UnitPrice":20.00,"TaxCodeRef":{"value":"4"}}}],'
        '"TxnTaxDetail":{"TotalTax":4.01,"TaxLine":[{"Amount":4.01,"DetailType":"TaxLineDetail","TaxLineDetail":'
        '{"TaxRateRef":{"value":"7"},"PercentBased":true,"TaxPercent":20.0000,"NetAmountTaxable":20.00}}]}}'
    )


def test_british_tax_inside_states_the_amount_with_it() -> None:
    sale = sale_of(
        line("MUG-1", "23.99", quantity="2", currency="GBP"), country="GB", company="GB", rules=(TaxRule("20.0% S"),)
    )
    body = read_json(_body(sale, GB))
    assert body["GlobalTaxCalculation"] == "TaxInclusive"
    assert "TxnTaxDetail" not in body
    assert body["Line"][0]["Amount"] == Decimal("19.99")
    assert body["Line"][0]["SalesItemLineDetail"] == {
        "ItemRef": {"value": "12"},
        "Qty": 2,
        "TaxCodeRef": {"value": "4"},
        "TaxInclusiveAmt": Decimal("23.99"),
    }


def test_out_of_scope_names_no_code() -> None:
    sale = sale_of(line("MUG-1", "24.00", currency="GBP"), country="GB", company="GB")
    body = read_json(_body(sale, GB))
    assert body["GlobalTaxCalculation"] == "NotApplicable"
    assert "TaxCodeRef" not in body["Line"][0]["SalesItemLineDetail"]


def test_a_code_of_two_rates_shares_the_tax_and_keeps_its_sum() -> None:
    sale = sale_of(
        line("MUG-1", "115.00", item_tax="15.01", currency="GBP"),
        country="GB",
        company="GB",
        rules=(TaxRule("GST/QST"),),
    )
    lines = read_json(_body(sale, GB))["TxnTaxDetail"]["TaxLine"]
    assert [each["TaxLineDetail"]["TaxRateRef"]["value"] for each in lines] == ["10", "11"]
    assert sum(each["Amount"] for each in lines) == Decimal("15.01")
    assert lines[1]["TaxLineDetail"]["TaxPercent"] == Decimal("9.9750")


def test_a_price_that_does_not_divide_is_left_to_quickbooks() -> None:
    detail = read_json(_body(sale_of(line("MUG-1", "10.00", quantity="3"))))["Line"][0]["SalesItemLineDetail"]
    assert detail["Qty"] == 3
    assert "UnitPrice" not in detail


PAYMENT = Payment(
    "AMZ-1-1P",
    DAY,
    "USD",
    "Amazon US",
    "Amazon Clearing",
    "",
    (Settles("Invoice", "113-1", Money(2000, "USD")), Settles("CreditMemo", "C-1", Money(500, "USD"))),
    "1",
)
BILL_PAYMENT = BillPayment(
    "AMZ-1-1V", DAY, "USD", "Amazon", "Amazon Clearing", "", (Settles("Bill", "B-1", Money(500, "USD")),), "1"
)
TRANSFER = Transfer("AMZ-1-1T", DAY, "USD", "Amazon Clearing", "Business Checking", Money(197717, "USD"), "", "1")
EXPENSE = Expense(
    ExpenseKind.EXPENSE,
    "AMZ-1-1E",
    DAY,
    "USD",
    "Amazon",
    "Amazon Clearing",
    "",
    (
        ExpenseLine("Amazon Storage Fees", Group.STORAGE, "Storage Fee", Money(1200, "USD"), class_name="Amazon"),
        ExpenseLine("Amazon Storage Fees", Group.STORAGE, "back", Money(-200, "USD")),
        ExpenseLine("Amazon Storage Fees", Group.STORAGE, "nothing", Money(0, "USD")),
    ),
    "1",
)


def test_a_payment_links_what_it_settles() -> None:
    assert _body(PAYMENT) == (
        '{"TxnDate":"2026-01-15","PrivateNote":"note","PaymentRefNum":"AMZ-1-1P","CustomerRef":{"value":"58"},'
        '"DepositToAccountRef":{"value":"36"},"TotalAmt":15.00,"Line":['
        '{"Amount":20.00,"LinkedTxn":[{"TxnId":"145","TxnType":"Invoice"}]},'
        '{"Amount":5.00,"LinkedTxn":[{"TxnId":"146","TxnType":"CreditMemo"}]}]}'
    )


def test_a_bill_s_payment() -> None:
    assert _body(BILL_PAYMENT) == (
        '{"DocNumber":"AMZ-1-1V","TxnDate":"2026-01-15","PrivateNote":"note","VendorRef":{"value":"61"},'
        '"PayType":"Check","CheckPayment":{"BankAccountRef":{"value":"36"}},"TotalAmt":5.00,"Line":['
        '{"Amount":5.00,"LinkedTxn":[{"TxnId":"147","TxnType":"Bill"}]}]}'
    )


def test_a_transfer_has_no_number_but_in_its_note() -> None:
    assert _body(TRANSFER) == (
        '{"TxnDate":"2026-01-15","PrivateNote":"note","FromAccountRef":{"value":"36"},'
        '"ToAccountRef":{"value":"35"},"Amount":1977.17}'
    )
    note = "Amazon settlement 1: deposit [AMZ-1-1T; tieout:0123456789abcdef]"
    sent = READERS["Transfer"](read_json(DOCUMENTS.body(TRANSFER, DAY, note, NAMES, US)), "USD", "")
    assert sent.doc_number == "AMZ-1-1T"
    other = READERS["Transfer"](read_json(DOCUMENTS.body(TRANSFER, DAY, "rent", NAMES, US)), "USD", "")
    assert other.doc_number == ""


@pytest.mark.parametrize(("kind", "payment_type"), [(ExpenseKind.EXPENSE, "Cash"), (ExpenseKind.CHECK, "Check")])
def test_an_expense_or_check(kind: ExpenseKind, payment_type: str) -> None:
    assert _body(replace(EXPENSE, kind=kind)) == (
        '{"DocNumber":"AMZ-1-1E","TxnDate":"2026-01-15","PrivateNote":"note",'
        f'"PaymentType":"{payment_type}","AccountRef":{{"value":"36"}},"EntityRef":{{"value":"61","type":"Vendor"}},'
        '"Line":[{"Amount":12.00,"Description":"Storage Fee","DetailType":"AccountBasedExpenseLineDetail",'
        '"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"80"},"ClassRef":{"value":"8"}}},'
        '{"Amount":-2.00,"Description":"back","DetailType":"AccountBasedExpenseLineDetail",'
        '"AccountBasedExpenseLineDetail":{"AccountRef":{"value":"80"}}}]}'
    )


def test_a_bill_outside_the_us_has_the_tax_inside_or_is_out_of_scope() -> None:
    bill = replace(EXPENSE, kind=ExpenseKind.BILL)
    plain = read_json(_body(bill, GB))
    assert plain["GlobalTaxCalculation"] == "NotApplicable"
    assert plain["VendorRef"] == {"value": "61"}
    coded = replace(bill, lines=tuple(replace(each, tax_code="20.0% S") for each in bill.lines))
    body = read_json(_body(coded, GB))
    assert body["GlobalTaxCalculation"] == "TaxInclusive"
    assert [(each["Amount"], each["AccountBasedExpenseLineDetail"]["TaxInclusiveAmt"]) for each in body["Line"]] == [
        (Decimal("10.00"), Decimal("12.00")),
        (Decimal("-1.67"), Decimal("-2.00")),
    ]


def test_a_journal_is_written_as_ever() -> None:
    lines = (
        JournalLine(Side.DEBIT, Money(1, "USD"), "Business Checking", Group.BANK, "x"),
        JournalLine(Side.CREDIT, Money(1, "USD"), "Amazon Clearing", Group.CLEARING, "x"),
    )
    body = read_json(_body(Journal("AMZ-1-1J", DAY, "USD", "", lines, "1")))
    assert [each["JournalEntryLineDetail"]["PostingType"] for each in body["Line"]] == ["Debit", "Credit"]


def test_a_name_without_an_id_is_an_error() -> None:
    with pytest.raises(KeyError):
        _body(replace(PAYMENT, customer="Nobody"))


@pytest.mark.parametrize(
    ("draft", "total", "entity"),
    [
        (PAYMENT, 1500, "Payment"),
        (BILL_PAYMENT, 500, "BillPayment"),
        (EXPENSE, 1000, "Purchase"),
        (replace(EXPENSE, kind=ExpenseKind.BILL), 1000, "Bill"),
    ],
)
def test_what_was_sent_is_read_back(draft: Any, total: int, entity: str) -> None:
    sent = READERS[entity](read_json(_body(draft)), "USD", "")
    assert (sent.entity, sent.total.minor, sent.doc_number) == (entity, total, draft.doc_number)
    assert differences(sent, sent, {}) == ()
    moved = replace(sent, total=sent.total)
    assert moved == sent


@given(
    st.integers(1, 10**9),
    st.integers(0, 10**7),
    st.integers(1, 9),
    st.sampled_from(("US", "on top", "inside", "none")),
)
@example(1, 0, 1, "on top")
@settings(max_examples=80, deadline=None)
def test_the_total_read_back_is_the_draft_s(price: int, tax: int, quantity: int, way: str) -> None:
    told: dict[str, str] = {"quantity": str(quantity)}
    currency = "USD" if way == "US" else "GBP"
    if way != "inside":
        told["item_tax"] = Money(tax, currency).decimal
    if way == "US":
        told["tax_responsible"] = "Seller"
    given_price = price if way in {"US", "inside"} else price + tax
    sale = sale_of(
        line("MUG-1", Money(given_price, currency).decimal, currency=currency, **told),
        country="US" if way == "US" else "GB",
        company="US" if way == "US" else "GB",
        rules=() if way in {"US", "none"} else (TaxRule("20.0% S"),),
        settings=PostingSettings(facilitator_tax=FacilitatorTax.NET),
    )
    names = replace(NAMES, items={**NAMES.items, "VAT on Amazon Sales": "30"})
    body = DOCUMENTS.body(sale, DAY, "note", names, US if way == "US" else GB)
    sent = READERS["Invoice"](read_json(body), "GBP" if way != "US" else "USD", "")
    said = DOCUMENTS.sent_sale(body, "GBP" if way != "US" else "USD")
    assert sent.total == sale.total == said.total
    assert said.customer_id == ("58" if way == "US" else "59")
    assert said.tax == sale.tax
    inside = sale.treatment is TaxTreatment.INCLUSIVE
    assert inside is (way == "inside" or (way == "on top" and not tax))  # tax of 0.00 is none that Amazon told
    assert said.tax_on_return is (inside or bool(sale.tax))


def test_what_a_payment_settles_is_read_back() -> None:
    assert DOCUMENTS.sent_links(_body(PAYMENT).encode(), "USD") == {
        ("Invoice", "145"): Money(2000, "USD"),
        ("CreditMemo", "146"): Money(500, "USD"),
    }


def test_every_change_of_a_sale_is_seen() -> None:
    sent = READERS["SalesReceipt"](
        read_json(
            _body(
                sale_of(line("MUG-1", "20.00"), settings=PostingSettings(order_document=OrderDocument.SALES_RECEIPT))
            )
        ),
        "USD",
        "",
    )
    held = read_json(
        _body(sale_of(line("MUG-1", "20.00"), settings=PostingSettings(order_document=OrderDocument.SALES_RECEIPT)))
    )
    for name, value in (
        ("CustomerRef", {"value": "60", "name": "Somebody"}),
        ("DepositToAccountRef", {"value": "35"}),
        ("DepartmentRef", {"value": "3"}),
        ("TxnTaxDetail", {"TotalTax": Decimal("1.00")}),
        ("TotalAmt", Decimal("20.01")),
        ("PrivateNote", "Voided - note"),
        ("Line", []),
    ):
        changed = READERS["SalesReceipt"]({**held, name: value}, "USD", "")
        assert differences(sent, changed, {}), name
    assert differences(sent, READERS["SalesReceipt"](held, "USD", ""), {}) == ()
