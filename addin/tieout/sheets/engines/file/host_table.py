"""A table of a closed workbook, as the objects that xlwings sees need it."""

import re
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.references import change_formulas
from tieout.sheets.engines.file.sheet_tables import resize_table, sync_headers
from tieout.sheets.engines.file.shifting import Shift, shift_cells

if TYPE_CHECKING:
    from tieout.sheets.engines.file.table_part import Table
    from tieout.sheets.engines.file.worksheet import Worksheet

_LOOKS = {
    "first_column": "showFirstColumn",
    "last_column": "showLastColumn",
    "row_stripes": "showRowStripes",
    "column_stripes": "showColumnStripes",
}


class FileTable:
    """A table of a package."""

    def __init__(self, worksheet: "Worksheet", table: "Table") -> None:
        self._sheet = worksheet
        self.table = table

    @property
    def name(self) -> str:
        """The name that formulas use."""
        return self.table.display_name

    def rename(self, name: str) -> None:
        """Give it another name, also in formulas."""
        workbook, old = self._sheet.workbook, self.table.display_name
        taken = [table.display_name.lower() for _, table in workbook.all_tables() if table is not self.table]
        if name.lower() in taken or name.lower() in {one.name.lower() for one in workbook.names}:
            raise ValueError(f"the name {name} is taken in this workbook")
        if not re.match(r"[^\W\d][\w.\\]*\Z", name):
            raise ValueError(f"{name!r} can't be a table's name: letters, digits, _ and . only, no space")
        word = re.compile(rf"(?<![\w.!\]]){re.escape(old)}(?![\w.(!])", re.I)
        change_formulas(workbook, lambda _, formula: _outside_text(formula, word, name), mentions=old)
        self.table.rename(name)

    @property
    def area(self) -> Area:
        """All its cells."""
        return self.table.area

    @property
    def has_headers(self) -> bool:
        """Whether it has a header row."""
        return self.table.has_headers

    @property
    def has_totals(self) -> bool:
        """Whether it has a totals row."""
        return self.table.has_totals

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        sync_headers(self._sheet, self.table)
        return self.table.columns

    def resize(self, area: Area) -> None:
        """Give it another area."""
        resize_table(self._sheet, self.table, area)

    def setting(self, name: str) -> Any:
        """A setting of its looks."""
        if name == "autofilter":
            return self.table.has_filter
        if name == "style":
            return self.table.look("name")
        return self.table.look(_LOOKS[name]) in {"1", "true"}

    def set_setting(self, name: str, value: Any) -> None:
        """Set one of these."""
        if name == "headers":
            self._show_headers(value)
        elif name == "totals":
            self._show_totals(value)
        elif name == "autofilter":
            self.table.set_filter(bool(value))
        elif name == "style":
            self.table.set_look("name", value or None)
        else:
            self.table.set_look(_LOOKS[name], "1" if value else "0")

    def _is_filled(self, area: Area) -> bool:
        return any(inner for _, _, (_, inner) in self._sheet.grid.present(area))

    def _show_headers(self, shown: bool) -> None:
        """The header row is emptied when hidden; shown again, it takes the row above the data."""
        area = self.table.area
        if shown == self.table.has_headers:
            return
        if not shown:
            names = self.table.columns
            self._sheet.clear_contents(area.part(0, 0, 1, area.columns))
            self.table.set_headers(False)
            self.table.set_area(area.part(1, 0, area.rows - 1, area.columns))
            self.table.name_columns(names)
            return
        names = self.table.columns
        row = Area(area.row - 1, area.column, 1, area.columns)
        if area.row == 1 or self._is_filled(row):
            row = Area(area.row, area.column, 1, area.columns)
            self.table.set_headers(True)
            shift_cells(self._sheet, Shift(row, vertical=True, inserts=True))
            area = self.table.area
            self.table.set_area(Area(row.row, area.column, area.rows + area.row - row.row, area.columns))
        else:
            self.table.set_headers(True)
            self.table.set_area(Area(row.row, area.column, area.rows + 1, area.columns))
        self._sheet.write(row, [[f"'{name}" if name.startswith(("=", "'")) else name for name in names]])
        self.table.set_filter(True)

    def _show_totals(self, shown: bool) -> None:
        """The totals row comes below the data (what is there moves down), and goes with its contents."""
        area = self.table.area
        if shown == self.table.has_totals:
            return
        row = Area(area.last_row + (1 if shown else 0), area.column, 1, area.columns)
        if shown:
            if self._is_filled(row):
                shift_cells(self._sheet, Shift(row, vertical=True, inserts=True))
            self.table.set_totals(True)
            self.table.set_area(area.part(0, 0, area.rows + 1, area.columns))
            self._sheet.write(row.part(0, 0, 1, 1), [["Total"]])
        else:
            self._sheet.clear_contents(row)
            self.table.set_totals(False)
            self.table.set_area(area.part(0, 0, area.rows - 1, area.columns))

    def insert_column(self, position: int, name: str) -> None:
        """Add a column before a position from 0."""
        area = self.table.area
        sync_headers(self._sheet, self.table)
        if position >= area.columns:
            beside = Area(area.row, area.last_column + 1, area.rows, 1)
            if self._is_filled(beside):
                shift_cells(self._sheet, Shift(beside, vertical=False, inserts=True))
            self.table.insert_column(position, name)
            self.table.set_area(area.part(0, 0, area.rows, area.columns + 1))
        else:
            shift_cells(self._sheet, Shift(area.part(0, position, area.rows, 1), vertical=False, inserts=True))
        if self.table.has_headers:
            cell = Area(area.row, area.column + position)
            self._sheet.write(cell, [[f"'{name}" if name.startswith(("=", "'")) else name]])
            sync_headers(self._sheet, self.table)

    def delete_column(self, position: int) -> None:
        """Delete a column by its position from 0."""
        area = self.table.area
        shift_cells(self._sheet, Shift(area.part(0, position, area.rows, 1), vertical=False, inserts=False))


def _outside_text(formula: str, word: re.Pattern[str], name: str) -> str:
    parts = re.split(r"(\"[^\"]*\")", formula)
    parts[::2] = [word.sub(lambda _: name, part) for part in parts[::2]]
    return "".join(parts)
