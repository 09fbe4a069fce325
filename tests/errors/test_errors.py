"""Every finding has a case that provokes it and a page that explains it."""

import ast
from pathlib import Path

import pytest

from tests.errors.case import ErrorCase
from tests.errors.pages import HEAD, PAGE, all_cases, section_of

PACKAGE = Path(__file__).resolve().parent.parent.parent / "addin" / "tieout"
CASES = all_cases()


def codes_in_source() -> set[str]:
    """The codes given as `code="…"` to a Finding anywhere in the package."""
    codes = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Finding":
                continue
            for keyword in node.keywords:
                if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                    codes.add(str(keyword.value.value))
    return codes


@pytest.fixture(scope="module")
def written() -> str:
    """docs/errors.md as it is."""
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_provokes_what_the_page_tells(case: ErrorCase, tmp_path: Path, written: str) -> None:
    findings = [finding for finding in case.provoke(tmp_path) if finding.code == case.code]
    assert findings, f"nothing provoked {case.code}"
    for finding in findings:
        assert finding.what.strip().endswith((".", "?", "!")), finding.what
        assert finding.to_do.strip().endswith((".", "?", "!")), finding.to_do
    is_told = section_of(case, findings[0], tmp_path) in written  # compared apart: a diff of long pages takes minutes
    assert is_told, "run: python -m tests.errors.pages"


def test_every_code_has_a_case() -> None:
    assert codes_in_source() - {case.code for case in CASES} == set()


def test_every_case_is_of_a_code() -> None:
    assert {case.code for case in CASES} - codes_in_source() == set()


def test_the_page_has_these_sections_and_no_others(written: str) -> None:
    assert written.startswith(HEAD)
    assert [line for line in written.splitlines() if line.startswith("## ")] == [f"## {case.code}" for case in CASES]
