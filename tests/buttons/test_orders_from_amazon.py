"""Settlements and orders from practice Amazon into a closed workbook."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tieout.cli.app import app
from tieout.commands.practice_servers import PracticeWorld, practice_servers
from tieout.download_ports import Source
from tieout.wiring import open_company


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The line of `tieout practice serve` in a file, and both servers behind it."""
    with practice_servers(PracticeWorld(orders=40, marketplaces=("US",))) as connection:
        line = tmp_path_factory.mktemp("serve") / "practice.json"
        line.write_text(json.dumps(connection), encoding="utf-8")
        yield line


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A new workbook whose company is connected to nothing."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    book = tmp_path / "Acme.xlsm"
    made = CliRunner().invoke(app, ["new", str(book), "--company", "Acme Ltd", "--country", "US"])
    assert made.exit_code == 0, made.output
    return Desk(book, tmp_path / "home", tmp_path)


@pytest.mark.parametrize("button", ["connect-amazon", "download-orders", "download-settlements"])
def test_without_a_seller_account_a_button_says_how_to_connect_one(desk: Desk, button: str) -> None:
    pressed = desk.press(button)
    assert str(pressed.outcome.result) == "Sign in needed"
    assert "tieout connect amazon" in pressed.outcome.message
    assert pressed.changed == {}
    with desk.opened() as book:
        assert (book.cell("AmazonState"), book.cell("QuickBooksState")) == ("Not connected", "Not connected")


def test_settlements_are_downloaded_once_and_posted_as_imported_ones_are(desk: Desk, servers: Path) -> None:
    connected = desk.press("connect-amazon", servers)
    assert str(connected.outcome.result) == "Done"
    assert "1 practice seller account: Amazon.com" in connected.outcome.message
    with desk.opened() as book:
        assert (book.cell("AmazonState"), book.cell("QuickBooksState")) == ("Practice", "Practice")
    assert desk.press("connect-amazon").outcome.message == connected.outcome.message

    desk.setting("method", "Settlement summary")
    pressed = desk.press("download-settlements")
    assert str(pressed.outcome.result) == "Done"
    states = desk.states()
    assert set(states.values()) == {"New"}
    assert pressed.outcome.message.startswith(f"{len(states)} settlements downloaded")
    assert {row.text("code") for row in desk.table("Exceptions").rows} == {"settlements-out-of-reach"}
    lines = desk.table("SettlementLines").rows
    assert {row.text("settlement_id") for row in lines} == set(states)

    before = desk.contents()
    again = desk.press("download-settlements")
    assert again.changed == {}
    assert again.outcome.message.startswith("Nothing new")
    assert desk.contents() == before

    posted = desk.press("post-settlements")
    assert str(posted.outcome.result) == "Done", posted.outcome
    assert set(desk.states().values()) == {"Posted"}
    assert {row.text("tie_out") for row in desk.table("Settlements").rows} == {"Ties out"}


def orders_shown(desk: Desk) -> dict[str, str]:
    """The state of each order on Orders."""
    return {row.text("order_id"): row.text("state") for row in desk.table("Orders").rows if row.text("order_id")}


def change_at_amazon(desk: Desk, order_id: str, status: str) -> None:
    """Let the store know a newer version of an order."""
    with open_company("Acme Ltd", desk.home) as opened:
        order = opened.store.orders.get(order_id)
        assert order is not None
        newer = replace(order, status=status, updated=order.updated + timedelta(days=30))
        opened.store.orders.save([newer], Source.FILE)


def test_orders_are_downloaded_as_status_filters_say(desk: Desk, servers: Path) -> None:
    desk.press("connect-amazon", servers)
    desk.setting("method", "Orders and settlement")
    pressed = desk.press("download-orders")
    assert str(pressed.outcome.result) == "Done"
    with open_company("Acme Ltd", desk.home) as opened:
        stored = {order.order_id: order for order in opened.store.orders.all()}
    shown = orders_shown(desk)
    assert pressed.outcome.message.startswith(f"{len(stored)} orders downloaded")
    assert set(shown) < set(stored)  # by default what is pending or cancelled is left out
    assert set(shown.values()) == {"Ready", "Waiting"}
    for row in desk.table("Orders").rows:
        order = stored[row.text("order_id")]
        total = order.total()
        assert total is not None
        assert row.values["total"] == float(total.decimal)
        parts = [row.values[key] for key in ("items", "shipping", "gift_wrap", "promotions", "tax")]
        assert round(sum(float(str(part)) for part in parts), 2) == row.values["total"]
        assert bool(row.text("why")) is (row.text("state") == "Waiting")

    ready, other = [one for one, state in shown.items() if state == "Ready"][:2]
    desk.type("Orders", "notes", desk.row("Orders", "order_id", ready), "gift for Ann")
    before = desk.contents()
    again = desk.press("download-orders")
    assert again.changed == {}
    assert desk.contents() == before

    # One is cancelled: it is marked where it stands. A filter that is widened needs no download.
    change_at_amazon(desk, other, "Cancelled")
    pressed = desk.press("download-orders")
    assert pressed.changed == {"Orders": 1}
    row = desk.row("Orders", "order_id", other)
    assert (row.text("state"), row.text("amazon_status")) == ("Waiting", "Cancelled")
    assert "never posted" in row.text("why")
    for row in desk.table("StatusFilters").rows:
        if row.text("marketplace") == "US":
            for status in ("shipped", "completed", "payment_complete", "cancelled", "pending"):
                desk.type("StatusFilters", status, row, "Download only")
    desk.press("download-orders")
    widened = orders_shown(desk)
    assert {widened[one] for one in widened if stored[one].marketplace == "US"} == {"Waiting"}
    assert set(shown) < set(widened)
    assert desk.row("Orders", "order_id", ready).text("notes") == "gift for Ann"


def test_while_settlements_are_posted_in_summary_orders_are_held(desk: Desk, servers: Path) -> None:
    desk.setting("method", "Settlement summary")
    desk.press("connect-amazon", servers)
    desk.press("download-orders")
    held = [row for row in desk.table("Orders").rows if row.text("state") == "Held"]
    assert held
    assert all("their settlement records them" in row.text("why") for row in held)
    assert "Ready" not in set(orders_shown(desk).values())
