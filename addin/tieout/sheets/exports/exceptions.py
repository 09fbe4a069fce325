"""The sheet Exceptions: what a person should know or decide, with room for what they decided."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.limits import PROOF_EXCEPTIONS_MAX
from tieout.sheets.exports import settlement_lines
from tieout.sheets.exports.cells import Link, file_name
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.survey import first_line
from tieout.sheets.exports.table import Column, Row
from tieout.sheets.exports.trace import Strand

NAME = "Exceptions"
TABLE = "Exceptions"

COLUMNS = (
    Column("No", 6, "whole"),
    Column(
        "Severity",
        11,
        help="refused: the input could not be read. blocked: it was read, and does not post until you decide."
        " notice: worth a look, stops nothing.",
    ),
    Column("Code", 27, help="Every code has a page in docs/errors.md."),
    Column("About", 18, help="The settlement, order or SKU."),
    Column("Where", 32, wrap=True, help="Leads to the row on Settlement Lines where it begins a kind there."),
    Column("Column", 14),
    Column("What happened", 54, wrap=True),
    Column("What to do", 50, wrap=True),
    Column("Notes", 36, user=True, help="Yours: what was decided, by whom, when."),
)
_ORDER = {severity: place for place, severity in enumerate(Severity)}


def gathered(proofs: Iterable[SettlementProof], findings: Sequence[Finding]) -> list[Finding]:
    """All findings once: those given and those of the drafts, the gravest first."""
    every = dict.fromkeys([*findings, *(finding for proof in proofs for finding in proof.draft.findings)])
    return sorted(every, key=lambda finding: _ORDER[finding.severity])


def rows(findings: Sequence[Finding], strands: Iterable[Strand]) -> list[Row]:
    """One row each, with a link to the row of the file where it is the first of a strand; a row that says so where
    there are none.
    """
    if not findings:
        return [[None, None, None, None, None, None, "There are no exceptions.", "Nothing.", None]]
    places = {
        (strand.proof.settlement.origin.file, first_line(strand).row): f"A{strand.sheet_row}" for strand in strands
    }
    shown = [_row(number, finding, places) for number, finding in enumerate(findings[:PROOF_EXCEPTIONS_MAX], 1)]
    if len(findings) > PROOF_EXCEPTIONS_MAX:
        more = f"{len(findings) - PROOF_EXCEPTIONS_MAX:,} more are not listed here."
        shown.append(
            [None, None, None, None, None, None, more, "Decide these first, then make the proof again.", None]
        )
    return shown


def _row(number: int, finding: Finding, places: Mapping[tuple[str, int], str]) -> Row:
    return [
        number,
        finding.severity.value,
        finding.code,
        finding.subject,
        _place(finding, places),
        finding.column,
        finding.what,
        finding.to_do,
        None,
    ]


def _place(finding: Finding, places: Mapping[tuple[str, int], str]) -> str | Link:
    where = finding.where
    named = replace(where, file=file_name(where.file)) if isinstance(where, Origin) else where
    text = str(named) if named is not None else ""
    if isinstance(where, Origin) and where.row is not None and (where.file, where.row) in places:
        return Link(text, settlement_lines.NAME, places[where.file, where.row])
    return text


def by_code(findings: Iterable[Finding]) -> list[tuple[str, Severity, int]]:
    """Code, severity and how many, the gravest and commonest first."""
    counted = Counter((finding.severity, finding.code) for finding in findings)
    ordered = sorted(counted.items(), key=lambda item: (_ORDER[item[0][0]], -item[1], item[0][1]))
    return [(code, severity, count) for (severity, code), count in ordered]
