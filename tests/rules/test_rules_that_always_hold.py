"""The rules that always hold, each by its number, over settlements of every shape."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from tests.rules import shapes
from tests.rules.in_memory import settlement as make_settlement
from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.domain.calendar import Month
from tieout.domain.journal import as_text
from tieout.domain.money import Money
from tieout.domain.origin import Origin
from tieout.domain.settings import DepositTo, Detail, LastPartDay, NegativeTotal, SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.rules.charts import PROFIT_AND_LOSS_TYPES, load_chart
from tieout.rules.doc_number import DOC_NUMBER_LENGTH_MAX, doc_number
from tieout.rules.draft_settlement import SettlementDraft, balancing_day, draft_settlement, rows_behind
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping import Mapping

CHART = load_chart("US")
MAPPING = Mapping(CHART)
DEFAULTS = SettlementSettings()
MODERATE = with_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def drafted(settlement: Settlement, settings: SettlementSettings = DEFAULTS) -> SettlementDraft:
    return draft_settlement(settlement, MAPPING, CHART, settings)


@MODERATE
@given(shapes.settlements(), st.integers(-(10**6), 10**6).filter(bool))
def test_rule_1_rows_that_do_not_sum_to_the_total_draft_nothing(settlement: Settlement, off: int) -> None:
    wrong = replace(settlement, total=settlement.total + Money(off, "USD"))
    draft = drafted(wrong)
    assert draft.journals == ()
    assert [finding.code for finding in draft.findings] == ["settlement-total-differs"]
    assert str(Money(off, "USD")) in draft.findings[0].what
    assert draft.blocked


@MODERATE
@given(shapes.settlements(), shapes.settings())
def test_rule_2_every_row_lands_in_exactly_one_draft_line(
    settlement: Settlement, settings: SettlementSettings
) -> None:
    draft = drafted(settlement, settings)
    amounts = {line.row: line.amount.minor for line in settlement.lines.lines()}
    landed: Counter[int] = Counter()
    for journal in draft.journals:
        for line in journal.lines:
            rows = rows_behind(line, settlement, draft)
            landed.update(rows)
            assert len(rows) == line.rows
            if line.group not in BALANCING_GROUPS:
                assert rows, "a line of no rows"
                assert -line.signed_minor == sum(amounts[row] for row in rows)
            else:
                assert not rows
    assert landed == Counter(amounts.keys())


@MODERATE
@given(shapes.settlements(), shapes.settings())
def test_rule_3_every_draft_balances_without_a_plug(settlement: Settlement, settings: SettlementSettings) -> None:
    draft = drafted(settlement, settings)
    for journal in draft.journals:
        assert {line.amount.currency for line in journal.lines} == {settlement.currency}
        by_side = {"Debit": 0, "Credit": 0}
        for line in journal.lines:
            by_side[line.side.value] += line.amount.minor
        assert by_side["Debit"] == by_side["Credit"]
        assert all(line.sources or line.group in BALANCING_GROUPS for line in journal.lines)


@MODERATE
@given(shapes.settlements(), shapes.settings())
def test_rule_4_one_bank_line_equal_to_the_total(settlement: Settlement, settings: SettlementSettings) -> None:
    draft = drafted(settlement, settings)
    found = [
        (journal.part == journal.parts, line)
        for journal in draft.journals
        for line in journal.lines
        if line.group in (Group.BANK, Group.CARD, Group.CLEARING)
    ]
    if not settlement.total:
        assert found == []
        return
    [(in_last_part, line)] = found
    assert in_last_part
    assert line.signed_minor == settlement.total.minor
    if settlement.total.minor > 0:
        expected = (Group.BANK, "Business Checking")
        if settings.deposit_to is DepositTo.CLEARING:
            expected = (Group.CLEARING, "Amazon Clearing")
    else:
        expected = (Group.CLEARING, "Amazon Clearing")
        if settings.negative_total is NegativeTotal.CARD:
            expected = (Group.CARD, "Business Card")
    assert (line.group, line.account) == expected


@MODERATE
@given(
    st.lists(
        st.one_of(
            st.text("0123456789", min_size=1, max_size=24),
            st.integers(10**14, 10**20 - 1).map(str),
            st.text("NH0123456789ABC-", min_size=1, max_size=24),
        ),
        min_size=2,
        max_size=20,
        unique=True,
    )
)
def test_rule_5_document_numbers_fit_and_never_collide(settlement_ids: list[str]) -> None:
    numbers = {doc_number(settlement_id, part) for settlement_id in settlement_ids for part in (1, 2, 12)}
    assert len(numbers) == 3 * len(settlement_ids)
    assert max(map(len, numbers)) <= DOC_NUMBER_LENGTH_MAX
    assert all(number.startswith("AMZ-") for number in numbers)


def test_rule_5_document_numbers_of_today_are_the_settlements_own() -> None:
    assert doc_number("24288684721", 2) == "AMZ-24288684721-2"
    assert doc_number("123456789012345", 1) == "AMZ-123456789012345-1"
    assert doc_number("99999999999999999999", 1) == "AMZ-NL3R41IFS0Q5TR-1"
    assert doc_number("no number", 1).startswith("AMZ-H")


@MODERATE
@given(shapes.settlements(), shapes.settings())
def test_rule_6_each_month_is_a_draft_and_carry_forward_nets_to_zero(
    settlement: Settlement, settings: SettlementSettings
) -> None:
    draft = drafted(settlement, settings)
    row_months = {Month.of(line.posted) for line in settlement.lines.lines()}
    carried = 0
    for number, journal in enumerate(draft.journals, start=1):
        assert (journal.part, journal.parts) == (number, len(draft.journals))
        own_months = {source.month for line in journal.lines for source in line.sources}
        assert own_months <= {Month.of(journal.day)}
        if number < len(draft.journals):
            assert journal.day == Month.of(journal.day).last_day
        carry = [line for line in journal.lines if line.group is Group.CARRY_FORWARD]
        assert len(carry) <= 1
        carried += sum(line.signed_minor for line in carry)
        assert all(line.account == "Amazon Carry Forward" for line in carry)
    assert carried == 0
    months = [Month.of(journal.day) for journal in draft.journals]
    assert months == sorted(set(months))
    extra = set(months) - row_months
    assert row_months <= set(months)
    if extra:
        assert extra == {Month.of(balancing_day(settlement, settings))}
        assert settlement.total


@MODERATE
@given(shapes.settlements(), shapes.settings())
def test_rule_6_the_last_draft_is_dated_the_end_or_the_deposit(
    settlement: Settlement, settings: SettlementSettings
) -> None:
    draft = drafted(settlement, settings)
    if not draft.journals:
        return
    moment = settlement.end
    if settings.last_part_day is LastPartDay.DEPOSIT and settlement.deposit:
        moment = settlement.deposit
    last = draft.journals[-1].day
    wanted = moment.date()
    if Month.of(wanted) == Month.of(last):
        assert last == wanted
    else:  # no row and no money in that month: the nearest day of the last rows' month
        assert last in (Month.of(last).first_day, Month.of(last).last_day)
        assert Month.of(last) == max(Month.of(line.posted) for line in settlement.lines.lines())
        assert wanted < last or not settlement.total


@MODERATE
@given(shapes.settlements(), shapes.settings())
def test_rule_7_reserves_loans_and_transfers_touch_the_balance_sheet_only(
    settlement: Settlement, settings: SettlementSettings
) -> None:
    draft = drafted(settlement, settings)
    types = {account.name: account.account_type for account in draft.accounts}
    for journal in draft.journals:
        for line in journal.lines:
            if line.group in (Group.RESERVE, Group.LOANS, Group.TRANSFERS, *BALANCING_GROUPS):
                assert types[line.account] not in PROFIT_AND_LOSS_TYPES
    moved = sum(
        line.amount.minor
        for line in settlement.lines.lines()
        if line.kind.amount_description in ("Current Reserve Amount", "Previous Reserve Amount Balance")
    )
    asset = [line for journal in draft.journals for line in journal.lines if line.account == "Amazon Reserve"]
    assert sum(line.signed_minor for line in asset) == -moved
    assert types.get("Amazon Reserve", "Other Current Asset") == "Other Current Asset"
    assert types.get("Amazon Loans", "Other Current Liability") == "Other Current Liability"


@MODERATE
@given(shapes.taxed_order_lists(), shapes.settings())
def test_rule_8_withheld_tax_nets_to_zero_and_what_is_left_is_an_exception(
    orders: list[shapes.Taxed], settings: SettlementSettings
) -> None:
    settlement = make_settlement([row for order in orders for row in order.rows], start=shapes.FIRST_DAY)
    draft = drafted(settlement, settings)
    lines = [line for journal in draft.journals for line in journal.lines]

    def credited(group: Group) -> int:
        return -sum(line.signed_minor for line in lines if line.group is group)

    assert credited(Group.FACILITATOR_TAX) == sum(order.left for order in orders)
    assert credited(Group.TAX) == sum(order.tax for order in orders if order.withheld is None)
    assert {line.account for line in lines if line.group is Group.FACILITATOR_TAX} <= {"Amazon Facilitator Tax"}
    assert {line.account for line in lines if line.group is Group.TAX} <= {"Sales Tax Payable"}
    left = {order.order_id: order.left for order in orders if order.left}
    told = [finding for finding in draft.findings if finding.code == "facilitator-tax-residual"]
    assert bool(told) == bool(left)
    assert draft.residual is not None
    assert {order.order_id: order.amount.minor for order in draft.residual.orders} == left
    for order_id, minor in left.items():
        assert f"{order_id} {Money(minor, 'USD')}" in told[0].what
    assert not draft.blocked, "a residual is looked at, it does not stop the settlement"


@MODERATE
@given(shapes.settlements_with_unknown_kinds())
def test_rule_9_unknown_kinds_are_told_and_block_until_someone_decides(settlement: Settlement) -> None:
    draft = drafted(settlement)
    unknown = [line for line in settlement.lines.lines() if words_of(line.kind) in shapes.UNKNOWN]
    assert draft.journals == ()
    assert draft.blocked
    told = {words_of(kind.kind): (kind.rows, kind.amount.minor) for kind in draft.unmapped}
    expected: dict[tuple[str, str, str], tuple[int, int]] = {}
    for line in unknown:
        rows, minor = expected.get(words_of(line.kind), (0, 0))
        expected[words_of(line.kind)] = (rows + 1, minor + line.amount.minor)
    assert told == expected
    for kind in draft.unmapped:
        assert kind.suggested_group not in BALANCING_GROUPS
        assert kind.reason.endswith(".")
        assert any(
            f.where == Origin(settlement.origin.file, settlement.origin.sha256, kind.first_row)
            for f in draft.findings
            if f.code == "fee-unmapped"
        )
    decisions = FeeRules(FeeRule(*words_of(kind.kind), group=kind.suggested_group) for kind in draft.unmapped)
    decided = draft_settlement(settlement, Mapping(CHART, decisions), CHART, DEFAULTS)
    assert decided.unmapped == ()
    assert sum(line.rows for journal in decided.journals for line in journal.lines) == len(settlement.lines)


@MODERATE
@given(shapes.settlements(), shapes.settings(), st.randoms(use_true_random=False))
def test_drafts_do_not_depend_on_the_order_of_rows(
    settlement: Settlement, settings: SettlementSettings, random: object
) -> None:
    rows = shapes.rows_of(settlement)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = shapes.with_rows(settlement, shuffled)
    assert as_text(drafted(again, settings).journals) == as_text(drafted(settlement, settings).journals)


@pytest.mark.parametrize("detail", list(Detail))
def test_group_detail_has_one_line_for_a_group_and_account(detail: Detail) -> None:
    rows = [
        shapes.Row(shapes.FIRST_DAY, ("Order", "ItemFees", name), -100)
        for name in ("Commission", "DigitalServicesFee", "Digital Services Fee", "VariableClosingFee")
    ]
    [journal] = drafted(make_settlement(rows), SettlementSettings(detail=detail)).journals
    fees = [(line.description, line.rows) for line in journal.lines if line.group is Group.SELLING_FEES]
    if detail is Detail.GROUP:
        assert fees == [("Selling fees", 4)]
    else:
        assert fees == [
            ("Order: Commission", 1),
            ("Order: Digital Services Fee", 2),
            ("Order: VariableClosingFee", 1),
        ]


def words_of(kind: object) -> tuple[str, str, str]:
    return kind.transaction_type, kind.amount_type, kind.amount_description  # type: ignore[attr-defined]
