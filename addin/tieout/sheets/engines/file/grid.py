"""The rows and cells of a sheet, each as the XML that stands in the part.

A cell is the text of its attributes (without its address) and of its content.  Rows stay text until one of their
cells is asked for, and a row that is not changed is written back as it was.
"""

import re
from collections.abc import Iterator

from tieout.sheets.engines.addresses import Area, column_letters, column_number
from tieout.sheets.engines.file.markup import attributes, escape_attribute

Cell = tuple[str, str]

_ROW = re.compile(r"<row((?:\s[^>]*?)?)(?:/>|>(.*?)</row>)", re.S)
_ROW_NUMBER = re.compile(r"\sr=[\"'](\d+)[\"']")
_SPANS = re.compile(r"\sspans=(?:\"[^\"]*\"|'[^']*')")
_CELL = re.compile(r"<c r=\"([A-Z]+)\d+\"([^>]*?)(?:/>|>(.*?)</c>)", re.S)
_ANY_CELL = re.compile(r"<c((?:\s[^>]*?)?)(?:/>|>(.*?)</c>)", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_ADDRESS = re.compile(r"([A-Za-z]+)\d+\Z")


class Row:
    """One row: its attributes as text, and its cells by column, or the text they have not been read from yet."""

    __slots__ = ("_cells", "_raw", "attributes", "ordered")

    def __init__(self, row_attributes: str, raw: str | None = None) -> None:
        self.attributes = row_attributes
        self._raw = raw
        self._cells: dict[int, Cell] | None = None if raw else {}
        self.ordered = True

    @property
    def cells(self) -> dict[int, Cell]:
        """The cells by column number, to be read; `changed_cells` is for writing."""
        if self._cells is None:
            self._cells = _read_cells(self._raw or "")
        return self._cells

    def changed_cells(self) -> dict[int, Cell]:
        """The cells by column number, to be changed."""
        cells = self.cells
        if self._raw is not None:
            self._raw = None
            self.attributes = _SPANS.sub("", self.attributes)
        return cells

    def replace(self, first: int, cells: list[Cell | None]) -> None:
        """Put cells from a column on; None removes the one that is there."""
        mine = self.changed_cells()
        at = next(reversed(mine)) if mine else 0
        for column, cell in enumerate(cells, first):
            if cell is None:
                mine.pop(column, None)
            else:
                if column < at and column not in mine:
                    self.ordered = False
                mine[column] = cell

    def set_attribute(self, name: str, value: str | None) -> None:
        """Set an attribute of the row, or remove it where value is None."""
        self.changed_cells()
        kept = re.sub(rf"\s{re.escape(name)}=(?:\"[^\"]*\"|'[^']*')", "", self.attributes)
        self.attributes = kept if value is None else f'{kept} {name}="{escape_attribute(value)}"'

    def attribute(self, name: str) -> str | None:
        """An attribute of the row."""
        return attributes(self.attributes).get(name)

    def text(self, number: int) -> str:
        """The row as XML, or nothing where the row says nothing."""
        if self._raw is not None:
            return f"<row{self.attributes}>{self._raw}</row>" if self._raw else f"<row{self.attributes}/>"
        cells = self.cells
        if not cells:
            return f"<row{self.attributes}/>" if self.attributes.strip() != f'r="{number}"' else ""
        items = cells.items() if self.ordered else sorted(cells.items())
        parts = [
            f'<c r="{column_letters(column)}{number}"{tag}>{inner}</c>'
            if inner
            else f'<c r="{column_letters(column)}{number}"{tag}/>'
            for column, (tag, inner) in items
        ]
        return f"<row{self.attributes}>{''.join(parts)}</row>"


def _read_cells(raw: str) -> dict[int, Cell]:
    found = _CELL.findall(raw)
    if len(found) == raw.count("<c ") + raw.count("<c>") + raw.count("<c/>"):
        return {column_number(letters): (tag, inner) for letters, tag, inner in found}
    cells: dict[int, Cell] = {}
    column = 0
    for tag, inner in _ANY_CELL.findall(raw):
        values = attributes(tag)
        address = _ADDRESS.match(values.pop("r", ""))
        column = column_number(address[1]) if address else column + 1
        cells[column] = "".join(f' {name}="{escape_attribute(value)}"' for name, value in values.items()), inner
    return cells


class Grid:
    """The rows of a sheet by number."""

    def __init__(self, sheet_data: str) -> None:
        """`sheet_data` is what stands between the start and the end of `sheetData`."""
        if "<!--" in sheet_data:
            sheet_data = _COMMENT.sub("", sheet_data)
        self._rows: dict[int, Row] = {}
        self._ordered = True
        number = 0
        for row_attributes, raw in _ROW.findall(sheet_data):
            match = _ROW_NUMBER.search(row_attributes)
            if match:
                number = int(match[1])
            else:
                number += 1
                row_attributes = f' r="{number}"{row_attributes}'  # noqa: PLW2901
            self._rows[number] = Row(row_attributes, raw)

    def row(self, number: int) -> Row | None:
        """The row if it is there."""
        return self._rows.get(number)

    def made_row(self, number: int) -> Row:
        """The row, made where it is not there."""
        row = self._rows.get(number)
        if row is None:
            if self._rows and self._ordered and number < next(reversed(self._rows)):
                self._ordered = False
            row = self._rows[number] = Row(f' r="{number}"')
        return row

    def cell(self, row: int, column: int) -> Cell | None:
        """One cell if it is there."""
        found = self._rows.get(row)
        return found.cells.get(column) if found else None

    def put(self, row: int, column: int, cell: Cell | None) -> None:
        """Set one cell, or remove it."""
        if cell is None:
            found = self._rows.get(row)
            if found is not None and column in found.cells:
                del found.changed_cells()[column]
            return
        self.made_row(row).replace(column, [cell])

    def numbers(self, area: Area | None = None) -> list[int]:
        """The numbers of the rows that are there, in order; only those that an area crosses."""
        self._sort()
        if area is None:
            return list(self._rows)
        if area.rows < len(self._rows):
            return [number for number in range(area.row, area.last_row + 1) if number in self._rows]
        return [number for number in self._rows if area.row <= number <= area.last_row]

    def present(self, area: Area) -> Iterator[tuple[int, int, Cell]]:
        """The cells of an area that are there: row, column, cell."""
        first, last = area.column, area.last_column
        for number in self.numbers(area):
            for column, cell in list(self._rows[number].cells.items()):
                if first <= column <= last:
                    yield number, column, cell

    def used(self) -> Area | None:
        """The smallest area with all cells that hold something or have a format of their own."""
        self._sort()
        first_column, last_column, rows = 16_385, 0, []
        for number, row in self._rows.items():
            if row.cells:
                rows.append(number)
                first_column = min(first_column, *row.cells)
                last_column = max(last_column, *row.cells)
        if not rows:
            return None
        return Area(rows[0], first_column, rows[-1] - rows[0] + 1, last_column - first_column + 1)

    def renumber(self, rows: dict[int, Row]) -> None:
        """Replace all rows by these."""
        self._rows = rows
        self._ordered = False
        for number, row in rows.items():
            row.changed_cells()
            row.attributes = _ROW_NUMBER.sub(f' r="{number}"', row.attributes)

    def text(self) -> str:
        """What stands between the start and the end of `sheetData`."""
        self._sort()
        return "".join([row.text(number) for number, row in self._rows.items()])

    def _sort(self) -> None:
        if not self._ordered:
            self._rows = dict(sorted(self._rows.items()))
            self._ordered = True
