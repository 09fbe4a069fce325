"""V1 amounts are the kinds that V2 files have for the same facts."""

from pathlib import Path

import pytest

from tieout.domain.settlement import Kind
from tieout.parse.kinds_v1 import WordsV1, kind_of_v1


def kind(
    column: str, transaction_type: str, value: str = "", fee_type: str = "", reason: str = ""
) -> tuple[str, ...]:
    made = kind_of_v1(WordsV1(column, transaction_type, value, fee_type, reason, "Amazon.ca"))
    assert made.marketplace_name == "Amazon.ca"
    return (made.transaction_type, made.amount_type, made.amount_description)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("price-amount", "Order", "Principal"), ("Order", "ItemPrice", "Principal")),
        (("price-amount", "Refund", "ShippingTax"), ("Refund", "ItemPrice", "ShippingTax")),
        (("item-related-fee-amount", "Order", "Commission", "Commission"), ("Order", "ItemFees", "Commission")),
        (("promotion-amount", "Order", "Shipping"), ("Order", "Promotion", "Shipping")),
        (
            ("shipment-fee-amount", "Order", "FBA transportation fee"),
            ("Order", "Shipment-Fees", "FBA transportation fee"),
        ),
        # Withheld tax stands among prices or fees in V1.
        (
            ("item-related-fee-amount", "Order", "MarketplaceFacilitatorVAT-Principal"),
            ("Order", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal"),
        ),
        (("price-amount", "Order", "TCS-IGST"), ("Order", "ItemWithheldTax", "TCS-IGST")),
        (("price-amount", "Order", "TDS (Section 194-O)"), ("Order", "ItemWithheldTax", "TDS (Section 194-O)")),
        (("price-amount", "Order", "PointsGranted"), ("Order", "Points", "PointsGranted")),
        # One row, a service fee and its tax.
        (
            ("item-related-fee-amount", "ServiceFee", "Cost of Advertising", "Cost of Advertising", "TaxAmount"),
            ("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"),
        ),
        (
            ("other-fee-amount", "ServiceFee", "TaxAmount", "Cost of Advertising", "TaxAmount"),
            ("ServiceFee", "Cost of Advertising", "TaxAmount"),
        ),
        # A transaction type that is the name of what happened.
        (("other-amount", "Subscription Fee"), ("other-transaction", "other-transaction", "Subscription Fee")),
        (("other-amount", "Payable to Amazon"), ("other-transaction", "other-transaction", "Payable to Amazon")),
        (("misc-fee-amount", "Storage Fee"), ("other-transaction", "other-transaction", "Storage Fee")),
        (("other-amount", "Micro Deposit"), ("Transfers", "Micro Deposit", "Micro Deposit")),
        (
            ("other-amount", "WAREHOUSE_DAMAGE"),
            ("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE"),
        ),
        (
            ("other-amount", "MULTICHANNEL_ORDER_LOST"),
            ("other-transaction", "MCF Inventory Reimbursement", "MULTICHANNEL_ORDER_LOST"),
        ),
        (
            ("other-fee-amount", "Inbound Defect Fee", "Barcode cannot be scanned", "", "Barcode cannot be scanned"),
            ("other-transaction", "Inbound Defect Fee", "Barcode cannot be scanned"),
        ),
        (
            ("other-fee-amount", "Order", "ShippingChargeback", "", "ShippingChargeback"),
            ("Order", "ItemFees", "ShippingChargeback"),
        ),
    ],
)
def test_v1_word_for_word(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert kind(*words) == expected


def test_what_nobody_named_is_kept_and_can_be_asked_about() -> None:
    assert kind("misc-fee-amount", "Order") == ("Order", "misc-fee-amount", "misc-fee-amount")
    assert kind("order-fee-amount", "Order", "New fee") == ("Order", "Order-Fees", "New fee")
    assert kind("other-amount", "Something New") == ("other-transaction", "other-transaction", "Something New")
    assert kind("other-amount", "ServiceFee", "", "New fee") == ("ServiceFee", "New fee", "other-amount")


@pytest.mark.real_files
def test_names_have_the_form_that_v2_files_have(shared: Path) -> None:
    """Each V2 kind of a row that V1 would name by its transaction type alone comes out as V2 has it."""
    known = set()
    for row in (shared / "data" / "settlement_triples.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        known.add(tuple(row.split("\t")[:3]))
    named = {t for t in known if t[0] not in {"Order", "Refund", "ServiceFee", "AmazonFees", "FBAFees"}}
    by_name = {t for t in named if t[1:] == ("other-transaction", t[2]) or t[1] == "FBA Inventory Reimbursement"}
    assert len(by_name) > 60
    for words in by_name:
        assert kind("other-amount", words[2]) in known, words


def test_is_a_kind() -> None:
    assert isinstance(kind_of_v1(WordsV1("price-amount", "Order", "Principal", "", "", "")), Kind)
