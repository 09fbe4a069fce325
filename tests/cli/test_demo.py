"""`tieout demo` and `tieout practice serve`, as a new user runs them: as programs."""

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tieout.practice.shop import shop_for_demo

TIEOUT = [sys.executable, "-c", "from tieout.cli import main; main()"]


@dataclass(frozen=True)
class Demo:
    """A run of the demo: what it said, and the folder that it left."""

    status: int
    said: dict[str, Any]
    told: str
    folder: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run, for all that is looked at."""
    folder = tmp_path_factory.mktemp("demo")
    home = folder / "home"
    run = subprocess.run(
        [*TIEOUT, "demo", "--out", str(folder / "out"), "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
        env={**os.environ, "TIEOUT_HOME": str(home), "COLUMNS": "200"},
    )
    assert run.stdout.strip(), run.stderr
    assert not home.exists()
    return Demo(run.returncode, json.loads(run.stdout.strip().splitlines()[-1]), run.stderr, folder / "out")


def sheet(demo: Demo, name: str, key: str) -> list[dict[str, Any]]:
    """The rows of a sheet of the workbook whose column `key` holds something, by their headings."""
    book = openpyxl.load_workbook(demo.folder / "Practice company.xlsm", read_only=True, data_only=True)
    rows = list(book[name].iter_rows(values_only=True))
    book.close()
    heading = next(number for number, row in enumerate(rows) if key in row)
    found = [dict(zip(rows[heading], row, strict=False)) for row in rows[heading + 1 :]]
    return [row for row in found if row[key]]


def test_the_demo_ties_out_and_leaves_its_proof(demo: Demo) -> None:
    assert demo.status == 0, demo.told
    states = [settlement["state"] for settlement in demo.said["settlements"]]
    assert states.count("Blocked") == 1
    assert states.count("Posted") == len(states) - 1
    for settlement in demo.said["settlements"]:
        if settlement["state"] == "Posted":
            assert settlement["amazon_total"] == settlement["rows_total"] == settlement["quickbooks_total"]
            assert settlement["posted_total"] == settlement["amazon_total"]
            assert settlement["difference"] == "0.00"
        else:
            assert settlement["quickbooks_total"] is None
    totals = [settlement["amazon_total"] for settlement in demo.said["settlements"]]
    assert any(total.startswith("-") for total in totals)
    assert "0.00" in totals
    assert any(len(settlement["journals"]) > 1 for settlement in demo.said["settlements"])
    assert {"USD", "GBP", "EUR"} <= {settlement["currency"] for settlement in demo.said["settlements"]}
    assert [error["code"] for error in demo.said["errors"]] == ["fee-unmapped"]
    book = openpyxl.load_workbook(demo.folder / "tied-out.xlsx", read_only=True)
    assert {"Home", "Settlements", "Settlement Lines", "Journal", "Reconciliation"} <= set(book.sheetnames)
    book.close()
    exported = demo.folder / "Practice company - reconciliation"
    names = {path.name for path in exported.iterdir()}
    assert {"exceptions.csv", "journal.csv", "reconciliation.csv", "settlement_lines.csv"} <= names
    assert (exported / "reconciliation.xlsx").read_bytes() == (demo.folder / "tied-out.xlsx").read_bytes()
    left = {path for path in demo.folder.rglob("*") if path.is_file()}
    assert left == {Path(path) for path in demo.said["files"]}
    shown = sheet(demo, "Settlements", "Settlement ID")
    assert sorted(row["State"] for row in shown) == sorted(states)
    assert {row["Settlement ID"] for row in shown} == {each["settlement_id"] for each in demo.said["settlements"]}


def test_the_demo_presses_the_buttons_of_a_month(demo: Demo) -> None:
    newest_first = [row["Button"] for row in sheet(demo, "Activity", "Button")]
    assert newest_first == [
        *("export-reconciliation", "reconcile", "post-settlements", "preview-settlements", "download-settlements"),
        *("post-orders", "post-orders", "download-orders"),
    ]


def test_its_orders_are_downloaded_posted_and_put_right_on_the_way(demo: Demo) -> None:
    orders = demo.said["orders"]
    shop = shop_for_demo(1)
    assert orders["downloaded"] == sum(order.purchased_s <= shop.now.timestamp() for order in shop.orders())
    assert orders["errors"] == 0
    assert 3 <= orders["failed_at_first"] < orders["posted"] < orders["downloaded"]
    assert f"{orders['failed_at_first']} of them went through Errors: Several items in QuickBooks" in demo.told
    assert "made inactive in QuickBooks" in demo.told
    assert sheet(demo, "Errors", "Order ID") == []
    archived = sheet(demo, "Archive", "Order ID")
    assert len(archived) == orders["posted"]
    assert {row["State"] for row in archived} == {"Paid", "Posted"}


def test_what_it_archived_comes_to_what_amazon_reports(demo: Demo) -> None:
    """By marketplace, from the raw all-orders report; US prices are without the tax that Amazon pays itself."""
    prices = ("item-price", "shipping-price", "gift-wrap-price")
    discounts = ("item-promotion-discount", "ship-promotion-discount")
    shop = shop_for_demo(1)
    reported: dict[str, Decimal] = {}
    for code in ("US", "GB", "DE", "CA"):
        rows = csv.DictReader(shop.all_orders_report(code), delimiter="\t", quoting=csv.QUOTE_NONE)
        mine = [row for row in rows if row["order-status"].startswith(("Shipped", "Unshipped"))]
        mine = [row for row in mine if not row["sales-channel"].startswith("Non-Amazon")]
        signed = [(row[name], 1) for row in mine for name in prices]
        signed += [(row[name], -1) for row in mine for name in discounts]
        reported[code] = sum((Decimal(text.replace(",", ".") or "0") * sign for text, sign in signed), Decimal(0))
    archived: dict[str, Decimal] = dict.fromkeys(reported, Decimal(0))
    for row in sheet(demo, "Archive", "Order ID"):
        archived[row["Marketplace"]] += Decimal(str(row["Total"]))
    assert archived == reported


def test_its_settlement_files_are_amazons_to_the_byte(demo: Demo) -> None:
    amazons = {one.file_name: one.flat_file_v2() for one in shop_for_demo(1).settlements}
    assert {path.name: path.read_bytes() for path in (demo.folder / "settlements").iterdir()} == amazons


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a program at once on Windows")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_practice_servers_print_one_line_and_stop_when_told(tmp_path: Path, stop: signal.Signals) -> None:
    with subprocess.Popen(
        [*TIEOUT, "practice", "serve", "--seed", "3", "--orders", "100", "--state", str(tmp_path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        said = json.loads(server.stdout.readline())
        server.send_signal(stop)
        assert server.wait(timeout=20) == 0
    quickbooks = {"endpoint", "token_url", "discovery_url", "realm_id", "client_id", "client_secret"}
    assert quickbooks | {"refresh_token", "observer_refresh_token"} <= said["quickbooks"].keys()
    assert said["quickbooks"]["endpoint"].endswith("/v3/company/")
    amazon = {"endpoint", "lwa", "client_id", "client_secret", "refresh_token", "seller_id", "marketplaces"}
    assert amazon <= said["amazon"].keys()


def test_an_impossible_practice_world_is_refused() -> None:
    run = subprocess.run(
        [*TIEOUT, "practice", "serve", "--marketplaces", "Atlantis", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    said = json.loads(run.stdout.strip().splitlines()[-1])
    assert said["errors"][0]["code"] == "practice-world-unusable"
