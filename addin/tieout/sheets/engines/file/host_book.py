"""A closed workbook behind the objects that xlwings sees: changed in memory, replaced whole on saving."""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tieout.sheets.engines import closed_file
from tieout.sheets.engines.addresses import Area, parse_area, quoted_sheet
from tieout.sheets.engines.closed_file import Seen
from tieout.sheets.engines.errors import BookIsOpen, BookUnreadable, NotInThisEngine
from tieout.sheets.engines.file.host_sheet import FileSheet
from tieout.sheets.engines.file.kinds import set_kind
from tieout.sheets.engines.file.names_part import DefinedName
from tieout.sheets.engines.file.sheet_list import add_sheet, copy_sheet, delete_sheet, reorder, unused_sheet_name
from tieout.sheets.engines.file.workbook import SheetEntry, Workbook
from tieout.sheets.engines.hosts import HostSheet

_SELECTION = re.compile(r"<selection\b[^>]*?\ssqref=\"([^\" ]+)")
_NAME = re.compile(r"[^\W\d][\w.\\?]*\Z|\\[\w.]*\Z")


class FileBook:
    """A workbook held in memory."""

    def __init__(self, data: bytes, path: Path | None, read_only: bool = False) -> None:
        """`path` is where the bytes come from, None for a new book."""
        try:
            self.workbook = Workbook(data)
        except BookUnreadable as error:
            raise BookUnreadable(path, error.why) from error
        except (LookupError, ValueError, StopIteration) as error:
            raise BookUnreadable(path, f"its parts don't fit together ({error})") from error
        self._path = path
        self._seen = Seen.of(path, data) if path else None
        self._read_only = read_only
        self._sheets: dict[str, FileSheet] = {}

    @classmethod
    def new(cls) -> "FileBook":
        """A new workbook with one sheet, as openpyxl makes it."""
        from openpyxl import Workbook as OpenpyxlWorkbook

        made = OpenpyxlWorkbook()
        made.worksheets[0].title = "Sheet1"
        data = io.BytesIO()
        made.save(data)
        return cls(data.getvalue(), None)

    @classmethod
    def open(cls, path: Path, read_only: bool) -> "FileBook":
        """Open a workbook.  BookIsOpen where it is open elsewhere, unless it is only to be read."""
        data = closed_file.read(path)
        if not read_only:
            closed_file.check_not_open(path)
        return cls(data, path, read_only)

    @property
    def path(self) -> Path | None:
        """Where it is saved."""
        return self._path

    # Sheets

    def _sheet(self, entry: SheetEntry) -> FileSheet:
        return self._sheets.setdefault(entry.part, FileSheet(self.workbook, entry))

    def sheets(self) -> list[FileSheet]:
        """Its worksheets."""
        return [self._sheet(entry) for entry in self.workbook.sheets]

    @property
    def active(self) -> FileSheet:
        """The sheet in front."""
        return self._sheet(self.workbook.active)

    def activate(self, sheet: HostSheet) -> None:
        """Bring a sheet to the front."""
        entry = self._entry(sheet)
        if entry is not self.workbook.active:
            self.workbook.activate(entry)

    def _entry(self, sheet: HostSheet) -> SheetEntry:
        assert isinstance(sheet, FileSheet)
        return sheet.entry

    def selection(self, sheet: HostSheet) -> Area:
        """What was selected when the book was saved."""
        piece = self.workbook.worksheet(self._entry(sheet)).around.find("sheetViews")
        found = _SELECTION.findall(piece.xml) if piece else []
        return (parse_area(found[-1]) if found else None) or Area(1, 1)

    def _position(self, position: int) -> int:
        """The position among all sheets, chart sheets included, of a position among the worksheets."""
        sheets = self.workbook.sheets
        return self.workbook.entries.index(sheets[position]) if position < len(sheets) else len(self.workbook.entries)

    def add_sheet(self, name: str | None, position: int) -> FileSheet:
        """A new sheet."""
        name = name or unused_sheet_name(self.workbook)
        return self._sheet(add_sheet(self.workbook, name, self._position(position)))

    def copy_sheet(self, sheet: HostSheet, position: int) -> FileSheet:
        """A copy of a sheet."""
        return self._sheet(copy_sheet(self.workbook, self._entry(sheet), self._position(position)))

    def move_sheet(self, sheet: HostSheet, position: int) -> None:
        """Move a sheet before the one that is at a position now."""
        entry, at = self._entry(sheet), self._position(position)
        entries: list[SheetEntry | None] = [*self.workbook.entries]
        entries.insert(at, None)
        entries.remove(entry)
        reorder(self.workbook, [entry if one is None else one for one in entries])

    def delete_sheet(self, sheet: HostSheet) -> None:
        """Delete a sheet."""
        entry = self._entry(sheet)
        delete_sheet(self.workbook, entry)
        self._sheets.pop(entry.part)

    # Names

    def names(self) -> list["FileName"]:
        """Its defined names."""
        return [FileName(self, one) for one in self.workbook.names]

    def add_name(self, name: str, text: str, sheet: HostSheet | None) -> "FileName":
        """Define a name, or give one that is there a new meaning."""
        check_name(name)
        owner = self._entry(sheet).identifier if sheet else None
        for known in self.workbook.names:
            if known.name.lower() == name.lower() and known.sheet == owner:
                known.text = text
                break
        else:
            known = DefinedName(name, text, owner, {})
            self.workbook.names.append(known)
        self.workbook.changed = True
        return FileName(self, known)

    def sheet_of(self, name: DefinedName) -> FileSheet | None:
        """The sheet that a name belongs to."""
        return next((self._sheet(entry) for entry in self.workbook.sheets if entry.identifier == name.sheet), None)

    # The file

    def automatic(self, on: bool) -> None:
        """Nothing: a closed file is calculated when Excel opens it."""

    def calculate(self) -> None:
        """Have Excel calculate everything when it next opens the book."""
        self.workbook.ask_for_calculation()

    def save(self, path: Path | None) -> None:
        """Replace the file, or write another one.  BookIsOpen, BookChanged."""
        target = path or self._path
        assert target is not None
        in_place = self._seen is not None and target == self._seen.path
        if in_place and self._read_only:
            raise BookIsOpen(target, "read-only mode", "Save it under another name, or open it again for writing.")
        closed_file.check_not_open(target)
        if in_place and self._seen is not None:
            self._seen.check_unchanged()
        set_kind(self.workbook, target)
        data = self.workbook.packed()
        closed_file.replace_whole(target, data)
        self.workbook.saved(data)
        self._path, self._seen, self._read_only = target, Seen.of(target, data), False

    def close(self) -> None:
        """Nothing is open on disk."""

    def run(self, macro: str, arguments: Sequence[Any]) -> Any:
        """Macros run in Excel only."""
        raise NotInThisEngine(
            f"The macro {macro} can't be run: a closed workbook runs no VBA. "
            "Open it in Excel, or use the libreoffice engine."
        )

    def to_pdf(self, path: Path, sheet: HostSheet | None) -> None:
        """Printing needs a program that draws."""
        raise NotInThisEngine("A closed workbook can't be printed. Use Excel, or the libreoffice engine.")


class FileName:
    """A defined name of a package."""

    def __init__(self, book: FileBook, name: DefinedName) -> None:
        self._book = book
        self._name = name

    @property
    def name(self) -> str:
        """The name."""
        return self._name.shown

    @property
    def sheet(self) -> FileSheet | None:
        """The sheet that it belongs to."""
        return self._book.sheet_of(self._name)

    @property
    def text(self) -> str:
        """What it refers to."""
        return self._name.text

    def change(self, name: str, text: str) -> None:
        """Give it another name or meaning."""
        if name != self.name:
            check_name(name)
            self._name.name = name
        self._name.text = text
        self._book.workbook.changed = True

    def delete(self) -> None:
        """Take it away."""
        self._book.workbook.names.remove(self._name)
        self._book.workbook.changed = True


def check_name(name: str) -> None:
    """ValueError for what Excel doesn't accept as a name."""
    if not _NAME.match(name) or parse_area(name) or quoted_sheet(name) != name or len(name) > 255:
        raise ValueError(f"{name!r} can't be a name: letters, digits, _ and . only, and not like a cell's address")
