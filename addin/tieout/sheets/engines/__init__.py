"""Engines of our own for xlwings: the same scripts without Excel.

`activate("file")` makes `xw.Book("Book.xlsm")` work on closed files (no Excel, no LibreOffice, any system), and
`activate("libreoffice")` on a living LibreOffice that recalculates and runs macros.  What each does and how it
differs from Excel: docs/engines.md.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tieout.sheets.engines.errors import (
    BookChanged,
    BookIsOpen,
    BookUnreadable,
    CellsProtected,
    LibreOfficeMissing,
    NotInThisEngine,
)
from tieout.sheets.engines.values import CellError, FormulaWithResult

if TYPE_CHECKING:
    import xlwings as xw

__all__ = [
    "BookChanged",
    "BookIsOpen",
    "BookUnreadable",
    "CellError",
    "CellsProtected",
    "FormulaWithResult",
    "LibreOfficeMissing",
    "NotInThisEngine",
    "activate",
    "open_file_book",
]

EngineKind = Literal["file", "libreoffice"]


def activate(kind: EngineKind) -> None:
    """Make an engine of ours the one that `xw.Book(…)`, `xw.App()` and `xw.books` use.

    Raises LibreOfficeMissing where LibreOffice or its Python bridge is not on this machine.
    """
    _registered(kind).activate()


def open_file_book(path: str | Path) -> "xw.Book":
    """Open a closed workbook on the file engine, whichever engine is active.

    Returns the book that is open already where it is.  Raises FileNotFoundError, BookIsOpen, BookUnreadable.
    Books of the same name in other folders can be open at the same time.
    """
    import xlwings

    engine = _registered("file")
    path = Path(path).resolve()
    for app in engine.apps:
        same_name = [book for book in app.books if book.name.lower() == path.name.lower()]
        if any(Path(book.fullname) == path for book in same_name):
            return xlwings.Book(impl=same_name[0].impl)
        if not same_name:
            break
    else:  # an app holds one book of a name, as Excel does
        app = engine.apps.add(add_book=False)
    return xlwings.Book(impl=app.books.open(path).impl)


def _registered(kind: EngineKind) -> Any:
    """xlwings' Engine of this kind, registered once a process."""
    import xlwings

    if kind in xlwings.engines.engines_by_name:
        return xlwings.engines[kind]
    from tieout.sheets.engines.surface.app import Engine

    if kind == "file":
        from tieout.sheets.engines.file.opening import FileOpener

        engine = Engine("file", FileOpener)
    elif kind == "libreoffice":
        from tieout.sheets.engines.libreoffice.opening import OfficeOpener, check_installed

        check_installed()
        engine = Engine("libreoffice", OfficeOpener)
    else:
        raise ValueError(f"there is no engine {kind!r}: file, libreoffice")
    xlwings.engines.add(xlwings.Engine(impl=engine))
    return xlwings.engines[kind]
