"""A sheet of LibreOffice, as the objects that xlwings sees need it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import COLUMNS_MAX, ROWS_MAX, Area, spanning
from tieout.sheets.engines.errors import CellsProtected, NotInThisEngine
from tieout.sheets.engines.file.formulas import translated
from tieout.sheets.engines.file.reading import entry as entry_text
from tieout.sheets.engines.hosts import HostSheet, Look, Measure
from tieout.sheets.engines.libreoffice import looks
from tieout.sheets.engines.libreoffice.bridge import enum, struct
from tieout.sheets.engines.libreoffice.contents import ALL_CONTENTS, Contents, area_of
from tieout.sheets.engines.libreoffice.formula_text import from_office, to_office
from tieout.sheets.engines.libreoffice.host_table import OfficeTable
from tieout.sheets.engines.values import to_serial

if TYPE_CHECKING:
    from tieout.sheets.engines.libreoffice.host_book import OfficeBook

_FORMATS = 32 | 64  # com.sun.star.sheet.CellFlags: HARDATTR, STYLES


class OfficeSheet:
    """A worksheet of a document."""

    def __init__(self, book: "OfficeBook", name: str) -> None:
        self.book = book
        self._name = name
        self.contents = Contents(book.document, lambda: self.uno)

    @property
    def uno(self) -> Any:
        """LibreOffice's object, a new one each time: an old one moves along when cells are inserted or deleted."""
        return self.book.document.Sheets.getByName(self._name)

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    def rename(self, name: str) -> None:
        """Give it another name; LibreOffice changes formulas itself."""
        if any(other is not self and other.name.lower() == name.lower() for other in self.book.sheets()):
            raise ValueError(f"Sheet named '{name}' already present in workbook")
        self.uno.Name = name
        self._name = name

    @property
    def is_visible(self) -> bool:
        """Whether its tab is shown."""
        return bool(self.uno.IsVisible)

    def show(self, visible: bool) -> None:
        """Show or hide it."""
        self.uno.IsVisible = visible

    @property
    def is_protected(self) -> bool:
        """Whether locked cells refuse changes."""
        return bool(self.uno.isProtected())

    def protect(self, on: bool, password: str | None) -> None:
        """Protect it or lift the protection."""
        if on:
            self.uno.protect(password or "")
        else:
            self.uno.unprotect(password or "")

    def _check(self, area: Area) -> None:
        if self.is_protected and looks.look(self.contents, area, "locked") is not False:
            raise CellsProtected(f"{area} in {self.name}")

    # Contents

    def used(self) -> Area | None:
        """The area that holds all contents."""
        cells = self.uno.getCellRangeByPosition(0, 0, self.uno.Columns.Count - 1, self.uno.Rows.Count - 1)
        parts = [area_of(address) for address in cells.queryContentCells(ALL_CONTENTS).getRangeAddresses()]
        found = parts[0] if parts else None
        for part in parts[1:]:
            found = spanning(found, part) if found else part
        return found

    def filled(self, area: Area) -> list[list[bool]]:
        """Which cells hold something."""
        return self.contents.filled(area)

    def values(self, area: Area) -> list[list[Any]]:
        """The values of cells."""
        return self.contents.values(area)

    def write(self, area: Area, rows: Sequence[Sequence[Any]]) -> None:
        """Write a block."""
        self._check(area)
        self.contents.write(area, rows, self._table_name(area))

    def _table_name(self, area: Area) -> str | None:
        first = Area(area.row, area.column)
        return next((table.name for table in self.tables() if table.area.holds(first)), None)

    def fill(self, area: Area, value: Any) -> None:
        """Write one value everywhere; a formula's relative references move along."""
        across, down = range(area.column, area.last_column + 1), range(area.row, area.last_row + 1)
        if isinstance(value, str) and value.startswith("="):
            origin = area.row, area.column
            rows = [[translated(value, origin, (row, column)) for column in across] for row in down]
        else:
            rows = [[value for _ in across] for _ in down]
        self.write(area, rows)

    def entries(self, area: Area) -> list[list[str]]:
        """Formulas and constants as text."""
        formulas, date1904 = self.contents.formula_cells(area), self.contents.date1904
        found = []
        for row, values in enumerate(self.values(area), area.row):
            line = []
            for column, value in enumerate(values, area.column):
                if (row, column) in formulas:
                    line.append(from_office(self.contents.cell(row, column).Formula))
                else:
                    line.append(entry_text(value, lambda day: to_serial(day, date1904)))
            found.append(line)
        return found

    def array_formula(self, area: Area) -> str | None:
        """The array formula that the first cell belongs to."""
        formula = self.contents.range(Area(area.row, area.column)).getArrayFormula()
        return from_office(formula) if formula else None

    def write_array(self, area: Area, formula: str) -> None:
        """Make the area one array formula."""
        self._check(area)
        self.contents.range(area).setArrayFormula(to_office(formula))

    def clear(self, area: Area, contents: bool, formats: bool) -> None:
        """Empty cells, take their formats away, or both."""
        self._check(area)
        self.contents.range(area).clearContents((ALL_CONTENTS if contents else 0) | (_FORMATS if formats else 0))

    def copy_cells(self, source: HostSheet, origin: Area, area: Area, what: str) -> None:
        """Copy cells of a sheet of the same book here."""
        if not isinstance(source, OfficeSheet) or source.book is not self.book:
            raise ValueError("Cells can only be copied within a workbook")
        self._check(area)
        if what == "all":
            to = self.contents.cell(area.row, area.column).getCellAddress()
            self.uno.copyRange(to, source.contents.range(origin).getRangeAddress())
            return
        rows = source.entries(origin) if what == "formulas" else source.values(origin)
        self.write(area, rows)

    # Looks

    def look(self, area: Area, what: Look) -> Any:
        """A look that all cells share."""
        return looks.look(self.contents, area, what)

    def set_look(self, area: Area, what: Look, value: Any) -> None:
        """Give all cells a look."""
        self._check(area)
        looks.set_look(self.contents, area, what, value)

    def measure(self, area: Area, what: Measure) -> Any:
        """A measure that all rows or columns share."""
        return looks.measure(self.contents, area, what)

    def set_measure(self, area: Area, what: Measure, value: Any) -> None:
        """Give all rows or columns a measure."""
        looks.set_measure(self.contents, area, what, value)

    def autofit(self, area: Area, rows: bool, columns: bool) -> None:
        """Make rows as high and columns as wide as what they show."""
        cells = self.contents.range(area)
        if columns:
            cells.Columns.OptimalWidth = True
        if rows:
            cells.Rows.OptimalHeight = True

    def place(self, area: Area) -> tuple[float, float, float, float]:
        """Left, top, width and height in points."""
        return looks.place(self.contents, area)

    # Structure

    def merged(self) -> list[Area]:
        """The merged areas."""
        parts = self.uno.getCellFormatRanges()
        found = []
        for number in range(parts.Count):
            part = parts.getByIndex(number)
            if part.getIsMerged():
                cursor = self.uno.createCursorByRange(part)
                cursor.collapseToMergedArea()
                found.append(area_of(cursor.getRangeAddress()))
        return found

    def merge(self, areas: Sequence[Area]) -> None:
        """Merge each of these areas; the contents of the first cell stay."""
        for area in areas:
            self._check(area)
            cells = self.contents.range(area)
            for old in self.merged():
                if old.meets(area):
                    self.unmerge(old)
            first = self.entries(Area(area.row, area.column))
            cells.clearContents(ALL_CONTENTS)
            self.write(Area(area.row, area.column), first)
            cells.merge(True)

    def unmerge(self, area: Area) -> None:
        """Take apart what is merged in the area."""
        self.contents.range(area).merge(False)

    def shift(self, area: Area, inserts: bool, vertical: bool) -> None:
        """Insert or delete cells."""
        self._check(area)
        address = self.contents.range(area).getRangeAddress()
        if area.columns == COLUMNS_MAX or area.rows == ROWS_MAX:
            mode = "ROWS" if vertical else "COLUMNS"
        elif inserts:
            mode = "DOWN" if vertical else "RIGHT"
        else:
            mode = "UP" if vertical else "LEFT"
        if inserts:
            self.uno.insertCells(address, enum("sheet.CellInsertMode", mode))
        else:
            self.uno.removeRange(address, enum("sheet.CellDeleteMode", mode))

    def link(self, area: Area) -> str | None:
        """The hyperlink of a cell."""
        fields = self.contents.cell(area.row, area.column).getTextFields()
        return str(fields.getByIndex(0).URL) if fields.Count else None

    def add_link(self, area: Area, address: str, text: str, tip: str | None) -> None:
        """Link a cell and show a text in it; LibreOffice has no tips for them."""
        self._check(area)
        cell = self.contents.cell(area.row, area.column)
        cell.setString("")
        field = self.book.document.createInstance("com.sun.star.text.TextField.URL")
        field.URL, field.Representation = address, text
        cell.insertTextContent(cell.createTextCursor(), field, False)

    def notes(self) -> dict[tuple[int, int], tuple[str, str]]:
        """By row and column: text and author."""
        notes = self.uno.Annotations
        found = {}
        for number in range(notes.Count):
            note = notes.getByIndex(number)
            found[note.Position.Row + 1, note.Position.Column + 1] = str(note.String), str(note.Author)
        return found

    def set_note(self, row: int, column: int, text: str | None) -> None:
        """Set a cell's note, or take it away."""
        notes = self.uno.Annotations
        positions = [notes.getByIndex(number).Position for number in range(notes.Count)]
        places = [(position.Row + 1, position.Column + 1) for position in positions]
        if (row, column) in places:
            notes.removeByIndex(places.index((row, column)))
        if text is not None:
            index = self.uno.RangeAddress.Sheet
            notes.insertNew(struct("table.CellAddress", Sheet=index, Row=row - 1, Column=column - 1), text)

    def print_area(self) -> Area | None:
        """The cells that are printed."""
        areas = self.uno.getPrintAreas()
        return area_of(areas[0]) if areas else None

    def set_print_area(self, area: Area | None) -> None:
        """Print these cells only, or all."""
        self.uno.setPrintAreas((self.contents.range(area).getRangeAddress(),) if area else ())

    def tables(self) -> list[OfficeTable]:
        """Its tables."""
        ranges, index = self.book.document.DatabaseRanges, self.uno.RangeAddress.Sheet
        names = [name for name in ranges.ElementNames if ranges.getByName(name).DataArea.Sheet == index]
        return [OfficeTable(self.contents, name) for name in names]

    def add_table(self, area: Area, name: str | None, style: str | None, has_headers: bool) -> OfficeTable:
        """Make a table of an area; a style can't be given to it."""
        if not has_headers:
            raise NotInThisEngine("In LibreOffice a table needs its header row to be there.")
        if any(table.area.meets(area) for table in self.tables()):
            raise ValueError(f"a table can't overlap another: {area}")
        ranges = self.book.document.DatabaseRanges
        taken = {known.lower() for known in ranges.ElementNames}
        name = name or next(n for k in range(1, len(taken) + 2) if (n := f"Table{k}").lower() not in taken)
        if name.lower() in taken:
            raise ValueError(f"the name {name} is taken in this workbook")
        if area.rows == 1:
            area = Area(area.row, area.column, 2, area.columns)
        ranges.addNewByName(name, self.contents.range(area).getRangeAddress())
        made = ranges.getByName(name)
        made.ContainsHeader = made.AutoFilter = True
        table = OfficeTable(self.contents, name)
        table.name_headers()
        return table
