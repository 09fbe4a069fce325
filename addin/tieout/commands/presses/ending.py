"""The end of a press: the sheets, Home, Activity, and the company's own log."""

from dataclasses import dataclass, replace
from datetime import datetime

import tieout
from tieout.commands.presses.press import Outcome, PressStore, Result
from tieout.domain.activity import Activity
from tieout.domain.finding import Finding
from tieout.limits import ACTIVITY_ROWS_SHOWN_MAX
from tieout.ports import Clock
from tieout.sheets.book import XlwingsBook
from tieout.sheets.port import CellValue, Gone, Refresh, plain_text

READY, SIGN_IN_AGAIN = "Ready", "Sign in again"


@dataclass(frozen=True, slots=True)
class Ending:
    """What a press ends with. `run_id` names it on Activity, in the log and in the file of a broken program."""

    book: XlwingsBook
    button: str
    clock: Clock
    who: str
    started: datetime
    run_id: str

    def log(self, store: PressStore, outcome: Outcome) -> None:
        """Into the company's log, which is only ever added to."""
        store.activity.append(
            Activity(
                at=self.clock.now(),
                who=self.who,
                what=f"pressed {self.button}",
                subject=self.book.name,
                after=f"{outcome.result}: {outcome.message} [run {self.run_id}]",
            )
        )

    def write(self, outcome: Outcome, changed: dict[str, int]) -> Outcome:
        """Everything at once; `changed` takes down how many rows of each sheet did. The outcome, with what was found.

        BookBusy and what the engine raises where the workbook can't be written.
        """
        with self.book.quiet():
            outcome = self._sheets(outcome, changed)
            self.book.refresh(self._activity(outcome))
            self.home(outcome)
            self.book.calculate()
        return outcome

    def _sheets(self, outcome: Outcome, changed: dict[str, int]) -> Outcome:
        problems: list[Finding] = []
        for wanted in outcome.refreshes:
            done = self.book.refresh(wanted)
            if done.changed:
                changed[done.sheet] = changed.get(done.sheet, 0) + done.changed
            problems += [finding for finding in done.findings if finding not in outcome.findings]
        self._cells(outcome)
        if not problems:
            return outcome
        worse = outcome.result is Result.DONE and any(finding.stops for finding in problems)
        return replace(
            outcome,
            result=Result.IN_PART if worse else outcome.result,
            findings=(*outcome.findings, *dict.fromkeys(problems)),
        )

    def _cells(self, outcome: Outcome) -> None:
        """Named cells, where they say something else; those of Settings that are locked are opened for it."""
        cells = dict(outcome.cells)
        if outcome.result is not Result.REFUSED:
            cells["TieoutVersion"] = tieout.__version__
        wanted = {name: value for name, value in cells.items() if plain_text(self.book.cell(name)) != _told(value)}
        if wanted:
            with self.book.unlocked("Settings"):
                self.book.set_cells(wanted)

    def _activity(self, outcome: Outcome) -> Refresh:
        ended = self.clock.now()
        first = next((finding for finding in outcome.findings if finding.stops), None)
        row: dict[str, CellValue] = {
            "at": ended,
            "button": self.button,
            "outcome": str(outcome.result),
            "sentence": outcome.message,
            "count": outcome.count,
            "seconds": round((ended - self.started).total_seconds()),
            "who": self.who.partition("@")[0],
            "run_id": self.run_id,
            "detail": str(first) if first is not None else "",
        }
        return Refresh("Activity", [row], Gone.KEPT, newest_first=True, rows_max=ACTIVITY_ROWS_SHOWN_MAX)

    def home(self, outcome: Outcome) -> None:
        """What came of the press, on Home."""
        cells: dict[str, CellValue] = {
            "TieoutStatus": READY,
            "TieoutProgress": None,
            "LastButton": self.button,
            "LastAt": self.clock.now(),
            "LastOutcome": str(outcome.result),
            "LastSentence": outcome.message,
        }
        if outcome.result is Result.SIGN_IN and outcome.cells.get("QuickBooksState") is None:
            cells["QuickBooksState"] = SIGN_IN_AGAIN
        self.book.set_cells(cells)


def _told(value: CellValue) -> str:
    return "" if value is None else value if isinstance(value, str) else "\0"
