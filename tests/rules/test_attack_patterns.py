"""Patterns made to harm: matched in one pass, and as a regular expression would."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

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
