"""A company with a practice Amazon and a store on disk, in which a download can be stopped dead at any effect.

Effects are every commit of the store, every request sent and every answer received. A stop raises `Killed` (a
BaseException that nothing catches); after that nothing has an effect any more.
"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from sqlalchemy import event
from urllib3 import HTTPResponse

from tests.faults.world import Effects, Killed
from tieout.amazon.connection import AmazonConnection
from tieout.amazon.opening import open_amazon
from tieout.commands.companies import read_practice_connection
from tieout.commands.download_desk import DownloadDesk, DownloadReport
from tieout.commands.download_orders import download_orders
from tieout.commands.download_settlements import download_settlements
from tieout.domain.company import AmazonAddress, Company
from tieout.domain.finding import Finding
from tieout.practice.amazon import PracticeAmazon
from tieout.practice.shop import Shop
from tieout.secrets import PracticeVault
from tieout.store.company_store import CompanyStore, open_store

WHO = "anna"
LAG_SECONDS = 300


class MovingClock:
    """A clock on which waiting costs nothing; client and practice server share it. `ahead` is the client's error."""

    def __init__(self, start: datetime) -> None:
        self.at = start
        self.ahead = timedelta()
        self.slept = 0

    def server(self) -> datetime:
        """The time at Amazon."""
        self.at += timedelta(milliseconds=1)
        return self.at

    def now(self) -> datetime:
        """The time on the user's machine."""
        return self.server() + self.ahead

    def sleep(self, seconds: int) -> None:
        """Wait."""
        self.at += timedelta(seconds=seconds)
        self.slept += seconds

    def sleep_milliseconds(self, milliseconds: int) -> None:
        """Wait a little."""
        self.at += timedelta(milliseconds=milliseconds)

    def forward(self, **span: int) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


class _InProcess(BaseAdapter):
    """Hands requests to practice Amazon without a socket between: the same answers, many times as quickly."""

    def __init__(self, amazon: PracticeAmazon) -> None:
        super().__init__()
        self._amazon = amazon

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        headers = {name.lower(): value for name, value in request.headers.items()}
        parts = urlsplit(request.url or "")
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        served = self._amazon.serve(request.method or "GET", target, headers, body)
        if served.reset or served.drop:
            raise requests.ConnectionError("the line broke")
        response = requests.Response()
        response.status_code = served.answer.status
        response.url, response.request = request.url or "", request
        response.headers.update(served.answer.headers)
        response.headers["Content-Type"] = served.answer.content_type
        response.headers["Date"] = format_datetime(self._amazon.now(), usegmt=True)
        response.raw = HTTPResponse(
            io.BytesIO(served.data), response.headers, response.status_code, preload_content=False
        )
        return response

    def close(self) -> None:
        """Nothing is open."""


class _Killing(BaseAdapter):
    """Sends requests through another adapter, each sending and each receiving being an effect."""

    def __init__(self, inner: BaseAdapter, effects: Effects) -> None:
        super().__init__()
        self._inner, self._effects = inner, effects

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        path = (request.url or "").split("?")[0].rsplit("/", 1)[-1]
        answer: list[requests.Response] = []
        try:
            self._effects.around(f"send {path}", lambda: answer.append(self._inner.send(request, **options)))
            self._effects.around(f"receive {path}", lambda: None)
        except Killed:
            for response in answer:
                response.close()
            raise
        return answer[0]

    def close(self) -> None:
        """Close what is behind."""
        self._inner.close()


@dataclass
class AmazonWorld:
    """The company, its practice Amazon, and its folder on disk."""

    folder: Path
    amazon: PracticeAmazon
    clock: MovingClock
    address: AmazonAddress
    sockets: bool = False
    limits: bool = False

    @property
    def company(self) -> Company:
        return Company("acme", "Acme", "US", "USD", practice=True, amazon=self.address)

    @contextmanager
    def store(self) -> Iterator[CompanyStore]:
        """The company's store, opened."""
        opened = open_store(self.folder / "books.sqlite3", self.clock)
        assert not isinstance(opened, Finding), opened
        with opened:
            yield opened

    @contextmanager
    def connections(self, effects: Effects | None = None) -> Iterator[tuple[AmazonConnection, ...]]:
        """The seller's connections, one a region, as a process of a user has them."""
        http = requests.Session()
        line: BaseAdapter = HTTPAdapter() if self.sockets else _InProcess(self.amazon)
        http.mount("http://", line if effects is None else _Killing(line, effects))
        vault = PracticeVault(self.folder, self.clock)
        opened = open_amazon(
            self.address,
            vault,
            "amazon",
            clock=self.clock,
            limits=self.folder / "amazon-limits.json" if self.sockets or self.limits else None,
            http=http,
            dice=Random(1),
        )
        try:
            yield opened
        finally:
            opened[0].close()

    @contextmanager
    def desk(self, effects: Effects | None = None) -> Iterator[DownloadDesk]:
        """A process that has everything open; `effects` may kill it."""
        with self.store() as store, self.connections(effects) as connections:
            _unsynchronised(store)
            if effects is not None:
                commit = store.database.engine.dialect.do_commit
                store.database.engine.dialect.do_commit = lambda connection: effects.around(  # type: ignore[method-assign]
                    "commit", lambda: commit(connection)
                )
            yield DownloadDesk(
                company=self.company,
                sellers=(connections,),
                documents=store.documents,
                settlements=store.settlements,
                orders=store.orders,
                listings=store.listings,
                deferred=store.deferred,
                downloads=store.downloads,
                outbox=store.outbox,
                activity=store.activity,
                clock=self.clock,
                who=WHO,
            )

    def press(
        self, download: Callable[[DownloadDesk], DownloadReport], effects: Effects | None = None
    ) -> DownloadReport:
        """Press a button in a process of its own."""
        with self.desk(effects) as desk:
            return download(desk)

    def settlements(self, effects: Effects | None = None) -> DownloadReport:
        """Press "Download settlements"."""
        return self.press(download_settlements, effects)

    def orders(self, effects: Effects | None = None) -> DownloadReport:
        """Press "Download orders"."""
        return self.press(download_orders, effects)

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the store holds, table by table, without the moments at which it was written."""
        with self.store() as store, store.database.reading() as connection:
            names = [
                row[0]
                for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
                if not row[0].startswith(("sqlite_", "alembic"))
            ]
            return {
                name: sorted(
                    (tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')),
                    key=repr,
                )
                for name in names
            }

    def sent(self, operation: str) -> int:
        """How many requests of a kind the practice Amazon met, by a part of their path."""
        return sum(operation in path for _, path, _ in self.amazon.requests)

    def check_settlements(self) -> None:
        """Every settlement that Amazon lists is known once, and its document is what Amazon has."""
        listed = {one.settlement_id: one for one in self.amazon.shop.settlements_at(self.clock.at)}
        with self.store() as store:
            known = store.settlements.all()
            assert {one.settlement_id for one in known} == set(listed)
            assert len(known) == len(listed)
            for one in known:
                document = store.documents.get(one.document_sha256)
                assert document is not None
                assert document.content == listed[one.settlement_id].flat_file_v2()
                assert one.total.minor == listed[one.settlement_id].total_minor
            assert store.activity.first_break() is None

    def check_orders(self, since: datetime) -> None:
        """Every order changed since a moment is stored once, as it stands at Amazon now.

        What changed in the last minutes is told by nobody yet (searchOrders ends two minutes ago).
        """
        now = int(self.clock.at.timestamp())
        expected = {
            order.order_id: order
            for order in self.amazon.shop.orders()
            if order.purchased_s <= now and since.timestamp() <= order.last_updated_s(now) < now - LAG_SECONDS
        }
        with self.store() as store:
            stored = {order.order_id: order for order in store.orders.all()}
            assert set(expected) <= set(stored)
            for order_id, order in expected.items():
                ours = stored[order_id]
                assert ours.updated.timestamp() == order.last_updated_s(now), order_id
                assert len(ours.lines) == len(order.lines)
                total = ours.total()
                assert total is None or total.minor == order.paid
            assert store.activity.first_break() is None


def _unsynchronised(store: CompanyStore) -> None:
    """Spare the disk: a process that dies here leaves the system alive, which loses nothing of what was written."""
    store.database.engine.dispose()

    @event.listens_for(store.database.engine, "connect")
    def _spare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()


@contextmanager
def amazon_world(folder: Path, shop: Shop, **practice: Any) -> Iterator[AmazonWorld]:
    """A fresh world; the arguments are PracticeAmazon's. With `sockets` requests go over the line."""
    clock = MovingClock(shop.now)
    practice.setdefault("limits", False)
    sockets = practice.pop("sockets", False)
    with PracticeAmazon(shop, clock=clock.server, **practice) as amazon:
        folder.mkdir(parents=True, exist_ok=True)
        read = read_practice_connection(json.dumps({"amazon": amazon.connection()}), "practice")
        assert not isinstance(read, Finding)
        assert read.amazon is not None
        PracticeVault(folder, clock).save("amazon", read.secrets["amazon"])
        yield AmazonWorld(folder, amazon, clock, read.amazon, sockets, practice["limits"])


def of_marketplaces(world: AmazonWorld, *ids: str) -> AmazonWorld:
    """The world of a seller who told of these marketplaces only."""
    return replace(world, address=replace(world.address, marketplaces=ids))
