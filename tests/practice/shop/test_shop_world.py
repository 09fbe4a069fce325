"""The practice seller's world is one world: its parts agree to the cent, and it is the same every time."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.practice.shop import Shop, ShopSettlement, make_shop, shop_for_demo, write_settlement_file
from tieout.practice.shop.account_events import OTHER
from tieout.practice.shop.periods import last_start
from tieout.practice.shop.planted import UNKNOWN_FEE, Trouble
from tieout.practice.shop.records import Channel, OrderKind

SEEDS = st.integers(min_value=0, max_value=10**9)
RESERVE_NOW, RESERVE_BEFORE = "Current Reserve Amount", "Previous Reserve Amount Balance"


def amounts_of(settlement: ShopSettlement) -> list[int]:
    """The amount column of the file's text, in minor units, read by its marketplace's own decimal mark."""
    header, summary, *rows = settlement.flat_file_v2().decode("ascii").splitlines()
    column = header.split("\t").index("amount")
    assert summary.split("\t")[0] == settlement.settlement_id
    return [int(row.split("\t")[column].replace(",", "").replace(".", "")) for row in rows]


def by_account(shop: Shop) -> dict[str, list[ShopSettlement]]:
    accounts: dict[str, list[ShopSettlement]] = defaultdict(list)
    for settlement in shop.settlements:
        accounts[settlement.marketplace.country].append(settlement)
    return accounts


def own_amount(settlement: ShopSettlement, description: str) -> int:
    return sum(
        amount
        for event in settlement.events()
        for kind, what, amount, _ in event.entries
        if (kind, what) == (OTHER, description)
    )


def test_every_account_but_a_companion_is_named_in_its_settlements() -> None:
    for settlement in make_shop(2, orders=40, settlement_days=2).settlements:
        names = {event.marketplace_name for event in settlement.events()} - {""}
        own = {settlement.marketplace.name}
        assert names - own <= {settlement.account.place.non_amazon}
        assert settlement.account.companion or own <= names


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(min_value=12, max_value=250), st.booleans())
def test_rows_sum_to_the_settlement_total(seed: int, orders: int, exceptions: bool) -> None:
    shop = make_shop(seed, orders=orders, exceptions=exceptions)
    for settlement in shop.settlements:
        amounts = amounts_of(settlement)
        assert sum(amounts) == settlement.total_minor
        assert len(amounts) == settlement.rows


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_every_settled_order_is_listed_and_pays_what_the_buyer_paid(seed: int) -> None:
    shop = make_shop(seed, orders=150)
    paid: dict[str, int] = defaultdict(int)
    for settlement in shop.settlements:
        for event in settlement.events():
            if event.transaction_type == "Order":
                order = shop.order(event.order_id)
                assert order is not None
                assert order.place.market.currency == settlement.currency
                assert order.status_at(int(shop.now.timestamp())) == "Shipped"
                paid[event.order_id] += sum(
                    amount for kind, _, amount, _ in event.entries if kind in ("ItemPrice", "Promotion")
                )
    assert paid
    for order_id, amount in paid.items():
        order = shop.order(order_id)
        assert order is not None
        assert amount == order.paid


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_withheld_tax_takes_the_whole_tax_of_an_order_away(seed: int) -> None:
    shop = make_shop(seed, orders=150)
    residual: dict[str, int] = defaultdict(int)
    withheld: set[str] = set()
    for settlement in shop.settlements:
        for event in settlement.events():
            for kind, what, amount, _ in event.entries:
                if kind == "ItemWithheldTax":
                    withheld.add(event.order_id)
                if kind == "ItemWithheldTax" or "Tax" in what:
                    residual[event.order_id] += amount
    assert withheld
    assert {order_id: residual[order_id] for order_id in withheld if residual[order_id]} == {}
    british = [number for number, amount in residual.items() if amount and number not in withheld]
    assert british
    assert all(number[:3] in ("202", "203", "204", "206", "026") for number in british)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(min_value=1, max_value=4), st.sampled_from([1, 7, 14]))
def test_reserve_chain_and_debts_hold(seed: int, months: int, days: int) -> None:
    shop = make_shop(seed, orders=200, months=months, settlement_days=days)
    for settlements in by_account(shop).values():
        assert settlements[0].start.date() == shop.start
        for earlier, later in pairwise(settlements):
            assert later.start == earlier.end
            assert own_amount(later, RESERVE_BEFORE) == -own_amount(earlier, RESERVE_NOW)
            debt = min(earlier.total_minor, 0)
            assert own_amount(later, "Payable to Amazon") == debt
            assert own_amount(later, "Successful charge") == -debt


@pytest.mark.parametrize("seed", range(25))
def test_demo_seller_has_one_of_each(seed: int) -> None:
    shop = shop_for_demo(seed)
    accounts = by_account(shop)
    totals = {country: [one.total_minor for one in listed] for country, listed in accounts.items()}
    assert set(totals) == {"US", "GB", "DE", "CA", "MX"}
    negative = [(country, n) for country, each in totals.items() for n, total in enumerate(each) if total < 0]
    reserved = [(country, n) for country, each in totals.items() for n, total in enumerate(each) if total == 0]
    assert negative == [("GB", 0)]
    assert reserved == [("DE", 1)]
    assert all((listed[-1].start.month, listed[-1].end.month) == (9, 10) for listed in accounts.values())
    unknown = [one for one in shop.settlements if own_amount(one, UNKNOWN_FEE)]
    assert [one.settlement_id for one in unknown] == [trouble.where for trouble in shop.troubles]
    assert [one.marketplace.country for one in unknown] == ["GB"]


def test_without_exceptions_only_kinds_that_are_known_occur(shared) -> None:
    lines = (shared / "data" / "settlement_triples.tsv").read_text().splitlines()[1:]
    known = {tuple(line.split("\t")[:3]) for line in lines}
    shop = make_shop(5, orders=2500, months=2, marketplaces=("US", "UK", "DE", "FR", "CA", "MX", "SE"))
    used = {
        (event.transaction_type, kind, what)
        for settlement in shop.settlements
        for event in settlement.events()
        for kind, what, _, _ in event.entries
    }
    assert len(used) > 40
    assert used - known == set()
    assert shop.troubles == ()


@pytest.mark.parametrize(
    ("now", "months", "start"),
    [
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), 1, date(2026, 10, 11)),
        (datetime(2026, 11, 13, 14, 59, tzinfo=UTC), 1, date(2026, 9, 28)),
        (datetime(2026, 11, 13, 15, 0, tzinfo=UTC), 1, date(2026, 10, 1)),
        (datetime(2027, 1, 5, tzinfo=UTC), 1, date(2026, 11, 23)),
        (datetime(2028, 3, 12, 23, 0, tzinfo=UTC), 1, date(2028, 1, 28)),
        (datetime(2028, 3, 1, tzinfo=UTC), 14, date(2026, 12, 17)),
    ],
)
def test_a_world_seen_from_any_day_is_the_newest_that_is_settled(now: datetime, months: int, start: date) -> None:
    assert last_start(now, months) == start
    shop = make_shop(4, orders=60, months=months, start=start, now=now)
    assert shop.now == now
    orders = sorted(shop.orders(), key=lambda order: order.purchased_s)
    assert now - timedelta(days=3 * months) < datetime.fromtimestamp(orders[-1].purchased_s, UTC) <= now
    for settlements in by_account(shop).values():
        assert settlements[-1].deposit <= now < settlements[-1].end + timedelta(days=15)
        assert len(settlements) == 3 or months > 1


def test_worlds_of_one_seller_that_begin_on_different_days_share_no_id() -> None:
    usual, later = make_shop(4, orders=60), make_shop(4, orders=60, start=date(2026, 9, 15))
    assert not {one.order_id for one in usual.orders()} & {one.order_id for one in later.orders()}
    ids = [{one.settlement_id for one in shop.settlements} for shop in (usual, later)]
    assert not ids[0] & ids[1]
    assert {len(one) for one in ids[1]} == {11}
    for order in later.orders():
        assert later.order(order.order_id) == order
        assert usual.order(order.order_id) is None


def test_a_world_is_not_seen_before_its_months_are_settled() -> None:
    with pytest.raises(ValueError, match="is seen from 2026-10-13 15:00 on"):
        make_shop(1, now=datetime(2026, 10, 1, tzinfo=UTC))


def test_exceptions_are_listed_where_they_are() -> None:
    shop = make_shop(11, orders=400, exceptions=True)
    where = defaultdict(list)
    for trouble in shop.troubles:
        where[trouble.trouble].append(trouble.where)
    assert set(where) == set(Trouble)
    by_id = {one.settlement_id: one for one in shop.settlements}
    assert all(own_amount(by_id[number], UNKNOWN_FEE) for number in where[Trouble.UNKNOWN_FEE])
    settled = {event.order_id for one in shop.settlements for event in one.events()}
    assert all(number in settled and shop.order(number) is None for number in where[Trouble.UNLISTED_ORDER])
    for number in where[Trouble.CANCELLED_LATE]:
        order = shop.order(number)
        assert order is not None
        assert order.cancelled_s is not None
        now = int(shop.now.timestamp())
        assert order.status_at(now) in ("Pending", "Unshipped")
        assert order.status_at(order.cancelled_s - 1) == "Unshipped"
        assert order.status_at(order.cancelled_s) == "Canceled"


def test_same_arguments_give_the_same_bytes_and_another_seed_gives_others() -> None:
    first, again, other = (make_shop(seed, orders=60).settlements[1].flat_file_v2() for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_orders_are_of_every_sort_even_in_a_small_shop() -> None:
    shop = make_shop(3, orders=100)
    now = int(shop.now.timestamp())
    orders = list(shop.orders())
    assert {order.status_at(now) for order in orders} == {"Pending", "Unshipped", "Shipped", "Canceled"}
    assert {order.kind for order in orders} == set(OrderKind)
    assert {order.channel for order in orders} == set(Channel)
    lines = [line for order in orders for line in order.lines]
    assert any(line.gift_wrap for line in lines)
    assert any(line.discount for line in lines)
    assert any(line.quantity > 1 for line in lines)
    twins = [order for order in orders if len({line.product.sku for line in order.lines}) < len(order.lines)]
    assert twins
    assert any(order.paid == 0 for order in orders if order.kind is OrderKind.REPLACEMENT)
    assert any(order.order_id.startswith("S01-") for order in orders)
    assert any(order.deferred for order in orders)
    assert len(list(shop.orders("US"))) + len(list(shop.orders("UK"))) + len(list(shop.orders("DE"))) == 100


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.data())
def test_an_order_is_found_by_its_id_alone(seed: int, data: st.DataObject) -> None:
    shop = make_shop(seed, orders=1_000_000)
    account = data.draw(st.sampled_from(shop.accounts[:3]))
    index = data.draw(st.integers(min_value=0, max_value=account.book.count - 1))
    order = account.book.order(index)
    assert shop.order(order.order_id) == order
    assert shop.order("111-0000000-0000000") is None
    assert shop.order("not an order") is None


def test_purchases_run_with_their_numbers_so_a_span_of_time_is_a_span_of_numbers() -> None:
    shop = make_shop(8, orders=300)
    book = shop.account("US").book
    assert book is not None
    moments = [book.purchased_s(index) for index in range(book.count)]
    assert moments == sorted(moments)
    assert book.first_since(moments[40]) == 40
    assert book.first_since(moments[-1] + 1) == book.count


def test_the_forms_of_each_marketplace() -> None:
    shop = make_shop(2, orders=120, marketplaces=("US", "UK", "DE"))
    first = {country: listed[0].flat_file_v2().decode().splitlines() for country, listed in by_account(shop).items()}
    summaries = {country: lines[1].split("\t") for country, lines in first.items()}
    assert summaries["US"][1] == "2026-09-01 09:00:00 UTC"
    assert summaries["GB"][1] == "01.09.2026 09:00:00 UTC"
    assert "." in summaries["GB"][4]
    assert "," in summaries["DE"][4]
    assert summaries["CA"][5] == "CAD"
    assert {len(lines[0].split("\t")) for lines in first.values()} == {24}
    widths = {len(row.split("\t")) for row in first["US"][2:]}
    assert widths == {23, 24}


def test_settlements_may_come_every_day() -> None:
    shop = make_shop(1, orders=300, settlement_days=1)
    assert len(shop.settlements) > 180
    assert all((one.end - one.start).days <= 1 for one in shop.settlements)
    assert sum(sum(amounts_of(one)) - one.total_minor for one in shop.settlements) == 0


@pytest.mark.parametrize("lines", [1, 2, 7, 40, 5003])
@pytest.mark.parametrize("marketplace", ["US", "DE"])
def test_a_file_of_an_exact_number_of_lines(tmp_path, lines: int, marketplace: str) -> None:
    path = tmp_path / "settlement.txt"
    total = write_settlement_file(path, lines=lines, seed=9, marketplace=marketplace)
    header, summary, *rows = path.read_text().splitlines()
    column = header.split("\t").index("amount")
    assert len(rows) == lines
    assert sum(int(row.split("\t")[column].replace(".", "").replace(",", "")) for row in rows) == total
    assert int(summary.split("\t")[4].replace(".", "").replace(",", "")) == total


@pytest.mark.parametrize(
    "arguments",
    [
        {"orders": 0},
        {"months": 0},
        {"settlement_days": 0},
        {"settlement_days": 15},
        {"marketplaces": ()},
        {"marketplaces": ("JP",)},
        {"orders": 2, "marketplaces": ("US", "UK", "DE")},
    ],
)
def test_impossible_shops_are_refused(arguments) -> None:
    with pytest.raises(ValueError):
        make_shop(1, **arguments)


def test_a_world_may_start_anywhere() -> None:
    shop = make_shop(1, orders=100, months=3, start=date(2025, 11, 15))
    assert shop.now == datetime(2026, 2, 27, 15, tzinfo=UTC)
    assert {one.start.year for one in shop.settlements} == {2025, 2026}
