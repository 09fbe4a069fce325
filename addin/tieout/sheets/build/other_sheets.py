"""What stands on sheets besides their tables: the statuses' definitions; and the hidden sheets."""

from tieout.sheets.build.drawing import Drawing
from tieout.sheets.build.table_sheets import draw_heading, draw_table_sheet
from tieout.sheets.build.vba_sources import CONF_SHEET
from tieout.sheets.layout import SheetLayout

CONF_CODE_NAME = "ShTieoutConf"
DEFINITION_HEIGHT = 29
FIRST_COLUMN, TEXT_COLUMN = 1, 3


def draw_status_filters(drawing: Drawing, sheet: SheetLayout) -> None:
    """The table, and below it what each status is in Amazon's terms."""
    worksheet = draw_table_sheet(drawing, sheet)
    formats = drawing.formats
    row = sheet.table.header_row + len(drawing.rows[sheet.table_name]) + 2
    last = len(sheet.columns) - 1
    draw_heading(drawing, worksheet, row, (FIRST_COLUMN, last), "What the statuses are, in Amazon's terms")
    reading = formats.made(font_color="busy", valign="top")
    setting = drawing.layout.setting("payment_complete")
    said = setting.default_label(drawing.country)
    worksheet.write_formula(
        row + 1,
        FIRST_COLUMN,
        '="In this book, payment complete means: "&PaymentCompleteMeans&" (Settings)."',
        reading,
        f"In this book, payment complete means: {said} (Settings).",
    )
    head = formats.made(bold=True, valign="top", num_format="@")
    text = formats.made(text_wrap=True, valign="top", align="left", num_format="@")
    for number, status in enumerate(drawing.layout.statuses):
        at = row + 2 + number
        worksheet.set_row(at, DEFINITION_HEIGHT)
        worksheet.write_string(at, FIRST_COLUMN, status.title, head)
        worksheet.merge_range(at, TEXT_COLUMN, at, last, status.definition, text)


def draw_lists(drawing: Drawing, sheet: SheetLayout) -> None:
    """The hidden sheet of drop-down lists, each a table of one column, and the names that cells refer to."""
    worksheet = drawing.workbook.add_worksheet(sheet.name)
    worksheet.set_vba_name(sheet.code_name)
    drawing.sheets[sheet.name] = worksheet
    form = drawing.formats.made(num_format="@")
    for table in sheet.tables:
        column = table.first_column - 1
        values = [str(row["value"]) for row in drawing.rows.get(table.name, ())]
        worksheet.set_column(column, column, table.columns[0].width, form)
        worksheet.add_table(
            table.header_row - 1,
            column,
            table.header_row - 1 + max(1, len(values)),
            column,
            {
                "name": table.name,
                "style": None,
                "autofilter": False,
                "columns": [{"header": table.columns[0].title}],
            },
        )
        for number, value in enumerate(values):
            worksheet.write_string(table.header_row + number, column, value, form)
    for one in drawing.layout.lists:
        # By way of the table, so that the list is as long as the table is.
        refers_to = one.refers_to or f"{one.table_name}[{one.column}]"
        drawing.workbook.define_name(one.name, f"={refers_to}")
    worksheet.hide()


def draw_conf(drawing: Drawing, python: str | None) -> None:
    """The very hidden sheet that xlwings' VBA reads its settings from.

    The interpreter stands here only where the caller wants this book to have its own; else it is in the user's
    settings, so that a book can go from one computer to another.
    """
    worksheet = drawing.workbook.add_worksheet(CONF_SHEET)
    worksheet.set_vba_name(CONF_CODE_NAME)
    settings: list[tuple[str, str | bool]] = [
        ("PYTHONPATH", ""),
        ("ADD_WORKBOOK_TO_PYTHONPATH", False),  # a file beside the book is never run by chance
        ("SHOW CONSOLE", False),
    ]
    if python is not None:
        settings += [("INTERPRETER_WIN", python), ("INTERPRETER_MAC", python)]
    for row, (name, value) in enumerate(settings):
        worksheet.write_string(row, 0, name)
        if isinstance(value, bool):
            worksheet.write_boolean(row, 1, value)
        else:
            worksheet.write_string(row, 1, value)
    worksheet.very_hidden()
