"""The proof of settlements by orders: each row in one line of one document, each group tied out."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.rules.in_memory import settlement
from tests.rules.settled_shapes import DAY, document, order_rows, settings_of_settlements, settled_worlds
from tests.sheets.exports.order_proofs import shown_by_orders
from tests.sheets.exports.proofs import Written, summed, write
from tieout.domain.posting_settings import OrderDocument, PostingSettings
from tieout.domain.settlement import Settlement
from tieout.reconcile.tie_out import DayTie
from tieout.rules.match import OrderDecision, PostedOrder, Recorded
from tieout.sheets.exports.csv_exports import write_csv_exports
from tieout.sheets.exports.order_strands import IGNORED
from tieout.sheets.exports.reconciliation import by_group
from tieout.sheets.exports.survey import survey
from tieout.sheets.settlement_rows import ShownSettlement

World = tuple[Settlement, list[PostedOrder], dict[str, OrderDecision]]
ONE, TWO, THREE = (f"113-0000000-000000{number}" for number in (1, 2, 3))


@given(settled_worlds(), settings_of_settlements)
@settings(max_examples=60, deadline=None)
def test_every_row_lands_and_every_group_ties(world: World, posting: PostingSettings) -> None:
    shown = shown_by_orders(*world, posting)
    proof = shown.proof()
    [surveyed] = survey([proof], 5).settlements  # it raises where a line gets back other rows than it has
    assert sum(strand.rows for strand in surveyed.strands) == len(world[0].lines)
    ignored = sum(one.settled.rows for one in proof.orders.matches if one.by is Recorded.NOT) if proof.orders else 0
    bare = [strand for strand in surveyed.strands if strand.landing is None]
    if proof.by_orders:
        assert sum(strand.rows for strand in bare) == ignored
        assert {strand.group for strand in bare} <= {IGNORED}
        assert all(not one.difference for one in by_group(proof, surveyed.strands) if one.group != IGNORED)


def two_paid(**given: object) -> ShownSettlement:
    rows = [
        *order_rows(ONE, 2000, shipping=500, tax=160, withheld=-160, fee=-300),
        *order_rows(TWO, 3500, fee=-450),
        *order_rows(THREE, -700, tax=-60, withheld=60, occasion="Refund"),
    ]
    sold = settlement(rows, deposit=DAY)
    return shown_by_orders(sold, [document(ONE, 2500), document(TWO, 3500)], **given)  # type: ignore[arg-type]


def written(folder: Path, *shown: ShownSettlement) -> Written:
    return write(folder, [one.proof() for one in shown])


def test_the_workbook_ties_out_by_group_and_links_each_row_to_its_payment(tmp_path: Path) -> None:
    book = written(tmp_path, two_paid())
    [home] = book.table("Home")
    assert (home["Ties out"], home["Difference"]) == ("Yes", 0)
    groups = {row["Group"]: row for row in book.table("ReconciliationByGroup")}
    assert set(groups) == {"Sales", "Shipping", "Refunds", "Facilitator tax", "Selling fees"}
    assert all(row["Difference"] == 0 for row in groups.values())
    [number] = {row["Journal"] for row in book.table("Journal") if row["Document"] == "Payment"}
    paid = [row for row in book.table("SettlementLines") if str(row["Journal line"]).startswith(number)]
    assert {row["Order ID"] for row in paid} == {ONE, TWO}
    assert all(row["Check"] == 0 and row["QuickBooks check"] == 0 for row in book.table("Journal"))
    [one] = book.table("Reconciliation")
    assert (one["Carry-forward left"], one["Difference"]) == (0, 0)


def test_a_payment_that_is_gone_shows_what_quickbooks_lacks(tmp_path: Path) -> None:
    shown = two_paid()
    [payment] = [one.doc_number for one in shown.posted if one.doc_number.endswith("P")]
    book = written(tmp_path, two_paid(without=[payment]))
    [home] = book.table("Home")
    assert home["Ties out"] == "No"
    assert home["Difference"] == summed(
        [row for row in book.table("Journal") if row["Journal"] == payment and row["Stands for"] == "Deposit"],
        "Debit",
    )


@pytest.mark.parametrize("kind", ["Invoice", "SalesReceipt"])
def test_receipts_of_orders_count_as_what_they_brought(tmp_path: Path, kind: str) -> None:
    sold = settlement(order_rows(ONE, 2000, fee=-300), deposit=DAY)
    way = PostingSettings(order_document=OrderDocument(kind))
    book = written(tmp_path, shown_by_orders(sold, [document(ONE, 2000, entity=kind)], settings=way))
    [home] = book.table("Home")
    assert (home["Ties out"], home["Posted total"], home["QuickBooks total"]) == ("Yes", 17, 17)


def test_receipts_of_each_settlement_have_lines_of_their_own(tmp_path: Path) -> None:
    way = PostingSettings(order_document=OrderDocument.SALES_RECEIPT)
    shown = []
    for number, (order, minor) in enumerate(((ONE, 2000), (TWO, 900)), 1):
        sold = settlement(order_rows(order, minor, fee=-100), settlement_id=f"2100000000{number}", deposit=DAY)
        shown.append(shown_by_orders(sold, [document(order, minor, entity="SalesReceipt")], settings=way))
    book = written(tmp_path, *shown)
    journal = book.table("Journal")
    assert len({row["Journal line"] for row in journal}) == len(journal)
    own = [row for row in journal if row["Document"] == "Each order's own" and row["Rows"]]
    assert len(own) == 2
    for row in own:
        behind = [one for one in book.table("SettlementLines") if one["Journal line"] == row["Journal line"]]
        assert {one["Settlement"] for one in behind} == {row["Settlement"]}
        assert summed(behind, "Amount") == row["Rows added again"] == row["Credit"]


def test_an_ignored_order_stands_by_itself_and_does_not_tie(tmp_path: Path) -> None:
    sold = settlement([*order_rows(ONE, 2000), *order_rows(TWO, 900)], deposit=DAY)
    shown = shown_by_orders(sold, [document(TWO, 900)], {ONE: OrderDecision.IGNORE})
    book = written(tmp_path, shown)
    [home] = book.table("Home")
    assert (home["Ties out"], home["Difference"]) == ("No", 20)
    groups = {row["Group"]: row["Difference"] for row in book.table("ReconciliationByGroup")}
    assert groups == {"Sales": 0, IGNORED: 20}


def test_the_csv_files_have_the_same_lines(tmp_path: Path) -> None:
    shown = two_paid()
    paths = {path.name: path for path in write_csv_exports(tmp_path, [shown.proof()], ())}
    lines = paths["settlement_lines.csv"].read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(shown.settlement.lines)
    reconciliation = paths["reconciliation.csv"].read_text(encoding="utf-8-sig").splitlines()
    assert all(line.endswith(",0.00") for line in reconciliation[1:])


def test_home_says_what_its_formulas_give_and_nothing_else(tmp_path: Path) -> None:
    shown = two_paid()
    book = written(tmp_path, shown)
    home = book.formulas["Home"]
    assert str(home["A4"].value).startswith("=IF(COUNTA(Home[Settlement])")
    assert book.values["Home"]["A4"].value.startswith("The settlement ties out:")
    [cell] = [row for row in home.iter_rows() if row[0].value == shown.settlement_id]
    told = [str(each.value) for each in cell if str(each.value).startswith("=IF(AND(")]
    assert len(told) == 1
    assert "[Changed]" in told[0]


def test_a_document_on_another_day_does_not_tie_though_no_sum_shows_it(tmp_path: Path) -> None:
    shown = two_paid()
    assert shown.tie is not None
    moved = DayTie(shown.posted[0].doc_number, DAY, date(2026, 3, 1))
    book = written(tmp_path, replace(shown, tie=replace(shown.tie, days=(moved,))))
    [home] = book.table("Home")
    assert (home["Changed"], home["Ties out"], home["Difference"]) == (1, "No", 0)
    assert book.values["Home"]["A4"].value == "1 of 1 settlement does not agree with QuickBooks."


def test_each_order_stands_against_its_document(tmp_path: Path) -> None:
    rows = [*order_rows(ONE, 2000), *order_rows(TWO, 3500), *order_rows(THREE, 900)]
    posted = [document(ONE, 2500, paid=100), document(TWO, 3600)]
    shown = shown_by_orders(settlement(rows, deposit=DAY), posted, {TWO: OrderDecision.ACCEPT})
    found = {row["Order ID"]: row for row in written(tmp_path, shown).table("Orders")}
    told = {
        order: [row[head] for head in ("Recorded by", "Invoiced", "Settled", "Recorded", "Difference", "Still owed")]
        for order, row in found.items()
    }
    assert told == {
        ONE: ["its own document", 25, 20, 20, 0, 4],
        TWO: ["its own document", 36, 35, 36, -1, 0],
        THREE: ["the settlement's journal", None, 9, 9, 0, None],
    }
    assert found[ONE]["Why"] == "Settled in part so far."
    assert str(found[TWO]["Why"]).startswith("Accepted.")
