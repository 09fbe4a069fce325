"""Patterns made to harm: matched in one pass, and as a regular expression would."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.domain.origin import Origin
from tieout.rules.charts import load_chart
from tieout.rules.mapping_file import read_mapping_rows
from tieout.rules.spelling import matcher


def test_a_pattern_of_many_stars_ends() -> None:
    """As a regular expression it would try the parts in every place, and not end in anybody's lifetime."""
    fits = matcher("*a" * 40 + "b")
    assert not fits("a" * 4_000)
    assert fits("a" * 4_000 + "b")


@given(st.text("ab*", max_size=8), st.text("ab", max_size=10))
@settings(max_examples=300)
def test_a_pattern_fits_what_its_regular_expression_fits(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert matcher(pattern)(text) is (re.fullmatch(expression, text) is not None)


def test_every_rule_of_a_long_file_is_checked_against_those_as_specific() -> None:
    """The rule that covers stands last, behind another that covers less specifically."""
    rows = [
        {"transaction_type": "Order", "amount_type": "*", "amount_description": "*", "group": "Sales"},
        *(
            {"transaction_type": "Order", "amount_type": "ItemPrice", "amount_description": name, "group": group}
            for name, group in (("Prin*pal", "Sales"), ("Prin*", "Refunds"))
        ),
    ]
    rules, findings = read_mapping_rows(
        [(Origin("own.csv", row=number), row) for number, row in enumerate(rows, 2)], load_chart("US")
    )
    assert len(rules) == 3
    unreachable = [finding for finding in findings if finding.code == "mapping-rule-unreachable"]
    assert [finding.where for finding in unreachable] == [Origin("own.csv", row=3)]
    assert "own.csv, row 4" in unreachable[0].what
