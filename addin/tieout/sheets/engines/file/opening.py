"""The file engine's way to books."""

from pathlib import Path

from tieout.sheets.engines.file.host_book import FileBook


class FileOpener:
    """Opens closed workbooks; there is no process behind it."""

    pid = None

    def new(self) -> FileBook:
        """A new empty book."""
        return FileBook.new()

    def open(self, path: Path, read_only: bool) -> FileBook:
        """Open a book."""
        return FileBook.open(path, read_only)

    def quit(self) -> None:
        """Nothing was started."""
