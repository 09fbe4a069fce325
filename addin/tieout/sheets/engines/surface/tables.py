"""Tables of a sheet."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.hosts import HostTable
from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range
from tieout.sheets.engines.surface.table_lines import TableColumns, TableRows, body

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.sheet import Sheet


def _setting(name: str, explanation: str) -> Any:
    def get(self: "Table") -> Any:
        return self.host.setting(name)

    def put(self: "Table", value: Any) -> None:
        self.host.set_setting(name, value)

    return property(get, put, doc=explanation)


class Table(Surface):
    """A table."""

    __slots__ = ("_sheet", "host")

    def __init__(self, sheet: "Sheet", host: HostTable) -> None:
        self._sheet, self.host = sheet, host

    @property
    def api(self) -> HostTable:
        """What stands behind it."""
        return self.host

    @property
    def parent(self) -> "Sheet":
        """Its sheet."""
        return self._sheet

    @property
    def name(self) -> str:
        """Its name."""
        return self.host.name

    @name.setter
    def name(self, value: str) -> None:
        self.host.rename(value)

    display_name = name

    @property
    def range(self) -> Range:
        """All its cells."""
        return Range(self._sheet, self.host.area)

    @property
    def header_row_range(self) -> Range | None:
        """Its header row."""
        area = self.host.area
        return Range(self._sheet, area.part(0, 0, 1, area.columns)) if self.host.has_headers else None

    @property
    def data_body_range(self) -> Range | None:
        """Its data rows."""
        area = body(self.host)
        return Range(self._sheet, area) if area else None

    @property
    def totals_row_range(self) -> Range | None:
        """Its totals row."""
        area = self.host.area
        return Range(self._sheet, area.part(area.rows - 1, 0, 1, area.columns)) if self.host.has_totals else None

    @property
    def insert_row_range(self) -> Range | None:
        """The row for the first data of an empty table, or None."""
        area = body(self.host)
        empty = area is not None and area.rows == 1 and not any(self._sheet.host.filled(area)[0])
        return Range(self._sheet, area) if area is not None and empty else None

    @property
    def show_headers(self) -> bool:
        """Whether it has a header row."""
        return self.host.has_headers

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        self.host.set_setting("headers", bool(value))

    @property
    def show_totals(self) -> bool:
        """Whether it has a totals row."""
        return self.host.has_totals

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        self.host.set_setting("totals", bool(value))

    show_autofilter = _setting("autofilter", "Whether the headers show filter buttons.")
    table_style = _setting("style", "The name of its style.")
    show_table_style_first_column = _setting("first_column", "Whether the first column is emphasised.")
    show_table_style_last_column = _setting("last_column", "Whether the last column is emphasised.")
    show_table_style_row_stripes = _setting("row_stripes", "Whether rows are striped.")
    show_table_style_column_stripes = _setting("column_stripes", "Whether columns are striped.")

    def resize(self, range: Any) -> None:  # noqa: A002  (xlwings' name)
        """Give it another area, with the header row where it is."""
        self.host.resize(range.impl.area)

    @property
    def columns(self) -> "TableColumns":
        """Its columns."""
        return TableColumns(self)

    @property
    def rows(self) -> "TableRows":
        """Its data rows."""
        return TableRows(self)


class Tables(Surface):
    """The tables of a sheet."""

    __slots__ = ("_sheet",)

    def __init__(self, sheet: "Sheet") -> None:
        self._sheet = sheet

    @property
    def api(self) -> "Tables":
        """The collection itself."""
        return self

    @property
    def parent(self) -> "Sheet":
        """The sheet."""
        return self._sheet

    def _all(self) -> list[Table]:
        return [Table(self._sheet, host) for host in self._sheet.host.tables()]

    def at(self, area: Area) -> Table | None:
        """The table that has the first cell of an area."""
        return next((table for table in self._all() if table.host.area.holds(area.part(0, 0))), None)

    def __call__(self, key: int | str) -> Table:
        """One by its name, or by its position from 1.  KeyError, IndexError."""
        if isinstance(key, int):
            return self._all()[key - 1]
        for table in self._all():
            if table.name.lower() == key.lower():
                return table
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._sheet.host.tables())

    def __iter__(self) -> Iterator[Table]:
        return iter(self._all())

    def __contains__(self, key: object) -> bool:
        return any(host.name.lower() == str(key).lower() for host in self._sheet.host.tables())

    def add(self, source: Any, has_headers: bool = True, name: str | None = None, **options: Any) -> Table:
        """Make a table of a range."""
        style = options.get("table_style_name")
        return Table(self._sheet, self._sheet.host.add_table(source.impl.area, name, style, has_headers))
