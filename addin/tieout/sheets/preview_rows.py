"""Rows of Journal Preview, from settlements and their drafts."""

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.draft import kind_in_words
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.sheets.cell_values import holds
from tieout.sheets.port import ReadTable, Row
from tieout.sheets.settlement_rows import BLOCKED, POSTED, ShownSettlement

DRAFT, CHANGED = "Draft", "Changed"
_JOURNAL = "Journal Entry"


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line as Journal Preview shows it now."""

    state: str
    values: Mapping[str, object]


def preview_rows(shown: ShownSettlement, before: Mapping[tuple[str, str], PreviewLine]) -> list[Row]:
    """The lines of its draft on Journal Preview; of what is posted where nothing is drafted.

    A line that differs from the one that `before` shows under its number is Changed, and stays so until it is
    posted.
    """
    rows: list[Row] = []
    posted = set(shown.posted)
    numbered = {journal.doc_number: journal for journal in shown.draft.journals or shown.posted}
    kinds = {one.doc_number: kind_in_words(one) for one in (shown.orders.documents if shown.orders else ())}
    for journal in numbered.values():
        for number, line in enumerate(journal.lines, 1):
            row = _preview_row(journal, number, line)
            if shown.state == BLOCKED:
                state = BLOCKED
            elif journal in posted:
                state = POSTED
            else:
                state = _state_since(row, before.get((journal.doc_number, str(number))))
            document = kinds.get(journal.doc_number, _JOURNAL)
            rows.append({**row, "document": document, "state": state})
    return rows


def preview_lines(table: ReadTable) -> dict[tuple[str, str], PreviewLine]:
    """The lines that Journal Preview shows now, by document and line."""
    return {
        (row.text("doc_number"), row.text("line")): PreviewLine(row.text("state"), row.values) for row in table.rows
    }


_COMPARED = ("day", "account", "group", "debit", "credit", "description", "rows", "tax_code", "class_name")


def _state_since(row: Row, before: PreviewLine | None) -> str:
    if before is None:
        return DRAFT
    if all(holds(before.values.get(key), row[key]) for key in _COMPARED):  # type: ignore[arg-type]
        return before.state if before.state == CHANGED else DRAFT
    return CHANGED


def _preview_row(journal: Journal, number: int, line: JournalLine) -> Row:
    return {
        "settlement_id": journal.settlement_id,
        "doc_number": journal.doc_number,
        "line": number,
        "day": journal.day,
        "part": f"{journal.part} of {journal.parts}",
        "account": line.account,
        "group": str(line.group),
        "currency": journal.currency,
        "debit": line.amount if line.side is Side.DEBIT else None,
        "credit": line.amount if line.side is Side.CREDIT else None,
        "description": line.description,
        "rows": line.rows or None,
        "tax_code": line.tax_code,
        "class_name": line.class_name,
        "memo": journal.memo,
    }
