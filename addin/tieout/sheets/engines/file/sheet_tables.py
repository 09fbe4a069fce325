"""Tables put on a sheet, taken off it, resized, and their headers kept equal to the cells that show them."""

from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.formulas import from_file, translated
from tieout.sheets.engines.file.markup import RELATIONSHIPS, Element, attributes
from tieout.sheets.engines.file.reading import entry as entry_text
from tieout.sheets.engines.file.table_part import CONTENT_TYPE, PART_NAME, Table
from tieout.sheets.engines.values import to_serial

if TYPE_CHECKING:
    from tieout.sheets.engines.file.workbook import Workbook
    from tieout.sheets.engines.file.worksheet import Worksheet


def unused_name(stem: str, taken: list[str]) -> str:
    """The stem with the first number that no name of the list has, in any case of letters."""
    lower = {name.lower() for name in taken}
    return next(f"{stem}{n}" for n in range(1, len(taken) + 2) if f"{stem}{n}".lower() not in lower)


def new_table(worksheet: "Worksheet", area: Area, name: str | None, style: str | None) -> Table:
    """Make a table of an area whose first row has the headers.  ValueError where Excel refuses."""
    workbook = worksheet.workbook
    _check_room(worksheet, area, None)
    tables = [table for _, table in workbook.all_tables()]
    names = [table.display_name for table in tables] + [one.name for one in workbook.names]
    if name is not None and name.lower() in {known.lower() for known in names}:
        raise ValueError(f"the name {name} is taken in this workbook")
    if area.rows == 1:
        area = Area(area.row, area.column, 2, area.columns)
    identifier = max([0, *(table.identifier for table in tables)]) + 1
    columns = [f"Column{n}" for n in range(1, area.columns + 1)]
    part = workbook.package.free_name(PART_NAME)
    table = Table.new(part, identifier, name or unused_name("Table", names), area, columns, style)
    _link(workbook, worksheet, table)
    sync_headers(worksheet, table)
    return table


def _link(workbook: "Workbook", worksheet: "Worksheet", table: Table) -> None:
    package, known = workbook.package, workbook.tables(worksheet)
    package.write(table.part, table.text())
    package.set_content_type(table.part, CONTENT_TYPE)
    identifier = package.relate(worksheet.part, "table", table.part)
    piece = worksheet.around.find("tableParts")
    parts = Element.cut(piece.xml.lstrip() if piece else "<tableParts></tableParts>")
    parts.put("+", f'<tablePart xmlns:r="{RELATIONSHIPS}" r:id="{identifier}"/>')
    parts.set_attribute("count", str(len(parts.pieces)))
    worksheet.put("tableParts", parts.text())
    known.append(table)


def drop_table(worksheet: "Worksheet", table: Table) -> None:
    """Take a table off its sheet; its cells stay."""
    package = worksheet.workbook.package
    link = next(one for one in package.related(worksheet.part, "table") if one.target == table.part)
    piece = worksheet.around.find("tableParts")
    if piece is not None:
        parts = Element.cut(piece.xml.lstrip())
        parts.pieces = [one for one in parts.pieces if link.id not in attributes(one.xml.lstrip()).values()]
        parts.set_attribute("count", str(len(parts.pieces)))
        worksheet.put("tableParts", parts.text() if parts.pieces else "")
    worksheet.workbook.tables(worksheet).remove(table)
    package.unrelate(worksheet.part, link.id)
    package.drop(table.part)


def _check_room(worksheet: "Worksheet", area: Area, table: Table | None) -> None:
    for other in worksheet.workbook.tables(worksheet):
        if other is not table and other.area.meets(area):
            raise ValueError(f"a table can't overlap another: {area} meets {other.display_name} in {other.area}")
    for merged in worksheet.merged():
        if merged.meets(area):
            raise ValueError(f"a table can't have merged cells: {area} meets {merged}")


def resize_table(worksheet: "Worksheet", table: Table, area: Area) -> None:
    """Give a table another area.  ValueError where Excel refuses: the header row moves, or it meets another table.

    New columns take their headers from the cells; calculated columns are filled into new rows.
    """
    old, old_body = table.area, table.body()
    if table.has_headers and area.row != old.row:
        raise ValueError(f"the header row of {table.display_name} must stay in row {old.row}")
    if not area.meets(old):
        raise ValueError(f"the new area {area} of {table.display_name} must overlap the old one, {old}")
    if area.rows < 1 + table.has_headers + table.has_totals:
        raise ValueError(f"{table.display_name} needs at least one row of data; {area} has none")
    if table.has_totals and area.last_row != old.last_row:
        raise ValueError(f"hide the totals row of {table.display_name} before its rows change (show_totals = False)")
    _check_room(worksheet, area, table)
    worksheet.check_change(area)
    for _ in range(area.column, old.column):
        table.insert_column(0, "")
    for _ in range(old.column, area.column):
        table.remove_column(0)
    names = table.columns[: area.columns]
    table.name_columns(names + [""] * (area.columns - len(names)))
    table.set_area(area)
    sync_headers(worksheet, table)
    body = table.body()
    if body is not None and old_body is not None and area.column == old.column:
        _fill_calculated(worksheet, table, body, old_body)


def _fill_calculated(worksheet: "Worksheet", table: Table, body: Area, old_body: Area) -> None:
    """Go on with calculated columns in new rows that are empty.

    LibreOffice doesn't store which columns are calculated: one that has a formula in every row is taken for one.
    """
    first, count = old_body.last_row + 1, body.last_row - old_body.last_row
    for position in range(body.columns if count > 0 else 0):
        column = body.column + position
        formula = worksheet.formula(old_body.last_row, column)
        if formula is None or not (table.calculated(position) or _all_formulas(worksheet, old_body, column)):
            formula = table.calculated(position)
        area = Area(first, column, count, 1)
        if formula is None or any(inner for _, _, (_, inner) in worksheet.grid.present(area)):
            continue
        text = from_file(formula.removeprefix("="))
        moved = [translated(text, (old_body.last_row, column), (row, column)) for row in range(first, first + count)]
        worksheet.write(area, [[one] for one in moved])


def _all_formulas(worksheet: "Worksheet", body: Area, column: int) -> bool:
    rows = range(body.row, body.last_row + 1)
    return all((cell := worksheet.grid.cell(row, column)) and "<f" in cell[1] for row in rows)


def sync_headers(worksheet: "Worksheet", table: Table) -> None:
    """Make the table's column names and its header cells the same, as the file must have them.

    The cells win; an empty one gets `Column1` and so on, one that repeats another a number, one that is a number
    becomes text, as in Excel.
    """
    header = table.header()
    if header is None:
        names = table.columns
        if any(not name for name in names):
            table.name_columns(_named(list(names)))
        return
    cells = worksheet.values(header)[0]
    date1904 = worksheet.workbook.date1904
    shown = [entry_text(cell, lambda day: to_serial(day, date1904)) for cell in cells]
    names = _named(shown)
    table.name_columns(names)
    if names != cells:
        entries = [f"'{name}" if name.startswith(("=", "'")) else name for name in names]
        worksheet.writer.block(worksheet.grid, header, [entries])
        worksheet.changed = True


def _named(shown: list[str]) -> list[str]:
    names: list[str] = []
    for text in shown:
        name, lower = text, {known.lower() for known in names}
        if not name:
            name = unused_name("Column", names + shown)
        elif name.lower() in lower:
            name = next(f"{text}{n}" for n in range(2, len(shown) + 3) if f"{text}{n}".lower() not in lower)
        names.append(name)
    return names
