"""Class and location on every document of an order and its settlement that Intuit lets have them."""

from pathlib import Path
from typing import Any

import pytest

from tests.orders.sale_world import sale_world
from tests.orders.test_settled_orders import SETTLEMENT, settled, two_orders
from tieout.domain.posting_settings import FeeDocument, PostingSettings

PLACED = ("Invoice", "CreditMemo", "RefundReceipt", "Purchase", "Bill", "BillPayment", "Payment")
DETAILS = ("SalesItemLineDetail", "AccountBasedExpenseLineDetail", "JournalEntryLineDetail")


def details(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [line[name] for line in document["Line"] for name in DETAILS if name in line]


@pytest.mark.parametrize("fees", FeeDocument)
def test_every_document_has_the_class_and_the_location(tmp_path: Path, fees: FeeDocument) -> None:
    settings = PostingSettings(class_name="Web", location="Shop:London", fee_document=fees)
    with sale_world(tmp_path, settings) as world:
        klass = world.there.practice.create_as_person("Class", {"Name": "Web"})["Id"]
        shop = world.there.practice.create_as_person("Department", {"Name": "Shop"})["Id"]
        parent = {"Name": "London", "SubDepartment": True, "ParentRef": {"value": shop}}
        place = world.there.practice.create_as_person("Department", parent)["Id"]
        posted, paid = world.post(*two_orders()), world.settle(settled())
        assert [one for one in (*posted.all_findings, *paid.all_findings) if one.stops] == []
        documents = {kind: world.held(kind) for kind in PLACED}
        assert documents["Invoice"]
        assert documents["Payment"]
        for kind, held in documents.items():
            for one in held:
                assert one["DepartmentRef"]["value"] == place, kind
                assert {detail["ClassRef"]["value"] for detail in details(one)} <= {klass}, kind
        for journal in world.held("JournalEntry"):
            assert {detail["ClassRef"]["value"] for detail in details(journal)} == {klass}
            assert {detail["DepartmentRef"]["value"] for detail in details(journal)} == {place}
        world.unsettle(SETTLEMENT)
        assert world.held("Payment") == []
