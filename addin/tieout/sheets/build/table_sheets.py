"""Sheets whose main thing is a table: head, totals, table, page set-up."""

from collections.abc import Sequence
from typing import Any

from tieout.sheets.build.conditions import colour_currency, colour_table
from tieout.sheets.build.drawing import LAST_ROW, Drawing, Row, address
from tieout.sheets.build.validations import validate_table
from tieout.sheets.layout import ColumnLayout, ColumnType, SheetLayout, TableLayout

HEAD_HEIGHT = 28
TITLE_HEIGHT = 26
LINE_HEIGHT = 13.5
MIXED = "mixed"
PRINTED_CHARACTERS_MAX = 210
HOME = "Home"


def draw_table_sheet(drawing: Drawing, sheet: SheetLayout) -> Any:
    """The whole sheet; what it has besides its tables is drawn by others."""
    worksheet = drawing.add_sheet(sheet)
    main = sheet.table
    draw_head(drawing, worksheet, sheet)
    for table in sheet.tables:
        set_columns(drawing, worksheet, table)
        _draw_totals(drawing, worksheet, table)
        if table.heading:
            first = table.first_column - 1
            across = (first, first + len(table.columns) - 1)
            draw_heading(drawing, worksheet, table.header_row - 2, across, table.heading)
        draw_table(drawing, worksheet, table)
    worksheet.freeze_panes(main.header_row, sheet.freeze_columns)
    worksheet.repeat_rows(main.header_row - 1)
    # To the bottom of the sheet: it holds as the table grows, and only what is filled is printed. Given as a name,
    # because XlsxWriter would write whole columns (A:N), which openpyxl does not keep.
    area = f"$A$1:{address(LAST_ROW - 1, _last_printed(sheet), absolute=True)}"
    drawing.workbook.define_name(f"'{sheet.name}'!_xlnm.Print_Area", f"='{sheet.name}'!{area}")
    return worksheet


def _last_printed(sheet: SheetLayout) -> int:
    """The last column, from 0, that still prints legibly across one page; what is right of it is for the screen."""
    widths = {t.first_column - 1 + n: column.width for t in sheet.tables for n, column in enumerate(t.columns)}
    characters, last = 0, 0
    for column in sorted(widths):
        characters += widths[column]
        if characters > PRINTED_CHARACTERS_MAX:
            break
        last = column
    return last


def draw_head(drawing: Drawing, worksheet: Any, sheet: SheetLayout) -> None:
    """Title, purpose, and the way back to Home."""
    column = sheet.table.first_column - 1
    worksheet.set_row(0, TITLE_HEIGHT)
    worksheet.write_string(0, column, sheet.name, drawing.formats.title())
    worksheet.write_string(1, column, sheet.purpose, drawing.formats.note())
    if sheet.name != HOME:
        worksheet.write_url(2, column, f"internal:'{HOME}'!A1", drawing.formats.link(), HOME)


def draw_heading(drawing: Drawing, worksheet: Any, row: int, across: tuple[int, int], text: str) -> None:
    """A heading with its line across some columns, from 0."""
    first, last = across
    form = drawing.formats.heading()
    worksheet.write_string(row, first, text, form)
    for column in range(first + 1, last + 1):
        worksheet.write_blank(row, column, None, form)


def set_columns(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    """Widths, and the format of every cell that the table may grow into."""
    for number, column in enumerate(table.columns):
        at = table.first_column - 1 + number
        worksheet.set_column(at, at, column.width, drawing.formats.column_cell(column))


def draw_table(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    """The table with the rows that it has from the start, or the one empty row that a table must have."""
    rows = drawing.rows.get(table.name, ())
    first_row, first_column = table.header_row, table.first_column - 1
    last_row = first_row + max(len(rows), 1) - 1
    worksheet.set_row(table.header_row - 1, HEAD_HEIGHT)
    worksheet.add_table(
        first_row - 1,
        first_column,
        last_row,
        first_column + len(table.columns) - 1,
        {
            "name": table.name,
            "style": drawing.theme.table_style,
            "columns": [_column_options(drawing, column) for column in table.columns],
        },
    )
    _write_rows(drawing, worksheet, table, rows)
    validate_table(drawing, worksheet, table)
    colour_table(drawing, worksheet, table)


def _column_options(drawing: Drawing, column: ColumnLayout) -> dict[str, Any]:
    options = {
        "header": column.title,
        "header_format": drawing.formats.column_head(column),
        "format": drawing.formats.column_cell(column),
    }
    if column.formula and column.formula != "own":
        options["formula"] = column.formula
    return options


def _write_rows(drawing: Drawing, worksheet: Any, table: TableLayout, rows: Sequence[Row]) -> None:
    forms = [drawing.formats.column_cell(column) for column in table.columns]
    known = {column.key for column in table.columns}
    for number, row in enumerate(rows or ({},)):
        _fit_height(worksheet, table, table.header_row + number, row)
        if strange := row.keys() - known:
            raise ValueError(f"table {table.name} has no column {', '.join(sorted(strange))}")
        at = table.header_row + number
        for offset, column in enumerate(table.columns):
            place = table.first_column - 1 + offset
            if column.formula and column.formula != "own":
                # Cached value: what the formula gives until the file is calculated. Nothing, for a link.
                worksheet.write_formula(at, place, column.formula, forms[offset], "")
            elif row.get(column.key) not in {None, ""}:
                drawing.write(worksheet, at, place, row[column.key], forms[offset])


def _fit_height(worksheet: Any, table: TableLayout, at: int, row: Row) -> None:
    """As high as the text that wraps in it; a spreadsheet does so by itself only for what is typed."""
    wrapped = [column for column in table.columns if column.wrap]
    lines = max((-(-len(str(row.get(one.key) or "")) // one.width) for one in wrapped), default=1)
    if lines > 1:
        worksheet.set_row(at, LINE_HEIGHT * lines)


def _draw_totals(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    """Over the header: how many rows are shown, in which currency, and the sums, which follow the filter.

    Rows of several currencies have no sums: currencies are never added together.
    """
    totals = [column for column in table.columns if column.has_total]
    if not totals:
        return
    row = table.header_row - 2
    name = table.name
    first = table.first_column - 1
    places = {column.key: first + number for number, column in enumerate(table.columns)}
    strong = drawing.formats.made(bold=True, font_color="brand", num_format="General")
    key = table.column(table.key[0])
    shown = f'=SUBTOTAL(103,{name}[{key.title}])&" rows shown"'
    worksheet.write_formula(row, first + 1, shown, strong, "0 rows shown")
    currency = f"{name}[{table.column('currency').title}]"
    only = f'IF(COUNTIF({currency},INDEX({currency},1))=COUNTA({currency}),INDEX({currency},1),"{MIXED}")'
    worksheet.write_formula(row, places["currency"], f'=IF(COUNTA({currency})=0,"",{only})', strong, "")
    currency_cell = address(row, places["currency"], absolute=True)
    for column in totals:
        form = drawing.formats.made(bold=True, font_color="brand", num_format=column.number_format)
        total = f'=IF({currency_cell}="{MIXED}","",SUBTOTAL(109,{name}[{column.title}]))'
        worksheet.write_formula(row, places[column.key], total, form, 0)
    money = [column for column in totals if column.type is ColumnType.MONEY]
    colour_currency(drawing, worksheet, [address(row, places[column.key]) for column in money], currency_cell)
