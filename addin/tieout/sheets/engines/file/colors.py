"""Colours of a workbook as red, green and blue: given outright, from the theme with a tint, or from the palette."""

import colorsys
import re

from tieout.sheets.engines.file.markup import attributes

Rgb = tuple[int, int, int]
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_OFFICE_THEME = (
    "FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D",
    "9BBB59", "8064A2", "4BACC6", "F79646", "0000FF", "800080",
)  # fmt: skip
# The 56 colours of the default palette (ECMA-376 part 1, 18.8.27), given as indexed 8 to 63; 0 to 7 repeat 8 to 15.
_PALETTE = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF", "800000", "008000",
    "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF", "993366", "FFFFCC", "CCFFFF",
    "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000",
    "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99",
    "3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696", "003366", "339966",
    "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip


def theme_colors(theme: str | None) -> tuple[str, ...]:
    """The twelve colours of a theme part in the order in which cells number them."""
    found = []
    for name, default in zip(_THEME_ORDER, _OFFICE_THEME, strict=True):
        pattern = rf"<a:{name}>\s*<a:(?:srgbClr\s+val|sysClr\s+[^>]*?lastClr)=\"([0-9A-Fa-f]{{6}})\""
        match = re.search(pattern, theme or "")
        found.append(match[1] if match else default)
    return tuple(found)


def rgb(tag: str, theme: tuple[str, ...]) -> Rgb | None:
    """The colour that a `<color>`, `<fgColor>` or `<bgColor>` element names, or None for the automatic one."""
    values = attributes(tag)
    if "rgb" in values:
        color = values["rgb"][-6:]
    elif "theme" in values:
        number = int(values["theme"])
        color = theme[number] if number < len(theme) else "000000"
    elif "indexed" in values and int(values["indexed"]) < 64:
        number = int(values["indexed"])
        color = _PALETTE[number if number < 8 else number - 8]
    else:
        return None
    return _tinted(from_hex(color), float(values.get("tint", 0)))


def _tinted(color: Rgb, tint: float) -> Rgb:
    """Lighter for a positive tint, darker for a negative one (ECMA-376 part 1, 18.8.19)."""
    if not tint:
        return color
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in color))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def from_hex(text: str) -> Rgb:
    """`#1F3864` or `1F3864` as red, green, blue."""
    text = text.lstrip("#")
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def argb(color: Rgb | str | int) -> str:
    """A colour as a workbook writes it; a number is Excel's own (blue, green, red from the high byte down)."""
    if isinstance(color, str):
        color = from_hex(color)
    elif isinstance(color, int):
        color = color & 255, color >> 8 & 255, color >> 16 & 255
    red, green, blue = color
    return f"FF{red:02X}{green:02X}{blue:02X}"
