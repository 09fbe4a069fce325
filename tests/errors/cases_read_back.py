"""What reading back finds: settlements that QuickBooks no longer holds as they were posted."""

from collections.abc import Iterable
from pathlib import Path

from tests.errors.case import ErrorCase
from tests.parse.making import File, document, line, small_file, summary
from tieout.commands.mapping_source import MappingSource
from tieout.commands.post_settlements import post_settlements
from tieout.domain.finding import Finding
from tieout.domain.settings import SettlementSettings
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.wiring import practice_desk


def _edited(folder: Path) -> Iterable[Finding]:
    """Post a settlement, move its journal to another month by hand, and post it again."""
    with (
        PracticeQuickBooks(limits=False) as practice,
        practice_desk("Practice", {"quickbooks": practice.connection()}, folder) as (desk, chart),
    ):
        findings: tuple[Finding, ...] = ()
        for _ in range(2):
            posted = post_settlements(
                [document(small_file().content)],
                desk,
                mappings=MappingSource(chart),
                chart=chart,
                settings=SettlementSettings(),
                create_accounts=True,
            )
            findings = posted.findings
            (entry,) = practice.transactions("JournalEntry")
            practice.edit_as_person("JournalEntry", entry["Id"], {"TxnDate": "2026-12-05"})
    return findings


def _mapped_no_more(folder: Path) -> Iterable[Finding]:
    """Post a settlement by a mapping of the user's, and press again without it."""
    rows = (summary("42.00"), line("49.90"), line("-7.90", ("Order", "ItemFees", "Moon Handling")))
    mine = "transaction_type,amount_type,amount_description,group\nOrder,ItemFees,Moon Handling,Selling fees\n"
    with (
        PracticeQuickBooks(limits=False) as practice,
        practice_desk("Practice", {"quickbooks": practice.connection()}, folder) as (desk, chart),
    ):
        findings: tuple[Finding, ...] = ()
        for text in (mine, ""):
            posted = post_settlements(
                [document(File(rows).content)],
                desk,
                mappings=MappingSource(chart, text, "mine.csv"),
                chart=chart,
                settings=SettlementSettings(),
                create_accounts=True,
            )
            findings = posted.findings
    return findings


CASES = [
    ErrorCase(
        code="posted-before-it-was-blocked",
        title="A settlement that is blocked now, and was posted before",
        meaning=(
            "It was posted with another fee mapping, or from another file, than it has now. It stands in QuickBooks "
            "as it was posted, whatever blocks its draft now: don't enter it by hand."
        ),
        provoke=_mapped_no_more,
    ),
    ErrorCase(
        code="settlement-differs-in-quickbooks",
        title="QuickBooks no longer holds the settlement as it was posted",
        meaning=(
            "Each run reads back what it or an earlier run posted, and compares it line by line: amount, side, "
            "account, description, and the day. Somebody changed, moved or deleted a journal since. Nothing is "
            "repaired behind your back: look at QuickBooks' audit log, and put the journal back as it was, or undo "
            "the settlement and post it again. Accounts may be renamed or moved under a parent; that is no "
            "difference."
        ),
        provoke=_edited,
    ),
]
