"""Conditional formats: how rows stand, what is amiss, which cells are the user's, money in its currency.

Plain ones only, of Excel 2007: the extensions since are dropped when another program saves the file.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tieout.sheets.build.drawing import Drawing, address, letters
from tieout.sheets.build.theme import TONES
from tieout.sheets.layout import ColumnLayout, ColumnType, TableLayout


def colour_table(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    """All conditional formats of a table's rows. Each draws the hairline too: some programs apply only one."""
    first = table.first_column - 1
    places = {column.key: first + number for number, column in enumerate(table.columns)}
    for column in table.columns:
        cells = drawing.column_range(table, places[column.key])
        if column.list_key:
            colour_states(drawing, worksheet, cells, column.list_key)
        if column.alert:
            colour_alert(drawing, worksheet, cells)
    _colour_currencies(drawing, worksheet, table, places)
    _mark_inputs(drawing, worksheet, table, places)
    _rule_off(drawing, worksheet, table)


def colour_states(drawing: Drawing, worksheet: Any, cells: str, list_key: str) -> None:
    """Colours the values of a list that has tones."""
    by_tone: dict[str, list[str]] = defaultdict(list)
    for value, tone in drawing.layout.drop_down(list_key).tones.items():
        by_tone[tone].append(value)
    first = cells.split(":", maxsplit=1)[0]
    for tone in TONES:
        if tone in by_tone:
            tests = ",".join(f'{first}="{value}"' for value in by_tone[tone])
            worksheet.conditional_format(
                cells, {"type": "formula", "criteria": f"=OR({tests})", "format": tone_format(drawing, tone)}
            )


def tone_format(drawing: Drawing, tone: str) -> Any:
    """The look of a tone."""
    if tone == "muted":
        return _condition(drawing, font_color="muted")
    return _condition(drawing, font_color=tone, bg_color=f"{tone}_fill", bold=tone == "bad")


def _condition(drawing: Drawing, **properties: object) -> Any:
    return drawing.formats.condition(bottom=1, bottom_color="line", **properties)


def colour_alert(drawing: Drawing, worksheet: Any, cells: str) -> None:
    """Marks numbers that should be zero and are not."""
    first = cells.split(":", maxsplit=1)[0]
    worksheet.conditional_format(
        cells,
        {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({first}),ROUND(N({first}),2)<>0)",
            "format": tone_format(drawing, "bad"),
        },
    )


def colour_currency(drawing: Drawing, worksheet: Any, cells: Sequence[str], currency_cell: str) -> None:
    """Shows the money of `cells` in the currency that `currency_cell` names, relative to the first of them."""
    for currency, number_format in drawing.theme.currency_formats.items():
        worksheet.conditional_format(
            cells[0],
            {
                "type": "formula",
                "criteria": f'={currency_cell}="{currency}"',
                "format": _condition(drawing, num_format=number_format),
                "multi_range": " ".join(cells),
            },
        )


def _colour_currencies(drawing: Drawing, worksheet: Any, table: TableLayout, places: dict[str, int]) -> None:
    money = [places[column.key] for column in table.columns if column.type is ColumnType.MONEY]
    if money and "currency" in places:
        cells = [drawing.column_range(table, column) for column in money]
        colour_currency(drawing, worksheet, cells, f"${letters(places['currency'])}{table.header_row + 1}")


def _mark_inputs(drawing: Drawing, worksheet: Any, table: TableLayout, places: dict[str, int]) -> None:
    """Fills the user's cells of every row that holds anything."""
    marked = [column for column in table.inputs if column.is_marked]
    cells = [drawing.column_range(table, places[column.key]) for column in marked]
    if cells:
        fill = _condition(drawing, bg_color="input")
        worksheet.conditional_format(
            cells[0],
            {"type": "formula", "criteria": _row_holds(table), "format": fill, "multi_range": " ".join(cells)},
        )


def _rule_off(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    """A hairline under every row that holds anything."""
    first, last = table.first_column - 1, table.first_column - 2 + len(table.columns)
    bottom = drawing.column_range(table, last).split(":")[1]
    cells = f"{address(table.header_row, first)}:{bottom}"
    line = _condition(drawing)
    worksheet.conditional_format(cells, {"type": "formula", "criteria": _row_holds(table), "format": line})


def _row_holds(table: TableLayout) -> str:
    """Whether the row holds anything but formulas: one of the columns that tell rows apart, or of the user's."""
    row = table.header_row + 1
    watched: list[ColumnLayout] = [table.column(key) for key in table.key]
    if table.users_rows:
        watched = list(table.inputs)
    first = table.first_column - 1
    places = [first + table.columns.index(column) for column in watched]
    tests = ",".join(f"${letters(place)}{row}" for place in places)
    return f"=COUNTA({tests})>0"
