"""The rows and columns of a table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.hosts import HostTable
from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.tables import Table


def body(table: HostTable) -> Area | None:
    """The data rows of a table, or None where there are none."""
    area = table.area
    rows = area.rows - table.has_headers - table.has_totals
    return area.part(int(table.has_headers), 0, rows, area.columns) if rows > 0 else None


class TableColumn(Surface):
    """A column of a table, at a position from 1."""

    __slots__ = ("_table", "index")

    def __init__(self, table: "Table", index: int) -> None:
        self._table, self.index = table, index

    @property
    def name(self) -> str:
        """Its header."""
        return self._table.host.columns[self.index - 1]

    @property
    def range(self) -> Range:
        """All its cells."""
        area = self._table.host.area
        return Range(self._table.parent, area.part(0, self.index - 1, area.rows, 1))

    @property
    def data_body_range(self) -> Range | None:
        """Its data cells."""
        area = body(self._table.host)
        return Range(self._table.parent, area.part(0, self.index - 1, area.rows, 1)) if area else None

    def delete(self) -> None:
        """Delete it."""
        if len(self._table.host.columns) == 1:
            raise ValueError("Cannot delete the last table column")
        self._table.host.delete_column(self.index - 1)


class TableColumns(Surface):
    """The columns of a table."""

    __slots__ = ("_table",)

    def __init__(self, table: "Table") -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table.host.columns)

    def __iter__(self) -> Iterator[TableColumn]:
        return iter([TableColumn(self._table, n) for n in range(1, len(self) + 1)])

    def __call__(self, key: int | str) -> TableColumn:
        """One by its name, or by its position from 1.  KeyError, IndexError."""
        names = [name.lower() for name in self._table.host.columns]
        if isinstance(key, str) and key.lower() in names:
            return TableColumn(self._table, names.index(key.lower()) + 1)
        if isinstance(key, int) and 1 <= key <= len(names):
            return TableColumn(self._table, key)
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return str(key).lower() in {name.lower() for name in self._table.host.columns}

    def add(self, name: str, index: int | None) -> TableColumn:
        """Insert a column before a position from 1, or at the end."""
        position = len(self) if index is None else index - 1
        self._table.host.insert_column(position, name)
        return TableColumn(self._table, position + 1)


class TableRow(Surface):
    """A data row of a table, at a position from 1."""

    __slots__ = ("_table", "index")

    def __init__(self, table: "Table", index: int) -> None:
        self._table, self.index = table, index

    @property
    def range(self) -> Range:
        """Its cells."""
        area = body(self._table.host) or self._table.host.area
        return Range(self._table.parent, area.part(self.index - 1, 0, 1, area.columns))

    def delete(self) -> None:
        """Delete it; cells below the table move up.  The last row is emptied instead."""
        if len(self._table.rows) == 1:
            self.range.clear_contents()
        else:
            self.range.delete("up")


class TableRows(Surface):
    """The data rows of a table."""

    __slots__ = ("_table",)

    def __init__(self, table: "Table") -> None:
        self._table = table

    @property
    def column_count(self) -> int:
        """How many columns the table has."""
        return self._table.host.area.columns

    def __len__(self) -> int:
        area = body(self._table.host)
        return area.rows if area else 0

    def __iter__(self) -> Iterator[TableRow]:
        return iter([TableRow(self._table, n) for n in range(1, len(self) + 1)])

    def __call__(self, key: int) -> TableRow:
        """One by its name, or by its position from 1.  KeyError, IndexError."""
        if not 1 <= key <= len(self):
            raise KeyError(key)
        return TableRow(self._table, key)

    def add(self, values: list[Any] | None, index: int | None) -> TableRow:
        """Insert a row before a position from 1, or at the end; cells below the table move down."""
        host, sheet = self._table.host, self._table.parent.host
        if index is None or index > len(self):
            area = host.area
            sheet.shift(area.part(area.rows - host.has_totals, 0, 1, area.columns), inserts=True, vertical=True)
            if not host.has_totals:
                host.resize(area.part(0, 0, area.rows + 1, area.columns))
            index = len(self)
        else:
            sheet.shift(TableRow(self._table, index).range.area, inserts=True, vertical=True)
        row = TableRow(self._table, index)
        if values is not None:
            sheet.write(row.range.area, [values])
        return row
