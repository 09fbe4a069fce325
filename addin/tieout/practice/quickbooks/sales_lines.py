"""The lines of sales forms: items, discounts, subtotals and descriptions.

Intuit's Invoice reference: a line without an item is documentation and its amount is ignored; Amount is Qty times
UnitPrice (6070), where clients that always send zeros for both mean that they gave neither; the subtotal line is
QuickBooks' own; a discount is a percentage of the subtotal or an amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tieout.practice.quickbooks import chart
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault, missing
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of
from tieout.practice.quickbooks.lines import DESCRIPTION_LINE_DETAIL, LINKED_TXN, MARKUP
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.references import to
from tieout.practice.quickbooks.shape import (
    choice,
    computed,
    day,
    flag,
    inner,
    loose,
    number,
    rate,
    ref,
    several,
    shape,
    text,
)
from tieout.practice.quickbooks.tax import TaxableLine

_ITEM_DETAIL = shape(
    "SalesItemLineDetail",
    ref("ItemRef", "Item"),
    ref("ClassRef", "Class"),
    number("UnitPrice"),
    rate("Qty"),
    ref("ItemAccountRef", "Account"),
    ref("TaxCodeRef", "TaxCode"),
    day("ServiceDate"),
    number("TaxInclusiveAmt"),
    MARKUP,
    *loose("RatePercent", "PriceLevelRef", "DiscountRate", "DiscountAmt", "TaxClassificationRef", "DeferredRevenue"),
)
_DISCOUNT_DETAIL = shape(
    "DiscountLineDetail",
    flag("PercentBased"),
    rate("DiscountPercent"),
    ref("DiscountAccountRef", "Account"),
    ref("DiscountRef"),
    ref("ClassRef", "Class"),
    ref("TaxCodeRef", "TaxCode"),
)
SALES_LINE = shape(
    "Line",
    text("Id"),
    *computed("LineNum"),
    text("Description", 4000),
    number("Amount"),
    choice("DetailType", "SalesItemLineDetail", "DiscountLineDetail", "SubTotalLineDetail", "DescriptionOnly"),
    inner("SalesItemLineDetail", _ITEM_DETAIL),
    inner("DiscountLineDetail", _DISCOUNT_DETAIL),
    *loose("SubTotalLineDetail", "CustomField", "ProjectRef"),
    DESCRIPTION_LINE_DETAIL,
    several("LinkedTxn", LINKED_TXN),
)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line that moves money: where it stands, the account, the signed net amount, its taxable side."""

    line: Doc
    account: str
    taxable: TaxableLine
    item: Record | None


def complete_lines(company: Company, document: Doc, places: int, customer: Record | None) -> list[SoldLine]:
    """Check the lines, number them, add the subtotal; the lines that move money, discounts negative."""
    lines = [line for line in document.get("Line", ()) if line.get("DetailType") != "SubTotalLineDetail"]
    sold: list[SoldLine] = []
    discounts: list[Doc] = []
    for position, line in enumerate(lines, start=1):
        line["Id"], line["LineNum"] = str(position), position
        if line.get("DetailType") is None:
            raise missing("DetailType")
        if line["DetailType"] == "SalesItemLineDetail":
            sold += _complete_item(company, line, places, customer)
        elif line["DetailType"] == "DiscountLineDetail":
            discounts.append(line)
    if not sold:
        raise missing("Line")
    subtotal = sum(line.taxable.net for line in sold)
    if len(discounts) > 1:
        raise fault("2600", "A sales form has one discount line at most.", "Line")
    for line in discounts:
        sold.append(_complete_discount(company, line, subtotal, places))
    subtotal_line = {
        "Amount": number_of(subtotal, places),
        "DetailType": "SubTotalLineDetail",
        "SubTotalLineDetail": {},
    }
    document["Line"] = [*(line for line in lines if line not in discounts), subtotal_line, *discounts]
    return sold


def _complete_item(company: Company, line: Doc, places: int, customer: Record | None) -> Sequence[SoldLine]:
    detail = line.get("SalesItemLineDetail")
    if detail is None:
        raise missing("SalesItemLineDetail")
    item = company.referred(detail, "ItemRef", "Item")
    if item is None:
        line["Amount"] = number_of(0, places)
        return ()
    if item.document["Type"] == "Category" or "IncomeAccountRef" not in item.document:
        raise fault("2500", "Invalid Reference Id : the item is not for sale.", "ItemRef")
    _settle_amount(line, detail, places)
    account = company.referred(detail, "ItemAccountRef", "Account")
    income = to(account) if account is not None else dict(item.document["IncomeAccountRef"])
    detail["ItemAccountRef"] = income
    if company.is_us and "TaxCodeRef" not in detail:
        taxable = item.document.get("Taxable") and (customer is None or customer.document.get("Taxable", True))
        detail["TaxCodeRef"] = {"value": "TAX" if taxable else "NON"}
    minor, line["Amount"] = company.amount(line["Amount"], places)
    code = detail.get("TaxCodeRef", {}).get("value")
    taxable_line = TaxableLine(minor, minor_of(detail.get("TaxInclusiveAmt", 0), places), code)
    return (SoldLine(line, income["value"], taxable_line, item),)


def _settle_amount(line: Doc, detail: Doc, places: int) -> None:
    """Amount, Qty and UnitPrice agree; a missing one of the three follows from the other two."""
    quantity, price = detail.get("Qty"), detail.get("UnitPrice")
    if not quantity and not price:
        detail.pop("Qty", None)
        detail.pop("UnitPrice", None)
        if line.get("Amount") is None:
            raise missing("Amount")
        return
    if quantity is None:
        quantity = detail["Qty"] = Decimal(1)
    if line.get("Amount") is None:
        if price is None:
            raise missing("Amount")
        line["Amount"] = Decimal(price) * Decimal(quantity)
    elif price is None:
        detail["UnitPrice"] = Decimal(0) if not quantity else round(Decimal(line["Amount"]) / quantity, 7)
    # An amount that includes tax is exact in TaxInclusiveAmt; the net price then is a rounded figure.
    elif not detail.get("TaxInclusiveAmt") and minor_of(Decimal(price) * quantity, places) != minor_of(
        line["Amount"], places
    ):
        raise fault("6070", f"Amount is not equal to UnitPrice * Qty. Supplied value:{line['Amount']}", "Line.Amount")


def _complete_discount(company: Company, line: Doc, subtotal: int, places: int) -> SoldLine:
    detail = line.setdefault("DiscountLineDetail", {})
    if detail.get("PercentBased"):
        if detail.get("DiscountPercent") is None:
            raise missing("DiscountPercent")
        minor = minor_of(Decimal(subtotal) * Decimal(detail["DiscountPercent"]) / 100, 0)
        line["Amount"] = number_of(minor, places)
    elif line.get("Amount") is None:
        raise missing("Amount")
    if line["Amount"] < 0:
        raise fault("2290", "A discount is a positive amount.", "Amount")
    minor, line["Amount"] = company.amount(line["Amount"], places)
    account = company.referred(detail, "DiscountAccountRef", "Account")
    if account is None:
        account = company.record("Account", chart.system_account(company, "DiscountsRefundsGiven"))
        assert account is not None, "system accounts exist"
        detail["DiscountAccountRef"] = to(account)
    code = detail.get("TaxCodeRef", {}).get("value")
    return SoldLine(line, account.id, TaxableLine(-minor, 0, code), None)
