"""Bill, VendorCredit and Purchase (check, cash expense, card charge): what the company buys.

Intuit's references: lines by account or by item; a bill credits payables, a purchase the bank or card account it
names; a vendor credit and a purchase with Credit are their mirror images. Outside the US every line has a tax
code. PaymentType must be in every update of a purchase, sparse ones too, VendorRef in one of a bill.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tieout.domain.money import exponent
from tieout.practice.quickbooks import chart, expense_lines, links, tax
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.expense_lines import EXPENSE_LINE, complete_lines
from tieout.practice.quickbooks.faults import business, missing
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.ledger import Posting
from tieout.practice.quickbooks.lines import ADDRESS, TAX_CALCULATION, transaction_fields
from tieout.practice.quickbooks.preferences import WARN_BILL, WARN_CHECK
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.sales_forms import refuse_account
from tieout.practice.quickbooks.shape import (
    Field,
    choice,
    computed,
    day,
    flag,
    inner,
    loose,
    ref,
    several,
    shape,
    text,
)


def _expense_fields() -> tuple[Field, ...]:
    return (
        *transaction_fields(),
        *computed("TotalAmt"),
        TAX_CALCULATION,
        several("Line", EXPENSE_LINE),
        *loose("IncludeInAnnualTPAR", "TransactionLocationType"),
    )


BILL = shape(
    "Bill",
    *_expense_fields(),
    *computed("LinkedTxn", "Balance", "HomeBalance"),
    ref("VendorRef", "Vendor"),
    ref("APAccountRef", "Account"),
    ref("SalesTermRef", "Term"),
    day("DueDate"),
    inner("VendorAddr", ADDRESS),
    inner("ShipAddr", ADDRESS),
    inner("RemitToAddr", ADDRESS),
    text("Memo", 4000),
)
VENDOR_CREDIT = shape(
    "VendorCredit",
    *_expense_fields(),
    *computed("LinkedTxn", "Balance"),
    ref("VendorRef", "Vendor"),
    ref("APAccountRef", "Account"),
    inner("VendorAddr", ADDRESS),
    text("Memo", 4000),
)
PURCHASE = shape(
    "Purchase",
    *_expense_fields(),
    *computed("LinkedTxn", "PurchaseEx"),
    choice("PaymentType", "Cash", "Check", "CreditCard"),
    ref("AccountRef", "Account"),
    ref("EntityRef", "Vendor", "Customer"),
    ref("PaymentMethodRef", "PaymentMethod"),
    text("PaymentRefNum", 21),
    flag("Credit"),
    inner("RemitToAddr", ADDRESS),
    text("Memo", 4000),
    choice("PrintStatus", "NotSet", "NeedToPrint", "PrintComplete"),
    *loose("CheckPayment", "CreditCardPayment"),
)
_ACCOUNT_TYPES = {
    "Cash": ("Bank", "Other Current Asset"),
    "Check": ("Bank",),
    "CreditCard": ("Credit Card",),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What sets the three apart: costs are +1 and returns -1; on account, or from an account."""

    name: str
    sign: int
    on_account: bool


_BILL = Form("Bill", 1, on_account=True)
_VENDOR_CREDIT = Form("VendorCredit", -1, on_account=True)
_PURCHASE = Form("Purchase", 1, on_account=False)


def _complete(form: Form) -> Callable[[Company, Doc, Record | None], None]:
    def complete(company: Company, document: Doc, before: Record | None) -> None:
        party = _party(company, document, form)
        if not form.on_account:
            _default_currency(company, document)
        currency, places = company.settle_currency(document, party)
        _settle_money(company, document, form, currency)
        bought = complete_lines(company, document, currency, places)
        taxed = tax.compute(company, document, [line.taxable for line in bought], "Purchase", places)
        for line, net in zip(bought, taxed.nets, strict=True):
            line.line["Amount"] = number_of(net, places)
        total = sum(taxed.nets) + taxed.tax
        if total < 0:
            raise business("The transaction amount must be 0 or greater.", "TotalAmt")
        document["TxnTaxDetail"] = taxed.detail
        document["TotalAmt"] = number_of(total, places)
        if form is _BILL and "DueDate" not in document:
            term = company.referred(document, "SalesTermRef", "Term")
            days = 0 if term is None else int(term.document.get("DueDays", 0))
            document["DueDate"] = (date.fromisoformat(document["TxnDate"]) + timedelta(days=days)).isoformat()
        links.settle_balance(company, document, form.name, None if before is None else before.id)

    return complete


def _party(company: Company, document: Doc, form: Form) -> Record | None:
    if form.on_account:
        vendor = company.referred(document, "VendorRef", "Vendor")
        if vendor is None:
            raise missing("VendorRef")
        return vendor
    entity = document.get("EntityRef")
    return None if entity is None else company.record(entity["type"], entity["value"])


def _default_currency(company: Company, document: Doc) -> None:
    account = company.referred(document, "AccountRef", "Account")
    if account is not None and "EntityRef" not in document:
        document.setdefault("CurrencyRef", dict(account.document["CurrencyRef"]))


def _settle_money(company: Company, document: Doc, form: Form, currency: str) -> None:
    if form.on_account:
        payables = company.referred(document, "APAccountRef", "Account")
        if payables is not None:
            refuse_account(company, payables, ("Accounts Payable",), currency, "APAccountRef")
        return
    if document.get("PaymentType") is None:
        raise missing("PaymentType")
    account = company.referred(document, "AccountRef", "Account")
    if account is None:
        raise missing("AccountRef")
    refuse_account(company, account, _ACCOUNT_TYPES[document["PaymentType"]], currency, "AccountRef")
    if document.get("Credit") and document["PaymentType"] != "CreditCard":
        raise business("Only a credit card purchase can be a credit.", "Credit")
    document.setdefault("Credit", False)


def _postings(form: Form) -> Callable[[Company, Record], Sequence[Posting]]:
    def postings(company: Company, record: Record) -> Sequence[Posting]:
        document = record.document
        currency = document["CurrencyRef"]["value"]
        places = exponent(currency)
        sign = -form.sign if document.get("Credit") else form.sign
        party = _posting_party(document, form)
        total = minor_of(document["TotalAmt"], places)
        note = document.get("PrivateNote", "")
        department = document.get("DepartmentRef", {}).get("value")
        money = _money_account(company, document, form, currency)
        result = [Posting(money, -sign * total, note, party, department=department)]
        for account, minor, line, klass in expense_lines.bought(company, document, places):
            memo = line.get("Description", "")
            result.append(Posting(account, sign * minor, memo, party, klass, department))
        total_tax = minor_of(document["TxnTaxDetail"].get("TotalTax", 0), places)
        if total_tax:
            account = chart.system_account(company, "GlobalTaxPayable")
            result.append(Posting(account, sign * total_tax, "Tax", department=department))
        return result

    return postings


def _posting_party(document: Doc, form: Form) -> tuple[str, str] | None:
    if form.on_account:
        return "Vendor", document["VendorRef"]["value"]
    entity = document.get("EntityRef")
    return None if entity is None else (entity["type"], entity["value"])


def _money_account(company: Company, document: Doc, form: Form, currency: str) -> str:
    if not form.on_account:
        return str(document["AccountRef"]["value"])
    if "APAccountRef" in document:
        return str(document["APAccountRef"]["value"])
    return chart.system_account(company, "AccountsPayable", currency)


def _effect(form: Form) -> Callable[[Company, Record, Record | None], None]:
    def effect(company: Company, record: Record, _before: Record | None) -> None:
        sign = -form.sign if record.document.get("Credit") else form.sign
        expense_lines.move_stock(company, record.document, sign)

    return effect


def _undo(form: Form) -> Callable[[Company, Record], None]:
    def undo(company: Company, record: Record) -> None:
        sign = -form.sign if record.document.get("Credit") else form.sign
        expense_lines.move_stock(company, record.document, -sign)

    return undo


BILLS = Kind(
    name="Bill",
    shape=BILL,
    sequence="Transaction",
    complete=_complete(_BILL),
    postings=_postings(_BILL),
    effect=_effect(_BILL),
    undo=_undo(_BILL),
    guard=links.refuse_linked,
    is_transaction=True,
    duplicate_warning=WARN_BILL,
    deletable=True,
    sparse_requires=("VendorRef",),
    queryable=STAMPS
    | {"DocNumber", "TxnDate", "VendorRef", "TotalAmt", "Balance", "DueDate", "APAccountRef", "SalesTermRef"},
)
VENDOR_CREDITS = Kind(
    name="VendorCredit",
    shape=VENDOR_CREDIT,
    sequence="Transaction",
    complete=_complete(_VENDOR_CREDIT),
    postings=_postings(_VENDOR_CREDIT),
    effect=_effect(_VENDOR_CREDIT),
    undo=_undo(_VENDOR_CREDIT),
    guard=links.refuse_linked,
    is_transaction=True,
    duplicate_warning=WARN_BILL,
    deletable=True,
    queryable=STAMPS | {"DocNumber", "TxnDate", "VendorRef", "TotalAmt", "Balance"},
)
PURCHASES = Kind(
    name="Purchase",
    shape=PURCHASE,
    sequence="Transaction",
    complete=_complete(_PURCHASE),
    postings=_postings(_PURCHASE),
    effect=_effect(_PURCHASE),
    undo=_undo(_PURCHASE),
    is_transaction=True,
    duplicate_warning=WARN_CHECK,
    deletable=True,
    sparse_requires=("PaymentType",),
    queryable=STAMPS | {"DocNumber", "TxnDate", "TotalAmt", "PaymentType", "AccountRef", "EntityRef"},
)
