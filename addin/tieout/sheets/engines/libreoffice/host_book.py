"""A workbook that is open in LibreOffice: a copy, saved back over the original as a whole."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tieout.limits import OFFICE_WORK_SECONDS_MAX
from tieout.sheets.engines import closed_file
from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.closed_file import Seen
from tieout.sheets.engines.errors import BookIsOpen, BookUnreadable, NotInThisEngine
from tieout.sheets.engines.hosts import HostSheet
from tieout.sheets.engines.libreoffice.bridge import properties, struct, uno, url
from tieout.sheets.engines.libreoffice.formula_text import from_office, to_office
from tieout.sheets.engines.libreoffice.host_sheet import OfficeSheet
from tieout.sheets.engines.libreoffice.macros import run_macro
from tieout.sheets.engines.libreoffice.process import OfficeProcess

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".ods": "calc8"}
_RUN_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN; only copies in a profile of its own


class OfficeBook:
    """A document of LibreOffice."""

    _copies = itertools.count(1)

    def __init__(
        self, process: OfficeProcess, path: Path | None, data: bytes | None, read_only: bool = False
    ) -> None:
        """`data` are the bytes at `path`; both None for a new book."""
        self._process = process
        self._path = path
        self._seen = Seen.of(path, data) if path and data is not None else None
        self._read_only = read_only
        self._sheets: list[OfficeSheet] = []
        self._folder = process.folder / f"book{next(OfficeBook._copies)}"
        self._folder.mkdir()
        address = "private:factory/scalc"
        if path is not None and data is not None:
            copy = self._folder / path.name
            copy.write_bytes(data)
            address = url(copy)
        options = properties(Hidden=True, MacroExecutionMode=_RUN_MACROS)
        with process.within(OFFICE_WORK_SECONDS_MAX, "opening"):
            self.document: Any = process.desktop.loadComponentFromURL(address, "_blank", 0, options)
        if self.document is None or not self.document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            raise BookUnreadable(path, "LibreOffice does not know it as a workbook")

    @property
    def path(self) -> Path | None:
        """Where it is saved."""
        return self._path

    # Sheets

    def sheets(self) -> list[OfficeSheet]:
        """Its worksheets."""
        known = {sheet.name: sheet for sheet in self._sheets}
        self._sheets = [known.get(name) or OfficeSheet(self, name) for name in self.document.Sheets.ElementNames]
        return self._sheets

    @property
    def active(self) -> OfficeSheet:
        """The sheet in front."""
        name = self.document.CurrentController.ActiveSheet.Name
        return next(sheet for sheet in self.sheets() if sheet.name == name)

    def activate(self, sheet: HostSheet) -> None:
        """Bring a sheet to the front."""
        self.document.CurrentController.setActiveSheet(self._uno(sheet))

    def _uno(self, sheet: HostSheet) -> Any:
        assert isinstance(sheet, OfficeSheet)
        return sheet.uno

    def selection(self, sheet: HostSheet) -> Area:
        """The first cell: a copy that no one looks at has no selection of its own."""
        return Area(1, 1)

    def add_sheet(self, name: str | None, position: int) -> OfficeSheet:
        """A new sheet."""
        taken = {sheet.name.lower() for sheet in self.sheets()}
        name = name or next(n for k in range(1, len(taken) + 2) if (n := f"Sheet{k}").lower() not in taken)
        self.document.Sheets.insertNewByName(name, position)
        return self.sheets()[position]

    def copy_sheet(self, sheet: HostSheet, position: int) -> OfficeSheet:
        """A copy of a sheet."""
        taken = {one.name.lower() for one in self.sheets()}
        name = next(n for k in range(2, len(taken) + 3) if (n := f"{sheet.name} ({k})").lower() not in taken)
        self.document.Sheets.copyByName(sheet.name, name, position)
        return self.sheets()[position]

    def move_sheet(self, sheet: HostSheet, position: int) -> None:
        """Move a sheet before the one that is at a position now."""
        self.document.Sheets.moveByName(sheet.name, position)

    def delete_sheet(self, sheet: HostSheet) -> None:
        """Delete a sheet."""
        if not any(other.is_visible for other in self.sheets() if other is not sheet):
            raise ValueError("A workbook must contain at least one visible worksheet")
        self.document.Sheets.removeByName(sheet.name)

    # Names

    def names(self) -> list["OfficeName"]:
        """Its defined names."""
        found = [OfficeName(self, None, name) for name in self.document.NamedRanges.ElementNames]
        for sheet in self.sheets():
            found += [OfficeName(self, sheet, name) for name in sheet.uno.NamedRanges.ElementNames]
        return found

    def add_name(self, name: str, text: str, sheet: HostSheet | None) -> "OfficeName":
        """Define a name, or give one that is there a new meaning."""
        owner = next((one for one in self.sheets() if one is sheet), None)
        made = OfficeName(self, owner, name)
        made.change(name, text)
        return made

    # The file

    def automatic(self, on: bool) -> None:
        """Calculate at every change, or only when asked."""
        if not on:
            self.document.calculate()  # or what was not looked at yet would have no result
        self.document.enableAutomaticCalculation(on)

    def calculate(self) -> None:
        """Calculate all formulas now."""
        with self._process.within(OFFICE_WORK_SECONDS_MAX, "calculating"):
            self.document.calculateAll()

    def save(self, path: Path | None) -> None:
        """Replace the file, or write another one.  BookIsOpen, BookChanged."""
        target = path or self._path
        assert target is not None
        if target.suffix.lower() not in _FILTERS:
            raise NotInThisEngine(f"{target.name}: only {', '.join(_FILTERS)} can be written through LibreOffice.")
        in_place = self._seen is not None and target == self._seen.path
        if in_place and self._read_only:
            raise BookIsOpen(target, "read-only mode", "Save it under another name, or open it again for writing.")
        closed_file.check_not_open(target)
        if in_place and self._seen is not None:
            self._seen.check_unchanged()
        stored = self._folder / f"stored{target.suffix.lower()}"
        self._store(stored, FilterName=_FILTERS[target.suffix.lower()])
        data = stored.read_bytes()
        stored.unlink()
        closed_file.replace_whole(target, data)
        self._path, self._seen, self._read_only = target, Seen.of(target, data), False

    def _store(self, path: Path, **options: Any) -> None:
        with self._process.within(OFFICE_WORK_SECONDS_MAX, "saving"):
            self.document.storeToURL(url(path), properties(**options))

    def close(self) -> None:
        """Close it without saving."""
        with self._process.within(OFFICE_WORK_SECONDS_MAX, "closing"):
            self.document.close(True)

    def run(self, macro: str, arguments: Sequence[Any]) -> Any:
        """Run a macro of the book's VBA project (`Module.Sub`, or a `Sub` alone)."""
        with self._process.within(OFFICE_WORK_SECONDS_MAX, f"the macro {macro}"):
            return run_macro(self.document, macro, arguments)

    def to_pdf(self, path: Path, sheet: HostSheet | None) -> None:
        """Print the visible sheets, or one sheet, to a PDF file."""
        options: dict[str, Any] = {"FilterName": "calc_pdf_Export"}
        if sheet is not None:
            used = sheet.print_area() or sheet.used() or Area(1, 1)
            assert isinstance(sheet, OfficeSheet)
            chosen = properties(Selection=sheet.contents.range(used))
            options["FilterData"] = uno().Any("[]com.sun.star.beans.PropertyValue", chosen)
        self._store(path, **options)


class OfficeName:
    """A defined name of a document."""

    def __init__(self, book: OfficeBook, sheet: OfficeSheet | None, name: str) -> None:
        self._book = book
        self._sheet = sheet
        self._name = name

    @property
    def _names(self) -> Any:
        return self._sheet.uno.NamedRanges if self._sheet else self._book.document.NamedRanges

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    @property
    def sheet(self) -> OfficeSheet | None:
        """The sheet that it belongs to."""
        return self._sheet

    @property
    def text(self) -> str:
        """What it refers to."""
        return from_office("=" + self._names.getByName(self._name).Content).removeprefix("=")

    def change(self, name: str, text: str) -> None:
        """Give it another name or meaning."""
        names = self._names
        for old in {self._name, name}:
            if names.hasByName(old):
                names.removeByName(old)
        content = to_office("=" + text).removeprefix("=")
        names.addNewByName(name, content, struct("table.CellAddress"), 0)
        self._name = name

    def delete(self) -> None:
        """Take it away."""
        self._names.removeByName(self._name)
