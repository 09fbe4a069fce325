"""Whatever stands in a field of Amazon's file, it is text in the workbook and in the CSV files, letter for letter."""

import csv
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from tests.parse.making import V2, File, line, summary
from tests.rules.in_memory import Row, settlement
from tests.sheets.exports.proofs import Written, proof_of, proof_of_file, write
from tieout.domain.finding import Finding, Severity
from tieout.limits import CELL_CHARACTERS_MAX, CELL_DIGITS_MAX
from tieout.sheets.exports.bulk import xml_text
from tieout.sheets.exports.csv_exports import csv_text, write_csv_exports

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "<r><t>not rich</t></r>",
    "<is><t>x</t></is>",
    "a&b<c>\"d'",
    "_x0041_",
    "007",
    "TRUE",
    "#REF!",
    "https://example.com",
    "internal:Home!A1",
    " space around ",
    "snow ☃ 雪 😀",
]


def hostile_file(text: str) -> File:
    return File(
        [
            summary("1.00"),
            line("1.00", ("Order", "ItemPrice", "Principal"), sku=text, order_id=text, promotion_id=text),
        ]
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str, tmp_path: Path) -> None:
    written = write(tmp_path, [proof_of_file(hostile_file(text))])
    (row,) = written.table("SettlementLines")
    kept = text.strip() if row["Seller SKU"] == text.strip() else text
    assert (row["Seller SKU"], row["promotion-id"]) == (kept, kept)
    assert row["Order ID"] == text.strip()  # blanks around an order's id are no part of it
    assert "<f>" not in written.sheet_xml("Settlement Lines")
    assert formulas_of(written) == formulas_of(write(tmp_path, [proof_of_file(hostile_file("CUP"))], name="2.xlsx"))


def formulas_of(written: Written) -> list[tuple[str, str, str]]:
    return [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in written.formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_kinds_names_and_findings_stay_text(text: str, tmp_path: Path) -> None:
    rows = [Row(date(2026, 10, 12), (text, text, text), 100, marketplace_name=text)]
    finding = Finding(text, Severity.NOTICE, text, text, subject=text, column=text)
    blocked = proof_of(settlement(rows, file=f"{text}.txt"))
    written = write(tmp_path, [blocked], [finding])
    mapping = written.table("FeeMappings")[0]
    assert mapping["Amount description"].rstrip() == text.rstrip()
    assert mapping["Rows"] == 1
    assert text.strip() in [str(row["Code"]).strip() for row in written.table("Exceptions")]
    assert not [found for found in formulas_of(written) if found[0] == "Exceptions"]
    assert not [found for found in formulas_of(written) if text in found[2] and len(text) > 4]
    for part in written.parts.values():
        ElementTree.fromstring(part)


def test_heads_of_the_file_are_text_and_unlike(tmp_path: Path) -> None:
    strange = ("=1+1", "Group", "group (file)", "x" * 300, "<r>y</r>", "a&b")
    rows = [row | dict.fromkeys(strange, "z") for row in hostile_file("CUP").rows]
    written = write(tmp_path, [proof_of_file(File(rows, columns=(*V2, *strange)))])
    heads = [column.name for column in written.values["Settlement Lines"].tables["SettlementLines"].tableColumns]
    assert len({head.casefold() for head in heads}) == len(heads)
    assert heads[-6:] == ["=1+1", "group (file)", "group-(file)", "x" * 200, "<r>y</r> ", "a&b"]
    (row,) = written.table("SettlementLines")
    assert [row[head] for head in heads[-6:]] == ["z"] * 6
    assert "<f>" not in written.sheet_xml("Settlement Lines")


def test_text_of_any_length_fits(tmp_path: Path) -> None:
    for length in (CELL_CHARACTERS_MAX, CELL_CHARACTERS_MAX + 1):
        text = "ü" * length
        finding = Finding("long", Severity.NOTICE, text, "Read it.")
        written = write(tmp_path, [proof_of_file(hostile_file(text))], [finding])
        (row,) = written.table("SettlementLines")
        for shown in (row["Seller SKU"], written.table("Exceptions")[0]["What happened"]):
            assert len(shown) == CELL_CHARACTERS_MAX
            assert (shown == text) is (length == CELL_CHARACTERS_MAX)
            assert shown.endswith("(cut; the file holds the rest)") is (length > CELL_CHARACTERS_MAX)


def test_an_amount_of_more_digits_than_a_number_holds_is_text(tmp_path: Path) -> None:
    for minor, element in (
        (10**CELL_DIGITS_MAX - 1, "<v>9999999999999.99</v>"),
        (10**CELL_DIGITS_MAX, 't="s"'),
    ):
        rows = [Row(date(2026, 10, 12), ("Order", "ItemPrice", "Principal"), minor)]
        written = write(tmp_path, [proof_of(settlement(rows))])
        (row,) = written.table("SettlementLines")
        assert f"{row['Amount']}" == f"{minor // 100}.{minor % 100:02d}"
        xml = written.sheet_xml("Settlement Lines")
        cell = xml[xml.index('<c r="I5"') :]
        assert element in cell[: cell.index("</c>") + 4]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
@example("_x0041_ _xD800_ _x005F_")
@example("\x00\x0b\x1f\ufffe\uffff")
@example("\r\n\t")
@with_settings(max_examples=300, deadline=None)
def test_xml_text_gives_the_text_back(text: str) -> None:
    element = ElementTree.fromstring(xml_text(text))
    read = element.text or ""
    assert unescape(read).replace("\r\n", "\n").replace("\r", "\n") == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.text(max_size=20))
@with_settings(max_examples=200, deadline=None)
def test_csv_text_is_no_formula_and_gives_the_text_back(text: str) -> None:
    field = csv_text(text)
    assert field.removeprefix("'") == text or field == text
    assert (field[1:] if field.startswith("'") else field) == text
    if field[:1] in ("=", "+", "-", "@", "\t", "\r"):
        assert field[1:].replace(",", "").replace(".", "").isdigit()


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_files_hold_hostile_text_with_an_apostrophe(text: str, tmp_path: Path) -> None:
    write_csv_exports(tmp_path, [proof_of_file(hostile_file(text))], [])
    with (tmp_path / "settlement_lines.csv").open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["Seller SKU"].removeprefix("'").strip() == text.strip()
    assert row["Seller SKU"][:1] not in ("=", "+", "-", "@")


def test_a_package_has_no_links_outside(tmp_path: Path) -> None:
    written = write(tmp_path, [proof_of_file(hostile_file("https://example.com"))])
    with zipfile.ZipFile(written.path) as package:
        relations = [package.read(name).decode() for name in package.namelist() if name.endswith(".rels")]
    assert relations
    assert not [part for part in relations if "External" in part]
