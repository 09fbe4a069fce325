"""Sheets, their tables and columns, and the drop-down lists that feed cells, as records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ColumnType(StrEnum):
    """What a column or a setting holds. Text, ids, choices and flags are text cells, whatever they look like."""

    TEXT = "text"
    ID = "id"
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    QUANTITY = "quantity"
    PERCENT = "percent"
    CHOICE = "choice"
    FLAG = "flag"
    LINK = "link"

    @property
    def is_text(self) -> bool:
        """Whether its cells hold text."""
        return self in {ColumnType.TEXT, ColumnType.ID, ColumnType.CHOICE, ColumnType.FLAG}


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """A column of a table.

    `is_input`: the cell is the user's, and a download never overwrites it; all others are the product's.
    `list_key` names the list of its values ("" where there is none); with `open_list` other values are taken too.
    `values` are the allowed ones of a column without a list. `formula` is what each row holds, with [#This Row],
    "own" where each row has its own; such cells are Excel's: nobody writes them. `number_format` is Excel's.
    `is_marked`: whether the cells of a user's column are filled with the colour of the user's cells.
    """

    key: str
    title: str
    type: ColumnType
    width: int
    help: str
    number_format: str
    is_input: bool = False
    list_key: str = ""
    open_list: bool = False
    values: tuple[str, ...] = ()
    formula: str = ""
    wrap: bool = False
    has_total: bool = False
    alert: str = ""
    minimum: int | None = None
    is_marked: bool = True


@dataclass(frozen=True, slots=True)
class TableLayout:
    """An Excel Table. `key` names the columns that tell its rows apart, by which user's cells find their row again.

    `header_row` and `first_column` count from 1, where the table stands in a new book; a user may move columns,
    so ask the workbook's table by name for where it is now. With `users_rows` people add rows of their own;
    `is_fixed` tables keep the rows that they have from the start.
    """

    name: str
    sheet: str
    key: tuple[str, ...]
    columns: tuple[ColumnLayout, ...]
    header_row: int
    first_column: int
    users_rows: bool = False
    is_fixed: bool = False
    heading: str = ""

    def column(self, key: str) -> ColumnLayout:
        """The column with that key; KeyError names the table if it has none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"table {self.name} has no column {key!r}")

    def by_title(self, title: str) -> ColumnLayout | None:
        """The column with that header, in any letter case."""
        folded = title.strip().casefold()
        return next((column for column in self.columns if column.title.casefold() == folded), None)

    @property
    def inputs(self) -> tuple[ColumnLayout, ...]:
        """The user's columns."""
        return tuple(column for column in self.columns if column.is_input)


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet of the workbook; `tables[0]` is the one named after it."""

    name: str
    code_name: str
    purpose: str
    tab: str
    tables: tuple[TableLayout, ...]
    freeze_columns: int = 0
    is_protected: bool = False
    is_hidden: bool = False

    @property
    def table(self) -> TableLayout:
        """The table named after the sheet."""
        return self.tables[0]

    @property
    def table_name(self) -> str:
        """The name of the table named after the sheet."""
        return self.table.name

    @property
    def columns(self) -> tuple[ColumnLayout, ...]:
        """The columns of the table named after the sheet."""
        return self.table.columns

    def column(self, key: str) -> ColumnLayout:
        """The column of the main table with that key."""
        return self.table.column(key)


@dataclass(frozen=True, slots=True)
class ListLayout:
    """A drop-down list: cells refer to `name`, a defined name of the workbook.

    Its values stand in the table `table_name` on the hidden sheet Lists, in the one column `column`; where that is
    "", the name refers to `refers_to`, a column of another table. `tones` says how a value is coloured where it
    states how a row stands: good, warn, bad, busy or muted.
    """

    key: str
    name: str
    table_name: str
    column: str
    values: tuple[str, ...] = ()
    refers_to: str = ""
    filled_by: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)
