"""Orders complete from a mark on, each in its newest version, one way or the other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest import mock

import pytest

from tests.amazon.world import AmazonWorld
from tieout.commands import download_orders as module
from tieout.commands.order_findings import cancelled_after_posting
from tieout.commands.order_windows import expected_orders, first_moment, pages_to_try, search_start, windows
from tieout.domain.activity import Activity
from tieout.domain.document import Document
from tieout.domain.order import Channel
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.download_ports import ORDER_REPORT, DownloadState, Source
from tieout.parse.orders import read_orders
from tieout.practice.shop import make_shop
from tieout.rules.order_status import Admits, OrderStatus, decide, read_status

Worlds = Callable[..., AmazonWorld]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def codes(report) -> set[str]:
    return {finding.code for finding in report.findings}


@pytest.fixture
def by_report():
    """All orders by report: the Orders API is not asked first."""
    with mock.patch.object(module, "pages_to_try", return_value=0):
        yield


def test_a_small_seller_is_asked_for_singly_and_at_once(world: AmazonWorld) -> None:
    report = world.orders()
    assert report.complete
    world.check_orders(EPOCH)
    assert world.sent("createReport") == 0
    assert world.sent("/reports/") == 0
    assert world.clock.slept == 0


def test_a_larger_seller_comes_by_report(worlds: Worlds) -> None:
    world = worlds(shop=make_shop(4, orders=2_600, marketplaces=("US",), months=2))
    report = world.orders()
    assert report.complete
    assert world.sent("/reports/2021-06-30/documents") >= 2
    world.check_orders(EPOCH)
    with world.store() as store:
        kept = store.downloads.of_kind(ORDER_REPORT)
    assert {one.state for one in kept} <= {DownloadState.READ, DownloadState.EMPTY}
    assert all((one.end - one.start) <= timedelta(days=30) for one in kept if one.start and one.end)


def test_both_ways_tell_the_same_orders(worlds: Worlds, by_report) -> None:
    one = worlds()
    assert one.orders().complete
    one.check_orders(EPOCH)
    with mock.patch.object(module, "pages_to_try", pages_to_try):
        other = worlds()
        assert other.orders().complete
    with one.store() as reported, other.store() as asked:
        ours = {order.order_id: order for order in reported.orders.all()}
        theirs = {order.order_id: order for order in asked.orders.all()}
    assert set(ours) == set(theirs)
    for order_id, order in ours.items():
        assert (order.total(), order.channel, order.marketplace) == (
            theirs[order_id].total(),
            theirs[order_id].channel,
            theirs[order_id].marketplace,
        )
        assert read_status(order.status) is read_status(theirs[order_id].status)


@pytest.mark.parametrize("way", ["api", "report"])
def test_a_second_press_with_nothing_new_changes_nothing(worlds: Worlds, way: str) -> None:
    world = worlds()
    with mock.patch.object(module, "pages_to_try", pages_to_try if way == "api" else lambda *_: 0):
        world.orders()
    before = world.content()
    report = world.orders()
    assert not report.changed
    assert world.content() == before
    assert world.sent("createReport") <= 2


@pytest.mark.parametrize("way", ["api", "report"])
def test_orders_are_brought_up_to_date_day_by_day(worlds: Worlds, way: str) -> None:
    """From the middle of the month on, with a press every few days: at the end all is as Amazon has it."""
    world = worlds(shop=make_shop(8, orders=200, marketplaces=("US", "UK"), months=1))
    world.clock.at = datetime(2026, 9, 12, 7, tzinfo=UTC)
    with mock.patch.object(module, "pages_to_try", pages_to_try if way == "api" else lambda *_: 0):
        updated = set()
        for _ in range(8):
            report = world.orders()
            assert report.complete
            updated |= set(report.updated)
            world.check_orders(EPOCH)
            world.clock.forward(days=4, hours=7)
        assert updated


def test_the_ways_may_alternate(worlds: Worlds) -> None:
    world = worlds(shop=make_shop(8, orders=200, marketplaces=("US", "UK"), months=1))
    world.clock.at = datetime(2026, 9, 12, 7, tzinfo=UTC)
    for number in range(8):
        with mock.patch.object(module, "pages_to_try", pages_to_try if number % 2 else lambda *_: 0):
            assert world.orders().complete
        world.clock.forward(days=3, hours=5)
    assert world.orders().complete
    world.check_orders(EPOCH)


def test_nothing_of_a_buyer_is_asked_for_or_kept(world: AmazonWorld, by_report) -> None:
    world.orders()
    with mock.patch.object(module, "pages_to_try", pages_to_try):
        world.clock.forward(hours=30)
        world.orders()
    with world.store() as store:
        texts = [store.documents.get(one).content.decode("utf-8") for one in store.documents.hashes()]
        reports = [text for text in texts if text.startswith("amazon-order-id")]
        assert reports
        for text in reports:
            columns = text.splitlines()[0].split("\t")
            for name in ("ship-city", "ship-postal-code", "purchase-order-number"):
                place = columns.index(name)
                assert {line.split("\t")[place] for line in text.splitlines()[1:]} == {""}
        assert not any('"buyer"' in text or '"recipient"' in text for text in texts)


def test_fba_fbm_and_multi_channel_orders_are_told_apart(world: AmazonWorld) -> None:
    world.orders()
    with world.store() as store:
        orders = list(store.orders.all())
    assert {order.channel for order in orders} == {Channel.FBA, Channel.FBM}
    elsewhere = [order for order in orders if order.is_multi_channel]
    assert elsewhere
    assert all(decide(order).admits is not Admits.POST for order in elsewhere)
    assert any(order.total() is not None and not order.total() for order in orders)  # a free replacement is kept


def test_an_unknown_status_is_kept_and_asked_about(worlds: Worlds, by_report) -> None:
    world = worlds(shop=make_shop(11, orders=240, marketplaces=("US",), exceptions=True))
    report = world.orders()
    (finding,) = (one for one in report.findings if one.code == "order-status-unknown")
    assert "Held at Border" in finding.what
    with world.store() as store:
        order = store.orders.get(finding.subject)
    assert order is not None
    assert read_status(order.status) is OrderStatus.UNKNOWN
    assert decide(order).admits is Admits.DOWNLOAD


def test_an_order_cancelled_after_it_was_downloaded_and_posted_is_an_exception(worlds: Worlds) -> None:
    world = worlds(shop=make_shop(8, orders=200, marketplaces=("US",), months=1))
    order = next(one for one in world.amazon.shop.orders() if one.cancelled_s)
    world.clock.at = datetime.fromtimestamp(order.cancelled_s - 60, UTC)
    world.orders()
    posting = Posting(
        PostingKey("9130", "Invoice", order.order_id),
        PostingState.POSTED,
        "c" * 64,
        "r1",
        b"{}",
        subject=order.order_id,
    )
    world.clock.forward(days=1)
    with world.desk() as desk:
        before = desk.orders.get(order.order_id)
        assert before is not None
        assert read_status(before.status) is OrderStatus.PENDING
        with desk.outbox.writer("anna") as writer:
            writer.save([(posting, Activity(world.clock.now(), "anna", "posted", order.order_id))])
        report = module.download_orders(desk)
        assert order.order_id in report.cancelled
        (finding,) = (one for one in report.findings if one.code == "order-cancelled-after-posting")
        assert finding.subject == order.order_id
        assert "Invoice" in finding.what
        assert not report.complete
        assert [one.subject for one in cancelled_after_posting(desk)] == [order.order_id]
        undone = replace(posting, state=PostingState.UNDONE)
        with desk.outbox.writer("anna") as writer:
            writer.save([(undone, Activity(world.clock.now(), "anna", "undone", order.order_id))])
        assert list(cancelled_after_posting(desk)) == []


def test_a_cancelled_report_is_empty_only_if_the_api_says_so(worlds: Worlds, by_report) -> None:
    """A report that was asked for too often is cancelled too: its orders come by the API, and none is lost."""
    from tieout.practice.amazon import report_kinds

    world = worlds(shop=make_shop(8, orders=120, marketplaces=("UK",), months=1))
    kind = report_kinds.KINDS[ORDER_REPORT]
    with mock.patch.dict(report_kinds.KINDS, {ORDER_REPORT: replace(kind, lines=lambda *_: iter(["head\n"]))}):
        report = world.orders()
    assert report.complete
    assert report.new
    world.check_orders(EPOCH)
    with world.store() as store:
        assert {one.state for one in store.downloads.of_kind(ORDER_REPORT)} == {DownloadState.EMPTY}


def test_a_cancelled_report_of_too_many_orders_is_asked_for_again(worlds: Worlds, by_report) -> None:
    from tieout.practice.amazon import report_kinds

    world = worlds(shop=make_shop(8, orders=350, marketplaces=("UK",), months=1))
    kind = report_kinds.KINDS[ORDER_REPORT]
    with (
        mock.patch.dict(report_kinds.KINDS, {ORDER_REPORT: replace(kind, lines=lambda *_: iter(["head\n"]))}),
        mock.patch.object(module, "_PAGES_OF_A_WINDOW", 1),
    ):
        report = world.orders()
    assert "amazon-report-cancelled" in codes(report)
    assert world.orders().complete
    world.check_orders(EPOCH)


def test_a_report_that_fails_says_amazons_reason_and_the_next_press_goes_on(worlds: Worlds, by_report) -> None:
    from tieout.practice.amazon import report_kinds

    world = worlds(shop=make_shop(8, orders=60, marketplaces=("UK",), months=1))
    kind = report_kinds.KINDS[ORDER_REPORT]
    with mock.patch.dict(report_kinds.KINDS, {ORDER_REPORT: replace(kind, window_s=86_400)}):
        report = world.orders()
    (finding,) = {one for one in report.findings if one.code == "amazon-report-failed"}
    assert "longer than 30 days" in finding.what
    assert world.orders().complete
    world.check_orders(EPOCH)


def test_a_slow_report_is_remembered_and_not_asked_for_twice(worlds: Worlds, by_report) -> None:
    from tieout.practice.amazon import reports

    world = worlds(shop=make_shop(8, orders=60, marketplaces=("UK",), months=1))
    with mock.patch.object(reports, "MADE_IN_S", 10 * 3600):
        first = world.orders()
        asked = world.sent("/reports/2021-06-30/reports")
        assert "amazon-report-slow" in codes(first)
        assert not first.complete
    world.orders()
    created = sum(method == "POST" and "reports" in path for method, path, _ in world.amazon.requests)
    assert created == 4 + 1  # and the hour that has passed since
    assert asked
    world.check_orders(EPOCH)


def test_a_report_that_amazon_forgot_is_asked_for_anew(worlds: Worlds, by_report) -> None:
    world = worlds(shop=make_shop(8, orders=60, marketplaces=("UK",), months=1))
    with world.desk() as desk:
        with (
            mock.patch.object(module._Region, "_collect", side_effect=KeyboardInterrupt),
            pytest.raises(KeyboardInterrupt),
        ):
            module.download_orders(desk)
        asked = desk.downloads.of_kind(ORDER_REPORT)
        assert {one.state for one in asked} == {DownloadState.ASKED}
        for one in asked:
            desk.downloads.forget(one)
            desk.downloads.save(replace(one, report_id=f"gone-{one.report_id}"))
    report = world.orders()
    assert "amazon-report-gone" in codes(report)
    assert report.complete
    world.check_orders(EPOCH)


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
@pytest.mark.parametrize("way", ["api", "report"])
def test_a_wrong_clock_loses_nothing(worlds: Worlds, way: str, days: int) -> None:
    world = worlds(shop=make_shop(8, orders=80, marketplaces=("UK",), months=1))
    world.clock.at = datetime(2026, 9, 20, tzinfo=UTC)
    with mock.patch.object(module, "pages_to_try", pages_to_try if way == "api" else lambda *_: 0):
        world.clock.ahead = timedelta(days=days)
        assert world.orders().complete
        world.check_orders(EPOCH)
        world.clock.forward(days=3)
        world.clock.ahead = timedelta()
        assert world.orders().complete
        world.check_orders(EPOCH)
        world.clock.forward(days=3)
        world.clock.ahead = timedelta(days=-days)
        assert world.orders().complete
        world.check_orders(EPOCH)


def test_windows_cover_the_time_without_a_gap() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    made = list(windows(now - timedelta(days=120), now))
    assert [one.end - one.start for one in made] == [timedelta(days=30)] * 4
    assert made[0].start == now - timedelta(days=120)
    assert made[-1].end == now
    assert all(before.end == after.start for before, after in pairwise(made))
    assert list(windows(now, now)) == []
    assert len(list(windows(now - timedelta(days=30, seconds=1), now))) == 2


def test_where_orders_begin() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert first_moment(None, None, now) == now - timedelta(days=120)
    assert first_moment(None, now - timedelta(days=10), now) == now - timedelta(days=10)
    assert first_moment(None, now - timedelta(days=9_999), now) == now - timedelta(days=730)
    assert first_moment(now, None, now) == now - timedelta(days=1)
    assert search_start(now, None, now) == now - timedelta(hours=1)
    assert search_start(None, None, now) == now - timedelta(days=120)


@pytest.mark.parametrize(
    ("expected", "free", "pages"),
    [(0, 20, 10), (1_000, 20, 10), (1_001, 20, 0), (100, 4, 2), (300, 4, 0), (0, 2, 0), (0, 0, 0)],
)
def test_the_api_is_asked_for_what_fits_into_its_burst(expected: int, free: int, pages: int) -> None:
    assert pages_to_try(expected, free) == pages


def test_how_many_orders_to_expect() -> None:
    assert expected_orders(300, timedelta(days=30), timedelta(days=1)) == 10
    assert expected_orders(0, timedelta(days=30), timedelta(days=99)) == 0


def test_the_report_knows_more_of_an_order_than_the_api(world: AmazonWorld, by_report) -> None:
    with mock.patch.object(module, "pages_to_try", pages_to_try):
        world.orders()
    with world.store() as store:
        assert {order.ship_country for order in store.orders.all()} == {""}
    text = "".join(world.amazon.shop.all_orders_report("GB"))
    with world.store() as store:
        read = read_orders(Document.of("o", text.encode()))
        saved = store.orders.save(read.orders, Source.REPORT)
        assert saved.new == saved.updated == ()
        assert {order.ship_country for order in store.orders.all(marketplace="GB")} == {"GB"}
