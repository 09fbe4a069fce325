"""Sheets, tables and columns out of the layout's text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tieout.sheets.layout.formulas import TableNames, written_out
from tieout.sheets.layout.tables import ColumnLayout, ColumnType, SheetLayout, TableLayout
from tieout.sheets.layout.text import held_to

DATA_HEADER = "A4"
HEADER_BELOW = 4  # rows from the last row of one table to the header of the table under it
# Other characters need escapes in structured references, and spreadsheets differ in how they read those.
TITLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]*")
COLUMN_KEYS = "input unmarked list open_list values formula wrap total alert minimum number_format"


def table_names(sheets: Mapping[str, Any]) -> dict[str, TableNames]:
    """What formulas need to know of every table of `sheets` (the text of sheets, by file)."""
    return {
        table["name"]: TableNames(sheet["name"], {column["key"]: column["title"] for column in table["columns"]})
        for sheet in sheets.values()
        for table in sheet["tables"]
    }


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a sheet needs: the file, the number formats by type, the tables that formulas name."""

    where: str
    formats: Mapping[str, str]
    tables: Mapping[str, TableNames]


def read_sheet(reading: Reading, text: Mapping[str, Any], rows_above: int = 0) -> SheetLayout:
    """One sheet. `rows_above` is how many rows the first table has, for a table that stands below it."""
    tables: list[TableLayout] = []
    for entry in text["tables"]:
        at = position(entry.get("at", DATA_HEADER))
        if tables and "at" not in entry:
            at = (tables[0].first_column, tables[0].header_row + rows_above + HEADER_BELOW)
        tables.append(_table(reading, text["name"], entry, at))
    return SheetLayout(
        name=text["name"],
        code_name=text["code_name"],
        purpose=text["purpose"],
        tab=text["tab"],
        tables=tuple(tables),
        freeze_columns=text["freeze"],
        is_protected=text.get("protected", False),
    )


def _table(reading: Reading, sheet: str, entry: Mapping[str, Any], at: tuple[int, int]) -> TableLayout:
    held_to(entry, reading.where, "name key columns", "at heading users_rows fixed")
    columns = tuple(_column(reading, entry["name"], one) for one in entry["columns"])
    titles = {one.title.casefold() for one in columns}
    if len(titles) != len(columns) or len({one.key for one in columns}) != len(columns):
        raise ValueError(f"{reading.where}: two columns of {entry['name']} have one key or title")
    table = TableLayout(
        name=entry["name"],
        sheet=sheet,
        key=tuple(entry["key"]),
        columns=columns,
        first_column=at[0],
        header_row=at[1],
        users_rows=entry.get("users_rows", False),
        is_fixed=entry.get("fixed", False),
        heading=entry.get("heading", ""),
    )
    for key in table.key:
        table.column(key)
    return table


def _column(reading: Reading, table: str, entry: Mapping[str, Any]) -> ColumnLayout:
    where = f"{reading.where}, {table}, {entry.get('key')}"
    held_to(entry, where, "key title type width help", COLUMN_KEYS)
    if not TITLE.fullmatch(entry["title"]):
        raise ValueError(f"{where}: the title {entry['title']!r} has characters that references can't hold")
    kind = ColumnType(entry["type"])
    formula = written_out(entry.get("formula", ""), table, reading.tables)
    # A formula in a text cell would be shown, not calculated, as soon as somebody edits it.
    default = "General" if formula and kind.is_text else reading.formats[kind]
    return ColumnLayout(
        key=entry["key"],
        title=entry["title"],
        type=kind,
        width=entry["width"],
        help=entry["help"],
        number_format=entry.get("number_format", default),
        is_input=entry.get("input", False),
        list_key=entry.get("list", ""),
        open_list=entry.get("open_list", False),
        values=tuple(entry.get("values", ())),
        formula=formula,
        wrap=entry.get("wrap", False),
        has_total=entry.get("total", False),
        alert=entry.get("alert", ""),
        minimum=entry.get("minimum"),
        is_marked=not entry.get("unmarked", False),
    )


def position(address: str) -> tuple[int, int]:
    """Column and row, from 1, of an address such as B14."""
    match = re.fullmatch(r"([A-Z]+)([1-9][0-9]*)", address)
    if match is None:
        raise ValueError(f"{address} is not a cell's address")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(match[2])
