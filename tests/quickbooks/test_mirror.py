"""Documents that take others back, made of the bytes that were sent."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.orders.making import line
from tests.quickbooks.test_encode_sales import (
    BILL_PAYMENT,
    DAY,
    DOCUMENTS,
    EXPENSE,
    GB,
    NAMES,
    PAYMENT,
    TRANSFER,
    US,
    sale_of,
)
from tieout.domain.expense import ExpenseKind
from tieout.domain.posting_settings import OrderDocument, PostingSettings
from tieout.parse.exact_json import read_json

OPEN_DAY = date(2026, 3, 1)


def mirrored(draft: Any, entity: str, terms: Any = US, control: str = "") -> tuple[str, dict[str, Any]] | None:
    made = DOCUMENTS.mirror(entity, DOCUMENTS.body(draft, DAY, "n", NAMES, terms), "N-R", OPEN_DAY, "back", control)
    return None if made is None else (made[0], json.loads(made[1]))


@pytest.mark.parametrize(
    ("document", "entity", "back"),
    [
        (OrderDocument.INVOICE, "Invoice", "CreditMemo"),
        (OrderDocument.SALES_RECEIPT, "SalesReceipt", "RefundReceipt"),
    ],
)
def test_a_sale_is_taken_back_by_its_own_lines(document: OrderDocument, entity: str, back: str) -> None:
    sale = sale_of(line("MUG-1", "20.00", shipping_price="1.00"), settings=PostingSettings(order_document=document))
    sent = json.loads(DOCUMENTS.body(sale, DAY, "n", NAMES, US))
    made = mirrored(sale, entity)
    assert made == (
        back,
        {**sent, "DocNumber": "N-R", "TxnDate": "2026-03-01", "PrivateNote": "back"},
    )


def test_amounts_keep_their_digits() -> None:
    sale = sale_of(line("MUG-1", "20.00"))
    made = DOCUMENTS.mirror("Invoice", DOCUMENTS.body(sale, DAY, "n", NAMES, US), "N-R", OPEN_DAY, "back", "")
    assert made is not None
    assert b'"Amount":20.00,' in made[1]


def test_a_transfer_goes_the_other_way() -> None:
    made = mirrored(TRANSFER, "Transfer")
    assert made is not None
    assert made[0] == "Transfer"
    assert made[1]["FromAccountRef"] == {"value": "35"}
    assert made[1]["ToAccountRef"] == {"value": "36"}
    assert "DocNumber" not in made[1]


def test_a_payment_is_taken_back_by_a_journal_for_its_customer() -> None:
    made = mirrored(PAYMENT, "Payment", control="90")
    assert made is not None
    assert made[0] == "JournalEntry"
    debit, credit = (each["JournalEntryLineDetail"] for each in made[1]["Line"])
    assert debit == {
        "PostingType": "Debit",
        "AccountRef": {"value": "90"},
        "Entity": {"Type": "Customer", "EntityRef": {"value": "58"}},
    }
    assert credit == {"PostingType": "Credit", "AccountRef": {"value": "36"}}


def test_a_bill_s_payment_is_taken_back_by_a_journal_for_its_vendor() -> None:
    made = mirrored(BILL_PAYMENT, "BillPayment", control="91")
    assert made is not None
    assert [each["JournalEntryLineDetail"]["AccountRef"]["value"] for each in made[1]["Line"]] == ["36", "91"]
    assert made[1]["Line"][1]["JournalEntryLineDetail"]["Entity"]["Type"] == "Vendor"


def test_a_bill_is_taken_back_by_a_vendor_credit_and_an_expense_by_a_journal() -> None:
    made = mirrored(replace(EXPENSE, kind=ExpenseKind.BILL), "Bill")
    assert made is not None
    assert made[0] == "VendorCredit"
    journal = mirrored(EXPENSE, "Purchase")
    assert journal is not None
    assert [
        (each["Amount"], each["JournalEntryLineDetail"]["PostingType"], each["JournalEntryLineDetail"]["AccountRef"])
        for each in journal[1]["Line"]
    ] == [
        (12.0, "Credit", {"value": "80"}),
        (12.0, "Debit", {"value": "36"}),
        (2.0, "Debit", {"value": "80"}),
        (2.0, "Credit", {"value": "36"}),
    ]
    assert journal[1]["Line"][0]["JournalEntryLineDetail"]["ClassRef"] == {"value": "8"}


def test_an_expense_with_tax_codes_has_no_exact_mirror() -> None:
    coded = replace(EXPENSE, lines=tuple(replace(each, tax_code="20.0% S") for each in EXPENSE.lines))
    assert mirrored(coded, "Purchase", GB) is None
    assert read_json(DOCUMENTS.body(coded, DAY, "n", NAMES, GB))["GlobalTaxCalculation"] == "TaxInclusive"
