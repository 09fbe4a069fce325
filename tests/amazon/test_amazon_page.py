"""docs/amazon.md says what the code does."""

import re
from pathlib import Path

import pytest

from tieout.amazon.usage_plans import OPERATIONS, REPORT_ROLES
from tieout.limits import (
    AMAZON_FIRST_ORDERS_DAYS,
    AMAZON_ORDER_REPORT_DAYS_MAX,
    AMAZON_REPORTS_LISTED_DAYS,
    AMAZON_SEARCH_ORDERS_MAX,
    AMAZON_SECRET_DAYS,
    AMAZON_TRANSACTIONS_DAYS_MAX,
)
from tieout.rules.order_status import FILTERS, PENDING_SUFFIXES, SHIPPED_SUFFIXES


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "amazon.md").read_text(encoding="utf-8")


def test_the_table_of_statuses_is_the_codes(page: str) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")
    ]
    told = {row[0]: row[1:] for row in rows if len(row) == 4}
    for one in FILTERS:
        may_post = "yes" if one.posts else "never"
        assert told[one.title] == [", ".join(one.words), may_post, one.default.value]


def test_the_table_of_limits_is_the_codes(page: str) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    told = {row[1]: (row[2], row[3]) for row in rows if len(row) == 4}
    for one in OPERATIONS:
        tenths = 10_000_000 // one.rate_micro
        seconds = f"0.{tenths}" if tenths < 10 else str((tenths + 5) // 10)
        assert told[one.name] == (str(one.burst), f"{seconds} s")


def test_every_suffix_is_named(page: str) -> None:
    flowing = " ".join(page.split())
    assert [one for one in (*SHIPPED_SUFFIXES, *PENDING_SUFFIXES) if f"*{one}*" not in flowing] == []


def test_every_role_is_named(page: str) -> None:
    flowing = " ".join(page.split())
    roles = {one.role for one in OPERATIONS if one.role} | set(REPORT_ROLES.values())
    assert {role for role in roles if f"*{role}*" not in flowing} == set()


@pytest.mark.parametrize(
    "figure",
    [
        f"{AMAZON_REPORTS_LISTED_DAYS} days",
        f"{AMAZON_ORDER_REPORT_DAYS_MAX} days",
        f"{AMAZON_FIRST_ORDERS_DAYS} days",
        f"{AMAZON_TRANSACTIONS_DAYS_MAX} days",
        f"{AMAZON_SECRET_DAYS} days",
        f"{AMAZON_SEARCH_ORDERS_MAX:,} orders",
    ],
)
def test_figures_are_those_of_the_code(page: str, figure: str) -> None:
    assert re.search(re.escape(figure), " ".join(page.split()))
