"""What an engine says when it can't go on: who is told, which file, and what to do."""

from pathlib import Path


class BookIsOpen(Exception):
    """The workbook is open in another program, so that replacing it would lose that program's changes.

    `path` is the workbook.  The message names the program or person where the lock file tells it.
    """

    def __init__(self, path: Path, holder: str, remedy: str) -> None:
        self.path = path
        super().__init__(f"{path.name} is open in {holder}. {remedy}")


class BookChanged(Exception):
    """The workbook on disk is no longer the one that was opened; saving would undo someone's work.

    `path` is the workbook.
    """

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        super().__init__(
            f"{path.name} {what} since it was opened, so it was not saved. "
            "Open it again and repeat the step, or save under another name."
        )


class BookUnreadable(Exception):
    """The file is not a workbook that this engine can open, and why; `path` is None where a part of it is meant."""

    def __init__(self, path: Path | None, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path.name if path else 'The workbook'} can't be opened: {why}")


class CellsProtected(Exception):
    """A write to locked cells of a protected sheet, which Excel refuses as well."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} is on a protected sheet and locked. Unprotect the sheet first (sheet.api.Unprotect()), "
            "or unlock the cells in the workbook's design."
        )


class NotInThisEngine(NotImplementedError, AttributeError):
    """Something that xlwings has and this engine has not; the sentence says where it can be done.

    Both a NotImplementedError, as xlwings raises it, and an AttributeError, so that `hasattr` answers no.
    """


class LibreOfficeMissing(Exception):
    """LibreOffice, or its Python bridge, is not on this machine or did not start in time."""
