"""The columns of a sheet: widths, default styles, hidden ones (`<cols>`)."""

from collections.abc import Callable

from tieout.sheets.engines.addresses import COLUMNS_MAX
from tieout.sheets.engines.file.markup import Element, attributes, escape_attribute

_DIGIT_PIXELS = 7  # the width of a digit of the default font (Calibri 11), as Excel's own defaults assume
_PADDING_PIXELS = 5
DEFAULT_WIDTH = 8.43


class Columns:
    """Runs of columns that share their attributes."""

    def __init__(self, xml: str | None) -> None:
        """`xml` is the `cols` element, if there is one."""
        self._runs: list[tuple[int, int, dict[str, str]]] = []
        self._styles: dict[int, int] = {}
        for piece in Element.cut(xml.lstrip()).pieces if xml else []:
            values = attributes(piece.xml.lstrip())
            self._runs.append((int(values.pop("min")), int(values.pop("max")), values))

    def get(self, column: int) -> dict[str, str]:
        """The attributes of one column, empty where it has none."""
        return next((values for first, last, values in self._runs if first <= column <= last), {})

    def style(self, column: int) -> int:
        """The style of cells that are not there."""
        known = self._styles.get(column)
        if known is None:
            known = self._styles[column] = int(self.get(column).get("style", "0"))
        return known

    def change(self, first: int, last: int, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        """Change the attributes of columns first to last, splitting the runs that hold more."""
        self._styles.clear()
        runs: list[tuple[int, int, dict[str, str]]] = []
        at = first
        for start, end, values in sorted(self._runs, key=lambda run: run[0]):
            if end < first or start > last:
                runs.append((start, end, values))
                continue
            if start < first:
                runs.append((start, first - 1, values))
            if at < start:
                runs.append((at, start - 1, change({})))
            runs.append((max(start, first), min(end, last), change(dict(values))))
            if end > last:
                runs.append((last + 1, end, values))
            at = end + 1
        if at <= last:
            runs.append((at, last, change({})))
        self._runs = sorted([run for run in runs if run[2]], key=lambda run: run[0])

    def shift(self, at: int, count: int) -> None:
        """Make room for `count` columns at a column, or take them away where count is negative."""
        if count < 0:
            self.change(at, at - count - 1, lambda _: {})
        self._styles.clear()
        runs = []
        for start, end, values in self._runs:
            if start >= at:
                runs.append((start + count, min(end + count, COLUMNS_MAX), values))
            else:
                runs.append((start, min(end + count, COLUMNS_MAX) if end >= at else end, values))
        self._runs = [run for run in runs if run[0] <= COLUMNS_MAX]

    def xml(self) -> str:
        """The `cols` element, empty where no column says anything."""
        cols = [
            f'<col min="{first}" max="{last}"'
            + "".join(f' {name}="{escape_attribute(value)}"' for name, value in values.items())
            + "/>"
            for first, last, values in self._runs
        ]
        return f"<cols>{''.join(cols)}</cols>" if cols else ""


def width_in_characters(stored: float) -> float:
    """A stored width as Excel's user sees it: how many digits fit."""
    pixels = int((256 * stored + int(128 / _DIGIT_PIXELS)) / 256 * _DIGIT_PIXELS)
    if pixels < _DIGIT_PIXELS + _PADDING_PIXELS:
        return round(pixels / (_DIGIT_PIXELS + _PADDING_PIXELS), 2)
    return round((pixels - _PADDING_PIXELS) / _DIGIT_PIXELS, 2)


def stored_width(characters: float) -> float:
    """A user's width as the file stores it, padding included (ECMA-376 part 1, 18.3.1.13)."""
    if characters < 1:
        pixels = characters * (_DIGIT_PIXELS + _PADDING_PIXELS)
    else:
        pixels = characters * _DIGIT_PIXELS + _PADDING_PIXELS
    return int(pixels / _DIGIT_PIXELS * 256) / 256
