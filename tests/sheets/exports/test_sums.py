"""Every sum in the workbook, added again from its cells, exactly."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import settings as with_settings

from tests.parse.making import small_file
from tests.rules import shapes
from tests.rules.in_memory import RowsInMemory
from tests.sheets.exports.proofs import Written, proof_of, proof_of_file, summed, write
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement


def check_sums(written: Written) -> None:
    """What the formulas say is what their cells add up to, in decimal arithmetic."""
    lines, journal = written.table("SettlementLines"), written.table("Journal")
    by_key: dict[str, list[dict[str, Decimal]]] = defaultdict(list)
    for line in lines:
        by_key[line["Journal line"] or ""].append(line)
    for row in journal:
        behind = by_key.pop(row["Journal line"], [])
        assert row["Rows"] == len(behind)
        assert row["Rows added again"] == summed(behind, "Amount")
        assert row["Check"] == 0
        if behind:
            assert (row["Credit"] or 0) - (row["Debit"] or 0) == summed(behind, "Amount")
    assert set(by_key) <= {""}, "rows that name no line of the journal"
    for row in written.table("Reconciliation"):
        mine = [line for line in lines if line["Settlement"] == row["Settlement"]]
        drafted = [line for line in journal if line["Settlement"] == row["Settlement"]]
        assert (row["Rows"], row["Rows total"]) == (len(mine), summed(mine, "Amount"))
        assert summed(drafted, "Debit") == summed(drafted, "Credit") == row["Debits"] == row["Credits"]
        deposits = [line for line in drafted if line["Stands for"] == "Deposit"]
        assert row["Deposit drafted"] == summed(deposits, "Debit") - summed(deposits, "Credit")
        assert row["Deposit in QuickBooks"] == (
            summed(deposits, "QuickBooks debit") - summed(deposits, "QuickBooks credit")
        )
        assert row["Carry-forward left"] == 0
    for row in written.table("ReconciliationByGroup"):
        mine = [line for line in lines if (line["Settlement"], line["Group"]) == (row["Settlement"], row["Group"])]
        posted = [
            line for line in journal if (line["Settlement"], line["Group"]) == (row["Settlement"], row["Group"])
        ]
        assert (row["Rows"], row["Amazon"]) == (len(mine), summed(mine, "Amount"))
        assert row["Tieout"] == summed(posted, "Credit") - summed(posted, "Debit")
        assert row["QuickBooks"] == summed(posted, "QuickBooks credit") - summed(posted, "QuickBooks debit")
    for row in written.table("FeeMappings"):
        mine = [line for line in lines if line["Mapping"] == row["Mapping"]]
        assert (row["Rows"], row["Amount"]) == (len(mine), summed(mine, "Amount"))
    for row in written.table("Home"):
        mine = [line for line in lines if line["Settlement"] == row["Settlement"]]
        assert row["Rows total"] == summed(mine, "Amount")


@given(shapes.settlements(), shapes.settings())
@with_settings(max_examples=12, deadline=None)
def test_every_sum_is_the_sum_of_its_cells(settlement: Settlement, settings: SettlementSettings) -> None:
    with TemporaryDirectory() as folder:
        proof = proof_of(settlement, settings=settings)
        written = write(Path(folder), [proof])
        check_sums(written)
        (row,) = written.table("Home")
        ties_out = "Yes" if proof.draft.journals else "No"  # a settlement without rows has nothing to post
        assert (row["Amazon total"], row["Ties out"]) == (Decimal(settlement.total.decimal), ties_out)


@given(shapes.settlements_with_unknown_kinds())
@with_settings(max_examples=6, deadline=None)
def test_every_sum_is_the_sum_of_its_cells_where_nothing_is_drafted(settlement: Settlement) -> None:
    with TemporaryDirectory() as folder:
        written = write(Path(folder), [proof_of(settlement), proof_of_file(small_file())])
        check_sums(written)
        groups = [row for row in written.table("ReconciliationByGroup") if row["Settlement"] == "24288684721"]
        assert summed(groups, "Amazon") == Decimal(settlement.total.decimal)
        assert summed(groups, "Tieout") == 0


def test_a_read_file_and_rows_in_memory_are_added_alike(tmp_path: Path) -> None:
    proof = proof_of_file(small_file())
    assert not isinstance(proof.settlement.lines, RowsInMemory)
    written = write(tmp_path, [proof, proof_of(proof.settlement, posted=False)])
    assert len(written.table("SettlementLines")) == 16
