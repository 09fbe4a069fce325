"""The published fee dictionary and the default charts: whole, consistent, and honest about where they come from."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.domain.settlement import Kind
from tieout.rules.charts import BALANCE_SHEET_GROUPS, PROFIT_AND_LOSS_TYPES, ROLES, load_chart
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.rules.fee_rule import FeeRule
from tieout.rules.mapping import Mapped, Mapping

RULES = load_fee_dictionary().rules
COUNTRIES = ("US", "GB", "DE")


def test_every_rule_is_told_in_plain_words_with_its_source() -> None:
    for rule in RULES:
        assert rule.meaning[:1].isupper(), rule
        assert len(rule.meaning) > 10, rule
        assert not rule.meaning.endswith("."), rule
        assert rule.expected_sign in ("+", "-", "±"), rule
        assert rule.source, rule
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", rule.first_known), rule
        assert rule.origin is not None


def test_two_rules_of_one_key_decide_the_same() -> None:
    by_key: dict[tuple[str, str, str, str], set[object]] = defaultdict(set)
    for rule in RULES:
        by_key[rule.key].add(rule.outcome)
    assert {key for key, outcomes in by_key.items() if len(outcomes) > 1} == set()


def test_no_row_is_there_twice() -> None:
    assert len({str(rule) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_role_has_an_account_in_every_chart(country: str) -> None:
    chart = load_chart(country)
    assert {account.role for account in chart.accounts} == ROLES
    assert {rule.account_role for rule in RULES} <= ROLES
    assert len({account.name.casefold() for account in chart.accounts}) == len(chart.accounts)


@pytest.mark.parametrize("country", COUNTRIES)
def test_money_moved_stays_off_profit_and_loss(country: str) -> None:
    chart = load_chart(country)
    for rule in RULES:
        account = chart.by_role(rule.account_role)
        assert account is not None
        off_profit = rule.group in BALANCE_SHEET_GROUPS | {Group.TAX, Group.FACILITATOR_TAX}
        assert (account.account_type not in PROFIT_AND_LOSS_TYPES) == off_profit, rule
        assert rule.group not in BALANCING_GROUPS


def test_the_practice_companys_accounts_are_in_the_chart() -> None:
    chart = load_chart("US")
    names = {
        "clearing": "Amazon Clearing",
        "bank": "Business Checking",
        "card": "Business Card",
        "reserve": "Amazon Reserve",
        "carry_forward": "Amazon Carry Forward",
        "deferred": "Amazon Deferred",
        "loans": "Amazon Loans",
        "sales_tax": "Sales Tax Payable",
    }
    assert {role: account.name for role in names if (account := chart.by_role(role))} == names


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_rule_decides_lines_of_its_own_words(rule: FeeRule) -> None:
    words = [text.replace("*", " of a sort not seen before") for text in str(rule).split(" / ")]
    kind = Kind(*words)
    found = Mapping(load_chart("US")).resolve(kind, "US")
    assert isinstance(found, Mapped), found
    assert found.rule.outcome == rule.outcome
    assert found.form == ""


@pytest.mark.real_files
def test_every_kind_of_the_catalogue_is_known_in_its_group(shared: Path) -> None:
    mapping = Mapping(load_chart("US"))
    with (shared / "data" / "settlement_triples.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) >= 278
    own = {str(rule) for rule in RULES}
    for row in rows:
        words = (row["transaction_type"], row["amount_type"], row["amount_description"])
        found = mapping.resolve(Kind(*words), "US")
        assert isinstance(found, Mapped), row
        assert found.group == row["suggested_group"], row
        if not row["amount_description"].startswith("("):
            assert " / ".join(words) in own


@pytest.mark.vendor_specs
@pytest.mark.parametrize("country", COUNTRIES)
def test_account_types_are_spelt_as_intuit_spells_them(shared: Path, country: str) -> None:
    schema = (shared / "specs" / "intuit" / "Finance.xsd").read_text(encoding="utf-8")
    allowed = {}
    for name in ("AccountTypeEnum", "AccountSubTypeEnum"):
        found = re.search(rf'<xs:simpleType name="{name}">(.*?)</xs:simpleType>', schema, re.DOTALL)
        assert found is not None
        allowed[name] = set(re.findall(r'<xs:enumeration value="([^"]*)"', found[1]))
    for account in load_chart(country).accounts:
        assert account.account_type in allowed["AccountTypeEnum"]
        assert account.detail_type in allowed["AccountSubTypeEnum"]


def test_the_files_are_plain_tables(root: Path) -> None:
    for name in ("amazon-fees", "accounts-us", "accounts-gb", "accounts-eu"):
        text = (root / "mappings" / f"{name}.csv").read_text(encoding="utf-8")
        rows = list(csv.reader(text.splitlines()))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert all(field == field.strip() for row in rows for field in row)
        assert not [field for row in rows for field in row if field.startswith(("=", "@"))]
