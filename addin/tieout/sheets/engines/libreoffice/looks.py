"""How cells look in LibreOffice, and how wide and high they are."""

from typing import Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.colors import argb
from tieout.sheets.engines.hosts import Look, Measure
from tieout.sheets.engines.libreoffice.bridge import enum
from tieout.sheets.engines.libreoffice.contents import Contents

_BOLD, _NORMAL = 150.0, 100.0  # com.sun.star.awt.FontWeight
_HUNDREDTH_MM_PER_POINT = 2540 / 72
_HUNDREDTH_MM_PER_PIXEL = 2540 / 96
_DIGIT_PIXELS = 7  # of Calibri 11, as in the file engine
_PADDING_PIXELS = 5
_PROPERTIES = {
    "number_format": "NumberFormat",
    "color": "CellBackColor",
    "bold": "CharWeight",
    "italic": "CharPosture",
    "size": "CharHeight",
    "font_name": "CharFontName",
    "font_color": "CharColor",
    "wrap_text": "IsTextWrapped",
    "horizontal_alignment": "HoriJustify",
    "vertical_alignment": "VertJustify",
    "locked": "CellProtection",
}
_HORIZONTAL = {
    "general": "STANDARD", "left": "LEFT", "center": "CENTER", "right": "RIGHT", "justify": "BLOCK", "fill": "REPEAT",
}  # fmt: skip
_VERTICAL = {"bottom": 3, "top": 1, "center": 2, "justify": 4}  # com.sun.star.table.CellVertJustify2


def look(contents: Contents, area: Area, what: Look) -> Any:
    """A look that all cells share, or None."""
    cells, name = contents.range(area), _PROPERTIES[what]
    if area.size > 1 and cells.getPropertyState(name).value == "AMBIGUOUS_VALUE":
        return None
    value = getattr(cells, name)
    if what == "number_format":
        return contents.format_code(value)
    if what in {"color", "font_color"}:
        if value < 0:
            return None if what == "color" else (0, 0, 0)
        return value >> 16 & 255, value >> 8 & 255, value & 255
    if what == "bold":
        return value >= _BOLD
    if what == "italic":
        return value.value == "ITALIC"
    if what == "horizontal_alignment":
        return next((ours for ours, theirs in _HORIZONTAL.items() if theirs == value.value), None)
    if what == "vertical_alignment":
        return next((ours for ours, theirs in _VERTICAL.items() if theirs == value), "bottom")
    return value.IsLocked if what == "locked" else value


def set_look(contents: Contents, area: Area, what: Look, value: Any) -> None:
    """Give all cells a look."""
    cells = contents.range(area)
    if what == "locked":
        protection = cells.CellProtection
        protection.IsLocked = bool(value)
        cells.CellProtection = protection
        return
    setattr(cells, _PROPERTIES[what], _theirs(contents, what, value))


def _theirs(contents: Contents, what: Look, value: Any) -> Any:
    if what == "number_format":
        return contents.format_key(value)
    if what in {"color", "font_color"}:
        return -1 if value is None else int(argb(value)[2:], 16)
    if what == "bold":
        return _BOLD if value else _NORMAL
    if what == "italic":
        return enum("awt.FontSlant", "ITALIC" if value else "NONE")
    if what == "horizontal_alignment":
        return enum("table.CellHoriJustify", _HORIZONTAL[value])
    if what == "vertical_alignment":
        return _VERTICAL[value]
    return float(value) if what == "size" else value


def measure(contents: Contents, area: Area, what: Measure) -> Any:
    """A measure that all rows or columns share, or None."""
    cells = contents.range(area)
    lines = cells.Columns if what.startswith("column") else cells.Rows
    found = set()
    for number in range(lines.Count):
        line = lines.getByIndex(number)
        if what.endswith("hidden"):
            found.add(not line.IsVisible)
        elif what == "column_width":
            pixels = round(line.Width / _HUNDREDTH_MM_PER_PIXEL)
            found.add(round((pixels - _PADDING_PIXELS) / _DIGIT_PIXELS, 2))
        else:
            found.add(round(line.Height / _HUNDREDTH_MM_PER_POINT, 1))
    return found.pop() if len(found) == 1 else None


def set_measure(contents: Contents, area: Area, what: Measure, value: Any) -> None:
    """Give all rows or columns a measure."""
    cells = contents.range(area)
    if what == "column_width":
        cells.Columns.Width = round((value * _DIGIT_PIXELS + _PADDING_PIXELS) * _HUNDREDTH_MM_PER_PIXEL)
    elif what == "row_height":
        cells.Rows.Height = round(value * _HUNDREDTH_MM_PER_POINT)
    elif what == "column_hidden":
        cells.Columns.IsVisible = not value
    else:
        cells.Rows.IsVisible = not value


def place(contents: Contents, area: Area) -> tuple[float, float, float, float]:
    """Left, top, width and height in points."""
    cells = contents.range(area)
    at, size = cells.Position, cells.Size
    left, top, width, height = (n / _HUNDREDTH_MM_PER_POINT for n in (at.X, at.Y, size.Width, size.Height))
    return round(left, 2), round(top, 2), round(width, 2), round(height, 2)
