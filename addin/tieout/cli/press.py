"""`tieout press` and `tieout stop`: the ribbon's buttons on a closed workbook, and the way to end a press early."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.settlement import AsJson
from tieout.cli.terminal import DONE, IN_PART, SIGN_IN, UNREADABLE, Terminal, finding_json, refuse
from tieout.domain.finding import Finding

if TYPE_CHECKING:
    from tieout.commands.presses.run import Pressed

Book = Annotated[Path, typer.Option("--book", help="The workbook, closed in Excel.")]


def press(
    button: Annotated[str, typer.Argument(help="The button, such as import-settlements or post-settlements.")],
    book: Book,
    file: Annotated[
        list[Path] | None,
        typer.Option("--file", help="A file or folder, as from a file dialog; repeatable."),
    ] = None,
    rows: Annotated[
        list[str] | None,
        typer.Option("--rows", help="The selection: rows of the sheet (5,7-9) or ids; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Press a button of the ribbon on a closed workbook. It does what it does in Excel, on any system.

    Ctrl-C stops it at the next safe place; press it again, and it goes on. What each button does: docs/guide.md.
    """
    terminal = Terminal(as_json=as_json)
    from tieout.buttons import press_closed
    from tieout.commands.presses.run_findings import unknown_button
    from tieout.sheets.layout import load_layout
    from tieout.sheets.lean_import import import_xlwings_alone

    known = [one.press for one in load_layout().buttons]
    if button not in known:
        refuse(terminal, unknown_button(button, known))

    import_xlwings_alone()
    with _Stopping() as stopping, terminal.progress() as progressed:

        def told(what: str, done: int, of: int | None) -> None:
            progressed(what, done, of)
            stopping.check()

        pressed = press_closed(button, book, files=file or (), rows=rows or (), progressed=told)
    _tell(terminal, pressed)
    terminal.finish(outcome_json(pressed))
    raise typer.Exit(status_of(pressed))


def stop(book: Book, as_json: AsJson = False) -> None:
    """Ask the press that is running for a workbook's company to stop; the next press goes on where it stopped."""
    from tieout.commands.presses.run import STOP_FILE
    from tieout.sheets.opening import close_unsaved, open_closed
    from tieout.sheets.port import plain_text
    from tieout.wiring import Refused, open_company_of

    terminal = Terminal(as_json=as_json)
    opened = open_closed(book)
    if isinstance(opened, Finding):
        refuse(terminal, opened)
    company_id = plain_text(opened.cell("CompanyId"))
    close_unsaved(book)
    try:
        with open_company_of(company_id) as company:
            (company.folder / STOP_FILE).touch()
    except Refused as refused:
        refuse(terminal, refused.finding)
    terminal.say(f"A press that is running for {company.company.name} stops at the next safe place.")
    terminal.finish({"stop_wanted": True, "company": company.company.name})


def outcome_json(pressed: "Pressed") -> dict[str, Any]:
    """What came of a press, as the command line's JSON has it."""
    outcome = pressed.outcome
    return {
        "button": pressed.button,
        "outcome": str(outcome.result),
        "message": outcome.message,
        "findings": [finding_json(finding) for finding in outcome.findings],
        "changed": pressed.changed,
        "count": outcome.count,
        "files": [str(path) for path in outcome.files],
    }


def status_of(pressed: "Pressed") -> int:
    """The exit status: 0 done, 1 in part or refused, 2 nothing could be read, 3 sign in needed."""
    from tieout.commands.presses.press import Result

    outcome = pressed.outcome
    if outcome.result is Result.SIGN_IN:
        return SIGN_IN
    if outcome.unreadable:
        return UNREADABLE
    return DONE if outcome.result is Result.DONE else IN_PART


class _Stopping:
    """Ctrl-C while a button is pressed: it ends at the next place where nothing is half done.

    Afterwards Ctrl-C does what it did before.
    """

    def __init__(self) -> None:
        self._wanted = False

    def __enter__(self) -> "_Stopping":
        self._before = signal.signal(signal.SIGINT, self._want)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _want(self, *_: object) -> None:
        if self._wanted:
            raise KeyboardInterrupt
        self._wanted = True

    def check(self) -> None:
        """Stop here, if that is wanted."""
        if self._wanted:
            from tieout.commands.presses.press import Stopped

            raise Stopped


def _tell(terminal: Terminal, pressed: "Pressed") -> None:
    outcome = pressed.outcome
    good = str(outcome.result) == "Done"
    terminal.say(f"{outcome.result}: {outcome.message}", "bold green" if good else "bold yellow")
    terminal.findings(finding for finding in outcome.findings if not _is_said(finding, outcome.message))
    if pressed.changed:
        rows = ", ".join(f"{sheet} {count}" for sheet, count in pressed.changed.items())
        terminal.say(f"Rows changed: {rows}.")


def _is_said(finding: Finding, message: str) -> bool:
    """Whether the message of a press says a finding whole, as that of a refused one does."""
    return finding.what in message and finding.to_do in message
