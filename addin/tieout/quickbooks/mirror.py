"""The document that takes another back, made of the bytes that were sent: same accounts, items and names.

A document in a closed period can't be deleted. An invoice is taken back by a credit memo of the same lines, a sales
receipt by a refund receipt, and the other way round; a transfer by one the other way; a bill by a vendor credit; a
payment, and an expense without tax codes, by a journal entry; a journal entry by one with its sides changed.
"""

from datetime import date
from typing import Any

from tieout.parse.exact_json import read_json
from tieout.quickbooks.encode_sales import ref
from tieout.quickbooks.exact_json import Number, write_json

_SAME_LINES = {
    "Invoice": "CreditMemo",
    "CreditMemo": "Invoice",
    "SalesReceipt": "RefundReceipt",
    "RefundReceipt": "SalesReceipt",
    "Bill": "VendorCredit",
}
_KEPT = ("CurrencyRef",)


def mirror(
    entity: str, body: bytes, doc_number: str, day: date, note: str, control_account: str
) -> tuple[str, bytes] | None:
    """Kind and bytes of the document that takes `body` back; None where no document does so exactly.

    `control_account` is the id of the receivables (payables) in the document's currency, for payments.
    """
    found = _exact(read_json(body))
    head = {"DocNumber": doc_number, "TxnDate": day.isoformat(), "PrivateNote": note}
    if entity in _SAME_LINES:
        return _SAME_LINES[entity], write_json({**found, **head})
    if entity == "JournalEntry":
        return entity, write_json({**found, **head, "Line": [_other_side(line) for line in found["Line"]]})
    if entity == "Transfer":
        swapped = {"FromAccountRef": found["ToAccountRef"], "ToAccountRef": found["FromAccountRef"]}
        del head["DocNumber"]
        return "Transfer", write_json({**found, **head, **swapped})
    head |= {name: found[name] for name in _KEPT if name in found}
    if entity == "Payment":
        lines = _payment(found, control_account)
    elif entity == "BillPayment":
        lines = _bill_payment(found, control_account)
    elif entity == "Purchase" and "TaxInclusive" not in found.get("GlobalTaxCalculation", ""):
        lines = _purchase(found)
    else:
        return None
    return "JournalEntry", write_json({**head, "Line": lines})


def _other_side(line: dict[str, Any]) -> dict[str, Any]:
    detail = line["JournalEntryLineDetail"]
    other = "Credit" if detail["PostingType"] == "Debit" else "Debit"
    return {**line, "JournalEntryLineDetail": {**detail, "PostingType": other}}


def _payment(found: dict[str, Any], receivables: str) -> list[dict[str, Any]]:
    customer = {"Type": "Customer", "EntityRef": found["CustomerRef"]}
    placed = _placed(found)
    return [
        _line("Debit", found["TotalAmt"], ref(receivables), "Payment taken back", Entity=customer, **placed),
        _line("Credit", found["TotalAmt"], found["DepositToAccountRef"], "Payment taken back", **placed),
    ]


def _bill_payment(found: dict[str, Any], payables: str) -> list[dict[str, Any]]:
    vendor = {"Type": "Vendor", "EntityRef": found["VendorRef"]}
    placed = _placed(found)
    return [
        _line("Debit", found["TotalAmt"], found["CheckPayment"]["BankAccountRef"], "Payment taken back", **placed),
        _line("Credit", found["TotalAmt"], ref(payables), "Payment taken back", Entity=vendor, **placed),
    ]


def _purchase(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Each cost back, and the account that paid them line by line, so that no sum has to be made."""
    lines = []
    for cost in found["Line"]:
        detail = cost["AccountBasedExpenseLineDetail"]
        negative = cost["Amount"].text.startswith("-")
        amount = Number(cost["Amount"].text.removeprefix("-"))
        back, paid = ("Debit", "Credit") if negative else ("Credit", "Debit")
        kept = {"ClassRef": detail["ClassRef"]} if "ClassRef" in detail else {}
        placed = _placed(found)
        text = cost.get("Description", "")
        lines.append(_line(back, amount, detail["AccountRef"], text, **kept, **placed))
        lines.append(_line(paid, amount, found["AccountRef"], text, **placed))
    return lines


def _placed(found: dict[str, Any]) -> dict[str, Any]:
    return {"DepartmentRef": found["DepartmentRef"]} if "DepartmentRef" in found else {}


def _line(side: str, amount: Number, account: dict[str, str], description: str, **detail: Any) -> dict[str, Any]:
    return {
        "Amount": amount,
        "Description": description,
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": {"PostingType": side, "AccountRef": account, **detail},
    }


def _exact(value: Any) -> Any:
    """Decimals that were read as they are to be written again: digit by digit."""
    if isinstance(value, dict):
        return {name: _exact(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    if isinstance(value, bool | str | int) or value is None:
        return value
    return Number(format(value, "f"))
