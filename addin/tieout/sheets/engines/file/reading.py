"""Cells of the file as Python values."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.grid import Cell, Grid
from tieout.sheets.engines.file.markup import attributes, decode_cell_text, decode_text
from tieout.sheets.engines.file.styles import Styles
from tieout.sheets.engines.values import CellError, from_serial

_SHARED, _NUMBER, _DATE, _INLINE, _TEXT, _BOOLEAN, _ERROR, _ISO = range(8)
_KINDS = {"s": _SHARED, "n": _NUMBER, "": _NUMBER, "inlineStr": _INLINE, "str": _TEXT, "b": _BOOLEAN, "e": _ERROR}


@cache
def style_and_type(tag: str) -> tuple[int, str]:
    """A cell's style number and type from the text of its attributes."""
    values = attributes(tag)
    return int(values.get("s", "0")), values.get("t", "")


class Reader:
    """Reads cells: text, whole numbers as int, other numbers as float, dates, booleans, errors, None for empty.

    A formula reads as the result that was stored with it when a program last calculated the book, and as None
    where there is none.
    """

    def __init__(self, styles: Styles, strings: Callable[[], Sequence[str]], date1904: bool) -> None:
        self._styles = styles
        self._load_strings = strings
        self._strings: Sequence[str] | None = None
        self._date1904 = date1904
        self._seen: dict[str, int] = {}

    def block(self, grid: Grid, area: Area) -> list[list[Any]]:
        """The values of an area, row by row."""
        columns = range(area.column, area.column + area.columns)
        value, empty = self.value, [None] * area.columns
        found = []
        for number in range(area.row, area.row + area.rows):
            row = grid.row(number)
            if row is None:
                found.append(empty.copy())
            else:
                get = row.cells.get
                found.append([None if (cell := get(column)) is None else value(cell) for column in columns])
        return found

    def value(self, cell: Cell) -> Any:
        """One cell's value."""
        tag, inner = cell
        if not inner:
            return None
        kind = self._seen.get(tag)
        if kind is None:
            kind = self._seen[tag] = self._kind(tag)
        if kind == _INLINE:
            simple = inner.startswith("<is><t>") and inner.count("<") == 4 and "&" not in inner and "_x" not in inner
            return inner[7:-9] if simple else decode_cell_text(inner)
        raw = inner[3:-4] if inner.startswith("<v>") and inner.endswith("</v>") else _value_text(inner)
        if raw is None:
            return None
        if kind == _NUMBER:
            return _number(raw)
        if kind == _SHARED:
            return self._shared(int(raw))
        return self._rare(kind, raw)

    def is_shown_as_date(self, tag: str) -> bool:
        """Whether a cell with these attributes holds a number that is shown as a day."""
        return self._kind(tag) == _DATE

    def _kind(self, tag: str) -> int:
        style, kind = style_and_type(tag)
        if kind == "d":
            return _ISO
        number = _KINDS.get(kind, _TEXT)
        return _DATE if number == _NUMBER and self._styles.is_date(style) else number

    def _shared(self, number: int) -> str:
        if self._strings is None:
            self._strings = self._load_strings()
        return self._strings[number] if number < len(self._strings) else ""

    def _rare(self, kind: int, raw: str) -> Any:
        if kind == _DATE:
            return from_serial(_number(raw), self._date1904)
        if kind == _TEXT:
            return decode_text(raw)
        if kind == _BOOLEAN:
            return raw.strip() in {"1", "true"}
        if kind == _ERROR:
            return CellError(raw)
        return dt.datetime.fromisoformat(raw.strip()).replace(tzinfo=None)


def _value_text(inner: str) -> str | None:
    start = inner.find("<v")
    if start < 0:
        return None
    end = inner.find("</v>", start)
    return inner[inner.index(">", start) + 1 : end] if end > 0 else None


def _number(raw: str) -> int | float:
    try:
        return float(raw) if "." in raw or "E" in raw or "e" in raw else int(raw)
    except ValueError:
        return float(raw.strip() or 0)


def entry(value: Any, date_serial: Callable[[Any], int | float]) -> str:
    """A constant as Excel's formula bar shows it in English: what `formula` gives for a cell without a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return number_text(date_serial(value))
    return number_text(value) if isinstance(value, int | float) else str(value)


def number_text(value: int | float) -> str:
    """A number as Excel writes it in format General, with its fifteen digits."""
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}".replace("e", "E")
