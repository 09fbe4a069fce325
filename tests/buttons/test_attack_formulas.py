"""A settlement whose texts are formulas for a spreadsheet: in every sheet and every export they are text."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.buttons.desk import Desk

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","cmd|")',
]


def _hostile(file: Path, formula: str) -> None:
    """Put a formula where a seller, a buyer or a forger could: SKU, order, description, and Amazon's own words."""
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    heads = lines[0]
    for number, line in enumerate(lines[2:]):
        for head in ("sku", "order-item-code", "merchant-order-id", "promotion-id", "shipment-id"):
            place = heads.index(head)
            if len(line) > place and line[place]:
                line[place] = formula
        if number % 7 == 0 and len(line) > heads.index("amount-description"):
            line[heads.index("amount-description")] = formula
    file.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def _formulas(book: Path) -> list[str]:
    """The formulas of a workbook's cells that hold what was forged."""
    sheets = load_workbook(book, keep_vba=False, read_only=False)
    found = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "cmd|" in str(cell.value)
    ]
    sheets.close()
    return found


def _texts(book: Path) -> int:
    sheets = load_workbook(book, read_only=True)
    count = sum(
        "cmd|" in str(value)
        for sheet in sheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value
    )
    sheets.close()
    return count


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_of_amazon_becomes_a_formula(desk: Desk, formula: str) -> None:
    file = desk.files / "settlement-us-21035404438.txt"
    _hostile(file, formula)
    desk.press("import-settlements", file)
    desk.press("preview-settlements")
    assert _formulas(desk.book) == []
    assert _texts(desk.book) > 0
    exported = desk.press("export-reconciliation").outcome
    assert exported.files, exported
    for path in exported.files:
        if path.suffix == ".xlsx":
            assert _formulas(path) == []
        else:
            cells = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
            assert [cell for line in cells for cell in line if cell[:1] in "=+@" and "cmd|" in cell] == []
