"""Reconcile, Export and Proof pack by orders: as posted, and after a person was at work in QuickBooks."""

from pathlib import Path
from typing import Any

import openpyxl

from tests.buttons.test_settlements_by_orders import (  # noqa: F401 - fixtures
    At,
    amazon,
    invoiced,
    made,
    made_invoiced,
)

SHEETS = {"Orders", "Clearing", "Receivables", "Journal", "Reconciliation"}


def table(path: Path, name: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = next(each for each in book if name in each.tables)
    head, *rows = [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]
    return [dict(zip(head, row, strict=True)) for row in rows if any(value is not None for value in row)]


def exported(at: At, *, result: str = "Done") -> Path:
    pressed = at.desk.press("export-reconciliation")
    assert str(pressed.outcome.result) == result, pressed.outcome
    [path] = [each for each in pressed.outcome.files if each.suffix == ".xlsx"]
    return path


def reconciliation(at: At, settlement: str) -> dict[str, tuple[str, str]]:
    """The state and explanation of each group of a settlement."""
    return {
        row.text("group"): (row.text("state"), row.text("explanation"))
        for row in at.desk.table("Reconciliation").rows
        if row.text("settlement_id") == settlement
    }


def test_a_month_by_orders_is_proved_to_the_last_cent(invoiced: At) -> None:  # noqa: F811
    invoiced.press("post-settlements")
    path = exported(invoiced)
    assert set(openpyxl.load_workbook(path, read_only=True).sheetnames) >= SHEETS
    home = table(path, "Home")
    assert len(home) == 9
    assert {(row["Ties out"], row["Changed"], row["Difference"]) for row in home} == {("Yes", 0, 0)}
    assert all(row["Unexplained"] == 0 for row in table(path, "ClearingByCurrency"))
    assert all(row["Difference"] == 0 for row in table(path, "ReconciliationByGroup"))
    assert all(row["Check"] == row["QuickBooks check"] == 0 for row in table(path, "Journal"))
    orders = table(path, "Orders")
    settled = {row["Order ID"] for row in orders if row["Recorded by"] == "its own document"}
    owed = {row["Order ID"] for row in table(path, "Receivables")}
    assert len(settled) > 10
    assert owed
    assert not owed & settled
    pressed = invoiced.desk.press("proof-pack")
    assert len(pressed.outcome.files) == 9
    assert {row["Ties out"] for one in pressed.outcome.files for row in table(one, "Home")} == {"Yes"}


def test_what_a_person_did_in_quickbooks_is_found_and_told_everywhere(invoiced: At) -> None:  # noqa: F811
    invoiced.press("post-settlements")
    books = invoiced.books
    transfer = next(one for one in books.transactions("Transfer"))
    gone = transfer["PrivateNote"].split("AMZ-")[1].split("-")[0]
    payment = next(one for one in books.transactions("Payment") if gone not in one["PaymentRefNum"])
    moved = payment["PaymentRefNum"].split("-")[1]
    books.delete_as_person("Transfer", transfer["Id"])
    books.edit_as_person("Payment", payment["Id"], {"TxnDate": "2026-12-05"})

    message = invoiced.press("reconcile", result="Done in part")
    assert message.startswith("7 of 9 posted settlements tie out; 2 differ")
    states = invoiced.desk.states()
    assert {states[gone], states[moved]} == {"Changed in QuickBooks"}
    assert "is not there" in invoiced.desk.row("Settlements", "settlement_id", gone).text("why")
    state, why = reconciliation(invoiced, moved)["Total"]
    assert (state, "is dated 2026-12-05" in why) == ("Differs", True)
    found = invoiced.exceptions("settlement-differs-in-quickbooks")
    assert set(found) == {gone, moved}

    path = exported(invoiced, result="Done in part")
    home = {str(row["Settlement"]): row for row in table(path, "Home")}
    assert {one for one, row in home.items() if row["Ties out"] == "No"} == {gone, moved}
    assert home[moved]["Changed"] == 1
    clearing = {str(row["Settlement"]): row["Unexplained"] for row in table(path, "Clearing")}
    assert {one for one, left in clearing.items() if left} == {gone}
    assert openpyxl.load_workbook(path, data_only=True)["Home"]["A4"].value.startswith(
        "2 of 9 settlements do not agree"
    )

    again = invoiced.desk.press("reconcile")
    assert {name for name in again.changed if name not in {"Activity"}} <= {"Reconciliation"}


def test_what_was_posted_ties_out_though_it_would_be_drafted_otherwise_now(invoiced: At) -> None:  # noqa: F811
    invoiced.press("post-settlements")
    invoiced.desk.setting("refund_document", "Journal Entry")
    assert invoiced.press("reconcile").startswith("All of 9 posted settlements tie out.")
    whys = {row.text("why") for row in invoiced.desk.table("Settlements").rows}
    assert any(why.startswith("It is posted; its draft has changed since.") for why in whys)
    memo = invoiced.books.transactions("CreditMemo")[0]
    invoiced.books.edit_as_person("CreditMemo", memo["Id"], {"TxnDate": "2026-12-05"})
    message = invoiced.press("reconcile", result="Done in part")
    assert "1 differ" in message
    path = exported(invoiced, result="Done in part")
    with_refund = {str(row["Settlement"]) for row in table(path, "Journal") if row["Document"] == "Journal Entry"}
    assert {str(row["Settlement"]) for row in table(path, "Home") if row["Ties out"] == "No"} <= with_refund
