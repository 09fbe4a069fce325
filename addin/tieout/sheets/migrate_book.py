"""An older workbook brought up to date where it is: what it lacks is added, nothing of the user's is touched.

Columns are added at the end of their tables, missing tables as plain ones on their sheets, missing settings as rows;
a new book from `tieout new` looks better, this one keeps everything. A copy of the file is made first.
"""

import shutil
from pathlib import Path
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.sheets.book import XlwingsBook
from tieout.sheets.layout import SettingLayout, TableLayout, WorkbookLayout, load_layout
from tieout.sheets.port import Gone, ReadTable, Refresh, Row, plain_text


def layout_of(book: XlwingsBook) -> int | None:
    """The version of a workbook's layout; None where it does not say, so that it is none of ours."""
    text = plain_text(book.cell("LayoutVersion"))
    return int(text) if text.isascii() and text.isdigit() else None


def back_up(path: Path, layout: int) -> Path:
    """A copy of the workbook beside it, under a name that is free. OSError where there is no room for it."""
    number = 0
    while True:
        more = f" {number}" if number else ""
        copy = path.with_name(f"{path.stem} - before layout {layout}{more}{path.suffix}")
        if not copy.exists():
            return Path(shutil.copy2(path, copy))
        number += 1


def add_what_is_missing(book: XlwingsBook, country: str) -> tuple[str, ...]:
    """Add tables, columns, names and settings that the layout has and the workbook has not; what was added."""
    layout = load_layout()
    added: list[str] = []
    for table in layout.tables:
        added += _complete(book, table)
    added += _settings(book, layout, country)
    added += _names(book.xlwings_book, layout)
    return tuple(added)


def newer_layout(layout: int) -> Finding:
    """That a newer Tieout made the workbook."""
    return Finding(
        code="book-of-newer-version",
        severity=Severity.REFUSED,
        what=f"The workbook has layout {layout}; this Tieout knows layouts up to {load_layout().version}.",
        to_do="Install the newer Tieout here too: `pip install --upgrade tieout`. Nothing was changed.",
    )


def _complete(book: XlwingsBook, table: TableLayout) -> list[str]:
    found = book.read(table.name)
    if isinstance(found, Finding):
        _add_table(book.xlwings_book, table)
        return [f"table {table.name}"]
    added = []
    for column in table.columns:
        if column.key not in found.columns:
            with book.unlocked(found.sheet):
                _add_column(book, table, column.key)
            added.append(f"column {column.title} of {table.name}")
    return added


def _add_table(book: Any, table: TableLayout) -> None:
    """A plain table on its sheet, below what stands there; the sheet is made where it is missing too."""
    names = [sheet.name for sheet in book.sheets]
    sheet = book.sheets[table.sheet] if table.sheet in names else book.sheets.add(table.sheet, after=names[-1])
    used = sheet.used_range.last_cell.row
    row = table.header_row if sheet.range((table.header_row, table.first_column)).value is None else used + 3
    area = sheet.range((row, table.first_column), (row + 1, table.first_column + len(table.columns) - 1))
    area[0, :].value = [column.title for column in table.columns]
    sheet.tables.add(area, name=table.name, has_headers=True)
    for number, column in enumerate(table.columns):
        area[1, number].number_format = column.number_format


def _add_column(book: XlwingsBook, table: TableLayout, key: str) -> None:
    column = table.column(key)
    live = book.xlwings_table(table.name)
    live.columns.add(column.title)
    body = live.columns[-1].data_body_range
    if body is not None:
        body.number_format = column.number_format
        if column.formula and column.formula != "own":
            body.formula = column.formula


def _settings(book: XlwingsBook, layout: WorkbookLayout, country: str) -> list[str]:
    table = book.read("Settings")
    if not isinstance(table, ReadTable):
        return []
    there = {row.text("key") for row in table.rows}
    missing = [setting for setting in layout.settings if setting.key not in there]
    if missing:
        with book.unlocked(table.sheet):
            book.refresh(Refresh("Settings", [_setting_row(one, country) for one in missing], Gone.KEPT))
    return [f"setting {one.title}" for one in missing]


def _setting_row(setting: SettingLayout, country: str) -> Row:
    return {
        "section": setting.section,
        "setting": setting.title,
        "value": setting.default_label(country),
        "default": setting.default_label(country),
        "help": setting.help,
        "key": setting.key,
    }


def _names(book: Any, layout: WorkbookLayout) -> list[str]:
    """The names by which drop-downs find their lists."""
    there = {name.name.casefold() for name in book.names}
    added = []
    for one in layout.lists:
        if one.name.casefold() not in there:
            book.names.add(one.name, f"={one.refers_to or f'{one.table_name}[{one.column}]'}")
            added.append(f"list {one.name}")
    return added
