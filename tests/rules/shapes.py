"""Settlements of every shape for property tests: many months, negative, zero, duplicates, facilitated orders."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.rules.in_memory import Row, settlement
from tieout.domain.settings import DepositTo, Detail, LastPartDay, NegativeTotal, SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.rules.fee_rule import ANY

FIRST_DAY = date(2024, 11, 20)
LAST_DAY = date(2025, 2, 20)
RESERVE = ("other-transaction", "other-transaction", "Current Reserve Amount")
UNKNOWN = (
    ("other-transaction", "other-transaction", "Harbour Handling Surcharge"),
    ("Order", "ItemFees", "MoonlightFee"),
    ("FBAFees", "Quantum Shelf Fee", "Base fee"),
    ("Wholly New Type", "Wholly New Type", "Wholly New Type"),
)

# Every kind the dictionary names, but those that rule 8 looks at: these come with whole orders.
KNOWN = tuple(
    (rule.transaction_type, rule.amount_type, rule.amount_description)
    for rule in load_fee_dictionary().rules
    if not any(ANY in pattern for pattern in rule.patterns)
    and rule.amount_type != "ItemWithheldTax"
    and not (rule.amount_type in ("ItemPrice", "Promotion") and rule.group.value == "Tax")
)

days = st.dates(FIRST_DAY, LAST_DAY)
amounts = st.one_of(st.integers(-5000, 5000), st.integers(-(10**11), 10**11), st.just(0))


@st.composite
def known_rows(draw: st.DrawFn) -> list[Row]:
    """A row of a kind that the dictionary knows, alone or several times over."""
    row = Row(draw(days), draw(st.sampled_from(KNOWN)), draw(amounts))
    return [row] * draw(st.sampled_from((1, 1, 1, 2, 3)))


@dataclass(frozen=True, slots=True)
class Taxed:
    """An order with tax: what was charged, what Amazon withheld (None: nothing), and its rows."""

    order_id: str
    tax: int
    withheld: int | None
    rows: tuple[Row, ...]

    @property
    def left(self) -> int:
        """What does not cancel in the facilitator tax account."""
        return 0 if self.withheld is None else self.tax + self.withheld


@st.composite
def taxed_orders(draw: st.DrawFn, number: int) -> Taxed:
    """An order or refund whose tax Amazon withheld wholly, but for a bit, or not at all."""
    order_id = f"111-{number:07d}-0000001"
    day, sign = draw(days), draw(st.sampled_from((1, -1)))
    occasion = "Order" if sign > 0 else "Refund"
    goods, shipping, discount = (draw(st.integers(0, 900)) * sign for _ in range(3))
    bit = draw(st.sampled_from((0, 0, 0, 1, -2)))
    withholds = draw(st.booleans())
    tax = goods + shipping - discount
    rows = [
        Row(day, (occasion, "ItemPrice", "Principal"), 10 * goods, order_id, "Amazon.com"),
        Row(day, (occasion, "ItemPrice", "Tax"), goods, order_id, "Amazon.com"),
        Row(day, (occasion, "ItemPrice", "ShippingTax"), shipping, order_id, "Amazon.com"),
        Row(day, (occasion, "Promotion", "TaxDiscount"), -discount, order_id, "Amazon.com"),
    ]
    if withholds:
        words = (occasion, "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal")
        rows.append(Row(draw(days), words, bit - tax, order_id, "Amazon.com"))
    return Taxed(order_id, tax, bit - tax if withholds else None, tuple(rows))


@st.composite
def taxed_order_lists(draw: st.DrawFn) -> list[Taxed]:
    """Some orders with tax."""
    return [draw(taxed_orders(number)) for number in range(draw(st.integers(0, 4)))]


@st.composite
def settlements(draw: st.DrawFn) -> Settlement:
    """A settlement of known kinds, of any total, that ends in, before or after the month of its last row."""
    rows = [row for some in draw(st.lists(known_rows(), max_size=12)) for row in some]
    rows += [row for order in draw(taxed_order_lists()) for row in order.rows]
    rows = draw(st.permutations(rows))
    if draw(st.sampled_from((False, False, True))):  # everything is kept back: the total is zero
        rows.append(Row(draw(days), RESERVE, -sum(row.minor for row in rows)))
    end = draw(st.dates(FIRST_DAY, LAST_DAY + timedelta(days=40)))
    deposit = draw(st.sampled_from((None, end + timedelta(days=2), end + timedelta(days=20))))
    return settlement(rows, start=FIRST_DAY, end=end, deposit=deposit)


@st.composite
def settlements_with_unknown_kinds(draw: st.DrawFn) -> Settlement:
    """A settlement in which at least one row is of a kind that nobody knows."""
    rows = [row for some in draw(st.lists(known_rows(), max_size=6)) for row in some]
    rows += [Row(draw(days), draw(st.sampled_from(UNKNOWN)), draw(amounts)) for _ in range(draw(st.integers(1, 4)))]
    return settlement(draw(st.permutations(rows)), start=FIRST_DAY, end=LAST_DAY)


@st.composite
def settings(draw: st.DrawFn) -> SettlementSettings:
    """Any settings of a settlement."""
    return SettlementSettings(
        detail=draw(st.sampled_from(Detail)),
        last_part_day=draw(st.sampled_from(LastPartDay)),
        negative_total=draw(st.sampled_from(NegativeTotal)),
        deposit_to=draw(st.sampled_from(DepositTo)),
    )


def with_rows(given: Settlement, rows: list[Row]) -> Settlement:
    """The same settlement with other rows, or the same rows in another order."""
    made = settlement(rows, start=FIRST_DAY, end=FIRST_DAY)
    return replace(given, lines=made.lines, total=made.total, sum_of_rows=made.sum_of_rows)


def rows_of(given: Settlement) -> list[Row]:
    """The rows it was made of."""
    return [
        Row(
            line.posted,
            (line.kind.transaction_type, line.kind.amount_type, line.kind.amount_description),
            line.amount.minor,
            line.order_id,
            line.kind.marketplace_name,
        )
        for line in given.lines.lines()
    ]
