"""Whatever dies, lags, repeats or fills up: nothing is lost, nothing is there twice, the next press finishes."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest

from tests.amazon.world import AmazonWorld, amazon_world
from tests.faults.world import Effects, Killed
from tieout.commands import download_orders as orders_module
from tieout.commands.download_desk import DownloadReport
from tieout.commands.download_finances import download_deferred, download_vat
from tieout.commands.download_listings import download_listings
from tieout.commands.download_orders import download_orders
from tieout.commands.download_settlements import download_settlements
from tieout.download_ports import (
    LISTING_REPORT,
    ORDER_REPORT,
    SETTLEMENT_REPORT,
    VAT_REPORT,
    Download,
    DownloadState,
)
from tieout.practice.amazon.faults import FAULTS
from tieout.practice.shop import Shop, make_shop
from tieout.store.company_store import CompanyStore

Worlds = Callable[..., AmazonWorld]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def small() -> Shop:
    """A seller with few documents: three settlements, a handful of order windows."""
    return make_shop(6, orders=30, marketplaces=("UK",))


def by_report() -> mock._patch:
    return mock.patch.object(orders_module, "pages_to_try", return_value=0)


def everything(desk) -> list[DownloadReport]:
    """All that can be downloaded, in the order of the buttons."""
    with by_report():
        reports = [download_settlements(desk), download_orders(desk)]
    return [*reports, download_listings(desk), download_deferred(desk), download_vat(desk)]


def check(world: AmazonWorld) -> None:
    """All is there, once; a further press changes nothing at all."""
    world.check_settlements()
    world.check_orders(EPOCH)
    with world.store() as store:
        at_shop = {one.product.sku for one in world.amazon.shop.listings("GB")}
        assert {one.seller_sku for one in store.listings.all()} == at_shop
        states = {one.state for kind in (ORDER_REPORT, LISTING_REPORT) for one in store.downloads.of_kind(kind)}
        assert states <= {DownloadState.READ, DownloadState.EMPTY}
        deferred = store.deferred.all()
        assert len({one.transaction_id for one in deferred}) == len(deferred) > 0
    before = _comparable(world)
    with world.desk() as desk:
        again = [download_settlements(desk), download_listings(desk), download_deferred(desk), download_vat(desk)]
    assert not any(report.changed for report in again)
    assert _comparable(world) == before


def _comparable(world: AmazonWorld) -> object:
    return world.content()


BUTTONS: dict[str, Callable[..., object]] = {
    "settlements": download_settlements,
    # Two windows, one of them with orders and one without: all that more of them would meet.
    "orders": partial(download_orders, since=datetime(2026, 8, 1, tzinfo=UTC)),
    "listings": download_listings,
    "deferred": download_deferred,
    "vat": download_vat,
}


def stopped(world: AmazonWorld, button: str, number: int) -> bool:
    """Press a button and stop dead just before an effect; whether there was one of that number.

    Just before one effect is just after the one before it: between the two nothing leaves the process.
    """
    try:
        with by_report():
            world.press(BUTTONS[button], Effects(kill_at=number))  # type: ignore[arg-type]
    except Killed:
        return True
    return False


@pytest.mark.parametrize("button", BUTTONS)
def test_killed_at_any_effect_the_next_press_finishes(tmp_path: Path, small: Shop, button: str) -> None:
    """Every request sent, every answer received, every commit: stopped there, in a fresh company each time."""
    with amazon_world(tmp_path / "template", small) as world:
        with world.store():
            pass
        number, shapes = 1, set()
        while True:
            folder = tmp_path / f"{button}-{number}"
            shutil.copytree(world.folder, folder)
            company = replace(world, folder=folder)
            if not stopped(company, button, number):
                break
            with by_report():
                company.press(BUTTONS[button])  # type: ignore[arg-type]
            with company.desk() as desk:
                shapes.add(_shape(company))
                assert not BUTTONS[button](desk).changed  # type: ignore[attr-defined]
            number += 1
        assert number > 8
        if button == "settlements":
            company.check_settlements()
        if button == "orders":
            company.check_orders(EPOCH)
        # Wherever it was stopped, the same is there in the end.
        assert len(shapes) == 1, shapes


def _shape(world: AmazonWorld) -> tuple[object, ...]:
    """What a company holds, without the names of reports and the moments at which it was written."""
    with world.store() as store:
        orders = [(one.order_id, one.status, one.updated, one.total()) for one in store.orders.all()]
        states = sorted((one.kind, one.state, one.subject) for one in _downloads(store) if one.subject)
        return (
            tuple(one.settlement_id for one in store.settlements.all()),
            tuple(orders),
            tuple(store.listings.all()),
            tuple(store.listings.stock()),
            tuple(store.deferred.all()),
            tuple(states),
            store.activity.first_break(),
        )


def _downloads(store: CompanyStore) -> list[Download]:
    kinds = (SETTLEMENT_REPORT, ORDER_REPORT, LISTING_REPORT, VAT_REPORT)
    return [one for kind in kinds for one in store.downloads.of_kind(kind)]


@pytest.mark.parametrize("seed", range(3))
def test_killed_again_and_again(tmp_path: Path, small: Shop, seed: int) -> None:
    """One company whose presses hardly ever come to their end."""
    dice = Random(seed)
    with amazon_world(tmp_path / "world", small) as world:
        for _ in range(12):
            stopped(world, dice.choice(list(BUTTONS)), dice.randint(1, 30))
        world.press(everything)  # type: ignore[arg-type]
        check(world)


WEATHER = [
    "throttle",
    "empty429",
    "error5xx",
    "html503",
    "reset",
    "timeout_before",
    "timeout_after",
    "slow",
    "truncate_gzip",
    "wrong_charset",
    "repeat_page",
    "expire_token",
    "expire_url",
]


def test_every_fault_of_practice_amazon_is_in_the_weather() -> None:
    assert set(WEATHER) == set(FAULTS)


@pytest.mark.parametrize("do", WEATHER)
def test_one_fault_of_each_kind_at_each_operation(worlds: Worlds, small: Shop, do: str) -> None:
    """Every operation's first and fourth request goes wrong: a press or two later, all is there."""
    operations = (
        *("token", "download", "getReports", "createReport", "getReport", "getReportDocument"),
        *("searchOrders", "listTransactions", "getInventorySummaries"),
    )
    schedule = [
        {"match": {"op": operation, "nth": nth, "times": 1}, "do": do, "seconds": 0}
        for operation in operations
        for nth in (1, 4)
    ]
    world = worlds(shop=small, faults=schedule)
    for _ in range(3):
        world.press(everything)  # type: ignore[arg-type]
    assert all(report.complete for report in world.press(everything))  # type: ignore[arg-type,union-attr]
    check(world)


@pytest.mark.parametrize("seed", range(4))
def test_storms(worlds: Worlds, small: Shop, seed: int) -> None:
    """Faults of all kinds at random, many of them longer than a press is patient: in the end all is there."""
    dice = Random(seed)
    schedule = [
        {
            "match": {"nth": dice.randint(1, 60), "times": dice.choice((1, 2, 5, 12))},
            "do": dice.choice([one for one in WEATHER if one != "repeat_page"]),
            "seconds": 0,
        }
        for _ in range(14)
    ]
    world = worlds(shop=small, faults=schedule)
    for _ in range(12):
        world.press(everything)  # type: ignore[arg-type]
    check(world)


def test_a_storm_of_429_with_published_limits_ends(worlds: Worlds, small: Shop) -> None:
    schedule = [{"match": {"nth": nth, "times": 6}, "do": "empty429"} for nth in (2, 15, 40)]
    world = worlds(shop=small, limits=True, faults=schedule)
    for _ in range(2):
        world.press(everything)  # type: ignore[arg-type]
    check(world)


def test_a_token_that_expires_in_the_middle_of_paging(worlds: Worlds) -> None:
    many = make_shop(9, orders=700, marketplaces=("US",))
    world = worlds(
        shop=many,
        faults=[{"match": {"op": "searchOrders", "nth": nth, "times": 1}, "do": "expire_token"} for nth in (3, 5)],
    )
    report = world.orders()
    assert report.complete
    assert world.sent("/reports/") == 0
    world.check_orders(EPOCH)


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(hours=-3), timedelta(days=900), timedelta(days=-900)])
def test_a_clock_that_jumps_between_any_two_requests(worlds: Worlds, small: Shop, jump: timedelta) -> None:
    """The clock of the user's machine: tokens, usage plans, windows and high-water marks go on by Amazon's."""
    for nth in (1, 2, 5, 9, 14):
        world = worlds(shop=small, limits=True)
        serve, sent = world.amazon.serve, 0

        def jumping(*asked: Any, world: AmazonWorld = world, serve: Any = serve, nth: int = nth) -> Any:
            nonlocal sent
            sent += 1
            if sent == nth:
                world.clock.ahead += jump
            return serve(*asked)

        with mock.patch.object(world.amazon, "serve", jumping):
            sent = 0
            world.press(everything)  # type: ignore[arg-type]
        assert sent >= nth
        world.press(everything)  # type: ignore[arg-type]
        check(world)


def test_a_page_of_orders_that_repeats_is_read_once(worlds: Worlds) -> None:
    many = make_shop(9, orders=700, marketplaces=("US",))
    world = worlds(shop=many, faults=[{"match": {"op": "searchOrders", "nth": 3, "times": 2}, "do": "repeat_page"}])
    report = world.orders()
    assert report.complete
    assert len(report.new) == len(set(report.new))
    world.check_orders(EPOCH)


class _Disk:
    """A disk that is full: whatever is committed after so many commits is refused."""

    def __init__(self, commits: int) -> None:
        self.left = commits

    @contextmanager
    def of(self, world: AmazonWorld) -> Iterator[None]:
        import sqlite3

        from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Dialect

        commit = Dialect.do_commit
        disk = self

        def full(self: Dialect, connection: object) -> None:
            disk.left -= 1
            if disk.left < 0:
                raise sqlite3.OperationalError("database or disk is full")
            commit(self, connection)  # type: ignore[arg-type]

        with mock.patch.object(Dialect, "do_commit", full):
            yield


@pytest.mark.parametrize("commits", [1, 2, 3, 5, 8, 13, 21, 34])
def test_a_full_disk_is_said_and_the_next_press_finishes(worlds: Worlds, small: Shop, commits: int) -> None:
    world = worlds(shop=small)
    with world.store():
        pass
    with _Disk(commits).of(world):
        reports = world.press(everything)
    said = {finding.code for report in reports for finding in report.findings}  # type: ignore[union-attr]
    assert "store-unwritable" in said
    world.press(everything)  # type: ignore[arg-type]
    check(world)


def test_two_processes_at_once(worlds: Worlds, small: Shop) -> None:
    world = worlds(shop=small, sockets=True)
    with world.store():
        pass
    problems: list[BaseException] = []

    def press() -> None:
        try:
            for _ in range(2):
                world.settlements()
                world.orders()
                world.press(download_listings)
                world.press(download_deferred)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=press) for _ in range(3)]
    with by_report():  # once for all of them: patches of several threads would not undo each other
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []
    world.press(everything)  # type: ignore[arg-type]
    check(world)
