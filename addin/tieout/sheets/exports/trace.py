"""Which journal line each line of a settlement landed in: the join of Amazon's rows and our journals.

A journal line names its rows by sums of (kind, month, facilitated). So one look-up by kind and month finds where a
row landed; only where the same kind and month stand in two sums, because Amazon withheld the tax of some of their
orders and not of the rest, the row's order decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tieout.domain.journal import Journal, JournalLine
from tieout.domain.settlement import Kind, LineSum, SettlementLine
from tieout.rules.draft_settlement import MappedKind, UnmappedKind
from tieout.rules.ledger_effect import OWN
from tieout.sheets.exports.proof import SettlementProof

# What stands in place of a group where there is none: nobody has decided, or nothing was drafted.
UNMAPPED = "Unmapped"
NOT_DRAFTED = "Not drafted"


@dataclass(frozen=True, slots=True)
class Landing:
    """A journal line as a place where rows land. `number` counts the journal's lines from 1."""

    journal: Journal
    number: int
    line: JournalLine

    @property
    def key(self) -> str:
        """The name of the line in the workbook."""
        return line_key(self.journal.settlement_id, self.journal.doc_number, self.number)


def line_key(settlement_id: str, doc_number: str, number: int) -> str:
    """The name of a journal line: "AMZ-21574497411-1 / 3". Formulas look for it; it is never all digits, which a
    criterion would compare as a number of 15 places. What orders' own documents say has no number that names the
    settlement, so its name does.
    """
    document = f"{doc_number}, {settlement_id}" if doc_number == OWN else doc_number
    return f"{document} / {number}"


def landings(journals: Iterable[Journal]) -> Iterator[Landing]:
    """Every line of some journals, in their order."""
    for journal in journals:
        for number, line in enumerate(journal.lines, 1):
            yield Landing(journal, number, line)


@dataclass(eq=False, slots=True)
class Strand:
    """The lines of one settlement that are of one kind and month and went one way; counted as the lines pass by.

    `landing` is None in a settlement that was not drafted; one of `mapped` and `unmapped` tells how its kind is
    decided, if it came to that. `sheet_row` is the 1-based row of its first line on the sheet Settlement Lines,
    0 before it came; `mapping_key` its row on the sheet Fee Mappings; `instead` what stands in place of its group.
    """

    proof: SettlementProof
    lines: LineSum
    landing: Landing | None
    mapped: MappedKind | None
    unmapped: UnmappedKind | None
    rows: int = 0
    minor: int = 0
    sheet_row: int = 0
    mapping_key: str = ""
    first: SettlementLine | None = None
    instead: str = ""

    @property
    def kind(self) -> Kind:
        """The kind of its lines."""
        return self.lines.kind

    @property
    def group(self) -> str:
        """The group of its lines, or what stands in its place."""
        if self.instead:
            return self.instead
        if self.landing is not None:
            return str(self.landing.line.group)
        if self.mapped is not None:
            return str(self.mapped.group)
        return NOT_DRAFTED if self.unmapped is None else UNMAPPED

    @property
    def account(self) -> str:
        """The account of its lines; empty where nobody has decided."""
        if self.landing is not None:
            return self.landing.line.account
        return self.mapped.account if self.mapped else ""


class Strands:
    """The strands of one settlement, found by line; together they hold every line once."""

    def __init__(self, proof: SettlementProof) -> None:
        draft = proof.draft
        landed = {source: landing for landing in landings(draft.journals) for source in landing.line.sources}
        mapped = {(kind.kind, kind.facilitated): kind for kind in draft.mapped}
        unmapped = {kind.kind: kind for kind in draft.unmapped}
        self._orders = draft.facilitation.orders
        self._ways: dict[tuple[Kind, int, int], dict[bool, Strand]] = {}
        for lines in draft.facilitation.sums(proof.settlement.lines):
            kind, month = lines.kind, lines.month
            strand = Strand(
                proof,
                lines,
                landed.get(lines),
                mapped.get((kind, lines.facilitated)),
                unmapped.get(Kind(kind.transaction_type, kind.amount_type, kind.amount_description)),
            )
            self._ways.setdefault((kind, month.year, month.month), {})[lines.facilitated] = strand

    def of(self, line: SettlementLine) -> Strand:
        """The strand of a settlement line; KeyError if the draft knows nothing of its kind and month."""
        ways = self._ways[line.kind, line.posted.year, line.posted.month]
        if len(ways) == 1:
            return next(iter(ways.values()))
        return ways[line.order_id in self._orders]

    def __iter__(self) -> Iterator[Strand]:
        for ways in self._ways.values():
            yield from ways.values()
