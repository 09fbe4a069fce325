"""The columns of a settlement give the sums that adding up its rows one by one gives.

The oracle here is another way to the same figures: plain records, Decimal and a dictionary.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parse.making import File, codes, good, line, read, small_file, summary
from tieout.domain.calendar import Month, local_day
from tieout.domain.money import Money, plain_decimal
from tieout.domain.settlement import Kind, LineSum, OrderKindSum, Settlement, SettlementLines

START = 1772323200  # 1 March 2026
PERIOD = 45 * 86400
WORDS = [
    ("Order", "ItemPrice", "Principal"),
    ("Order", "ItemPrice", "Tax"),
    ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"),
    ("Refund", "ItemPrice", "Principal"),
    ("order", "itemprice", "principal"),
    ("other-transaction", "other-transaction", "Subscription Fee"),
    ("", "", ""),
]
WITHHELD, TAX = "ItemWithheldTax", "Tax"
MODERATE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NO_ORDERS: frozenset[str] = frozenset()
NO_KINDS: frozenset[Kind] = frozenset()
ZONES = ["America/Los_Angeles", "UTC", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe"]


@dataclass(frozen=True)
class Row:
    words: tuple[str, str, str]
    marketplace_name: str
    order_id: str
    minor: int
    second: int

    @property
    def kind(self) -> Kind:
        return Kind(*self.words, self.marketplace_name)

    def day(self, zone: str) -> date:
        return local_day(datetime.fromtimestamp(self.second, UTC), zone)


rows_strategy = st.lists(
    st.builds(
        Row,
        st.sampled_from(WORDS),
        st.sampled_from(["Amazon.com", "Non-Amazon US", ""]),
        st.sampled_from(["", "111-1", "111-2", "111-3", "S01-4"]),
        st.integers(-10_000, 10_000),
        st.integers(START, START + PERIOD),
    ),
    min_size=1,
    max_size=30,
)


def as_file(rows: Sequence[Row], form: str = "%Y-%m-%d %H:%M:%S UTC") -> File:
    def at(second: int) -> str:
        return datetime.fromtimestamp(second, UTC).strftime(form)

    total = plain_decimal(sum(row.minor for row in rows), 2)
    dates = {
        "settlement_start_date": at(START),
        "settlement_end_date": at(START + PERIOD),
        "deposit_date": "",
    }
    lines = [
        line(
            plain_decimal(row.minor, 2),
            row.words,
            marketplace_name=row.marketplace_name,
            order_id=row.order_id,
            posted_date=at(row.second)[:10],
            posted_date_time=at(row.second),
        )
        for row in rows
    ]
    return File([summary(total, **dates), *lines])


def facilitated_of(lines: SettlementLines) -> tuple[frozenset[str], frozenset[Kind]]:
    withheld = frozenset(kind for kind in lines.kinds() if kind.amount_type == WITHHELD)
    tax = frozenset(kind for kind in lines.kinds() if kind.amount_description == TAX)
    return lines.orders_with(withheld), withheld | tax


@settings(MODERATE, max_examples=60)
@given(rows_strategy, st.sampled_from(ZONES), st.sampled_from(["%Y-%m-%d %H:%M:%S UTC", "%d.%m.%Y %H:%M:%S UTC"]))
def test_sums_are_those_of_the_rows(rows: list[Row], zone: str, form: str) -> None:
    lines = good(as_file(rows, form), time_zone=zone).lines
    orders, kinds = facilitated_of(lines)
    assert orders == {row.order_id for row in rows if row.words[1] == WITHHELD and row.order_id}
    expected: dict[tuple[Kind, Month, bool], list[int]] = defaultdict(list)
    places: dict[tuple[Kind, Month, bool], list[int]] = defaultdict(list)
    for place, row in enumerate(rows, 3):
        key = (row.kind, Month.of(row.day(zone)), row.order_id in orders and row.kind in kinds)
        expected[key].append(row.minor)
        places[key].append(place)
    made = lines.sums(orders, kinds)
    assert set(made) == {
        LineSum(*key, len(minors), Money(sum(minors), "USD"), places[key][0]) for key, minors in expected.items()
    }
    assert [s.first_row for s in made] == sorted(s.first_row for s in made)
    for (kind, month, facilitated), found in places.items():
        assert lines.rows_of(kind, month, facilitated, orders, kinds) == found


@settings(MODERATE, max_examples=40)
@given(rows_strategy)
def test_orders_add_up(rows: list[Row]) -> None:
    lines = good(as_file(rows)).lines
    _, kinds = facilitated_of(lines)
    by_order: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, row in enumerate(rows, 3):
        if row.kind in kinds and row.order_id:
            by_order[row.order_id].append((place, row.minor))
    expected = [(o, sum(m for _, m in found), len(found), found[0][0]) for o, found in by_order.items()]
    made = [(s.order_id, s.amount.minor, s.rows, s.first_row) for s in lines.order_sums(kinds)]
    assert made == expected
    nonzero = [(s.order_id, s.amount.minor, s.rows, s.first_row) for s in lines.order_sums(kinds, nonzero_only=True)]
    assert nonzero == [order for order in expected if order[1]]


@settings(MODERATE, max_examples=40)
@given(rows_strategy, st.sampled_from(ZONES))
def test_orders_add_up_by_kind_and_month(rows: list[Row], zone: str) -> None:
    lines = good(as_file(rows), time_zone=zone).lines
    _, kinds = facilitated_of(lines)
    found: dict[tuple[str, Kind, Month], list[tuple[int, int, date]]] = defaultdict(list)
    for place, row in enumerate(rows, 3):
        if row.kind in kinds and row.order_id:
            found[row.order_id, row.kind, Month.of(row.day(zone))].append((place, row.minor, row.day(zone)))
    assert set(lines.order_kind_sums(kinds)) == {
        OrderKindSum(
            *key, Money(sum(m for _, m, _ in each), "USD"), len(each), each[0][0], max(day for *_, day in each)
        )
        for key, each in found.items()
    }


@settings(MODERATE, max_examples=40)
@given(rows_strategy)
def test_kinds_are_in_the_order_of_their_first_rows(rows: list[Row]) -> None:
    assert good(as_file(rows)).lines.kinds() == tuple(dict.fromkeys(row.kind for row in rows))


@settings(MODERATE, max_examples=40)
@given(rows_strategy, st.randoms(use_true_random=False))
def test_permuting_rows_changes_no_sum(rows: list[Row], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert without_places(good(as_file(shuffled))) == without_places(good(as_file(rows)))


def without_places(settlement: Settlement) -> set[tuple[Kind, Month, bool, int, int]]:
    orders, kinds = facilitated_of(settlement.lines)
    return {(s.kind, s.month, s.facilitated, s.rows, s.amount.minor) for s in settlement.lines.sums(orders, kinds)}


@settings(MODERATE, max_examples=60)
@given(rows_strategy, st.integers(-500, 500))
def test_rule_1_rows_sum_to_the_settlement_total(rows: list[Row], off: int) -> None:
    """Exactly, by two ways of adding up; and if not, a blocking finding names the difference."""
    file = as_file(rows)
    by_text = sum((Decimal(fields["amount"]) for fields in file.rows[1:]), Decimal(0))
    settlement = good(file)
    assert Decimal(settlement.total.decimal) == by_text == Decimal(settlement.sum_of_rows.decimal)
    assert sum(s.amount.minor for s in settlement.lines.sums(NO_ORDERS, NO_KINDS)) == settlement.total.minor
    said = dict(file.rows[0]) | {"total-amount": plain_decimal(settlement.total.minor + off, 2)}
    again, findings = read(File([said, *file.rows[1:]]))
    assert again is not None
    assert again.difference == Money(off, "USD")
    assert codes(findings) == (["settlement-total-differs"] if off else [])
    assert all(finding.stops and str(Money(off, "USD")) in finding.what for finding in findings)


@settings(MODERATE, max_examples=60)
@given(rows_strategy)
def test_rule_2_every_row_lands_in_exactly_one_sum(rows: list[Row]) -> None:
    """No row is dropped, doubled, merged or defaulted, whatever the orders and kinds asked for."""
    lines = good(as_file(rows)).lines
    assert len(lines) == len(rows)
    for orders, kinds in (
        (NO_ORDERS, NO_KINDS),
        facilitated_of(lines),
        (frozenset({"111-1", "nobody"}), frozenset(lines.kinds())),
    ):
        landed: list[int] = []
        for s in lines.sums(orders, kinds):
            found = lines.rows_of(s.kind, s.month, s.facilitated, orders, kinds)
            assert len(found) == s.rows
            landed.extend(found)
        assert sorted(landed) == list(range(3, 3 + len(rows)))
    assert [line.row for line in lines.lines()] == list(range(3, 3 + len(rows)))


def test_orders_given_by_others_are_the_same_orders() -> None:
    lines = good(small_file()).lines
    orders, kinds = facilitated_of(lines)
    assert lines.sums(frozenset(list(orders)), kinds) == lines.sums(orders, kinds)
    fresh = good(small_file()).lines
    assert fresh.sums(orders, kinds) == lines.sums(orders, kinds)


def test_lines_can_be_read_again_and_again() -> None:
    lines = good(small_file()).lines
    assert list(lines.lines()) == list(lines.lines())
    assert len(list(lines.lines())) == len(lines) == 8


def test_many_lines_take_the_same_way() -> None:
    rows = [
        Row(WORDS[n % 6], "Amazon.com", f"111-{n % 997}", n % 1999 - 900, START + n * 37 % PERIOD)
        for n in range(50_000)
    ]
    lines = good(as_file(rows)).lines
    orders, kinds = facilitated_of(lines)
    assert sum(s.rows for s in lines.sums(orders, kinds)) == len(rows)
    assert sum(line.amount.minor for line in lines.lines()) == sum(row.minor for row in rows)
    assert sum(1 for _ in lines.order_sums(kinds)) == len({row.order_id for row in rows if row.kind in kinds})
