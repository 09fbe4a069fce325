"""The simple lists: Class, Department (location), Term, PaymentMethod.

Intuit's references: a name is required and unique among the active ones; classes and departments nest, five
levels deep; an object is deleted by making it inactive, which renames it "… (deleted)".
"""

from collections.abc import Callable

from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.lines import ADDRESS, system_fields
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import Shape, computed, flag, inner, loose, rate, ref, shape, text

DELETED = " (deleted)"
_LEVELS_MAX = 5

CLASS = shape(
    "Class",
    *system_fields(),
    *computed("FullyQualifiedName"),
    text("Name", 100),
    flag("SubClass"),
    ref("ParentRef", "Class"),
    flag("Active"),
)
DEPARTMENT = shape(
    "Department",
    *system_fields(),
    *computed("FullyQualifiedName"),
    text("Name", 100),
    flag("SubDepartment"),
    ref("ParentRef", "Department"),
    flag("Active"),
    inner("Address", ADDRESS),
)
TERM = shape(
    "Term",
    *system_fields(),
    *computed("Type"),
    text("Name", 31),
    flag("Active"),
    rate("DiscountPercent"),
    *loose("DueDays", "DiscountDays", "DayOfMonthDue", "DueNextMonthDays", "DiscountDayOfMonth"),
)
PAYMENT_METHOD = shape("PaymentMethod", *system_fields(), text("Name", 31), flag("Active"), text("Type"))


def settle_name(company: Company, kind: str, document: Doc, before: Record | None) -> None:
    """Check a list name, nest it under its parent, and follow the object into and out of inactivity."""
    name = document.get("Name")
    if not name:
        raise missing("Name")
    document["Active"] = document.get("Active", True)
    if not document["Active"] and not name.endswith(DELETED):
        document["Name"] = name + DELETED
    if document["Active"]:
        document["Name"] = name.removesuffix(DELETED)
    document["FullyQualifiedName"] = document["Name"]
    parent = company.referred(document, "ParentRef", kind)
    if parent is not None:
        if before is not None and parent.id == before.id:
            raise fault("2600", "An object cannot be its own parent.", "ParentRef")
        document["FullyQualifiedName"] = f"{parent.document['FullyQualifiedName']}:{document['Name']}"
        if document["FullyQualifiedName"].count(":") >= _LEVELS_MAX:
            raise business(f"Objects nest {_LEVELS_MAX} levels deep at most.", "ParentRef")
    same = company.records.select(
        kind, "name = ? COLLATE NOCASE AND active = 1", (document["FullyQualifiedName"],), unseen=True
    )
    if document["Active"] and any(before is None or other.id != before.id for other in same):
        raise fault("6240", f"The name supplied already exists. : Id={same[0].id}", "Name")


def _complete(kind: str, sub: str | None) -> Callable[[Company, Doc, Record | None], None]:
    def complete(company: Company, document: Doc, before: Record | None) -> None:
        if ":" in document.get("Name", ""):
            raise business("A name must not contain a colon.", "Name")
        settle_name(company, kind, document, before)
        if sub is not None:
            document[sub] = "ParentRef" in document
        else:
            document.pop("FullyQualifiedName")
        if kind == "Term":
            document["Type"] = "DATE_DRIVEN" if "DayOfMonthDue" in document else "STANDARD"

    return complete


def _kind(of: Shape, sub: str | None, *queryable: str) -> Kind:
    return Kind(
        name=of.name,
        shape=of,
        sequence=of.name,
        complete=_complete(of.name, sub),
        queryable=STAMPS | {"Name", "Active", *queryable},
    )


CLASSES = _kind(CLASS, "SubClass", "SubClass", "FullyQualifiedName", "ParentRef")
DEPARTMENTS = _kind(DEPARTMENT, "SubDepartment", "SubDepartment", "FullyQualifiedName", "ParentRef")
TERMS = _kind(TERM, None, "Type", "DueDays")
PAYMENT_METHODS = _kind(PAYMENT_METHOD, None, "Type")


def open_lists(company: Company) -> None:
    """Give a new company the terms and payment methods every QuickBooks company starts with."""
    for name, days in (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60)):
        document = {"Name": name, "Active": True, "Type": "STANDARD", "DueDays": days, "DiscountDays": 0}
        company.records.insert("Term", "Term", document, company.now())
    for name, kind in (("Cash", "NON_CREDIT_CARD"), ("Check", "NON_CREDIT_CARD"), ("Visa", "CREDIT_CARD")):
        document = {"Name": name, "Active": True, "Type": kind}
        company.records.insert("PaymentMethod", "PaymentMethod", document, company.now())
