"""Cells by their A1 names: areas, sheet names in references, absolute and relative forms.

Rows and columns count from 1.  The limits are those of Excel 2007 and later ("Excel specifications and limits").
"""

import re
from functools import cache
from typing import NamedTuple

ROWS_MAX = 1_048_576
COLUMNS_MAX = 16_384
_CELL = r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})"
_AREA = re.compile(rf"{_CELL}(?::{_CELL})?\Z")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})\Z")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})\Z")
_PLAIN_SHEET = re.compile(r"[^\W\d][\w.]*\Z")
_LIKE_A_CELL = re.compile(r"(?:[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*(?:[Cc][0-9]*)?|[Cc][0-9]*)\Z")


class Area(NamedTuple):
    """A rectangle of cells: its first row and column, and how many rows and columns it has (0 is allowed)."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        """The last row."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The last column."""
        return self.column + self.columns - 1

    @property
    def size(self) -> int:
        """How many cells."""
        return self.rows * self.columns

    def meets(self, other: "Area") -> bool:
        """Whether the two share a cell."""
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )

    def holds(self, other: "Area") -> bool:
        """Whether every cell of the other is in this one."""
        return (
            self.row <= other.row
            and other.last_row <= self.last_row
            and self.column <= other.column
            and other.last_column <= self.last_column
        )

    def part(self, row: int, column: int, rows: int = 1, columns: int = 1) -> "Area":
        """The area that begins at this offset (0-based) from the first cell."""
        return Area(self.row + row, self.column + column, rows, columns)

    def __str__(self) -> str:
        return area_name(self)


WHOLE_SHEET = Area(1, 1, ROWS_MAX, COLUMNS_MAX)


def spanning(first: Area, second: Area) -> Area:
    """The smallest area that holds both."""
    row, column = min(first.row, second.row), min(first.column, second.column)
    rows = max(first.last_row, second.last_row) - row + 1
    return Area(row, column, rows, max(first.last_column, second.last_column) - column + 1)


def common(first: Area, second: Area) -> Area | None:
    """The cells that both have, or None."""
    if not first.meets(second):
        return None
    row, column = max(first.row, second.row), max(first.column, second.column)
    rows = min(first.last_row, second.last_row) - row + 1
    return Area(row, column, rows, min(first.last_column, second.last_column) - column + 1)


@cache
def column_letters(number: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    if not 1 <= number <= COLUMNS_MAX:
        raise ValueError(f"column {number} is outside the sheet (1 to {COLUMNS_MAX})")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_area(text: str) -> Area | None:
    """The area that an A1 reference without a sheet names (`B2`, `$A$1:C3`, `A:C`, `2:5`), or None."""
    if match := _AREA.match(text):
        left, top, right, bottom = match.groups()
        first = Area(int(top), column_number(left))
        second = Area(int(bottom), column_number(right)) if right else first
    elif match := _COLUMNS.match(text):
        first = Area(1, column_number(match[1]))
        second = Area(ROWS_MAX, column_number(match[2]))
    elif match := _ROWS.match(text):
        first, second = Area(int(match[1]), 1), Area(int(match[2]), COLUMNS_MAX)
    else:
        return None
    area = spanning(first, second)
    inside = area.row >= 1 and area.last_row <= ROWS_MAX and area.column >= 1
    return area if inside and area.last_column <= COLUMNS_MAX else None


def cell_name(row: int, column: int) -> str:
    """`B2` for row 2, column 2."""
    return f"{column_letters(column)}{row}"


def area_name(area: Area, row_absolute: bool = False, column_absolute: bool = False) -> str:
    """The A1 reference of an area; whole rows and columns are named as Excel names them (`$A:$C`)."""
    down, across = "$" if row_absolute else "", "$" if column_absolute else ""
    if area.rows == ROWS_MAX and area.row == 1 and area.columns < COLUMNS_MAX:
        return f"{across}{column_letters(area.column)}:{across}{column_letters(area.last_column)}"
    if area.columns == COLUMNS_MAX and area.column == 1:
        return f"{down}{area.row}:{down}{area.last_row}"
    first = f"{across}{column_letters(area.column)}{down}{area.row}"
    if area.rows == area.columns == 1:
        return first
    return f"{first}:{across}{column_letters(area.last_column)}{down}{area.last_row}"


def quoted_sheet(name: str, needs_quotes: bool = False) -> str:
    """A sheet's name as it stands in a reference, in quotes where Excel wants them."""
    plain = _PLAIN_SHEET.match(name) and not _LIKE_A_CELL.match(name)
    return name if plain and not needs_quotes else "'" + name.replace("'", "''") + "'"


def split_sheet(reference: str) -> tuple[str | None, str]:
    """A reference's sheet name (None where it has none) and the rest."""
    sheet, mark, rest = reference.rpartition("!")
    if not mark:
        return None, reference
    if sheet.startswith("'") and sheet.endswith("'") and len(sheet) > 1:
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, rest
