"""The lines of bills, vendor credits and purchases: by account or by item."""

from dataclasses import dataclass
from decimal import Decimal

from tieout.practice.quickbooks import items
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, minor_of
from tieout.practice.quickbooks.lines import BILLABLE, DESCRIPTION_LINE_DETAIL, LINKED_TXN, MARKUP
from tieout.practice.quickbooks.shape import choice, computed, inner, loose, number, rate, ref, several, shape, text
from tieout.practice.quickbooks.tax import TaxableLine

_ACCOUNT_DETAIL = shape(
    "AccountBasedExpenseLineDetail",
    ref("AccountRef", "Account"),
    ref("CustomerRef", "Customer"),
    ref("ClassRef", "Class"),
    ref("TaxCodeRef", "TaxCode"),
    number("TaxAmount"),
    number("TaxInclusiveAmt"),
    BILLABLE,
    MARKUP,
)
_ITEM_DETAIL = shape(
    "ItemBasedExpenseLineDetail",
    ref("ItemRef", "Item"),
    ref("CustomerRef", "Customer"),
    ref("ClassRef", "Class"),
    ref("TaxCodeRef", "TaxCode"),
    ref("ItemAccountRef", "Account"),
    number("UnitPrice"),
    rate("Qty"),
    number("TaxInclusiveAmt"),
    BILLABLE,
    MARKUP,
    *loose("PriceLevelRef", "RatePercent"),
)
EXPENSE_LINE = shape(
    "Line",
    text("Id"),
    *computed("LineNum"),
    text("Description", 4000),
    number("Amount"),
    choice("DetailType", "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail", "DescriptionOnly"),
    inner("AccountBasedExpenseLineDetail", _ACCOUNT_DETAIL),
    inner("ItemBasedExpenseLineDetail", _ITEM_DETAIL),
    DESCRIPTION_LINE_DETAIL,
    several("LinkedTxn", LINKED_TXN),
    *loose("CustomField", "ProjectRef"),
)


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line that moves money, and its taxable side."""

    line: Doc
    taxable: TaxableLine


def complete_lines(company: Company, document: Doc, currency: str, places: int) -> list[BoughtLine]:
    """Check and number the lines; those that move money."""
    if not document.get("Line"):
        raise missing("Line")
    found: list[BoughtLine] = []
    for position, line in enumerate(document["Line"], start=1):
        line["Id"], line["LineNum"] = str(position), position
        if line.get("DetailType") is None:
            raise missing("DetailType")
        if line["DetailType"] == "DescriptionOnly":
            continue
        detail = line.get(line["DetailType"])
        if detail is None:
            raise missing(line["DetailType"])
        if line["DetailType"] == "AccountBasedExpenseLineDetail":
            _check_account(company, detail, currency)
        else:
            _check_item(company, line, detail, places)
        if line.get("Amount") is None:
            raise missing("Amount")
        minor, line["Amount"] = company.amount(line["Amount"], places)
        gross = minor_of(detail.get("TaxInclusiveAmt", 0), places)
        found.append(BoughtLine(line, TaxableLine(minor, gross, detail.get("TaxCodeRef", {}).get("value"))))
    if not found:
        raise missing("Line")
    return found


def _check_account(company: Company, detail: Doc, currency: str) -> None:
    account = company.referred(detail, "AccountRef", "Account")
    if account is None:
        raise missing("AccountRef")
    if account.document["AccountType"] in ("Accounts Receivable", "Accounts Payable"):
        raise fault("6430", f"Invalid account type used: {account.document['AccountType']}.", "AccountRef")
    if account.document["CurrencyRef"]["value"] not in (company.home_currency, currency):
        raise business("You can only use one foreign currency per transaction.", "AccountRef")


def _check_item(company: Company, line: Doc, detail: Doc, places: int) -> None:
    item = company.referred(detail, "ItemRef", "Item")
    if item is None:
        raise missing("ItemRef")
    if "ExpenseAccountRef" not in item.document:
        raise fault("2500", "Invalid Reference Id : the item is not for purchase.", "ItemRef")
    quantity, price = detail.get("Qty"), detail.get("UnitPrice")
    if quantity and price and line.get("Amount") is None:
        line["Amount"] = Decimal(quantity) * price
    elif quantity and price and minor_of(Decimal(quantity) * price, places) != minor_of(line["Amount"], places):
        raise fault("6070", f"Amount is not equal to UnitPrice * Qty. Supplied value:{line['Amount']}", "Line.Amount")


def bought(company: Company, document: Doc, places: int) -> list[tuple[str, int, Doc, str | None]]:
    """(account, amount, line, class) of the lines that move money; a stocked item goes to its asset account."""
    found = []
    for line in document["Line"]:
        detail = line.get(line["DetailType"], {})
        if line["DetailType"] == "AccountBasedExpenseLineDetail":
            account = detail["AccountRef"]["value"]
        elif line["DetailType"] == "ItemBasedExpenseLineDetail":
            item = company.referred(detail, "ItemRef", "Item")
            assert item is not None, "items are never deleted"
            is_stock = item.document["Type"] == "Inventory"
            account = item.document["AssetAccountRef" if is_stock else "ExpenseAccountRef"]["value"]
        else:
            continue
        found.append((account, minor_of(line["Amount"], places), line, detail.get("ClassRef", {}).get("value")))
    return found


def move_stock(company: Company, document: Doc, sign: int) -> None:
    """Stocked items come in with a purchase and go out with its return."""
    for line in document["Line"]:
        detail = line.get("ItemBasedExpenseLineDetail", {})
        item = company.referred(detail, "ItemRef", "Item")
        if item is not None and item.document["Type"] == "Inventory":
            items.move_stock(company, item, sign * Decimal(detail.get("Qty", 1)))
