"""Downloading against what Amazon's usage plans allow, on a clock that costs nothing; and the time of our own work.

`python benchmarks/download.py` makes a practice seller of 10,000 orders whose Amazon settles every day (207
settlements), downloads all of it through the real client over HTTP with the published limits on both sides, and
compares the time that passed on the simulated clock with the least that the plans allow: of each operation as many
requests as are needed, the burst at once and the rest at the steady rate, operations side by side. Then it reads
and stores an order report of 100,000 orders in a process of its own. It asserts that all came, once, and that Amazon
never had to refuse a request; it asserts nothing of real time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

MARKETPLACES = ("US", "UK", "DE")
# What is aimed at: time on the simulated clock against the least that is possible.
RATIO_AIM = 1.05


class SimulatedClock:
    """The one clock of client and server; waiting on it takes no time."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        """The time; each look at it takes a millisecond, as requests take time."""
        self.at += timedelta(milliseconds=1)
        return self.at

    def sleep(self, seconds: int) -> None:
        """Wait."""
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Downloaded:
    """What a press came to: seconds on the simulated clock and of real time, and requests."""

    simulated_s: float
    real_s: float
    requests: int


def download(folder: Path, orders: int) -> None:
    """Download a seller's settlements and orders under the published limits, and print how long that took."""
    from tieout.commands.download_orders import download_orders
    from tieout.commands.download_settlements import download_settlements
    from tieout.practice.amazon import PracticeAmazon
    from tieout.practice.shop import make_shop

    shop = make_shop(1, orders=orders, marketplaces=MARKETPLACES, settlement_days=1)
    clock = SimulatedClock(shop.now)
    with PracticeAmazon(shop, clock=clock.now) as amazon, open_desk(folder, amazon, clock) as desk:
        began = clock.at
        presses = {}
        for name, press in (("orders", download_orders), ("settlements", download_settlements)):
            before, started, asked = clock.at, time.perf_counter(), len(amazon.requests)
            report = press(desk)
            assert report.complete, report.findings
            presses[name] = Downloaded(
                (clock.at - before).total_seconds(), time.perf_counter() - started, len(amazon.requests) - asked
            )
        passed = (clock.at - began).total_seconds()
        assert len(desk.settlements.all()) == len(shop.settlements)
        known = {order.order_id for order in desk.orders.all()}
        # What was bought in the minutes before is told by nobody yet.
        assert {one.order_id for one in shop.orders() if one.purchased_s < began.timestamp() - 300} <= known
        answers = Counter(status for _, _, status in amazon.requests)
        assert set(answers) <= {200, 202}, answers
        asked = len(amazon.requests)
        for press in (download_orders, download_settlements):
            press(desk)  # hours have passed, and orders have changed
        again, before_again = clock.at, len(amazon.requests)
        assert not download_orders(desk).changed
        assert not download_settlements(desk).changed
        second = (clock.at - again).total_seconds(), len(amazon.requests) - before_again
        least, by_operation = least_seconds([(method, path) for method, path, _ in amazon.requests[:asked]])
    print(f"{len(known):,} orders and {len(shop.settlements)} settlements")
    for name, one in presses.items():
        print(
            f"  {name:<12} {one.simulated_s:>9,.0f} s simulated {one.real_s:>7.2f} s real {one.requests:>6} requests"
        )
    print(f"  second press {second[0]:>9,.0f} s simulated {'':>14} {second[1]:>6} requests")
    print(f"  the least that the plans allow: {least:,.0f} s; ratio {passed / least:.3f} (aim {RATIO_AIM})")
    for name, (count, seconds) in by_operation.items():
        print(f"    {name:<20} {count:>5} requests, at least {seconds:>8,.0f} s")


def least_seconds(requests: list[tuple[str, str]]) -> tuple[float, dict[str, tuple[int, float]]]:
    """The least time in which so many requests of each operation can be made, operations side by side."""
    from tieout.amazon.usage_plans import operation_of

    counts: Counter[str] = Counter()
    operations = {}
    for method, path in requests:
        if not path.startswith(("/auth/", "/documents/")):
            operation = operation_of(method, path)
            operations[operation.name] = operation
            counts[operation.name] += 1
    least = {
        name: (count, max(0, count - operations[name].burst) * 1_000_000 / operations[name].rate_micro)
        for name, count in sorted(counts.items())
    }
    return max(seconds for _, seconds in least.values()), least


def open_desk(folder: Path, amazon, clock: SimulatedClock):
    """A practice company's desk at a practice Amazon."""
    from contextlib import contextmanager

    from tieout.amazon.opening import open_amazon
    from tieout.commands.companies import read_practice_connection
    from tieout.commands.download_desk import DownloadDesk
    from tieout.domain.company import Company
    from tieout.secrets import PracticeVault
    from tieout.store.company_store import open_store

    @contextmanager
    def opened():
        read = read_practice_connection(json.dumps({"amazon": amazon.connection()}), "practice")
        vault = PracticeVault(folder, clock)
        vault.save("amazon", read.secrets["amazon"])
        connections = open_amazon(read.amazon, vault, "amazon", clock=clock, limits=folder / "limits.json")
        with open_store(folder / "books.sqlite3", clock) as store:
            yield DownloadDesk(
                company=Company("bench", "Bench", "US", "USD", practice=True, amazon=read.amazon),
                sellers=(connections,),
                documents=store.documents,
                settlements=store.settlements,
                orders=store.orders,
                listings=store.listings,
                deferred=store.deferred,
                downloads=store.downloads,
                outbox=store.outbox,
                activity=store.activity,
                clock=clock,
                who="benchmark",
            )
        connections[0].close()

    return opened()


def our_work(report: Path, folder: Path) -> dict[str, float]:
    """Take the buyer out of an order report, read it, and store it twice; the seconds of each."""
    from tieout.clock import SystemClock
    from tieout.domain.document import Document
    from tieout.download_ports import Source
    from tieout.parse.order_privacy import without_buyer_data
    from tieout.parse.orders import read_orders
    from tieout.store.company_store import open_store

    document = Document.of("orders.txt", report.read_bytes(), "UTF-8")
    taken: dict[str, float] = {}
    with open_store(folder / "books.sqlite3", SystemClock()) as store:
        started = time.perf_counter()
        kept = without_buyer_data(document)
        taken["buyer taken out"] = time.perf_counter() - started
        started = time.perf_counter()
        read = read_orders(kept)
        taken["read"] = time.perf_counter() - started
        assert not read.findings
        started = time.perf_counter()
        store.documents.put(kept)
        saved = store.orders.save(read.orders, Source.REPORT)
        taken["stored"] = time.perf_counter() - started
        started = time.perf_counter()
        again = store.orders.save(read.orders, Source.REPORT)
        taken["stored again, unchanged"] = time.perf_counter() - started
    assert len(saved.new) == again.unchanged == len(read.orders)
    return {**taken, "orders": len(read.orders), "peak MiB": peak_mib()}


def peak_mib() -> float:
    """The most memory this process ever held."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def in_a_process(*arguments: str) -> str:
    """What this program prints, run anew with arguments."""
    command = [sys.executable, os.fspath(Path(__file__).resolve()), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Run all of it, or one part in its own process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=10_000, help="orders to download")
    parser.add_argument(
        "--own-orders", type=int, default=100_000, help="orders of the report that is read and stored"
    )
    parser.add_argument("--work-on", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as name:
        folder = Path(name)
        if asked.work_on is not None:
            print(json.dumps(our_work(asked.work_on, folder)))
            return
        download(folder, asked.orders)
        from tieout.practice.shop import make_shop

        report = folder / "orders.txt"
        shop = make_shop(1, orders=asked.own_orders, marketplaces=("US",), months=2)
        with report.open("w", encoding="utf-8", newline="") as file:
            file.writelines(shop.all_orders_report("US"))
        taken = json.loads(in_a_process("--work-on", os.fspath(report)))
        print(f"our own work on {taken.pop('orders'):,} orders ({report.stat().st_size / 1e6:.0f} MB)")
        peak = taken.pop("peak MiB")
        for what, seconds in taken.items():
            print(f"  {what:<24} {seconds:>7.2f} s")
        print(f"  peak memory              {peak:>7.0f} MiB")


if __name__ == "__main__":
    main()
