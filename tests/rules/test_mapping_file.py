"""A user's mapping file is checked whole: what is wrong is told by file and row, and makes no rule."""

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from tieout.domain.account import Group
from tieout.domain.finding import Finding, any_stops
from tieout.domain.origin import Cell, Origin
from tieout.rules.charts import load_chart
from tieout.rules.fee_rule import FeeRule
from tieout.rules.mapping import read_mapping_csv
from tieout.rules.mapping_file import read_mapping_rows

CHART = load_chart("US")
HEADER = "transaction_type,amount_type,amount_description,marketplace,group,account_role,account,tax_code,class\n"


def read(*rows: str, header: str = HEADER) -> tuple[tuple[FeeRule, ...], tuple[Finding, ...]]:
    return read_mapping_csv(header + "\n".join(rows) + "\n", "mine.csv", CHART)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_row_becomes_a_rule_with_its_place() -> None:
    [rule], findings = read("AmazonFees,Moon Fee,Base fee,UK,fba FEES,,,20.0% S,Moon")
    assert findings == ()
    assert (rule.transaction_type, rule.amount_type, rule.amount_description) == (
        "AmazonFees",
        "Moon Fee",
        "Base fee",
    )
    assert rule.group is Group.FBA_FEES
    assert (rule.tax_code, rule.class_name, rule.marketplace) == ("20.0% S", "Moon", "UK")
    assert rule.origin == Origin("mine.csv", row=2)
    assert (rule.account_role, rule.account_name) == ("", "")


@pytest.mark.parametrize(
    ("role", "account", "expected"),
    [
        ("fba_fees", "", ("fba_fees", "")),
        ("", "fba_fees", ("fba_fees", "")),
        ("", "amazon fba fees", ("", "Amazon FBA Fees")),
        ("fba_fees", "Amazon Sales", ("", "Amazon Sales")),
        ("", "clearing", ("clearing", "")),
    ],
)
def test_an_account_is_a_role_or_a_name(role: str, account: str, expected: tuple[str, str]) -> None:
    [rule], findings = read(f"AmazonFees,Moon Fee,Base fee,,FBA fees,{role},{account},,")
    assert (rule.account_role, rule.account_name) == expected
    assert findings == ()


def test_a_new_account_is_used_and_told() -> None:
    [rule], [finding] = read("AmazonFees,Moon Fee,Base fee,,FBA fees,,Moon Handling,,")
    assert rule.account_name == "Moon Handling"
    assert finding.code == "mapping-account-new"
    assert not finding.stops


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("AmazonFees,Moon Fee,Base fee,,FBA fees,moon_fees,,,", "mapping-account-unknown"),
        ("AmazonFees,Moon Fee,Base fee,,FBA fees,,moon_fees,,", "mapping-account-unknown"),
        ("AmazonFees,Moon Fee,Base fee,,Moon fees,,,,", "mapping-group-unknown"),
        ("AmazonFees,Moon Fee,Base fee,,Bank,,,,", "mapping-group-unknown"),
        ("AmazonFees,Moon Fee,Base fee,,Carry-forward,,,,", "mapping-group-unknown"),
        (",Moon Fee,Base fee,,FBA fees,,,,", "mapping-row-malformed"),
        ("AmazonFees,Moon Fee,,,FBA fees,,,,", "mapping-row-malformed"),
        ("AmazonFees,Moon Fee", "mapping-row-malformed"),
        ("AmazonFees,Moon Fee,Base fee,,FBA fees,,,,,surplus", "mapping-row-malformed"),
        ("AmazonFees," + "x" * 4001 + ",Base fee,,FBA fees,,,,", "mapping-row-malformed"),
    ],
)
def test_a_faulty_row_makes_no_rule_and_stops(row: str, code: str) -> None:
    rules, [finding] = read("Order,ItemFees,Commission,,Selling fees,,,,", row)
    assert [rule.amount_description for rule in rules] == ["Commission"]
    assert finding.code == code
    assert finding.where == Origin("mine.csv", row=3)
    assert finding.stops


def test_a_rule_told_twice_stops() -> None:
    rules, [finding] = read("A,B,C,,Other,,,,", "a,b, c,*,other,,,,")
    assert len(rules) == 1
    assert (finding.code, finding.where) == ("mapping-rule-twice", Origin("mine.csv", row=3))
    assert "mine.csv, row 2" in finding.what
    assert finding.stops


def test_two_rules_of_one_kind_that_differ_are_a_conflict_that_names_both() -> None:
    _, [finding] = read("A,B,C,GB,Other,,,,", "A,B,C,Amazon.co.uk,Storage,,,,")
    assert finding.code == "mapping-rules-conflict"
    assert "mine.csv, row 2" in finding.what
    assert "mine.csv, row 3" in finding.what
    assert finding.stops


def test_a_rule_that_never_decides_alone_is_noticed() -> None:
    _, [finding] = read("A,Moon*,C,,Other,,,,", "A,Moon Fee*,C,,Storage,,,,")
    assert (finding.code, finding.where) == ("mapping-rule-unreachable", Origin("mine.csv", row=3))
    assert not finding.stops
    assert read("A,Moon*,C,GB,Other,,,,", "A,Moon Fee*,C,,Storage,,,,")[1] == ()
    assert read("A,Moon*,C,,Other,,,,", "A,Moon Fee,C,,Storage,,,,")[1] == ()


def test_a_pattern_over_the_dictionary_is_noticed_with_what_it_hides() -> None:
    _, [finding] = read("other-transaction,other-transaction,*,,Other,,,,")
    assert finding.code == "mapping-pattern-hides-dictionary"
    assert "Subscription Fee" in finding.what or "AGSGlobalInboundTransportation" in finding.what
    assert not finding.stops


def test_an_unknown_marketplace_and_column_are_noticed() -> None:
    header = "transaction_type;amount_type;amount_description;marketplace;group;colour\n"
    rules, findings = read("A;B;C;Amazon.moon;Other;red", header=header)
    assert sorted(codes(findings)) == ["mapping-column-unknown", "mapping-marketplace-unknown"]
    assert len(rules) == 1
    assert not any_stops(findings)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_headers_as_people_write_them(separator: str) -> None:
    header = separator.join(("Transaction Type", "Amount-Type", "Description", "GROUP", "Class Name", "meaning"))
    text = "\ufeff" + header + "\r\n" + separator.join(("A", "B", "C*", "Storage", "Moon", "a fee")) + "\r\n\r\n"
    [rule], findings = read_mapping_csv(text, "mine.csv", CHART)
    assert findings == ()
    assert (rule.amount_description, rule.class_name) == ("C*", "Moon")


@pytest.mark.parametrize(
    "text",
    ["", "\n", "group\nOther\n", "transaction_type,amount_type,amount_description\nA,B,C\n", '"A,B\n', "\x00\x01"],
)
def test_what_is_no_mapping_file_is_refused(text: str) -> None:
    rules, [finding] = read_mapping_csv(text, "mine.csv", CHART)
    assert rules == ()
    assert finding.code == "mapping-file-unreadable"
    assert finding.stops


def test_the_dictionary_itself_reads_as_a_mapping_file(root: object) -> None:
    text = (root / "mappings" / "amazon-fees.csv").read_text(encoding="utf-8")  # type: ignore[operator]
    rules, findings = read_mapping_csv(text, "amazon-fees.csv", CHART)
    assert len(rules) > 340
    # Only rows that differ in spelling alone: as a user's rows they are one rule told twice.
    assert set(codes(findings)) == {"mapping-rule-twice"}


def test_rows_of_a_sheet_are_told_by_cell() -> None:
    where = Cell("Fee Mappings", "A14")
    row = {"transaction_type": "A", "amount_type": "B", "amount_description": "C", "group": "Moon"}
    rules, [finding] = read_mapping_rows([(where, row)], CHART)
    assert rules == ()
    assert str(finding).startswith("Fee Mappings!A14: ")


@with_settings(max_examples=80, deadline=None)
@given(st.text(), st.sampled_from(["", HEADER, "transaction_type;amount_type;amount_description;group\n"]))
def test_any_text_is_rules_or_findings(text: str, header: str) -> None:
    rules, findings = read_mapping_csv(header + text, "mine.csv", CHART)
    assert all(finding.where is not None for finding in findings)
    if not header:
        assert rules == ()
        assert any_stops(findings)
