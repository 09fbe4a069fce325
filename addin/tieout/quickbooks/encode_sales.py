"""Sales documents as the exact bytes that are sent: what the draft states, and nothing else.

python-quickbooks' own objects add DueDate, Qty 0, UnitPrice 0 and a GlobalTaxCalculation that nobody stated. Field
names: Intuit's references of Invoice, SalesReceipt, CreditMemo and RefundReceipt, and Finance.xsd. Tax: "Manage
sales tax for US locales" (lines TAX or NON, the document states TotalTax) and "… for non-US locales" (a TaxCodeRef
on every line, GlobalTaxCalculation, TaxLine amounts that override what would be computed for a rate).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tieout.domain.books_lists import BooksNames, BooksRate, BooksTerms, SaleTaxCode
from tieout.domain.money import Money, plain_decimal
from tieout.domain.sale import Sale, SaleLine, TaxTreatment
from tieout.limits import QUICKBOOKS_DESCRIPTION_CHARACTERS_MAX
from tieout.quickbooks.exact_json import Number, number, write_json

_CALCULATION = {
    TaxTreatment.EXCLUDED: "TaxExcluded",
    TaxTreatment.INCLUSIVE: "TaxInclusive",
    TaxTreatment.OUT_OF_SCOPE: "NotApplicable",
}
_RATE_PLACES = 4  # millionths of the net price as a percentage


def sale(draft: Sale, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
    """The body that creates a sales document. KeyError for a name without an id.

    CurrencyRef stands only in a company with several currencies; the rate is QuickBooks' own for the day.
    """
    body = head(draft.doc_number, day, note, draft.currency, terms)
    body["CustomerRef"] = ref(names.customers[draft.customer])
    if draft.location:
        body["DepartmentRef"] = ref(names.locations[draft.location])
    if draft.deposit_to:
        body["DepositToAccountRef"] = ref(names.accounts[draft.deposit_to])
    if not terms.is_us:
        body["GlobalTaxCalculation"] = _CALCULATION[draft.treatment]
    body["Line"] = [_line(line, draft.treatment, names) for line in draft.lines]
    if detail := _tax(draft, names):
        body["TxnTaxDetail"] = detail
    return write_json(body)


def head(doc_number: str, day: date, note: str, currency: str, terms: BooksTerms) -> dict[str, Any]:
    """What every document begins with."""
    body: dict[str, Any] = {"DocNumber": doc_number, "TxnDate": day.isoformat(), "PrivateNote": note}
    if terms.multicurrency:
        body["CurrencyRef"] = ref(currency)
    return body


def ref(value: str) -> dict[str, str]:
    """A reference by id."""
    return {"value": value}


def described(text: str) -> str:
    """A line's description, within what QuickBooks keeps."""
    return text[:QUICKBOOKS_DESCRIPTION_CHARACTERS_MAX]


def _line(line: SaleLine, treatment: TaxTreatment, names: BooksNames) -> dict[str, Any]:
    item = names.skus[line.item.name] if line.item.by_sku else names.items[line.item.name]
    detail: dict[str, Any] = {"ItemRef": ref(item)}
    amount = line.amount
    if line.quantity:
        detail["Qty"] = line.quantity
        if treatment is not TaxTreatment.INCLUSIVE and amount.minor % line.quantity == 0:
            # Amount has to be Qty times UnitPrice (6070); a price that is not exact is left to QuickBooks.
            detail["UnitPrice"] = number(Money(amount.minor // line.quantity, amount.currency))
    if line.class_name:
        detail["ClassRef"] = ref(names.classes[line.class_name])
    if treatment is TaxTreatment.SALES_TAX:
        detail["TaxCodeRef"] = ref("TAX" if line.taxed else "NON")
    elif line.tax_code:
        code = names.tax_codes[line.tax_code]
        detail["TaxCodeRef"] = ref(code.id)
        if treatment is TaxTreatment.INCLUSIVE:
            detail["TaxInclusiveAmt"] = number(amount)
            amount = code.net_of(amount)
    return {
        "Amount": number(amount),
        "Description": described(line.description),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }


def _tax(draft: Sale, names: BooksNames) -> dict[str, Any] | None:
    """TxnTaxDetail: the tax as Amazon told it; None where the document states none, or QuickBooks takes it out."""
    if draft.treatment is TaxTreatment.SALES_TAX:
        return {"TotalTax": number(draft.tax)} if draft.tax else None
    if draft.treatment is not TaxTreatment.EXCLUDED:
        return None
    rates: dict[str, tuple[BooksRate, Money, Money]] = {}
    for code, net, tax in _by_code(draft, names):
        for rate, share in code.shares(tax) if code.holds_tax else ((rate, tax) for rate in code.sales):
            known = rates.get(rate.id, (rate, Money.zero(draft.currency), Money.zero(draft.currency)))
            rates[rate.id] = (rate, known[1] + share, known[2] + net)
    return {"TotalTax": number(draft.tax), "TaxLine": [_tax_line(*each) for each in rates.values()]}


def _by_code(draft: Sale, names: BooksNames) -> Iterator[tuple[SaleTaxCode, Money, Money]]:
    """Net and tax of the lines of each code."""
    sums: dict[str, tuple[Money, Money]] = {}
    nothing = Money.zero(draft.currency)
    for line in draft.lines:
        net, tax = sums.get(line.tax_code, (nothing, nothing))
        sums[line.tax_code] = (net + line.amount, tax + (line.tax or nothing))
    for name, (net, tax) in sums.items():
        yield names.tax_codes[name], net, tax


def _tax_line(rate: BooksRate, tax: Money, net: Money) -> dict[str, Any]:
    return {
        "Amount": number(tax),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": ref(rate.id),
            "PercentBased": True,
            "TaxPercent": Number(plain_decimal(rate.millionths, _RATE_PLACES)),
            "NetAmountTaxable": number(net),
        },
    }
