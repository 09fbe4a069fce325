"""Pages of Amazon's in which one value is another one: an order is read, or left out and said; nothing breaks."""

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from tests.hostile_json import every_place, json_text
from tests.parse.test_api_pages import order_page
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.orders_api import read_order_page

HOSTILE: list[Any] = [
    *(None, True, [], {}, "", "x", -1, 10**40, Decimal("1E+999999999"), Decimal("0.001"), "\ud800", "2026-13-45"),
    *("9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "NaN", "1e400", "=cmd|'/c calc'!A1", [[]], ["x"]),
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=repr)
def test_one_value_of_a_page_changed_breaks_nothing(hostile: Any) -> None:
    whole = order_page().content.decode()
    places = every_place(json.loads(whole))
    for place in random.Random(repr(hostile)).sample(places, min(len(places), 60)):
        page = json.loads(whole)
        inner = page
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = hostile
        read = read_order_page(Document.of("page.json", json_text(page).encode()))
        assert all(isinstance(each, Finding) and each.what.encode() for each in read.findings)
        assert all(repr(order).encode() for order in read.orders)
