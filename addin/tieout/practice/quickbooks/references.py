"""References between objects: what they point at exists, is active, and is named in the answer."""

from typing import TYPE_CHECKING

from tieout.practice.quickbooks.faults import INACTIVE_DETAIL, fault
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import Field, Shape

if TYPE_CHECKING:
    from tieout.practice.quickbooks.company import Company


def resolve(company: "Company", shape: Shape, document: Doc) -> None:
    """Check every reference of a document and fill in its name.

    2500 for an Id that does not exist, 610 for an inactive object (Intuit: "Common errors", 610 variant 1).
    """
    for name, field in shape.fields.items():
        value = document.get(name)
        if value is None:
            continue
        if field.targets:
            _resolve_one(company, field, document, value)
        elif field.part is not None:
            for part in value if field.many else (value,):
                resolve(company, field.part, part)


def _resolve_one(company: "Company", field: Field, document: Doc, value: Doc) -> None:
    if field.targets == ("TaxCode",) and company.is_us and value["value"] in ("TAX", "NON"):
        return  # a US line says only whether it is taxable; these two are no objects
    wanted = value.get("type") or document.get("Type")
    kinds = [wanted] if wanted in field.targets else list(field.targets)
    found = next((record for kind in kinds if (record := company.record(kind, value["value"]))), None)
    if found is None:
        raise fault(
            "2500", f"Invalid Reference Id : {field.targets[0]} element id {value['value']} not found", field.name
        )
    if not found.active:
        raise fault("610", INACTIVE_DETAIL, field.name)
    value["name"] = display_name(found)
    if len(field.targets) > 1 and "Type" not in document:
        value["type"] = found.kind


def display_name(record: Record) -> str:
    """What an object is called where another one points at it."""
    document = record.document
    for name in ("FullyQualifiedName", "DisplayName", "Name"):
        if document.get(name):
            return str(document[name])
    return record.id


def to(record: Record) -> Doc:
    """A reference to a record."""
    return {"value": record.id, "name": display_name(record)}
