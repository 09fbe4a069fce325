"""The workbook that a company was last posted or proved from: its settings and mappings are the ones in force.

`tieout export` works with a copy of it, so that what is exported without Excel is what the button Export would give.
"""

from pathlib import Path

from tieout.commands.presses.press import Press, Remembered
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity

_NAME = "last-book"


def note_book(press: Press) -> None:
    """Remember the workbook of a press."""
    path = press.book.path
    if path is not None and str(path) != press.store.settings.get(_NAME):
        press.store.settings.put(_NAME, str(path))


def last_book(settings: Remembered) -> Path | None:
    """The workbook, where it still is on this computer."""
    text = settings.get(_NAME)
    path = Path(text)
    return path if text and path.is_file() else None


def no_book(company: Company) -> Finding:
    """That there is no workbook to take settings and mappings from."""
    return Finding(
        code="export-without-workbook",
        severity=Severity.NOTICE,
        what=(
            f"No workbook of {company.name} is on this computer, so settings and fee mappings are the ones of a new"
            " one: what was posted otherwise is shown as not posted."
        ),
        to_do="Press any button of Prove in the workbook once, on this computer; then run the command again.",
        subject=company.name,
    )
