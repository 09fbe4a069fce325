"""The sheet Settlements: what each file is, what it says of itself, and what became of it."""

from collections.abc import Mapping, Sequence

from tieout.domain.calendar import local_day
from tieout.sheets.exports import journal, settlement_lines
from tieout.sheets.exports.cells import Link, file_name
from tieout.sheets.exports.figures import ProvedLine
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.survey import Survey, Surveyed
from tieout.sheets.exports.table import Column, Row

NAME = "Settlements"
TABLE = "Settlements"

COLUMNS = (
    Column("Settlement", 14, tone=Tone.STRONG),
    Column("State", 10),
    Column("Marketplace", 12),
    Column("Currency", 9),
    Column("Start", 11, "day", help="The settlement's first moment, as a day on the clock of the column Clock."),
    Column("End", 11, "day"),
    Column("Deposit date", 11, "day", help="The day that Amazon's file gives for the deposit. Empty: none given."),
    Column("Clock", 19, help="The time zone that decides the day, and so the month, of a row."),
    Column("Rows", 8, "whole", help="Amounts in the file; its summary row, which states the total, is none."),
    Column("First row", 9, help="Leads to the settlement's rows on Settlement Lines."),
    Column("Amazon total", 14, "money", signed=True, help="total-amount of the file's summary row."),
    Column("Rows total", 14, "money", signed=True, help="Added while the file was read."),
    Column("Difference", 11, "money", zero=True, help="Must be 0. Otherwise nothing of the settlement is drafted."),
    Column("Documents", 23, wrap=True, help="The numbers of what is drafted of it, or posted."),
    Column("Drafted", 9, help="Leads to the settlement's lines on Journal."),
    Column("QuickBooks IDs", 14, wrap=True),
    Column("File", 24, wrap=True),
    Column("SHA-256 of the file", 37, wrap=True, help="The identity of the bytes: the same file has the same hash."),
    Column("Names in the file", 30, wrap=True, help="The marketplaces that the rows name."),
    Column("Layout", 8, help="v2: Flat File V2. v1: the layout that Amazon withdrew; old archives have it."),
)
PRINTED = len(COLUMNS) - 2


def rows(survey: Survey, lines: Sequence[Sequence[ProvedLine]], journal_rows: Mapping[str, int]) -> list[Row]:
    """One row a settlement."""
    return [
        _row(surveyed, _first_journal_row(proved, journal_rows))
        for surveyed, proved in zip(survey.settlements, lines, strict=True)
    ]


def _first_journal_row(lines: Sequence[ProvedLine], journal_rows: Mapping[str, int]) -> int:
    return journal_rows[journal.key_of(lines[0])] if lines else 0


def _row(surveyed: Surveyed, journal_row: int) -> Row:
    proof = surveyed.proof
    settlement = proof.settlement
    lines_row = surveyed.strands[0].sheet_row if surveyed.strands else 0
    zone = settlement.time_zone
    doc_numbers = ", ".join(j.doc_number for j in proof.draft.journals)
    return [
        settlement.settlement_id,
        proof.state,
        settlement.marketplace,
        settlement.currency,
        local_day(settlement.start, zone),
        local_day(settlement.end, zone),
        local_day(settlement.deposit, zone) if settlement.deposit else None,
        zone,
        len(settlement.lines),
        Link("rows", settlement_lines.NAME, f"A{lines_row}") if lines_row else None,
        settlement.total,
        settlement.sum_of_rows,
        settlement.difference,
        doc_numbers,
        Link("lines", journal.NAME, f"A{journal_row}") if journal_row else None,
        ", ".join(
            proof.quickbooks_ids[j.doc_number] for j in proof.draft.journals if j.doc_number in proof.quickbooks_ids
        ),
        file_name(settlement.origin.file),
        settlement.origin.sha256,
        ", ".join(settlement.marketplace_names),
        settlement.layout,
    ]
