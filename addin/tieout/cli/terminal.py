"""How the command line speaks: progress on standard error, findings in words, JSON as the last line, exit status.

The exit statuses are a contract (README, "Posting"): 0 done; 1 done in part or refused, exceptions listed;
2 wrong usage or unreadable input; 3 sign in needed.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, NoReturn

import typer
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tieout.cli.command_words import in_terminal
from tieout.cli.safe_text import cut, json_line, shown
from tieout.commands.progress import Progressed
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin

DONE, IN_PART, UNREADABLE, SIGN_IN = 0, 1, 2, 3

# How narrow a column that may break over lines gets before the table outgrows the terminal, in characters.
_FOLDED_MIN = 16

_STYLES = {Severity.REFUSED: "bold red", Severity.BLOCKED: "yellow", Severity.NOTICE: "cyan"}


class Terminal:
    """One command's conversation. With `as_json` people's text goes to standard error and JSON to standard output."""

    # How often this process gave the JSON that was asked for.
    answers: ClassVar[int] = 0

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._people = Console(stderr=as_json, highlight=False)
        self._progress = Console(stderr=True, highlight=False)

    def say(self, text: str, style: str = "") -> None:
        """A sentence; neither markup nor controls in it are obeyed, since names in it come from files."""
        self._people.print(Text(shown(text), style=style))

    def table(
        self,
        title: str,
        columns: Iterable[str],
        rows: Iterable[Iterable[str]],
        *,
        right: frozenset[int] = frozenset(),
        fold: frozenset[int] = frozenset(),
    ) -> None:
        """A table; the columns numbered in `right` hold figures, those in `fold` may break over lines.

        No cell is ever cut, a figure least of all: where the terminal is too narrow, the table is wider than it.
        """
        names, lines = tuple(columns), [tuple(map(shown, row)) for row in rows]
        widths = [max(map(cell_len, column)) for column in zip(names, *lines, strict=True)]
        narrowest = sum(min(width, _FOLDED_MIN) if index in fold else width for index, width in enumerate(widths))
        gaps = len(names) + 1
        people = self._people
        if people.width < narrowest + gaps:
            people = Console(stderr=self._as_json, highlight=False, width=narrowest + gaps)
        table = Table(
            title=Text(shown(title), style="table.title"),
            title_justify="left",
            header_style="bold",
            box=SIMPLE_HEAD,
            pad_edge=False,
            padding=0,
        )
        for index, name in enumerate(names):
            table.add_column(
                name,
                justify="right" if index in right else "left",
                overflow="fold",
                no_wrap=index not in fold,
            )
        for line in lines:
            table.add_row(*(Text(cell) for cell in line))
        people.print(table)

    def findings(self, findings: Iterable[Finding]) -> None:
        """Each finding in words: how much it stops, where, what, and what to do; those that stop come last."""
        for finding in sorted(findings, key=lambda finding: finding.stops):  # where the reader's eye is
            self.say(in_terminal(f"{finding.severity}: {finding} [{finding.code}]"), _STYLES[finding.severity])

    def finish(self, result: Mapping[str, Any]) -> None:
        """The result as the last line of output, where JSON was asked for."""
        if self._as_json:
            Terminal.answers += 1
            sys.stdout.write(json_line(result) + "\n")
            sys.stdout.flush()

    @contextmanager
    def progress(self) -> Iterator[Progressed]:
        """A progress line for people at a terminal; call it with (what, done, of)."""
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        quiet = not self._progress.is_terminal
        with Progress(*columns, TimeElapsedColumn(), console=self._progress, transient=True, disable=quiet) as bar:
            task = bar.add_task("", total=None)

            def progressed(what: str, done: int, of: int | None) -> None:
                bar.update(task, description=shown(what), completed=done)
                bar.tasks[0].total = of  # `update` would take None for "as it was"

            yield progressed


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it: file, line, column, message; and its code, severity and way out."""
    where = finding.where
    return {
        "file": where.file if isinstance(where, Origin) else str(where or ""),
        "line": where.row if isinstance(where, Origin) else None,
        "column": finding.column or None,
        "message": f"{cut(finding.what)} {in_terminal(finding.to_do)}",
        "code": finding.code,
        "severity": str(finding.severity),
        "subject": cut(finding.subject) or None,
    }


def exit_status(*, any_read: bool, findings: Iterable[Finding]) -> int:
    """0 where nothing stops; 2 where nothing could be read; else 1."""
    if not any(finding.stops for finding in findings):
        return DONE
    return IN_PART if any_read else UNREADABLE


def refuse(
    terminal: Terminal, finding: Finding, status: int = UNREADABLE, *, nothing: Mapping[str, Any] | None = None
) -> NoReturn:
    """End the command with one finding; `nothing` is what else its JSON always has, empty here."""
    terminal.findings([finding])
    terminal.finish({**(nothing or {}), "errors": [finding_json(finding)]})
    raise typer.Exit(status)
