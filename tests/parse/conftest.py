"""Says at the end how many damaged files were read."""

from _pytest.terminal import TerminalReporter

FUZZED = "fuzzed inputs"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    reports = terminalreporter.stats.get("passed", [])
    counted = [value for report in reports for name, value in report.user_properties if name == FUZZED]
    if counted:
        terminalreporter.write_line(f"{sum(counted):,} damaged settlement files read: the exact total, or a finding")
