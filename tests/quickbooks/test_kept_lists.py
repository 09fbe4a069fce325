"""Lists that are kept: read whole once, then by their changes, and whole again whenever that might not be enough."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from unittest import mock

import pytest

from tests.faults.world import Process, World, two_settlements, world
from tieout.commands.posting_run import How
from tieout.domain.account import Account
from tieout.domain.posting import Outcome


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, keeps_lists=True) as made:
        made.clock.sleep(86_400)  # the company is a day old: its first lists are no changes of today
        yield made


@pytest.fixture
def process(there: World) -> Iterator[Process]:
    with there.process() as opened:
        opened.books.preferences()
        yield opened


def _asked(there: World, since: int) -> list[str]:
    return [seen.op for seen in there.practice.requests()[since:] if seen.op in {"query", "cdc"}]


def _names(process: Process) -> set[str]:
    return {account.name for account in process.books.accounts() if account.active}


def _read_all(process: Process) -> None:
    lists = process.books.lists
    for read in (process.books.accounts, process.books.classes, lists.customers, lists.items):
        read()


def test_a_list_is_read_whole_once_and_then_by_its_changes(there: World) -> None:
    for asked in (["query"], ["cdc"], ["cdc"]):
        with there.process() as process:
            process.books.preferences()
            before = len(there.practice.requests())
            first = process.books.accounts()
            assert process.books.accounts() == first  # within one press it is asked about once
            assert _asked(there, before) == asked
            assert len(first) == len(there.practice.transactions("Account"))


def test_one_question_tells_of_the_changes_of_all_lists(there: World) -> None:
    with there.process() as process:
        (
            process.books.accounts(),
            process.books.classes(),
            process.books.lists.customers(),
            process.books.lists.items(),
        )
    with there.process() as process:
        process.books.preferences()
        before = len(there.practice.requests())
        (
            process.books.accounts(),
            process.books.classes(),
            process.books.lists.customers(),
            process.books.lists.items(),
        )
        assert _asked(there, before) == ["cdc"]


def test_what_was_added_renamed_and_made_inactive_is_known_at_the_next_press(there: World) -> None:
    with there.process() as process:
        assert "Amazon Loans" in _names(process)
    there.practice.create_as_person("Account", {"Name": "Amazon New", "AccountType": "Expense"})
    there.practice.inactivate_account("Amazon Loans")
    sales = next(account for account in there.practice.transactions("Account") if account["Name"] == "Amazon Sales")
    there.practice.edit_as_person("Account", sales["Id"], {"Name": "Amazon Turnover"})
    with there.process() as process:
        names = _names(process)
    assert {"Amazon New", "Amazon Turnover"} <= names
    assert not {"Amazon Loans", "Amazon Sales"} & names


def test_inactive_entries_are_kept_and_only_shown_where_they_are_asked_for(there: World, process: Process) -> None:
    process.books.lists.customers()
    made = there.practice.create_as_person("Customer", {"DisplayName": "Amazon Practice"})
    there.practice.edit_as_person("Customer", made["Id"], {"Active": False})
    there.clock.sleep(301)
    assert "Amazon Practice" not in {customer.name for customer in process.books.lists.customers()}
    there.practice.inactivate_account("Amazon Loans")
    assert any(not account.active for account in process.books.accounts())


def test_within_a_press_a_list_is_asked_about_again_after_some_minutes(there: World, process: Process) -> None:
    process.books.accounts()
    before = len(there.practice.requests())
    there.clock.sleep(290)
    process.books.accounts()
    assert _asked(there, before) == []
    there.clock.sleep(10)
    process.books.accounts()
    assert _asked(there, before) == ["cdc"]


def test_an_account_made_now_is_read_with_the_whole_list(there: World, process: Process) -> None:
    process.books.accounts()
    before = len(there.practice.requests())
    made = process.books.create_account(Account("", "Amazon Tests", "Expense", "CommissionsAndFees"), "request-1")
    assert made.outcome is Outcome.APPLIED
    assert "Amazon Tests" in _names(process)
    assert _asked(there, before) == ["query"]
    assert "Amazon Tests" in _names(process)
    assert _asked(there, before) == ["query"]


@pytest.mark.parametrize(("days", "asked"), [(28, ["cdc"]), (30, ["query"])])
def test_a_list_of_long_ago_is_read_whole(there: World, days: int, asked: list[str]) -> None:
    with there.process() as process:
        process.books.accounts()
    there.clock.sleep(days * 86_400)
    with there.process() as process:
        process.books.preferences()
        before = len(there.practice.requests())
        process.books.accounts()
        assert _asked(there, before) == asked


@pytest.mark.parametrize(("objects_max", "asked"), [(4, ["cdc"]), (3, ["cdc", "query"])])
def test_more_changes_than_one_answer_holds_lead_to_a_whole_reading(
    there: World, objects_max: int, asked: list[str]
) -> None:
    with there.process() as process:
        process.books.accounts()
    for number in range(3):
        there.practice.create_as_person("Account", {"Name": f"Amazon {number}", "AccountType": "Expense"})
    with (
        there.process() as process,
        mock.patch("tieout.quickbooks.kept_lists.QUICKBOOKS_CHANGES_OBJECTS_MAX", objects_max),
    ):
        process.books.preferences()
        before = len(there.practice.requests())
        assert {"Amazon 0", "Amazon 1", "Amazon 2"} <= _names(process)
        assert _asked(there, before) == asked


def test_changes_that_are_refused_lead_to_a_whole_reading(there: World) -> None:
    with there.process() as process:
        process.books.accounts()
    there.practice.add_faults([{"match": {"op": "cdc", "times": 0}, "do": "fault_in_200"}])
    with there.process() as process:
        assert "Amazon Sales" in _names(process)


def test_tax_codes_are_asked_for_each_time(there: World, process: Process) -> None:
    process.books.tax_codes()
    before = len(there.practice.requests())
    process.books.tax_codes()
    assert _asked(there, before) == ["query", "query"]


def test_amounts_in_kept_entries_stay_exact(there: World, process: Process) -> None:
    """An entry is kept as QuickBooks told it, digit by digit."""
    there.practice.create_as_person(
        "Item",
        {
            "Name": "P-1",
            "Sku": "SKU-1",
            "Type": "NonInventory",
            "UnitPrice": Decimal("0.1"),
            "IncomeAccountRef": {"value": "9"},
        },
    )
    assert [item.sku for item in process.books.lists.items()] == ["SKU-1"]
    (kept,) = (entry for entry in process.store.lists.entries(process.books.realm_id, "Item") if "SKU-1" in entry)
    assert '"UnitPrice":0.1' in kept


def test_posting_with_kept_lists_is_posting(there: World) -> None:
    for hows in ([How.CREATED] * 3, [How.ALREADY] * 3):
        report = there.post(two_settlements())
        assert [row.how for row in report.journals] == hows
    there.check_books(two_settlements())
    before = len(there.practice.requests())
    assert [row.how for row in there.undo(["222", "333"]).journals] == [How.UNDONE] * 3
    assert there.post(two_settlements()).complete
    assert "cdc" in _asked(there, before)
    there.check_books(two_settlements())


def test_an_account_made_inactive_since_the_last_press_is_refused_ahead(there: World) -> None:
    there.post(two_settlements())
    there.undo(["222", "333"])
    there.practice.inactivate_account("Business Checking")
    assert [finding.code for finding in there.post(two_settlements()).findings] == ["account-inactive"]
