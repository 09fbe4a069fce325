"""The bounds of the proof workbook, each at N and at N + 1."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.rules.in_memory import Row, settlement
from tests.sheets.exports.proofs import proof_of, write
from tests.sheets.exports.test_sums import check_sums
from tieout.domain.finding import Finding, Severity
from tieout.sheets.exports.csv_exports import write_csv_exports
from tieout.sheets.exports.proof import SettlementProof

ROWS = [
    Row(date(2024, 10, 12), ("Order", "ItemPrice", "Principal"), 1500, "111-1"),
    Row(date(2024, 10, 12), ("Order", "ItemPrice", "Tax"), 150, "111-1"),
    Row(date(2024, 10, 12), ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"), -150, "111-1"),
    Row(date(2024, 10, 12), ("Order", "ItemPrice", "Principal"), 1500, "111-2"),
    Row(date(2024, 10, 13), ("Order", "ItemPrice", "Tax"), 120, "111-2"),
    Row(date(2024, 11, 2), ("Order", "ItemPrice", "Principal"), 700, "111-3"),
    Row(date(2024, 11, 2), ("Order", "ItemFees", "Commission"), -105, "111-3"),
]


def proof() -> SettlementProof:
    return proof_of(settlement(ROWS, end=date(2024, 11, 5)))


def test_lines_beyond_the_bound_are_summed_and_the_sheet_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tieout.sheets.exports.survey.PROOF_LINES_MAX", len(ROWS))
    whole = write(tmp_path, [proof()])
    assert len(whole.table("SettlementLines")) == len(ROWS)
    assert "SUMMED" not in whole.values["Settlement Lines"]["A2"].value

    monkeypatch.setattr("tieout.sheets.exports.survey.PROOF_LINES_MAX", len(ROWS) - 1)
    summed = write(tmp_path, [proof()], name="summed.xlsx")
    assert summed.values["Settlement Lines"]["A2"].value.startswith("SUMMED: 7 rows are too many")
    rows = summed.table("SettlementLines")
    assert [(row["Amount description"], row["Rows"], row["Amount"]) for row in rows] == [
        ("Principal", 2, Decimal("30.00")),
        ("Tax", 1, Decimal("1.50")),
        ("MarketplaceFacilitatorTax-Principal", 1, Decimal("-1.50")),
        ("Tax", 1, Decimal("1.20")),
        ("Principal", 1, Decimal("7.00")),
        ("Commission", 1, Decimal("-1.05")),
    ]
    for table in ("Home", "Journal", "Reconciliation", "ReconciliationByGroup", "FeeMappings"):
        assert summed.table(table) == [
            row | ({"First row": other["First row"]} if "First row" in row else {})
            for row, other in zip(whole.table(table), summed.table(table), strict=True)
        ]
    journal = summed.formulas["Journal"]
    links = [journal[f"J{row}"].hyperlink for row in range(5, journal.max_row + 1)]
    assert {link.location for link in links if link} <= {f"'Settlement Lines'!A{row}" for row in range(5, 11)}
    exported = write_csv_exports(tmp_path, [proof()], [])
    assert len(exported[1].read_text(encoding="utf-8-sig").splitlines()) == len(ROWS) + 1


def test_lines_that_are_whole_add_up(tmp_path: Path) -> None:
    check_sums(write(tmp_path, [proof()]))


def test_rows_link_to_their_journal_lines_up_to_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bound, linked in ((len(ROWS), True), (len(ROWS) - 1, False)):
        monkeypatch.setattr("tieout.sheets.exports.line_cells.SHEET_LINKS_MAX", bound)
        sheet = write(tmp_path, [proof()], name=f"{bound}.xlsx").formulas["Settlement Lines"]
        assert all((sheet[f"M{row}"].hyperlink is not None) is linked for row in range(5, 12))


def test_exceptions_beyond_the_bound_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding("code", Severity.NOTICE, f"No {number}.", "Look.") for number in range(4)]
    monkeypatch.setattr("tieout.sheets.exports.exceptions.PROOF_EXCEPTIONS_MAX", 4)
    rows = write(tmp_path, [proof()], findings).table("Exceptions")
    assert [row["What happened"] for row in rows] == ["No 0.", "No 1.", "No 2.", "No 3."]
    monkeypatch.setattr("tieout.sheets.exports.exceptions.PROOF_EXCEPTIONS_MAX", 3)
    rows = write(tmp_path, [proof()], findings, name="more.xlsx").table("Exceptions")
    assert [row["What happened"] for row in rows] == ["No 0.", "No 1.", "No 2.", "1 more are not listed here."]


def test_strings_beyond_the_bound_stand_in_their_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = write(tmp_path, [proof()])
    monkeypatch.setattr("tieout.sheets.exports.bulk._SHARED_STRINGS_MAX", 3)
    inline = write(tmp_path, [proof()], name="inline.xlsx")
    assert "inlineStr" not in shared.sheet_xml("Settlement Lines")
    assert "inlineStr" in inline.sheet_xml("Settlement Lines")
    assert inline.table("SettlementLines") == shared.table("SettlementLines")
    assert [[cell.value for cell in row] for row in inline.values["Settlement Lines"]] == [
        [cell.value for cell in row] for row in shared.values["Settlement Lines"]
    ]
