"""The bytes of a document as they might have been sent, made from what QuickBooks holds of it.

With the store lost, the bytes that were sent are lost too. What QuickBooks holds now takes their place: later changes
are found by comparing with it, and a document that takes it back is made from it. So only what our own bytes state
is kept; ids, versions, balances and whatever QuickBooks added are left out. Which number it was posted under its note
tells; the seal there, whether it says what was posted.
"""

from collections.abc import Mapping
from typing import Any

from tieout.domain.private_note import read_note
from tieout.quickbooks.decode_documents import number_property
from tieout.quickbooks.exact_json import write_json

_HEAD = (
    *("DocNumber", "TxnDate", "PrivateNote", "CurrencyRef", "PaymentRefNum", "CustomerRef", "VendorRef"),
    *("PaymentType", "PayType", "AccountRef", "EntityRef", "APAccountRef", "Credit", "CheckPayment"),
    *("DepositToAccountRef", "DepartmentRef", "FromAccountRef", "ToAccountRef", "Amount", "GlobalTaxCalculation"),
)
_LINE = ("Amount", "Description", "DetailType", "LinkedTxn")
_DETAILS = ("JournalEntryLineDetail", "SalesItemLineDetail", "AccountBasedExpenseLineDetail", "DiscountLineDetail")
_DETAIL = (
    *("PostingType", "AccountRef", "Entity", "ClassRef", "DepartmentRef", "TaxCodeRef", "TaxApplicableOn"),
    *("TaxAmount", "TaxInclusiveAmt", "ItemRef", "Qty", "UnitPrice", "PercentBased", "DiscountAccountRef"),
)
_TAX = ("TotalTax", "TaxLine")
# Documents that state their total themselves; that of all others is the sum of their lines and tax.
_STATES_TOTAL = frozenset({"Payment", "BillPayment"})


def restored_body(entity: str, row: Mapping[str, Any], *, coded: bool = True) -> bytes:
    """The bytes of a document that QuickBooks holds; without the tax codes of its lines where not `coded`."""
    body = _kept(row, _HEAD)
    note = read_note(str(row.get("PrivateNote", "")))
    numbered = number_property(entity)
    if note is not None and note.number and numbered:
        body[numbered] = note.number
    if entity in _STATES_TOTAL:
        body["TotalAmt"] = row["TotalAmt"]
    if "Line" in row:
        body["Line"] = [
            _line(line, coded=coded) for line in row["Line"] if line.get("DetailType") != "SubTotalLineDetail"
        ]
    tax = _kept(row.get("TxnTaxDetail") or {}, _TAX)
    if tax.get("TotalTax"):
        body["TxnTaxDetail"] = tax
    return write_json(body)


def _line(line: Mapping[str, Any], *, coded: bool) -> dict[str, Any]:
    kept = _kept(line, _LINE)
    names = _DETAIL if coded else tuple(name for name in _DETAIL if name != "TaxCodeRef")
    for name in _DETAILS:
        if name in line:
            kept[name] = _kept(line[name], names)
    return kept


def _kept(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if found.get(name) not in (None, "")}
