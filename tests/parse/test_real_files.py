"""Settlement files that real sellers published: each ties to 0.00, to the last row and word."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests.parse.making import document
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_columns import V1_AMOUNTS
from tieout.parse.settlement_file import read_settlement

pytestmark = pytest.mark.real_files


def read(path: Path) -> Settlement:
    settlement, findings = read_settlement(document(path.read_bytes(), path.name))
    assert findings == ()
    assert settlement is not None
    return settlement


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="ascii") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        return [row for row in reader if any(row.values())]


def plain(text: str) -> Decimal:
    return Decimal(text.strip().replace(",", "."))


def test_each_ties_to_nothing(real_settlements: list[Path]) -> None:
    assert real_settlements
    for path in real_settlements:
        settlement = read(path)
        summary, *rows = rows_of(path)
        amounts = [row[name] for row in rows for name in ("amount", *V1_AMOUNTS) if row.get(name, "").strip()]
        assert Decimal(settlement.total.decimal) == plain(summary["total-amount"])
        assert Decimal(settlement.sum_of_rows.decimal) == sum(map(plain, amounts))
        assert not settlement.difference
        assert len(settlement.lines) == len(amounts)


def test_every_line_is_the_rows_own(real_settlements: list[Path]) -> None:
    for path in real_settlements:
        text = path.read_text(encoding="ascii").splitlines()
        settlement = read(path)
        for line in settlement.lines.lines():
            fields = text[line.row - 1].split("\t")
            assert [value for _, value in line.fields][: len(fields)] == fields
            assert any(field and plain_or_none(field) == Decimal(line.amount.decimal) for field in fields)
            assert dict(line.fields)["settlement-id"] == settlement.settlement_id


def plain_or_none(text: str) -> Decimal | None:
    try:
        return plain(text)
    except ArithmeticError:
        return None


def test_accounts_clocks_and_layouts(real_settlements: list[Path]) -> None:
    countries = {"us": "US", "de": "DE", "uk": "GB", "ca": "CA"}
    for path in real_settlements:
        _, country, layout = path.stem.split("_")
        settlement = read(path)
        assert (settlement.marketplace, settlement.layout) == (countries[country], layout)
        assert settlement.start < settlement.end
        assert settlement.deposit is not None
        assert settlement.deposit > settlement.end


def test_every_line_lands_in_one_sum(real_settlements: list[Path]) -> None:
    for path in real_settlements:
        lines = read(path).lines
        withheld = frozenset(kind for kind in lines.kinds() if kind.amount_type == "ItemWithheldTax")
        orders = lines.orders_with(withheld)
        rows = [
            row
            for s in lines.sums(orders, withheld)
            for row in lines.rows_of(s.kind, s.month, s.facilitated, orders, withheld)
        ]
        assert sorted(rows) == [line.row for line in lines.lines()]


def test_kinds_are_those_met_in_other_files(real_settlements: list[Path], shared: Path) -> None:
    table = (shared / "data" / "settlement_triples.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = {tuple(row.split("\t")[:3]) for row in table}
    for path in real_settlements:
        for kind in read(path).lines.kinds():
            assert (kind.transaction_type, kind.amount_type, kind.amount_description) in known, (path.name, kind)


def test_withheld_tax_nets_to_nothing_order_by_order(real_settlements: list[Path]) -> None:
    """True of these files (rule 8); it proves that order sums hold the right rows."""
    tax = {"Tax", "ShippingTax", "GiftWrapTax", "TaxDiscount"}
    for path in real_settlements:
        lines = read(path).lines
        withheld = frozenset(kind for kind in lines.kinds() if kind.amount_type == "ItemWithheldTax")
        orders = lines.orders_with(withheld)
        both = withheld | frozenset(kind for kind in lines.kinds() if kind.amount_description in tax)
        left = [order for order in lines.order_sums(both, nonzero_only=True) if order.order_id in orders]
        assert left == []
