"""Shapes that many transactions share: tax detail, addresses, links, entities on lines."""

from tieout.practice.quickbooks.shape import (
    Field,
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

_TAX_LINE_DETAIL = shape(
    "TaxLineDetail",
    ref("TaxRateRef", "TaxRate"),
    flag("PercentBased"),
    rate("TaxPercent"),
    number("NetAmountTaxable"),
    number("TaxInclusiveAmount"),
    number("OverrideDeltaAmount"),
    day("ServiceDate"),
)
_TAX_LINE = shape(
    "Line",
    *computed("Id", "LineNum"),
    text("Description", 4000),
    number("Amount"),
    choice("DetailType", "TaxLineDetail"),
    inner("TaxLineDetail", _TAX_LINE_DETAIL),
)
TXN_TAX_DETAIL = inner(
    "TxnTaxDetail",
    shape(
        "TxnTaxDetail",
        ref("TxnTaxCodeRef", "TaxCode"),
        number("TotalTax"),
        several("TaxLine", _TAX_LINE),
        *loose("UseAutomatedSalesTax"),
    ),
)

ENTITY = inner(
    "Entity",
    shape(
        "EntityTypeRef",
        choice("Type", "Customer", "Vendor", "Employee"),
        ref("EntityRef", "Customer", "Vendor", "Employee"),
    ),
)

ADDRESS = shape(
    "PhysicalAddress",
    *computed("Id"),
    *(text(f"Line{number}", 500) for number in range(1, 6)),
    text("City", 255),
    text("Country", 255),
    text("CountryCode", 255),
    text("County", 255),
    text("CountrySubDivisionCode", 255),
    text("PostalCode", 30),
    *loose("PostalCodeSuffix", "Lat", "Long", "Tag", "Note"),
)
EMAIL = shape("EmailAddress", *computed("Id"), text("Address", 100), *loose("Default", "Tag"))
PHONE = shape(
    "TelephoneNumber",
    *computed("Id"),
    text("FreeFormNumber", 30),
    *loose("DeviceType", "CountryCode", "AreaCode", "ExchangeCode", "Extension", "Default", "Tag"),
)
WEB_SITE = shape("WebSiteAddress", *computed("Id"), text("URI", 1000), *loose("Default", "Tag"))
LINKED_TXN = shape("LinkedTxn", text("TxnId"), text("TxnType"), text("TxnLineId"))
MARKUP = inner(
    "MarkupInfo",
    shape(
        "MarkupInfo",
        flag("PercentBased"),
        number("Value"),
        rate("Percent"),
        *loose("PriceLevelRef", "MarkUpIncomeAccountRef"),
    ),
)

TAX_CALCULATION = choice("GlobalTaxCalculation", "TaxExcluded", "TaxInclusive", "NotApplicable")

BILLABLE = choice("BillableStatus", "Billable", "NotBillable", "HasBeenBilled")


def system_fields() -> tuple[Field, ...]:
    """What QuickBooks adds to every object."""
    return computed("Id", "SyncToken", "MetaData", "domain", "sparse")


def transaction_fields() -> tuple[Field, ...]:
    """What every transaction has."""
    return (
        *system_fields(),
        text("DocNumber", 21),
        day("TxnDate"),
        text("PrivateNote", 4000),
        ref("CurrencyRef"),
        rate("ExchangeRate"),
        ref("DepartmentRef", "Department"),
        TXN_TAX_DETAIL,
        *computed("TxnSource", "RecurDataRef"),
        *loose("CustomField"),
    )


DESCRIPTION_LINE_DETAIL = inner(
    "DescriptionLineDetail", shape("DescriptionLineDetail", day("ServiceDate"), ref("TaxCodeRef", "TaxCode"))
)
