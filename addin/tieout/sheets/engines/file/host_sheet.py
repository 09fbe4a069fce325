"""A sheet of a closed workbook, as the objects that xlwings sees need it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area, area_name, parse_area, quoted_sheet, split_sheet
from tieout.sheets.engines.file import links, looks, measures
from tieout.sheets.engines.file.arrays import write_array
from tieout.sheets.engines.file.copying import copy_cells
from tieout.sheets.engines.file.formulas import from_file
from tieout.sheets.engines.file.host_table import FileTable
from tieout.sheets.engines.file.names_part import PRINT_AREA, DefinedName
from tieout.sheets.engines.file.protection import protect
from tieout.sheets.engines.file.reading import entry as entry_text
from tieout.sheets.engines.file.sheet_list import rename_sheet, set_state
from tieout.sheets.engines.file.sheet_tables import new_table
from tieout.sheets.engines.file.shifting import Shift, shift_cells
from tieout.sheets.engines.hosts import HostSheet, Look, Measure
from tieout.sheets.engines.values import to_serial

if TYPE_CHECKING:
    from tieout.sheets.engines.file.workbook import SheetEntry, Workbook
    from tieout.sheets.engines.file.worksheet import Worksheet


class FileSheet:
    """A worksheet of a package."""

    def __init__(self, workbook: "Workbook", entry: "SheetEntry") -> None:
        self.workbook = workbook
        self.entry = entry

    @property
    def worksheet(self) -> "Worksheet":
        """The part with its cells."""
        return self.workbook.worksheet(self.entry)

    @property
    def name(self) -> str:
        """Its name."""
        return self.entry.name

    def rename(self, name: str) -> None:
        """Give it another name, also in formulas."""
        rename_sheet(self.workbook, self.entry, name)

    @property
    def is_visible(self) -> bool:
        """Whether its tab is shown."""
        return self.entry.state == "visible"

    def show(self, visible: bool) -> None:
        """Show or hide it."""
        set_state(self.workbook, self.entry, visible)

    @property
    def is_protected(self) -> bool:
        """Whether locked cells refuse changes."""
        return self.worksheet.is_protected

    def protect(self, on: bool, password: str | None) -> None:
        """Protect it or lift the protection."""
        protect(self.worksheet, on, password)

    # Contents

    def used(self) -> Area | None:
        """The area that holds all contents and formats."""
        return self.worksheet.grid.used()

    def filled(self, area: Area) -> list[list[bool]]:
        """Which cells hold something."""
        grid = self.worksheet.grid
        columns = range(area.column, area.column + area.columns)
        found = []
        for number in range(area.row, area.row + area.rows):
            row = grid.row(number)
            cells = row.cells if row else {}
            found.append([bool((cell := cells.get(column)) and cell[1]) for column in columns])
        return found

    def values(self, area: Area) -> list[list[Any]]:
        """The values of cells."""
        return self.worksheet.values(area)

    def write(self, area: Area, rows: Sequence[Sequence[Any]]) -> None:
        """Write a block."""
        self.worksheet.write(area, rows)

    def fill(self, area: Area, value: Any) -> None:
        """Write one value everywhere."""
        self.worksheet.fill(area, value)

    def entries(self, area: Area) -> list[list[str]]:
        """Formulas and constants as text."""
        sheet, date1904 = self.worksheet, self.workbook.date1904
        found = []
        for row, values in enumerate(sheet.values(area), area.row):
            line = []
            for column, value in enumerate(values, area.column):
                formula = sheet.formula(row, column)
                if formula is not None:
                    line.append(from_file(formula.removeprefix("=")))
                else:
                    line.append(entry_text(value, lambda day: to_serial(day, date1904)))
            found.append(line)
        return found

    def array_formula(self, area: Area) -> str | None:
        """The array formula that the first cell belongs to."""
        sheet = self.worksheet
        first = Area(area.row, area.column)
        for place, covered in sheet.formulas.arrays.items():
            if covered.meets(first):
                formula = sheet.formula(*place)
                return from_file(formula.removeprefix("=")) if formula else None
        return None

    def write_array(self, area: Area, formula: str) -> None:
        """Make the area one array formula."""
        write_array(self.worksheet, area, formula)

    def clear(self, area: Area, contents: bool, formats: bool) -> None:
        """Empty cells, take their formats away, or both."""
        if contents:
            self.worksheet.clear_contents(area)
        if formats:
            self.worksheet.clear_formats(area)

    def copy_cells(self, source: HostSheet, origin: Area, area: Area, what: str) -> None:
        """Copy cells of a sheet of the same book here."""
        if not isinstance(source, FileSheet) or source.workbook is not self.workbook:
            raise ValueError("Cells can only be copied within a workbook")
        copy_cells(source.worksheet, origin, self.worksheet, area, what)

    # Looks

    def look(self, area: Area, what: Look) -> Any:
        """A look that all cells share."""
        return looks.look(self.worksheet, area, what)

    def set_look(self, area: Area, what: Look, value: Any) -> None:
        """Give all cells a look."""
        looks.set_look(self.worksheet, area, what, value)

    def measure(self, area: Area, what: Measure) -> Any:
        """A measure that all rows or columns share."""
        return measures.measure(self.worksheet, area, what)

    def set_measure(self, area: Area, what: Measure, value: Any) -> None:
        """Give all rows or columns a measure."""
        measures.set_measure(self.worksheet, area, what, value)

    def autofit(self, area: Area, rows: bool, columns: bool) -> None:
        """Nothing: how wide a text is, is known only where it is drawn."""

    def place(self, area: Area) -> tuple[float, float, float, float]:
        """Left, top, width and height in points."""
        return measures.place(self.worksheet, area)

    # Structure

    def merged(self) -> list[Area]:
        """The merged areas."""
        return self.worksheet.merged()

    def merge(self, areas: Sequence[Area]) -> None:
        """Merge each of these areas; the contents of the first cell stay."""
        sheet = self.worksheet
        for area in areas:
            for table in self.workbook.tables(sheet):
                if table.area.meets(area):
                    raise ValueError(f"{area} can't be merged: it meets the table {table.display_name}")
            first = sheet.grid.cell(area.row, area.column)
            sheet.clear_contents(area)
            if first is not None:
                sheet.grid.put(area.row, area.column, first)
        kept = [old for old in sheet.merged() if not any(old.meets(area) for area in areas)]
        sheet.put_merged([*kept, *areas])

    def unmerge(self, area: Area) -> None:
        """Take apart what is merged in the area."""
        sheet = self.worksheet
        sheet.put_merged([old for old in sheet.merged() if not old.meets(area)])

    def shift(self, area: Area, inserts: bool, vertical: bool) -> None:
        """Insert or delete cells."""
        shift_cells(self.worksheet, Shift(area, vertical, inserts))

    def link(self, area: Area) -> str | None:
        """The hyperlink of a cell."""
        return links.link_at(self.worksheet, area)

    def add_link(self, area: Area, address: str, text: str, tip: str | None) -> None:
        """Link a cell and show a text in it."""
        self.worksheet.fill(area, f"'{text}" if text.startswith(("=", "'")) else text)
        links.add_link(self.worksheet, area, address, tip)

    def notes(self) -> dict[tuple[int, int], tuple[str, str]]:
        """By row and column: text and author."""
        return self.workbook.notes(self.worksheet).all()

    def set_note(self, row: int, column: int, text: str | None) -> None:
        """Set a cell's note, or take it away."""
        notes = self.workbook.notes(self.worksheet)
        if text is None:
            notes.remove(row, column)
        else:
            notes.put(row, column, text)

    def print_area(self) -> Area | None:
        """The cells that are printed."""
        name = self._print_area_name()
        return parse_area(split_sheet(name.text)[1]) if name else None

    def _print_area_name(self) -> DefinedName | None:
        names = (one for one in self.workbook.names if one.sheet == self.entry.identifier)
        return next((one for one in names if one.name == PRINT_AREA), None)

    def set_print_area(self, area: Area | None) -> None:
        """Print these cells only, or all."""
        name = self._print_area_name()
        if name is not None:
            self.workbook.names.remove(name)
        if area is not None:
            text = f"{quoted_sheet(self.name)}!{area_name(area, True, True)}"
            self.workbook.names.append(DefinedName(PRINT_AREA, text, self.entry.identifier, {}))
        self.workbook.changed = True

    def tables(self) -> list[FileTable]:
        """Its tables."""
        sheet = self.worksheet
        return [FileTable(sheet, table) for table in self.workbook.tables(sheet)]

    def add_table(self, area: Area, name: str | None, style: str | None, has_headers: bool) -> FileTable:
        """Make a table of an area; without headers, the data moves down by a row to make room for them."""
        sheet = self.worksheet
        if not has_headers:
            shift_cells(sheet, Shift(Area(area.row, area.column, 1, area.columns), vertical=True, inserts=True))
            area = Area(area.row, area.column, area.rows + 1, area.columns)
        return FileTable(sheet, new_table(sheet, area, name, style))
