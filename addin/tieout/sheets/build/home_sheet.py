"""Home: what is shown, the connections, what is going on, the month's checklist, the figures and the chart."""

from typing import Any

from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.sheets.build.conditions import colour_alert, colour_currency, colour_states, tone_format
from tieout.sheets.build.drawing import Drawing, address
from tieout.sheets.build.table_sheets import draw_head, draw_heading
from tieout.sheets.build.validations import explain_heads, prompt, rule_for
from tieout.sheets.layout import CellLayout, ColumnType, SheetLayout, StepLayout, TableLayout

# Columns from 0. The checklist fills B to G; cells of the top stand in it, the figures right of it.
LABELS, VALUES, SECOND_LABELS, SECOND_VALUES, LAST = 2, 3, 5, 6, 6
FIGURES, AMOUNTS = 8, 9
WIDTHS = {0: 2, 7: 3, FIGURES: 27, AMOUNTS: 19, 10: 2}
TOP_ROW, PRESS_ROW = 3, 8
GROUPS_ROW = 12
CHART_ROWS = 17
ROW_HEIGHT = 17
CURRENCY_CELL = "HomeCurrency"
UNPROTECTED_KINDS = {"select_locked_cells": True, "select_unlocked_cells": True, "format_columns": True}
_ALIGN = {"step": "center", "state": "center"}
GROUPS = tuple(str(group) for group in Group if group not in BALANCING_GROUPS)


def draw_home(drawing: Drawing, sheet: SheetLayout) -> None:
    """The whole sheet. Formulas and named inputs only: what stands here is worked out from the other sheets."""
    worksheet = drawing.add_sheet(sheet)
    table = sheet.table
    worksheet.set_default_row(ROW_HEIGHT)
    draw_head(drawing, worksheet, sheet)
    worksheet.write_formula(0, 1, "=CompanyName", drawing.formats.title(), drawing.company)
    for column, width in WIDTHS.items():
        worksheet.set_column(column, column, width)
    for number, one in enumerate(table.columns):
        worksheet.set_column(table.first_column - 1 + number, table.first_column - 1 + number, one.width)
    _draw_cells(drawing, worksheet)
    _draw_steps(drawing, worksheet, table)
    _draw_figures(drawing, worksheet)
    last_group = _draw_groups(drawing, worksheet)
    last = table.header_row + len(drawing.layout.home.steps) + 2 + CHART_ROWS
    _draw_chart(drawing, worksheet, last_group, table.header_row + len(drawing.layout.home.steps) + 2)
    worksheet.print_area(0, 0, last, AMOUNTS)
    worksheet.fit_to_pages(1, 1)
    worksheet.protect("", UNPROTECTED_KINDS)
    worksheet.activate()


def _draw_cells(drawing: Drawing, worksheet: Any) -> None:
    cells = drawing.layout.home.cells
    draw_heading(drawing, worksheet, TOP_ROW, (LABELS, VALUES), "What is shown")
    draw_heading(drawing, worksheet, TOP_ROW, (SECOND_LABELS, SECOND_VALUES), "Connections")
    draw_heading(drawing, worksheet, PRESS_ROW, (LABELS, SECOND_VALUES), "Now, and last")
    for number, cell in enumerate(one for one in cells if one.place == "shown"):
        _draw_cell(drawing, worksheet, cell, TOP_ROW + 1 + number, LABELS)
    for number, cell in enumerate(one for one in cells if one.place == "connections"):
        _draw_cell(drawing, worksheet, cell, TOP_ROW + 1 + number, SECOND_LABELS)
    left = {"TieoutStatus": 0, "LastButton": 1, "LastOutcome": 2, "LastSentence": 3}
    right = {"TieoutProgress": 0, "LastAt": 1}
    for cell in (one for one in cells if one.place == "press"):
        if cell.name in left:
            _draw_cell(drawing, worksheet, cell, PRESS_ROW + 1 + left[cell.name], LABELS)
        else:
            _draw_cell(drawing, worksheet, cell, PRESS_ROW + 1 + right[cell.name], SECOND_LABELS)


def _draw_cell(drawing: Drawing, worksheet: Any, cell: CellLayout, row: int, column: int) -> None:
    formats = drawing.formats
    worksheet.write_string(row, column, cell.title, formats.label())
    if cell.is_input:
        form = formats.input_cell(cell.number_format)
    else:
        # Open, because the product writes it while the sheet is protected.
        form = formats.output_cell(cell.number_format, locked=False, align="left")
    default = cell.default
    if default == "home currency":
        default = drawing.layout.setting("home_currency").default(drawing.country)
    drawing.write(worksheet, row, column + 1, default, form)
    drawing.name_cell(cell.name, "Home", row, column + 1)
    at = address(row, column + 1)
    rule = rule_for(drawing, cell.type, list_key=cell.list_key) if cell.is_input else {"validate": "any"}
    worksheet.data_validation(at, rule | prompt(cell.title, cell.help))
    if cell.list_key:
        colour_states(drawing, worksheet, at, cell.list_key)
    if cell.type is ColumnType.PERCENT:
        worksheet.conditional_format(
            at,
            {
                "type": "data_bar",
                "bar_color": drawing.theme.colour("busy"),
                "min_type": "num",
                "min_value": 0,
                "max_type": "num",
                "max_value": 1,
            },
        )


def _draw_steps(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    first, head = table.first_column - 1, table.header_row - 1
    draw_heading(drawing, worksheet, head - 1, (first + 1, LAST), "The month, step by step")
    worksheet.set_row(head, 20)
    worksheet.add_table(
        head,
        first,
        head + len(drawing.layout.home.steps),
        first + len(table.columns) - 1,
        {
            "name": table.name,
            "style": drawing.theme.table_style,
            "autofilter": False,
            "columns": [
                {
                    "header": one.title,
                    "header_format": drawing.formats.column_head(one, align=_ALIGN.get(one.key, "left")),
                }
                for one in table.columns
            ],
        },
    )
    for number, step in enumerate(drawing.layout.home.steps, 1):
        _draw_step(drawing, worksheet, table, number, step)
    explain_heads(worksheet, table)
    places = {one.key: first + number for number, one in enumerate(table.columns)}
    last = head + len(drawing.layout.home.steps)
    states = f"{address(head + 1, places['state'])}:{address(last, places['state'])}"
    colour_states(drawing, worksheet, states, table.column("state").list_key)


def _draw_step(drawing: Drawing, worksheet: Any, table: TableLayout, number: int, step: StepLayout) -> None:
    row, first = table.header_row - 1 + number, table.first_column - 1
    plain = drawing.formats.output_cell("General", locked=True)
    quiet = drawing.formats.output_cell("General", locked=True, font_color="muted")
    middle = drawing.formats.output_cell("General", locked=True, align="center")
    button = drawing.layout.button(step.press).full_label if step.press else "by hand"
    proposed = len(drawing.rows.get("Accounts", ()))
    worksheet.write_number(row, first, number, middle)
    worksheet.write_string(row, first + 1, step.task, plain)
    worksheet.write_string(row, first + 2, button, plain if step.press else quiet)
    worksheet.write_formula(row, first + 3, step.state, middle, step.empty_state)
    worksheet.write_formula(row, first + 4, step.detail, quiet, step.empty_detail.format(proposed=proposed))
    link = drawing.formats.output_cell("General", locked=True, font_color="link", underline=1)
    worksheet.write_url(row, first + 5, f"internal:'{step.sheet}'!A1", link, step.sheet)


def _draw_figures(drawing: Drawing, worksheet: Any) -> None:
    draw_heading(drawing, worksheet, TOP_ROW, (FIGURES, AMOUNTS), "Figures")
    worksheet.write_formula(
        TOP_ROW,
        AMOUNTS,
        f"={CURRENCY_CELL}",
        drawing.formats.made(bold=True, align="right", font_color="brand", bottom=1, bottom_color="brand"),
        drawing.layout.setting("home_currency").default(drawing.country),
    )
    money = []
    for number, figure in enumerate(drawing.layout.home.figures):
        row = TOP_ROW + 1 + number
        at = address(row, AMOUNTS)
        form = drawing.theme.number_formats[figure.type] if figure.type is ColumnType.MONEY else "General"
        worksheet.write_string(row, FIGURES, figure.title, drawing.formats.label())
        worksheet.write_formula(
            row,
            AMOUNTS,
            figure.formula,
            drawing.formats.output_cell(form, locked=True, align="right", bold=bool(figure.name)),
            figure.empty,
        )
        if figure.name:
            drawing.name_cell(figure.name, "Home", row, AMOUNTS)
        if figure.alert:
            colour_alert(drawing, worksheet, at)
        if figure.type is ColumnType.MONEY:
            money.append(at)
        else:
            _colour_verdict(drawing, worksheet, at)
    colour_currency(drawing, worksheet, money, CURRENCY_CELL)


def _colour_verdict(drawing: Drawing, worksheet: Any, at: str) -> None:
    for verdict, tone in (("Ties out", "good"), ("Does not tie out", "bad"), ("Not proved yet", "warn")):
        worksheet.conditional_format(
            at, {"type": "formula", "criteria": f'={at}="{verdict}"', "format": tone_format(drawing, tone)}
        )


def _draw_groups(drawing: Drawing, worksheet: Any) -> int:
    """The shown lines by group, for reading and for the chart; the last row, from 0."""
    draw_heading(drawing, worksheet, GROUPS_ROW, (FIGURES, AMOUNTS), drawing.layout.home.chart_title)
    amount = drawing.formats.output_cell(drawing.theme.number_formats["money"], locked=True, align="right")
    for number, group in enumerate(GROUPS, 1):
        row = GROUPS_ROW + number
        worksheet.write_string(row, FIGURES, group, drawing.formats.label())
        formula = drawing.layout.home.chart_formula.replace("{group}", group)
        worksheet.write_formula(row, AMOUNTS, formula, amount, 0)
    last = GROUPS_ROW + len(GROUPS)
    cells = f"{address(GROUPS_ROW + 1, AMOUNTS)}:{address(last, AMOUNTS)}"
    colour_currency(drawing, worksheet, [cells], CURRENCY_CELL)
    return last


def _draw_chart(drawing: Drawing, worksheet: Any, last_group: int, row: int) -> None:
    chart = drawing.workbook.add_chart({"type": "column"})
    brand, muted = drawing.theme.colour("brand"), drawing.theme.colour("muted")
    chart.add_series(
        {
            "name": drawing.layout.home.chart_title,
            "categories": ["Home", GROUPS_ROW + 1, FIGURES, last_group, FIGURES],
            "values": ["Home", GROUPS_ROW + 1, AMOUNTS, last_group, AMOUNTS],
            "fill": {"color": brand},
            "gap": 60,
        }
    )
    font = {"name": drawing.theme.font, "size": 9, "color": muted}
    chart.set_title({"name": drawing.layout.home.chart_title, "name_font": font | {"size": 12, "color": brand}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": font | {"rotation": -45}, "label_position": "low", "line": {"color": muted}})
    grid = {"visible": True, "line": {"color": drawing.theme.colour("line")}}
    chart.set_y_axis({"num_font": font, "num_format": "#,##0", "major_gridlines": grid, "line": {"none": True}})
    chart.set_chartarea({"border": {"color": drawing.theme.colour("line")}})
    chart.set_size({"width": 1010, "height": 22 * CHART_ROWS})
    worksheet.insert_chart(row, 1, chart, {"object_position": 2})
