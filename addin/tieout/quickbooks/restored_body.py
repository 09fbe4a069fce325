"""The bytes of a document as they might have been sent, made from what QuickBooks holds of it.

With the store lost, the bytes that were sent are lost too. What QuickBooks holds now takes their place: later changes
are found by comparing with it, and a document that takes it back is made from it. So only what our own bytes state
is kept; ids, versions, balances and whatever QuickBooks added are left out.
"""

from collections.abc import Mapping
from typing import Any

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


def restored_body(entity: str, row: Mapping[str, Any]) -> bytes:
    """The bytes of a document that QuickBooks holds."""
    body = _kept(row, _HEAD)
    if entity in _STATES_TOTAL:
        body["TotalAmt"] = row["TotalAmt"]
    if "Line" in row:
        body["Line"] = [_line(line) for line in row["Line"] if line.get("DetailType") != "SubTotalLineDetail"]
    tax = _kept(row.get("TxnTaxDetail") or {}, _TAX)
    if tax.get("TotalTax"):
        body["TxnTaxDetail"] = tax
    return write_json(body)


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    kept = _kept(line, _LINE)
    for name in _DETAILS:
        if name in line:
            kept[name] = _kept(line[name], _DETAIL)
    return kept


def _kept(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if found.get(name) not in (None, "")}
