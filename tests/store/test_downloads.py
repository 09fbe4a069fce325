"""What was downloaded: orders in their versions, listings whole, deferred money, downloads and their marks."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.world import TestClock
from tieout.domain.finance import Deferral, DeferredTransaction
from tieout.domain.finding import Finding
from tieout.domain.listing import Listing, Stock
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine
from tieout.domain.origin import Origin
from tieout.download_ports import Download, DownloadState, SavedOrders, SavedRecords, Source
from tieout.store import upgrade
from tieout.store.company_store import CompanyStore, open_store
from tieout.store.database import Database
from tieout.store.migrations.versions import v0001_first_tables
from tieout.store.order_record import content_hash, order_of, order_text
from tieout.store.schema import HEAD_REVISION

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
SHA = "a" * 64


def usd(minor: int) -> Money:
    return Money(minor, "USD")


LINE = OrderLine(1, "SKU-1", "B00", "Mug", 2, "Shipped", item_price=usd(3998), item_tax=usd(320))
ORDER = Order(
    order_id="111-1",
    merchant_order_id="M1",
    marketplace="US",
    sales_channel="Amazon.com",
    channel=Channel.FBA,
    channel_told="Amazon",
    status="Shipped",
    purchased=NOON,
    updated=NOON,
    currency="USD",
    lines=(LINE, replace(LINE, number=2)),
    ship_country="US",
    ship_region="WA",
    origin=Origin("orders.txt", SHA, 2),
)


def later(order: Order, hours: int = 1, **changes: object) -> Order:
    return replace(order, updated=order.updated + timedelta(hours=hours), **changes)  # type: ignore[arg-type]


def test_an_order_comes_back_as_it_was(store: CompanyStore) -> None:
    assert store.orders.save([ORDER], Source.REPORT) == SavedOrders(new=("111-1",))
    found = store.orders.get("111-1")
    assert found is not None
    assert replace(found, origin=None) == replace(ORDER, origin=None)
    assert (found.origin.sha256, found.origin.row) == (SHA, 2) if found.origin else False
    assert store.orders.get("111-2") is None


def test_saving_the_same_again_changes_nothing(store: CompanyStore) -> None:
    store.orders.save([ORDER], Source.REPORT)
    before = _rows(store)
    assert store.orders.save([ORDER, ORDER], Source.REPORT) == SavedOrders(unchanged=1)
    assert store.orders.save([ORDER], Source.API) == SavedOrders(unchanged=1)
    assert store.orders.save([], Source.API) == SavedOrders()
    assert _rows(store) == before


def test_a_newer_version_replaces_an_older_one_and_never_the_other_way(store: CompanyStore) -> None:
    shipped = later(ORDER)
    unshipped = replace(ORDER, status="Unshipped")
    assert store.orders.save([shipped], Source.REPORT).new == ("111-1",)
    assert store.orders.save([unshipped], Source.REPORT) == SavedOrders(unchanged=1)
    found = store.orders.get("111-1")
    assert found is not None
    assert found.status == "Shipped"
    assert store.orders.save([later(shipped, status="Shipped - Picked Up")], Source.REPORT).updated == ("111-1",)


def test_what_becomes_cancelled_is_told_once(store: CompanyStore) -> None:
    store.orders.save([ORDER], Source.REPORT)
    gone = later(ORDER, status="CANCELLED", currency="", lines=(replace(LINE, item_price=None, item_tax=None),))
    assert store.orders.save([gone], Source.API).cancelled == ("111-1",)
    assert store.orders.save([gone], Source.API).cancelled == ()
    assert store.orders.save([later(gone)], Source.API).cancelled == ()


def test_the_report_tells_a_version_better_than_the_api(store: CompanyStore) -> None:
    poor = replace(ORDER, ship_country="", ship_region="", origin=None)
    store.orders.save([poor], Source.API)
    assert store.orders.save([ORDER], Source.REPORT) == SavedOrders(unchanged=1)
    found = store.orders.get("111-1")
    assert found is not None
    assert found.ship_country == "US"
    assert store.orders.save([later(poor, status="Shipped - Picked Up")], Source.API).updated == ("111-1",)
    found = store.orders.get("111-1")
    assert found is not None
    assert (found.status, found.ship_country, found.ship_region) == ("Shipped - Picked Up", "US", "WA")


def test_the_ship_time_that_only_the_api_tells_is_kept(store: CompanyStore) -> None:
    shipped = NOON + timedelta(days=1)
    from_api = replace(ORDER, ship_country="", ship_region="", shipped=shipped)
    store.orders.save([ORDER], Source.REPORT)
    saved = store.orders.save([from_api], Source.API)
    assert saved.updated == ("111-1",)
    found = store.orders.get("111-1")
    assert found is not None
    assert (found.shipped, found.ship_country) == (shipped, "US")
    assert store.orders.save([from_api], Source.API).unchanged == 1
    assert store.orders.save([ORDER], Source.REPORT).unchanged == 1
    store.orders.save([later(ORDER, status="Shipped - Picked Up")], Source.REPORT)
    found = store.orders.get("111-1")
    assert found is not None
    assert (found.shipped, found.status) == (shipped, "Shipped - Picked Up")


def test_a_report_after_the_api_keeps_the_ship_time(store: CompanyStore) -> None:
    shipped = NOON + timedelta(days=1)
    store.orders.save([replace(ORDER, ship_country="", ship_region="", shipped=shipped)], Source.API)
    store.orders.save([ORDER], Source.REPORT)
    found = store.orders.get("111-1")
    assert found is not None
    assert (found.shipped, found.ship_country) == (shipped, "US")
    assert order_of(order_text(found)).shipped == shipped


def test_when_a_version_was_taken_in_is_known(store: CompanyStore) -> None:
    store.orders.save([ORDER, replace(ORDER, order_id="111-2")], Source.REPORT)
    before = store.orders.taken_since(datetime(2000, 1, 1, tzinfo=UTC))
    assert set(before) == {"111-1", "111-2"}
    store.orders.save([later(ORDER), replace(ORDER, order_id="111-2")], Source.REPORT)
    after = store.orders.taken_since(min(before.values()))
    assert after["111-2"] == before["111-2"]
    assert after["111-1"] >= before["111-1"]
    assert all(moment.tzinfo is not None for moment in after.values())
    assert store.orders.taken_since(max(after.values()) + timedelta(seconds=1)) == {}


def test_two_versions_in_one_save_leave_the_newer(store: CompanyStore) -> None:
    saved = store.orders.save([ORDER, later(ORDER, status="Shipped - Damaged"), ORDER], Source.REPORT)
    assert saved == SavedOrders(new=("111-1",))
    found = store.orders.get("111-1")
    assert found is not None
    assert found.status == "Shipped - Damaged"


def test_orders_are_found_by_marketplace_status_and_time(store: CompanyStore) -> None:
    orders = [
        ORDER,
        replace(ORDER, order_id="111-2", status="Unshipped", purchased=NOON - timedelta(days=1)),
        replace(ORDER, order_id="202-1", marketplace="GB", updated=NOON - timedelta(days=9)),
    ]
    store.orders.save(orders, Source.FILE)
    assert [order.order_id for order in store.orders.all()] == ["111-2", "111-1", "202-1"]
    assert [order.order_id for order in store.orders.all(marketplace="GB")] == ["202-1"]
    assert [order.order_id for order in store.orders.with_status(["Unshipped"])] == ["111-2"]
    assert store.orders.statuses() == {"Shipped": 2, "Unshipped": 1}
    assert store.orders.updated_since(NOON - timedelta(days=1), ("US", "GB")) == 2


def test_more_orders_than_a_statement_takes_parameters(store: CompanyStore) -> None:
    orders = [replace(ORDER, order_id=f"111-{number}") for number in range(1_234)]
    assert len(store.orders.save(orders, Source.REPORT).new) == 1_234
    assert len(store.orders.save([later(order) for order in orders], Source.REPORT).updated) == 1_234
    assert sum(1 for _ in store.orders.all()) == 1_234


amounts = st.one_of(st.none(), st.integers(-(10**9), 10**9).map(usd))
lines = st.builds(
    OrderLine,
    number=st.just(1),
    seller_sku=st.text(max_size=8),
    asin=st.text(max_size=4),
    title=st.text(max_size=8),
    quantity=st.integers(0, 99),
    status=st.text(max_size=8),
    item_price=amounts,
    shipping_tax=amounts,
    item_promotion=amounts,
    other_charges=amounts,
)


@settings(max_examples=60)
@given(st.lists(lines, max_size=3), st.booleans(), st.text(max_size=5))
def test_text_and_order_are_one(told: list[OrderLine], flag: bool, region: str) -> None:
    numbered = tuple(replace(line, number=number) for number, line in enumerate(told, 1))
    order = replace(ORDER, lines=numbered, prices_include_tax=flag, ship_region=region, origin=None)
    text = order_text(order)
    assert order_of(text) == order
    assert order_text(order_of(text)) == text
    assert content_hash(text) != content_hash(order_text(replace(order, status="Unshipped")))


LISTING = Listing("US", "SKU-1", "B00", "L1", "Mug", usd(1999), 4, Channel.FBM, "DEFAULT", "Active", "11")
STOCK = Stock("US", "SKU-2", "X00", "B01", "NewItem", 5, 1, 0, 0, 2, 8)


def test_listings_of_a_marketplace_are_replaced_whole(store: CompanyStore) -> None:
    fba = replace(LISTING, seller_sku="SKU-2", quantity=None, price=None, channel=Channel.FBA)
    listings = store.listings
    assert listings.replace("S1", "US", [LISTING, fba]) == SavedRecords(new=("US SKU-1", "US SKU-2"))
    assert listings.replace("S1", "US", [LISTING, fba]) == SavedRecords(unchanged=2)
    assert listings.replace("S1", "GB", [replace(LISTING, marketplace="GB")]) == SavedRecords(new=("GB SKU-1",))
    assert listings.all(marketplace="US") == (LISTING, fba)
    moved = replace(LISTING, origin=Origin("x", SHA, 3))
    assert listings.replace("S1", "US", [moved, fba]) == SavedRecords(unchanged=2)
    dearer = replace(LISTING, price=usd(2999))
    assert listings.replace("S1", "US", [dearer]) == SavedRecords(updated=("US SKU-1",), gone=("US SKU-2",))
    assert listings.replace("S1", "US", [dearer]).changes == 0
    assert [each.seller_sku for each in listings.all()] == ["SKU-1", "SKU-1"]


def test_stock_is_replaced_whole(store: CompanyStore) -> None:
    assert store.listings.replace_stock("S1", "US", [STOCK]) == SavedRecords(new=("US SKU-2",))
    assert store.listings.replace_stock("S1", "US", [replace(STOCK, total=9)]) == SavedRecords(updated=("US SKU-2",))
    assert store.listings.stock(marketplace="US") == (replace(STOCK, total=9),)
    assert store.listings.replace_stock("S1", "US", []) == SavedRecords(gone=("US SKU-2",))
    assert store.listings.stock() == ()


def test_deferred_money_is_released_and_stays_so(store: CompanyStore) -> None:
    held = DeferredTransaction(
        "T1", "Shipment", Deferral.DEFERRED, "US", "111-1", NOON, NOON + timedelta(days=7), usd(1050), "DD7"
    )
    released = replace(held, deferral=Deferral.RELEASED, released_by="T2")
    assert store.deferred.save([held]) == SavedRecords(new=("T1",))
    assert store.deferred.save([held]) == SavedRecords(unchanged=1)
    assert store.deferred.save([released]) == SavedRecords(updated=("T1",))
    assert store.deferred.save([held]) == SavedRecords(unchanged=1)
    assert store.deferred.all() == (released,)


def test_downloads_and_marks(store: CompanyStore) -> None:
    asked = Download("S1", "501", "ORDERS", "EU", DownloadState.ASKED, ("A", "B"), NOON, NOON + timedelta(days=1))
    store.downloads.save(asked)
    assert store.downloads.get("S1", "501") == asked
    assert store.downloads.known("S1", "ORDERS") == frozenset()
    read = replace(asked, state=DownloadState.READ, document_sha256=SHA)
    store.downloads.save(read)
    assert store.downloads.of_kind("ORDERS") == (read,)
    assert store.downloads.of_kind("ORDERS", "S2") == ()
    assert store.downloads.known("S1", "ORDERS") == {"501"}
    assert store.downloads.mark("S1", "EU", "ORDERS") is None
    store.downloads.move_mark("S1", "EU", "ORDERS", NOON)
    store.downloads.move_mark("S1", "EU", "ORDERS", NOON - timedelta(days=3))
    assert store.downloads.mark("S1", "EU", "ORDERS") == NOON
    store.downloads.move_mark("S1", "EU", "ORDERS", NOON + timedelta(days=3))
    assert store.downloads.mark("S1", "EU", "ORDERS") == NOON + timedelta(days=3)


def test_a_store_of_the_first_version_is_copied_and_keeps_what_it_held(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    path = tmp_path / "books.sqlite3"
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    database = Database(path)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, v0001_first_tables.revision)
        connection.exec_driver_sql("INSERT INTO settings VALUES ('country', 'GB', '')")
    database.close()
    opened = open_store(path, TestClock())
    assert not isinstance(opened, Finding)
    with opened:
        assert opened.settings.get("country") == "GB"
        assert opened.orders.save([ORDER], Source.REPORT).new == ("111-1",)
    with closing(sqlite3.connect(path.with_name(f"books.sqlite3.before-{HEAD_REVISION}"))) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def _rows(store: CompanyStore) -> list[tuple[object, ...]]:
    with store.database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM orders ORDER BY order_id")]
