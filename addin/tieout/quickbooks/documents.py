"""Every kind of draft as bytes, and what our own bytes say again: one table for what is sent and what is undone."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from tieout.domain.books_lists import BooksNames, BooksTerms, SentSale
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.sale import Sale
from tieout.parse.exact_json import read_json
from tieout.ports import JournalNames
from tieout.quickbooks import encode, encode_money, encode_sales
from tieout.quickbooks.exact_json import amount
from tieout.quickbooks.mirror import mirror

_ENCODERS: Mapping[type, Callable[..., bytes]] = MappingProxyType(
    {
        Sale: encode_sales.sale,
        Payment: encode_money.payment,
        BillPayment: encode_money.bill_payment,
        Transfer: encode_money.transfer,
        Expense: encode_money.expense,
    }
)


class QuickBooksDocuments:
    """Documents as bytes, and bytes as what they say; nothing here asks or tells QuickBooks anything."""

    def body(self, draft: Draft, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
        """The exact bytes that post a draft on `day`; KeyError for a name without an id."""
        if isinstance(draft, Journal):
            codes = {name: code.id for name, code in names.tax_codes.items()}
            plain = JournalNames(names.accounts, codes, names.classes, names.locations)
            return encode.journal_entry(draft, day, note, plain, terms.multicurrency)
        return _ENCODERS[type(draft)](draft, day, note, names, terms)

    def sent_sale(self, body: bytes, home_currency: str) -> SentSale:
        """What the bytes of an invoice, sales receipt, credit memo or refund receipt say."""
        found = read_json(body)
        currency = _currency(found, home_currency)
        inside = found.get("GlobalTaxCalculation") == "TaxInclusive"
        items: dict[str, Money] = {}
        for line in found["Line"]:
            detail = line["SalesItemLineDetail"]
            told = amount(detail.get("TaxInclusiveAmt", line["Amount"]) if inside else line["Amount"], currency)
            item = detail["ItemRef"]["value"]
            items[item] = items.get(item, Money.zero(currency)) + told
        tax = amount((found.get("TxnTaxDetail") or {}).get("TotalTax", 0), currency)
        return SentSale(
            total=Money.total(items.values(), currency) + tax,
            customer_id=found["CustomerRef"]["value"],
            tax=tax,
            tax_on_return=inside or bool(tax),
            items=items,
            day=date.fromisoformat(found["TxnDate"]) if "TxnDate" in found else None,
        )

    def sent_links(self, body: bytes, home_currency: str) -> Mapping[tuple[str, str], Money]:
        """What the bytes of a payment settle: amounts by kind and id of the document."""
        found = read_json(body)
        currency = _currency(found, home_currency)
        settled: dict[tuple[str, str], Money] = {}
        for line in found["Line"]:
            (link,) = line["LinkedTxn"]
            key = (link["TxnType"], link["TxnId"])
            settled[key] = settled.get(key, Money.zero(currency)) + amount(line["Amount"], currency)
        return settled

    def mirror(
        self, entity: str, body: bytes, doc_number: str, day: date, note: str, control_account: str
    ) -> tuple[str, bytes] | None:
        """The document that takes another back on another day: its kind and bytes; None where none does."""
        return mirror(entity, body, doc_number, day, note, control_account)


def _currency(found: Mapping[str, Any], home_currency: str) -> str:
    return str((found.get("CurrencyRef") or {}).get("value") or home_currency)
