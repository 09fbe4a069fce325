"""The layout as one record, read from the text in `workbook/`.

Only the standard library and `tieout.domain` are imported: a press reads the layout before it does anything else.
"""

from functools import cache
from typing import Any

from tieout.sheets.layout.read_home import read_home, read_ribbon
from tieout.sheets.layout.read_lists import lists_sheet, read_lists
from tieout.sheets.layout.read_settings import read_setting, read_status, status_columns
from tieout.sheets.layout.read_tables import Reading, read_sheet, table_names
from tieout.sheets.layout.text import Entry, held_to, read
from tieout.sheets.layout.workbook import WorkbookLayout

SHEET_KEYS = "name code_name purpose tab freeze tables"
SHEET_PARTS = "protected settings statuses fields steps figures chart"


@cache
def load_layout() -> WorkbookLayout:
    """The layout of the workbook. Raises ValueError, naming the file, for what is wrong in its text."""
    book = held_to(read("workbook"), "workbook/workbook.toml", "layout_version sheets marketplaces")
    formats = read("theme")["number_formats"]
    texts = {file: _sheet_text(file) for file in book["sheets"]}
    names = table_names(texts)
    lists = read_lists(read("lists")["lists"], book["marketplaces"])
    settings = texts["settings"]["settings"]
    sheets = tuple(
        read_sheet(Reading(f"workbook/sheets/{file}.toml", formats, names), text, len(settings))
        for file, text in texts.items()
    )
    layout = WorkbookLayout(
        version=book["layout_version"],
        sheets=(*sheets, lists_sheet(lists, formats["text"])),
        lists=lists,
        settings=tuple(read_setting(entry, formats) for entry in settings),
        statuses=tuple(read_status(entry) for entry in texts["status-filters"]["statuses"]),
        home=read_home(texts["home"], formats),
        ribbon=read_ribbon(read("buttons")),
        marketplaces=tuple(book["marketplaces"]),
    )
    _held_together(layout)
    return layout


def _sheet_text(file: str) -> Entry:
    text = held_to(read(f"sheets/{file}"), f"workbook/sheets/{file}.toml", SHEET_KEYS, SHEET_PARTS)
    if "statuses" in text:
        columns: list[Any] = text["tables"][0]["columns"]
        text["tables"][0]["columns"] = [*columns[:-1], *status_columns(text["statuses"]), columns[-1]]
    return text


def _held_together(layout: WorkbookLayout) -> None:
    """What one file says of another must be there: lists, sheets and buttons; names are given once."""
    lists = {one.key for one in layout.lists}
    used = {column.list_key for table in layout.tables for column in table.columns}
    used |= {setting.list_key for setting in layout.settings} | {cell.list_key for cell in layout.home.cells}
    if unknown := used - lists - {""}:
        raise ValueError(f"workbook/lists.toml has no list {', '.join(sorted(unknown))}")
    sheets = {sheet.name for sheet in layout.sheets}
    named = {name for button in layout.buttons for name in button.sheets} | {s.sheet for s in layout.home.steps}
    if unknown := named - sheets:
        raise ValueError(f"workbook/ has no sheet {', '.join(sorted(unknown))}")
    presses = {button.press for button in layout.buttons}
    if unknown := {step.press for step in layout.home.steps} - presses - {""}:
        raise ValueError(f"workbook/buttons.toml has no button {', '.join(sorted(unknown))}")
    names = [name.casefold() for name in _names(layout)]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"workbook/: the name {', '.join(sorted(twice))} is given twice")


def _names(layout: WorkbookLayout) -> list[str]:
    return [
        *(table.name for table in layout.tables),
        *(one.name for one in layout.lists),
        *(cell.name for cell in layout.home.cells),
        *(figure.name for figure in layout.home.figures if figure.name),
        *(setting.cell_name for setting in layout.settings if setting.cell_name),
    ]
