"""How the command line shows tables and progress, whatever the terminal's width."""

import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.cli.terminal import Terminal
from tieout.domain.finding import Finding, Severity


def lines(text: str) -> list[str]:
    return text.splitlines()


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_figure_is_ever_cut(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    row = ("21035404438", "a text of several words that may break", "12345678901.23", "-98765432109.87")
    columns = ("Settlement", "What", "Amazon", "QuickBooks")
    Terminal(as_json=False).table("Tie-out", columns, [row], right=frozenset({2, 3}), fold=frozenset({1}))
    out = capsys.readouterr().out
    [figures] = [line.split() for line in lines(out) if "21035404438" in line]
    assert figures[-2:] == ["12345678901.23", "-98765432109.87"]
    assert all(name in out for name in columns)
    assert " ".join(out.split()).count("break") == 1


def test_a_table_fits_the_terminal_where_it_can(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    Terminal(as_json=False).table("Lines", ("What", "Debit"), [("word " * 30, "1.00")], fold=frozenset({0}))
    assert max(map(len, lines(capsys.readouterr().out))) <= 40


def test_progress_writes_nothing_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal(as_json=False).progress() as progressed:
        progressed("Posting", 3, 15)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_step_without_a_count_is_not_counted_against_the_step_before(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a terminal, for Rich
    monkeypatch.setenv("TERM", "xterm-256color")
    with Terminal(as_json=False).progress() as progressed:
        progressed("Posting", 15, 15)
        progressed("Writing the workbook", 0, None)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)
    last = [part for part in re.split(r"[\r\n]", shown) if "Writing" in part][-1]
    assert "/15" not in last
    assert "0/?" in last


def test_help_breaks_lines_where_the_terminal_does_and_not_where_the_source_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = CliRunner().invoke(app, ["demo", "--help"])
    assert shown.exit_code == 0
    assert "until something is put right in QuickBooks. One settlement has a fee" in shown.output


def test_what_stops_is_told_last(capsys: pytest.CaptureFixture[str]) -> None:
    told = [
        Finding(code=code, severity=severity, what="This happened.", to_do="Do that.")
        for code, severity in (
            ("first-blocks", Severity.BLOCKED),
            ("first-notice", Severity.NOTICE),
            ("refuses", Severity.REFUSED),
            ("second-notice", Severity.NOTICE),
        )
    ]
    Terminal(as_json=False).findings(told)
    codes = re.findall(r"\[([a-z-]+)\]", capsys.readouterr().out)
    assert codes == ["first-notice", "second-notice", "first-blocks", "refuses"]


def test_python_m_tieout_is_tieout() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tieout", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, "COLUMNS": "100"},
    )
    assert run.returncode == 0, run.stderr
    assert "settlement" in run.stdout
    assert "Usage: python -m tieout" in run.stdout
