"""The lines of a settlement's journals beside what the books hold for them, as `tieout.reconcile.tie_out` compared.

The comparison is by account and description; here it is told line by line, so that a sheet can add it again. What is
said of the books comes from that comparison alone: a line that was not compared is not there, whatever was drafted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tieout.domain.account import Group
from tieout.domain.journal import Journal, JournalLine
from tieout.domain.money import Money
from tieout.reconcile.tie_out import TOTAL_GROUPS, LineTie
from tieout.sheets.exports.proof import SettlementProof

JOURNAL_ENTRY = "Journal Entry"


class StandsFor(StrEnum):
    """What a line of the sheet Journal stands for."""

    ROWS = "Amazon's rows"
    DEPOSIT = "Deposit"
    CARRY_FORWARD = "Carry-forward"
    QUICKBOOKS_ONLY = "In QuickBooks only"


@dataclass(frozen=True, slots=True)
class ProvedLine:
    """A journal line of ours with what QuickBooks holds for it, or one that only QuickBooks has.

    `number` counts the document's lines from 1; lines that only QuickBooks has come after ours. `day` is the draft's
    own, None for a document that is none of the draft's. `held` is debit positive, None where nothing was read back.
    `document` is its kind, in QuickBooks' words.
    """

    settlement_id: str
    doc_number: str
    day: date | None
    currency: str
    number: int
    ours: JournalLine | None
    account: str
    description: str
    group: str
    stands_for: StandsFor
    held: Money | None
    quickbooks_id: str
    document: str = JOURNAL_ENTRY

    @property
    def drafted(self) -> Money:
        """Ours, debit positive; zero where the line is not ours."""
        return Money(self.ours.signed_minor if self.ours else 0, self.currency)


def proved_lines(proof: SettlementProof) -> list[ProvedLine]:
    """The lines of a settlement's journals, journal by journal; then those of other documents that were compared."""
    ties: dict[str, dict[_Place, list[LineTie]]] = {}
    for tie in proof.tie.lines:
        ties.setdefault(tie.doc_number, {}).setdefault((tie.account, tie.description), []).append(tie)
    found: list[ProvedLine] = []
    for journal in proof.draft.journals:
        there = ties.pop(journal.doc_number, {})
        found += _ours(proof, journal, there)
        found += _only_there(proof, journal.doc_number, journal.day, len(journal.lines), there)
    for doc_number, there in ties.items():
        found += _only_there(proof, doc_number, None, 0, there)
    return found


def sum_of(amounts: Iterable[Money | None], currency: str) -> Money:
    """The sum of some amounts, those that are not known left out."""
    return Money.total((amount for amount in amounts if amount is not None), currency)


# Account and description.
_Place = tuple[str, str]


def _ours(proof: SettlementProof, journal: Journal, there: dict[_Place, list[LineTie]]) -> Iterator[ProvedLine]:
    """The lines of one journal; what the books hold at their places is taken out of `there`."""
    own: dict[_Place, Money] = {}
    for line in journal.lines:
        signed = Money(line.signed_minor, journal.currency)
        own[_place(line)] = own.get(_place(line), Money.zero(journal.currency)) + signed
    read_back = proof.tie.quickbooks_total is not None
    document = proof.kinds.get(journal.doc_number, JOURNAL_ENTRY)
    for number, line in enumerate(journal.lines, 1):
        # Of several lines of ours at one place, the first shows what the books hold beyond them, or lack.
        beyond = Money.zero(journal.currency)
        if _place(line) in own:
            beyond = _held(there.pop(_place(line), []), journal.currency) - own.pop(_place(line))
        yield ProvedLine(
            settlement_id=journal.settlement_id,
            doc_number=journal.doc_number,
            day=journal.day,
            currency=journal.currency,
            number=number,
            ours=line,
            account=line.account,
            description=line.description,
            group=str(line.group),
            stands_for=_stands_for(line.group),
            held=Money(line.signed_minor, journal.currency) + beyond if read_back else None,
            quickbooks_id=proof.quickbooks_ids.get(journal.doc_number, ""),
            document=document,
        )


def _only_there(
    proof: SettlementProof, doc_number: str, day: date | None, first: int, there: dict[_Place, list[LineTie]]
) -> Iterator[ProvedLine]:
    """What the books hold at places that are none of the draft's, under the group that it was posted for, if any."""
    currency = proof.tie.currency
    number = first
    for (account, description), ties in there.items():
        held = _held(ties, currency)
        if not held:
            continue
        number += 1
        group = ties[0].group
        balances = group is not None and _stands_for(group) is not StandsFor.ROWS
        yield ProvedLine(
            settlement_id=proof.tie.settlement_id,
            doc_number=doc_number,
            day=day,
            currency=currency,
            number=number,
            ours=None,
            account=account,
            description=description,
            group=str(group) if group is not None else StandsFor.QUICKBOOKS_ONLY.value,
            stands_for=_stands_for(group) if group is not None and balances else StandsFor.QUICKBOOKS_ONLY,
            held=held,
            quickbooks_id=proof.quickbooks_ids.get(doc_number, ""),
            document=proof.kinds.get(doc_number, JOURNAL_ENTRY),
        )


def _held(ties: Iterable[LineTie], currency: str) -> Money:
    """What the books hold at a place, debit positive; zero where they were not asked."""
    return -sum_of((tie.held for tie in ties), currency)


def _place(line: JournalLine) -> _Place:
    return line.account, " ".join(line.description.split())


def _stands_for(group: Group) -> StandsFor:
    if group is Group.CARRY_FORWARD:
        return StandsFor.CARRY_FORWARD
    return StandsFor.DEPOSIT if group in TOTAL_GROUPS else StandsFor.ROWS
