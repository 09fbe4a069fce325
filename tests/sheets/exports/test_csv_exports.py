"""The CSV files say what the workbook says."""

import csv
from decimal import Decimal
from pathlib import Path

from tests.parse.making import small_file
from tests.rules.in_memory import settlement
from tests.sheets.exports.proofs import proof_of, proof_of_file, write
from tests.sheets.exports.test_limits import ROWS
from tieout.domain.finding import Finding, Severity
from tieout.sheets.exports.csv_exports import write_csv_exports


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def same(csv_rows: list[dict[str, str]], sheet_rows: list[dict[str, object]]) -> bool:
    """Whether both say the same; a sheet's dates are numbers, and its whole numbers have no places."""

    def told(value: object) -> str:
        return "" if value is None else str(value)

    return [{k: v for k, v in row.items() if k not in ("Date", "Posted")} for row in csv_rows] == [
        {k: told(v) for k, v in row.items() if k not in ("Date", "Posted")} for row in sheet_rows
    ]


def test_they_hold_the_rows_of_the_sheets(tmp_path: Path) -> None:
    proofs = [proof_of_file(small_file()), proof_of(settlement(ROWS), posted=False)]
    finding = Finding("notice", Severity.NOTICE, "-Look at it.", "Look, please.")
    paths = write_csv_exports(tmp_path, proofs, [finding])
    assert [path.name for path in paths] == [
        "journal.csv",
        "settlement_lines.csv",
        "reconciliation.csv",
        "orders.csv",
        "clearing.csv",
        "receivables.csv",
        "exceptions.csv",
    ]
    written = write(tmp_path, proofs, [finding])
    assert same(rows(paths[0]), written.table("Journal"))
    assert same(rows(paths[1]), written.table("SettlementLines"))
    assert same([row for row in rows(paths[2]) if row["Group"] != "Total"], written.table("ReconciliationByGroup"))
    assert rows(paths[-1])[0]["What happened"] == "'-Look at it."
    assert rows(paths[0])[0]["Date"] == "2026-10-21"


def test_totals_close_each_settlement(tmp_path: Path) -> None:
    paths = write_csv_exports(tmp_path, [proof_of_file(small_file())], [])
    *groups, total = rows(paths[2])
    assert (total["Group"], total["Amazon"], total["Tieout"], total["QuickBooks"], total["Difference"]) == (
        "Total",
        "105.63",
        "105.63",
        "105.63",
        "0.00",
    )
    for head in ("Amazon", "Tieout", "QuickBooks", "Rows"):
        assert sum(Decimal(row[head]) for row in groups) == Decimal(total[head])


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    def made(name: str) -> list[bytes]:
        return [p.read_bytes() for p in write_csv_exports(tmp_path / name, [proof_of_file(small_file())], [])]

    assert made("one") == made("two")
    assert all(content.startswith(b"\xef\xbb\xbf") for content in made("one"))
