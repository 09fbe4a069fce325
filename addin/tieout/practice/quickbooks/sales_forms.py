"""Invoice, SalesReceipt, CreditMemo and RefundReceipt.

An invoice debits receivables, a sales receipt the account the money was put into; both credit the items' income
and the tax. Credit memos and refund receipts are their mirror images. Rules: Intuit's references of the four.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tieout.domain.money import exponent
from tieout.practice.quickbooks import chart, items, links, tax
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.ledger import Posting
from tieout.practice.quickbooks.lines import ADDRESS, EMAIL, TAX_CALCULATION, transaction_fields
from tieout.practice.quickbooks.preferences import WARN_SALES
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.references import to
from tieout.practice.quickbooks.sales_lines import SALES_LINE, complete_lines
from tieout.practice.quickbooks.shape import (
    Field,
    Shape,
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

_MEMO = shape("MemoRef", text("value", 1000))


def _sales_fields() -> tuple[Field, ...]:
    return (
        *transaction_fields(),
        *computed("LinkedTxn", "TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance"),
        ref("CustomerRef", "Customer"),
        inner("CustomerMemo", _MEMO),
        inner("BillAddr", ADDRESS),
        inner("ShipAddr", ADDRESS),
        inner("ShipFromAddr", ADDRESS),
        flag("FreeFormAddress"),
        ref("ClassRef", "Class"),
        ref("SalesTermRef", "Term"),
        day("DueDate"),
        text("PONumber", 15),
        ref("ShipMethodRef"),
        day("ShipDate"),
        text("TrackingNum", 31),
        TAX_CALCULATION,
        flag("ApplyTaxAfterDiscount"),
        choice("PrintStatus", "NotSet", "NeedToPrint", "PrintComplete"),
        choice("EmailStatus", "NotSet", "NeedToSend", "EmailSent"),
        inner("BillEmail", EMAIL),
        inner("BillEmailCc", EMAIL),
        inner("BillEmailBcc", EMAIL),
        ref("PaymentMethodRef", "PaymentMethod"),
        text("PaymentRefNum", 21),
        ref("DepositToAccountRef", "Account"),
        several("Line", SALES_LINE),
        *loose("DeliveryInfo", "CheckPayment", "CreditCardPayment", "PaymentType", "TransactionLocationType"),
        *computed("TaxExemptionRef", "TotalCostAmount", "HomeTotalCostAmount"),
    )


@dataclass(frozen=True, slots=True)
class Form:
    """What sets the four forms apart: sales are +1 and returns -1; money is receivables or an account."""

    name: str
    sign: int
    on_account: bool
    customer_required: bool


_INVOICE = Form("Invoice", 1, on_account=True, customer_required=True)
_SALES_RECEIPT = Form("SalesReceipt", 1, on_account=False, customer_required=False)
_CREDIT_MEMO = Form("CreditMemo", -1, on_account=True, customer_required=True)
_REFUND_RECEIPT = Form("RefundReceipt", -1, on_account=False, customer_required=False)


def _complete(form: Form) -> Callable[[Company, Doc, Record | None], None]:
    def complete(company: Company, document: Doc, before: Record | None) -> None:
        customer = company.referred(document, "CustomerRef", "Customer")
        if customer is None and form.customer_required:
            raise missing("CustomerRef")
        currency, places = company.settle_currency(document, customer)
        _settle_money(company, document, form, currency)
        sold = complete_lines(company, document, places, customer)
        _refuse_early_stock(document, [line.item for line in sold if line.item is not None])
        taxed = tax.compute(company, document, [line.taxable for line in sold], "Sales", places)
        for line, net in zip(sold, taxed.nets, strict=True):
            line.line["Amount"] = number_of(abs(net) if line.item is None else net, places)
        total = sum(taxed.nets) + taxed.tax
        if total < 0:
            raise business("The transaction amount must be 0 or greater.", "TotalAmt")
        document["TxnTaxDetail"] = taxed.detail
        document["TotalAmt"] = number_of(total, places)
        if company.preferences["CurrencyPrefs.MultiCurrencyEnabled"]:
            document["HomeTotalAmt"] = company.in_home(document, document["TotalAmt"])
        document.setdefault("PrintStatus", "NeedToPrint")
        document.setdefault("EmailStatus", "NotSet")
        document.setdefault("ApplyTaxAfterDiscount", False)
        if form is _INVOICE:
            _settle_due_date(company, document)
        document["Balance"] = number_of(0, places)
        links.settle_balance(company, document, form.name, None if before is None else before.id)

    return complete


def _settle_money(company: Company, document: Doc, form: Form, currency: str) -> None:
    """Where the money of a receipt goes to, or a refund's comes from; an invoice has none."""
    if form.on_account:
        document.pop("DepositToAccountRef", None)
        return
    account = company.referred(document, "DepositToAccountRef", "Account")
    if account is None:
        if form is _REFUND_RECEIPT:
            raise missing("DepositToAccountRef")
        account = company.record("Account", chart.system_account(company, "UndepositedFunds"))
        assert account is not None, "system accounts exist"
        document["DepositToAccountRef"] = to(account)
    refuse_account(company, account, ("Bank", "Other Current Asset", "Credit Card"), currency, "DepositToAccountRef")


def refuse_account(company: Company, account: Record, types: Sequence[str], currency: str, element: str) -> None:
    """6430 for an account of the wrong type, 6000 for one in another foreign currency."""
    if account.document["AccountType"] not in types:
        raise fault("6430", f"Invalid account type used: {account.document['AccountType']}.", element)
    if account.document["CurrencyRef"]["value"] not in (company.home_currency, currency):
        raise business("You can only use one foreign currency per transaction.", element)


def _settle_due_date(company: Company, document: Doc) -> None:
    if "DueDate" in document:
        return
    term = company.referred(document, "SalesTermRef", "Term")
    days = 0 if term is None else int(term.document.get("DueDays", 0))
    document["DueDate"] = (date.fromisoformat(document["TxnDate"]) + timedelta(days=days)).isoformat()


def _refuse_early_stock(document: Doc, sold: Sequence[Record]) -> None:
    for item in sold:
        started = item.document.get("InvStartDate")
        if item.document["Type"] == "Inventory" and started is not None and document["TxnDate"] < started:
            raise fault("6270", f"The transaction is dated before the item's start date {started}.", "TxnDate")


def _postings(form: Form) -> Callable[[Company, Record], Sequence[Posting]]:
    def postings(company: Company, record: Record) -> Sequence[Posting]:
        document = record.document
        currency = document["CurrencyRef"]["value"]
        places = exponent(currency)
        customer = document.get("CustomerRef")
        party = None if customer is None else ("Customer", customer["value"])
        department = document.get("DepartmentRef", {}).get("value")
        if form.on_account:
            money = chart.system_account(company, "AccountsReceivable", currency)
        else:
            money = document["DepositToAccountRef"]["value"]
        total = minor_of(document["TotalAmt"], places)
        note = document.get("PrivateNote", "")
        result = [Posting(money, form.sign * total, note, party, department=department)]
        for account, minor, line, klass in _sold(document, places):
            memo = line.get("Description", "")
            result.append(Posting(account, -form.sign * minor, memo, party, klass, department))
        total_tax = minor_of(document["TxnTaxDetail"].get("TotalTax", 0), places)
        if total_tax:
            account = chart.system_account(company, "SalesTaxPayable" if company.is_us else "GlobalTaxPayable")
            result.append(Posting(account, -form.sign * total_tax, "Tax", department=department))
        return [*result, *_cost_postings(company, document, form.sign)]

    return postings


def _sold(document: Doc, places: int) -> list[tuple[str, int, Doc, str | None]]:
    """(account, amount, line, class) of the lines that move money; discounts negative."""
    found = []
    for line in document["Line"]:
        if "SalesItemLineDetail" in line and "ItemRef" in line["SalesItemLineDetail"]:
            detail = line["SalesItemLineDetail"]
            account, amount = detail["ItemAccountRef"]["value"], minor_of(line["Amount"], places)
        elif "DiscountLineDetail" in line:
            detail = line["DiscountLineDetail"]
            account, amount = detail["DiscountAccountRef"]["value"], -minor_of(line["Amount"], places)
        else:
            continue
        klass = detail.get("ClassRef") or document.get("ClassRef") or {}
        found.append((account, amount, line, klass.get("value")))
    return found


def _stock(company: Company, document: Doc) -> list[tuple[Record, Decimal]]:
    """The stocked items of a form and their quantities."""
    found = []
    for line in document["Line"]:
        item = company.referred(line.get("SalesItemLineDetail", {}), "ItemRef", "Item")
        if item is not None and item.document["Type"] == "Inventory":
            found.append((item, Decimal(line["SalesItemLineDetail"].get("Qty", 1))))
    return found


def _cost_postings(company: Company, document: Doc, sign: int) -> list[Posting]:
    """Cost of goods sold against the stock, in the home currency."""
    result = []
    for item, quantity in _stock(company, document):
        cost = sign * items.value_of(company, item.document, quantity)
        result.append(Posting(item.document["ExpenseAccountRef"]["value"], 0, "Cost of goods sold", home=cost))
        result.append(Posting(item.document["AssetAccountRef"]["value"], 0, "Cost of goods sold", home=-cost))
    return result


def _effect(form: Form) -> Callable[[Company, Record, Record | None], None]:
    def effect(company: Company, record: Record, _before: Record | None) -> None:
        for item, quantity in _stock(company, record.document):
            items.move_stock(company, item, -form.sign * quantity)

    return effect


def _undo(form: Form) -> Callable[[Company, Record], None]:
    def undo(company: Company, record: Record) -> None:
        for item, quantity in _stock(company, record.document):
            items.move_stock(company, item, form.sign * quantity)

    return undo


def _kind(form: Form, of: Shape, *queryable: str) -> Kind:
    return Kind(
        name=form.name,
        shape=of,
        sequence="Transaction",
        complete=_complete(form),
        postings=_postings(form),
        effect=_effect(form),
        undo=_undo(form),
        guard=links.refuse_linked,
        is_transaction=True,
        numbered=True,
        duplicate_warning=WARN_SALES,
        deletable=True,
        # Intuit documents void for invoices and sales receipts only; the others are deleted.
        voidable=form.sign > 0,
        queryable=STAMPS | {"DocNumber", "TxnDate", "CustomerRef", "TotalAmt", *queryable},
    )


INVOICES = _kind(
    _INVOICE,
    shape(
        "Invoice",
        *_sales_fields(),
        *loose("AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"),
        *loose("Deposit", "AutoDocNumber", "ProjectRef", "ShippingTaxIncludedInTotalTax"),
        *computed("InvoiceLink", "EInvoiceStatus", "ECloudStatusTimeStamp"),
    ),
    *("Balance", "DueDate"),
)
SALES_RECEIPTS = _kind(
    _SALES_RECEIPT,
    shape("SalesReceipt", *_sales_fields(), *loose("AutoDocNumber")),
    *("Balance", "PaymentRefNum"),
)
CREDIT_MEMOS = _kind(
    _CREDIT_MEMO,
    shape("CreditMemo", *_sales_fields(), *computed("RemainingCredit"), *loose("InvoiceRef")),
    *("Balance", "RemainingCredit"),
)
REFUND_RECEIPTS = _kind(
    _REFUND_RECEIPT, shape("RefundReceipt", *_sales_fields(), *computed("RemainingCredit")), "PaymentRefNum"
)
