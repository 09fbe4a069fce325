"""Colours and number formats of the workbook, and the cell formats made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tieout.sheets.layout import ColumnLayout, ColumnType
from tieout.sheets.layout.text import read

TONES = ("good", "warn", "bad", "busy", "muted")


@dataclass(frozen=True, slots=True)
class Theme:
    """What `workbook/theme.toml` says."""

    font: str
    font_size: int
    table_style: str
    colours: Mapping[str, str]
    number_formats: Mapping[str, str]
    currency_formats: Mapping[str, str]

    def colour(self, name: str) -> str:
        """A colour as XlsxWriter wants it."""
        return f"#{self.colours[name]}"


def load_theme() -> Theme:
    """The theme, read from `workbook/`."""
    return Theme(**read("theme"))


class Formats:
    """Makes each cell format once: a workbook holds few formats, however many cells use them."""

    def __init__(self, workbook: Any, theme: Theme) -> None:
        self._workbook = workbook
        self._theme = theme
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def made(self, **properties: object) -> Any:
        """The format with XlsxWriter's `properties`, in the theme's font; colours by their names in the theme."""
        for name, value in properties.items():
            if name.endswith("color"):
                properties[name] = self._theme.colour(str(value))
        properties.setdefault("font_name", self._theme.font)
        properties.setdefault("font_size", self._theme.font_size)
        properties.setdefault("font_color", self._theme.colour("ink"))
        key = tuple(sorted(properties.items(), key=lambda item: item[0]))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def condition(self, **properties: object) -> Any:
        """A format for a conditional format: it says only what changes."""
        for name, value in properties.items():
            if name.endswith("color"):
                properties[name] = self._theme.colour(str(value))
        return self._workbook.add_format(properties)

    def title(self) -> Any:
        """A sheet's title."""
        return self.made(bold=True, font_size=18, font_color="brand", valign="vcenter")

    def note(self) -> Any:
        """A sentence of explanation."""
        return self.made(font_color="muted", valign="top")

    def heading(self) -> Any:
        """The heading of a part of a sheet."""
        return self.made(bold=True, font_size=12, font_color="brand", bottom=1, bottom_color="brand")

    def link(self) -> Any:
        """A link to another sheet."""
        return self.made(font_color="link", underline=1)

    def label(self) -> Any:
        """What stands before a value."""
        return self.made(font_color="muted", bottom=1, bottom_color="line", valign="vcenter")

    def column_head(self, column: ColumnLayout, align: str = "") -> Any:
        """The header of a table's column: another colour where the cells are the user's."""
        return self.made(
            bold=True,
            font_color="head_text",
            bg_color="input_head" if column.is_input else "brand",
            text_wrap=True,
            valign="vcenter",
            **({"align": align} if align else _alignment(column)),
        )

    def column_cell(self, column: ColumnLayout) -> Any:
        """The cells of a table's column."""
        properties: dict[str, object] = {"num_format": column.number_format, "valign": "top", **_alignment(column)}
        if column.wrap:
            properties["text_wrap"] = True
        if column.type is ColumnType.LINK:
            properties |= {"font_color": "link", "underline": 1}
        return self.made(**properties)

    def input_cell(self, number_format: str, **more: object) -> Any:
        """A cell of the user's on a protected sheet: open, and marked."""
        return self.made(
            num_format=number_format,
            locked=False,
            bg_color="input",
            border=1,
            border_color="input_edge",
            valign="vcenter",
            **({"align": "left", "indent": 1} | more),
        )

    def output_cell(self, number_format: str, *, locked: bool, **more: object) -> Any:
        """A cell of the product's on a protected sheet; open where the product writes it while it is protected."""
        return self.made(
            num_format=number_format, locked=locked, bottom=1, bottom_color="line", valign="vcenter", **more
        )


def _alignment(column: ColumnLayout) -> dict[str, object]:
    """Numbers to the right, ticks in the middle, all else to the left, a little off the number before it."""
    if column.type in {ColumnType.MONEY, ColumnType.QUANTITY, ColumnType.PERCENT}:
        return {"align": "right"}
    if column.type is ColumnType.FLAG:
        return {"align": "center"}
    return {"align": "left", "indent": 1}
