"""Cells inserted and deleted: what lies below or to the right moves, and all that refers to it moves along."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import COLUMNS_MAX, ROWS_MAX, WHOLE_SHEET, Area, common, parse_area
from tieout.sheets.engines.file.grid import Cell, Row
from tieout.sheets.engines.file.markup import Element
from tieout.sheets.engines.file.reading import style_and_type
from tieout.sheets.engines.file.references import change_formulas, rewritten, shifted_reference
from tieout.sheets.engines.file.sheet_tables import drop_table, unused_name

if TYPE_CHECKING:
    from tieout.sheets.engines.file.table_part import Table
    from tieout.sheets.engines.file.worksheet import Worksheet

_AREAS = re.compile(r"(\s(?:sqref|ref)=\"|<xm:sqref>)([^\"<]+)")
_OUT_OF_SIGHT = "XFD1048576"
_REF = re.compile(r"(\sref=\")([^\"]+)")
_ANCHOR = re.compile(r"<xdr:(col|row)>(\d+)</xdr:\1>")
_WITH_AREAS = (
    "autoFilter", "sortState", "conditionalFormatting", "dataValidations", "hyperlinks", "protectedRanges",
    "ignoredErrors", "extLst",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shift:
    """Cells of `area` inserted or deleted; those below move if `vertical`, else those to the right."""

    area: Area
    vertical: bool
    inserts: bool

    @property
    def count(self) -> int:
        """By how much the cells beyond move."""
        size = self.area.rows if self.vertical else self.area.columns
        return size if self.inserts else -size

    @property
    def is_whole(self) -> bool:
        """Whether whole rows or columns are concerned."""
        return self.area.columns == COLUMNS_MAX if self.vertical else self.area.rows == ROWS_MAX

    @property
    def concerned(self) -> Area:
        """All cells that go or move."""
        area = self.area
        if self.vertical:
            return Area(area.row, area.column, ROWS_MAX - area.row + 1, area.columns)
        return Area(area.row, area.column, area.rows, COLUMNS_MAX - area.column + 1)

    def moved(self, area: Area) -> Area | None:
        """Where an area is afterwards; None if all its cells are deleted.  One that sticks out of the band stays."""
        if self.vertical:
            inside = self.area.column <= area.column and area.last_column <= self.area.last_column
            if not inside or area.rows == ROWS_MAX:
                return area
            line = _line(area.row, area.last_row, self.area.row, self.count, ROWS_MAX)
            return Area(line[0], area.column, line[1] - line[0] + 1, area.columns) if line else None
        inside = self.area.row <= area.row and area.last_row <= self.area.last_row
        if not inside or area.columns == COLUMNS_MAX:
            return area
        line = _line(area.column, area.last_column, self.area.column, self.count, COLUMNS_MAX)
        return Area(area.row, line[0], area.rows, line[1] - line[0] + 1) if line else None


def _line(first: int, last: int, at: int, count: int, most: int) -> tuple[int, int] | None:
    if count > 0:
        return (min(first + count, most) if first >= at else first), (min(last + count, most) if last >= at else last)
    end = at - count - 1
    if first >= at and last <= end:
        return None
    start = first + count if first > end else min(first, at)
    return start, (last + count if last > end else min(last, at - 1))


def shift_cells(worksheet: "Worksheet", shift: Shift) -> None:
    """Insert or delete cells.  ValueError where Excel refuses: a table, merge or array would be torn apart."""
    _check(worksheet, shift)
    workbook = worksheet.workbook
    name = workbook.sheet_name(worksheet)
    worksheet.check_change(shift.area)
    worksheet.formulas.release(WHOLE_SHEET)
    for entry in workbook.sheets:
        other = workbook.worksheet(entry)
        if other is not worksheet and name in other.cell_text():
            other.formulas.release(WHOLE_SHEET)
    _move_cells(worksheet, shift)
    _move_around(worksheet, shift)

    def change(sheet: str | None, rest: str, own: str | None) -> tuple[str | None, str]:
        if (sheet if sheet is not None else own or "").lower() != name.lower():
            return sheet, rest
        new = shifted_reference(rest, shift.moved)
        return (None if new == "#REF!" else sheet), new

    change_formulas(workbook, lambda own, formula: rewritten(formula, lambda sheet, rest: change(sheet, rest, own)))
    for table in list(workbook.tables(worksheet)):
        _move_table(worksheet, table, shift)
    workbook.formulas_changed = worksheet.changed = True
    worksheet.forget_formulas()


def _check(worksheet: "Worksheet", shift: Shift) -> None:
    kept = [("the table", table.area) for table in worksheet.workbook.tables(worksheet)]
    kept += [("the merged cells", area) for area in worksheet.merged()]
    kept += [("the array formula", area) for area in worksheet.formulas.arrays.values()]
    concerned = shift.concerned
    for what, area in kept:
        met = common(area, concerned)
        across = met is not None and (met.columns < area.columns if shift.vertical else met.rows < area.rows)
        if across:
            raise ValueError(f"{shift.area} can't be shifted: it would tear {what} {area} apart")
    for table in worksheet.workbook.tables(worksheet):
        header = table.header()
        gone = not shift.inserts and shift.vertical and header and shift.area.holds(header)
        if gone and not shift.area.holds(table.area):
            raise ValueError(f"the header row of the table {table.display_name} can't be deleted")


def _move_cells(worksheet: "Worksheet", shift: Shift) -> None:
    grid = worksheet.grid
    if shift.vertical and shift.is_whole:
        rows: dict[int, Row] = {}
        for number in grid.numbers():
            row = grid.row(number)
            to = shift.moved(Area(number, 1, 1, COLUMNS_MAX))
            if row is not None and to is not None:
                rows[to.row] = row
        grid.renumber(rows)
    else:
        taken: list[tuple[int, int, Cell]] = list(grid.present(shift.concerned))
        for number, column, _ in taken:
            grid.put(number, column, None)
        for number, column, cell in taken:
            to = shift.moved(Area(number, column))
            if to is not None and to.row <= ROWS_MAX and to.column <= COLUMNS_MAX:
                grid.put(to.row, to.column, cell)
    for number, column, (tag, inner) in grid.present(WHOLE_SHEET):
        if 't="array"' in inner:
            grid.put(number, column, (tag, _REF.sub(lambda match: _moved_areas(match, shift), inner)))
    if shift.inserts:
        _copy_formats(worksheet, shift)


def _copy_formats(worksheet: "Worksheet", shift: Shift) -> None:
    """New cells look like their neighbours above or to the left, as Excel does it."""
    area, grid = shift.area, worksheet.grid
    if shift.vertical and area.row > 1:
        source = Area(area.row - 1, area.column, 1, area.columns)
    elif not shift.vertical and area.column > 1:
        source = Area(area.row, area.column - 1, area.rows, 1)
    else:
        return
    for number, column, (tag, _) in list(grid.present(source)):
        style = style_and_type(tag)[0]
        if not style:
            continue
        for step in range(1, abs(shift.count) + 1):
            place = (number + step, column) if shift.vertical else (number, column + step)
            grid.put(*place, (worksheet.writer.tag(style, ""), ""))


def _moved_areas(match: re.Match[str], shift: Shift) -> str:
    moved = []
    for one in match[2].split():
        area = parse_area(one)
        to = shift.moved(area) if area else None
        if area is None or to is not None:
            moved.append(one if to is None else str(to))
    if not moved and match[1].startswith("<"):
        moved = [_OUT_OF_SIGHT]  # an extension's rule whose cells are gone; its list may not be empty
    return match[1] + " ".join(moved)


def _move_around(worksheet: "Worksheet", shift: Shift) -> None:
    worksheet.put_merged([to for area in worksheet.merged() if (to := shift.moved(area)) and to.size > 1])
    for piece in list(worksheet.around.pieces):
        if piece.name in _WITH_AREAS:
            piece.xml = _without_empty(_AREAS.sub(lambda match: _moved_areas(match, shift), piece.xml))
            if not piece.xml:
                worksheet.around.pieces.remove(piece)
    if shift.is_whole and not shift.vertical:
        worksheet.columns.shift(shift.area.column, shift.count)
        worksheet.put_columns()
    notes = worksheet.workbook.notes(worksheet)
    places = {place: (to.row, to.column) if (to := shift.moved(Area(*place))) else None for place in notes.all()}
    if any(place != to for place, to in places.items()):
        notes.move(places)
    if shift.is_whole:
        _move_drawings(worksheet, shift)


def _without_empty(xml: str) -> str:
    """A list without the rules and links whose cells are all gone."""
    element = Element.cut(xml.lstrip())
    if element.attribute("sqref") == "" or element.attribute("ref") == "":
        return ""
    kept = [piece for piece in element.pieces if not re.match(r"\s*<[^>]*\s(?:sqref|ref)=\"\"", piece.xml)]
    if len(kept) == len(element.pieces):
        return xml
    element.pieces = kept
    if element.attribute("count"):
        element.set_attribute("count", str(len(kept)))
    return element.text() if kept else ""


def _move_drawings(worksheet: "Worksheet", shift: Shift) -> None:
    package = worksheet.workbook.package
    at = shift.area.row if shift.vertical else shift.area.column

    def moved(match: re.Match[str]) -> str:
        number = int(match[2]) + 1
        if match[1] != ("row" if shift.vertical else "col"):
            return match[0]
        line = _line(number, number, at, shift.count, ROWS_MAX) or (at, at)
        return f"<xdr:{match[1]}>{max(line[0], 1) - 1}</xdr:{match[1]}>"

    for link in package.related(worksheet.part, "drawing"):
        text = package.text(link.target)
        new = _ANCHOR.sub(moved, text)
        if new != text:
            package.write(link.target, new)


def _move_table(worksheet: "Worksheet", table: "Table", shift: Shift) -> None:
    old = table.area
    to = shift.moved(old)
    if to is None:
        drop_table(worksheet, table)
        return
    if not shift.vertical and to.columns != old.columns:
        first = max(shift.area.column, old.column) - old.column
        if shift.inserts:
            for step in range(shift.area.columns):
                table.insert_column(first + step, unused_name("Column", table.columns))
        else:
            for _ in range(old.columns - to.columns):
                table.remove_column(first)
    if to != old:
        table.set_area(to)
    header = table.header()
    if header and not shift.vertical and shift.inserts:
        worksheet.write(header, [[f"'{name}" if name.startswith(("=", "'")) else name for name in table.columns]])
