"""One press from its beginning to its row on Activity: read, work, write at once, say what came of it.

Whatever happens, it ends in a sentence on Home and a row on Activity. What the work did is in the store by then; a
workbook that can't be written learns of it at the next press.
"""

import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

from tieout.commands.presses import run_findings as say
from tieout.commands.presses.ending import Ending
from tieout.commands.presses.press import ChosenRows, Outcome, Press, PressStore, Result, Stopped, refused
from tieout.commands.progress import Progressed, silent
from tieout.domain.account import Chart
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.posting import Outcome as Answer
from tieout.ports import Books, Clock
from tieout.sale_ports import BooksDocuments
from tieout.sheets.book import XlwingsBook
from tieout.sheets.layout import load_layout
from tieout.sheets.migrate_book import add_what_is_missing, back_up, layout_of, newer_layout
from tieout.sheets.opening import FILE_TROUBLE, file_trouble
from tieout.sheets.port import BookBusy, plain_text

# A file in the company's folder that asks the press which is running to stop.
STOP_FILE = "stop-wanted"


class Opened(Protocol):
    """A company whose store is open."""

    @property
    def company(self) -> Company:
        """The company."""
        ...

    @property
    def folder(self) -> Path:
        """Its folder."""
        ...

    @property
    def store(self) -> PressStore:
        """Its store."""
        ...

    @property
    def chart(self) -> Chart:
        """Its chart of accounts."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def documents(self) -> BooksDocuments:
        """How documents for its QuickBooks are written and read."""
        ...

    def vault(self) -> tuple[Any, tuple[Finding, ...]]:
        """Where its credentials are, and what there is to say of it."""
        ...

    def books(self) -> AbstractContextManager[Books]:
        """Its QuickBooks."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a button is asked to work on: the workbook, and what stands for a file dialog and a selection."""

    book: XlwingsBook
    files: tuple[Path, ...] = ()
    rows: ChosenRows | None = None
    tell: Progressed = silent


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of a press, and how many rows of each sheet changed."""

    button: str
    outcome: Outcome
    changed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Runner:
    """Where presses run: how a workbook's company is opened, who presses, where broken programs leave a trace."""

    open_company: Callable[[str], AbstractContextManager[Opened]]
    clock: Clock
    who: str
    logs: Path

    def run(self, button: str, asked: Asked, work: Callable[[Press], Outcome]) -> Pressed:
        """Press a button. Nothing is raised, whatever happens, but what ends the program."""
        run = _Run(button, asked, self, self.clock.now(), token_hex(4))
        asked.book.tell(f"{button}: reading the workbook")
        try:
            outcome = run.worked(work)
        except Exception as error:
            outcome = run.ended_by(error)
        return run.written(outcome)


class _CanNotBegin(Exception):
    """The press can't begin; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(slots=True)
class _Run:
    button: str
    asked: Asked
    runner: Runner
    started: datetime
    run_id: str
    notices: list[Finding] = field(default_factory=list)

    def worked(self, work: Callable[[Press], Outcome]) -> Outcome:
        """The work of the press, in the company that the workbook is bound to; its log has the last word."""
        book = self.asked.book
        company_id, layout = plain_text(book.cell("CompanyId")), layout_of(book)
        if layout is None or not company_id:
            return refused(say.not_ours(book.name), unreadable=True)
        if layout > load_layout().version:
            return refused(newer_layout(layout))
        with self.runner.open_company(company_id) as opened:
            if layout < load_layout().version:
                self._migrate(layout, opened.company.country)
            try:
                outcome = work(self._press(opened))
            except Exception as error:
                outcome = self.ended_by(error)
            self._ending().log(opened.store, outcome)
        return outcome

    def ended_by(self, error: Exception) -> Outcome:
        """The outcome of a press that an exception ended."""
        if isinstance(error, Stopped):
            return Outcome(Result.STOPPED, "Stopped. What was done is done; press the button again to go on.")
        if isinstance(error, BookBusy):
            return refused(say.busy())
        finding = getattr(error, "finding", None)
        if isinstance(finding, Finding):
            signs_in = getattr(error, "sign_in", False) or getattr(error, "outcome", None) is Answer.SIGN_IN
            return replace(refused(finding), result=Result.SIGN_IN) if signs_in else refused(finding)
        if isinstance(error, FILE_TROUBLE):
            return refused(file_trouble(self.asked.book.path or Path(self.asked.book.name), error))
        self._keep_trace(error)
        return replace(refused(say.broken(error, self.run_id)), result=Result.FAILED)

    def written(self, outcome: Outcome) -> Pressed:
        """Write what the sheets shall say. What can't be written is said; it is written by the next press."""
        outcome = replace(outcome, findings=(*self.notices, *outcome.findings))
        self.asked.book.tell(f"{self.button}: writing the workbook")
        ending = self._ending()
        changed: dict[str, int] = {}
        try:
            outcome = ending.write(outcome, changed)
        except Exception as error:
            why = self.ended_by(error).findings[0]
            worse = outcome.result if outcome.result is not Result.DONE else Result.IN_PART
            outcome = replace(
                outcome,
                result=worse,
                message=f"{outcome.message} The sheets could not be brought up to date. {why.to_do}",
                findings=(*outcome.findings, why),
            )
            with suppress(Exception):
                ending.home(outcome)
        return Pressed(self.button, outcome, changed)

    def _ending(self) -> Ending:
        return Ending(self.asked.book, self.button, self.runner.clock, self.runner.who, self.started, self.run_id)

    def _press(self, opened: Opened) -> Press:
        stop = opened.folder / STOP_FILE
        stop.unlink(missing_ok=True)

        def tell(what: str, done: int, of: int | None) -> None:
            self.asked.tell(what, done, of)
            self.asked.book.tell(what, done, of)
            if stop.exists() or self.asked.book.stop_wanted():
                stop.unlink(missing_ok=True)
                raise Stopped

        return Press(
            name=self.button,
            book=self.asked.book,
            company=opened.company,
            chart=opened.chart,
            store=opened.store,
            clock=opened.clock,
            who=self.runner.who,
            folder=opened.folder,
            open_books=opened.books,
            documents=opened.documents,
            credentials=lambda: opened.vault()[1],
            files=self.asked.files,
            rows=self.asked.rows,
            tell=tell,
        )

    def _migrate(self, layout: int, country: str) -> None:
        """Bring an older workbook up to date, a copy of it made first."""
        book = self.asked.book
        if book.path is None:
            raise _CanNotBegin(say.not_saved())
        copy = back_up(book.path, layout)
        with book.quiet():
            added = add_what_is_missing(book, country)
            with book.unlocked("Settings"):
                book.set_cells({"LayoutVersion": str(load_layout().version)})
        self.notices.append(say.migrated(layout, copy.name, added))

    def _keep_trace(self, error: Exception) -> None:
        log = self.runner.logs / f"{self.started:%Y-%m-%d} {self.run_id}.txt"
        with suppress(OSError):
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
