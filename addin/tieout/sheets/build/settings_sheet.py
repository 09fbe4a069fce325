"""Settings: a row for each setting, each with its own rule, and the marketplaces below."""

import math
from decimal import Decimal
from typing import Any

from tieout.domain.marketplace import by_country
from tieout.rules.charts import load_chart
from tieout.sheets.build.drawing import CellValue, Drawing, address
from tieout.sheets.build.home_sheet import UNPROTECTED_KINDS
from tieout.sheets.build.table_sheets import draw_head, draw_heading
from tieout.sheets.build.validations import column_rule, explain_heads, prompt, rule_for
from tieout.sheets.layout import ColumnType, SettingLayout, SheetLayout, TableLayout

LINE_HEIGHT = 16
CHARACTERS_PER_WIDTH = 1.25  # a column is as wide as that many digits; text runs narrower


def draw_settings(drawing: Drawing, sheet: SheetLayout) -> None:
    """The whole sheet, protected without a password, the user's cells open."""
    worksheet = drawing.add_sheet(sheet)
    settings, marketplaces = sheet.tables
    draw_head(drawing, worksheet, sheet)
    worksheet.set_column(0, 0, 2)
    for number, column in enumerate(settings.columns):
        at = settings.first_column - 1 + number
        worksheet.set_column(at, at, column.width)
    _add_table(drawing, worksheet, settings, len(drawing.layout.settings))
    section = ""
    for number, setting in enumerate(drawing.layout.settings, 1):
        row = settings.header_row - 1 + number
        begins = setting.section != section
        worksheet.write_string(row, settings.first_column - 1, setting.section, _section_form(drawing, begins))
        _draw_setting(drawing, worksheet, settings, row, setting)
        section = setting.section
    _draw_marketplaces(drawing, worksheet, marketplaces)
    last = marketplaces.header_row + len(drawing.layout.marketplaces) - 1
    worksheet.freeze_panes(settings.header_row, 0)
    worksheet.repeat_rows(settings.header_row - 1)
    worksheet.print_area(0, 0, last, settings.first_column - 2 + len(settings.columns))
    worksheet.protect("", UNPROTECTED_KINDS)


def _add_table(drawing: Drawing, worksheet: Any, table: TableLayout, rows: int) -> None:
    worksheet.set_row(table.header_row - 1, 20)
    worksheet.add_table(
        table.header_row - 1,
        table.first_column - 1,
        table.header_row - 1 + rows,
        table.first_column - 2 + len(table.columns),
        {
            "name": table.name,
            "style": drawing.theme.table_style,
            "autofilter": False,
            "columns": [
                {"header": one.title, "header_format": drawing.formats.column_head(one)} for one in table.columns
            ],
        },
    )
    explain_heads(worksheet, table)


def _draw_setting(drawing: Drawing, worksheet: Any, table: TableLayout, row: int, setting: SettingLayout) -> None:
    formats = drawing.formats
    first = table.first_column - 1
    plain = formats.output_cell("@", locked=True, indent=1)
    quiet = formats.output_cell("@", locked=True, font_color="muted", indent=1)
    default = _default(drawing, setting)
    shown = setting.default_label(drawing.country) if not setting.role else default
    help_width = table.column("help").width
    worksheet.set_row(row, LINE_HEIGHT * math.ceil(len(setting.help) / (help_width * CHARACTERS_PER_WIDTH)))
    worksheet.write_string(row, first + 1, setting.title, formats.output_cell("@", locked=True, bold=True, indent=1))
    if setting.is_input:
        form = formats.input_cell(setting.number_format)
    else:
        form = formats.output_cell(setting.number_format, locked=not setting.is_filled, align="left", indent=1)
    drawing.write(worksheet, row, first + 2, _first_value(drawing, setting, default), form)
    said = formats.output_cell(setting.number_format, locked=True, font_color="muted", align="left", indent=1)
    drawing.write(worksheet, row, first + 3, _typed(setting, shown), said)
    worksheet.write_string(
        row, first + 4, setting.help, formats.output_cell("@", locked=True, text_wrap=True, indent=1)
    )
    worksheet.write_string(row, first + 5, setting.key, plain if setting.is_input else quiet)
    worksheet.data_validation(address(row, first + 2), _rule(drawing, setting) | prompt(setting.title, setting.help))
    if setting.cell_name:
        drawing.name_cell(setting.cell_name, table.sheet, row, first + 2)


def _section_form(drawing: Drawing, begins: bool) -> Any:
    """The section stands on every row, for filters; it is strong on its first."""
    colour = "brand" if begins else "muted_text"
    return drawing.formats.output_cell("@", locked=True, font_color=colour, bold=begins, indent=1)


def _default(drawing: Drawing, setting: SettingLayout) -> str:
    if setting.role:
        account = load_chart(drawing.country).by_role(setting.role)
        return account.name if account else ""
    return setting.default(drawing.country)


def _first_value(drawing: Drawing, setting: SettingLayout, default: str) -> CellValue:
    """What the setting says in a new book."""
    known = {
        "company": drawing.company,
        "country": drawing.country,
        "company_id": drawing.company_id,
        "tieout_version": drawing.version,
        "layout_version": str(drawing.layout.version),
    }
    return known.get(setting.key) or _typed(setting, setting.label(default))


def _typed(setting: SettingLayout, text: str) -> CellValue:
    if text and setting.type in {ColumnType.QUANTITY, ColumnType.PERCENT}:
        return Decimal(text)
    return text


def _rule(drawing: Drawing, setting: SettingLayout) -> dict[str, Any]:
    if not setting.is_input:
        return {"validate": "any"}
    rule = rule_for(
        drawing,
        setting.type,
        list_key=setting.list_key,
        values=tuple(option.label for option in setting.options),
        minimum=setting.minimum,
    )
    if setting.open_list:
        rule["error_type"] = "information"
        rule["error_message"] = "This is not in the list that Refresh lists fetched. OK keeps it."
    if setting.longest is not None:
        rule = {
            "validate": "length",
            "criteria": "<=",
            "value": setting.longest,
            "error_title": "Too long",
            "error_message": f"At most {setting.longest} characters.",
        }
    return rule or {"validate": "any"}


def _draw_marketplaces(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    first = table.first_column - 1
    draw_heading(drawing, worksheet, table.header_row - 2, (first, first + len(table.columns) - 1), table.heading)
    _add_table(drawing, worksheet, table, len(drawing.layout.marketplaces))
    for number, code in enumerate(drawing.layout.marketplaces, 1):
        row = table.header_row - 1 + number
        found = by_country(code)
        site = f"{found.name}, {found.currency}, {found.time_zone}" if found else ""
        values = {"marketplace": code, "site": site, "method": "As above"}
        for offset, column in enumerate(table.columns):
            if column.is_input:
                form = drawing.formats.input_cell(column.number_format)
                worksheet.data_validation(address(row, first + offset), column_rule(drawing, column))
            else:
                form = drawing.formats.output_cell(column.number_format, locked=True, indent=1)
            drawing.write(worksheet, row, first + offset, values.get(column.key), form)
