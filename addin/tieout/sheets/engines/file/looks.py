"""The looks of cells that scripts read and set: number format, colours, font, alignment, lock."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import COLUMNS_MAX, ROWS_MAX, Area
from tieout.sheets.engines.file.colors import argb, rgb
from tieout.sheets.engines.file.markup import attributes, escape_attribute
from tieout.sheets.engines.file.styles import Styles

if TYPE_CHECKING:
    from tieout.sheets.engines.file.worksheet import Worksheet
    from tieout.sheets.engines.hosts import Look

_HORIZONTAL = {"center_across_selection": "centerContinuous"}
_HORIZONTAL_BACK = {value: name for name, value in _HORIZONTAL.items()}


def look(worksheet: "Worksheet", area: Area, what: "Look") -> Any:
    """A look that all cells of an area share, or None."""
    read = _READERS[what]
    styles = worksheet.workbook.styles
    found = {read(styles, style) for style in _styles(worksheet, area)}
    return found.pop() if len(found) == 1 else None


def _styles(worksheet: "Worksheet", area: Area) -> set[int]:
    if area.rows == ROWS_MAX:
        found = {worksheet.columns.style(column) for column in range(area.column, area.last_column + 1)}
        return found | {worksheet.style(row, column) for row, column, _ in worksheet.grid.present(area)}
    last = area.column if area.columns == COLUMNS_MAX else area.last_column
    return {
        worksheet.style(row, column)
        for row in range(area.row, area.last_row + 1)
        for column in range(area.column, last + 1)
    }


def set_look(worksheet: "Worksheet", area: Area, what: "Look", value: Any) -> None:
    """Give all cells of an area a look."""
    styles = worksheet.workbook.styles
    change = _WRITERS[what]
    worksheet.restyle(area, lambda style: change(styles, style, value))


def _font_flag(tag: str) -> Callable[[Styles, int], bool]:
    def read(styles: Styles, style: int) -> bool:
        element = styles.font(style).get(tag)
        return element is not None and attributes(element).get("val", "1") not in {"0", "false"}

    return read


def _font_value(tag: str, kind: type) -> Callable[[Styles, int], Any]:
    def read(styles: Styles, style: int) -> Any:
        element = styles.font(style).get(tag)
        return kind(attributes(element).get("val", "")) if element else None

    return read


def _font_color(styles: Styles, style: int) -> Any:
    element = styles.font(style).get("color")
    return (rgb(element, styles.theme) if element else None) or (0, 0, 0)


def _aligned(name: str, default: str) -> Callable[[Styles, int], str]:
    def read(styles: Styles, style: int) -> str:
        value = dict(styles.format(style).alignment).get(name, default)
        return _HORIZONTAL_BACK.get(value, value)

    return read


def _set_aligned(name: str, default: str) -> Callable[[Styles, int, Any], int]:
    def change(styles: Styles, style: int, value: Any) -> int:
        text = "1" if value is True else None if not value or value == default else _HORIZONTAL.get(value, value)
        return styles.variant(style, ("align", name, text), lambda old: old.aligned(**{name: text}))

    return change


def _set_font(name: str, tag: Callable[[Any], str | None]) -> Callable[[Styles, int, Any], int]:
    return lambda styles, style, value: styles.with_font(style, name, tag(value))


_READERS: dict[str, Callable[[Styles, int], Any]] = {
    "number_format": Styles.number_format,
    "color": Styles.fill_color,
    "bold": _font_flag("b"),
    "italic": _font_flag("i"),
    "size": _font_value("sz", float),
    "font_name": _font_value("name", str),
    "font_color": _font_color,
    "wrap_text": lambda styles, style: dict(styles.format(style).alignment).get("wrapText") in {"1", "true"},
    "horizontal_alignment": _aligned("horizontal", "general"),
    "vertical_alignment": _aligned("vertical", "bottom"),
    "locked": Styles.is_locked,
}
_WRITERS: dict[str, Callable[[Styles, int, Any], int]] = {
    "number_format": Styles.with_number_format,
    "color": Styles.with_fill,
    "bold": _set_font("b", lambda value: "<b/>" if value else None),
    "italic": _set_font("i", lambda value: "<i/>" if value else None),
    "size": _set_font("sz", lambda value: f'<sz val="{value:g}"/>'),
    "font_name": _set_font("name", lambda value: f'<name val="{escape_attribute(value)}"/>'),
    "font_color": _set_font("color", lambda value: f'<color rgb="{argb(value)}"/>'),
    "wrap_text": _set_aligned("wrapText", ""),
    "horizontal_alignment": _set_aligned("horizontal", "general"),
    "vertical_alignment": _set_aligned("vertical", "bottom"),
    "locked": Styles.with_lock,
}
