"""The proof workbook: one styled .xlsx that shows, for some settlements, that Amazon, Tieout and QuickBooks agree.

The same input gives the same bytes: no clock is read, and every date in the package is fixed.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from tieout.domain.finding import Finding
from tieout.durable_file import whole_file
from tieout.sheets.build.theme import load_theme
from tieout.sheets.exports import (
    bulk,
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
from tieout.sheets.exports.cells import cell_text, one_line
from tieout.sheets.exports.figures import StandsFor, proved_lines
from tieout.sheets.exports.frame import FIRST_ROW, HEAD_ROW, SHEETS, Book, set_up, table_sheet, write_contents
from tieout.sheets.exports.line_cells import LineRows
from tieout.sheets.exports.look import Look, Tone
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.receivables import Receivable
from tieout.sheets.exports.survey import Survey, survey
from tieout.sheets.exports.table import write_table
from tieout.sheets.exports.trace import Strand


def write_proof_workbook(
    path: Path,
    proofs: Sequence[SettlementProof],
    findings: Sequence[Finding],
    *,
    title: str,
    made_for: str,
    owed: Sequence[Receivable] = (),
) -> None:
    """Write the proof of some settlements to `path`, as a whole: no reader ever meets half of it.

    `findings` are those that belong to no draft too; those of the drafts are added. `made_for` names the company;
    `owed` are the orders that no settlement has paid in full.
    OSError where the file can't be written, as when a spreadsheet program holds it open.
    """
    seen = survey(proofs, FIRST_ROW)
    ordered = fee_mappings.number_mappings(seen)
    lines = tuple(proved_lines(proof) for proof in proofs)
    plan = settlement_lines.plan(seen, FIRST_ROW)
    journal_rows = journal.rows_by_key(lines, FIRST_ROW)
    streamed = seen.whole and bool(seen.lines)
    package = BytesIO()
    with xlsxwriter.Workbook(package, {"in_memory": True}) as book:
        work = Book(
            book=book,
            look=Look(book, load_theme()),
            survey=seen,
            lines=lines,
            findings=exceptions.gathered(proofs, findings),
            title=one_line(title),
            made_for=one_line(made_for),
            receivables=tuple(owed),
        )
        set_up(work)
        _write_home(work)
        _write_settlements(work, journal_rows)
        _write_lines(work, plan, streamed=streamed)
        _write_journal(work)
        _write_mappings(work, ordered)
        _write_reconciliation(work)
        _write_orders(work)
        _write_clearing(work)
        _write_receivables(work)
        _write_exceptions(work)
    with whole_file(path) as out:
        if streamed:
            _stream_lines(package, seen, plan, journal_rows, out)
        else:
            out.write(package.getvalue())


def _write_settlements(work: Book, journal_rows: dict[str, int]) -> None:
    rows = settlements.rows(work.survey, work.lines, journal_rows)
    sheet = table_sheet(work, settlements, settlements.COLUMNS, rows, "What each file is and says of itself.")
    sheet.print_area(0, 0, HEAD_ROW + max(len(rows), 1), settlements.PRINTED - 1)


def _write_lines(work: Book, plan: settlement_lines.LinesSheet, *, streamed: bool) -> None:
    if work.survey.whole:
        help_text = (
            "Every row of Amazon's files. At the left what Tieout makes of it; at the right, in grey, the file's own"
            " columns as text; those that are empty in every row are left out."
        )
    else:
        help_text = (
            f"SUMMED: {work.survey.lines:,} rows are too many for a sheet, so they are summed by kind and month here."
            " The CSV export settlement_lines.csv has each of them."
        )
    rows = settlement_lines.model_rows(plan) if streamed else []
    if not work.survey.whole:
        rows = settlement_lines.summed_rows(work.survey)
    sheet = table_sheet(work, settlement_lines, plan.columns, rows, help_text, frozen=2)
    ours = len(plan.columns) - len(plan.own_columns)
    sheet.print_area(0, 0, plan.last_row - 1, ours - 1)
    if plan.own_columns:
        sheet.write_string(HEAD_ROW - 1, ours, "As Amazon's file has it", work.look.text(Tone.SUBTITLE))


def _write_journal(work: Book) -> None:
    help_text = (
        "Every line that was drafted. The formulas add its rows again and compare it with QuickBooks: both checks"
        " must be 0."
    )
    rows = journal.rows(work.survey, work.lines)
    sheet = table_sheet(work, journal, journal.COLUMNS, rows, help_text)
    last_row = HEAD_ROW + max(len(rows), 1)
    sheet.print_area(0, 0, last_row, journal.PRINTED - 1)
    deposit = f'=${xl_col_to_name(len(journal.COLUMNS) - 1)}{FIRST_ROW}="{StandsFor.DEPOSIT.value}"'
    banded = (HEAD_ROW + 1, 0, last_row, journal.COMPARED - 1)
    sheet.conditional_format(*banded, {"type": "formula", "criteria": deposit, "format": work.look.band()})


def _write_mappings(work: Book, ordered: list[list[Strand]]) -> None:
    help_text = (
        "Every kind of row that came, the rule that decided it, and the money it moved. A report: what is typed here"
        " is not read."
    )
    columns = fee_mappings.columns(work.survey.whole)
    table_sheet(work, fee_mappings, columns, fee_mappings.rows(ordered), help_text)


def _write_exceptions(work: Book) -> None:
    help_text = "What a person should know or decide. The yellow column is yours."
    rows = exceptions.rows(work.findings, work.survey.strands())
    table_sheet(work, exceptions, exceptions.COLUMNS, rows, help_text, frozen=3)


def _write_reconciliation(work: Book) -> None:
    help_text = "Amazon, Tieout and QuickBooks, by settlement and by group. Every column of differences must be 0."
    columns = reconciliation.columns(work.survey.whole)
    proofs = work.survey.proofs
    rows = reconciliation.rows(proofs, work.lines)
    sheet = table_sheet(work, reconciliation, columns, rows, help_text)
    below = HEAD_ROW + max(len(rows), 1) + 3
    sheet.write_string(below - 1, 0, "By group", work.look.text(Tone.SECTION))
    groups = [
        row
        for surveyed in work.survey.settlements
        for row in reconciliation.group_rows(
            surveyed.proof, reconciliation.by_group(surveyed.proof, surveyed.strands)
        )
    ]
    group_columns = reconciliation.group_columns(work.survey.whole)
    write_table(sheet, work.look, reconciliation.GROUP_TABLE, group_columns, groups, below, alone=False)


def _write_orders(work: Book) -> None:
    help_text = "What Amazon settled of each order, and what records it. Differences are told with why."
    if not work.survey.whole:
        help_text += " Only orders that differ are listed: there are too many for a sheet."
    rows = settled_orders.rows(work.survey.proofs, whole=work.survey.whole)
    table_sheet(work, settled_orders, settled_orders.COLUMNS, rows, help_text)


def _write_clearing(work: Book) -> None:
    help_text = "What QuickBooks holds in clearing of these settlements. The last column must be 0, in both tables."
    rows = clearing.rows(work.survey.proofs, work.lines)
    sheet = table_sheet(work, clearing, clearing.COLUMNS, rows, help_text)
    below = HEAD_ROW + max(len(rows), 1) + 3
    sheet.write_string(below - 1, 0, "By currency and age", work.look.text(Tone.SECTION))
    totals = clearing.totals_rows(rows)
    write_table(sheet, work.look, clearing.TOTALS_TABLE, clearing.totals_columns(), totals, below, alone=False)


def _write_receivables(work: Book) -> None:
    help_text = "Orders that are posted and that no settlement has paid in full, the oldest first."
    table_sheet(work, receivables, receivables.COLUMNS, receivables.rows(work.receivables), help_text)


def _write_home(work: Book) -> None:
    sheet, look = work.book.get_worksheet_by_name(home.NAME), work.look
    last = len(home.COLUMNS) - 1
    says = home.verdict(work.survey.proofs, work.lines)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, work.title, look.text(Tone.TITLE))
    sheet.write_string(1, 0, work.made_for, look.text(Tone.SECTION))
    sheet.set_row(3, 36)
    sheet.merge_range(3, 0, 3, last, "", look.text(says.tone))
    sheet.write_formula(3, 0, home.VERDICT, look.text(says.tone), cell_text(says.line))
    sheet.set_row(4, 30)
    sheet.merge_range(4, 0, 4, last, "", look.text(Tone.VERDICT_NOTE))
    sheet.write_string(4, 0, cell_text(says.meaning), look.text(Tone.VERDICT_NOTE))
    proofs = work.survey.proofs
    settlement_rows = range(FIRST_ROW, FIRST_ROW + len(proofs))
    rows = home.rows(proofs, work.lines, work.findings, settlement_rows)
    below = write_table(sheet, look, home.TABLE, home.COLUMNS, rows, 6).bottom + 2
    sheet.write_string(below, 0, "Exceptions by kind", look.text(Tone.SECTION))
    sheet.write_string(below, home.TOTALS_LEFT, "Totals by currency", look.text(Tone.SECTION))
    counted = home.exception_rows(exceptions.by_code(work.findings))
    by_code = write_table(sheet, look, home.EXCEPTIONS_TABLE, home.EXCEPTION_COLUMNS, counted, below + 1, alone=False)
    totals = write_table(
        sheet,
        look,
        home.TOTALS_TABLE,
        home.totals_columns(),
        home.totals_rows(proofs, work.lines),
        below + 1,
        left=home.TOTALS_LEFT,
        alone=False,
    )
    write_contents(work, sheet, max(by_code.bottom, totals.bottom) + 2)


def _stream_lines(
    package: BytesIO,
    seen: Survey,
    plan: settlement_lines.LinesSheet,
    journal_rows: dict[str, int],
    out: BinaryIO,
) -> None:
    with ZipFile(package) as made:
        skeleton = bulk.open_skeleton(made, SHEETS.index(settlement_lines.NAME) + 1, FIRST_ROW)
        strings = bulk.Strings(bulk.shared_strings(made))
        lines = LineRows(seen, plan, skeleton.styles, strings, journal_rows)
        bulk.fill(
            made,
            skeleton,
            lines,
            strings,
            last_row=plan.last_row,
            last_column=plan.last_column,
            links=lines.links,
            out=out,
        )
