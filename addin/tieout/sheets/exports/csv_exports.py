"""The proof as CSV files: the same rows as the workbook's sheets, for programs that read no workbook.

They are UTF-8 with a byte order mark, so that a spreadsheet reads them right. Amounts are plain decimal text with
the currency's own places ("-12.50"), dates are ISO. A text that a spreadsheet would take for a formula, because it
begins with = + - @ (or their full-width forms), a tab or a line end, gets an apostrophe before it; so does a text
that begins with an apostrophe. A signed number ("-9,73") is no such text. So to have Amazon's text again, take one
apostrophe off where a text begins with one. (OWASP, "CSV Injection".)
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path

from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.durable_file import whole_file
from tieout.sheets.exports import (
    clearing,
    exceptions,
    fee_mappings,
    journal,
    receivables,
    reconciliation,
    settled_orders,
    settlement_lines,
)
from tieout.sheets.exports.cells import Link, Value
from tieout.sheets.exports.figures import ProvedLine, proved_lines
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.receivables import Receivable
from tieout.sheets.exports.survey import Survey, survey
from tieout.sheets.exports.table import Column, Row

JOURNAL, LINES, RECONCILIATION, EXCEPTIONS = (
    "journal.csv",
    "settlement_lines.csv",
    "reconciliation.csv",
    "exceptions.csv",
)
ORDERS, CLEARING, RECEIVABLES = "orders.csv", "clearing.csv", "receivables.csv"
_TOTAL = "Total"
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*\Z", re.ASCII)


def write_csv_exports(
    folder: Path, proofs: Sequence[SettlementProof], findings: Sequence[Finding], owed: Sequence[Receivable] = ()
) -> tuple[Path, ...]:
    """Write journal.csv, settlement_lines.csv (every line, however many), reconciliation.csv, orders.csv,
    clearing.csv, receivables.csv and exceptions.csv.

    Each takes the place of an older one as a whole. OSError where one can't be written.
    """
    seen = survey(proofs, first_sheet_row=2)
    fee_mappings.number_mappings(seen)
    lines = [proved_lines(proof) for proof in proofs]
    gathered = exceptions.gathered(proofs, findings)
    tables: dict[str, tuple[Iterable[str], Iterable[Row]]] = {
        JOURNAL: (_heads(journal.COLUMNS), journal.rows(seen, lines)),
        LINES: settlement_lines.every_line(seen),
        RECONCILIATION: (_heads(reconciliation.group_columns(whole=True)), _reconciliation(seen, lines)),
        ORDERS: (_heads(settled_orders.COLUMNS), settled_orders.rows(proofs)),
        CLEARING: (_heads(clearing.COLUMNS), clearing.rows(proofs, lines)),
        RECEIVABLES: (_heads(receivables.COLUMNS), receivables.rows(owed)),
        EXCEPTIONS: (_heads(exceptions.COLUMNS), exceptions.rows(gathered, seen.strands()) if gathered else ()),
    }
    paths = []
    for name, (heads, rows) in tables.items():
        _write(folder / name, heads, rows)
        paths.append(folder / name)
    return tuple(paths)


def csv_text(value: Value) -> str:
    """A value as its CSV field, by the convention of this module."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.decimal
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    text = value.text if isinstance(value, Link) else value
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) and not _NUMBER.match(text) else text


def _heads(columns: Iterable[Column]) -> list[str]:
    return [column.head for column in columns]


def _reconciliation(seen: Survey, lines: Sequence[Sequence[ProvedLine]]) -> Iterator[Row]:
    """The groups of each settlement, then its totals."""
    totals = reconciliation.rows(seen.proofs, lines)
    for surveyed, total in zip(seen.settlements, totals, strict=True):
        yield from reconciliation.group_rows(
            surveyed.proof, reconciliation.by_group(surveyed.proof, surveyed.strands)
        )
        by_head = dict(zip(_heads(reconciliation.columns(whole=True)), total, strict=True))
        yield [
            *(by_head[head] for head in ("Settlement", "Marketplace", "Currency")),
            _TOTAL,
            *(by_head[head] for head in ("Read back", "Rows", "Amazon total", "Deposit drafted")),
            *(by_head[head] for head in ("Deposit in QuickBooks", "Difference")),
        ]


def _write(path: Path, heads: Iterable[str], rows: Iterable[Row]) -> None:
    with whole_file(path) as out:
        text = TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="")
        writer = csv.writer(text)
        writer.writerow([csv_text(head) for head in heads])
        writer.writerows([csv_text(value) for value in row] for row in rows)
        text.detach()  # flushed; the file is for `whole_file` to close
