"""An Excel Table from columns and rows, the one way by which sheets of the proof workbook are written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from tieout.domain.money import Money
from tieout.sheets.exports.cells import Link, Value, cell_text, fits_number, number
from tieout.sheets.exports.look import Look, Tone

Row = Sequence[Value]
# Points. Excel's highest row is 409.
_HEAD_HEIGHT = 32
_LINE_HEIGHT = 13
_ROW_HEIGHT_MAX = 400
Kind = Literal["text", "money", "whole", "day"]


def this_row(table: str, head: str) -> str:
    """The structured reference to a cell of a formula's own row."""
    return f"{table}[[#This Row],[{head}]]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `formula` (structured references, rows by `Table[[#This Row],[Column]]`) fills it, the
    rows then give the values that the formula has. `help` is the note on its head. `zero` marks a column that must
    be 0 in every row, `good` the word that every row should have; `signed` writes amounts with the sign of their
    currency; `user` is for the reader to fill.
    """

    head: str
    width: int
    kind: Kind = "text"
    help: str = ""
    formula: str = ""
    wrap: bool = False
    zero: bool = False
    good: str = ""
    signed: bool = False
    tone: Tone = Tone.BODY
    user: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its cells stand at the right."""
        return self.kind in {"money", "whole"}


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands: 0-based row of its head, first column, number of rows with data (at least one)."""

    name: str
    columns: tuple[Column, ...]
    top: int
    left: int
    rows: int = field(default=1)

    @property
    def bottom(self) -> int:
        """The 0-based last row."""
        return self.top + self.rows


def write_table(
    sheet: Any,
    look: Look,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    top: int,
    *,
    left: int = 0,
    alone: bool = True,
) -> Placed:
    """Write a table with its head at the 0-based row `top`. One without rows gets an empty row, as Excel wants.

    A table that stands `alone` on its sheet sets the columns' widths and has buttons to filter by.
    """
    filled = rows or [[None] * len(columns)]
    placed = Placed(name, tuple(columns), top, left, len(filled))
    sheet.add_table(
        top,
        left,
        placed.bottom,
        left + len(columns) - 1,
        {
            "name": name,
            "style": look.table_style,
            "autofilter": alone,
            "columns": [_table_column(column, look) for column in columns],
        },
    )
    for offset, column in enumerate(columns):
        if alone:
            widest = max((_money_width(row[offset]) for row in filled), default=0)
            sheet.set_column(left + offset, left + offset, max(column.width, widest))
        if column.help:
            sheet.write_comment(top, left + offset, column.help, {"author": "Tieout", "x_scale": 1.6})
    sheet.set_row(top, _HEAD_HEIGHT)
    for down, row in enumerate(filled, top + 1):
        _set_height(sheet, columns, row, down)
        for offset, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_value(sheet, look, (down, left + offset), column, value)
    _mark(sheet, look, placed)
    return placed


def _set_height(sheet: Any, columns: Sequence[Column], row: Row, down: int) -> None:
    """Make room for wrapped text; a closed file's rows don't grow by themselves in every program."""
    lines = max(
        (
            _lines(value.text if isinstance(value, Link) else value, column.width)
            for column, value in zip(columns, row, strict=True)
            if column.wrap and isinstance(value, str | Link)
        ),
        default=1,
    )
    if lines > 1:
        sheet.set_row(down, min(_LINE_HEIGHT * lines + 3, _ROW_HEIGHT_MAX))


def _money_width(value: Value) -> int:
    """What a large amount needs: its digits, the commas between them, signs, and a little for a larger total."""
    if not isinstance(value, Money):
        return 0
    digits = len(value.decimal)
    return digits + digits // 3 + 4


def _lines(text: str, width: int) -> int:
    """How many lines `text` takes: a column's width counts digits, of which a text's letter takes nine tenths; a
    wrapped line loses as much again to whole words.
    """
    return 1 if len(text) * 10 <= width * 11 else -(-len(text) // width)


def _table_column(column: Column, look: Look) -> dict[str, Any]:
    described = {
        "header": column.head,
        "header_format": look.head(numeric=column.numeric, centred=bool(column.good), user=column.user),
    }
    return described | ({"formula": column.formula} if column.formula else {})


def _write_value(sheet: Any, look: Look, place: tuple[int, int], column: Column, value: Value) -> None:
    row, col = place
    shape = _format_of(look, column, value)
    if column.formula and value is not None:
        cached = number(value) if isinstance(value, Money) else value
        sheet.write_formula(row, col, column.formula, shape, cached)
    elif isinstance(value, Link):
        sheet.write_url(row, col, f"internal:{value.location}", shape, cell_text(value.text))
    elif isinstance(value, Money):
        if fits_number(value):
            sheet.write_number(row, col, number(value), shape)
        else:
            sheet.write_string(row, col, value.decimal, shape)
    elif isinstance(value, date):
        sheet.write_datetime(row, col, value, shape)
    elif isinstance(value, int):
        sheet.write_number(row, col, value, shape)
    elif value is None or value == "":
        sheet.write_blank(row, col, None, shape)
    else:
        sheet.write_string(row, col, cell_text(value), shape)


def _format_of(look: Look, column: Column, value: Value) -> Any:
    if isinstance(value, Link):
        return look.text(Tone.LINK, wrap=column.wrap)
    if isinstance(value, Money):
        return look.money(value.currency, with_sign=column.signed, tone=column.tone)
    if column.kind == "day":
        return look.day()
    if column.kind == "whole":
        return look.whole()
    if column.user:
        return look.text(Tone.INPUT, wrap=True)
    return look.text(column.tone, wrap=column.wrap, centred=bool(column.good))


def _mark(sheet: Any, look: Look, placed: Placed) -> None:
    """Green where a column is as it must be, red or amber where it is not."""
    for offset, column in enumerate(placed.columns):
        area = (placed.top + 1, placed.left + offset, placed.bottom, placed.left + offset)
        if column.zero:
            sheet.conditional_format(*area, {"type": "blanks", "stop_if_true": True})
            _mark_cells(sheet, look, area, "==", 0, "good")
            _mark_cells(sheet, look, area, "!=", 0, "bad")
        if column.good:
            _mark_cells(sheet, look, area, "==", f'"{column.good}"', "good")
            _mark_cells(sheet, look, area, "!=", f'"{column.good}"', "warn")


def _mark_cells(
    sheet: Any, look: Look, area: tuple[int, int, int, int], criteria: str, value: int | str, colours: str
) -> None:
    sheet.conditional_format(
        *area, {"type": "cell", "criteria": criteria, "value": value, "format": look.changed(colours)}
    )
