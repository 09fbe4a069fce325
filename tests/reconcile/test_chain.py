"""Settlements of one account in a row: reserves, periods, and ids that come twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from tests.rules.in_memory import Row, settlement
from tieout.domain.finding import Finding
from tieout.domain.settlement import Settlement
from tieout.reconcile.chain import HAND_OVER, check_chain, each_once, reserves
from tieout.rules.charts import load_chart
from tieout.rules.mapping import Mapping

MAPPING = Mapping(load_chart("US"))
START = date(2024, 10, 9)


def reserve(name: str, minor: int, day: date = START) -> Row:
    return Row(day, ("other-transaction", "other-transaction", name), minor)


def link(number: int, previous: int, current: int, **given: object) -> Settlement:
    """The settlement of fortnight `number`, which releases `previous` and keeps back `current`."""
    start = START + timedelta(days=14 * number)
    rows = [Row(start, ("Order", "ItemPrice", "Principal"), 1000)]
    if previous:
        rows.append(reserve("Previous Reserve Amount Balance", previous))
    if current:
        rows.append(reserve("Current Reserve Amount", -current))
    made = settlement(rows, settlement_id=f"2400000000{number}", start=start, end=start + timedelta(days=14))
    return replace(made, **given)  # type: ignore[arg-type]


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_chain_that_holds_says_nothing() -> None:
    chain = [link(0, 0, 500), link(1, 500, 700), link(2, 700, 0), link(3, 0, 0)]
    assert check_chain(chain, MAPPING) == ()
    assert check_chain(list(reversed(chain)), MAPPING) == ()


def test_reserves_are_read_from_the_rows() -> None:
    previous, current = reserves(link(1, 500, 700), MAPPING)
    assert (previous.minor, current.minor) == (500, -700)


@with_settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=6), st.data())
def test_rule_7_every_break_of_the_chain_is_told_and_nothing_else(kept: list[int], data: st.DataObject) -> None:
    released = [0, *(data.draw(st.sampled_from((amount, amount, amount + 1))) for amount in kept[:-1])]
    chain = [link(n, *amounts) for n, amounts in enumerate(zip(released, kept, strict=True))]
    findings = check_chain(data.draw(st.permutations(chain)), MAPPING)
    broken = [
        after.settlement_id
        for before, after, amount, back in zip(chain, chain[1:], kept, released[1:], strict=False)
        if amount != back and before is not after
    ]
    assert [finding.subject for finding in findings] == broken
    assert set(codes(findings)) <= {"reserve-chain-broken"}


def test_a_break_names_both_settlements_and_the_difference() -> None:
    [finding] = check_chain([link(0, 0, 500), link(1, 450, 0)], MAPPING)
    assert finding.code == "reserve-chain-broken"
    assert "24000000000 keeps back USD 5.00, but 24000000001 releases USD 4.50" in finding.what
    assert "USD -0.50" in finding.what
    assert not finding.stops


def test_the_withdrawn_layout_may_lack_the_row_of_the_previous_reserve() -> None:
    [finding] = check_chain([link(0, 0, 500), link(1, 0, 0, layout="v1")], MAPPING)
    assert "withdrawn layout" in finding.to_do


@pytest.mark.parametrize(
    ("apart", "code"),
    [
        (timedelta(0), ""),
        (HAND_OVER, ""),
        (-HAND_OVER, ""),
        (HAND_OVER + timedelta(seconds=1), "settlement-gap"),
        (-HAND_OVER - timedelta(seconds=1), "settlement-overlap"),
        (timedelta(days=14), "settlement-gap"),
        (-timedelta(days=10), "settlement-overlap"),
    ],
)
def test_gaps_and_overlaps(apart: timedelta, code: str) -> None:
    first, second = link(0, 0, 0), link(1, 0, 0)
    second = replace(second, start=first.end + apart, end=second.end + timedelta(days=14))
    findings = check_chain([second, first], MAPPING)
    assert codes(findings) == ([code] if code else [])
    assert all(finding.subject == second.settlement_id and not finding.stops for finding in findings)


def test_accounts_are_apart() -> None:
    american, german = link(0, 0, 500), link(5, 0, 0, marketplace="DE", currency="EUR")
    canadian = link(1, 0, 0, marketplace="CA")
    assert check_chain([american, german, canadian], MAPPING) == ()


def test_the_same_settlement_twice_is_told_and_counted_once() -> None:
    first = link(0, 0, 500)
    again = replace(first, origin=replace(first.origin, file="copy.txt"))
    chain = [first, link(1, 500, 0), again]
    [finding] = check_chain(chain, MAPPING)
    assert finding.code == "settlement-twice"
    assert not finding.stops
    assert str(finding.where) == "copy.txt"
    assert [s.settlement_id for s in each_once(chain)] == ["24000000000", "24000000001"]


def test_rule_5_the_same_id_with_other_content_is_an_alarm_that_says_what_differs() -> None:
    first = link(0, 0, 500)
    other = link(0, 0, 501)
    other = replace(other, origin=replace(other.origin, file="other.txt", sha256="0" * 64))
    findings = check_chain([first, other], MAPPING)
    assert codes(findings) == ["settlement-content-differs"]
    assert findings[0].stops
    assert "the total was USD 5.00 and is USD 4.99" in findings[0].what
    assert "Current Reserve Amount was 1 row of USD -5.00 and is 1 row of USD -5.01" in findings[0].what
    assert [s.settlement_id for s in each_once([first, link(1, 500, 0), other])] == ["24000000001"]
