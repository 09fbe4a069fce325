"""The values written with the formulas are those that a spreadsheet calculates; the package is a valid one."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from tests.parse.making import small_file
from tests.rules.in_memory import Row, settlement
from tests.sheets.build.converted import converted, program
from tests.sheets.exports.home_picture import picture
from tests.sheets.exports.order_proofs import OWED, orders_of_every_sort
from tests.sheets.exports.proofs import Written, proof_of, proof_of_file, without_line, write
from tests.sheets.exports.test_limits import ROWS
from tieout.domain.finding import Finding, Severity
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.workbook import write_proof_workbook

needs_libreoffice = pytest.mark.skipif(program() is None, reason="LibreOffice is not on this machine")
PRINCIPAL = ("Order", "ItemPrice", "Principal")
UNKNOWN = ("Order", "ItemFees", "MoonlightFee")


def half_posted() -> SettlementProof:
    """Of two months, the second of which QuickBooks has not taken."""
    whole = settlement(ROWS, settlement_id="24000000010", end=date(2024, 11, 5))
    proof = proof_of(whole, held=lambda document: document if document.doc_number.endswith("-1") else None)
    (first, *_) = proof.quickbooks_ids
    return replace(proof, quickbooks_ids={first: "501"})


def every_sort() -> list[SettlementProof]:
    """Posted, changed, deleted, half posted, blocked, not adding up, of two months, zero, in yen, large."""

    def numbered(number: int, rows: list[Row], **given: object) -> SettlementProof:
        return proof_of(settlement(rows, settlement_id=f"2400000000{number}", end=date(2024, 11, 5), **given))  # type: ignore[arg-type]

    day = date(2024, 10, 12)
    large = [Row(day, PRINCIPAL, 99_999_999_999), Row(day, PRINCIPAL, 1), Row(day, PRINCIPAL, -7)]
    changed = proof_of(settlement(ROWS, settlement_id="24000000009"), held=without_line(0))
    return [
        proof_of_file(small_file()),
        numbered(1, ROWS),
        changed,
        proof_of(settlement(ROWS, settlement_id="24000000008"), held=lambda document: None),
        proof_of(settlement(ROWS, settlement_id="24000000007"), posted=False),
        half_posted(),
        numbered(2, [*ROWS, Row(day, UNKNOWN, -5)]),
        numbered(3, ROWS, total=1),
        numbered(4, [Row(day, PRINCIPAL, 500), Row(day, PRINCIPAL, -500)]),
        numbered(5, [Row(day, PRINCIPAL, 1500)], country="JP", currency="JPY"),
        numbered(6, large),
    ]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Written:
    notice = Finding("notice", Severity.NOTICE, "Look at it.", "Look.", subject="24000000001")
    return write(tmp_path_factory.mktemp("proof"), every_sort(), [notice])


def formulas(path: Path) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def calculated(path: Path) -> openpyxl.Workbook:
    with converted(path, "xlsx") as opened:
        return openpyxl.load_workbook(opened, data_only=True)


def differing(path: Path) -> dict[tuple[str, str], tuple[object, object]]:
    """The formulas whose written value is not the one that LibreOffice calculates."""
    written, found = openpyxl.load_workbook(path, data_only=True), calculated(path)
    pairs = {
        (sheet, address): (written[sheet][address].value, found[sheet][address].value)
        for sheet, address in formulas(path)
    }
    return {place: (ours, theirs) for place, (ours, theirs) in pairs.items() if ours != theirs}


@needs_libreoffice
def test_written_values_are_those_that_are_calculated(everything: Written) -> None:
    assert len(formulas(everything.path)) > 300
    assert differing(everything.path) == {}


@needs_libreoffice
def test_summed_lines_are_calculated_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.sheets.exports.survey.PROOF_LINES_MAX", 3)
    assert differing(write(tmp_path, [proof_of_file(small_file()), proof_of(settlement(ROWS))]).path) == {}


@needs_libreoffice
def test_an_amount_changed_in_a_cell_shows_in_the_checks(tmp_path: Path) -> None:
    """The workbook is no picture of sums: change a row of Amazon's, and its journal line no longer checks."""
    written = write(tmp_path, [proof_of_file(small_file())])
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(written.path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet3.xml":
                assert content.count(b"<v>49.90</v>") == 1
                content = content.replace(b"<v>49.90</v>", b"<v>49.91</v>")
            new.writestr(part, content)
    found = calculated(changed)["Journal"]
    heads = {cell.value: cell.column for cell in found[4]}
    checks = [found.cell(row, heads["Check"]).value for row in range(5, found.max_row + 1)]
    assert [check for check in checks if check] == [-0.01]


def test_the_package_is_a_valid_one(everything: Written, tmp_path: Path) -> None:
    packages = [everything.path, write(tmp_path, [], name="nothing.xlsx").path]
    for path in packages:
        result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path)
        assert [str(error) for error in result.errors] == []


def test_one_settlement_in_the_hand_of_another_country(tmp_path: Path) -> None:
    """Files of one marketplace are drafted with its own chart, and stand under its own code."""
    euro = proof_of(replace(settlement(ROWS, country="DE", currency="EUR")))
    (row,) = write(tmp_path, [euro]).table("Settlements")
    assert (row["Marketplace"], row["Currency"]) == ("DE", "EUR")


@needs_libreoffice
def test_the_picture_shows_the_first_sheet(tmp_path: Path) -> None:
    written = write(tmp_path, [proof_of_file(small_file())])
    try:
        picture(written.path, tmp_path / "pictures" / "tied-out.png")
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    png = (tmp_path / "pictures" / "tied-out.png").read_bytes()
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    assert png.startswith(b"\x89PNG")
    assert len(png) < 200_000
    assert (width > 800, height > 200) == (True, True)


@needs_libreoffice
def test_orders_clearing_and_what_is_owed_are_calculated_alike(tmp_path: Path) -> None:
    shown = orders_of_every_sort()
    path = tmp_path / "orders.xlsx"
    proofs = [one.proof() for one in shown]
    write_proof_workbook(path, proofs, (), title="Orders", made_for="Example", owed=OWED)
    assert differing(path) == {}
    book = Written(path)
    totals = book.table("ClearingByCurrency")
    assert [(row["Left"], row["Unexplained"]) for row in totals] == [(-20, -17)]
