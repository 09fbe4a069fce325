"""Python values as cells of the file, by the rules that Excel has for entries.

- Text that begins with = is a formula, unless the cell's format is Text (`@`).
- A leading apostrophe makes any text stay text: it is not stored with the text but remembered in the cell's style
  (`quotePrefix`).  This is how to write text that begins with = + - or @ through every engine.
- In a cell of format Text every entry becomes text.
- A date gives a cell of format General a date format.
- Unlike Excel, text is never guessed to be a number or a date: "00123", "1-2" and "3E5" stay as they are.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tieout.limits import CELL_CHARACTERS_MAX
from tieout.sheets.engines.addresses import Area, cell_name
from tieout.sheets.engines.file.formulas import to_file
from tieout.sheets.engines.file.grid import Cell, Grid
from tieout.sheets.engines.file.markup import encode_cell_text, escape
from tieout.sheets.engines.file.number_formats import format_for
from tieout.sheets.engines.file.reading import number_text, style_and_type
from tieout.sheets.engines.file.styles import Styles
from tieout.sheets.engines.values import CellError, FormulaWithResult, to_serial

FORMULA_LENGTH_MAX = 8_192  # characters in a formula ("Excel specifications and limits")
_EXACT_MAX = 2**53  # the largest whole numbers that a cell's binary number holds one by one


class _Style:
    """What writing into a cell of a style needs: the attributes of a cell that holds a number, text, marked text."""

    __slots__ = ("_marked", "_writer", "is_text", "number", "style", "text")

    def __init__(self, writer: "Writer", style: int) -> None:
        styles = writer.styles
        self._writer = writer
        self.style = styles.with_quote(style, False) if styles.is_quoted(style) else style
        self.is_text = styles.is_text(style)
        self.number = writer.tag(self.style, "")
        self.text = writer.tag(self.style, "inlineStr")
        self._marked: str | None = None

    @property
    def marked(self) -> str:
        """For text with an apostrophe before it; the style for it is only made when one is written."""
        if self._marked is None:
            self._marked = self._writer.tag(self._writer.styles.with_quote(self.style, True), "inlineStr")
        return self._marked


class Writer:
    """Writes values into a sheet's cells, keeping each cell's format."""

    def __init__(
        self,
        styles: Styles,
        date1904: bool,
        default_style: Callable[[int, int], int],
        table_at: Callable[[int, int], str | None],
    ) -> None:
        """`default_style` tells the style of a cell that is not there, `table_at` the table that a cell is in."""
        self.styles = styles
        self._date1904 = date1904
        self._default_style = default_style
        self._table_at = table_at
        self._tags: dict[tuple[int, str], str] = {}
        self._by_tag: dict[str, _Style] = {}
        self._by_style: dict[int, _Style] = {}

    def block(self, grid: Grid, area: Area, data: Sequence[Sequence[Any]]) -> bool:
        """Write a block of the area's shape; returns whether formulas came or went.

        All cells are made before any is put, so that a value which no cell can hold (ValueError, TypeError)
        leaves the sheet as it was.
        """
        made: list[tuple[int, list[Cell | None]]] = []
        nothing: dict[int, Cell] = {}
        formulas = False
        for number, values in enumerate(data, area.row):
            row = grid.row(number)
            old = row.cells if row else nothing
            cells = [self.cell(old.get(c), number, c, value) for c, value in enumerate(values, area.column)]
            formulas = formulas or any("<f" in cell[1] for cell in cells if cell)
            if row:
                replaced = (old[c][1] for c in range(area.column, area.last_column + 1) if c in old)
                formulas = formulas or any("<f" in inner for inner in replaced)
                made.append((number, cells))
            elif any(cells):
                made.append((number, cells))
        for number, cells in made:
            grid.made_row(number).replace(area.column, cells)
        return formulas

    def cell(self, old: Cell | None, row: int, column: int, value: Any) -> Cell | None:
        """The cell for a value at a place where `old` is now; None where there is nothing to keep."""
        if old is None:
            style = self._styled(self._default_style(row, column))
        else:
            found = self._by_tag.get(old[0])
            if found is None:
                found = self._by_tag[old[0]] = self._styled(style_and_type(old[0])[0])
            style = found
        kind = type(value)
        if kind is str:
            if value and value[0] == "'":
                return style.marked, _text(value[1:], row, column)
            if value and (value[0] != "=" or style.is_text or len(value) == 1):
                return style.text, _text(value, row, column)
        elif kind is float and not style.is_text and math.isfinite(value):
            return style.number, f"<v>{value!r}</v>"
        elif isinstance(value, str) and not isinstance(value, FormulaWithResult | CellError):
            return self.cell(old, row, column, str(value))
        if value is None or value == "":
            keep = old is not None and (style.style or self._default_style(row, column))
            return (style.number, "") if keep else None
        if style.is_text and not isinstance(value, str):
            return style.text, _text(_as_text(value), row, column)
        try:
            return self._other(style.style, value, row, column)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{cell_name(row, column)}: {error}") from None

    def _styled(self, style: int) -> _Style:
        known = self._by_style.get(style)
        if known is None:
            known = self._by_style[style] = _Style(self, style)
        return known

    def tag(self, style: int, kind: str) -> str:
        """The attributes of a cell as text."""
        known = self._tags.get((style, kind))
        if known is None:
            known = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
            self._tags[style, kind] = known
        return known

    def _other(self, style: int, value: Any, row: int, column: int) -> Cell:
        if isinstance(value, bool):
            return self.tag(style, "b"), f"<v>{int(value)}</v>"
        if isinstance(value, int | float | Decimal):
            return self.tag(style, ""), f"<v>{_exact(value)}</v>"
        if isinstance(value, dt.date | dt.time):
            return self._moment(style, value)
        if isinstance(value, CellError):
            return self.tag(style, "e"), f"<v>{value}</v>"
        if isinstance(value, str) and value.startswith("="):
            return self._formula(style, value, row, column)
        raise TypeError(f"a cell can't hold a {type(value).__name__}")

    def _moment(self, style: int, value: dt.date | dt.time) -> Cell:
        serial = to_serial(value, self._date1904)
        if self.styles.number_format(style) == "General":
            has_time = isinstance(value, dt.time) or isinstance(serial, float)
            style = self.styles.with_number_format(style, format_for(isinstance(value, dt.date), has_time))
        return self.tag(style, ""), f"<v>{serial!r}</v>"

    def _formula(self, style: int, value: str, row: int, column: int) -> Cell:
        if len(value) > FORMULA_LENGTH_MAX:
            raise ValueError(f"the formula has {len(value)} characters, a cell holds {FORMULA_LENGTH_MAX}")
        formula = f"<f>{escape(to_file(value, self._table_at(row, column) if '[@' in value else None))}</f>"
        if not isinstance(value, FormulaWithResult) or value.result is None:
            return self.tag(style, ""), formula
        if type(value.result) is str:
            return self.tag(style, "str"), f"{formula}<v>{encode_cell_text(value.result)}</v>"
        tag, inner = self._other(style, value.result, row, column)
        return tag, formula + inner


def _text(text: str, row: int, column: int) -> str:
    """The content of a cell that holds text."""
    if len(text) > CELL_CHARACTERS_MAX:
        raise ValueError(
            f"{cell_name(row, column)}: the text has {len(text)} characters, a cell holds {CELL_CHARACTERS_MAX}"
        )
    if text and (text[0].isspace() or text[-1].isspace() or "\n" in text):
        return f'<is><t xml:space="preserve">{encode_cell_text(text)}</t></is>'
    return f"<is><t>{encode_cell_text(text)}</t></is>"


def _exact(value: int | float | Decimal) -> str:
    """A number as the file writes it.  ValueError where the cell's binary number would not be this number."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a cell can't hold the number {value}")
        return repr(float(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"a cell can't hold the number {value}")
        return str(int(value)) if value == value.to_integral_value() and abs(value) < _EXACT_MAX else str(value)
    if abs(value) > _EXACT_MAX and int(float(value)) != value:
        raise ValueError(f"{value} has more digits than a number in a cell keeps; write it as text")
    return str(int(value))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return number_text(value) if isinstance(value, int | float) else str(value)
