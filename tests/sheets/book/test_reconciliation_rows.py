"""Rows of Reconciliation: settlements by orders by group and in total, and why a difference is there."""

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.rules.in_memory import settlement
from tests.rules.settled_shapes import DAY, document, order_rows
from tests.sheets.exports.order_proofs import shown_by_orders
from tieout.reconcile.tie_out import DayTie, DocumentTie
from tieout.rules.match import OrderDecision
from tieout.sheets.exports.order_strands import IGNORED
from tieout.sheets.reconciliation_rows import TOTAL, reconciliation_rows
from tieout.sheets.settlement_rows import DIFFERS, TIES_OUT, ShownSettlement

ONE, TWO = "113-0000000-0000001", "113-0000000-0000002"
NOW = datetime(2026, 2, 1, tzinfo=UTC)


def rows(shown: ShownSettlement) -> dict[str, dict[str, object]]:
    return {str(row["group"]): dict(row) for row in reconciliation_rows([shown], NOW)}


def two_orders(**given: object) -> ShownSettlement:
    sold = settlement([*order_rows(ONE, 2000, shipping=400, fee=-300), *order_rows(TWO, 900)], deposit=DAY)
    return shown_by_orders(sold, [document(ONE, 2400), document(TWO, 900)], **given)  # type: ignore[arg-type]


def test_a_settlement_by_orders_ties_out_group_by_group() -> None:
    found = rows(two_orders())
    assert list(found) == ["Sales", "Shipping", "Selling fees", TOTAL]
    assert {row["state"] for row in found.values()} == {TIES_OUT}
    for row in found.values():
        assert row["amazon"] == row["tieout"] == row["quickbooks"]
        assert row["difference"].minor == 0  # type: ignore[attr-defined]
        assert row["explanation"] == ""


def test_a_payment_that_is_gone_is_told_in_the_groups_that_it_paid() -> None:
    shown = two_orders()
    [payment] = [one.doc_number for one in shown.posted if one.doc_number.endswith("P")]
    found = rows(two_orders(without=[payment]))
    assert {group for group, row in found.items() if row["state"] == DIFFERS} == {"Sales", "Shipping", TOTAL}
    assert payment in str(found["Sales"]["explanation"])
    assert "nothing instead of USD 29.00" in str(found["Sales"]["explanation"]).replace("USD 0.00", "nothing")


def test_what_moves_no_money_is_told_at_the_total() -> None:
    shown = two_orders()
    assert shown.tie is not None
    number = shown.posted[0].doc_number
    tie = replace(
        shown.tie,
        days=(DayTie(number, DAY, date(2026, 3, 1)),),
        changes=(DocumentTie(number, "its private note is empty"),),
    )
    found = rows(replace(shown, tie=tie))
    assert found["Sales"]["state"] == TIES_OUT
    assert found[TOTAL]["state"] == DIFFERS
    assert found[TOTAL]["explanation"] == (
        f"{number} is dated 2026-03-01 instead of 2026-01-20; {number}: its private note is empty"
    )


def test_an_ignored_order_is_a_difference_that_says_whose_it_is() -> None:
    sold = settlement([*order_rows(ONE, 2000), *order_rows(TWO, 900)], deposit=DAY)
    found = rows(shown_by_orders(sold, [document(TWO, 900)], {ONE: OrderDecision.IGNORE}))
    assert (found["Sales"]["state"], found[IGNORED]["state"], found[TOTAL]["state"]) == (TIES_OUT, DIFFERS, DIFFERS)
    assert "By decision" in str(found[IGNORED]["explanation"])
