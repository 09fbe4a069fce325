"""Formulas of table columns: the short forms that the layout's text uses, written out for Excel.

Structured references always name their table, `Orders[[#This Row],[Order ID]]`: without the name XlsxWriter
writes a reference that no spreadsheet can read. They survive a user who moves or renames columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass

GOTO = "Go"
OPEN = "Open"


@dataclass(frozen=True, slots=True)
class TableNames:
    """What formulas need to know of a table: its sheet, and the titles of its columns by key."""

    sheet: str
    titles: Mapping[str, str]


def written_out(formula: str, table: str, tables: Mapping[str, TableNames]) -> str:
    """The formula as Excel knows it; one that begins with = is left as it is.

    Short forms, with keys of columns:
    `goto:<own column>:<Table>:<column>` is a link to the first row of that table with the same value;
    `jump:<own column>` a link to the cell that the value names, as in Settings!D14;
    `open:<own column>` a link to the address in the value. Raises KeyError for a table or column that is not there.
    """
    if formula.startswith("=") or formula in {"", "own"}:
        return formula
    kind, own, *rest = formula.split(":")
    value = f"{table}[[#This Row],[{tables[table].titles[own]}]]"
    if kind == "goto":
        other, column = rest
        return _goto(value, tables[other].sheet, other, tables[other].titles[column])
    if kind == "jump":
        return _jump(value)
    if kind == "open":
        return f'=IF({value}="","",HYPERLINK({value},"{OPEN}"))'
    raise ValueError(f"table {table}: no such formula: {formula}")


def _goto(value: str, sheet: str, table: str, title: str) -> str:
    header = f"{table}[[#Headers],[{title}]]"
    row = f"ROW({header})+MATCH({value},{table}[{title}],0)"
    target = f"\"#'{sheet}'!\"&ADDRESS({row},COLUMN({header}))"
    return f'=IFERROR(HYPERLINK({target},"{GOTO}"),"")'


def _jump(value: str) -> str:
    bang = f'FIND("!",{value})'
    target = f'"#\'"&LEFT({value},{bang}-1)&"\'!"&MID({value},{bang}+1,20)'
    return f'=IF(ISNUMBER({bang}),HYPERLINK({target},"{GOTO}"),"")'
