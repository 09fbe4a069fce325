"""docs/posting-rules.md explains each rule, and what the code points to in it is there."""

import re
from pathlib import Path

import pytest

from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.rules.charts import ROLE_OF_GROUP, load_chart


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "posting-rules.md").read_text(encoding="utf-8")


def anchors(page: str) -> set[str]:
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^##+ (.*)$", page, re.MULTILINE)
    }


def test_links_lead_somewhere(page: str, root: Path) -> None:
    linked = set(re.findall(r"\]\(#([\w-]+)\)", page))
    pointed = {
        anchor
        for path in (root / "addin" / "tieout").rglob("*.py")
        for anchor in re.findall(r"posting-rules\.md#([\w-]+)", path.read_text(encoding="utf-8"))
    }
    assert pointed
    assert (linked | pointed) - anchors(page) == set()
    assert anchors(page) == linked


@pytest.mark.parametrize("number", range(1, 10))
def test_each_rule_is_explained(page: str, number: int) -> None:
    assert f"*Rule {number}" in page


@pytest.mark.parametrize("group", [group for group in Group if group not in BALANCING_GROUPS])
def test_each_group_and_its_account_are_named(page: str, group: Group) -> None:
    account = load_chart("US").by_role(ROLE_OF_GROUP[group])
    assert account is not None
    assert re.search(rf"\|[^|]*\b{group.value}\b[^|]*\|[^|]*{account.name}", page)
