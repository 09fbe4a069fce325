"""What a reader finds in the proof workbook, read back by another library."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.parse.making import V1, File, line_v1, small_file, summary
from tests.rules.in_memory import Row, settlement
from tests.sheets.exports.proofs import COMPANY, TITLE, Written, proof_of, proof_of_file, write
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin

SHEETS = [
    *("Home", "Settlements", "Settlement Lines", "Journal", "Fee Mappings", "Reconciliation"),
    *("Orders", "Clearing", "Receivables", "Exceptions"),
]
TABLES = {
    "Home": {"Home", "HomeExceptions", "HomeTotals"},
    "Settlements": {"Settlements"},
    "Settlement Lines": {"SettlementLines"},
    "Journal": {"Journal"},
    "Fee Mappings": {"FeeMappings"},
    "Reconciliation": {"Reconciliation", "ReconciliationByGroup"},
    "Orders": {"Orders"},
    "Clearing": {"Clearing", "ClearingByCurrency"},
    "Receivables": {"Receivables"},
    "Exceptions": {"Exceptions"},
}
PRINCIPAL = ("Order", "ItemPrice", "Principal")
UNKNOWN = ("other-transaction", "other-transaction", "Harbour Handling Surcharge")


@pytest.fixture
def small(tmp_path: Path) -> Written:
    return write(tmp_path, [proof_of_file(small_file())])


def test_sheets_and_tables_have_their_names(small: Written) -> None:
    assert small.formulas.sheetnames == SHEETS
    assert {sheet.title: set(sheet.tables) for sheet in small.formulas} == TABLES


def test_home_says_that_it_ties_out(small: Written) -> None:
    home = small.values["Home"]
    assert (home["A1"].value, home["A2"].value) == (TITLE, COMPANY)
    assert home["A4"].value == "The settlement ties out: Amazon, Tieout and QuickBooks agree exactly."
    (row,) = small.table("Home")
    totals = ("Amazon total", "Rows total", "Posted total", "QuickBooks total")
    assert [row[head] for head in totals] == [Decimal("105.63")] * 4
    assert (row["Settlement"], row["Difference"], row["Ties out"], row["State"]) == (
        "21000000001",
        Decimal(0),
        "Yes",
        "Posted",
    )
    assert small.table("HomeTotals") == [
        {"Currency": "USD", **dict.fromkeys(totals, Decimal("105.63")), "Not in QuickBooks": Decimal(0)}
    ]
    assert small.table("HomeExceptions") == [{"Exception": "None", "Severity": None, "How many": 0}]


def test_every_line_stands_with_its_own_columns_and_the_journal_line_it_is_in(small: Written) -> None:
    rows = small.table("SettlementLines")
    assert [row["File row"] for row in rows] == list(range(3, 11))
    first = rows[0]
    assert first["Order ID"] == "111-1111111-1111111"
    assert first["Seller SKU"] == "CUP-RED"
    assert (first["Amount"], first["amount (file)"], first["Currency"]) == (Decimal("49.90"), "49.90", "USD")
    assert (first["posted-date"], first["quantity-purchased"]) == ("2026-10-12", "1")
    assert (first["Group"], first["Account"]) == ("Sales", "Amazon Sales")
    assert small.values["Settlement Lines"]["C5"].value.date() == date(2026, 10, 12)
    assert "promotion-id" not in first  # empty in every row
    by_key = {row["Journal line"]: row for row in small.table("Journal")}
    for row in rows:
        landed = by_key[row["Journal line"]]
        assert (landed["Group"], landed["Account"], landed["Settlement"]) == (
            row["Group"],
            row["Account"],
            "21000000001",
        )


def test_ids_are_text_even_where_they_are_digits(small: Written) -> None:
    for sheet, cell in (
        ("Home", "A8"),
        ("Settlements", "A5"),
        ("Settlement Lines", "A5"),
        ("Settlement Lines", "G5"),
    ):
        found = small.values[sheet][cell]
        assert (found.data_type, found.number_format) == ("s", "@"), (sheet, cell)


def test_a_journal_line_links_to_its_first_row_and_a_row_to_its_journal_line(small: Written) -> None:
    journal, lines = small.formulas["Journal"], small.formulas["Settlement Lines"]
    heads = {cell.value: cell.column_letter for cell in journal[4]}
    seen = 0
    for row in range(5, journal.max_row + 1):
        cell = journal[f"{heads['First row']}{row}"]
        if cell.hyperlink is None:
            assert journal[f"{heads['Rows']}{row}"].value == 0
            continue
        seen += 1
        sheet, target = cell.hyperlink.location.split("!")
        assert sheet == "'Settlement Lines'"
        there = lines[target].row
        assert cell.value == f"row {lines[f'B{there}'].value}"
        assert lines[f"M{there}"].value == journal[f"A{row}"].value
        assert lines[f"M{there}"].hyperlink.location == f"'Journal'!A{row}"
    assert seen == 8


def test_every_link_leads_into_the_workbook(small: Written) -> None:
    targets = [
        cell.hyperlink.location.replace("'", "").split("!")
        for sheet in small.formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    ]
    assert {sheet for sheet, _ in targets} == set(SHEETS)
    for sheet, address in targets:
        assert small.values[sheet][address].value is not None, (sheet, address)


def test_heads_stay_in_view_and_pages_fit(small: Written) -> None:
    for sheet in small.formulas:
        if sheet.title != "Home":
            assert sheet.freeze_panes is not None
            assert sheet.print_title_rows == "$4:$4"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.paperSize == 1  # letter: the account is American


def test_heads_explain_themselves(small: Written) -> None:
    notes = {cell.value: cell.comment.text for cell in small.formulas["Journal"][4] if cell.comment}
    assert "Must be 0" in notes["Check"]
    assert small.formulas["Exceptions"]["I4"].comment is not None


def test_number_formats_follow_the_currency(tmp_path: Path) -> None:
    row = Row(date(2026, 10, 12), PRINCIPAL, 1500)
    yen = proof_of(settlement([row], settlement_id="1", country="JP", currency="JPY"), chart=None)
    dollar = proof_of(settlement([row], settlement_id="2"))
    written = write(tmp_path, [yen, dollar])
    lines = written.formulas["Settlement Lines"]
    assert [(lines[f"I{row}"].number_format, lines[f"I{row}"].value) for row in (5, 6)] == [
        ("#,##0;-#,##0", 1500),
        ("#,##0.00;-#,##0.00", 15),
    ]
    home = written.formulas["Home"]
    assert "¥" in home["G8"].number_format
    assert "0.00" not in home["G8"].number_format
    assert "$" in home["G9"].number_format
    assert "<v>1500</v>" in written.sheet_xml("Settlement Lines")
    assert [row["Currency"] for row in written.table("HomeTotals")] == ["JPY", "USD"]
    assert written.formulas["Home"].page_setup.paperSize == 9  # not all are American: A4


def test_a_settlement_with_an_unknown_fee_is_shown_and_blocked(tmp_path: Path) -> None:
    unknown = proof_of(settlement([Row(date(2026, 10, 12), PRINCIPAL, 1500), Row(date(2026, 10, 13), UNKNOWN, -988)]))
    written = write(tmp_path, [unknown, proof_of_file(small_file())])
    assert written.values["Home"]["A4"].value == "1 of 2 settlements ties out; 1 is not in QuickBooks yet."
    assert "24288684721 (Blocked)" in written.values["Home"]["A5"].value
    blocked, posted = written.table("Home")
    assert [blocked[head] for head in ("Posted total", "QuickBooks total", "Difference", "Ties out", "State")] == [
        None,
        None,
        None,
        "No",
        "Blocked",
    ]
    assert (blocked["Exceptions"], posted["Exceptions"]) == ("1", None)
    rows = [row for row in written.table("SettlementLines") if row["Settlement"] == "24288684721"]
    assert [(row["Group"], row["Account"], row["Journal line"]) for row in rows] == [
        ("Sales", "Amazon Sales", None),
        ("Unmapped", None, None),
    ]
    mapping = written.table("FeeMappings")[0]
    assert (mapping["Group"], mapping["Rows"], mapping["Amount"]) == ("Unmapped", 1, Decimal("-9.88"))
    assert "Suggested: Other." in mapping["Meaning"]
    (exception,) = written.table("Exceptions")
    assert (exception["Severity"], exception["Code"], exception["Notes"]) == ("blocked", "fee-unmapped", None)
    link = written.formulas["Exceptions"]["E5"].hyperlink.location
    assert link == "'Settlement Lines'!A6"
    assert written.table("HomeTotals")[0]["Not in QuickBooks"] == Decimal("5.12")


def test_a_settlement_that_does_not_add_up_is_shown_and_not_drafted(tmp_path: Path) -> None:
    short = proof_of(settlement([Row(date(2026, 10, 12), PRINCIPAL, 1500)], total=1499))
    written = write(tmp_path, [short])
    (row,) = written.table("Settlements")
    assert (row["Amazon total"], row["Rows total"], row["Difference"]) == (
        Decimal("14.99"),
        Decimal("15.00"),
        Decimal("-0.01"),
    )
    assert [row["Group"] for row in written.table("SettlementLines")] == ["Not drafted"]
    assert written.table("Exceptions")[0]["Code"] == "settlement-total-differs"


def test_what_somebody_changed_in_quickbooks_shows_in_the_checks(tmp_path: Path) -> None:
    def changed(held):  # type: ignore[no-untyped-def]
        first, *rest = held.lines
        wrong = replace(first, account_name="Meals", description="Lunch", amount=first.amount)
        return replace(held, lines=(wrong, *rest))

    written = write(tmp_path, [proof_of_file(small_file(), held=changed)])
    assert written.values["Home"]["A4"].value == "1 of 1 settlement does not agree with QuickBooks."
    assert written.table("Home")[0]["Ties out"] == "No"
    differing = [row for row in written.table("Journal") if row["QuickBooks check"]]
    assert [(row["Account"], row["Stands for"]) for row in differing] == [
        ("Amazon Sales", "Amazon's rows"),
        ("Meals", "In QuickBooks only"),
    ]
    assert [row["QuickBooks check"] for row in differing] == [Decimal("49.90"), Decimal("-49.90")]
    by_group = {row["Group"]: row["Difference"] for row in written.table("ReconciliationByGroup")}
    assert by_group["Sales"] == Decimal("49.90")
    assert by_group["In QuickBooks only"] == Decimal("-49.90")


def test_a_journal_deleted_in_quickbooks_is_a_difference(tmp_path: Path) -> None:
    written = write(tmp_path, [proof_of_file(small_file(), held=lambda document: None)])
    (row,) = written.table("Home")
    assert (row["Posted total"], row["QuickBooks total"], row["Difference"]) == (
        Decimal("105.63"),
        Decimal(0),
        Decimal("105.63"),
    )
    assert written.values["Home"]["A4"].value == "1 of 1 settlement does not agree with QuickBooks."


def test_a_settlement_over_two_months_carries_forward_to_nothing(tmp_path: Path) -> None:
    rows = [Row(date(2024, 10, 30), PRINCIPAL, 1500), Row(date(2024, 11, 2), PRINCIPAL, 200)]
    written = write(tmp_path, [proof_of(settlement(rows, end=date(2024, 11, 5)))])
    assert [row["Journal line"] for row in written.table("SettlementLines")] == [
        "AMZ-24288684721-1 / 1",
        "AMZ-24288684721-2 / 1",
    ]
    stand_for = [row["Stands for"] for row in written.table("Journal")]
    assert stand_for == ["Amazon's rows", "Carry-forward", "Amazon's rows", "Deposit", "Carry-forward"]
    assert written.table("Reconciliation")[0]["Carry-forward left"] == 0
    assert written.table("Settlements")[0]["Documents"] == "AMZ-24288684721-1, AMZ-24288684721-2"


def test_nothing_at_all_is_said_too(tmp_path: Path) -> None:
    where = Origin("notes.txt", row=7)
    finding = Finding("not-a-settlement", Severity.REFUSED, "It is no settlement file.", "Choose another.", where)
    written = write(tmp_path, [], [finding])
    assert written.values["Home"]["A4"].value == "No settlement was read."
    (row,) = written.table("Exceptions")
    assert (row["Where"], row["What happened"]) == ("notes.txt, row 7", "It is no settlement file.")
    assert written.table("Home") == []


def test_two_layouts_stand_side_by_side(tmp_path: Path) -> None:
    v1 = File(
        [
            summary("30.00", settlement_id="21000000002", currency="CAD"),
            line_v1("Order", settlement_id="21000000002", price_type="Principal", price_amount="30.00"),
        ],
        columns=V1,
    )
    written = write(tmp_path, [proof_of_file(small_file()), proof_of_file(v1)])
    rows = written.table("SettlementLines")
    assert (rows[0]["price-amount"], rows[-1]["price-amount"]) == (None, "30.00")
    assert rows[-1]["sku"] == "CUP-RED"
    assert [row["Layout"] for row in written.table("Settlements")] == ["v2", "v1"]


def test_an_older_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = proof_of_file(small_file())
    before = write(tmp_path, [proof]).path.read_bytes()

    def fails(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tieout.sheets.exports.bulk._chunks", fails)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, [proof_of(settlement([Row(date(2026, 10, 12), PRINCIPAL, 1)]))])
    assert (tmp_path / "proof.xlsx").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["proof.xlsx"]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(name: str) -> bytes:
        proofs = [proof_of_file(small_file()), proof_of(settlement([Row(date(2026, 10, 12), PRINCIPAL, 5)]))]
        return write(tmp_path, proofs, name=name).path.read_bytes()

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    first = made("one.xlsx")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert made("two.xlsx") == first


def test_a_draft_that_lost_a_row_is_a_broken_program(tmp_path: Path) -> None:
    proof = proof_of_file(small_file())
    journal = proof.draft.journals[0]
    first = journal.lines[0]
    short = replace(first, sources=(replace(first.sources[0], rows=7),))
    broken = replace(journal, lines=(short, *journal.lines[1:]))
    with pytest.raises(ValueError, match="says 7 rows"):
        write(tmp_path, [replace(proof, draft=replace(proof.draft, journals=(broken,)))])
