"""Each kind of document as text that an accountant can check by hand."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.golden.worked_example import check_golden
from tests.orders.making import line, order
from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import document, drafted, order_rows
from tieout.domain.draft import Draft, as_text
from tieout.domain.order import Order
from tieout.domain.posting_settings import (
    FacilitatorTax,
    FeeDocument,
    OrderDocument,
    PostingSettings,
    RefundDocument,
)
from tieout.domain.tax_rule import TaxPayer, TaxRule
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import draft_order

FOLDER = Path(__file__).resolve().parent
MUG_AND_CAP = (
    line("MUG-1", "39.98", quantity="2", item_tax="3.20", shipping_price="4.99", shipping_tax="0.40"),
    line("CAP-1", "12.50", item_tax="1.00", item_promotion="1.25", gift_wrap_price="3.99"),
)
BRITISH = order(
    line("MUG-1", "47.98", quantity="2", item_tax="8.00", item_promotion="4.80", currency="GBP"),
    line("CAP-1", "12.00", item_tax="2.00", shipping_price="3.60", shipping_tax="0.60", currency="GBP"),
    country="GB",
    order_id="202-1234567-1234567",
)
CODES = (TaxRule("20.0% S", "GB"), TaxRule("0.0% Z", "GB", None, TaxPayer.AMAZON))
ONE, TWO, THREE = (f"111-0000000-000000{number}" for number in (1, 2, 3))


def _order(
    given: Order, settings: PostingSettings, company: str = "US", rules: tuple[TaxRule, ...] = ()
) -> list[Draft]:
    sale, findings = draft_order(given, settings, load_chart(company), company_country=company, tax_rules=rules)
    assert sale is not None, findings
    return [sale]


def _settlement(settings: PostingSettings) -> list[Draft]:
    """Orders 1 and 2 paid, a refund of 3, fees in two months, a reserve, lost stock; withheld tax cancels.

    20.00 + 35.00 - 12.00 (refund) - 7.50 - 4.00 (fees) - 3.00 (storage) + 2.00 (lost) - 10.00 (reserve): 20.50.
    """
    january, february = date(2026, 1, 30), date(2026, 2, 2)
    rows = [
        *order_rows(ONE, 2000, fee=-300, day=january),
        *order_rows(TWO, 3500, tax=350, withheld=-350, fee=-450, day=february),
        *order_rows(THREE, -1200, tax=-96, withheld=96, fee=0, day=february, occasion="Refund"),
        Row(february, ("Order", "ItemFees", "FBAPerUnitFulfillmentFee"), -400, TWO, "Amazon.com"),
        Row(january, ("other-transaction", "other-transaction", "Storage Fee"), -300),
        Row(february, ("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_LOST"), 200),
        Row(february, ("other-transaction", "other-transaction", "Current Reserve Amount"), -1000),
    ]
    given = settlement(rows, start=date(2026, 1, 26), end=date(2026, 2, 4), deposit=date(2026, 2, 6))
    assert given.total.minor == 2050
    draft = drafted(given, [document(ONE, 2000), document(TWO, 3500)], None, settings)
    assert draft.clearing_left is not None
    assert not draft.clearing_left
    return list(draft.documents)


EXAMPLES: dict[str, Callable[[], list[Draft]]] = {
    "invoice-us": lambda: _order(order(*MUG_AND_CAP), PostingSettings()),
    "invoice-us-tax-netted": lambda: _order(
        order(*MUG_AND_CAP), PostingSettings(facilitator_tax=FacilitatorTax.NET, class_name="Amazon")
    ),
    "sales-receipt-us-own-tax": lambda: _order(
        order(line("MUG-1", "20.00", item_tax="1.60", tax_responsible="Seller")),
        PostingSettings(order_document=OrderDocument.SALES_RECEIPT, location="Online"),
    ),
    "invoice-gb-tax-on-top": lambda: _order(BRITISH, PostingSettings(), "GB", CODES),
    "invoice-gb-tax-inside": lambda: _order(
        order(line("MUG-1", "24.00", currency="GBP"), country="GB"), PostingSettings(), "GB", CODES
    ),
    "invoice-gb-out-of-scope": lambda: _order(BRITISH, PostingSettings(), "GB"),
    "invoice-gb-in-us-books": lambda: _order(BRITISH, PostingSettings()),
    "settlement-credit-memo-journals": lambda: _settlement(PostingSettings()),
    "settlement-refund-receipt-bills": lambda: _settlement(
        PostingSettings(refund_document=RefundDocument.REFUND_RECEIPT, fee_document=FeeDocument.BILL)
    ),
    "settlement-journal-expenses": lambda: _settlement(
        PostingSettings(refund_document=RefundDocument.JOURNAL_ENTRY, fee_document=FeeDocument.EXPENSE)
    ),
    "settlement-checks": lambda: _settlement(PostingSettings(fee_document=FeeDocument.CHECK)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_documents(name: str) -> None:
    check_golden(FOLDER / f"{name}.documents", as_text(EXAMPLES[name]()))


def test_every_golden_is_of_an_example() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.documents")) == sorted(EXAMPLES)
