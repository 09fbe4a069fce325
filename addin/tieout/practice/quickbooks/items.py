"""Item: what is sold and bought.

Intuit's Item reference: a unique name; Type Inventory, NonInventory, Service or Category; income and expense
accounts of the right type (6430); inventory needs an asset account, a quantity on hand and a start date. Stock
is valued at the item's purchase cost; QuickBooks itself uses first in, first out.
"""

from decimal import Decimal

from tieout.domain.money import exponent
from tieout.practice.quickbooks import chart
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault, missing
from tieout.practice.quickbooks.figures import Doc, minor_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.ledger import Heading, Posting
from tieout.practice.quickbooks.lines import system_fields
from tieout.practice.quickbooks.name_lists import settle_name
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import choice, computed, day, flag, loose, number, rate, ref, shape, text

ITEM = shape(
    "Item",
    *system_fields(),
    *computed("FullyQualifiedName", "Level", "AvgCost", "QtyOnPurchaseOrder", "QtyOnSalesOrder", "SpecialItem"),
    text("Name", 100),
    text("Sku", 100),
    text("Description", 4000),
    flag("Active"),
    flag("SubItem"),
    ref("ParentRef", "Item"),
    flag("Taxable"),
    flag("SalesTaxIncluded"),
    number("UnitPrice"),
    choice("Type", "Inventory", "NonInventory", "Service", "Category"),
    ref("IncomeAccountRef", "Account"),
    text("PurchaseDesc", 1000),
    flag("PurchaseTaxIncluded"),
    number("PurchaseCost"),
    ref("ExpenseAccountRef", "Account"),
    ref("AssetAccountRef", "Account"),
    ref("PrefVendorRef", "Vendor"),
    flag("TrackQtyOnHand"),
    rate("QtyOnHand"),
    rate("ReorderPoint"),
    day("InvStartDate"),
    ref("SalesTaxCodeRef", "TaxCode"),
    ref("PurchaseTaxCodeRef", "TaxCode"),
    ref("ClassRef", "Class"),
    *loose("CustomField", "RatePercent", "PercentBased", "ManPartNum", "TaxClassificationRef", "Source"),
    *loose("AbatementRate", "ReverseChargeRate", "ServiceType", "ItemCategoryType", "DeferredRevenue"),
)
_ACCOUNT_TYPES: dict[str, tuple[str, ...]] = {
    "IncomeAccountRef": ("Income", "Other Income", "Other Current Liability"),
    "ExpenseAccountRef": ("Expense", "Other Expense", "Cost of Goods Sold", "Other Current Asset"),
    "AssetAccountRef": ("Other Current Asset",),
}


def complete(company: Company, document: Doc, before: Record | None) -> None:
    """Check an item."""
    if ":" in document.get("Name", ""):
        raise fault("2010", "Property Name:Name must not contain a colon", "Name")
    if document.get("Type") is None:
        raise missing("Type")
    settle_name(company, "Item", document, before)
    document["SubItem"] = "ParentRef" in document
    document.setdefault("Taxable", False)
    is_stock = document["Type"] == "Inventory"
    document["TrackQtyOnHand"] = is_stock
    if document["Type"] != "Category" and "IncomeAccountRef" not in document and "ExpenseAccountRef" not in document:
        raise missing("IncomeAccountRef")
    for name, types in _ACCOUNT_TYPES.items():
        account = company.referred(document, name, "Account")
        if account is not None and account.document["AccountType"] not in types:
            raise fault("6430", f"Invalid account type used for {name}.", name)
    if is_stock:
        _settle_stock(document)
    else:
        for name in ("QtyOnHand", "InvStartDate", "AssetAccountRef"):
            document.pop(name, None)
    if document["Type"] != "Category":
        document.setdefault("UnitPrice", Decimal(0))
        document.setdefault("PurchaseCost", Decimal(0))


def _settle_stock(document: Doc) -> None:
    if "AssetAccountRef" not in document:
        raise fault(
            "2020",
            "Required parameter is missing in the request. An inventory asset account is required if you are"
            " tracking inventory quantities for this product.",
            "AssetAccountRef",
        )
    for name in ("QtyOnHand", "InvStartDate", "IncomeAccountRef", "ExpenseAccountRef"):
        if name not in document:
            raise missing(name)


def post_opening(company: Company, record: Record, before: Record | None) -> None:
    """The first quantity of a stocked item comes into the books against opening balance equity."""
    document = record.document
    if before is not None or document["Type"] != "Inventory":
        return
    value = value_of(company, document, Decimal(document["QtyOnHand"]))
    heading = Heading("Item", record.id, document["InvStartDate"], company.home_currency, Decimal(1))
    postings = (
        Posting(document["AssetAccountRef"]["value"], value, "Opening stock"),
        Posting(chart.system_account(company, "OpeningBalanceEquity"), -value, "Opening stock"),
    )
    company.ledger.post(heading, postings, None)


def value_of(company: Company, item: Doc, quantity: Decimal) -> int:
    """What a quantity of an item is worth at its purchase cost, in home minor units."""
    return minor_of(Decimal(item["PurchaseCost"]) * quantity, exponent(company.home_currency))


def move_stock(company: Company, item: Record, quantity: Decimal) -> None:
    """Change the quantity on hand."""
    on_hand = Decimal(item.document["QtyOnHand"]) + quantity
    company.records.update(item, {**item.document, "QtyOnHand": on_hand}, company.now())


ITEMS = Kind(
    name="Item",
    shape=ITEM,
    sequence="Item",
    complete=complete,
    effect=post_opening,
    queryable=STAMPS
    | {"Name", "Sku", "Active", "Type", "FullyQualifiedName", "UnitPrice", "QtyOnHand", "SubItem", "ParentRef"}
    | {"Description", "PurchaseCost", "Taxable", "TrackQtyOnHand", "InvStartDate"},
)
