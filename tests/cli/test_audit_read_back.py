"""What a later run of `tieout settlement post` says of books that were changed by hand or name accounts anew."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.parse.making import File, line, other, summary
from tieout.cli.app import app
from tieout.practice.quickbooks import PracticeQuickBooks

FILE = File(
    [
        summary("42.41"),
        line("49.90"),
        line("-7.49", ("Order", "ItemFees", "Commission")),
        line("3.49", ("Order", "ItemPrice", "Tax")),
        line("-3.49", ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal")),
    ]
)
NUMBER = "AMZ-21000000001-1"
Press = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def quickbooks() -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False) as server:
        yield server


@pytest.fixture
def post(quickbooks: PracticeQuickBooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Press:
    """Post `FILE`, or another one, for a company of these books."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    connection = tmp_path / "practice.json"
    connection.write_text(json.dumps({"quickbooks": quickbooks.connection()}), encoding="utf-8")
    _run("company", "add", "Acme", "--practice", connection)

    def press(*arguments: str, file: File = FILE) -> tuple[int, dict[str, Any]]:
        path = tmp_path / "settlement.txt"
        path.write_bytes(file.content)
        return _run("settlement", "post", path, *arguments)

    return press


def _run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout.strip().splitlines()[-1])


def _entry(quickbooks: PracticeQuickBooks) -> dict[str, Any]:
    (entry,) = quickbooks.transactions("JournalEntry")
    return entry


def _account(quickbooks: PracticeQuickBooks, name: str) -> str:
    (found,) = quickbooks.query(f"SELECT * FROM Account WHERE Name = '{name}'")["Account"]
    return str(found["Id"])


def _assert_differs(said: dict[str, Any], *words: str) -> None:
    assert [settlement["state"] for settlement in said["settlements"]] == ["Blocked"]
    (error,) = said["errors"]
    assert error["code"] == "settlement-differs-in-quickbooks"
    for word in words:
        assert word in error["message"]


def test_a_journal_moved_to_another_month_by_hand_does_not_tie(post: Press, quickbooks: PracticeQuickBooks) -> None:
    assert post()[0] == 0
    quickbooks.edit_as_person("JournalEntry", _entry(quickbooks)["Id"], {"TxnDate": "2026-12-05"})
    status, said = post()
    assert status == 1
    _assert_differs(said, NUMBER, "2026-12-05 instead of 2026-10-21")
    assert said["settlements"][0]["difference"] == "0.00"


def test_an_amount_moved_to_another_account_by_hand_is_told(post: Press, quickbooks: PracticeQuickBooks) -> None:
    post()
    entry = _entry(quickbooks)
    fee = next(each for each in entry["Line"] if each["Description"] == "Order: Commission")
    fee["JournalEntryLineDetail"]["AccountRef"] = {"value": _account(quickbooks, "Amazon Advertising")}
    quickbooks.edit_as_person("JournalEntry", entry["Id"], {"Line": entry["Line"]})
    status, said = post()
    assert status == 1
    _assert_differs(said, "nothing instead of -7.49 in Amazon Selling Fees", "-7.49 instead of 0.00")


def test_a_journal_deleted_by_hand_is_told_and_not_silently_blocked(
    post: Press, quickbooks: PracticeQuickBooks
) -> None:
    post()
    quickbooks.delete_as_person("JournalEntry", _entry(quickbooks)["Id"])
    status, said = post()
    assert status == 1
    _assert_differs(said, f"{NUMBER} is not there")
    assert said["settlements"][0]["difference"] == "42.41"


def test_accounts_that_the_books_call_otherwise_tie_all_the_same(post: Press, quickbooks: PracticeQuickBooks) -> None:
    parent = quickbooks.create_as_person("Account", {"Name": "Revenue", "AccountType": "Income"})
    below = {"SubAccount": True, "ParentRef": {"value": parent["Id"]}}
    quickbooks.edit_as_person("Account", _account(quickbooks, "Amazon Sales"), below)
    selling_fees = _account(quickbooks, "Amazon Selling Fees")
    quickbooks.edit_as_person("Account", selling_fees, {"Name": "AMAZON selling fees"})
    status, said = post()
    assert (status, said["errors"], said["settlements"][0]["state"]) == (0, [], "Posted")
    assert quickbooks.ledger()["Revenue:Amazon Sales"] == -4990
    quickbooks.edit_as_person("Account", selling_fees, {"Name": "Referral fees"})
    status, said = post()
    assert (status, said["journals_created"], said["settlements"][0]["state"]) == (0, 0, "Posted")


def test_two_names_of_one_account_tie(post: Press, quickbooks: PracticeQuickBooks, tmp_path: Path) -> None:
    parent = quickbooks.create_as_person("Account", {"Name": "Costs", "AccountType": "Expense"})
    below = {"SubAccount": True, "ParentRef": {"value": parent["Id"]}}
    quickbooks.edit_as_person("Account", _account(quickbooks, "Amazon Selling Fees"), below)
    mappings = tmp_path / "mine.csv"
    mappings.write_text(
        "transaction_type,amount_type,amount_description,group,account\n"
        "Order,ItemFees,RegulatoryFee,Selling fees,Costs:Amazon Selling Fees\n",
        encoding="utf-8",
    )
    file = FILE.with_rows(summary("41.41"), *FILE.rows[1:], line("-1.00", ("Order", "ItemFees", "RegulatoryFee")))
    for created in (1, 0):
        status, said = post("--mappings", str(mappings), file=file)
        assert (status, said["journals_created"]) == (0, created), said["errors"]
        assert said["settlements"][0]["state"] == "Posted"


def test_a_day_that_was_moved_out_of_a_closed_period_ties(post: Press, quickbooks: PracticeQuickBooks) -> None:
    from datetime import date

    quickbooks.close_books(date(2026, 10, 31))
    for _ in range(2):
        status, said = post("--closed-period", "first open day")
        assert (status, said["settlements"][0]["state"]) == (0, "Posted"), said["errors"]
    assert _entry(quickbooks)["TxnDate"] == "2026-11-01"


def test_a_settlement_of_two_months_edited_in_one_of_them_names_that_one(
    post: Press, quickbooks: PracticeQuickBooks
) -> None:
    file = File(
        [
            summary("40.00", settlement_end_date="2026-11-04 14:28:39 UTC"),
            line("50.00"),
            other("-10.00", "Storage Fee", "2026-11-02 10:00:00 UTC"),
        ]
    )
    post(file=file)
    first = quickbooks.transactions("JournalEntry")[0]
    assert first["DocNumber"] == NUMBER
    quickbooks.delete_as_person("JournalEntry", first["Id"])
    status, said = post(file=file)
    assert status == 1
    _assert_differs(said, f"{NUMBER} is not there.")


def test_a_settlement_posted_by_a_mapping_and_pressed_without_it_is_said_to_be_posted(
    post: Press, quickbooks: PracticeQuickBooks, tmp_path: Path
) -> None:
    file = FILE.with_rows(summary("42.00"), line("49.90"), line("-7.90", ("Order", "ItemFees", "Moon Handling")))
    mappings = tmp_path / "mine.csv"
    mappings.write_text(
        "transaction_type,amount_type,amount_description,group\nOrder,ItemFees,Moon Handling,Selling fees\n",
        encoding="utf-8",
    )
    assert post("--mappings", str(mappings), file=file)[0] == 0
    writes = quickbooks.write_requests()
    status, said = post(file=file)
    assert (status, [error["code"] for error in said["errors"]]) == (1, ["fee-unmapped"])
    (notice,) = said["notices"]
    assert notice["code"] == "posted-before-it-was-blocked"
    assert NUMBER in notice["message"]
    assert quickbooks.write_requests() == writes
    assert post("--mappings", str(mappings), file=file)[1]["settlements"][0]["state"] == "Posted"


def test_what_was_posted_with_other_settings_is_not_compared_with_the_draft_of_now(post: Press) -> None:
    file = File(
        [
            summary("40.00", settlement_end_date="2026-11-04 14:28:39 UTC"),
            line("50.00"),
            other("-10.00", "Storage Fee", "2026-11-02 10:00:00 UTC"),
        ]
    )
    post(file=file)
    status, said = post("--deposit-to", "clearing", file=file)
    assert (status, [error["code"] for error in said["errors"]]) == (1, ["posted-with-other-content"])
    assert "Business Checking 40.00 then and 0.00 now" in said["errors"][0]["message"]
    (settlement,) = said["settlements"]
    assert (settlement["state"], settlement["quickbooks_total"]) == ("Blocked", None)
