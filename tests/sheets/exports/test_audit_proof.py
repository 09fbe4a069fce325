"""What a proof says that QuickBooks holds is what was read back, and never what was drafted."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.parse.making import File, good, line, summary
from tests.sheets.exports.proofs import in_books, proof_of, summed, write
from tieout.domain.account import Group
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.settings import DepositTo, SettlementSettings
from tieout.reconcile.tie_out import tie_out
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import SettlementDraft, draft_settlement
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping import Mapping
from tieout.sheets.exports.figures import proved_lines
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.reconciliation import by_group

CHART = load_chart("US")
GIVEN = good(File([summary("42.41"), line("49.90"), line("-7.49", ("Order", "ItemFees", "Commission"))]))
ADVERTISING = FeeRule("Order", "ItemFees", "Commission", Group.ADVERTISING)


def _draft(rules: Sequence[FeeRule] = (), settings: SettlementSettings | None = None) -> SettlementDraft:
    return draft_settlement(GIVEN, Mapping(CHART, FeeRules(rules)), CHART, settings or SettlementSettings())


def _proof(now: SettlementDraft, posted: Sequence[Journal]) -> SettlementProof:
    """A proof of the draft of now, where the books hold what was posted before, untouched."""
    as_posted = replace(now, journals=tuple(posted))
    tie = tie_out(GIVEN, as_posted, [in_books(journal) for journal in posted])
    return SettlementProof(GIVEN, now, tie, "Posted", {journal.doc_number: "501" for journal in posted})


def _books(proof: SettlementProof) -> dict[str, Decimal]:
    """What the proof says that QuickBooks holds, by account, debit positive."""
    sums: dict[str, Decimal] = {}
    for each in proved_lines(proof):
        assert each.held is not None
        if each.held:
            sums[each.account] = sums.get(each.account, Decimal(0)) + Decimal(each.held.decimal)
    return sums


def test_a_mapping_changed_after_posting_does_not_move_what_quickbooks_holds(tmp_path: Path) -> None:
    proof = _proof(_draft([ADVERTISING]), _draft().journals)
    assert _books(proof) == {
        "Amazon Sales": Decimal("-49.90"),
        "Amazon Selling Fees": Decimal("7.49"),
        "Business Checking": Decimal("42.41"),
    }
    assert {group.group: group.difference.decimal for group in by_group(proof, ())} == {
        "Sales": "-49.90",  # no rows were given to it here
        "Selling fees": "7.49",
        "Advertising": "0.00",
    }
    written = write(tmp_path, [proof])
    rows = {(row["Account"], row["Stands for"]): row for row in written.table("Journal")}
    assert rows["Amazon Advertising", "Amazon's rows"]["QuickBooks check"] == Decimal("-7.49")
    assert rows["Amazon Selling Fees", "In QuickBooks only"]["QuickBooks debit"] == Decimal("7.49")
    assert [row["Ties out"] for row in written.table("Home")] == ["No"]
    assert written.values["Home"]["A4"].value == "1 of 1 settlement does not agree with QuickBooks."


def test_a_deposit_account_changed_after_posting_leaves_the_deposit_where_it_is() -> None:
    now = _draft(settings=SettlementSettings(deposit_to=DepositTo.CLEARING))
    assert _books(_proof(now, _draft().journals))["Business Checking"] == Decimal("42.41")
    assert "Amazon Clearing" not in _books(_proof(now, _draft().journals))


def test_a_document_under_another_number_than_the_drafts_is_shown_and_lends_it_nothing(tmp_path: Path) -> None:
    again = [replace(journal, doc_number=f"{journal.doc_number}B") for journal in _draft().journals]
    proof = _proof(_draft(), again)
    held = {(each.doc_number, each.ours is not None): Money.zero("USD") for each in proved_lines(proof)}
    for each in proved_lines(proof):
        held[each.doc_number, each.ours is not None] += abs(each.held or Money.zero("USD"))
    assert held == {
        ("AMZ-21000000001-1", True): Money.zero("USD"),
        ("AMZ-21000000001-1B", False): Money(9980, "USD"),
    }
    written = write(tmp_path, [proof])
    journal = written.table("Journal")
    assert summed(journal, "QuickBooks debit") == summed(journal, "QuickBooks credit") == Decimal("49.90")
    assert [row["Deposit in QuickBooks"] for row in written.table("Reconciliation")] == [Decimal("42.41")]


def test_what_was_posted_as_drafted_is_held_as_drafted() -> None:
    proof = proof_of(GIVEN)
    assert all(each.held == each.drafted for each in proved_lines(proof))
    assert len(proved_lines(proof)) == len(proof.draft.journals[0].lines)
