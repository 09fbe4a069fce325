"""The lines of a settlement's journals beside what the books hold for them, as `tieout.reconcile.tie_out` compared.

The comparison is by account and description; here it is told line by line, so that a sheet can add it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.account import Group
from tieout.domain.journal import Journal, JournalLine
from tieout.domain.money import Money
from tieout.reconcile.tie_out import TOTAL_GROUPS, LineTie
from tieout.sheets.exports.proof import SettlementProof


class StandsFor(StrEnum):
    """What a line of the sheet Journal stands for."""

    ROWS = "Amazon's rows"
    DEPOSIT = "Deposit"
    CARRY_FORWARD = "Carry-forward"
    QUICKBOOKS_ONLY = "In QuickBooks only"


@dataclass(frozen=True, slots=True)
class ProvedLine:
    """A journal line of ours with what QuickBooks holds for it, or one that only QuickBooks has.

    `number` counts the journal's lines from 1; lines that only QuickBooks has come after ours. `held` is debit
    positive, None where nothing was read back.
    """

    journal: Journal
    number: int
    ours: JournalLine | None
    account: str
    description: str
    group: str
    stands_for: StandsFor
    held: Money | None
    quickbooks_id: str

    @property
    def drafted(self) -> Money:
        """Ours, debit positive; zero where the line is not ours."""
        return Money(self.ours.signed_minor if self.ours else 0, self.journal.currency)


def proved_lines(proof: SettlementProof) -> list[ProvedLine]:
    """The lines of a settlement's journals, journal by journal."""
    ties: dict[str, list[LineTie]] = {}
    for tie in proof.tie.lines:
        ties.setdefault(tie.doc_number, []).append(tie)
    journals = proof.draft.journals
    return [line for journal in journals for line in _of_journal(proof, journal, ties.get(journal.doc_number, []))]


def sum_of(amounts: Iterable[Money | None], currency: str) -> Money:
    """The sum of some amounts, those that are not known left out."""
    return Money.total((amount for amount in amounts if amount is not None), currency)


def _of_journal(proof: SettlementProof, journal: Journal, ties: Sequence[LineTie]) -> Iterator[ProvedLine]:
    by_place = {(tie.account, tie.description, tie.group): tie for tie in ties}
    quickbooks_id = proof.quickbooks_ids.get(journal.doc_number, "")
    read_back = proof.tie.quickbooks_total is not None
    for number, line in enumerate(journal.lines, 1):
        # Of several lines of ours at one place, the first shows what the books hold beyond them.
        tie = by_place.pop((line.account, _plain(line.description), line.group), None)
        beyond = tie.difference.minor if tie else 0
        yield ProvedLine(
            journal=journal,
            number=number,
            ours=line,
            account=line.account,
            description=line.description,
            group=str(line.group),
            stands_for=_stands_for(line.group),
            held=Money(line.signed_minor + beyond, journal.currency) if read_back else None,
            quickbooks_id=quickbooks_id,
        )
    for number, tie in enumerate(by_place.values(), len(journal.lines) + 1):
        yield ProvedLine(
            journal=journal,
            number=number,
            ours=None,
            account=tie.account,
            description=tie.description,
            group=StandsFor.QUICKBOOKS_ONLY.value,
            stands_for=StandsFor.QUICKBOOKS_ONLY,
            held=tie.difference,
            quickbooks_id=quickbooks_id,
        )


def _plain(description: str) -> str:
    return " ".join(description.split())


def _stands_for(group: Group) -> StandsFor:
    if group is Group.CARRY_FORWARD:
        return StandsFor.CARRY_FORWARD
    return StandsFor.DEPOSIT if group in TOTAL_GROUPS else StandsFor.ROWS
