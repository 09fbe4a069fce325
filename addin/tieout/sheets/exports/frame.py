"""The frame of the proof workbook: its sheets in their order, how each begins, and how it prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import tieout
from tieout.domain.finding import Finding
from tieout.sheets.exports import (
    clearing,
    exceptions,
    fee_mappings,
    home,
    journal,
    receivables,
    reconciliation,
    settled_orders,
    settlement_lines,
    settlements,
)
from tieout.sheets.exports.figures import ProvedLine
from tieout.sheets.exports.look import Look, Tone
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.receivables import Receivable
from tieout.sheets.exports.survey import Survey
from tieout.sheets.exports.table import Column, Row, write_table

HEAD_ROW = 3  # 0-based: title, help, an empty row, the table's head
FIRST_ROW = HEAD_ROW + 2  # 1-based: the first row with data
CONTENTS = {
    settlements.NAME: "what each file is, what it says of itself, what became of it",
    settlement_lines.NAME: "every row of Amazon's files, with the journal line it landed in",
    journal.NAME: "every line that was drafted, its rows added again, and what QuickBooks holds",
    fee_mappings.NAME: "every kind of row, the rule that decided it, and the money it moved",
    reconciliation.NAME: "Amazon, Tieout and QuickBooks, by settlement and by group",
    settled_orders.NAME: "each order that a settlement pays, against its document",
    clearing.NAME: "what is left in clearing, how old it is, and that all of it is explained",
    receivables.NAME: "orders that are posted and not paid in full by any settlement",
    exceptions.NAME: "what a person should know or decide",
}
SHEETS = (home.NAME, *CONTENTS)
_MADE = datetime(2020, 1, 1, tzinfo=UTC)  # the package must bear a date; a fixed one keeps the bytes the same
_LETTER, _A4 = 1, 9
_LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})


class SheetModule(Protocol):
    """A module of this package that describes a sheet with one table."""

    NAME: str
    TABLE: str


@dataclass(frozen=True, slots=True)
class Book:
    """The workbook under construction and everything that goes into it. `title` and `made_for` are of one line."""

    book: Any
    look: Look
    survey: Survey
    lines: tuple[list[ProvedLine], ...]
    findings: list[Finding]
    title: str
    made_for: str
    receivables: tuple[Receivable, ...] = ()


def set_up(work: Book) -> None:
    """Make the sheets, in their order, each ready to be printed."""
    paper = _paper(work.survey.proofs)
    work.book.set_properties(
        {
            "title": work.title,
            "company": work.made_for,
            "author": "Tieout",
            "comments": f"Made by Tieout {tieout.__version__}",
            "created": _MADE,
        }
    )
    for name in SHEETS:
        sheet = work.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&8{_footer(work)}, &A&R&8Page &P of &N")


def _paper(proofs: Sequence[SettlementProof]) -> int:
    """Letter where every settlement is American, A4 everywhere else."""
    american = all(proof.settlement.marketplace in _LETTER_COUNTRIES for proof in proofs)
    return _LETTER if proofs and american else _A4


def _footer(work: Book) -> str:
    return f"{work.title} | {work.made_for}"[:120].replace("&", "&&")


def _sheet(work: Book, name: str, help_text: str, *, frozen: int = 1) -> Any:
    """A sheet with its title, its help and the way home; its table is to stand at `HEAD_ROW`."""
    sheet = work.book.get_worksheet_by_name(name)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, name, work.look.text(Tone.TITLE))
    sheet.write_string(1, 0, help_text, work.look.text(Tone.SUBTITLE))
    sheet.write_url(2, 0, "internal:'Home'!A1", work.look.text(Tone.LINK_BARE), "Home")
    sheet.freeze_panes(HEAD_ROW + 1, frozen)
    sheet.repeat_rows(HEAD_ROW)
    return sheet


def table_sheet(
    work: Book,
    module: SheetModule,
    columns: Sequence[Column],
    rows: Sequence[Row],
    help_text: str,
    *,
    frozen: int = 1,
) -> Any:
    """Write a sheet that is one table, its first `frozen` columns held in view; the XlsxWriter sheet, for more."""
    sheet = _sheet(work, module.NAME, help_text, frozen=frozen)
    write_table(sheet, work.look, module.TABLE, columns, rows, HEAD_ROW)
    return sheet


def write_contents(work: Book, sheet: Any, top: int) -> None:
    """The list of the other sheets, with links, from the 0-based row `top` on."""
    sheet.write_string(top, 0, "In this workbook", work.look.text(Tone.SECTION))
    for row, (name, what) in enumerate(CONTENTS.items(), top + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", work.look.text(Tone.LINK_BARE), name)
        sheet.write_string(row, 1, what, work.look.text(Tone.SUBTITLE))
