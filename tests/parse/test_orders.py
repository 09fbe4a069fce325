"""Amazon's all-orders report into orders, from files as Amazon makes them and from damaged ones."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.domain.document import Document
from tieout.domain.finding import Severity
from tieout.domain.money import Money
from tieout.domain.order import Channel
from tieout.parse.flat_report import FINDINGS_MAX
from tieout.parse.order_privacy import is_personal, without_buyer_data
from tieout.parse.orders import read_orders
from tieout.practice.shop import Shop, make_shop
from tieout.practice.shop.order_report import seen

COLUMNS = (
    *("amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status"),
    *("fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin"),
    *("item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax"),
    *("gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount", "ship-city"),
    *(
        "ship-state",
        "ship-postal-code",
        "ship-country",
        "promotion-ids",
        "is-business-order",
        "purchase-order-number",
    ),
)
ROW = {
    "amazon-order-id": "111-1234567-1234567",
    "merchant-order-id": "M-1",
    "purchase-date": "2026-09-01T08:04:21+00:00",
    "last-updated-date": "2026-09-03T10:00:00+00:00",
    "order-status": "Shipped",
    "fulfillment-channel": "Amazon",
    "sales-channel": "Amazon.com",
    "product-name": "Mug, blue",
    "sku": "SKU-1",
    "asin": "B00",
    "item-status": "Shipped",
    "quantity": "2",
    "currency": "USD",
    "item-price": "39.98",
    "item-tax": "3.20",
    "ship-city": "PORTLAND",
    "ship-state": "OR",
    "ship-postal-code": "97201",
    "ship-country": "US",
    "is-business-order": "false",
    "purchase-order-number": "PO 7",
}


def report(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, charset: str = "UTF-8") -> Document:
    lines = ["\t".join(columns), *("\t".join(row.get(column, "") for column in columns) for row in rows)]
    return Document.of("orders.txt", "".join(f"{line}\n" for line in lines).encode("utf-8"), charset)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(5, orders=400, marketplaces=("US", "UK", "DE"), exceptions=True)


@pytest.mark.parametrize("code", ["US", "GB", "DE"])
def test_every_order_of_a_seller_is_read_with_what_its_buyer_paid(shop: Shop, code: str) -> None:
    text = "".join(shop.all_orders_report(code))
    read = read_orders(Document.of("orders.txt", text.encode("utf-8"), "UTF-8"))
    assert read.findings == ()
    at_shop = {order.order_id: order for order in shop.orders(code) if order.purchased_s <= shop.now.timestamp()}
    assert {order.order_id for order in read.orders} == set(at_shop)
    priced = [order for order in read.orders if order.currency]
    assert len(priced) > 50
    for order in priced:
        theirs = at_shop[order.order_id]
        assert len(order.lines) == len(theirs.lines)
        assert order.total() == Money(theirs.paid, order.currency), order.order_id
        for ours, line in zip(order.lines, theirs.lines, strict=True):
            assert ours.quantity == line.quantity
            assert ours.item_price == Money(seen(theirs.place, line.price, line.tax), order.currency)
    silent = [order for order in read.orders if not order.currency]
    assert silent
    assert all(order.total() is None and order.lines[0].item_price is None for order in silent)
    assert {order.channel for order in read.orders} == {Channel.FBA, Channel.FBM}
    assert any(order.is_multi_channel for order in read.orders)


def test_a_row_becomes_an_order() -> None:
    (order,) = read_orders(report(ROW)).orders
    assert (order.order_id, order.marketplace, order.channel, order.status) == (
        "111-1234567-1234567",
        "US",
        Channel.FBA,
        "Shipped",
    )
    assert order.purchased == datetime(2026, 9, 1, 8, 4, 21, tzinfo=UTC)
    assert order.total() == Money(4318, "USD")
    assert order.lines[0].item_price == Money(3998, "USD")
    assert (order.ship_country, order.ship_region) == ("US", "OR")
    assert order.origin is not None
    assert order.origin.row == 2
    assert not order.prices_include_tax


def test_european_prices_have_the_tax_inside() -> None:
    (order,) = read_orders(report({**ROW, "sales-channel": "Amazon.de", "currency": "EUR"})).orders
    assert order.prices_include_tax
    assert order.total() == Money(3998, "EUR")


def test_identical_rows_are_lines_of_their_own() -> None:
    other = {**ROW, "amazon-order-id": "111-0000000-0000002"}
    read = read_orders(report(ROW, other, ROW))
    assert [len(order.lines) for order in read.orders] == [2, 1]
    assert [line.number for line in read.orders[0].lines] == [1, 2]
    assert read.orders[0].total() == Money(2 * 4318, "USD")


def test_zero_is_a_price_and_blank_is_none() -> None:
    (free,) = read_orders(report({**ROW, "item-price": "0.00", "item-tax": ""})).orders
    assert free.total() == Money(0, "USD")
    (pending,) = read_orders(
        report({**ROW, "order-status": "Pending", "currency": "", "item-price": "", "item-tax": ""})
    ).orders
    assert pending.total() is None
    assert pending.lines[0].item_price is None


def test_columns_are_found_by_name_in_any_order_and_optional_ones_may_lack() -> None:
    needed = [column for column in COLUMNS if column not in ("gift-wrap-tax", "is-business-order", "promotion-ids")]
    columns = ("cpf", *reversed(needed), "tax-collection-model", "something-new")
    row = {**ROW, "cpf": "1", "something-new": "x", "tax-collection-model": "MarketplaceFacilitator"}
    (order,) = read_orders(report(row, columns=columns)).orders
    assert order.total() == Money(4318, "USD")
    assert order.lines[0].tax_collection_model == "MarketplaceFacilitator"


def test_multi_channel_orders_name_the_marketplace_they_are_shipped_in() -> None:
    shops = ["Non-Amazon US", "Non-Amazon UK", "Non-Amazon"]
    rows = [
        {
            **ROW,
            "amazon-order-id": f"S01-{n}",
            "sales-channel": name,
            "currency": "",
            "item-price": "",
            "item-tax": "",
        }
        for n, name in enumerate(shops)
    ]
    read = read_orders(report(*rows))
    assert [order.marketplace for order in read.orders] == ["US", "GB", ""]
    assert all(order.is_multi_channel for order in read.orders)
    assert [finding.code for finding in read.findings] == ["order-marketplace-unknown"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amazon-order-id", ""),
        ("amazon-order-id", "1" * 41),
        ("item-price", "39,98"),
        ("item-price", "39.985"),
        ("item-price", "3.9E1"),
        ("item-tax", "NaN"),
        ("currency", "XXX"),
        ("currency", ""),
        ("quantity", "two"),
        ("quantity", "-1"),
        ("purchase-date", "soon"),
        ("last-updated-date", "03/04/2026"),
    ],
)
def test_a_row_that_cannot_be_read_leaves_its_order_out_whole_and_says_so(column: str, value: str) -> None:
    good = {**ROW, "amazon-order-id": "111-0000000-0000002"}
    read = read_orders(report(good, {**ROW, column: value}))
    assert [order.order_id for order in read.orders] == ["111-0000000-0000002"]
    (finding,) = read.findings
    assert finding.code == "order-row-unreadable"
    assert finding.severity is Severity.BLOCKED
    assert finding.column == (column if (column, value) != ("currency", "") else "item-price")
    assert str(finding.where) == "orders.txt, row 3"


def test_one_bad_row_leaves_out_the_whole_order() -> None:
    good = {**ROW, "amazon-order-id": "111-0000000-0000002"}
    read = read_orders(report(ROW, good, {**ROW, "quantity": "x"}))
    assert [order.order_id for order in read.orders] == ["111-0000000-0000002"]
    assert [str(finding.where) for finding in read.findings] == ["orders.txt, row 4"]


def test_two_currencies_in_one_order_are_refused() -> None:
    read = read_orders(report(ROW, {**ROW, "currency": "CAD"}))
    assert read.orders == ()
    assert "USD and CAD" in read.findings[0].what


def test_the_newest_row_tells_the_status() -> None:
    later = {**ROW, "last-updated-date": "2026-09-04T10:00:00+00:00", "order-status": "Shipped - Picked Up"}
    for rows in ([ROW, later], [later, ROW]):
        (order,) = read_orders(report(*rows)).orders
        assert order.status == "Shipped - Picked Up"
        assert order.updated.day == 4


def test_a_file_that_is_no_order_report_is_said_to_be_none() -> None:
    (finding,) = read_orders(report(ROW, columns=COLUMNS[1:])).findings
    assert (finding.code, finding.column) == ("report-columns-missing", "amazon-order-id")
    (finding,) = read_orders(Document.of("empty.txt", b"")).findings
    assert finding.code == "file-empty"


def test_a_file_that_is_cut_off_is_refused() -> None:
    whole = report(ROW, ROW)
    (finding,) = read_orders(replace(whole, content=whole.content[:-40])).findings
    assert finding.code == "report-cut-off"


def test_many_bad_rows_are_told_in_part_and_counted() -> None:
    rows = [{**ROW, "amazon-order-id": f"111-{n}", "quantity": "x"} for n in range(FINDINGS_MAX + 5)]
    findings = read_orders(report(*rows)).findings
    assert len(findings) == FINDINGS_MAX + 1
    assert findings[-1].what.startswith("5 more rows")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-8-sig", "utf-16"])
def test_names_survive_whatever_the_content_type_says(encoding: str) -> None:
    text = report({**ROW, "product-name": "Tasse, grün, groß"}).content.decode("utf-8")
    document = Document.of("orders.txt", text.encode(encoding), "ISO-8859-1" if encoding == "utf-8" else "UTF-8")
    (order,) = read_orders(document).orders
    assert order.lines[0].title == "Tasse, grün, groß"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("separator", ["\t", ",", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_nothing_of_a_buyer_is_left_in_what_is_kept(encoding: str, separator: str, ending: str) -> None:
    columns = (*COLUMNS, "buyer-name", "cpf")
    row = {**ROW, "buyer-name": "Ann Buyer", "cpf": "123.456", "product-name": "Mug"}
    text = report(row, row, columns=columns).content.decode("utf-8")
    text = text.replace("\t", separator).replace("\n", ending)
    document = Document.of("orders.txt", text.encode(encoding))
    kept = without_buyer_data(document)
    told = kept.content.decode("utf-8")
    for secret in ("PORTLAND", "97201", "PO 7", "Ann", "123.456"):
        assert secret not in told
    before, after = read_orders(document), read_orders(kept)
    assert after.findings == before.findings == ()
    assert [replace(order, origin=None) for order in after.orders] == [
        replace(order, origin=None) for order in before.orders
    ]


def test_a_report_without_personal_columns_is_kept_as_it_came() -> None:
    columns = tuple(column for column in COLUMNS if not is_personal(column))
    document = report(ROW, columns=columns)
    assert without_buyer_data(document) is document
    emptied = without_buyer_data(report(ROW))
    assert without_buyer_data(emptied) == emptied
    assert not is_personal("ship-promotion-discount")


@settings(max_examples=80)
@given(st.data())
def test_a_damaged_report_never_gives_another_amount_without_a_word(data: st.DataObject) -> None:
    whole = report(*({**ROW, "amazon-order-id": f"111-{n}"} for n in range(4)))
    place = data.draw(st.integers(len("\t".join(COLUMNS)) + 1, len(whole.content) - 1))
    cut = data.draw(st.booleans())
    content = whole.content[:place] if cut else whole.content[:place] + b"\x00" + whole.content[place + 1 :]
    read = read_orders(Document.of("orders.txt", content, "UTF-8"))
    if not read.findings:
        assert all(order.total() == Money(4318, "USD") for order in read.orders)
