"""Settings, Status Filters, Fee Mappings and decisions as one model: what the cells say is what is done."""

import re
from typing import Any

import pytest

from tieout.domain.account import Group
from tieout.domain.settings import Detail, LastPartDay, Method, NegativeTotal
from tieout.rules.charts import load_chart
from tieout.rules.mapping_file import read_mapping_rows
from tieout.rules.order_status import FILTERS, PENDING_SUFFIXES, SHIPPED_SUFFIXES
from tieout.sheets.book import XlwingsBook
from tieout.sheets.book_settings import BookSettings, read_settings
from tieout.sheets.exception_rows import read_decisions
from tieout.sheets.fee_mapping_rows import at_its_cell, read_mappings
from tieout.sheets.layout import load_layout
from tieout.sheets.port import ReadTable, Refresh
from tieout.sheets.status_filters import Admits, read_status_filters


def sheet(book: XlwingsBook, name: str) -> Any:
    return book.xlwings_book.sheets[name]


def setting_cell(book: XlwingsBook, key: str) -> Any:
    table = book.read("Settings")
    assert isinstance(table, ReadTable)
    row = next(row for row in table.rows if row.text("key") == key)
    return sheet(book, "Settings").range(str(table.cell(row, "value")).partition("!")[2])


def typed(book: XlwingsBook, key: str, value: object) -> BookSettings:
    setting_cell(book, key).value = value
    return read_settings(book, "US")


def test_a_new_book_says_the_defaults_and_has_nothing_wrong(book: XlwingsBook) -> None:
    found = read_settings(book, "US")
    assert found.findings == ()
    assert found.settlements.method is Method.ORDERS
    assert found.settlements.detail is Detail.FEE
    assert found.values["buffer"] == 0
    assert found.start_date is None
    assert found.chart(load_chart("US")) == load_chart("US")


def test_a_changed_cell_changes_the_model(book: XlwingsBook) -> None:
    assert typed(book, "detail", "By group").settlements.detail is Detail.GROUP
    assert typed(book, "last_part_day", "deposit date").settlements.last_part_day is LastPartDay.DEPOSIT
    assert typed(book, "negative_total", "Go to the card at once").settlements.negative_total is NegativeTotal.CARD
    assert typed(book, "closed_period", "Use the first open date").first_open_day


def test_an_emptied_cell_falls_back_to_the_default(book: XlwingsBook) -> None:
    found = typed(book, "detail", None)
    assert found.settlements.detail is Detail.FEE
    assert found.findings == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("detail", "finer"),
        ("start_date", "soon"),
        ("buffer", "some"),
        ("buffer", -1),
        ("order_prefix", "LONG"),
    ],
)
def test_nonsense_is_a_finding_at_its_cell_and_stays(book: XlwingsBook, key: str, value: object) -> None:
    found = typed(book, key, value)
    [finding] = found.findings
    assert finding.stops
    assert str(finding.where) == f"Settings!{setting_cell(book, key).get_address(False, False)}"
    assert setting_cell(book, key).value == value


def test_prefix_class_and_location_hold_for_both_methods(book: XlwingsBook) -> None:
    typed(book, "settlement_prefix", "SET-")
    typed(book, "class_name", "Online")
    found = typed(book, "location", "London")
    assert found.findings == ()
    drafted = found.settlements
    assert (drafted.prefix, drafted.class_name, drafted.location) == ("SET-", "Online", "London")


def test_accounts_of_the_settings_take_their_roles(book: XlwingsBook) -> None:
    chart = typed(book, "account_bank", "Checking 0012").chart(load_chart("US"))
    bank = chart.by_role("bank")
    assert bank is not None
    assert (bank.name, bank.account_type) == ("Checking 0012", "Bank")


def test_a_marketplace_has_accounts_of_its_own(book: XlwingsBook) -> None:
    table = book.read("MarketplaceSettings")
    assert isinstance(table, ReadTable)
    row = next(row for row in table.rows if row.text("marketplace") == "GB")
    sheet(book, "Settings").range(str(table.cell(row, "clearing")).partition("!")[2]).value = "Clearing GBP"
    sheet(book, "Settings").range(str(table.cell(row, "method")).partition("!")[2]).value = "Not used"
    found = read_settings(book, "US")
    clearing = found.chart(load_chart("US"), "GB").by_role("clearing")
    assert clearing is not None
    assert clearing.name == "Clearing GBP"
    assert not found.marketplace("GB").used
    assert found.marketplace("DE").used
    assert found.chart(load_chart("US"), "DE") == load_chart("US")


def test_status_filters_say_what_may_post(book: XlwingsBook) -> None:
    found = read_status_filters(book)
    assert found.findings == ()
    assert found.of("US", "FBA")["shipped"] is Admits.POST
    assert found.of("US", "FBA")["pending"] is Admits.NOTHING
    cells = sheet(book, "Status Filters")
    titles = cells.range("A4:Z4").value
    pending = titles.index("Pending") + 1
    cells.range((5, pending)).value = "Download and post"
    again = read_status_filters(book)
    [finding] = again.findings
    assert (finding.code, finding.stops) == ("status-never-posts", False)
    assert str(finding.where) == f"Status Filters!{cells.range((5, pending)).get_address(False, False)}"
    assert again.of(*(str(one) for one in cells.range("A5:C5").value[::2]))["pending"] is Admits.DOWNLOAD
    cells.range((5, pending)).value = "perhaps"
    [finding] = read_status_filters(book).findings
    assert finding.code == "cell-not-understood"


@pytest.mark.parametrize("title", ["Pending", "Cancelled", "Unfulfillable"])
@pytest.mark.parametrize("typed", ["Download and post", " download AND post "])
def test_post_typed_for_what_never_posts_downloads_only(book: XlwingsBook, title: str, typed: str) -> None:
    cells = sheet(book, "Status Filters")
    place = cells.range("A4:Z4").value.index(title) + 1
    rows = book.xlwings_table("StatusFilters").data_body_range.rows.count
    cells.range((5, place), (4 + rows, place)).value = [[typed]] * rows
    found = read_status_filters(book)
    assert [finding.code for finding in found.findings] == ["status-never-posts"] * rows
    assert len({str(finding.where) for finding in found.findings}) == rows
    key = title.lower()
    assert {chosen[key] for chosen in found.chosen.values()} == {Admits.DOWNLOAD}
    assert len(found.chosen) == rows


def test_the_code_the_sheet_and_its_filter_words_are_one_table() -> None:
    """Whatever a status in Amazon's words is, the sheet's columns and the code's filters say the same of it."""
    layout = load_layout()
    assert [(one.key, one.posts, one.default) for one in layout.statuses] == [
        (one.key, one.posts, one.default.value) for one in FILTERS
    ]
    assert [column.title for column in layout.table("StatusFilters").columns[3:-1]] == [one.title for one in FILTERS]
    for status, one in zip(layout.statuses, FILTERS, strict=True):
        words = {re.sub(r"[\s_]", "", word).casefold() for word in (*status.orders_api, *status.report)}
        assert words == {word.casefold() for word in one.words}
        allowed = layout.drop_down(layout.table("StatusFilters").column(status.key).list_key).values
        assert (Admits.POST.value in allowed) is one.posts
    for suffixes, key in ((SHIPPED_SUFFIXES, "shipped"), (PENDING_SUFFIXES, "pending")):
        said = next(status.definition for status in layout.statuses if status.key == key)
        assert [suffix for suffix in suffixes if suffix not in said] == []


def test_the_dictionarys_rows_are_no_rules_of_the_user(book: XlwingsBook) -> None:
    assert read_mappings(book).rows == ()


def test_a_changed_row_and_an_added_one_are_rules_with_their_cells(book: XlwingsBook) -> None:
    cells = sheet(book, "Fee Mappings")
    rows = book.xlwings_table("FeeMappings").range.options(ndim=2).value
    at = next(n for n, row in enumerate(rows, 4) if row[:3] == ["Order", "ItemFees", "Commission"])
    cells.range((at, 6)).value = "Commission paid"
    last = 4 + len(rows)
    table = book.xlwings_table("FeeMappings")
    table.resize(table.range.resize(len(rows) + 1, 19))
    cells.range((last, 1)).value = ["other-transaction", "other-transaction", "Harbour*", "GB", "Salez"]
    found = read_mappings(book)
    rules, problems = read_mapping_rows(found.rows, load_chart("US"))
    assert [(str(rule), rule.group, rule.account_name, str(rule.origin)) for rule in rules] == [
        ("Order / ItemFees / Commission", Group.SELLING_FEES, "Commission paid", f"Fee Mappings!A{at}")
    ]
    places = {finding.code: str(at_its_cell(finding, found.columns) or finding.where) for finding in problems}
    assert places["mapping-group-unknown"] == f"Fee Mappings!E{last}"
    assert places["mapping-account-new"] == f"Fee Mappings!F{at}"


def test_a_fee_without_a_group_waits_and_is_no_rule(book: XlwingsBook) -> None:
    table = book.xlwings_table("FeeMappings")
    size = table.range.shape[0]
    table.resize(table.range.resize(size + 1, 19))
    table.parent.range((4 + size, 1)).value = ["A", "B", "C"]
    assert read_mappings(book).rows == ()


@pytest.mark.parametrize(
    ("code", "severity", "choice", "reason", "expected"),
    [
        ("period-closed", "Blocked", "Post on the first open date", "", []),
        ("period-closed", "Blocked", "Replace the posting", "", ["decision-not-possible"]),
        ("fee-unmapped", "Blocked", "Ignore", "small", ["decision-not-possible"]),
        ("settlement-gap", "Notice", "Ignore", "", ["decision-without-reason"]),
        ("settlement-gap", "Notice", "Ignore", "sold the shop", []),
        ("settlement-gap", "Notice", "Whatever", "", ["cell-not-understood"]),
    ],
)
def test_decisions(
    book: XlwingsBook, code: str, severity: str, choice: str, reason: str, expected: list[str]
) -> None:
    row = {"exception_id": "E1", "state": "Open", "severity": severity, "code": code, "to_do": "Decide it."}
    book.refresh(Refresh("Exceptions", [row]))
    cells = book.xlwings_table("Exceptions").parent
    cells.range("F5").value, cells.range("G5").value = choice, reason
    table = book.read("Exceptions")
    assert isinstance(table, ReadTable)
    found = read_decisions(table, load_layout().drop_down("exception_choices").values)
    assert [finding.code for finding in found.findings] == expected
    assert bool(found.made) is not bool(expected)
