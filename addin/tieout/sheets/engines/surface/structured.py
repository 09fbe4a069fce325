"""Structured references: the cells that `Orders[SKU]` and the like mean."""

import re
from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import Area, spanning
from tieout.sheets.engines.surface.table_lines import body

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.book import Book
    from tieout.sheets.engines.surface.sheet import Sheet
    from tieout.sheets.engines.surface.tables import Table

_STRUCTURED = re.compile(r"(?P<table>[^\W\d][\w.\\]*)(?:\[(?P<inner>.*)\])?\Z", re.S)
_ITEM = re.compile(r"\[((?:[^\]']|'.)*)\]")


def table_area(book: "Book", reference: str) -> tuple["Sheet", Area] | None:
    """The cells that `Orders`, `Orders[SKU]`, `Orders[[#Headers],[SKU]]` and the like mean, or None."""
    match = _STRUCTURED.match(reference)
    if match is None:
        return None
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.lower() == match["table"].lower():
                return sheet, _part(table, match["inner"])
    return None


def _part(table: "Table", inner: str | None) -> Area:
    host = table.host
    whole = body(host) or host.area
    if not inner:
        return whole
    items = _ITEM.findall(inner) if inner.startswith("[") else [inner]
    rows, columns = whole, []
    for item in items:
        special = item.lower()
        if special == "#all":
            rows = host.area
        elif special == "#headers":
            rows = host.area.part(0, 0, 1, host.area.columns)
        elif special == "#totals":
            rows = host.area.part(host.area.rows - 1, 0, 1, host.area.columns)
        elif special != "#data":
            columns.append(table.columns(re.sub(r"'(.)", r"\1", item)).index - 1)
    if not columns:
        return rows
    parts = [rows.part(0, column, rows.rows, 1) for column in columns]
    return parts[0] if len(parts) == 1 else spanning(parts[0], parts[-1])
