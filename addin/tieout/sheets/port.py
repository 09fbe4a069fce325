"""The narrow way to an open workbook: whole tables, named cells, what goes on. Nobody else touches cells.

Rows go out as mappings from a column's key to a value; a key that a row lacks leaves the cell as it is. Rows come
in with the sheet row that they stand in, so that every finding can name its cell. One adapter (`book.XlwingsBook`)
is written on xlwings' public `Book`, whatever engine stands behind it.
"""

from collections.abc import Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.origin import Cell
from tieout.sheets.layout import TableLayout

# What a cell gives: text, a number (cells know only binary ones), a yes or no, a moment without zone, nothing.
RawValue = str | float | bool | datetime | None
# What can be put into a cell. Money is a number with the format of its column; it is never read back.
CellValue = str | int | Decimal | Money | date | datetime | None
Row = Mapping[str, CellValue]


class Gone(StrEnum):
    """What becomes of rows that a refresh does not name."""

    REMOVED = "removed"
    KEPT_IF_USED = "kept if used"  # those in which the user wrote anything stay
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table as it stands: its number on the sheet, and what its cells give, by the column's key.

    Columns of the user's own are not in it.
    """

    number: int
    values: Mapping[str, RawValue]

    def text(self, key: str) -> str:
        """The cell as text, outer space gone; a whole number without its point."""
        return plain_text(self.values.get(key))


def plain_text(value: RawValue) -> str:
    """What a cell gives as text: a number as short as it is exact, a day as ISO, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        whole_day = value.time() == value.min.time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds")
    return str(int(value)) if value.is_integer() else repr(value)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as it stands. `columns` gives the letters of each column that is there, by key.

    `findings` name the columns that are missing; what stands in them is not guessed. `own` are the filled cells of
    the user's own columns, formulas left out, by the row's number and the column's title.
    """

    layout: TableLayout
    sheet: str
    columns: Mapping[str, str]
    header_row: int
    rows: tuple[TableRow, ...]
    findings: tuple[Finding, ...] = ()
    own: Mapping[int, Mapping[str, RawValue]] = field(default_factory=dict)

    def cell(self, row: TableRow, key: str) -> Cell:
        """Where a row's cell is; its first known column where that one is missing."""
        letters = self.columns.get(key) or next(iter(self.columns.values()), "A")
        return Cell(self.sheet, f"{letters}{row.number}")


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a table shall hold: rows found again by the table's key, in the order that the user gave them.

    The user's own columns, his cells in rows that stay, his notes, filters and order are left as they are. New rows
    go to the end, or to the top with `newest_first`; `rows_max` bounds how many are kept then, the oldest leaving.
    `leaving` are rows that go to another table, whatever `gone` says, and `own` what the user's own columns held in
    rows that come from one, by key and title: a column that is not here yet is added. `unticked` are rows in which
    the tick is taken away, because the button has acted on them.
    """

    table: str
    rows: Sequence[Row]
    gone: Gone = Gone.REMOVED
    newest_first: bool = False
    rows_max: int | None = None
    leaving: Set[tuple[str, ...]] = frozenset()
    unticked: Set[tuple[str, ...]] = frozenset()
    own: Mapping[tuple[str, ...], Mapping[str, RawValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: rows added, changed or removed; and what could not be written, and why."""

    sheet: str
    changed: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows of a sheet that the user selected."""

    sheet: str
    rows: frozenset[int]


class BookBusy(Exception):
    """The program that has the workbook open does not let us in: a cell is being edited, or a box is open."""


class WorkbookPort(Protocol):
    """An open workbook of ours, in Excel, in LibreOffice or closed on disk."""

    @property
    def name(self) -> str:
        """The name of its file."""
        ...

    @property
    def path(self) -> Path | None:
        """Where it is on this computer; None where it has no folder here (not saved, or in a cloud)."""
        ...

    def read(self, table: str) -> ReadTable | Finding:
        """A table of the layout, wherever the user moved it; the finding if it is not there."""
        ...

    def refresh(self, wanted: Refresh) -> Refreshed:
        """Bring a table up to date."""
        ...

    def cell(self, name: str) -> RawValue:
        """What a named cell gives; None where the name is not there."""
        ...

    def place(self, name: str) -> Cell:
        """Where a named cell is; the name itself on Home where it is not there."""
        ...

    def set_cells(self, values: Mapping[str, CellValue]) -> None:
        """Put values into named cells; names that are not there are passed over."""
        ...

    def tell(self, what: str, done: int = 0, of: int | None = None) -> None:
        """Say what goes on and how far it is. Never fails, and writes only now and then."""
        ...

    def stop_wanted(self) -> bool:
        """Whether the user asked, on Home, to stop."""
        ...

    def selection(self) -> Selected | None:
        """The rows selected; None where only a single cell is, or nothing."""
        ...

    def quiet(self) -> AbstractContextManager[None]:
        """Write without redrawing and calculating in between; selection and all else is restored."""
        ...

    def unlocked(self, sheet: str) -> AbstractContextManager[None]:
        """Lift the protection of a sheet for as long as the block runs."""
        ...

    def save(self) -> None:
        """Save it where it is."""
        ...
