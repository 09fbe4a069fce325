"""Customer and Vendor.

Intuit's references: a display name (or name parts it is made of) is required; display names are unique over
customers, vendors and employees together; they hold no colon, tab or line break; sub-customers nest; a party has
one currency for good; balances are computed.
"""

from collections.abc import Callable, Sequence

from tieout.domain.money import exponent
from tieout.practice.quickbooks import currencies
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.lines import ADDRESS, EMAIL, PHONE, WEB_SITE, system_fields
from tieout.practice.quickbooks.name_lists import DELETED
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import Field, computed, flag, inner, loose, number, ref, shape, text

PARTY_KINDS = ("Customer", "Vendor")
_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


def _party_fields() -> tuple[Field, ...]:
    return (
        *system_fields(),
        *computed("Balance", "OpenBalanceDate", "V4IDPseudonym", "UserId", "IntuitId"),
        text("DisplayName", 500),
        text("Title", 16),
        text("GivenName", 100),
        text("MiddleName", 100),
        text("FamilyName", 100),
        text("Suffix", 16),
        text("CompanyName", 500),
        text("PrintOnCheckName", 110),
        text("AcctNum", 100),
        flag("Active"),
        ref("CurrencyRef"),
        *(inner(name, PHONE) for name in ("PrimaryPhone", "AlternatePhone", "Mobile", "Fax")),
        inner("PrimaryEmailAddr", EMAIL),
        inner("WebAddr", WEB_SITE),
        inner("BillAddr", ADDRESS),
        inner("ShipAddr", ADDRESS),
        *loose("CustomField", "OtherContactInfo", "OtherAddr", "Organization", "ContactName", "AltContactName"),
        *loose("BusinessNumber", "GSTIN", "GSTRegistrationType", "Source", "CreditLimit"),
    )


CUSTOMER = shape(
    "Customer",
    *_party_fields(),
    *computed("FullyQualifiedName", "BalanceWithJobs", "Level", "IsProject", "RootCustomerRef"),
    text("Notes", 2000),
    flag("Job"),
    flag("BillWithParent"),
    flag("Taxable"),
    ref("ParentRef", "Customer"),
    ref("SalesTermRef", "Term"),
    ref("PaymentMethodRef", "PaymentMethod"),
    ref("DefaultTaxCodeRef", "TaxCode"),
    ref("ARAccountRef", "Account"),
    text("PreferredDeliveryMethod"),
    text("ResaleNum", 16),
    *loose("PrimaryTaxIdentifier", "SecondaryTaxIdentifier", "TaxExemptionReasonId", "CustomerTypeRef"),
)
VENDOR = shape(
    "Vendor",
    *_party_fields(),
    flag("Vendor1099"),
    ref("TermRef", "Term"),
    ref("APAccountRef", "Account"),
    number("BillRate"),
    number("CostRate"),
    text("TaxIdentifier", 20),
    text("TaxReportingBasis"),
    *loose("Notes", "VendorPaymentBankDetail", "HasTPAR", "IsSubContractor"),
)


def _complete(kind: str) -> Callable[[Company, Doc, Record | None], None]:
    def complete(company: Company, document: Doc, before: Record | None) -> None:
        _settle_display_name(document)
        document["Active"] = document.get("Active", True)
        name = document["DisplayName"]
        document["DisplayName"] = name.removesuffix(DELETED) + ("" if document["Active"] else DELETED)
        document.setdefault("PrintOnCheckName", document.get("CompanyName", name))
        _settle_currency(company, document, before)
        if kind == "Customer":
            _settle_parent(company, document, before)
        _refuse_taken(company, kind, document, before)

    return complete


def _settle_display_name(document: Doc) -> None:
    parts = [document[part] for part in _NAME_PARTS if part in document]
    name = document.get("DisplayName") or " ".join(parts) or document.get("CompanyName")
    if not name:
        raise missing("DisplayName")
    if any(mark in name for mark in ":\t\n\r"):
        raise business("A display name must not contain a colon, a tab or a line break.", "DisplayName")
    document["DisplayName"] = name


def _settle_currency(company: Company, document: Doc, before: Record | None) -> None:
    kept = None if before is None else before.document["CurrencyRef"]["value"]
    currency = document.get("CurrencyRef", {}).get("value", kept or company.home_currency)
    if not currencies.is_known(currency):
        raise fault("2220", f"Invalid currency type. Supplied value:{currency}", "CurrencyRef")
    if kept not in (None, currency):
        raise business("The currency of a customer or vendor cannot be changed.", "CurrencyRef")
    if currency != company.home_currency and not company.preferences["CurrencyPrefs.MultiCurrencyEnabled"]:
        raise business("Multi-currency is not enabled for this company.", "CurrencyRef")
    document["CurrencyRef"] = currencies.reference(currency)


def _settle_parent(company: Company, document: Doc, before: Record | None) -> None:
    document["FullyQualifiedName"] = document["DisplayName"]
    document["Job"] = "ParentRef" in document
    parent = company.referred(document, "ParentRef", "Customer")
    if parent is not None:
        if before is not None and parent.id == before.id:
            raise fault("2600", "A customer cannot be its own parent.", "ParentRef")
        document["FullyQualifiedName"] = f"{parent.document['FullyQualifiedName']}:{document['DisplayName']}"


def _refuse_taken(company: Company, kind: str, document: Doc, before: Record | None) -> None:
    if not document["Active"]:
        return
    for other_kind in PARTY_KINDS:
        same = company.records.select(
            other_kind, "active = 1 AND name = ? COLLATE NOCASE", (document["DisplayName"],), unseen=True
        )
        for other in same:
            if before is None or (other.kind, other.id) != (kind, before.id):
                raise fault(
                    "6240",
                    "The name supplied already exists. : Another customer, vendor or employee is already using"
                    " this name. Please use a different name.",
                    "DisplayName",
                )


def root_of(company: Company, customer: Record) -> Record:
    """The topmost parent of a customer; itself if it has none."""
    parent = company.referred(customer.document, "ParentRef", "Customer")
    return customer if parent is None else root_of(company, parent)


def _present(kind: str, account_type: str, sign: int) -> Callable[[Company, Sequence[Doc]], None]:
    def present(company: Company, bodies: Sequence[Doc]) -> None:
        accounts = [
            record.id
            for record in company.records.select("Account")
            if record.document["AccountType"] == account_type
        ]
        balances = company.ledger.party_balances(kind, accounts)
        for body in bodies:
            places = exponent(body["CurrencyRef"]["value"])
            body["Balance"] = number_of(sign * balances.get(body["Id"], 0), places)
            if kind == "Customer":
                below = sum(balances.get(child.id, 0) for child in _children(company, body["Id"]))
                body["BalanceWithJobs"] = number_of(balances.get(body["Id"], 0) + below, places)

    return present


def _children(company: Company, identity: str) -> list[Record]:
    children = [
        record
        for record in company.records.select("Customer", "document LIKE '%\"ParentRef\"%'")
        if record.document["ParentRef"]["value"] == identity
    ]
    return [below for child in children for below in (child, *_children(company, child.id))]


_SHARED = frozenset({"DisplayName", "GivenName", "MiddleName", "FamilyName", "CompanyName", "PrintOnCheckName"})
CUSTOMERS = Kind(
    name="Customer",
    shape=CUSTOMER,
    sequence="Name",
    complete=_complete("Customer"),
    present=_present("Customer", "Accounts Receivable", 1),
    queryable=STAMPS | _SHARED | {"Active", "FullyQualifiedName", "Balance", "Job", "ParentRef"},
)
VENDORS = Kind(
    name="Vendor",
    shape=VENDOR,
    sequence="Name",
    complete=_complete("Vendor"),
    present=_present("Vendor", "Accounts Payable", -1),
    queryable=STAMPS | _SHARED | {"Active", "Balance", "AcctNum"},
)
