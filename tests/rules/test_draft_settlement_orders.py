"""A settlement by orders: payments, refunds, fees, transfer, and what a person has to decide."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import CLEARING, DAY, clearing_effect, document, drafted, order_rows
from tieout.domain.account import Chart
from tieout.domain.expense import Expense
from tieout.domain.finding import Severity
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.posting_settings import (
    CustomerPolicy,
    FacilitatorTax,
    FeeDocument,
    OrderDocument,
    OrdersNotDownloaded,
    PostingSettings,
    RefundDocument,
    YesNo,
)
from tieout.domain.sale import Sale, SaleKind, TaxTreatment
from tieout.domain.settings import NegativeTotal
from tieout.domain.settlement import Settlement
from tieout.domain.tax_rule import TaxRule
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement_orders import OrdersContext, OrdersDraft, draft_settlement_orders
from tieout.rules.mapping import Mapping
from tieout.rules.match import OrderDecision, Undocumented

ONE, TWO, THREE = (f"111-0000000-000000{number}" for number in (1, 2, 3))
STORAGE = ("other-transaction", "other-transaction", "Storage Fee")
RESERVE = ("other-transaction", "other-transaction", "Current Reserve Amount")
ASKING = PostingSettings(orders_not_downloaded=OrdersNotDownloaded.ASK)


def settled(*rows: Row, **fields: object) -> Settlement:
    plain = {"start": date(2026, 1, 12), "end": date(2026, 1, 26), "deposit": date(2026, 1, 28)}
    return settlement(rows, **{**plain, **fields})  # type: ignore[arg-type]


def of(draft: OrdersDraft, kind: type) -> list[object]:
    return [each for each in draft.documents if isinstance(each, kind)]


def payment(draft: OrdersDraft) -> Payment:
    (only,) = of(draft, Payment)
    assert isinstance(only, Payment)
    return only


def sales(draft: OrdersDraft) -> list[Sale]:
    return [each for each in draft.documents if isinstance(each, Sale)]


def journals(draft: OrdersDraft) -> list[Journal]:
    return [each for each in draft.documents if isinstance(each, Journal)]


def codes(draft: OrdersDraft) -> list[str]:
    return [finding.code for finding in draft.findings]


def test_invoices_are_paid_into_clearing_on_the_deposit_date_and_the_total_moves_to_the_bank() -> None:
    draft = drafted(
        settled(*order_rows(ONE, 2000, tax=160, withheld=-160, fee=-300), *order_rows(TWO, 1000, fee=-150)),
        [document(ONE, 2000), document(TWO, 1000)],
    )
    paid = payment(draft)
    assert (paid.doc_number, paid.day, paid.customer, paid.deposit_to) == (
        "AMZ-24288684721-1P",
        date(2026, 1, 28),
        "Amazon US",
        CLEARING,
    )
    assert [(each.doc_number, each.amount.minor) for each in paid.settles] == [(ONE, 2000), (TWO, 1000)]
    (moved,) = of(draft, Transfer)
    assert isinstance(moved, Transfer)
    assert (moved.from_account, moved.to_account, moved.amount.minor) == (CLEARING, "Business Checking", 2550)
    assert (moved.day, moved.doc_number) == (date(2026, 1, 28), "AMZ-24288684721-1T")
    (fees,) = journals(draft)
    assert [(line.account, line.signed_minor) for line in fees.lines] == [
        ("Amazon Selling Fees", 450),
        (CLEARING, -450),
    ]
    assert (draft.clearing_left, clearing_effect(draft.documents)) == (Money(0, "USD"), 0)
    assert draft.findings == ()


def test_without_a_transfer_the_total_stays_in_clearing() -> None:
    draft = drafted(settled(*order_rows(ONE, 2000)), [document(ONE, 2000)], None, PostingSettings(transfer=YesNo.NO))
    assert of(draft, Transfer) == []
    assert draft.clearing_left == Money(2000, "USD")


def test_a_negative_total_waits_in_clearing_or_goes_to_the_card() -> None:
    given = settled(Row(DAY, STORAGE, -500))
    waits = drafted(given)
    assert (of(waits, Transfer), waits.clearing_left) == ([], Money(-500, "USD"))
    charged = drafted(given, (), None, PostingSettings(negative_total=NegativeTotal.CARD))
    (moved,) = of(charged, Transfer)
    assert isinstance(moved, Transfer)
    assert (moved.from_account, moved.to_account, moved.amount.minor) == ("Business Card", CLEARING, 500)
    assert clearing_effect(charged.documents) == 0


def test_a_foreign_total_moves_by_journal_unless_an_account_is_kept_in_its_currency() -> None:
    given = settled(*order_rows(ONE, 2000, site="Amazon.de"), country="DE", currency="EUR")
    posted = [document(ONE, 2000, currency="EUR")]
    by_journal = drafted(given, posted)
    assert of(by_journal, Transfer) == []
    assert [line.account for line in journals(by_journal)[-1].lines] == [CLEARING, "Business Checking"]
    by_transfer = drafted(given, posted, currencies={"Business Checking": "EUR"})
    assert len(of(by_transfer, Transfer)) == 1
    assert journals(by_transfer) == []


def test_fees_of_two_months_stand_in_their_own_months() -> None:
    rows = [Row(date(2026, 1, 30), STORAGE, -100), Row(date(2026, 2, 3), STORAGE, -200), Row(DAY, RESERVE, -300)]
    draft = drafted(settled(*rows, *order_rows(ONE, 2000), end=date(2026, 2, 5), deposit=None), [document(ONE, 2000)])
    assert [(each.doc_number, each.day, each.parts) for each in journals(draft)] == [
        ("AMZ-24288684721-1J", date(2026, 1, 31), 2),
        ("AMZ-24288684721-2J", date(2026, 2, 5), 2),
    ]
    assert payment(draft).day == date(2026, 2, 5)
    assert codes(draft) == ["payment-date-missing"]
    assert clearing_effect(draft.documents) == 0


@pytest.mark.parametrize(
    ("kind", "entity", "letter"),
    [(FeeDocument.EXPENSE, "Purchase", "E"), (FeeDocument.CHECK, "Purchase", "E"), (FeeDocument.BILL, "Bill", "B")],
)
def test_fees_as_vendor_s_documents_by_group(kind: FeeDocument, entity: str, letter: str) -> None:
    given = settled(*order_rows(ONE, 2000, fee=-300), Row(DAY, STORAGE, -100), Row(DAY, RESERVE, -200))
    draft = drafted(given, [document(ONE, 2000)], None, PostingSettings(fee_document=kind))
    costs = [each for each in draft.documents if isinstance(each, Expense)]
    assert [(each.entity, each.doc_number, each.total.minor, each.vendor) for each in costs] == [
        (entity, f"AMZ-24288684721-1{letter}", 300, "Amazon"),
        (entity, f"AMZ-24288684721-2{letter}", 100, "Amazon"),
    ]
    (rest,) = journals(draft)
    assert [line.account for line in rest.lines] == ["Amazon Reserve", CLEARING]
    bills = of(draft, BillPayment)
    if kind is FeeDocument.BILL:
        (paid,) = bills
        assert isinstance(paid, BillPayment)
        assert [(each.doc_number, each.amount.minor) for each in paid.settles] == [
            ("AMZ-24288684721-1B", 300),
            ("AMZ-24288684721-2B", 100),
        ]
        assert (paid.paid_from, paid.day) == (CLEARING, date(2026, 1, 28))
    else:
        assert bills == []
    assert clearing_effect(draft.documents) == 0


def test_a_group_that_gives_back_is_no_expense() -> None:
    rows = order_rows(ONE, -2000, fee=300, occasion="Refund")
    draft = drafted(
        settled(*rows),
        (),
        None,
        PostingSettings(fee_document=FeeDocument.EXPENSE, refund_document=RefundDocument.REFUND_RECEIPT),
    )
    assert of(draft, Expense) == []
    assert clearing_effect(draft.documents) == -1700


def test_the_vendor_of_foreign_fees_is_kept_in_their_currency() -> None:
    draft = drafted(
        settled(Row(DAY, STORAGE, -100), country="DE", currency="EUR"),
        (),
        None,
        PostingSettings(fee_document=FeeDocument.BILL),
    )
    assert [each.vendor for each in draft.documents if isinstance(each, Expense)] == ["Amazon EUR"]


def test_a_refund_is_a_credit_memo_that_the_payment_uses_up() -> None:
    draft = drafted(
        settled(
            *order_rows(ONE, 2000),
            *order_rows(TWO, -500, shipping=-100, tax=-40, withheld=40, occasion="Refund", day=date(2026, 1, 22)),
        ),
        [document(ONE, 2000)],
    )
    (memo,) = sales(draft)
    assert (memo.kind, memo.doc_number, memo.day) == (
        SaleKind.CREDIT_MEMO,
        "AMZ-24288684721-1C",
        date(2026, 1, 22),
    )
    assert [(line.item.name, line.amount.minor) for line in memo.lines] == [
        ("Amazon Refunds", 500),
        ("Amazon Refunds", 100),
    ]
    assert (memo.order_id, memo.subject, memo.total.minor) == (TWO, "24288684721", 600)
    assert [(each.entity, each.amount.minor) for each in payment(draft).settles] == [
        ("Invoice", 2000),
        ("CreditMemo", 600),
    ]
    assert payment(draft).total.minor == 1400


def test_a_refund_that_no_invoice_uses_up_is_paid_from_clearing_and_said() -> None:
    draft = drafted(settled(*order_rows(ONE, 300), *order_rows(TWO, -500, occasion="Refund")), [document(ONE, 300)])
    (receipt,) = sales(draft)
    assert (receipt.kind, receipt.deposit_to) == (SaleKind.REFUND_RECEIPT, CLEARING)
    assert [(each.code, each.severity) for each in draft.findings] == [("refund-without-invoices", Severity.NOTICE)]


def test_a_refund_for_another_customer_is_paid_from_clearing() -> None:
    by_order = PostingSettings(customer_policy=CustomerPolicy.ORDER)
    draft = drafted(
        settled(*order_rows(ONE, 2000), *order_rows(TWO, -500, occasion="Refund")),
        [replace(document(ONE, 2000), customer=f"Amazon US {ONE}")],
        None,
        by_order,
    )
    assert [(each.kind, each.customer) for each in sales(draft)] == [(SaleKind.REFUND_RECEIPT, f"Amazon US {TWO}")]


def test_a_refund_goes_to_the_customer_its_order_was_posted_to() -> None:
    draft = drafted(
        settled(*order_rows(ONE, 2000), *order_rows(ONE, -500, occasion="Refund")),
        [replace(document(ONE, 2000), customer="Old name")],
    )
    assert [each.customer for each in sales(draft)] == ["Old name"]
    assert len(payment(draft).settles) == 2


@pytest.mark.parametrize("kind", [RefundDocument.REFUND_RECEIPT, RefundDocument.CREDIT_MEMO])
def test_tax_on_a_refund(kind: RefundDocument) -> None:
    seller = order_rows(ONE, -500, tax=-40, occasion="Refund")
    odd = order_rows(TWO, -500, tax=-40, withheld=38, occasion="Refund")
    given = settled(*order_rows(THREE, 9000), *seller, *odd)
    net = PostingSettings(refund_document=kind, facilitator_tax=FacilitatorTax.NET)
    first, second = sales(drafted(given, [document(THREE, 9000)], None, net))
    assert (first.tax.minor, first.total.minor, first.treatment) == (40, 540, TaxTreatment.SALES_TAX)
    assert [line.taxed for line in first.lines] == [True]
    assert [(line.item.name, line.amount.minor) for line in second.lines] == [
        ("Amazon Refunds", 500),
        ("Amazon Facilitator Tax", 2),
        ("Amazon Facilitator Tax", 40),
        ("Amazon Facilitator Tax", -40),
    ]
    assert second.total.minor == 502


def test_a_british_refund_with_codes_has_each_tax_on_its_price() -> None:
    rows = [
        Row(DAY, ("Refund", "ItemPrice", "Principal"), -2000, ONE, "Amazon.co.uk"),
        Row(DAY, ("Refund", "ItemPrice", "Tax"), -400, ONE, "Amazon.co.uk"),
        Row(DAY, ("Refund", "ItemPrice", "Shipping"), -500, ONE, "Amazon.co.uk"),
        Row(DAY, ("Refund", "ItemPrice", "ShippingTax"), -100, ONE, "Amazon.co.uk"),
        Row(DAY, ("Refund", "Promotion", "Principal"), 200, ONE, "Amazon.co.uk"),
        Row(DAY, ("Refund", "Promotion", "TaxDiscount"), 40, ONE, "Amazon.co.uk"),
    ]
    chart = load_chart("GB")
    draft = draft_settlement_orders(
        settled(*rows, country="GB", currency="GBP"),
        Mapping(chart),
        chart,
        PostingSettings(refund_document=RefundDocument.REFUND_RECEIPT),
        OrdersContext("GB", "GBP", tax_rules=(TaxRule("20.0% S", "GB"),)),
    )
    (receipt,) = sales(draft)
    assert receipt.treatment is TaxTreatment.EXCLUDED
    assert [(line.amount.minor, line.tax.minor if line.tax else None) for line in receipt.lines] == [
        (2000, 400),
        (500, 100),
        (-200, -40),
    ]
    assert (receipt.tax.minor, receipt.total.minor) == (460, 2760)


def test_refunds_as_journal_lines() -> None:
    draft = drafted(
        settled(*order_rows(ONE, -500, occasion="Refund")),
        (),
        None,
        PostingSettings(refund_document=RefundDocument.JOURNAL_ENTRY),
    )
    assert sales(draft) == []
    assert [(line.account, line.signed_minor) for line in journals(draft)[0].lines] == [
        ("Amazon Refunds", 500),
        (CLEARING, -500),
    ]


def test_a_refund_that_gives_nothing_back_stays_in_the_journal() -> None:
    rows = [Row(DAY, ("Refund", "ItemPrice", "RestockingFee"), 300, ONE)]
    draft = drafted(settled(*rows))
    assert sales(draft) == []
    assert clearing_effect(draft.documents) == 0


def test_orders_that_were_never_downloaded_are_in_the_journal_and_told_once() -> None:
    rows = [*order_rows(ONE, 2000), *order_rows(TWO, 500), *order_rows(THREE, 700, tax=56, withheld=-56)]
    draft = drafted(settled(*rows), [document(TWO, 500)])
    assert [line.signed_minor for line in journals(draft)[0].lines if line.account == "Amazon Sales"] == [-2700]
    assert payment(draft).total.minor == 500
    (finding,) = draft.findings
    assert (finding.code, finding.subject) == ("settled-orders-in-summary", "24288684721")
    assert finding.severity is Severity.NOTICE
    assert "2 orders of settlement 24288684721 (USD 27.00)" in finding.what
    assert "(2 not downloaded)" in finding.what
    assert f"{ONE}, {THREE}." in finding.what
    assert clearing_effect(draft.documents) == 0


def test_orders_that_are_not_to_have_a_document_are_in_the_journal_with_the_reason() -> None:
    rows = [*order_rows(ONE, 2000), *order_rows(TWO, 500), *order_rows(THREE, 700)]
    known = {ONE: Undocumented(False, "cancelled"), TWO: Undocumented(False, "before 2026-01-16")}
    (finding,) = drafted(settled(*rows), undocumented=known).findings
    assert "3 orders" in finding.what
    assert "(1 before 2026-01-16; 1 cancelled; 1 not downloaded)" in finding.what


def test_many_orders_without_documents_are_not_all_named() -> None:
    ids = [f"111-0000000-00000{number:02}" for number in range(8)]
    (finding,) = drafted(settled(*(row for each in ids for row in order_rows(each, 100)))).findings
    assert f"{ids[4]} and 3 more" in finding.what
    assert ids[5] not in finding.what


def test_orders_that_wait_to_be_posted_block_their_settlement_once() -> None:
    rows = [*order_rows(ONE, 2000), *order_rows(TWO, 500), *order_rows(THREE, 700)]
    known = {ONE: Undocumented(True), TWO: Undocumented(True)}
    draft = drafted(settled(*rows), undocumented=known)
    assert draft.documents == ()
    assert codes(draft) == ["settled-orders-not-posted", "settled-orders-in-summary"]
    blocked = draft.findings[0]
    assert (blocked.severity, blocked.subject) == (Severity.BLOCKED, "24288684721")
    assert "2 orders of settlement 24288684721 (USD 25.00) are downloaded and not in QuickBooks yet" in blocked.what
    assert "Press Post to QuickBooks for the orders first" in blocked.to_do


@pytest.mark.parametrize("why", ["all_in_summary", "is_posted"])
def test_orders_that_wait_are_in_the_journal_where_that_was_decided_or_is_posted(why: str) -> None:
    given = settled(*order_rows(ONE, 2000))
    draft = drafted(given, undocumented={ONE: Undocumented(True)}, **{why: True})
    assert [line.account for line in journals(draft)[0].lines] == ["Amazon Sales", CLEARING]
    (told,) = draft.findings
    assert (told.code, told.severity) == ("settled-orders-not-posted", Severity.NOTICE)
    assert clearing_effect(draft.documents) == 0


def test_a_settlement_that_stands_in_the_books_is_not_asked_about_again() -> None:
    draft = drafted(settled(*order_rows(ONE, 2000)), (), None, ASKING, is_posted=True)
    assert [line.account for line in journals(draft)[0].lines] == ["Amazon Sales", CLEARING]
    assert codes(draft) == ["settled-orders-in-summary"]


def test_the_setting_asks_about_each_order_that_has_no_document() -> None:
    draft = drafted(settled(*order_rows(ONE, 2000), *order_rows(TWO, 500)), [document(TWO, 500)], None, ASKING)
    assert draft.documents == ()
    (finding,) = draft.findings
    assert (finding.code, finding.subject, finding.stops) == ("settled-order-not-posted", ONE, True)
    assert "USD 20.00" in finding.what


def test_posting_it_in_the_summary_puts_its_rows_into_the_journal() -> None:
    rows = order_rows(ONE, 2000, shipping=300, tax=160, withheld=-160)
    draft = drafted(settled(*rows), (), {ONE: OrderDecision.SUMMARY}, ASKING)
    assert [(each.code, each.severity) for each in draft.findings] == [("settled-order-not-posted", Severity.NOTICE)]
    assert [(line.account, line.signed_minor) for line in journals(draft)[0].lines] == [
        ("Amazon Sales", -2000),
        ("Amazon Shipping Income", -300),
        ("Amazon Facilitator Tax", 160),
        ("Amazon Facilitator Tax", -160),
        (CLEARING, 2300),
    ]
    assert of(draft, Payment) == []


def test_ignoring_it_leaves_clearing_short_and_says_so() -> None:
    draft = drafted(settled(*order_rows(ONE, 2000)), (), {ONE: OrderDecision.IGNORE})
    assert [(each.code, each.severity) for each in draft.findings] == [("settled-order-not-posted", Severity.NOTICE)]
    assert draft.clearing_left == Money(-2000, "USD")
    assert clearing_effect(draft.documents) == -2000


@pytest.mark.parametrize("decision", [OrderDecision.WAIT, OrderDecision.DOWNLOAD, OrderDecision.ACCEPT])
def test_other_decisions_leave_it_waiting(decision: OrderDecision) -> None:
    draft = drafted(settled(*order_rows(ONE, 2000)), (), {ONE: decision}, ASKING)
    assert draft.documents == ()
    assert codes(draft) == ["settled-order-not-posted"]


def test_replacements_and_multi_channel_orders_need_no_decision() -> None:
    free = Row(DAY, ("Order", "ItemPrice", "Principal"), 0, ONE, "Amazon.com")
    elsewhere = Row(DAY, ("Order", "ItemPrice", "Principal"), 0, "S01-1234567-1234567", "Non-Amazon US")
    fee = Row(DAY, ("Order", "ItemFees", "FBAPerUnitFulfillmentFee"), -700, "S01-1234567-1234567", "Non-Amazon US")
    draft = drafted(settled(free, elsewhere, fee))
    assert draft.findings == ()
    assert sum(line.rows for line in journals(draft)[0].lines) == 3


def test_where_orders_become_nothing_the_journal_records_them() -> None:
    draft = drafted(settled(*order_rows(ONE, 2000)), (), None, PostingSettings(order_document=OrderDocument.NONE))
    assert [line.account for line in journals(draft)[0].lines] == ["Amazon Sales", CLEARING]
    assert draft.findings == ()


def test_an_order_settled_in_two_parts_is_paid_in_two_parts() -> None:
    first = drafted(settled(*order_rows(ONE, 1200)), [document(ONE, 2000)])
    assert payment(first).total.minor == 1200
    assert [(each.code, each.severity) for each in first.findings] == [("order-settled-in-part", Severity.NOTICE)]
    second = drafted(settled(*order_rows(ONE, 800)), [document(ONE, 2000, paid=1200)])
    assert (payment(second).total.minor, second.findings) == (800, ())


def test_more_than_was_invoiced_is_decided_by_a_person() -> None:
    given = settled(*order_rows(ONE, 2000, tax=160))
    blocked = drafted(given, [document(ONE, 2000)])
    (finding,) = blocked.findings
    assert finding.code == "order-settled-otherwise"
    assert "USD 1.60 apart" in finding.what
    assert "tax that Amazon did not withhold: USD 1.60" in finding.what
    accepted = drafted(given, [document(ONE, 2000)], {ONE: OrderDecision.ACCEPT})
    assert payment(accepted).total.minor == 2000
    assert [(line.account, line.signed_minor) for line in journals(accepted)[0].lines] == [
        ("Amazon Adjustments", -160),
        (CLEARING, 160),
    ]
    assert clearing_effect(accepted.documents) == 0


def test_a_difference_is_told_by_its_lines_where_it_is_not_tax() -> None:
    (finding,) = drafted(settled(*order_rows(ONE, 2000, shipping=50)), [document(ONE, 2000)]).findings
    assert "Settled were ItemPrice Principal 20.00, ItemPrice Shipping 0.50." in finding.what


def test_less_than_was_invoiced_can_be_accepted() -> None:
    draft = drafted(settled(*order_rows(ONE, 1900)), [document(ONE, 2000)], {ONE: OrderDecision.ACCEPT})
    assert payment(draft).total.minor == 2000
    assert journals(draft)[0].lines[0].signed_minor == 100
    assert [(each.code, each.severity) for each in draft.findings] == [("order-settled-in-part", Severity.NOTICE)]


def test_a_sales_receipt_was_paid_when_it_was_made() -> None:
    receipt = document(ONE, 2000, entity="SalesReceipt")
    draft = drafted(settled(*order_rows(ONE, 2000, fee=-300)), [receipt])
    assert of(draft, Payment) == []
    assert clearing_effect(draft.documents) == -2000  # what the receipt put there


def test_tax_withheld_from_an_invoice_that_holds_it_goes_back_to_its_account() -> None:
    """Outside North America an order does not tell that Amazon will withhold its tax; the settlement does."""
    rows = order_rows(ONE, 2000, tax=380, withheld=-380, site="Amazon.de")
    draft = drafted(settled(*rows, country="DE", currency="EUR"), [document(ONE, 2380, tax=380, currency="EUR")])
    assert payment(draft).total.minor == 2380
    assert [(line.account, line.signed_minor) for line in journals(draft)[0].lines] == [
        ("Sales Tax Payable", 380),
        (CLEARING, -380),
    ]
    assert clearing_effect(draft.documents) == 0


def test_tax_withheld_that_stands_on_a_return_is_asked_about() -> None:
    rows = order_rows(ONE, 2000, tax=380, withheld=-380, site="Amazon.de")
    stated = replace(document(ONE, 2380, tax=380, currency="EUR"), tax_on_return=True)
    draft = drafted(settled(*rows, country="DE", currency="EUR"), [stated])
    assert codes(draft) == ["tax-withheld-after-all"]
    assert draft.documents == ()


def test_a_document_in_another_currency() -> None:
    assert codes(drafted(settled(*order_rows(ONE, 2000)), [document(ONE, 2000, currency="EUR")])) == [
        "order-settled-in-other-currency"
    ]


def test_a_settlement_that_does_not_add_up_or_has_unknown_fees_has_no_documents() -> None:
    assert codes(drafted(settled(Row(DAY, STORAGE, -100), total=-99))) == ["settlement-total-differs"]
    unknown = drafted(settled(Row(DAY, ("Order", "ItemFees", "MoonlightFee"), -100, ONE)))
    assert codes(unknown) == ["fee-unmapped"]
    assert len(unknown.unmapped) == 1


def test_a_chart_without_clearing_is_said() -> None:
    chart = load_chart("US")
    poor = Chart("US", tuple(each for each in chart.accounts if each.role != "clearing"))
    draft = draft_settlement_orders(
        settled(Row(DAY, STORAGE, -100)), Mapping(poor), poor, PostingSettings(), OrdersContext("US", "USD")
    )
    assert codes(draft) == ["account-role-missing"]


def test_a_code_that_has_not_begun_is_none() -> None:
    chart = load_chart("GB")
    draft = draft_settlement_orders(
        settled(
            Row(DAY, ("Refund", "ItemPrice", "Principal"), -2000, ONE, "Amazon.co.uk"),
            Row(DAY, ("Refund", "Promotion", "Principal"), 200, ONE, "Amazon.co.uk"),
            country="GB",
            currency="GBP",
        ),
        Mapping(chart),
        chart,
        PostingSettings(refund_document=RefundDocument.REFUND_RECEIPT),
        OrdersContext("GB", "GBP", tax_rules=(TaxRule("20.0% S", "GB", group=None, from_day=date(2027, 1, 1)),)),
    )
    assert sales(draft)[0].treatment is TaxTreatment.OUT_OF_SCOPE


def test_several_payments_where_there_are_many_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.rules.payments.QUICKBOOKS_PAYMENT_LINES_MAX", 2)
    ids = [f"111-0000000-{number:07d}" for number in range(5)]
    rows = [row for order_id in ids for row in order_rows(order_id, 1000)]
    refunds = [row for order_id in ids[:2] for row in order_rows(order_id, -900, occasion="Refund")]
    draft = drafted(settled(*rows, *refunds), [document(order_id, 1000) for order_id in ids])
    payments = [each for each in draft.documents if isinstance(each, Payment)]
    assert [each.doc_number[-2:] for each in payments] == [f"{number}P" for number in range(1, len(payments) + 1)]
    assert sum(each.total.minor for each in payments) == 5000 - 1800
    assert all(len(each.settles) <= 3 for each in payments)
