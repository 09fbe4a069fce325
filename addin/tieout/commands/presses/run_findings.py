"""What a person is told when a press could not begin, or its end could not be written."""

from collections.abc import Sequence

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell, Origin
from tieout.sheets.layout import load_layout

_ADDED_TOLD_MAX = 8


def not_ours(name: str) -> Finding:
    """That a workbook was not made by `tieout new`."""
    return Finding(
        code="book-not-ours",
        severity=Severity.REFUSED,
        what=f"{name} is not a workbook of Tieout: its cells CompanyId and LayoutVersion are missing or empty.",
        to_do="Open the workbook that `tieout new` made, or make one: `tieout new BOOK.xlsm --company NAME`.",
        where=Origin(name),
    )


def not_built(sentence: str) -> Finding:
    """That a button is not built yet, and what it will do."""
    return Finding(
        code="button-not-built",
        severity=Severity.REFUSED,
        what=sentence,
        to_do="The guide says what can be pressed now.",
    )


def unknown_button(name: str, known: Sequence[str]) -> Finding:
    """That the ribbon has no button of a name."""
    return Finding(
        code="button-unknown",
        severity=Severity.REFUSED,
        what=f"There is no button {name}.",
        to_do=f"Press one of {', '.join(sorted(known))}.",
    )


def not_saved() -> Finding:
    """That an older workbook can't be copied before it is changed."""
    return Finding(
        code="book-not-saved",
        severity=Severity.REFUSED,
        what="The workbook has an older layout, and stands in no folder of this computer where it could be copied.",
        to_do="Save it in a folder of this computer, and press the button again.",
    )


def migrated(layout: int, copy: str, added: Sequence[str]) -> Finding:
    """That a workbook was brought up to date."""
    more = f", and {len(added) - _ADDED_TOLD_MAX} more" if len(added) > _ADDED_TOLD_MAX else ""
    told = f"added: {', '.join(added[:_ADDED_TOLD_MAX])}{more}" if added else "nothing was missing"
    return Finding(
        code="book-brought-up-to-date",
        severity=Severity.NOTICE,
        what=f"The workbook had layout {layout} and has {load_layout().version} now ({told}).",
        to_do=f"Nothing has to be done. As it was before, it is kept beside it as {copy}.",
        where=Cell("Settings", "A1"),
    )


def busy() -> Finding:
    """That Excel did not let us in."""
    return Finding(
        code="book-busy",
        severity=Severity.BLOCKED,
        what="Excel did not let Tieout read or write the workbook: a cell is being edited, or a box is open.",
        to_do="Leave the cell with Enter, close the box, and press the button again; nothing is done twice.",
    )


def broken(error: Exception, run_id: str) -> Finding:
    """That the program met what it should not have."""
    return Finding(
        code="press-failed",
        severity=Severity.BLOCKED,
        what=f"Something went wrong in Tieout itself: {type(error).__name__}, {str(error).rstrip('.') or '-'}.",
        to_do=f"Press the button again. If it comes back, send the file of run {run_id} in Tieout's folder logs.",
    )
