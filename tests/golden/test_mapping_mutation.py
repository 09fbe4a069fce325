"""No rule that a worked example uses can be lost or changed without a worked example telling."""

from collections import defaultdict
from dataclasses import replace

import pytest

from tests.golden.worked_example import EXAMPLES, as_golden, drafts_of
from tieout.domain.account import Group
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.rules.fee_rule import FeeRule, FeeRules

RULES = load_fee_dictionary().rules
GOLDEN = {name: as_golden(drafts_of(name)) for name in EXAMPLES}


def used() -> dict[FeeRule, list[str]]:
    """The dictionary's rules that decide a row of an example, and in which examples."""
    examples: dict[FeeRule, list[str]] = defaultdict(list)
    for name in EXAMPLES:
        for rule in {kind.rule for draft in drafts_of(name) for kind in draft.mapped}:
            examples[rule].append(name)
    return dict(examples)


USED = used()


def changed(rule: FeeRule, instead: tuple[FeeRule, ...]) -> bool:
    """Whether an example that uses `rule` gives something else where `instead` stands in its place."""
    dictionary = FeeRules(new for old in RULES for new in (instead if old is rule else (old,)))
    return any(as_golden(drafts_of(name, dictionary)) != GOLDEN[name] for name in USED[rule])


def test_examples_use_many_rules_of_many_groups() -> None:
    assert len(USED) >= 40
    assert len({rule.group for rule in USED}) >= 15


@pytest.mark.parametrize("rule", USED, ids=str)
def test_deleting_a_rule_changes_a_golden(rule: FeeRule) -> None:
    assert changed(rule, ())


@pytest.mark.parametrize("rule", USED, ids=str)
def test_repointing_a_rule_changes_a_golden(rule: FeeRule) -> None:
    # To another account of its own kind, and to another group: where the money goes is told either way.
    balance_sheet = rule.group in (Group.RESERVE, Group.LOANS, Group.TRANSFERS)
    role = next(
        r for r in (("deferred", "loans") if balance_sheet else ("other", "fba_fees")) if r != rule.account_role
    )
    if rule.group is not Group.FACILITATOR_TAX and rule.amount_description not in (
        "Tax",
        "ShippingTax",
        "TaxDiscount",
    ):
        assert changed(rule, (replace(rule, account_role=role),))
    group = Group.ADJUSTMENTS if rule.group is not Group.ADJUSTMENTS else Group.OTHER
    assert changed(rule, (replace(rule, group=group, account_role=""),))
