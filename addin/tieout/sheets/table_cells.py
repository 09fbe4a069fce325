"""A table of an open workbook as it stands: where it is, its headers, its cells in one block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.limits import EXCEL_ROWS_A_CALL_MAX
from tieout.sheets.layout import ColumnLayout, TableLayout
from tieout.sheets.port import RawValue, ReadTable, TableRow, plain_text

_TITLES_NAMED_MAX = 6


@dataclass(slots=True)
class TableCells:
    """A table's place on its sheet and everything in it. `titles` are its headers in their order, the user's too.

    `body` is what the cells give, row by row; `places` the position of each column of the layout, from 0.
    """

    sheet: Any
    table: Any
    layout: TableLayout
    row: int
    column: int
    titles: tuple[str, ...]
    body: list[list[RawValue]]
    places: Mapping[str, int]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.titles)

    def area(self, first: int, last: int, left: int, right: int) -> Any:
        """The cells of rows and columns counted from 0 in the body, ends included."""
        top = self.row + 1
        return self.sheet.range((top + first, self.column + left), (top + last, self.column + right))

    def known(self) -> dict[int, ColumnLayout]:
        """The columns of the layout by position."""
        return {place: self.layout.column(key) for key, place in self.places.items()}

    def is_blank(self, cells: Sequence[RawValue]) -> bool:
        """Whether a row holds nothing but formulas."""
        known = self.known()
        return all(
            value is None or value == "" or (place in known and bool(known[place].formula))
            for place, value in enumerate(cells)
        )

    def user_places(self) -> tuple[int, ...]:
        """The columns whose cells are the user's: those that the layout gives him, and those of his own."""
        known = self.known()
        return tuple(place for place in range(self.width) if place not in known or known[place].is_input)

    def missing(self) -> Iterator[Finding]:
        """The columns of the layout that are not there."""
        strange = [title for place, title in enumerate(self.titles) if place not in self.known()]
        where = Cell(self.sheet.name, f"{letters(self.column)}{self.row}")
        for column in self.layout.columns:
            if column.key not in self.places:
                yield _missing(self.layout, column, where, strange)

    def read(self) -> ReadTable:
        """The table as rows."""
        rows = tuple(
            TableRow(self.row + 1 + number, {key: cells[place] for key, place in self.places.items()})
            for number, cells in enumerate(self.body)
            if not self.is_blank(cells)
        )
        columns = {key: letters(self.column + place) for key, place in self.places.items()}
        found = tuple(self.missing())
        return ReadTable(self.layout, self.sheet.name, columns, self.row, rows, found, self._own())

    def _own(self) -> dict[int, dict[str, RawValue]]:
        """What the user's own columns hold, by the row's number and the column's title.

        Formulas are left out: a column that is calculated from its neighbours says nothing of another table's.
        """
        found: dict[int, dict[str, RawValue]] = {}
        known = self.known()
        for place, title in enumerate(self.titles):
            filled = [n for n, line in enumerate(self.body) if line[place] not in {None, ""}]
            if place in known or not title or not filled:
                continue
            formulas = formulas_of(self.area(0, len(self.body) - 1, place, place))
            for number in filled:
                if not formulas[number].startswith("="):
                    found.setdefault(self.row + 1 + number, {})[title] = self.body[number][place]
        return found


def table_cells(table: Any, layout: TableLayout) -> TableCells:
    """Read a table whole: its headers and its body, each in one call."""
    header = table.header_row_range
    titles = tuple(plain_text(one) for one in header.options(ndim=1, err_to_str=True).value)
    places: dict[str, int] = {}
    for place, title in enumerate(titles):
        column = layout.by_title(title)
        if column is not None:
            places.setdefault(column.key, place)
    body = table.data_body_range
    return TableCells(
        sheet=table.parent,
        table=table,
        layout=layout,
        row=header.row,
        column=header.column,
        titles=titles,
        body=[] if body is None else values_of(body),
        places=places,
    )


def values_of(cells: Any) -> list[list[RawValue]]:
    """What some cells give, row by row; an error as its sign ("#N/A")."""
    options: dict[str, Any] = {"ndim": 2, "err_to_str": True}
    if cells.shape[0] > EXCEL_ROWS_A_CALL_MAX:
        options["chunksize"] = EXCEL_ROWS_A_CALL_MAX
    found: list[list[RawValue]] = cells.options(**options).value
    return found


def formulas_of(cells: Any) -> list[str]:
    """What the cells of one column hold, row by row: a formula, or a constant as text."""
    found = cells.formula
    return [str(found)] if cells.shape[0] == 1 else [str(one) for (one,) in found]


def letters(column: int) -> str:
    """The letters of a column counted from 1."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _missing(layout: TableLayout, column: ColumnLayout, where: Cell, strange: Sequence[str]) -> Finding:
    needed = column.is_input or column.key in layout.key
    others = f" It has columns that are not known: {', '.join(strange[:_TITLES_NAMED_MAX])}." if strange else ""
    return Finding(
        code="sheet-column-missing",
        severity=Severity.BLOCKED if needed else Severity.NOTICE,
        what=f"The table {layout.name} has no column {column.title}.{others}",
        to_do=f"Name the column {column.title} again, or add one of that name; its place does not matter.",
        where=where,
        column=column.title,
    )
