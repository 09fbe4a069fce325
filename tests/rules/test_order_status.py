"""Statuses in Amazon's spellings, and what the filters make of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tieout.domain.order import Channel, Order, OrderLine
from tieout.rules.order_status import (
    DEFAULTS,
    FILTERS,
    NEVER_POSTS,
    PENDING_SUFFIXES,
    SHIPPED_SUFFIXES,
    Admits,
    OrderStatus,
    PaymentComplete,
    decide,
    fitting,
    is_completed,
    read_status,
)
from tieout.sheets.layout import load_layout

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
LINE = OrderLine(1, "SKU-1", "B00", "Mug", 1, "")
ORDER = Order("111-1", "", "US", "Amazon.com", Channel.FBA, "Amazon", "Shipped", NOON, NOON, "", (LINE,))


def of_status(status: str, *lines: str) -> Order:
    told = tuple(replace(LINE, number=number, status=line) for number, line in enumerate(lines or ("",), 1))
    return replace(ORDER, status=status, lines=told)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("Pending", OrderStatus.PENDING),
        ("PENDING_AVAILABILITY", OrderStatus.PENDING),
        ("Pending - Waiting for Pick Up", OrderStatus.PENDING),
        ("Unshipped", OrderStatus.UNSHIPPED),
        ("PartiallyShipped", OrderStatus.PARTIALLY_SHIPPED),
        ("PARTIALLY_SHIPPED", OrderStatus.PARTIALLY_SHIPPED),
        ("Partially Shipped", OrderStatus.PARTIALLY_SHIPPED),
        (" shipped ", OrderStatus.SHIPPED),
        ("InvoiceUnconfirmed", OrderStatus.SHIPPED),
        ("Shipping", OrderStatus.SHIPPED),
        ("Canceled", OrderStatus.CANCELLED),
        ("CANCELLED", OrderStatus.CANCELLED),
        ("Unfulfillable", OrderStatus.UNFULFILLABLE),
        ("Shipped - Held at Border", OrderStatus.UNKNOWN),
        ("Unshipped - Damaged", OrderStatus.UNKNOWN),
        ("", OrderStatus.UNKNOWN),
        ("Teleported", OrderStatus.UNKNOWN),
        *((f"Shipped - {suffix}", OrderStatus.SHIPPED) for suffix in SHIPPED_SUFFIXES),
    ],
)
def test_amazons_three_spellings_come_to_one_status(told: str, status: OrderStatus) -> None:
    assert read_status(told) is status


def test_every_status_of_the_models_is_known(shared) -> None:
    import json

    folder = shared / "specs" / "amazon"
    old = json.loads((folder / "ordersV0.json").read_text())["definitions"]["Order"]["properties"]["OrderStatus"]
    new = json.loads((folder / "orders_2026-01-01.json").read_text())["definitions"]["FulfillmentStatus"]
    words = [*old["enum"], *new["enum"]]
    assert len(words) == 15
    assert {word: read_status(word) for word in words if read_status(word) is OrderStatus.UNKNOWN} == {}


def test_the_sheets_text_says_what_the_table_does() -> None:
    layout = load_layout()
    assert [(s.key, s.title, s.posts, s.default) for s in layout.statuses] == [
        (f.key, f.title, f.posts, f.default) for f in FILTERS
    ]

    def folded(words) -> set[str]:
        return {re.sub(r"[\s_]", "", word).casefold() for word in words}

    for status, one in zip(layout.statuses, FILTERS, strict=True):
        assert folded((*status.orders_api, *status.report)) == folded(one.words), status.key
    shipped = next(status for status in layout.statuses if status.key == "shipped").definition
    assert all(suffix in shipped for suffix in SHIPPED_SUFFIXES)
    pending = next(status for status in layout.statuses if status.key == "pending").definition
    assert all(suffix in pending for suffix in PENDING_SUFFIXES)
    payment = {option.value for option in layout.setting("payment_complete").options}
    assert payment == set(PaymentComplete)
    assert set(Admits) == set(layout.drop_down("download_choices").values)


@pytest.mark.parametrize("status", ["Pending", "Cancelled", "Unfulfillable", "Pending - Waiting for Pick Up"])
def test_pending_cancelled_and_unfulfillable_never_post(status: str) -> None:
    everything = dict.fromkeys(DEFAULTS, Admits.POST)
    decision = decide(of_status(status), everything, settled=True)
    assert decision.admits is Admits.DOWNLOAD
    assert "never posted" in decision.why
    assert read_status(status) in NEVER_POSTS
    assert decide(of_status(status)).admits is Admits.NOTHING


def test_shipped_and_authorised_orders_post_by_default() -> None:
    assert decide(of_status("Shipped - Delivered to Buyer")).admits is Admits.POST
    assert decide(of_status("Unshipped")).admits is Admits.POST


def test_payment_complete_as_paid_out_needs_a_settlement() -> None:
    chosen = {**dict.fromkeys(DEFAULTS, Admits.NOTHING), "payment_complete": Admits.POST}
    order = of_status("Shipped")
    settled = PaymentComplete.SETTLED
    assert decide(order, chosen, settled=False, payment=settled).admits is Admits.NOTHING
    assert decide(order, chosen, settled=True, payment=settled).admits is Admits.POST
    assert decide(of_status("Unshipped"), chosen, settled=True, payment=settled).admits is Admits.POST
    assert decide(order, chosen, settled=False).admits is Admits.POST


def test_completed_asks_every_line() -> None:
    assert is_completed(of_status("Shipped", "Shipped", ""))
    assert not is_completed(of_status("Shipped", "Shipped", "Cancelled"))
    assert not is_completed(of_status("Unshipped", "Shipped"))
    chosen = {"completed": Admits.POST}
    assert decide(of_status("Shipped", "Shipped"), chosen).admits is Admits.POST
    assert decide(of_status("Shipped", "Unshipped"), chosen).admits is Admits.NOTHING


def test_partially_shipped_goes_before_payment_complete_unless_it_leaves_out() -> None:
    order = of_status("PartiallyShipped")
    assert decide(order).admits is Admits.DOWNLOAD
    assert decide(order, {**DEFAULTS, "partially_shipped": Admits.NOTHING}).admits is Admits.POST


def test_an_unknown_status_is_kept_and_asked_about() -> None:
    decision = decide(of_status("Shipped - Held at Border"), dict.fromkeys(DEFAULTS, Admits.NOTHING))
    assert decision.admits is Admits.DOWNLOAD
    assert "Held at Border" in decision.why
    assert fitting(of_status("Nonsense"), settled=True, payment=PaymentComplete.SETTLED) == ()


def test_multi_channel_orders_are_no_sale_at_amazon() -> None:
    order = replace(of_status("Shipped"), order_id="S01-1234567-1234567")
    assert decide(order).admits is Admits.DOWNLOAD
    assert decide(replace(ORDER, sales_channel="Non-Amazon US")).admits is Admits.DOWNLOAD
