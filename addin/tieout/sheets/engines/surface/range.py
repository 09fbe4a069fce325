"""A range of cells: where it is, what is in it, and where one gets from it."""

from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import (
    COLUMNS_MAX,
    ROWS_MAX,
    WHOLE_SHEET,
    Area,
    area_name,
    quoted_sheet,
)
from tieout.sheets.engines.errors import NotInThisEngine
from tieout.sheets.engines.surface.formats import RangeFormats
from tieout.sheets.engines.surface.moves import current_region, edge

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.names import Name
    from tieout.sheets.engines.surface.notes import Note
    from tieout.sheets.engines.surface.sheet import Sheet
    from tieout.sheets.engines.surface.tables import Table


class Range(RangeFormats):
    """Cells of one sheet in one rectangle; it may have no rows or no columns."""

    __slots__ = ("area", "arg1_input", "options", "sheet")
    # Whole blocks are read and written at once, however large: there is no other process that could choke on them.
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet: "Sheet", area: Area, arg1_input: str = "") -> None:
        self.sheet = sheet
        self.area = area
        self.options: dict[str, Any] = {}
        self.arg1_input = arg1_input

    @property
    def api(self) -> "Range":
        """The range itself: there is no other object behind it."""
        return self

    def __len__(self) -> int:
        return self.area.size

    @property
    def coords(self) -> tuple[Any, ...]:
        """Sheet, row, column, rows, columns."""
        return (self.sheet, *self.area)

    @property
    def row(self) -> int:
        """The first row."""
        return self.area.row

    @property
    def column(self) -> int:
        """The first column."""
        return self.area.column

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns."""
        return self.area.rows, self.area.columns

    def _at(self, area: Area) -> "Range":
        return Range(self.sheet, area)

    def __call__(self, *args: int) -> "Range":
        """The cell at a row and column, or at a number counted row by row, from 1."""
        if len(args) == 1:
            row, column = divmod(args[0] - 1, self.area.columns)
        elif len(args) == 2:
            row, column = args[0] - 1, args[1] - 1
        else:
            raise ValueError("Invalid arguments")
        cell = self.area.part(row, column)
        if cell.row < 1 or cell.column < 1 or not WHOLE_SHEET.holds(cell):
            raise IndexError(f"row {cell.row}, column {cell.column} is outside the sheet")
        return self._at(cell)

    @property
    def rows(self) -> list["Range"]:
        """Each row."""
        area = self.area
        return [self._at(area.part(n, 0, 1, area.columns)) for n in range(area.rows)]

    @property
    def columns(self) -> list["Range"]:
        """Each column."""
        area = self.area
        return [self._at(area.part(0, n, area.rows, 1)) for n in range(area.columns)]

    def get_address(self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False) -> str:
        """Its A1 address, with book and sheet if `external`."""
        text = area_name(self.area, row_absolute, col_absolute)
        if not external:
            return text
        book, sheet = self.sheet.book.name, self.sheet.name
        plain = quoted_sheet(sheet) == sheet and " " not in book and "'" not in book
        place = f"[{book}]{sheet}" if plain else quoted_sheet(f"[{book}]{sheet}", needs_quotes=True)
        return f"{place}!{text}"

    @property
    def address(self) -> str:
        """Its absolute A1 address."""
        if not self.area.size:
            return f"{area_name(Area(self.row, self.column), True, True)}{{{self.area.rows}x{self.area.columns}}}"
        return self.get_address()

    # Contents

    @property
    def raw_value(self) -> Any:
        """One value for a single cell, rows of values otherwise, None for no cells."""
        if self.area.size == 1:
            return self.sheet.host.values(self.area)[0][0]
        return self.sheet.host.values(self.area) if self.area.size else None

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self._put(data)

    def _put(self, data: Any) -> None:
        if not self.area.size:
            return
        if not isinstance(data, list | tuple):
            self.sheet.host.fill(self.area, data)
            return
        rows = data if data and isinstance(data[0], list | tuple) else [data]
        if rows and rows[0]:
            self.sheet.host.write(Area(self.row, self.column, len(rows), len(rows[0])), rows)

    @property
    def formula(self) -> Any:
        """A formula or constant as text; tuples of rows for more than one cell."""
        if not self.area.size:
            return None
        entries = self.sheet.host.entries(self.area)
        return entries[0][0] if self.area.size == 1 else tuple(tuple(row) for row in entries)

    @formula.setter
    def formula(self, value: Any) -> None:
        self._put(value)

    formula2 = formula

    @property
    def formula_array(self) -> str | None:
        """The array formula of the cells, or None."""
        return self.sheet.host.array_formula(self.area)

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.sheet.host.write_array(self.area, value)

    @property
    def has_array(self) -> bool:
        """Whether the first cell is part of an array formula."""
        return self.sheet.host.array_formula(self.area.part(0, 0)) is not None

    def clear_contents(self) -> None:
        """Empty the cells and keep their formats."""
        self._clear(contents=True, formats=False)

    def clear_formats(self) -> None:
        """Take the formats away and keep the contents."""
        self._clear(contents=False, formats=True)

    def clear(self) -> None:
        """Empty the cells and take their formats away."""
        self._clear(contents=True, formats=True)

    def _clear(self, contents: bool, formats: bool) -> None:
        if self.area.size:
            self.sheet.host.clear(self.area, contents=contents, formats=formats)

    # Where one gets from here

    def end(self, direction: str) -> "Range":
        """The cell that Ctrl and an arrow key reach."""
        return self._at(edge(self.sheet.host, self.area, direction))

    def expand(self, mode: Any = "table") -> "Range":
        """The range grown by xlwings' own rules (`table`, `down`, `right`, or an expander of the script's own)."""
        from xlwings import expansion
        from xlwings.main import Range as PublicRange

        grown: Range = expansion.expanders.get(mode, mode).expand(PublicRange(impl=self)).impl
        return grown

    @property
    def current_region(self) -> "Range":
        """The block of filled cells around, up to empty rows and columns."""
        return self._at(current_region(self.sheet.host, self.area))

    def select(self) -> None:
        """Select the cells; kept in memory, the file's own selection stays."""
        self.sheet.book.select(self)

    @property
    def merge_area(self) -> "Range":
        """The merged cells that the first cell belongs to, or that cell."""
        cell = self.area.part(0, 0)
        return self._at(next((area for area in self.sheet.host.merged() if area.holds(cell)), cell))

    @property
    def merge_cells(self) -> bool | None:
        """Whether the cells are merged: None where some are."""
        merged = self.sheet.host.merged()
        if any(area.holds(self.area) for area in merged):
            return True
        return None if any(area.meets(self.area) for area in merged) else False

    def merge(self, across: bool = False) -> None:
        """Merge the cells, or each row of them; the contents of the first stay."""
        areas = [row.area for row in self.rows] if across else [self.area]
        self.sheet.host.merge([area for area in areas if area.size > 1])

    def unmerge(self) -> None:
        """Take merged cells apart."""
        self.sheet.host.unmerge(self.area)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Insert cells here; what is here moves `down` or `right`.  Formats come from above or from the left."""
        whole = self._whole()
        vertical = whole if whole is not None else shift != "right"
        self.sheet.host.shift(self.area, inserts=True, vertical=vertical)

    def delete(self, shift: str | None = None) -> None:
        """Delete the cells; those below move `up`, or those to the right `left`."""
        whole = self._whole()
        by_shape = self.area.columns > self.area.rows
        vertical = whole if whole is not None else (shift == "up" if shift else by_shape)
        self.sheet.host.shift(self.area, inserts=False, vertical=vertical)

    def _whole(self) -> bool | None:
        if self.area.columns == COLUMNS_MAX:
            return True
        return False if self.area.rows == ROWS_MAX else None

    def copy(self, destination: Any = None) -> None:
        """Copy contents and formats to another place of the book; there is no clipboard."""
        if destination is None:
            raise NotInThisEngine("There is no clipboard without Excel: give copy() a destination.")
        destination.impl.copy_from(self)

    def copy_from(
        self, source_range: Any, copy_type: str = "all", skip_blanks: bool = False, transpose: bool = False
    ) -> None:
        """Copy `all`, `values` or `formulas` from another range of the book."""
        if skip_blanks or transpose or copy_type not in {"all", "values", "formulas"}:
            raise NotInThisEngine(f"copy_from(copy_type={copy_type!r}) with these options needs Excel.")
        source: Range = getattr(source_range, "impl", source_range)
        area = Area(self.row, self.column, *source.shape)
        self.sheet.host.copy_cells(source.sheet.host, source.area, area, copy_type)

    # What belongs to the cells

    @property
    def hyperlink(self) -> str:
        """The address that the cell links to."""
        address = self.sheet.host.link(self.area)
        if address is None:
            raise ValueError("The cell doesn't seem to contain a hyperlink!")
        return address

    def add_hyperlink(self, address: str, text_to_display: str | None = None, screen_tip: str | None = None) -> None:
        """Link the cell; `#Sheet!A1` is a place in the book."""
        self.sheet.host.add_link(self.area, address, text_to_display or address, screen_tip)

    @property
    def name(self) -> "Name | None":
        """The defined name that means exactly these cells."""
        wanted = f"{quoted_sheet(self.sheet.name)}!{area_name(self.area, True, True)}"
        return next((name for name in self.sheet.book.names if name.host.text == wanted), None)

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, f"={quoted_sheet(self.sheet.name)}!{area_name(self.area, True, True)}")

    @property
    def note(self) -> "Note | None":
        """The cell's note."""
        from tieout.sheets.engines.surface.notes import Note

        return Note(self) if (self.row, self.column) in self.sheet.host.notes() else None

    def add_note(self, text: str) -> "Note":
        """Give the cell a note."""
        from tieout.sheets.engines.surface.notes import Note

        self.sheet.host.set_note(self.row, self.column, text)
        return Note(self)

    @property
    def table(self) -> "Table | None":
        """The table that the first cell belongs to."""
        return self.sheet.tables.at(self.area)
