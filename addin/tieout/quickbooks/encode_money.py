"""Payments, bills' payments, transfers, purchases and bills as the exact bytes that are sent.

Field names: Intuit's references of Payment, BillPayment, Transfer, Purchase and Bill. A payment has no number that
can be looked up but PaymentRefNum; a transfer has none at all, so its number stands in its private note.
"""

from datetime import date
from typing import Any

from tieout.domain.books_lists import BooksNames, BooksTerms
from tieout.domain.expense import Expense, ExpenseKind, ExpenseLine
from tieout.domain.payment import BillPayment, Payment, Settles, Transfer
from tieout.quickbooks.encode_sales import described, head, ref
from tieout.quickbooks.exact_json import number, write_json


def payment(draft: Payment, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
    """The body that pays invoices and uses up credit memos; KeyError for one that is not posted."""
    body = head(draft.doc_number, day, note, draft.currency, terms)
    del body["DocNumber"]
    body |= {
        "PaymentRefNum": draft.doc_number,
        "CustomerRef": ref(names.customers[draft.customer]),
        "DepositToAccountRef": ref(names.accounts[draft.deposit_to]),
        "TotalAmt": number(draft.total),
        "Line": [] if draft.on_account else [_settling(each, names) for each in draft.settles],
    }
    return write_json(body | _placed(draft, names))


def bill_payment(draft: BillPayment, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
    """The body that pays bills out of an account."""
    body = head(draft.doc_number, day, note, draft.currency, terms)
    body |= {
        "VendorRef": ref(names.vendors[draft.vendor]),
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": ref(names.accounts[draft.paid_from])},
        "TotalAmt": number(draft.total),
        "Line": [_settling(each, names) for each in draft.settles],
    }
    return write_json(body | _placed(draft, names))


def transfer(draft: Transfer, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
    """The body that moves money between two accounts."""
    body = head(draft.doc_number, day, note, draft.currency, terms)
    del body["DocNumber"]
    body |= {
        "FromAccountRef": ref(names.accounts[draft.from_account]),
        "ToAccountRef": ref(names.accounts[draft.to_account]),
        "Amount": number(draft.amount),
    }
    return write_json(body)


def expense(draft: Expense, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
    """The body of a Purchase (cash or check) or a Bill; lines of zero are left out.

    Outside the US amounts have the tax inside where every line names a code, and are out of scope where none does:
    Amazon's fees are one amount each, with what VAT there is inside.
    """
    body = head(draft.doc_number, day, note, draft.currency, terms)
    vendor = names.vendors[draft.vendor]
    if draft.kind is ExpenseKind.BILL:
        body["VendorRef"] = ref(vendor)
    else:
        body["PaymentType"] = "Check" if draft.kind is ExpenseKind.CHECK else "Cash"
        body["AccountRef"] = ref(names.accounts[draft.paid_from])
        body["EntityRef"] = {"value": vendor, "type": "Vendor"}
    body |= _placed(draft, names)
    coded = not terms.is_us and all(line.tax_code for line in draft.posted_lines)
    if not terms.is_us:
        body["GlobalTaxCalculation"] = "TaxInclusive" if coded else "NotApplicable"
    body["Line"] = [_cost(line, names, coded=coded) for line in draft.posted_lines]
    return write_json(body)


def _placed(draft: Payment | BillPayment | Expense, names: BooksNames) -> dict[str, Any]:
    """The location, which Intuit's Finance.xsd gives every Transaction; a transfer between accounts needs none."""
    return {"DepartmentRef": ref(names.locations[draft.location])} if draft.location else {}


def _settling(each: Settles, names: BooksNames) -> dict[str, Any]:
    linked = {"TxnId": names.documents[each.entity, each.doc_number], "TxnType": each.entity}
    return {"Amount": number(each.amount), "LinkedTxn": [linked]}


def _cost(line: ExpenseLine, names: BooksNames, *, coded: bool) -> dict[str, Any]:
    detail: dict[str, Any] = {"AccountRef": ref(names.accounts[line.account])}
    amount = line.amount
    if line.class_name:
        detail["ClassRef"] = ref(names.classes[line.class_name])
    if coded:
        code = names.tax_codes[line.tax_code]
        detail["TaxCodeRef"] = ref(code.id)
        detail["TaxInclusiveAmt"] = number(amount)
        amount = code.net_of(amount, purchase=True)
    return {
        "Amount": number(amount),
        "Description": described(line.description),
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }
