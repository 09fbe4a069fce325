"""Data validations: drop-downs, limits, and the help that shows when a cell is selected."""

from datetime import date
from typing import Any

from tieout.sheets.build.drawing import Drawing, address
from tieout.sheets.layout import ColumnLayout, ColumnType, TableLayout

# What Excel takes of a prompt or an error message.
PROMPT_CHARACTERS_MAX = 255
PROMPT_TITLE_CHARACTERS_MAX = 32
EARLIEST = date(2000, 1, 1)
TICKS = "ticks"


def validate_table(drawing: Drawing, worksheet: Any, table: TableLayout) -> None:
    """Help on every header; on the user's columns what may be typed, down to the bottom of the sheet."""
    explain_heads(worksheet, table)
    for number, column in enumerate(table.columns):
        rule = column_rule(drawing, column)
        if rule:
            worksheet.data_validation(drawing.column_range(table, table.first_column - 1 + number), rule)


def explain_heads(worksheet: Any, table: TableLayout) -> None:
    """The help of each column, shown when its header is selected."""
    for number, column in enumerate(table.columns):
        head = address(table.header_row - 1, table.first_column - 1 + number)
        worksheet.data_validation(head, {"validate": "any", **prompt(column.title, column.help)})


def column_rule(drawing: Drawing, column: ColumnLayout) -> dict[str, Any]:
    """What may be typed into a column of the user's; {} where anything may."""
    if not column.is_input:
        return {}
    rule = rule_for(drawing, column.type, list_key=column.list_key, values=column.values, minimum=column.minimum)
    if not rule:
        return {}
    if column.open_list:
        rule["error_type"] = "information"
        rule["error_title"] = "Not in the list"
        rule["error_message"] = "This is not in the list that Refresh lists fetched. OK keeps it."
    if column.list_key == TICKS:
        return rule  # a box at every tick would be in the way; the help is on the header
    return rule | prompt(column.title, column.help)


def rule_for(
    drawing: Drawing,
    kind: ColumnType,
    *,
    list_key: str = "",
    values: tuple[str, ...] = (),
    minimum: int | None = None,
) -> dict[str, Any]:
    """XlsxWriter's options for a type with its list or limits; {} where anything may be typed."""
    if list_key:
        return {
            "validate": "list",
            "source": f"={drawing.layout.drop_down(list_key).name}",
            "error_title": "Not in the list",
            "error_message": "Choose a value from the list, or leave the cell empty.",
        }
    if values:
        return {
            "validate": "list",
            "source": list(values),
            "error_title": "Not in the list",
            "error_message": "Choose a value from the list.",
        }
    if kind in {ColumnType.DATE, ColumnType.DATETIME}:
        return {
            "validate": "date",
            "criteria": ">=",
            "value": EARLIEST,
            "error_title": "Not a date",
            "error_message": "Type a date, as your computer writes dates.",
        }
    if minimum is not None:
        whole = kind is ColumnType.QUANTITY
        return {
            "validate": "integer" if whole else "decimal",
            "criteria": ">=",
            "value": minimum,
            "error_title": "Not a number that can be used",
            "error_message": f"Type a {'whole ' if whole else ''}number, {minimum} or more, or nothing.",
        }
    return {}


def prompt(title: str, help_text: str) -> dict[str, str]:
    """The box that shows when the cell is selected."""
    return {"input_title": title[:PROMPT_TITLE_CHARACTERS_MAX], "input_message": shortened(help_text)}


def shortened(text: str, longest: int = PROMPT_CHARACTERS_MAX) -> str:
    """As many whole sentences of `text` as fit, or what fits of the first."""
    if len(text) <= longest:
        return text
    kept = text[:longest]
    end = kept.rfind(". ")
    return kept[: end + 1] if end > 0 else kept[: longest - 4].rstrip() + " ..."
