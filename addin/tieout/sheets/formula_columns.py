"""A table's column as formulas reckon with it: converted once, and its texts found without passing over all rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from tieout.sheets.port import RawValue

Scalar = str | Decimal | bool | None
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no time zone
_DAY_SECONDS = 86_400


class Column:
    """The cells of a column, as they were read."""

    def __init__(self, cells: Sequence[RawValue]) -> None:
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    def __getitem__(self, row: int) -> Scalar:
        return scalar(self._cells[row])

    @property
    def cells(self) -> Sequence[RawValue]:
        """The cells, as they were read."""
        return self._cells

    @cached_property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(cell is not None and cell != "" for cell in self._cells)

    @cached_property
    def numbers(self) -> list[Decimal | None]:
        """The numbers, None where a cell holds none."""
        found = (scalar(cell) for cell in self._cells)
        return [one if isinstance(one, Decimal) else None for one in found]

    @cached_property
    def _rows_by_text(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, cell in enumerate(self._cells):
            text = cell.casefold() if isinstance(cell, str) else "" if cell is None else None
            if text is not None:
                rows.setdefault(text, []).append(row)
        return rows

    def rows_of(self, text: str) -> list[int]:
        """The rows whose cell is a text, in any letter case; "" finds empty ones."""
        return self._rows_by_text.get(text.casefold(), [])

    def total(self, rows: Iterable[int]) -> Decimal:
        """The sum of some rows' numbers, exact."""
        numbers = self.numbers
        return sum((one for row in rows if (one := numbers[row]) is not None), Decimal(0))


def scalar(cell: RawValue) -> Scalar:
    """What a cell gives, as formulas reckon with it: numbers exact, moments as days."""
    if cell is None or isinstance(cell, str | bool):
        return cell
    if isinstance(cell, datetime):
        since = cell.replace(tzinfo=None) - _DAY_ZERO
        return Decimal(since.days) + Decimal(since.seconds) / _DAY_SECONDS
    return Decimal(repr(cell))
