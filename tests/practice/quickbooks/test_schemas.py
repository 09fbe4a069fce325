"""Entities hold to Intuit's XML schemas: names, enumerations, lengths. Skips where the schemas are absent."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.practice.quickbooks.raw_client import Client, Shop
from tieout.practice.quickbooks.catalogue import KINDS
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.schedule import OPERATIONS
from tieout.practice.quickbooks.shape import Field, Shape

pytestmark = pytest.mark.vendor_specs

XS = "{http://www.w3.org/2001/XMLSchema}"
# Attributes of the XML form that are members in JSON.
ADDED_IN_JSON = {"domain", "sparse", "status"}
# A simple type with text in XML is an object with a value in JSON.
JSON_ONLY = {("MemoRef", "value")}


class Schemas:
    """The types of all schema files."""

    def __init__(self, folder: Path) -> None:
        roots = [ElementTree.parse(file).getroot() for file in sorted(folder.glob("*.xsd"))]
        self._complex = {node.get("name"): node for root in roots for node in root.findall(f"{XS}complexType")}
        self._simple = {node.get("name"): node for root in roots for node in root.findall(f"{XS}simpleType")}

    def __contains__(self, name: str) -> bool:
        return name in self._complex

    def elements(self, name: str) -> dict[str, Any]:
        """Element name → element of a type, inherited ones too."""
        node = self._complex[name]
        found: dict[str, Any] = {}
        for extension in node.iter(f"{XS}extension"):
            parent = extension.get("base").split(":")[-1]
            if parent in self._complex:
                found |= self.elements(parent)
        return found | {element.get("name") or element.get("ref"): element for element in node.iter(f"{XS}element")}

    def enumeration(self, type_name: str) -> set[str]:
        """The values of an enumeration type; none if it is not one."""
        node = self._simple.get(type_name.rsplit(":", maxsplit=1)[-1])
        return set() if node is None else {value.get("value") for value in node.iter(f"{XS}enumeration")}


def qbo_length(element: Any) -> int | None:
    """The maximum length the annotation gives for QuickBooks Online."""
    text = " ".join(element.itertext())
    found = re.search(r"ValidRange:\s*QBO:\s*max\s*=\s*(\d+)", text)
    return int(found[1]) if found else None


def shapes(shape: Shape) -> Iterator[Shape]:
    """A shape and all its parts."""
    yield shape
    for field in shape.fields.values():
        if field.part is not None:
            yield from shapes(field.part)


def fields_in_schema(kind: Kind, schemas: Schemas) -> Iterator[tuple[Shape, Field, Any]]:
    """Every field of a kind that the schema has, with the schema's element."""
    for part in shapes(kind.shape):
        if part.name in schemas:
            elements = schemas.elements(part.name)
            for field in part.fields.values():
                if field.name in elements:
                    yield part, field, elements[field.name]


@pytest.fixture(scope="module")
def schemas(shared: Path) -> Schemas:
    folder = shared / "specs" / "intuit"
    if not folder.is_dir():
        pytest.skip("Intuit's schemas are not on this machine")
    return Schemas(folder)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_property_is_intuits(kind: Kind, schemas: Schemas) -> None:
    strange = []
    for part in shapes(kind.shape):
        assert part.name in schemas or part.name == "TaxRateList", part.name
        if part.name in schemas:
            known = set(schemas.elements(part.name)) | ADDED_IN_JSON
            strange += [(part.name, name) for name in part.fields if name not in known]
    assert set(strange) <= JSON_ONLY


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_enumeration_value_is_intuits(kind: Kind, schemas: Schemas) -> None:
    checked = 0
    for part, field, element in fields_in_schema(kind, schemas):
        values = schemas.enumeration(element.get("type") or "")
        if field.values and values:
            checked += 1
            assert set(field.values) <= values, (part.name, field.name)
    assert checked or not any(field.values for part in shapes(kind.shape) for field in part.fields.values())


def test_lengths_are_no_longer_than_intuits(schemas: Schemas) -> None:
    longer = {}
    compared = 0
    for kind in KINDS.values():
        for part, field, element in fields_in_schema(kind, schemas):
            limit = qbo_length(element)
            if limit is not None and field.length is not None:
                compared += 1
                if field.length > limit:
                    longer[part.name, field.name] = (field.length, limit)
    assert compared > 10
    assert longer == {}


def test_account_types_are_intuits(schemas: Schemas) -> None:
    from tieout.practice.quickbooks.account_types import CLASSIFICATION

    assert set(CLASSIFICATION) <= schemas.enumeration("AccountTypeEnum")
    assert set(CLASSIFICATION.values()) <= schemas.enumeration("AccountClassificationEnum")


def test_batch_operations_are_intuits(schemas: Schemas) -> None:
    assert {"create", "update", "delete", "void"} <= schemas.enumeration("OperationEnum") & OPERATIONS


def answered(value: Any, name: str, schemas: Schemas) -> Iterator[str]:
    """Members of an answer that its type does not have."""
    elements = schemas.elements(name)
    for member, inner in value.items():
        if member in ADDED_IN_JSON or (name, member) in JSON_ONLY:
            continue
        if member not in elements:
            yield f"{name}.{member}"
            continue
        kind = (elements[member].get("type") or "").split(":")[-1]
        for item in inner if isinstance(inner, list) else [inner]:
            if isinstance(item, dict) and kind in schemas and kind not in ("ReferenceType", "MemoRef"):
                yield from answered(item, kind, schemas)


def test_every_answer_is_made_of_intuits_properties(client: Client, shop: Shop, schemas: Schemas) -> None:
    invoice = client.ok("invoice", shop.sale(shop.sold("5", "TAX"), TxnTaxDetail={"TotalTax": "0.5"}))
    client.ok("payment", shop.payment("5.5", ("Invoice", invoice, "5.5")))
    client.ok("salesreceipt", shop.sale(shop.sold("5")))
    client.ok("creditmemo", shop.sale(shop.sold("5")))
    client.ok("journalentry", client.simple_journal())
    client.ok("bill", {"VendorRef": {"value": shop.vendor["Id"]}, "Line": [shop.cost("1")]})
    client.ok("class", {"Name": "c"})
    client.ok("department", {"Name": "d"})
    strange = [
        member
        for name in KINDS
        for entity in client.query(f"select * from {name}").get(name, [])
        for member in answered(entity, name, schemas)
    ]
    assert strange == []
