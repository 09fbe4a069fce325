"""A practice company: made-up books and a made-up seller in its folder, with no server in a terminal."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.buttons.desk import Desk
from tieout.cli.app import app
from tieout.commands.practice_servers import PracticeWorld, practice_servers
from tieout.practice.shop import shop_for_demo
from tieout.wiring import companies, open_company


def world_file(desk: Desk) -> Path:
    [found] = desk.home.glob("companies/*/practice/world.json")
    return found


def change_world(desk: Desk, **changes: Any) -> None:
    file = world_file(desk)
    world = {**json.loads(file.read_text(encoding="utf-8")), **changes}
    file.write_text(json.dumps({name: value for name, value in world.items() if value is not None}), encoding="utf-8")


def orders(desk: Desk) -> dict[str, str]:
    """The status of each order that the store knows."""
    with open_company("Acme Ltd", desk.home) as opened:
        return {order.order_id: order.status.capitalize() for order in opened.store.orders.all()}


def test_the_button_says_what_to_press_and_both_connections_stand(desk: Desk) -> None:
    pressed = desk.press("practice-company")
    assert str(pressed.outcome.result) == "Done"
    assert "Press Download under Orders and under Settlements, then Post" in pressed.outcome.message
    with desk.opened() as book:
        assert (book.cell("AmazonState"), book.cell("QuickBooksState")) == ("Practice", "Practice")
    assert "Amazon.co.uk" in desk.press("connect-amazon").outcome.message
    assert str(desk.press("connect-quickbooks").outcome.result) == "Done"


def test_orders_come_from_the_sellers_world_and_post_to_the_books(desk: Desk) -> None:
    desk.setting("method", "Orders and settlement")
    downloaded = desk.press("download-orders")
    assert str(downloaded.outcome.result) == "Done", downloaded.outcome
    shop = shop_for_demo(1)
    seen = {order.order_id for order in shop.orders() if order.purchased_s <= shop.now.timestamp()}
    assert set(orders(desk)) == seen
    posted = desk.press("post-orders")
    assert str(posted.outcome.result) == "Done", posted.outcome
    with desk.quickbooks() as books:
        numbers = [each["DocNumber"] for each in books.transactions("Invoice")]
    assert len(numbers) == posted.outcome.count
    assert set(numbers) < seen
    before = desk.contents()
    assert desk.press("download-orders").changed == {}
    assert desk.press("post-orders").changed == {}
    assert desk.contents() == before


def test_settlements_are_the_ones_whose_files_lie_beside_the_workbook(desk: Desk) -> None:
    """So that both ways can be tried, and the second brings nothing new."""
    pressed = desk.press("download-settlements")
    assert pressed.outcome.count == len(shop_for_demo(1).settlements)
    # The desk's files are some of those in "Acme - practice files".
    again = desk.press("import-settlements", *desk.files.iterdir())
    assert again.outcome.count == 0
    assert "alarm" not in again.outcome.message


def test_a_day_passes_there_for_each_day_here(desk: Desk) -> None:
    desk.press("download-orders")
    first = orders(desk)
    made = datetime.fromisoformat(json.loads(world_file(desk).read_text(encoding="utf-8"))["made"])
    change_world(desk, made=(made - timedelta(days=3)).isoformat())
    later_press = desk.press("download-orders")
    later = orders(desk)
    assert set(first) == set(later)
    assert "updated" in later_press.outcome.message
    assert {one for one, status in first.items() if status == "Pending"}
    assert {later[one] for one, status in first.items() if status == "Pending"} == {"Shipped"}
    change_world(desk, made=(made - timedelta(days=20)).isoformat())
    settled = desk.press("download-settlements")
    assert (settled.outcome.count or 0) > len(shop_for_demo(1).settlements)


def test_a_clock_that_was_put_back_does_not_take_the_world_back(desk: Desk) -> None:
    change_world(desk, made="2999-01-01T00:00:00+00:00")
    assert str(desk.press("download-orders").outcome.result) == "Done"
    assert desk.press("download-orders").changed == {}


def test_a_company_that_practised_before_there_was_an_amazon_gets_one_and_keeps_its_books(desk: Desk) -> None:
    desk.press("import-settlements", *desk.files.iterdir())
    posted = desk.press("post-settlements").outcome.count
    registry = desk.home / "companies.json"
    found = json.loads(registry.read_text(encoding="utf-8"))
    [company] = found["companies"]
    company["amazon"] = None
    company["quickbooks"]["endpoint"] = "http://127.0.0.1:9/v3/company/"
    registry.write_text(json.dumps(found), encoding="utf-8")
    change_world(desk, made=None)
    assert str(desk.press("reconcile").outcome.result) == "Done"
    assert str(desk.press("download-orders").outcome.result) == "Sign in needed"
    assert str(desk.press("practice-company").outcome.result) == "Done"
    assert str(desk.press("download-orders").outcome.result) == "Done"
    assert f"All of {posted} posted settlements tie out" in desk.press("reconcile").outcome.message


def test_bound_to_practice_servers_it_leaves_its_own(desk: Desk, tmp_path: Path) -> None:
    world = PracticeWorld(orders=20, marketplaces=("US",), is_generous=True)
    with practice_servers(world) as connection:
        line = tmp_path / "practice.json"
        line.write_text(json.dumps(connection), encoding="utf-8")
        connected = desk.press("connect-amazon", line)
        assert str(connected.outcome.result) == "Done", connected.outcome
        desk.press("download-orders")
        assert set(orders(desk)) <= {order.order_id for order in world.shop().orders()}
        assert orders(desk)
        assert str(desk.press("refresh-lists").outcome.result) == "Done"
        [company] = companies(desk.home).read().companies
        assert company.quickbooks is not None
        assert company.quickbooks.endpoint == connection["quickbooks"]["endpoint"]
    assert str(desk.press("refresh-lists").outcome.result) == "Refused"


def test_check_up_asks_the_own_amazon_too(desk: Desk) -> None:
    result = CliRunner().invoke(app, ["check-up", "--json"])
    said = json.loads(result.stdout.strip().splitlines()[-1])
    assert not [finding for finding in said.get("errors", []) if "amazon" in json.dumps(finding).casefold()], said
