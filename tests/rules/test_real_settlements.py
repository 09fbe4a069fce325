"""Real settlement files: every kind known, every row in a journal, the bank line equal to Amazon's total."""

from pathlib import Path

import pytest

from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.domain.document import Document
from tieout.domain.settings import Detail, SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_file import read_settlement
from tieout.reconcile.chain import check_chain
from tieout.reconcile.tie_out import tie_out
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement, rows_behind
from tieout.rules.mapping import Mapping

pytestmark = pytest.mark.real_files


@pytest.fixture(scope="module")
def settlements(real_settlements: list[Path]) -> list[Settlement]:
    read = [read_settlement(Document.of(path.name, path.read_bytes()))[0] for path in real_settlements]
    return [settlement for settlement in read if settlement is not None]


def test_all_are_read(settlements: list[Settlement], real_settlements: list[Path]) -> None:
    assert len(settlements) == len(real_settlements) > 0


@pytest.mark.parametrize("detail", list(Detail))
def test_they_are_mapped_whole_and_tie_to_the_cent(settlements: list[Settlement], detail: Detail) -> None:
    for settlement in settlements:
        chart = load_chart(settlement.marketplace)
        draft = draft_settlement(settlement, Mapping(chart), chart, SettlementSettings(detail=detail))
        assert draft.unmapped == ()
        assert not draft.blocked
        lines = [line for journal in draft.journals for line in journal.lines]
        landed = sorted(row for line in lines for row in rows_behind(line, settlement, draft))
        assert landed == sorted(line.row for line in settlement.lines.lines())
        total = sum(line.signed_minor for line in lines if line.group in BALANCING_GROUPS)
        assert total == settlement.total.minor
        tie = tie_out(settlement, draft)
        assert (tie.posted_total, tie.difference.minor) == (settlement.total, 0)


def test_withheld_tax_nets_to_zero_in_them(settlements: list[Settlement]) -> None:
    for settlement in settlements:
        chart = load_chart(settlement.marketplace)
        draft = draft_settlement(settlement, Mapping(chart), chart, SettlementSettings())
        lines = [line for journal in draft.journals for line in journal.lines]
        assert sum(line.signed_minor for line in lines if line.group is Group.FACILITATOR_TAX) == 0
        assert draft.findings == ()


def test_their_chain_holds(settlements: list[Settlement]) -> None:
    assert check_chain(settlements, Mapping(load_chart("US"))) == ()
