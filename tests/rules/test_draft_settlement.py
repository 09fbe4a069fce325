"""What the rules leave to settings and charts, and what a draft tells beside its journals."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.in_memory import Row, settlement
from tieout.domain.account import Account, Chart, Group
from tieout.domain.document import Document
from tieout.domain.settings import DepositTo, LastPartDay, NegativeTotal, SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_file import read_settlement
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import SettlementDraft, draft_settlement
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping import Mapping

CHART = load_chart("US")
DAY = date(2024, 10, 10)
SALE = Row(DAY, ("Order", "ItemPrice", "Principal"), 10_000)
DEBT = Row(DAY, ("other-transaction", "other-transaction", "Payable to Amazon"), -500)
CHARGE = Row(DAY, ("other-transaction", "other-transaction", "Successful charge"), 500)
FAILED = Row(DAY, ("other-transaction", "other-transaction", "Failed disbursement"), 700)
UNKNOWN = Row(DAY, ("other-transaction", "other-transaction", "Moon Fee"), -200)


def draft(
    given: Settlement, settings: SettlementSettings | None = None, *rules: FeeRule, chart: Chart = CHART
) -> SettlementDraft:
    return draft_settlement(given, Mapping(chart, FeeRules(rules)), chart, settings or SettlementSettings())


def placed(drafted: SettlementDraft) -> dict[str, tuple[str, int]]:
    """Account and debit (negative: credit) of each line, by its description."""
    return {line.description: (line.account, line.signed_minor) for j in drafted.journals for line in j.lines}


def test_a_debt_is_carried_through_clearing_and_charged_to_the_card() -> None:
    lines = placed(draft(settlement([SALE, DEBT, CHARGE])))
    assert lines["Payable to Amazon"] == ("Amazon Clearing", 500)
    assert lines["Successful charge"] == ("Business Card", -500)


def test_a_debt_booked_to_the_card_at_once_is_carried_through_the_card() -> None:
    to_card = SettlementSettings(negative_total=NegativeTotal.CARD)
    before = draft(settlement([replace(SALE, minor=-500)]), to_card)
    after = draft(settlement([SALE, DEBT, CHARGE]), to_card)
    card = [
        line.signed_minor for d in (before, after) for j in d.journals for line in j.lines if "Card" in line.account
    ]
    assert card == [-500, 500, -500]
    assert "Amazon Clearing" not in {account.name for d in (before, after) for account in d.accounts}


@pytest.mark.parametrize(
    ("deposit_to", "account"), [(DepositTo.BANK, "Business Checking"), (DepositTo.CLEARING, "Amazon Clearing")]
)
def test_a_failed_deposit_comes_back_from_where_deposits_go(deposit_to: DepositTo, account: str) -> None:
    lines = placed(draft(settlement([SALE, FAILED]), SettlementSettings(deposit_to=deposit_to)))
    assert lines["Failed disbursement"] == (account, -700)
    assert lines["Amazon settlement 24288684721: deposit"] == (account, 10_700)


def test_the_last_journal_is_dated_the_local_day_of_the_end_or_the_deposit() -> None:
    given = settlement([SALE], end=date(2024, 10, 23), deposit=date(2024, 10, 25))
    by_deposit = SettlementSettings(last_part_day=LastPartDay.DEPOSIT)
    assert [journal.day for journal in draft(given).journals] == [date(2024, 10, 23)]
    assert [journal.day for journal in draft(given, by_deposit).journals] == [date(2024, 10, 25)]
    late = given.end.replace(hour=2)  # 2 o'clock UTC is the evening before in California
    in_california = replace(given, end=late, time_zone="America/Los_Angeles")
    assert [journal.day for journal in draft(in_california).journals] == [date(2024, 10, 22)]


def test_a_missing_deposit_day_is_told() -> None:
    drafted = draft(settlement([SALE]), SettlementSettings(last_part_day=LastPartDay.DEPOSIT))
    assert [finding.code for finding in drafted.findings] == ["deposit-date-missing"]
    assert drafted.journals[0].day == date(2024, 10, 23)
    assert not drafted.blocked


def test_a_zero_total_makes_no_part_for_a_month_without_rows() -> None:
    rows = [SALE, replace(SALE, minor=-10_000)]
    [journal] = draft(settlement(rows, end=date(2024, 11, 2))).journals
    assert journal.day == date(2024, 10, 31)
    assert all(not line.amount for line in journal.lines)
    assert journal.posted_lines == ()


def test_rows_after_the_end_are_dated_in_their_own_month() -> None:
    late = replace(SALE, day=date(2024, 11, 1))
    journals = draft(settlement([SALE, late], end=date(2024, 10, 31))).journals
    assert [journal.day for journal in journals] == [date(2024, 10, 31), date(2024, 11, 1)]


def test_no_rows_make_no_journal() -> None:
    drafted = draft(settlement([]))
    assert (drafted.journals, drafted.findings) == ((), ())


@pytest.mark.parametrize("role", ["sales", "bank", "carry_forward"])
def test_a_chart_without_an_account_that_is_needed_stops(role: str) -> None:
    chart = Chart("US", tuple(account for account in CHART.accounts if account.role != role))
    rows = [SALE, replace(SALE, day=date(2024, 9, 30))]
    drafted = draft(settlement(rows), chart=chart)
    assert drafted.journals == ()
    assert [finding.code for finding in drafted.findings] == ["account-role-missing"]
    assert f'"{role}"' in drafted.findings[0].what
    assert drafted.blocked


def test_a_users_account_tax_code_and_class_reach_the_line() -> None:
    rule = FeeRule(
        "Order",
        "ItemPrice",
        "Principal",
        Group.SALES,
        account_name="Moon Sales",
        tax_code="20.0% S",
        class_name="Moon",
    )
    drafted = draft(settlement([SALE]), None, rule)
    line = drafted.journals[0].lines[0]
    assert (line.account, line.tax_code, line.class_name) == ("Moon Sales", "20.0% S", "Moon")
    [new] = [account for account in drafted.accounts if account.name == "Moon Sales"]
    assert (new.account_type, new.detail_type) == ("Income", "SalesOfProductIncome")


def test_an_accounts_own_tax_code_is_the_default() -> None:
    accounts = tuple(replace(a, tax_code="20.0% S") if a.role in ("sales", "bank") else a for a in CHART.accounts)
    drafted = draft(settlement([SALE]), chart=Chart("GB", accounts))
    assert [line.tax_code for line in drafted.journals[0].lines] == ["20.0% S", "20.0% S"]


def test_one_fee_in_two_accounts_is_two_lines() -> None:
    abroad = FeeRule("Order", "ItemPrice", "Principal", Group.SALES, marketplace="CA", account_name="Canada Sales")
    rows = [replace(SALE, marketplace_name="Amazon.com"), replace(SALE, marketplace_name="Amazon.ca")]
    lines = draft(settlement(rows), None, abroad).journals[0].lines
    assert [(line.account, line.rows) for line in lines if line.group is Group.SALES] == [
        ("Amazon Sales", 1),
        ("Canada Sales", 1),
    ]


def test_what_each_rule_moved_is_told() -> None:
    drafted = draft(settlement([SALE, SALE, replace(SALE, day=date(2024, 11, 3)), DEBT]))
    told = {kind.kind.amount_description: (kind.rows, kind.amount.decimal, kind.account) for kind in drafted.mapped}
    assert told == {
        "Principal": (3, "300.00", "Amazon Sales"),
        "Payable to Amazon": (1, "-5.00", "Amazon Clearing"),
    }
    assert {kind.rule.account_role for kind in drafted.mapped} == {"sales", "clearing"}


def test_unmapped_lines_of_one_kind_are_told_once_over_months_and_marketplaces() -> None:
    rows = [SALE, UNKNOWN, replace(UNKNOWN, day=date(2024, 11, 1), marketplace_name="Amazon.com")]
    drafted = draft(settlement(rows))
    [unmapped] = drafted.unmapped
    assert (unmapped.rows, unmapped.amount.decimal, unmapped.first_row) == (2, "-4.00", 4)
    [finding] = drafted.findings
    assert finding.code == "fee-unmapped"
    assert "2 rows of other-transaction / other-transaction / Moon Fee (USD -4.00)" in finding.what
    assert str(finding.where) == "24288684721.txt, row 4"
    assert [kind.kind.amount_description for kind in drafted.mapped] == ["Principal"]


def test_rules_in_conflict_stop_and_are_both_named() -> None:
    one = FeeRule("other-transaction", "other-transaction", "Moon*", Group.OTHER)
    other = FeeRule("other-transaction", "other-transaction", "*Fee", Group.STORAGE)
    drafted = draft(settlement([SALE, UNKNOWN]), None, one, other)
    assert drafted.journals == ()
    [finding] = drafted.findings
    assert finding.code == "mapping-rules-conflict"
    assert str(one) in finding.what
    assert str(other) in finding.what


def test_an_amount_of_the_other_sign_is_noticed_and_posts() -> None:
    drafted = draft(settlement([replace(SALE, minor=-100)]))
    assert [(finding.code, finding.stops) for finding in drafted.findings] == [("amount-sign-unexpected", False)]
    assert placed(drafted)["Order: Principal"] == ("Amazon Sales", 100)


def test_withheld_tax_without_an_order_is_left_over_and_told() -> None:
    withheld = Row(DAY, ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"), -125)
    tax = Row(DAY, ("Order", "ItemPrice", "Tax"), 125)
    drafted = draft(settlement([SALE, tax, withheld]))
    [finding] = drafted.findings
    assert finding.code == "facilitator-tax-residual"
    assert "rows without an order id USD -1.25" in finding.what
    assert placed(drafted)["Order: Tax"] == ("Sales Tax Payable", -125)


def test_many_residuals_are_counted_and_the_first_named() -> None:
    words = ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal")
    rows = [Row(DAY, words, -1, f"order-{number:02d}") for number in range(25)]
    [finding] = draft(settlement([SALE, *rows])).findings
    assert "order-00 USD -0.01" in finding.what
    assert "5 more orders" in finding.what
    assert "order-24" not in finding.what


def test_a_chart_of_ones_own_names_is_used() -> None:
    own = Chart("US", tuple(Account(a.role, f"My {a.name}", a.account_type, a.detail_type) for a in CHART.accounts))
    drafted = draft(settlement([SALE]), chart=own)
    assert {account.name for account in drafted.accounts} == {"My Amazon Sales", "My Business Checking"}


def test_yen_have_no_decimals() -> None:
    given = settlement([replace(SALE, minor=1980)], country="JP", currency="JPY")
    [journal] = draft(given).journals
    assert journal.debits.decimal == "1980"


def test_the_reader_and_the_draft_say_the_same_of_a_wrong_total() -> None:
    header = "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency "
    header += "transaction-type order-id marketplace-name amount-type amount-description amount posted-date"
    summary = ["24000000099", "2024-10-09 12:00:00 UTC", "2024-10-23 12:00:00 UTC", "", "10.01", "USD", *[""] * 7]
    row = ["24000000099", *[""] * 5, "Order", "", "Amazon.com", "ItemPrice", "Principal", "10.00", "2024-10-10"]
    text = "\n".join("\t".join(fields) for fields in (header.split(" "), summary, row)) + "\n"
    given, findings = read_settlement(Document.of("wrong.txt", text.encode()))
    assert given is not None
    assert draft(given).findings[0] in findings
