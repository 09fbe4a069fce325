"""docs/posting-orders.md is about what the code does: its contents, letters, groups and choices."""

import re
from pathlib import Path

from tieout.domain.posting_settings import FeeDocument, OrderDocument, RefundDocument
from tieout.limits import QUICKBOOKS_PAYMENT_LINES_MAX
from tieout.rules.draft_rest import COST_GROUPS
from tieout.rules.match import OrderDecision
from tieout.rules.settlement_numbers import Letter
from tieout.sheets.layout import load_layout

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "posting-orders.md").read_text(encoding="utf-8")


def _section(name: str) -> str:
    return PAGE.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]


def test_contents_lead_to_sections() -> None:
    anchors = set(re.findall(r"\]\(#([a-z0-9-]+)\)", PAGE))
    headings = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    }
    assert anchors == headings


def test_the_letters_are_those_of_the_numbers() -> None:
    told = re.search(r"`AMZ-<settlement id>-<n><letter>`: (.+?)\.", _section("Exactly once"), re.DOTALL)
    assert told is not None
    letters = {match[0] for match in re.findall(r"(?:^|,\s)([A-Z])(?= an? | the )", " ".join(told[1].split()))}
    assert letters == {letter.value for letter in Letter}


def test_every_choice_and_group_is_told() -> None:
    layout = load_layout()
    for key, kind in (
        ("order_document", OrderDocument),
        ("refund_document", RefundDocument),
        ("fee_document", FeeDocument),
    ):
        for choice in kind:
            assert layout.setting(key).label(choice.value).lower() in PAGE.lower()
    fees = _section("Fees").lower().replace("\n", " ")
    assert all(" ".join(group.value.lower().split()) in re.sub(r"\s+", " ", fees) for group in COST_GROUPS)
    told = PAGE.replace("\n", " ")
    for decision in (OrderDecision.DOWNLOAD, OrderDecision.SUMMARY, OrderDecision.ACCEPT, OrderDecision.IGNORE):
        assert f"*{decision.value}*" in told
    assert f"More than {QUICKBOOKS_PAYMENT_LINES_MAX} documents" in PAGE


def test_decisions_are_the_sheet_s_words() -> None:
    words = set(load_layout().drop_down("exception_choices").values)
    assert {decision.value for decision in OrderDecision} <= words
