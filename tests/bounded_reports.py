"""Reports of tests kept small: the process that gathers them holds every one to the end of the run.

What a test printed or logged is of use where it failed. A comparison of megabytes says in its first pages what it has
to say.
"""

import pytest

CHARACTERS_MAX = 200_000


def bounded(report: pytest.TestReport) -> pytest.TestReport:
    """The report without what a test that passed printed, and with long texts of one that failed cut."""
    if report.passed:
        report.sections = []
        return report
    report.sections = [(name, _cut(text)) for name, text in report.sections]
    text = report.longreprtext
    if len(text) > CHARACTERS_MAX:
        report.longrepr = _cut(text)
    return report


def _cut(text: str) -> str:
    if len(text) <= CHARACTERS_MAX:
        return text
    return f"{text[:CHARACTERS_MAX]}\n({len(text) - CHARACTERS_MAX:,} characters more)"
