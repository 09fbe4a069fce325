"""A table in LibreOffice: a database range with a header row."""

from typing import Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.errors import NotInThisEngine
from tieout.sheets.engines.libreoffice.contents import Contents, area_of


class OfficeTable:
    """A database range of a sheet."""

    def __init__(self, contents: Contents, name: str) -> None:
        self._contents = contents
        self._name = name

    @property
    def _range(self) -> Any:
        return self._contents.document.DatabaseRanges.getByName(self._name)

    @property
    def name(self) -> str:
        """The name that formulas use."""
        return self._name

    def rename(self, name: str) -> None:
        """Give it another name; LibreOffice keeps formulas that use the old one as they are."""
        ranges, old = self._contents.document.DatabaseRanges, self._range
        ranges.addNewByName(name, old.DataArea)
        new = ranges.getByName(name)
        new.ContainsHeader, new.AutoFilter, new.TotalsRow = old.ContainsHeader, old.AutoFilter, old.TotalsRow
        ranges.removeByName(self._name)
        self._name = name

    @property
    def area(self) -> Area:
        """All its cells."""
        return area_of(self._range.DataArea)

    @property
    def has_headers(self) -> bool:
        """Whether it has a header row."""
        return bool(self._range.ContainsHeader)

    @property
    def has_totals(self) -> bool:
        """Whether it has a totals row."""
        return bool(self._range.TotalsRow)

    @property
    def columns(self) -> list[str]:
        """The names of its columns: what the header cells show."""
        area = self.area
        if not self.has_headers:
            return [f"Column{n}" for n in range(1, area.columns + 1)]
        header = self._contents.range(area.part(0, 0, 1, area.columns))
        return [header.getCellByPosition(n, 0).String for n in range(area.columns)]

    def resize(self, area: Area) -> None:
        """Give it another area, with the header row where it is."""
        old = self.area
        if self.has_headers and area.row != old.row:
            raise ValueError(f"the header row of {self._name} must stay in row {old.row}")
        if not area.meets(old):
            raise ValueError(f"the new area {area} of {self._name} must overlap the old one, {old}")
        if area.rows < 1 + self.has_headers + self.has_totals:
            raise ValueError(f"{self._name} needs at least one row of data; {area} has none")
        self._range.setDataArea(self._contents.range(area).getRangeAddress())
        self.name_headers()

    def name_headers(self) -> None:
        """Give header cells that are empty the names that Excel gives."""
        area = self.area
        shown = self.columns
        for position, name in enumerate(shown):
            if not name:
                new = next(n for k in range(1, len(shown) + 2) if (n := f"Column{k}") not in shown)
                shown[position] = new
                self._contents.cell(area.row, area.column + position).setString(new)

    def setting(self, name: str) -> Any:
        """`autofilter`; LibreOffice has no table styles of its own."""
        return bool(self._range.AutoFilter) if name == "autofilter" else None

    def set_setting(self, name: str, value: Any) -> None:
        """Set `autofilter`; the rest is Excel's alone."""
        if name != "autofilter":
            raise NotInThisEngine(f"LibreOffice can't set a table's {name.replace('_', ' ')}.")
        self._range.AutoFilter = bool(value)

    def insert_column(self, position: int, name: str) -> None:
        """Add a column before a position from 0."""
        area = self.area
        raise NotInThisEngine(
            f"Insert cells beside {area} instead: LibreOffice's tables have no columns of their own."
        )

    def delete_column(self, position: int) -> None:
        """Delete a column by its position from 0."""
        raise NotInThisEngine(f"Delete the cells of column {position + 1} instead.")
