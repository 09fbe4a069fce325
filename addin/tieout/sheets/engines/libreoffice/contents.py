"""What is in cells of LibreOffice: values and formulas, read and written in blocks."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tieout.limits import CELL_CHARACTERS_MAX
from tieout.sheets.engines.addresses import Area, cell_name
from tieout.sheets.engines.libreoffice.bridge import struct
from tieout.sheets.engines.libreoffice.formula_text import to_office
from tieout.sheets.engines.values import CellError, from_serial, to_serial

# com.sun.star.sheet.CellFlags, FormulaResult and com.sun.star.util.NumberFormat
VALUES, DATES, STRINGS, FORMULAS = 1, 2, 4, 16
ALL_CONTENTS = VALUES | DATES | STRINGS | FORMULAS
_ERRORS = 4
_DATE, _TIME, _NUMBER, _TEXT, _LOGICAL = 2, 4, 16, 256, 1024
_GENERAL = "General"


class Contents:
    """The cells of one sheet of a document."""

    def __init__(self, document: Any, sheet: Callable[[], Any]) -> None:
        """`sheet` gives LibreOffice's object for the sheet."""
        self.document = document
        self._sheet = sheet
        self._locale = struct("lang.Locale", Language="en", Country="US")

    def cell(self, row: int, column: int) -> Any:
        """One cell as LibreOffice's object."""
        return self._sheet().getCellByPosition(column - 1, row - 1)

    def range(self, area: Area) -> Any:
        """The cells of an area as LibreOffice's object."""
        left, top = area.column - 1, area.row - 1
        return self._sheet().getCellRangeByPosition(left, top, area.last_column - 1, area.last_row - 1)

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        return bool(self.document.NullDate.Year == 1904)

    def _areas(self, ranges: Any) -> list[Area]:
        return [area_of(address) for address in ranges.getRangeAddresses()]

    def kinds(self, area: Area) -> list[tuple[Area, int]]:
        """The parts of an area with the same number format, and what that format shows (NumberFormat)."""
        parts = self.range(area).getCellFormatRanges()
        found = []
        for number in range(parts.Count):
            part = parts.getByIndex(number)
            kind = self.document.NumberFormats.getByKey(part.NumberFormat).Type
            found.append((area_of(part.getRangeAddress()), kind))
        return found

    def filled(self, area: Area) -> list[list[bool]]:
        """Which cells hold something."""
        found = [[False] * area.columns for _ in range(area.rows)]
        for part in self._areas(self.range(area).queryContentCells(ALL_CONTENTS)):
            for row in range(part.row - area.row, part.last_row - area.row + 1):
                first = part.column - area.column
                found[row][first : first + part.columns] = [True] * part.columns
        return found

    def values(self, area: Area) -> list[list[Any]]:
        """The values of cells: numbers as float, dates, booleans, errors, None for empty."""
        cells = self.range(area)
        found = [[None if value == "" else value for value in row] for row in cells.getDataArray()]
        for part, kind in self.kinds(area):
            if kind & _DATE or kind & _LOGICAL:
                for row in range(part.row - area.row, part.last_row - area.row + 1):
                    for column in range(part.column - area.column, part.last_column - area.column + 1):
                        value = found[row][column]
                        if isinstance(value, float):
                            found[row][column] = from_serial(value, self.date1904) if kind & _DATE else value != 0
        for part in self._areas(cells.queryFormulaCells(_ERRORS)):
            for row in range(part.row, part.last_row + 1):
                for column in range(part.column, part.last_column + 1):
                    text = self.cell(row, column).String
                    found[row - area.row][column - area.column] = CellError(text)
        return found

    def formula_cells(self, area: Area) -> set[tuple[int, int]]:
        """The places in an area that hold formulas."""
        return {
            (row, column)
            for part in self._areas(self.range(area).queryContentCells(FORMULAS))
            for row in range(part.row, part.last_row + 1)
            for column in range(part.column, part.last_column + 1)
        }

    def write(self, area: Area, rows: Sequence[Sequence[Any]], table: str | None) -> None:
        """Write a block; the rules for entries are those of the file engine."""
        text_cells = {
            (row, column)
            for part, kind in self.kinds(area)
            if kind & _TEXT
            for row in range(part.row, part.last_row + 1)
            for column in range(part.column, part.last_column + 1)
        }
        formulas: list[tuple[int, int, str]] = []
        formats: dict[str, list[tuple[int, int]]] = {}
        data = []
        for row, values in enumerate(rows, area.row):
            line: list[str | float] = []
            for column, value in enumerate(values, area.column):
                is_text = (row, column) in text_cells
                if type(value) is not bool and isinstance(value, str) and _is_formula(value) and not is_text:
                    formulas.append((row, column, to_office(str(value), table)))
                    line.append("")
                    continue
                if isinstance(value, bool | dt.date | dt.time) and not is_text:
                    formats.setdefault(_format_of(value), []).append((row, column))
                line.append(self._entry(value, is_text, row, column))
            data.append(tuple(line))
        self._put(area, data)
        for row, column, formula in formulas:
            self.cell(row, column).setFormula(formula)
        for code, places in formats.items():
            self._format_general(code, places)

    def _put(self, area: Area, data: Sequence[tuple[str | float, ...]]) -> None:
        """Put a block in. LibreOffice takes the notes away from cells that it fills as a block, so those with a note
        are filled one by one.
        """
        noted = self._noted(area)
        whole: list[tuple[str | float, ...]] = []
        for number, line in enumerate(data):
            row = area.row + number
            columns = noted.get(row)
            if columns is None:
                whole.append(line)
                continue
            self._fill(row - len(whole), area.column, whole)
            whole = []
            self._put_around(row, area.column, line, columns)
        self._fill(area.last_row + 1 - len(whole), area.column, whole)

    def _put_around(self, row: int, left: int, line: Sequence[str | float], noted: set[int]) -> None:
        """Put one row in, the cells of the columns in `noted` one by one."""
        run: list[str | float] = []
        for column, entry in enumerate(line, left):
            if column not in noted:
                run.append(entry)
                continue
            self._fill(row, column - len(run), [tuple(run)] if run else [])
            run = []
            cell = self.cell(row, column)
            if isinstance(entry, str):
                cell.setString(entry)
            else:
                cell.setValue(entry)
        self._fill(row, left + len(line) - len(run), [tuple(run)] if run else [])

    def _fill(self, row: int, column: int, data: Sequence[tuple[str | float, ...]]) -> None:
        if data:
            self.range(Area(row, column, len(data), len(data[0]))).setDataArray(tuple(data))

    def _noted(self, area: Area) -> dict[int, set[int]]:
        """The columns of the cells with notes in an area, by row."""
        notes = self._sheet().Annotations
        found: dict[int, set[int]] = {}
        for number in range(notes.Count):
            place = notes.getByIndex(number).Position
            if area.holds(Area(place.Row + 1, place.Column + 1)):
                found.setdefault(place.Row + 1, set()).add(place.Column + 1)
        return found

    def _entry(self, value: Any, is_text: bool, row: int, column: int) -> str | float:
        if value is None:
            return ""
        if isinstance(value, str):
            text = value[1:] if value.startswith("'") else str(value)
            if len(text) > CELL_CHARACTERS_MAX:
                raise ValueError(f"{cell_name(row, column)}: the text has {len(text)} characters")
            return text
        if is_text:
            return f"{value:.15g}" if isinstance(value, float) else str(value)
        try:
            return self._number(value)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{cell_name(row, column)}: {error}") from None

    def _number(self, value: Any) -> float:
        if isinstance(value, dt.date | dt.time):
            return float(to_serial(value, self.date1904))
        if not isinstance(value, int | float | Decimal):
            raise TypeError(f"a cell can't hold a {type(value).__name__}")
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"a cell can't hold the number {value}")
        if isinstance(value, int) and int(number) != value:
            raise ValueError(f"{value} has more digits than a number in a cell keeps; write it as text")
        return number

    def _format_general(self, code: str, places: list[tuple[int, int]]) -> None:
        """Give cells that have no format of their own the one that their value asks for."""
        formats = self.document.NumberFormats
        for part in _columns(places):
            is_logical = code == "BOOLEAN"
            key = formats.getStandardFormat(_LOGICAL, self._locale) if is_logical else self.format_key(code)
            for area, kind in self.kinds(part):
                cells = self.range(area)
                if kind & _NUMBER and formats.getByKey(cells.NumberFormat).FormatString == _GENERAL:
                    cells.NumberFormat = key

    def format_key(self, code: str) -> int:
        """The number of a number format given in English."""
        formats = self.document.NumberFormats
        key: int = formats.queryKey(code, self._locale, False)
        return key if key != -1 else int(formats.addNew(code, self._locale))

    def format_code(self, key: int) -> str:
        """A number format in English as Excel writes it: dates in small letters."""
        found = self.document.NumberFormats.getByKey(key)
        code: str = found.FormatString
        if found.Type & (_DATE | _TIME):
            return code.lower().replace("am/pm", "AM/PM")
        return code.replace("[RED]", "[Red]")


def _is_formula(value: str) -> bool:
    return value.startswith("=") and len(value) > 1


def _format_of(value: bool | dt.date | dt.time) -> str:
    from tieout.sheets.engines.file.number_formats import format_for

    if isinstance(value, bool):
        return "BOOLEAN"
    has_time = isinstance(value, dt.time) or (isinstance(value, dt.datetime) and value.time() != dt.time())
    return format_for(isinstance(value, dt.date), has_time)


def _columns(places: list[tuple[int, int]]) -> list[Area]:
    """The places as few areas: runs of rows, column by column."""
    found: list[Area] = []
    for column, row in sorted((column, row) for row, column in places):
        if found and found[-1].column == column and found[-1].last_row == row - 1:
            found[-1] = found[-1]._replace(rows=found[-1].rows + 1)
        else:
            found.append(Area(row, column))
    return found


def area_of(address: Any) -> Area:
    """A UNO CellRangeAddress as an area."""
    return Area(
        address.StartRow + 1,
        address.StartColumn + 1,
        address.EndRow - address.StartRow + 1,
        address.EndColumn - address.StartColumn + 1,
    )
