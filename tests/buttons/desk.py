"""An accountant's desk: a workbook, a practice company with its own books, and buttons to press."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieout.buttons import press_closed
from tieout.commands.practice_books import SEED
from tieout.commands.presses.run import Pressed
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.sheets.book import XlwingsBook
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.port import ReadTable, TableRow

# What a press writes whatever it does: the sheet of presses, and the lines of Home about the last of them.
OF_THE_PRESS = ("Activity", "Home")


@dataclass(frozen=True)
class Desk:
    """A workbook at `book`, its data folder at `home` (which TIEOUT_HOME names), settlement files in `files`."""

    book: Path
    home: Path
    files: Path

    def press(self, button: str, *files: Path, rows: Sequence[str] = ()) -> Pressed:
        """Press a button on the closed workbook."""
        return press_closed(button, self.book, files=files, rows=rows)

    @contextmanager
    def opened(self) -> Iterator[XlwingsBook]:
        """The workbook as a user has it open; what he did is saved."""
        book = open_closed(self.book)
        assert isinstance(book, XlwingsBook), book
        try:
            yield book
            book.save()
        finally:
            close_unsaved(self.book)

    def table(self, name: str) -> ReadTable:
        """A table as it stands in the file."""
        book = open_closed(self.book)
        assert isinstance(book, XlwingsBook), book
        found = book.read(name)
        close_unsaved(self.book)
        assert isinstance(found, ReadTable), found
        return found

    def row(self, table: str, key: str, value: str) -> TableRow:
        """The one row of a table with a value."""
        [row] = [row for row in self.table(table).rows if row.text(key) == value]
        return row

    def states(self) -> dict[str, str]:
        """Where each settlement stands on the sheet."""
        return {row.text("settlement_id"): row.text("state") for row in self.table("Settlements").rows}

    def type(self, table: str, column: str, row: TableRow | int, value: object) -> None:
        """Type something into a cell of a table."""
        with self.opened() as book:
            found = book.read(table)
            assert isinstance(found, ReadTable)
            number = row if isinstance(row, int) else row.number
            sheet = book.xlwings_table(table).parent
            sheet.range(f"{found.columns[column]}{number}").value = value

    def setting(self, key: str, value: object) -> None:
        """Type a setting."""
        self.type("Settings", "value", self.row("Settings", "key", key), value)

    def contents(self) -> dict[str, Any]:
        """Every cell of every sheet but those that each press writes."""
        book = open_closed(self.book)
        assert isinstance(book, XlwingsBook), book
        found = {
            sheet.name: sheet.used_range.formula
            for sheet in book.xlwings_book.sheets
            if sheet.name not in OF_THE_PRESS
        }
        close_unsaved(self.book)
        return found

    @contextmanager
    def quickbooks(self) -> Iterator[PracticeQuickBooks]:
        """The practice company's books, as a person in QuickBooks sees them."""
        [place] = self.home.glob("companies/*/practice/quickbooks.sqlite3")
        with PracticeQuickBooks(state=place, seed=SEED) as books:
            yield books

    def journals(self) -> list[dict[str, Any]]:
        """The journals in QuickBooks."""
        with self.quickbooks() as books:
            return books.transactions("JournalEntry")
