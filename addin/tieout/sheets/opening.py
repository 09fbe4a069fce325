"""Opening a closed workbook, and what its file says when it can't be opened, written or is none of ours."""

from pathlib import Path
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.sheets.book import XlwingsBook
from tieout.sheets.engines.errors import BookChanged, BookIsOpen, BookUnreadable

FILE_TROUBLE = (BookIsOpen, BookChanged, BookUnreadable, OSError)


def open_closed(path: Path) -> XlwingsBook | Finding:
    """A closed workbook on our file engine; the finding if it can't be opened."""
    from tieout.sheets.engines import open_file_book

    try:
        book = open_file_book(path)
    except FILE_TROUBLE as trouble:
        return file_trouble(path, trouble)
    return XlwingsBook(book, is_live=False)


def close_unsaved(path: Path) -> None:
    """Let go of a closed workbook that was opened; what was not saved is forgotten."""
    import xlwings

    for app in xlwings.engines["file"].apps if "file" in xlwings.engines.engines_by_name else ():
        for book in app.books:
            if Path(book.fullname) == path.resolve():
                book.close()


def file_trouble(path: Path, trouble: Exception) -> Finding:
    """What a person can do about a workbook's file, or about another file that the work needed."""
    if isinstance(trouble, OSError) and _is_another(path, trouble):
        return _another_file(trouble)
    where = Origin(path.name)
    if isinstance(trouble, FileNotFoundError):
        return Finding(
            code="book-not-found",
            severity=Severity.REFUSED,
            what=f"There is no workbook {path}.",
            to_do="Check its name; `tieout new BOOK.xlsm --company NAME` makes one.",
            where=where,
        )
    if isinstance(trouble, BookIsOpen):
        return Finding(
            code="book-is-open",
            severity=Severity.REFUSED,
            what=f"{path.name} is open in another program, so it was not written.",
            to_do=_sentences_after_first(trouble),
            where=where,
        )
    if isinstance(trouble, BookChanged):
        return Finding(
            code="book-changed-meanwhile",
            severity=Severity.BLOCKED,
            what=f"{path.name} was changed by another program during the press, so it was not written.",
            to_do="Press the button again: nothing that was done is lost, and nothing is done twice.",
            where=where,
        )
    reason = trouble.strerror or type(trouble).__name__ if isinstance(trouble, OSError) else str(trouble)
    return Finding(
        code="book-unreadable",
        severity=Severity.REFUSED,
        what=f"The workbook {path.name} can't be opened or written: {reason.rstrip('.')}.",
        to_do="Open it in Excel and save it as Excel Macro-Enabled Workbook (.xlsm), or make a new one.",
        where=where,
    )


def _is_another(path: Path, trouble: OSError) -> bool:
    """Whether an error names a file that is neither the workbook nor, where it is written anew, one beside it."""
    if not isinstance(trouble.filename, str | Path):
        return False
    named = Path(trouble.filename)
    if isinstance(trouble, FileNotFoundError):
        return named.name != path.name
    return named.absolute().parent != path.absolute().parent


def _another_file(trouble: OSError) -> Finding:
    named = Path(str(trouble.filename))
    return Finding(
        code="file-in-the-way",
        severity=Severity.REFUSED,
        what=f"The file {named} can't be read or written: {trouble.strerror or type(trouble).__name__}.",
        to_do="Put that right and press the button again: what was done is kept, and nothing is done twice.",
        where=Origin(named.name),
    )


def _sentences_after_first(trouble: Exception) -> str:
    _, _, rest = str(trouble).partition(". ")
    return rest or "Close it there, and press the button again."


def excel_book() -> Any:
    """The workbook from which Excel called."""
    import xlwings

    return xlwings.Book.caller()
