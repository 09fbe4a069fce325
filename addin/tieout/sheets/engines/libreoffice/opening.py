"""The LibreOffice engine's way to books: one LibreOffice for each app."""

from pathlib import Path

from tieout.sheets.engines import closed_file
from tieout.sheets.engines.libreoffice.bridge import program, uno
from tieout.sheets.engines.libreoffice.host_book import OfficeBook
from tieout.sheets.engines.libreoffice.process import OfficeProcess


def check_installed() -> None:
    """Raises LibreOfficeMissing where LibreOffice or its bridge is not on this machine."""
    uno()
    program()


class OfficeOpener:
    """Starts LibreOffice with the app, and opens copies of workbooks in it."""

    def __init__(self) -> None:
        self._process = OfficeProcess()

    @property
    def pid(self) -> int:
        """LibreOffice's process."""
        return self._process.pid

    def new(self) -> OfficeBook:
        """A new empty book."""
        return OfficeBook(self._process, None, None)

    def open(self, path: Path, read_only: bool) -> OfficeBook:
        """Open a copy of a book.  BookIsOpen where it is open elsewhere, unless it is only to be read."""
        data = closed_file.read(path)
        if not read_only:
            closed_file.check_not_open(path)
        return OfficeBook(self._process, path, data, read_only)

    def quit(self) -> None:
        """End LibreOffice."""
        self._process.end()
