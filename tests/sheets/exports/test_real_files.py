"""Real settlement files: each ties out in the workbook, and every sum is the sum of its cells."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.sheets.exports.proofs import proof_of, write
from tests.sheets.exports.test_recalculated import differing, needs_libreoffice
from tests.sheets.exports.test_sums import check_sums
from tieout.domain.document import Document
from tieout.parse.settlement_file import read_settlement
from tieout.sheets.exports.proof import SettlementProof

pytestmark = pytest.mark.real_files


@pytest.fixture(scope="module")
def proofs(real_settlements: list[Path]) -> list[SettlementProof]:
    found = []
    for path in real_settlements:
        settlement, _ = read_settlement(Document.of(path.name, path.read_bytes()))
        assert settlement is not None
        found.append(proof_of(settlement))
    return found


def test_every_one_ties_out_in_the_workbook(proofs: list[SettlementProof], tmp_path: Path) -> None:
    written = write(tmp_path, proofs)
    check_sums(written)
    assert written.values["Home"]["A4"].value.startswith(f"All {len(proofs)} settlements tie out")
    for row, proof in zip(written.table("Home"), proofs, strict=True):
        total = Decimal(proof.settlement.total.decimal)
        figures = [row[head] for head in ("Amazon total", "Rows total", "Posted total", "QuickBooks total")]
        assert figures == [total] * 4
        assert row["Difference"] == 0
    rows = written.table("SettlementLines")
    assert len(rows) == sum(len(proof.settlement.lines) for proof in proofs)


def test_the_words_at_the_left_are_the_files_own(proofs: list[SettlementProof]) -> None:
    """The columns that are left out at the right stand at the left letter for letter."""
    seen = 0
    for proof in proofs:
        if proof.settlement.layout != "v2":
            continue
        for line in proof.settlement.lines.lines():
            own = dict(line.fields)
            seen += 1
            assert own["settlement-id"] == proof.settlement.settlement_id
            assert (own["order-id"], own["sku"]) == (line.order_id, line.sku)
            assert own["transaction-type"] == line.kind.transaction_type
            assert own["amount-type"] == line.kind.amount_type
            assert own["amount-description"] == line.kind.amount_description
    assert seen


@needs_libreoffice
def test_a_spreadsheet_calculates_the_same(proofs: list[SettlementProof], tmp_path: Path) -> None:
    assert differing(write(tmp_path, proofs).path) == {}
