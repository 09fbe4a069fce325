"""A table of a sheet (`xl/tables/tableN.xml`): its name, area, columns, filter and style."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import Area, parse_area
from tieout.sheets.engines.file.markup import (
    MAIN,
    Element,
    Piece,
    attributes,
    decode_text,
    encode_cell_text,
    escape_attribute,
    unescape,
    with_attribute,
)

if TYPE_CHECKING:
    from tieout.sheets.engines.file.package import Package

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
PART_NAME = "xl/tables/table{}.xml"
_ORDER = ("autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst")
_CALCULATED = re.compile(r"<calculatedColumnFormula(?:\s[^>]*)?>(.*?)</calculatedColumnFormula>", re.S)


class Table:
    """One table part; changes are kept until the workbook is saved."""

    def __init__(self, part: str, text: str) -> None:
        """`part` is the part's name, `text` its content."""
        self.part = part
        self._root = Element.cut(text)
        self.changed = False

    @classmethod
    def new(cls, part: str, identifier: int, name: str, area: Area, columns: list[str], style: str | None) -> "Table":
        """A table with a header row, its filter buttons shown."""
        items = "".join(f'<tableColumn id="{n}" name="{_stored(column)}"/>' for n, column in enumerate(columns, 1))
        look = f' name="{escape_attribute(style)}"' if style else ""
        table = cls(
            part,
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<table xmlns="{MAIN}" id="{identifier}" name="{name}" displayName="{name}" ref="{area}" '
            f'totalsRowShown="0"><autoFilter ref="{area}"/>'
            f'<tableColumns count="{len(columns)}">{items}</tableColumns>'
            f'<tableStyleInfo{look} showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/>'
            "</table>",
        )
        table.changed = True
        return table

    def store(self, package: "Package") -> None:
        """Write the part if it was changed."""
        if self.changed:
            package.write(self.part, self._root.text())
            self.changed = False

    def text(self) -> str:
        """The part's text."""
        return self._root.text()

    def _set(self, name: str, value: str | None) -> None:
        self._root.set_attribute(name, value)
        self.changed = True

    @property
    def identifier(self) -> int:
        """Its number, one of a kind in the workbook."""
        return int(self._root.attribute("id") or 0)

    @property
    def display_name(self) -> str:
        """The name that formulas use."""
        return self._root.attribute("displayName") or ""

    def rename(self, name: str, identifier: int | None = None) -> None:
        """Give it another name, and another number where one is given."""
        self._set("name", name)
        self._set("displayName", name)
        if identifier is not None:
            self._set("id", str(identifier))

    @property
    def area(self) -> Area:
        """All its cells, headers and totals included."""
        return parse_area(self._root.attribute("ref") or "") or Area(1, 1)

    @property
    def has_headers(self) -> bool:
        """Whether it has a header row."""
        return self._root.attribute("headerRowCount") != "0"

    @property
    def has_totals(self) -> bool:
        """Whether it has a totals row."""
        return (self._root.attribute("totalsRowCount") or "0") != "0"

    def set_headers(self, shown: bool) -> None:
        """Show or hide the header row; the area is the caller's."""
        self._set("headerRowCount", None if shown else "0")
        if not shown:
            self.set_filter(False)

    def set_totals(self, shown: bool) -> None:
        """Show or hide the totals row; the area is the caller's."""
        self._set("totalsRowCount", "1" if shown else None)
        self._set("totalsRowShown", None if shown else "0")

    def body(self) -> Area | None:
        """The data rows, or None where there are none."""
        area = self.area
        rows = area.rows - self.has_headers - self.has_totals
        return Area(area.row + self.has_headers, area.column, rows, area.columns) if rows > 0 else None

    def header(self) -> Area | None:
        """The header row, or None."""
        return Area(self.area.row, self.area.column, 1, self.area.columns) if self.has_headers else None

    def totals(self) -> Area | None:
        """The totals row, or None."""
        return Area(self.area.last_row, self.area.column, 1, self.area.columns) if self.has_totals else None

    # Columns

    def _columns(self) -> Element:
        piece = self._root.find("tableColumns")
        return Element.cut(piece.xml.lstrip() if piece else '<tableColumns count="0"></tableColumns>')

    def _put_columns(self, element: Element) -> None:
        element.set_attribute("count", str(len(element.pieces)))
        self._root.put("tableColumns", element.text(), _ORDER)
        self.changed = True

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [_shown(attributes(piece.xml.lstrip())["name"]) for piece in self._columns().pieces]

    def calculated(self, column: int) -> str | None:
        """The formula (`=…`, as the file has it) of a calculated column by its position from 0, or None."""
        match = _CALCULATED.search(self._columns().pieces[column].xml)
        return "=" + unescape(match[1]) if match else None

    def name_columns(self, names: list[str]) -> None:
        """Give all columns names; columns beyond the last are added or taken away."""
        element = self._columns()
        if [_shown(attributes(piece.xml.lstrip())["name"]) for piece in element.pieces] == names:
            return
        identifiers = [int(attributes(piece.xml.lstrip()).get("id", "0")) for piece in element.pieces]
        del element.pieces[len(names) :]
        for number, name in enumerate(names):
            if number < len(element.pieces):
                piece = element.pieces[number]
                piece.xml = with_attribute(piece.xml, "name", _attribute(name))
            else:
                identifiers.append(max([0, *identifiers]) + 1)
                xml = f'<tableColumn id="{identifiers[-1]}" name="{_stored(name)}"/>'
                element.pieces.append(Piece("tableColumn", xml))
        self._put_columns(element)

    def insert_column(self, position: int, name: str) -> None:
        """Add a column before a position from 0."""
        element = self._columns()
        identifier = max([0, *(int(attributes(piece.xml.lstrip()).get("id", "0")) for piece in element.pieces)]) + 1
        xml = f'<tableColumn id="{identifier}" name="{_stored(name)}"/>'
        element.pieces.insert(position, Piece("tableColumn", xml))
        self._put_columns(element)

    def remove_column(self, position: int) -> None:
        """Take a column away by its position from 0."""
        element = self._columns()
        del element.pieces[position]
        self._put_columns(element)

    # Area, filter, style

    def set_area(self, area: Area) -> None:
        """Set the area, and the filter's and sort's with it.  Criteria of the filter stay as the user set them."""
        old = self.area
        self._set("ref", str(area))
        filter_piece = self._root.find("autoFilter")
        if filter_piece is not None:
            filtered = Area(area.row, area.column, area.rows - self.has_totals, area.columns)
            filter_piece.xml = _refit(with_attribute(filter_piece.xml, "ref", str(filtered)), old, area)
        sort_piece = self._root.find("sortState")
        if sort_piece is not None:
            sort_piece.xml = _refit(sort_piece.xml, old, area)

    @property
    def has_filter(self) -> bool:
        """Whether the header shows filter buttons."""
        return self._root.find("autoFilter") is not None

    def set_filter(self, shown: bool) -> None:
        """Show or hide the filter buttons."""
        if shown and not self.has_filter:
            area = self.area
            xml = f'<autoFilter ref="{Area(area.row, area.column, area.rows - self.has_totals, area.columns)}"/>'
            self._root.put("autoFilter", xml, _ORDER)
        elif not shown:
            self._root.remove("autoFilter")
        self.changed = True

    def look(self, name: str) -> str | None:
        """An attribute of the table's style: `name`, `showRowStripes` and so on."""
        piece = self._root.find("tableStyleInfo")
        return attributes(piece.xml.lstrip()).get(name) if piece else None

    def set_look(self, name: str, value: str | None) -> None:
        """Set an attribute of the table's style."""
        piece = self._root.find("tableStyleInfo")
        xml = piece.xml if piece else "<tableStyleInfo/>"
        self._root.put("tableStyleInfo", with_attribute(xml, name, value), _ORDER)
        self.changed = True

    def map_text(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> None:
        """Substitute in the part, for formulas that refer to what got another name or place."""
        for piece in self._root.pieces:
            new = pattern.sub(by, piece.xml)
            if new != piece.xml:
                piece.xml = new
                self.changed = True


def _refit(xml: str, old: Area, new: Area) -> str:
    """The areas inside a sort state: those that reached to the old last row reach to the new one."""

    def fit(match: re.Match[str]) -> str:
        area = parse_area(match[1])
        if area is None or area.last_row != old.last_row:
            return match[0]
        rows = max(1, new.last_row - area.row + 1)
        columns = max(1, min(area.last_column, new.last_column) - area.column + 1)
        return f'ref="{Area(area.row, area.column, rows, columns)}"'

    return re.sub(r"ref=\"([A-Z]+\d+:[A-Z]+\d+)\"", fit, xml)


def _attribute(name: str) -> str:
    """A column's name as it stands in an attribute's value before escaping: line ends are coded (ST_Xstring)."""
    coded = encode_cell_text(name).replace("\n", "_x000a_")
    return unescape(coded)


def _stored(name: str) -> str:
    return escape_attribute(_attribute(name))


def _shown(value: str) -> str:
    return decode_text(value.replace("&", "&amp;"))
