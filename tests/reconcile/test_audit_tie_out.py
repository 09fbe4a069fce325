"""Ties that must not hold by accident, and must not break by accident: days, and groups that share an account."""

from dataclasses import replace
from datetime import date

from tests.reconcile.test_tie_out import CHART, GIVEN, NAMES, drafted, in_books
from tests.rules.in_memory import Row, settlement
from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.domain.settings import SettlementSettings
from tieout.reconcile.tie_out import DayTie, tie_out
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping import Mapping

WITHHELD, OWN = "111-1111111-1111111", "111-2222222-2222222"


def test_a_document_under_another_day_does_not_tie_though_every_amount_does() -> None:
    draft = drafted()
    first, last = in_books(draft.journals)
    moved = replace(first, day=date(2024, 11, 30))
    tie = tie_out(GIVEN, draft, [moved, last], NAMES)
    assert tie.days == (DayTie(first.doc_number, date(2024, 10, 31), date(2024, 11, 30)),)
    assert not tie.ties
    assert tie.difference == Money.zero("USD")


def test_groups_that_share_an_account_and_a_description_each_tie() -> None:
    """Tax that Amazon withheld and the seller's own, both in the one liability account that a user names for them."""
    given = settlement(
        [
            Row(date(2024, 10, 30), ("Order", "ItemPrice", "Principal"), 10_000, WITHHELD),
            Row(date(2024, 10, 30), ("Order", "ItemPrice", "Tax"), 700, WITHHELD),
            Row(
                date(2024, 10, 30),
                ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"),
                -700,
                WITHHELD,
            ),
            Row(date(2024, 10, 30), ("Order", "ItemPrice", "Tax"), 300, OWN),
        ],
        end=date(2024, 10, 31),
    )
    one_account = FeeRule("Order", "ItemPrice", "Tax", Group.TAX, account_name="Amazon Facilitator Tax")
    draft = draft_settlement(given, Mapping(CHART, FeeRules([one_account])), CHART, SettlementSettings())
    for held in (None, in_books(draft.journals)):
        tie = tie_out(given, draft, held, NAMES)
        assert [group.group for group in tie.groups if group.difference] == []
        by_group = {group.group: group.tieout for group in tie.groups}
        assert by_group[Group.TAX] == Money(300, "USD")
        assert by_group[Group.FACILITATOR_TAX] == Money.zero("USD")
    assert tie.ties
