"""Orders into QuickBooks at volume: against what Intuit's limits allow, and our own work for each.

`python benchmarks/posting.py` posts 1,000 and 10,000 orders as invoices to a practice QuickBooks that holds Intuit's
limits, through the same function as the button, from the drafts to reading every invoice back. Time is simulated:
waiting costs nothing, and a request takes as long as `--answer-ms` and `--document-ms` say, several being on their
way at once. Printed are:

- the simulated seconds beside the least that Intuit's limits allow for the same requests (found by a model of its
  own: every minute its 40 batches, and single documents for the rest of its 500 requests), and beside what they allow
  for the creations alone;
- how many requests of each kind it took;
- the processor time of our own threads for each document, without the server's, which runs in the same process.

It asserts what stands in the books afterwards, that nothing was throttled, and that a second press writes nothing.
"""

import argparse
import heapq
import math
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import requests
from requests.adapters import HTTPAdapter

from tieout.commands import volley
from tieout.commands.documents_check import Agreed
from tieout.commands.post_orders import OrderBook, OrdersReport, OrderState, post_orders
from tieout.commands.sale_desk import SaleDesk
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine
from tieout.domain.posting_settings import PostingSettings
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.quickbooks.opening import open_books
from tieout.rules.charts import load_chart
from tieout.secrets import PracticeVault
from tieout.store.company_store import CompanyStore, open_store

ORDERS = (1_000, 10_000)
# Within five per cent of what the limits allow (docs/quickbooks.md, "Posting many documents").
AIM = 1.05
# Intuit, "Limits and throttles" and "Batch".
A_SECOND, A_MINUTE, BATCHES_A_MINUTE, A_BATCH = 10, 500, 40, 30


class SimulatedClock:
    """A clock that several threads wait on: it moves to the next one's moment when all of them wait."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self._changed = threading.Condition()
        self._active = 1
        self._waiting: list[datetime] = []

    def now(self) -> datetime:
        """The simulated moment."""
        with self._changed:
            return self._now

    def sleep(self, seconds: int) -> None:
        """Wait."""
        self.sleep_milliseconds(seconds * 1000)

    def sleep_milliseconds(self, milliseconds: int) -> None:
        """Wait until the clock was moved so far."""
        with self._changed:
            until = self._now + timedelta(milliseconds=milliseconds)
            heapq.heappush(self._waiting, until)
            self._pause()
            while self._now < until:
                self._changed.wait()
            heapq.heappop(self._waiting)
            self._active += 1

    @contextmanager
    def aside(self) -> Any:
        """A thread that waits for others, not for the time."""
        with self._changed:
            self._pause()
        yield
        with self._changed:
            self._active += 1

    @contextmanager
    def working(self) -> Any:
        """A thread of its own."""
        try:
            yield
        finally:
            with self._changed:
                self._pause()

    def joined(self, threads: int) -> None:
        """So many threads are about to work."""
        with self._changed:
            self._active += threads

    def _pause(self) -> None:
        self._active -= 1
        if self._active == 0 and self._waiting:
            self._now = max(self._now, self._waiting[0])
            self._changed.notify_all()


class _Wire(HTTPAdapter):
    """Answers come after their simulated time; requests are counted."""

    def __init__(self, clock: SimulatedClock, answer_ms: int, document_ms: int) -> None:
        super().__init__()
        self._clock = clock
        self._answer_ms = answer_ms
        self._document_ms = document_ms
        self._lock = threading.Lock()
        self.seen: Counter[str] = Counter()

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send it for real, and let its time pass."""
        path = (request.url or "").split("?")[0].rsplit("/", 1)[-1]
        documents = str(request.body).count('"bId"') if path == "batch" else int(path == "invoice")
        response = super().send(request, **options)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        with self._lock:
            self.seen[path] += 1
        taken = self._answer_ms + documents * self._document_ms
        if taken:
            self._clock.sleep_milliseconds(taken)
        return response


class _Work:
    """The processor time of our own threads."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.nanoseconds = 0

    def at_once(self, send: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """What `volley.at_once` does, with threads that the clock and the reckoning know."""
        if len(items) == 1:
            return [send(items[0])]
        answers: list[Any] = [None] * len(items)

        def one(number: int) -> None:
            with self._clock.working():
                answers[number] = send(items[number])
            with self._lock:
                self.nanoseconds += time.thread_time_ns()

        self._clock.joined(len(items))
        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(items))]
        for thread in threads:
            thread.start()
        with self._clock.aside():
            for thread in threads:
                thread.join()
        return answers


def least_seconds(creations: int, others: int) -> float:
    """The least time in which the limits let so many creations and other requests through."""
    now = 0
    sent: deque[int] = deque(maxlen=A_MINUTE)
    batches: deque[int] = deque(maxlen=BATCHES_A_MINUTE)
    while creations > 0 or others > 0:
        now = max(
            now,
            sent[-A_SECOND] + 1_000 if len(sent) >= A_SECOND else 0,
            sent[0] + 60_000 if len(sent) == A_MINUTE else 0,
        )
        batch_free = len(batches) < BATCHES_A_MINUTE or batches[0] + 60_000 <= now
        if creations > 0 and batch_free:
            batches.append(now)
            creations -= A_BATCH
        elif others > 0:
            others -= 1
        else:
            creations -= 1
        sent.append(now)
    return now / 1_000


def made_orders(count: int) -> list[Order]:
    """Orders of one or two lines, some with shipping and a promotion; each with a total of its own."""
    bought = datetime(2026, 1, 15, 20, tzinfo=UTC)
    return [_order(number, bought + timedelta(minutes=number)) for number in range(count)]


def _order(number: int, bought: datetime) -> Order:
    lines = tuple(
        OrderLine(
            number=line,
            seller_sku=f"MUG-{number % 7}",
            asin="B000000001",
            title="A mug",
            quantity=1 + number % 3,
            status="Shipped",
            item_price=Money(1_999 + number, "USD"),
            shipping_price=Money(499, "USD") if number % 4 == 0 else None,
            shipping_promotion=Money(499, "USD") if number % 8 == 0 else None,
        )
        for line in range(1, 2 + number % 2)
    )
    return Order(
        order_id=f"113-{number // 10_000_000:07}-{number % 10_000_000:07}",
        merchant_order_id="",
        marketplace="US",
        sales_channel="Amazon.com",
        channel=Channel.FBA,
        channel_told="Amazon",
        status="Shipped",
        purchased=bought,
        updated=bought,
        currency="USD",
        lines=lines,
    )


@dataclass(frozen=True)
class Result:
    """One run."""

    seconds: float
    requests: Counter[str]
    own_ms: float
    again_ms: float


def run(count: int, answer_ms: int, document_ms: int, folder: Path) -> Result:
    """Post so many orders, and once more."""
    clock = SimulatedClock()
    work = _Work(clock)
    orders = made_orders(count)
    with PracticeQuickBooks(clock=clock.now, limits=True) as practice:
        wire = _Wire(clock, answer_ms, document_ms)
        press = _pressing(practice, clock, wire, folder)
        with mock.patch.object(volley, "at_once", work.at_once):
            press(orders[:7])  # makes the customer and the items
            assert len(practice.transactions("Invoice")) == 7
            clock.sleep(120)
            wire.seen.clear()
            work.nanoseconds = 0
            began, cpu = clock.now(), time.thread_time_ns()
            report = press(orders)
            own = time.thread_time_ns() - cpu + work.nanoseconds
            seconds = (clock.now() - began).total_seconds()
            seen = Counter(wire.seen)
            assert report.count(OrderState.POSTED) == count, report.all_findings[:3]
            writes, cpu = practice.write_requests(), time.thread_time_ns()
            assert press(orders).count(OrderState.POSTED) == count
            again = time.thread_time_ns() - cpu
            assert practice.write_requests() == writes
        _check(practice, orders)
    return Result(seconds, seen, own / count / 1e6, again / count / 1e6)


def _pressing(
    practice: PracticeQuickBooks, clock: SimulatedClock, wire: _Wire, folder: Path
) -> Callable[[Sequence[Order]], OrdersReport]:
    """The button, with a store of its own; each press opens its connection anew, as a process does."""
    connection = practice.connection()
    address = QuickBooksAddress(
        connection["endpoint"], connection["token_url"], connection["realm_id"], connection["client_id"]
    )
    vault = PracticeVault(folder, clock)
    vault.save("quickbooks", {name: connection[name] for name in ("client_secret", "refresh_token")})
    company = Company("acme", "Acme", "US", "USD", practice=True, quickbooks=address)
    book = OrderBook(PostingSettings(), lambda _: load_chart("US"), "US")

    def press(orders: Sequence[Order]) -> OrdersReport:
        http = requests.Session()
        http.mount("http://", wire)
        store = open_store(folder / "books.sqlite3", clock)
        assert isinstance(store, CompanyStore)
        with store:
            books = open_books(address, vault, clock, http, store.lists, folder)
            desk = SaleDesk(company, books, store.outbox, clock, "benchmark")
            return post_orders(orders, desk, book, agreed=Agreed(accounts=True, names=True))

    return press


def _check(practice: PracticeQuickBooks, orders: Sequence[Order]) -> None:
    """Every order is there once, with its total."""
    held = {each["DocNumber"]: f"{each['TotalAmt']:.2f}" for each in practice.transactions("Invoice")}
    drafted = {}
    for order in orders:
        total = order.total()
        assert total is not None
        drafted[order.order_id] = total.decimal
    assert len(practice.transactions("Invoice")) == len(orders)
    assert held == drafted


def main() -> None:
    """Runs each size and prints a line for it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--orders", type=int, nargs="*", default=ORDERS, help="how many orders")
    options.add_argument("--answer-ms", type=int, default=0, help="how long any answer takes")
    options.add_argument("--document-ms", type=int, default=0, help="how much longer for each document it makes")
    chosen = options.parse_args()
    print(f"each answer takes {chosen.answer_ms} ms, and {chosen.document_ms} ms for each document in it")
    print(
        f"{'orders':>7}  {'took s':>8}  {'least s':>8}  {'ratio':>6}  {'creations alone s':>17}  {'own ms':>7}"
        f"  {'again ms':>8}  requests"
    )
    for count in chosen.orders:
        with tempfile.TemporaryDirectory() as folder:
            result = run(count, chosen.answer_ms, chosen.document_ms, Path(folder))
        others = sum(number for path, number in result.requests.items() if path not in {"batch", "invoice", "bearer"})
        least = least_seconds(count, others)
        told = ", ".join(f"{number} {path}" for path, number in sorted(result.requests.items()))
        print(
            f"{count:>7,}  {result.seconds:>8.1f}  {least:>8.1f}  {result.seconds / least:>6.3f}"
            f"  {least_seconds(count, 0):>17.1f}  {result.own_ms:>7.2f}  {result.again_ms:>8.2f}  {told}",
            flush=True,
        )
        if not chosen.answer_ms and not chosen.document_ms:
            assert result.seconds / least <= AIM, f"more than {math.floor((AIM - 1) * 100)} % over the least"


if __name__ == "__main__":
    main()
