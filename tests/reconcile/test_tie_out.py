"""The tie-out: four totals, a group at a time and line by line, and what explains a difference."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings

from tests.rules import shapes
from tests.rules.in_memory import Row, settlement
from tieout.domain.account import Group
from tieout.domain.books import BooksDocument, BooksLine
from tieout.domain.journal import Journal, Side
from tieout.domain.money import Money
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.reconcile.tie_out import GroupTie, LineTie, tie_out
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import SettlementDraft, draft_settlement
from tieout.rules.mapping import Mapping

CHART = load_chart("US")
NAMES = {str(number): account.name for number, account in enumerate(CHART.accounts, start=1)}
IDS = {name: number for number, name in NAMES.items()}
GIVEN = settlement(
    [
        Row(date(2024, 10, 30), ("Order", "ItemPrice", "Principal"), 10_000),
        Row(date(2024, 10, 30), ("Order", "ItemFees", "Commission"), -1500),
        Row(date(2024, 11, 2), ("other-transaction", "other-transaction", "Current Reserve Amount"), -500),
    ],
    end=date(2024, 11, 2),
)


def drafted(given: Settlement = GIVEN, settings: SettlementSettings | None = None) -> SettlementDraft:
    return draft_settlement(given, Mapping(CHART), CHART, settings or SettlementSettings())


def in_books(journals: Sequence[Journal]) -> list[BooksDocument]:
    """What books hold that took the journals as they are: lines of zero are not sent."""
    return [
        BooksDocument(
            entity="JournalEntry",
            doc_number=journal.doc_number,
            day=journal.day,
            currency=journal.currency,
            total=journal.debits,
            note=journal.memo,
            lines=tuple(
                BooksLine(line.side, line.amount, IDS[line.account], line.description)
                for line in journal.posted_lines
            ),
        )
        for journal in journals
    ]


def with_line(document: BooksDocument, number: int, line: BooksLine) -> BooksDocument:
    lines = list(document.lines)
    lines[number] = line
    return replace(document, lines=tuple(lines))


@with_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shapes.settlements(), shapes.settings())
def test_what_was_posted_as_drafted_ties(given_settlement: Settlement, settings: SettlementSettings) -> None:
    draft = drafted(given_settlement, settings)
    tie = tie_out(given_settlement, draft, in_books(draft.journals), NAMES)
    if draft.journals:
        assert tie.ties
        assert tie.amazon_total == tie.rows_total == tie.posted_total == tie.quickbooks_total
    assert tie.explained == ()
    assert all(not group.difference for group in tie.groups)
    zero = Money.zero("USD")
    assert Money.total((group.amazon for group in tie.groups), "USD") == zero
    assert Money.total((group.tieout for group in tie.groups), "USD") == zero
    assert Money.total((group.quickbooks or zero for group in tie.groups), "USD") == zero


def test_before_posting_only_drafts_are_compared() -> None:
    tie = tie_out(GIVEN, drafted())
    assert tie.quickbooks_total is None
    assert tie.posted_total == GIVEN.total == Money(8000, "USD")
    assert tie.difference == Money.zero("USD")
    assert not tie.ties
    assert all(group.quickbooks is None and not group.difference for group in tie.groups)


def test_nothing_in_the_books_is_a_difference_of_the_whole() -> None:
    tie = tie_out(GIVEN, drafted(), [], NAMES)
    assert tie.quickbooks_total == Money.zero("USD")
    assert tie.difference == GIVEN.total
    assert len(tie.explained) == sum(len(journal.posted_lines) for journal in drafted().journals)


def test_groups_are_compared_three_ways() -> None:
    draft = drafted()
    tie = tie_out(GIVEN, draft, in_books(draft.journals), NAMES)
    by_group = {group.group: group for group in tie.groups}
    assert list(by_group) == [Group.SALES, Group.SELLING_FEES, Group.RESERVE, Group.BANK, Group.CARRY_FORWARD]
    sales = Money(10_000, "USD")
    assert by_group[Group.SALES] == GroupTie(Group.SALES, sales, sales, sales)
    assert by_group[Group.BANK].amazon == Money(-8000, "USD")
    assert by_group[Group.CARRY_FORWARD].quickbooks == Money.zero("USD")


def test_an_amount_changed_in_the_books_is_explained_by_its_lines() -> None:
    draft = drafted()
    first, last = in_books(draft.journals)
    bank = next(n for n, line in enumerate(last.lines) if NAMES[line.account_id] == "Business Checking")
    changed = with_line(last, bank, replace(last.lines[bank], amount=Money(7990, "USD")))
    extra = BooksLine(Side.DEBIT, Money(10, "USD"), "99", "Bank charge", account_name="Ask My Accountant")
    changed = replace(changed, lines=(*changed.lines, extra))
    tie = tie_out(GIVEN, draft, [first, changed], NAMES)
    assert tie.quickbooks_total == Money(7990, "USD")
    assert tie.difference == Money(10, "USD")
    assert tie.explained == (
        LineTie(
            last.doc_number,
            "Business Checking",
            "Amazon settlement 24288684721: deposit",
            Group.BANK,
            Money(-8000, "USD"),
            Money(-7990, "USD"),
        ),
        LineTie(last.doc_number, "Ask My Accountant", "Bank charge", None, Money.zero("USD"), Money(-10, "USD")),
    )
    assert tie.groups[-1].group is None
    assert tie.groups[-1].quickbooks == Money(-10, "USD")
    assert not tie.ties


def test_a_settlement_that_stands_there_twice_counts_twice() -> None:
    draft = drafted()
    held = in_books(draft.journals)
    tie = tie_out(GIVEN, draft, [*held, *held], NAMES)
    assert tie.quickbooks_total == Money(16_000, "USD")
    assert tie.difference == Money(-8000, "USD")


def test_a_document_in_another_currency_is_not_ours() -> None:
    draft = drafted()
    held = [replace(document, currency="EUR") for document in in_books(draft.journals)]
    assert tie_out(GIVEN, draft, held, NAMES).difference == GIVEN.total


@pytest.mark.parametrize("held", [None, []])
def test_a_settlement_that_was_not_drafted_has_no_posted_total(held: list[BooksDocument] | None) -> None:
    wrong = replace(GIVEN, total=Money(8001, "USD"))
    tie = tie_out(wrong, drafted(wrong), held)
    assert tie.posted_total is None
    assert tie.rows_total == Money(8000, "USD")
    assert tie.difference == (Money(1, "USD") if held is None else Money(8001, "USD"))
    assert not tie.ties
