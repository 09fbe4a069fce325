"""QuickBooks' lists where they don't fit an order: each ends in a sentence, and nothing is half made."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.orders.making import ORDER_ID, line, order
from tests.orders.sale_world import ALL, SaleWorld, sale_world
from tieout.commands.agreement import Agreed
from tieout.commands.post_orders import OrdersReport, OrderState
from tieout.commands.setting_places import SETTING_OF
from tieout.domain.order import Order
from tieout.domain.posting_settings import ItemPolicy, PostingSettings

KINDS = ("Customer", "Vendor", "Item", "Account", "Invoice")


def codes(report: OrdersReport) -> set[str]:
    return {finding.code for finding in report.all_findings if finding.stops}


def held(world: SaleWorld) -> dict[str, int]:
    return {kind: len(world.held(kind)) for kind in KINDS}


def make(world: SaleWorld, kind: str, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = world.there.practice.create_as_person(kind, fields)
    return made


def account(world: SaleWorld, name: str) -> dict[str, str]:
    return {"value": next(each["Id"] for each in world.held("Account") if each["Name"] == name)}


def inactive(kind: str, **fields: Any) -> Callable[[SaleWorld], None]:
    def before(world: SaleWorld) -> None:
        made = make(world, kind, **fields)
        world.there.practice.edit_as_person(kind, made["Id"], {"Active": False})

    return before


def inactive_item(world: SaleWorld) -> None:
    inactive("Item", Name="MUG-1", Type="Service", IncomeAccountRef=account(world, "Amazon Sales"))(world)


def category(world: SaleWorld) -> None:
    make(world, "Item", Name="MUG-1", Type="Category")


def bought_only(world: SaleWorld) -> None:
    make(world, "Item", Name="MUG-1", Type="Service", ExpenseAccountRef=account(world, "Amazon Other Fees"))


def vendor_of_the_name(world: SaleWorld) -> None:
    make(world, "Vendor", DisplayName="amazon us")


def customer_in_euro(world: SaleWorld) -> None:
    make(world, "Customer", DisplayName="Amazon US", CurrencyRef={"value": "EUR"})


SUB = PostingSettings(customer="Amazon:US")


@pytest.mark.parametrize(
    ("before", "settings", "practice", "given", "code"),
    [
        (None, None, {"multicurrency": False}, order(line(currency="CAD"), country="CA"), "currency-not-on"),
        (customer_in_euro, None, {}, None, "party-of-other-currency"),
        (None, SUB, {}, None, "party-name-not-usable"),
        (category, None, {}, None, "item-not-usable"),
        (inactive_item, None, {}, None, "item-not-usable"),
        (bought_only, None, {}, None, "item-not-usable"),
        (vendor_of_the_name, None, {}, None, "party-name-taken"),
        (inactive("Customer", DisplayName="Amazon US"), None, {}, None, "party-name-taken"),
    ],
)
def test_it_is_said_with_a_setting_and_nothing_is_made(
    tmp_path: Path,
    before: Callable[[SaleWorld], None] | None,
    settings: PostingSettings | None,
    practice: dict[str, Any],
    given: Order | None,
    code: str,
) -> None:
    with sale_world(tmp_path, settings, **practice) as world:
        if before is not None:
            before(world)
        was = held(world)
        report = world.post(given or order(line()), agreed=ALL)
        assert code in codes(report)
        assert code in SETTING_OF, "the cell of a setting goes with it"
        assert held(world) == was
        [result] = report.results
        assert result.state is OrderState.ERROR


def test_a_sub_customer_is_found_by_its_whole_name_and_by_its_own(tmp_path: Path) -> None:
    for name in ("Amazon:US shop", "us SHOP"):
        with sale_world(tmp_path / name[:2], PostingSettings(customer=name)) as world:
            parent = make(world, "Customer", DisplayName="Amazon")
            sub = make(world, "Customer", DisplayName="US shop", Job=True, ParentRef={"value": parent["Id"]})
            assert codes(world.post(order(line()))) == set()
            [invoice] = world.held("Invoice")
            assert invoice["CustomerRef"]["value"] == sub["Id"]
            assert len(world.held("Customer")) == 2


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SaleWorld]:
    with sale_world(tmp_path) as made:
        yield made


def stock(world: SaleWorld, begins: str) -> None:
    """An inventory item with the SKU, whose stock is counted from a day on."""
    asset = make(world, "Account", Name="Stock", AccountType="Other Current Asset", AccountSubType="Inventory")
    cost = make(
        world, "Account", Name="Cost", AccountType="Cost of Goods Sold", AccountSubType="SuppliesMaterialsCogs"
    )
    make(
        world,
        "Item",
        Name="Mug",
        Sku="MUG-1",
        Type="Inventory",
        TrackQtyOnHand=True,
        QtyOnHand=5,
        InvStartDate=begins,
        IncomeAccountRef=account(world, "Amazon Sales"),
        ExpenseAccountRef={"value": cost["Id"]},
        AssetAccountRef={"value": asset["Id"]},
    )


def test_inventory_is_sold_from_the_day_its_stock_begins(world: SaleWorld) -> None:
    stock(world, "2026-01-16")
    was = held(world)
    assert codes(world.post(order(line()))) == {"item-before-its-stock"}
    assert held(world) == was
    [item] = world.held("Item")
    world.there.practice.edit_as_person("Item", item["Id"], {"InvStartDate": "2026-01-15"})
    assert codes(world.post(order(line()))) == set()


def test_one_item_of_the_settings_can_be_a_category_no_more_than_any(tmp_path: Path) -> None:
    settings = PostingSettings(item_policy=ItemPolicy.ONE, item="Goods")
    with sale_world(tmp_path, settings) as world:
        make(world, "Item", Name="Goods", Type="Category")
        assert codes(world.post(order(line()))) == {"item-not-usable"}
        assert world.held("Customer") == []


def test_single_names_are_agreed_to(world: SaleWorld) -> None:
    ticked = Agreed(ticked=frozenset({("Customer", "amazon us"), ("Item", "mug-1")}))
    assert codes(world.post(order(line("CUP-1")), agreed=ticked)) == {"item-missing"}
    assert world.held("Customer") == []
    report = world.post(order(line()), agreed=ticked)
    assert set(report.created) == {"customer Amazon US", "item MUG-1"}
    assert report.proposed == ()
    assert codes(report) == set()


def test_what_is_missing_is_proposed_with_what_it_would_be(world: SaleWorld) -> None:
    report = world.post(order(line()), agreed=Agreed())
    customer, item = sorted(report.proposed, key=lambda one: one.kind)
    assert (customer.kind, customer.name, customer.currency) == ("Customer", "Amazon US", "USD")
    assert (item.kind, item.name, item.sku, item.needed_by) == ("Item", "MUG-1", True, ORDER_ID)
    assert item.account is not None
    assert (item.account.name, item.account.account_type) == ("Amazon Sales", "Income")


def test_nothing_is_made_for_one_order_that_another_needs_too(world: SaleWorld) -> None:
    """What a sound order needs is made, though an order that can't post needs it as well."""
    bad = order(line(), line("CUP-1"), order_id="113-0000000-0000001")
    good = order(line())
    ticked = Agreed(ticked=frozenset({("Customer", "amazon us"), ("Item", "mug-1")}))
    report = world.post(bad, good, agreed=ticked)
    states = {result.order.order_id: result.state for result in report.results}
    assert states == {bad.order_id: OrderState.ERROR, good.order_id: OrderState.POSTED}
    assert [each["Name"] for each in world.held("Item")] == ["MUG-1"]


def test_an_item_that_posts_tax_to_income_is_refused(tmp_path: Path) -> None:
    with sale_world(tmp_path, country="GB", home_currency="GBP") as world:
        income = account(world, "Amazon Sales")
        make(world, "Item", Name="VAT on Amazon Sales", Type="Service", IncomeAccountRef=income)
        given = order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB")
        assert codes(world.post(given)) == {"item-posts-to-wrong-account"}
        assert world.held("Customer") == []
