"""One report of a test can't fill the memory of a run."""

from typing import Literal

import pytest

from tests.bounded_reports import CHARACTERS_MAX, bounded


def _report(outcome: Literal["passed", "failed"], longrepr: str | None, printed: str) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="tests/test_one.py::test_one",
        location=("tests/test_one.py", 1, "test_one"),
        keywords={},
        outcome=outcome,
        longrepr=longrepr,
        when="call",
        sections=[("Captured stdout call", printed)],
    )


def test_what_a_passed_test_printed_is_dropped() -> None:
    assert bounded(_report("passed", None, "x" * 10)).sections == []


def test_a_failed_test_is_told_whole_up_to_a_bound() -> None:
    whole = bounded(_report("failed", "why", "said"))
    assert (whole.longreprtext, whole.sections) == ("why", [("Captured stdout call", "said")])
    most = "x" * CHARACTERS_MAX
    assert bounded(_report("failed", most, most)).longreprtext == most
    cut = bounded(_report("failed", most + "yz", most + "yz"))
    assert cut.longreprtext == f"{most}\n(2 characters more)"
    assert cut.sections == [("Captured stdout call", f"{most}\n(2 characters more)")]


def test_this_run_bounds_its_reports(request: pytest.FixtureRequest) -> None:
    makers = request.config.pluginmanager.hook.pytest_runtest_makereport.get_hookimpls()
    assert any(maker.plugin_name.endswith("conftest.py") for maker in makers)
