"""The workbook: rows into a sheet, a press on a closed book, and the first feedback of a press; each against a peer.

`python benchmarks/workbook.py` measures, each in a process of its own and in turn with its peer:

- 100,000 rows of Settlement Lines into the workbook (opened, refreshed, saved) against XlsxWriter in constant-memory
  mode writing the same cells into a bare file;
- a press of Preview on a closed book with 10,000 orders on its sheets against reading the same book with calamine and
  writing the same cells with XlsxWriter, which are the quickest of the libraries we know;
- a press of Post on a closed book with 10,000 posted orders on Archive, of which nothing is to be posted, against
  the same;
- a press's first sign of life against `python -c "import xlwings"`, which every press from Excel pays anyway.

It prints wall times, their ratio and peak memory. It asserts what was written and read, and nothing of time: a
machine's speed is its own. Needs python-calamine and XlsxWriter.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tieout.domain.order import Order
    from tieout.domain.posting import Posting

LINES, ORDERS = 100_000, 10_000
# What is aimed at, as ratios to the peer.
AIMS = {"rows": 1.2, "press": 1.5, "archive": 1.5, "feedback": 2.0}


@dataclass(frozen=True)
class Run:
    """One process from start to end: wall time from outside, peak memory, what it said."""

    seconds: float
    peak_mib: float
    said: dict[str, Any]


def line_row(number: int) -> dict[str, Any]:
    """A row of Settlement Lines."""
    from tieout.domain.money import Money

    return {
        "settlement_id": "24288684721",
        "row": number + 2,
        "posted": date(2026, 10, 1 + number % 28),
        "transaction_type": "Order",
        "amount_type": "ItemPrice",
        "amount_description": "Principal",
        "currency": "USD",
        "amount": Money(number * 7 - 3, "USD"),
        "group": "Sales",
        "account": "Amazon Sales",
        "order_id": f"111-{number:07d}-1234567",
        "sku": f"SKU-{number % 500}",
        "quantity": 1,
        "marketplace_name": "Amazon.com",
        "adjustment_id": "",
        "shipment_id": f"D{number}",
        "order_item_code": str(10**13 + number),
        "promotion_id": "",
        "doc_number": "AMZ-24288684721-1",
    }


def order_row(number: int) -> dict[str, Any]:
    """A row of Orders."""
    from tieout.domain.money import Money

    return {
        "order_id": f"111-{number:07d}-1234567",
        "state": "Ready",
        "marketplace": "US",
        "channel": "FBA",
        "amazon_status": "Shipped",
        "order_date": datetime(2026, 10, 1 + number % 28, 10, 5),  # noqa: DTZ001 - cells know no time zone
        "units": 1,
        "skus": f"SKU-{number % 500}",
        "currency": "USD",
        "items": Money(3998, "USD"),
        "shipping": Money(499, "USD"),
        "tax": Money(330, "USD"),
        "total": Money(4827, "USD"),
        "document": "Invoice",
    }


def new_book(path: Path) -> None:
    """A new workbook of a company called bench."""
    from tieout.sheets.build import build_workbook

    build_workbook(path, company="Bench", country="US", company_id="bench")


def rows_by_tieout(folder: Path) -> dict[str, Any]:
    """The lines into the workbook."""
    from tieout.sheets.book import XlwingsBook
    from tieout.sheets.opening import open_closed
    from tieout.sheets.port import Refresh

    book = open_closed(folder / "rows.xlsm")
    assert isinstance(book, XlwingsBook)
    done = book.refresh(Refresh("SettlementLines", [line_row(number) for number in range(LINES)]))
    book.save()
    return {"rows": done.changed}


def rows_by_xlsxwriter(folder: Path) -> dict[str, Any]:
    """The same cells into a bare file."""
    rows = (list(line_row(number).values()) for number in range(LINES))
    return {"rows": _written(folder / "bare.xlsx", rows, constant_memory=True)}


def _written(path: Path, rows: Iterator[list[Any]], *, constant_memory: bool) -> int:
    import xlsxwriter

    from tieout.domain.money import Money

    book = xlsxwriter.Workbook(str(path), {"constant_memory": constant_memory})
    sheet = book.add_worksheet()
    form = book.add_format({"num_format": "yyyy-mm-dd"})
    number = -1
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(number, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, form)
            elif isinstance(value, Money):
                sheet.write_number(number, column, float(value.decimal))
            elif isinstance(value, int | float):
                sheet.write_number(number, column, value)
    book.close()
    return number + 1


def press_by_tieout(folder: Path) -> dict[str, Any]:
    """Preview on a closed book with the orders on it."""
    from tieout.buttons import press_closed
    from tieout.sheets.lean_import import import_xlwings_alone

    import_xlwings_alone()  # as `tieout press` does
    pressed = press_closed("preview-settlements", folder / "press.xlsm")
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    return {"settlements": pressed.outcome.count}


def archive_by_tieout(folder: Path) -> dict[str, Any]:
    """Post on a closed book whose orders are all posted."""
    from tieout.buttons import press_closed
    from tieout.sheets.lean_import import import_xlwings_alone

    import_xlwings_alone()  # as `tieout press` does
    pressed = press_closed("post-orders", folder / "archive.xlsm")
    assert str(pressed.outcome.result) == "Done", pressed.outcome
    assert pressed.changed == {}, pressed.changed
    return {"posted": pressed.outcome.count}


def press_by_libraries(folder: Path) -> dict[str, Any]:
    """Read every cell of the same book, and write it."""
    return _by_libraries(folder, "press.xlsm")


def archive_by_libraries(folder: Path) -> dict[str, Any]:
    """Read every cell of the same book, and write it."""
    return _by_libraries(folder, "archive.xlsm")


def _by_libraries(folder: Path, name: str) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(folder / name))
    cells = 0
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        cells += sum(len(row) for row in rows)
        _written(folder / "bare.xlsx", iter(rows), constant_memory=False)
    return {"cells": cells}


def feedback_by_tieout(_: Path) -> dict[str, Any]:
    """From nothing to the first sentence that a press shows; Excel's own part is left out."""
    import xlwings  # noqa: F401 - as xlwings' RunPython does

    from tieout import buttons
    from tieout.sheets import book, opening

    class Shown(Exception):
        pass

    def shown(*_: object) -> None:
        raise Shown

    opening.excel_book = lambda: None  # type: ignore[assignment]
    book.XlwingsBook.tell = shown  # type: ignore[method-assign]
    try:
        buttons.press("check-up")
    except Shown:
        return {"shown": True}
    return {"shown": False}


def feedback_by_xlwings(_: Path) -> dict[str, Any]:
    """What every script from Excel begins with."""
    import xlwings  # noqa: F401

    return {"shown": True}


MEASURED: dict[str, tuple[Callable[[Path], dict[str, Any]], Callable[[Path], dict[str, Any]]]] = {
    "rows": (rows_by_tieout, rows_by_xlsxwriter),
    "press": (press_by_tieout, press_by_libraries),
    "archive": (archive_by_tieout, archive_by_libraries),
    "feedback": (feedback_by_tieout, feedback_by_xlwings),
}


def prepare(folder: Path) -> None:
    """The books that are worked on: a new one, and one with the orders and a settlement in it."""
    from tieout.buttons import press_closed
    from tieout.commands.companies import new_company
    from tieout.domain.company import Company
    from tieout.practice.shop import make_shop
    from tieout.sheets.book import XlwingsBook
    from tieout.sheets.opening import close_unsaved, open_closed
    from tieout.sheets.port import Refresh
    from tieout.wiring import companies

    new_book(folder / "new.xlsm")
    shutil.copy(folder / "new.xlsm", folder / "press.xlsm")
    company = new_company("Bench", "US")
    assert isinstance(company, Company)
    companies().add(company)
    book = open_closed(folder / "press.xlsm")
    assert isinstance(book, XlwingsBook)
    assert book.refresh(Refresh("Orders", [order_row(number) for number in range(ORDERS)])).changed == ORDERS
    book.save()
    close_unsaved(folder / "press.xlsm")
    settlement = make_shop(1, orders=100, marketplaces=("UK",)).settlements[0]
    (folder / settlement.file_name).write_bytes(settlement.flat_file_v2())
    press_closed("import-settlements", folder / "press.xlsm", files=[folder / settlement.file_name])
    prepare_archive(folder)


class _AnHourAgo:
    """The clock when the orders were downloaded and posted."""

    def now(self) -> datetime:
        """The moment an hour ago."""
        return datetime.now(UTC) - timedelta(hours=1)

    def sleep(self, seconds: int) -> None:
        """Nobody waits for it."""

    def sleep_milliseconds(self, milliseconds: int) -> None:
        """Nobody waits for it."""


def prepare_archive(folder: Path) -> None:
    """A book of another company whose orders are all posted, by its store, and stand on Archive."""
    from posting import made_orders  # its neighbour
    from tieout.buttons import press_closed
    from tieout.commands.companies import new_company
    from tieout.domain.activity import Activity
    from tieout.domain.company import Company, QuickBooksAddress
    from tieout.download_ports import Source
    from tieout.sheets.build import build_workbook
    from tieout.wiring import companies, open_company

    company = new_company("Archive", "US")
    assert isinstance(company, Company)
    address = QuickBooksAddress("https://127.0.0.1/v3/company/", "https://127.0.0.1/token", "9130", "bench")
    companies().add(replace(company, quickbooks=address))
    orders = made_orders(ORDERS)
    with open_company("archive", clock=_AnHourAgo()) as opened:
        opened.store.orders.save(orders, Source.REPORT)
        now = opened.clock.now()
        postings = list(_postings(orders, now))
        with opened.store.outbox.writer("benchmark") as writer:
            writer.save([(each, Activity(now, "benchmark", "posted", str(each.key), "", "")) for each in postings])
    build_workbook(folder / "archive.xlsm", company="Archive", country="US", company_id="archive")
    pressed = press_closed("post-orders", folder / "archive.xlsm")
    assert pressed.changed.get("Archive") == ORDERS, (
        pressed.changed,
        pressed.outcome.message,
        pressed.outcome.findings,
    )


def _postings(orders: "Sequence[Order]", sent_at: datetime) -> "Iterator[Posting]":
    """The orders as invoices that were posted."""
    from tieout.commands.post_orders import OrderBook, draft_orders
    from tieout.domain.books_lists import BooksNames, BooksTerms
    from tieout.domain.draft import hash_of
    from tieout.domain.posting import Posting, PostingKey, PostingState
    from tieout.domain.posting_settings import PostingSettings
    from tieout.quickbooks.documents import QuickBooksDocuments
    from tieout.rules.charts import load_chart

    items = {name: str(number) for number, name in enumerate(("Shipping", "Promotions"), start=1)}
    for number, drafted in enumerate(
        draft_orders(orders, OrderBook(PostingSettings(), lambda _: load_chart("US"), "US"))
    ):
        sale = drafted.sale
        assert sale is not None
        items |= {line.item.name: "1" for line in sale.lines}
        names = BooksNames({}, {sale.customer: "1"}, {}, items, items, {}, {}, {})
        yield Posting(
            key=PostingKey("9130", "Invoice", sale.doc_number),
            state=PostingState.POSTED,
            content_hash=hash_of(sale),
            request_id=f"request {number}",
            body=QuickBooksDocuments().body(
                sale, sale.day, sale.memo, names, BooksTerms(is_us=True, multicurrency=False)
            ),
            quickbooks_id=str(number + 1),
            sync_token="0",
            subject=sale.order_id,
            sent_at=sent_at,
        )


def run(what: str, who: int, folder: Path) -> Run:
    """One measurement in a process of its own."""
    shutil.copy(folder / "new.xlsm", folder / "rows.xlsm")
    started = time.perf_counter()
    command = [sys.executable, __file__, "--run", what, str(who), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{what} by {who} failed"
    scale = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss
    return Run(time.perf_counter() - started, usage.ru_maxrss * scale / 2**20, said)


def measure(what: str, repeats: int, folder: Path) -> None:
    """Both in turn, the medians printed."""
    runs = [(run(what, 0, folder), run(what, 1, folder)) for _ in range(repeats)]
    ours = statistics.median(one.seconds for one, _ in runs)
    peer = statistics.median(one.seconds for _, one in runs)
    peak = max(one.peak_mib for one, _ in runs)
    print(
        f"{what:<9} ours {ours:7.2f} s  peer {peer:7.2f} s  ratio {ours / peer:5.2f} (aim {AIMS[what]})"
        f"  peak {peak:5.0f} MiB  {runs[0][0].said}  {runs[0][1].said}"
    )


def main() -> None:
    """Measure everything, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=[*MEASURED, []], help="what to measure; everything if not said")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--run", nargs=3, metavar=("WHAT", "WHO", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        what, who, folder = options.run
        print(json.dumps(prepare(Path(folder)) if what == "prepare" else MEASURED[what][int(who)](Path(folder))))
        return
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as name:
        os.environ["TIEOUT_HOME"] = str(Path(name) / "home")
        # In a process of its own: what this one holds would count as memory of those it starts.
        subprocess.run([sys.executable, __file__, "--run", "prepare", "0", name], check=True, stdout=subprocess.PIPE)
        for what in options.what or MEASURED:
            measure(what, options.repeats, Path(name))


if __name__ == "__main__":
    main()
