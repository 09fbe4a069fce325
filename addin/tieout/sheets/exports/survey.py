"""A first look at the lines of all settlements of a proof: where each strand begins, what it adds up to.

It is one pass over the lines, before anything is written, because a journal line links to its first row on a sheet
that is written after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tieout.domain.money import Money
from tieout.domain.settlement import SettlementLine
from tieout.limits import PROOF_LINES_MAX
from tieout.sheets.exports.order_strands import OrderStrands
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.trace import Strand, Strands, landings


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One settlement's lines: its strands, those that have lines in the order of their first, and the file's columns.

    `names` are the columns' names by position, one that comes twice made different; `filled` the positions of the
    columns that have something in them.
    """

    proof: SettlementProof
    finder: Strands | OrderStrands
    strands: tuple[Strand, ...]
    names: tuple[str, ...]
    filled: frozenset[int]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the lines of some proofs come to. `whole` tells whether they are few enough to stand one by one."""

    settlements: tuple[Surveyed, ...]
    lines: int
    whole: bool

    @property
    def proofs(self) -> tuple[SettlementProof, ...]:
        """The proofs, in their order."""
        return tuple(surveyed.proof for surveyed in self.settlements)

    def strands(self) -> Iterator[Strand]:
        """Every strand, settlement by settlement, in the order of their first lines."""
        for surveyed in self.settlements:
            yield from surveyed.strands


def survey(proofs: Sequence[SettlementProof], first_sheet_row: int) -> Survey:
    """Pass over all lines once. The first stands in the 1-based `first_sheet_row`.

    ValueError if a journal line gets back other rows or another amount than it says it has: a broken program.
    """
    lines = sum(len(proof.settlement.lines) for proof in proofs)
    found = []
    row = first_sheet_row
    for proof in proofs:
        surveyed = _passed_over(proof, row)
        _check(surveyed)
        found.append(surveyed)
        row += len(proof.settlement.lines)
    seen = Survey(tuple(found), lines, lines <= PROOF_LINES_MAX)
    if not seen.whole:  # every strand then has one row of the sheet
        for row, strand in enumerate(seen.strands(), first_sheet_row):
            strand.sheet_row = row
    return seen


def _passed_over(proof: SettlementProof, row: int) -> Surveyed:
    orders = proof.by_orders
    strands = Strands(proof) if orders is None else OrderStrands(proof, orders)
    names: tuple[str, ...] = ()
    filled: set[int] = set()
    for sheet_row, line in enumerate(proof.settlement.lines.lines(), row):
        strand = strands.of(line)
        if strand.first is None:
            strand.first = line
            strand.sheet_row = sheet_row
            names = names or _told_apart(name for name, _ in line.fields)
        strand.rows += 1
        strand.minor += line.amount.minor
        filled.update([position for position, (_, text) in enumerate(line.fields) if text])
    ordered = sorted((strand for strand in strands if strand.rows), key=lambda strand: strand.sheet_row)
    return Surveyed(proof, strands, tuple(ordered), names, frozenset(filled))


def _told_apart(names: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(apart)


def _check(surveyed: Surveyed) -> None:
    """Every journal line got back its rows and its money."""
    back: dict[str, tuple[int, int]] = {}
    for strand in surveyed.strands:
        if strand.landing is not None:
            rows, minor = back.get(strand.landing.key, (0, 0))
            back[strand.landing.key] = rows + strand.rows, minor + strand.minor
    for landing in landings(surveyed.proof.draft.journals):
        wanted = landing.line.rows, -landing.line.signed_minor
        if landing.line.sources and back.get(landing.key, (0, 0)) != wanted:
            currency = landing.journal.currency
            rows, minor = back.get(landing.key, (0, 0))
            raise ValueError(
                f"{landing.key} says {wanted[0]} rows of {Money(wanted[1], currency)}; its rows are {rows} of"
                f" {Money(minor, currency)}"
            )


def first_line(strand: Strand) -> SettlementLine:
    """The first line of a strand that has some."""
    if strand.first is None:
        raise ValueError(f"no line of {strand.kind} came by")
    return strand.first
