"""Proofs made of small files and of settlements in memory, and what stands in the workbook of one."""

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils.escape import unescape

from tests.parse.making import File, good
from tieout.domain.account import Chart
from tieout.domain.books import BooksDocument, BooksLine
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.reconcile.tie_out import tie_out
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.mapping import Mapping as FeeMapping
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.workbook import write_proof_workbook

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
TITLE, COMPANY = "Proof of settlements", "Example Trading"

Held = Callable[[BooksDocument], BooksDocument | None]


def as_posted(document: BooksDocument) -> BooksDocument | None:
    return document


def in_books(journal: Journal) -> BooksDocument:
    """A journal as the books hold it when nobody touched it."""
    lines = tuple(
        BooksLine(line.side, line.amount, str(number), line.description, account_name=line.account)
        for number, line in enumerate(journal.posted_lines)
    )
    return BooksDocument(
        "JournalEntry", journal.doc_number, journal.day, journal.currency, journal.debits, journal.memo, lines
    )


def proof_of(
    settlement: Settlement,
    *,
    posted: bool = True,
    held: Held = as_posted,
    settings: SettlementSettings | None = None,
    chart: Chart | None = None,
) -> SettlementProof:
    """A settlement drafted, posted unless told otherwise, and read back through `held`."""
    accounts = chart or load_chart(settlement.marketplace)
    draft = draft_settlement(settlement, FeeMapping(accounts), accounts, settings or SettlementSettings())
    taken = draft.journals if posted else ()
    documents = [document for document in map(held, map(in_books, taken)) if document is not None]
    state = "Posted" if taken else "Ready" if draft.journals else "Blocked"
    return SettlementProof(
        settlement=settlement,
        draft=draft,
        tie=tie_out(settlement, draft, documents if taken else None),
        state=state,
        quickbooks_ids={journal.doc_number: str(number) for number, journal in enumerate(taken, 501)},
    )


def proof_of_file(file: File, **given: Any) -> SettlementProof:
    return proof_of(good(file), **given)


def without_line(number: int) -> Held:
    """Somebody deleted a line in QuickBooks."""
    return lambda held: replace(held, lines=held.lines[:number] + held.lines[number + 1 :])


def write(
    folder: Path, proofs: Sequence[SettlementProof], findings: Sequence[Finding] = (), name: str = "proof.xlsx"
) -> "Written":
    path = folder / name
    write_proof_workbook(path, proofs, findings, title=TITLE, made_for=COMPANY)
    return Written(path)


@dataclass
class Written:
    """A written workbook: its parts, and its cells by openpyxl."""

    path: Path

    @cached_property
    def formulas(self) -> Any:
        return openpyxl.load_workbook(self.path)

    @cached_property
    def values(self) -> Any:
        return openpyxl.load_workbook(self.path, data_only=True)

    @cached_property
    def parts(self) -> Mapping[str, str]:
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name).decode("utf-8") for name in package.namelist()}

    @cached_property
    def shared_strings(self) -> list[str]:
        root = ElementTree.fromstring(self.parts["xl/sharedStrings.xml"])
        return [unescape("".join(text.text or "" for text in item.iter(f"{{{MAIN['m']}}}t"))) for item in root]

    def sheet_xml(self, name: str) -> str:
        return self.parts[f"xl/worksheets/sheet{self.values.sheetnames.index(name) + 1}.xml"]

    def table(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as the file's cells hold them, amounts exact, by head; None where a cell is empty.

        The empty row that a table without rows has is none.
        """
        sheet = next(sheet for sheet in self.values if table in sheet.tables)
        first, last = sheet.tables[table].ref.split(":")
        (left, top), (right, bottom) = place(first), place(last)
        cells = self._cells(sheet.title)
        heads = [cells[column, top] for column in range(left, right + 1)]
        rows = [
            {head: cells.get((column, row)) for column, head in enumerate(heads, left)}
            for row in range(top + 1, bottom + 1)
        ]
        return [row for row in rows if any(value is not None for value in row.values())]

    def _cells(self, sheet: str) -> dict[tuple[int, int], str | Decimal]:
        found: dict[tuple[int, int], str | Decimal] = {}
        for cell in ElementTree.fromstring(self.sheet_xml(sheet)).iterfind(".//m:c", MAIN):
            value, inline = cell.find("m:v", MAIN), cell.find("m:is/m:t", MAIN)
            if inline is not None:
                found[place(cell.attrib["r"])] = unescape(inline.text or "")
            elif value is not None and value.text is not None:
                kind = cell.get("t")
                text = value.text
                found[place(cell.attrib["r"])] = (
                    self.shared_strings[int(text)] if kind == "s" else text if kind == "str" else Decimal(text)
                )
        return found


def place(address: str) -> tuple[int, int]:
    """Column and row of "AB12", both from 1."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column, int(digits)


def summed(rows: Iterable[Mapping[str, Any]], head: str) -> Decimal:
    """The sum of a column, empty cells left out."""
    return sum((row[head] for row in rows if row[head] is not None), Decimal(0))
