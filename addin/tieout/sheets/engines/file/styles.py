"""The styles part: what a cell's style number means, and new styles appended when a cell needs one.

A style (an `xf` of `cellXfs`) is never changed in place, since other cells may share it; a variant is appended.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from tieout.sheets.engines.file.colors import Rgb, argb, rgb, theme_colors
from tieout.sheets.engines.file.markup import Element, Piece, attributes, escape_attribute, start_tag, with_attribute
from tieout.sheets.engines.file.number_formats import BUILT_IN, CUSTOM_FIRST, shows_date

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip
_TEXT_FORMAT = "@"


@dataclass(frozen=True, slots=True)
class CellFormat:
    """An `xf`: the numbers of its parts, and its alignment and protection as attributes."""

    attributes: tuple[tuple[str, str], ...]
    alignment: tuple[tuple[str, str], ...] = ()
    protection: tuple[tuple[str, str], ...] = ()
    extensions: str = ""

    def get(self, name: str, default: str = "0") -> str:
        """One attribute of the `xf`."""
        return dict(self.attributes).get(name, default)

    def having(self, **changes: str | None) -> "CellFormat":
        """The same with attributes set, or removed where the value is None."""
        values = {**dict(self.attributes), **changes}
        return replace(self, attributes=tuple((name, value) for name, value in values.items() if value is not None))

    def aligned(self, **changes: str | None) -> "CellFormat":
        """The same with attributes of its alignment set, or removed where the value is None."""
        values = {**dict(self.alignment), **changes}
        kept = tuple((name, value) for name, value in values.items() if value is not None)
        return replace(self.having(applyAlignment="1"), alignment=kept)

    @classmethod
    def read(cls, xml: str) -> "CellFormat":
        """From the text of an `xf`."""
        element = Element.cut(xml.lstrip())
        parts = {"alignment": (), "protection": ()} | {
            piece.name: tuple(attributes(piece.xml.lstrip()).items()) for piece in element.pieces
        }
        extensions = element.find("extLst")
        return cls(
            tuple(attributes(element.head).items()),
            parts["alignment"],
            parts["protection"],
            extensions.xml if extensions else "",
        )

    def xml(self) -> str:
        """Its text."""
        inner = "".join(
            f"<{name}{_attribute_text(values)}/>"
            for name, values in (("alignment", self.alignment), ("protection", self.protection))
            if values
        )
        inner += self.extensions
        return (
            f"<xf{_attribute_text(self.attributes)}>{inner}</xf>"
            if inner
            else f"<xf{_attribute_text(self.attributes)}/>"
        )


def _attribute_text(values: tuple[tuple[str, str], ...]) -> str:
    return "".join(f' {name}="{escape_attribute(value)}"' for name, value in values)


_DEFAULT = CellFormat((("numFmtId", "0"), ("fontId", "0"), ("fillId", "0"), ("borderId", "0")))


class Styles:
    """The styles of a workbook by number."""

    def __init__(self, text: str, theme: str | None) -> None:
        """`text` is the styles part, `theme` the theme part if there is one."""
        self._root = Element.cut(text)
        self._theme_text = theme
        self.changed = False
        self._formats = [CellFormat.read(piece.xml) for piece in self._list("cellXfs")]
        self._numbers = {one: n for n, one in reversed(list(enumerate(self._formats)))}
        self._codes = {}
        for piece in self._list("numFmts"):
            values = attributes(piece.xml.lstrip())
            self._codes[values["numFmtId"]] = values["formatCode"]
        self._fonts = [piece.xml for piece in self._list("fonts")]
        self._fills = [piece.xml for piece in self._list("fills")]
        self._variants: dict[tuple[int, object], int] = {}
        self._dates: dict[str, bool] = {}

    def _list(self, name: str) -> list[Piece]:
        piece = self._root.find(name)
        return Element.cut(piece.xml.lstrip()).pieces if piece else []

    @cached_property
    def theme(self) -> tuple[str, ...]:
        """The theme's colours."""
        return theme_colors(self._theme_text)

    def text(self) -> str:
        """The styles part."""
        return self._root.text()

    def format(self, style: int) -> CellFormat:
        """What a style number means; a number that the part does not have means the default style."""
        if style < len(self._formats):
            return self._formats[style]
        return self._formats[0] if self._formats else _DEFAULT

    def number_format(self, style: int) -> str:
        """The number format of a style, in English."""
        identifier = self.format(style).get("numFmtId")
        return self._codes.get(identifier) or BUILT_IN.get(int(identifier), "General")

    def is_date(self, style: int) -> bool:
        """Whether a number in this style is shown as a day."""
        identifier = self.format(style).get("numFmtId")
        if identifier not in self._dates:
            self._dates[identifier] = shows_date(self.number_format(style))
        return self._dates[identifier]

    def is_text(self, style: int) -> bool:
        """Whether the style is Excel's Text format, in which every entry is text."""
        return self.number_format(style) == _TEXT_FORMAT

    def is_quoted(self, style: int) -> bool:
        """Whether a leading apostrophe is remembered."""
        return self.format(style).get("quotePrefix") in {"1", "true"}

    def is_locked(self, style: int) -> bool:
        """Whether a protected sheet refuses changes to cells of the style."""
        return dict(self.format(style).protection).get("locked", "1") in {"1", "true"}

    def variant(self, style: int, key: object, change: Callable[[CellFormat], CellFormat]) -> int:
        """The number of the style with a change; `key` names the change, so that it is made once."""
        known = self._variants.get((style, key))
        if known is None:
            known = self._variants[style, key] = self._number(change(self.format(style)))
        return known

    def _number(self, wanted: CellFormat) -> int:
        if not self._formats:  # style 0 is the default of all cells
            self._formats.append(_DEFAULT)
            self._numbers[_DEFAULT] = self._append("cellXfs", _DEFAULT.xml(), 1)
        if wanted not in self._numbers:
            self._formats.append(wanted)
            self._numbers[wanted] = self._append("cellXfs", wanted.xml(), len(self._formats))
        return self._numbers[wanted]

    def _append(self, list_name: str, xml: str, count: int) -> int:
        piece = self._root.find(list_name)
        element = Element.cut(piece.xml.lstrip() if piece else f"<{list_name}></{list_name}>")
        element.pieces.append(Piece("+", xml))
        element.set_attribute("count", str(count))
        self._root.put(list_name, element.text(), _ORDER)
        self.changed = True
        return count - 1

    def with_number_format(self, style: int, code: str) -> int:
        """The style with another number format."""
        if code == self.number_format(style):
            return style
        identifier = self._format_number(code)
        return self.variant(
            style, ("number", code), lambda old: old.having(numFmtId=str(identifier), applyNumberFormat="1")
        )

    def _format_number(self, code: str) -> int:
        for number, built_in in BUILT_IN.items():
            if built_in == code:
                return number
        for identifier, known in self._codes.items():
            if known == code:
                return int(identifier)
        number = max([CUSTOM_FIRST - 1, *map(int, self._codes)]) + 1
        self._codes[str(number)] = code
        self._append(
            "numFmts", f'<numFmt numFmtId="{number}" formatCode="{escape_attribute(code)}"/>', len(self._codes)
        )
        return number

    def with_quote(self, style: int, quoted: bool) -> int:
        """The style with or without the remembered apostrophe."""
        return self.variant(style, ("quote", quoted), lambda old: old.having(quotePrefix="1" if quoted else None))

    def fill_color(self, style: int) -> Rgb | None:
        """The background of a style, or None where it has none."""
        number = int(self.format(style).get("fillId"))
        xml = self._fills[number] if number < len(self._fills) else ""
        pattern = re.search(r"<patternFill\b[^>]*patternType=\"(\w+)\"", xml)
        if pattern is None or pattern[1] == "none":
            return None
        tag = re.search(r"<fgColor\b[^>]*>" if pattern[1] == "solid" else r"<bgColor\b[^>]*>", xml)
        return rgb(tag[0], self.theme) if tag else None

    def with_fill(self, style: int, color: Rgb | str | int | None) -> int:
        """The style with a solid background, or with none."""
        code = None if color is None else argb(color)

        def change(old: CellFormat) -> CellFormat:
            if code is None:
                return old.having(fillId="0", applyFill=None)
            pattern = f'<fgColor rgb="{code}"/><bgColor indexed="64"/>'
            xml = f'<fill><patternFill patternType="solid">{pattern}</patternFill></fill>'
            if xml not in self._fills:
                self._fills.append(xml)
                self._append("fills", xml, len(self._fills))
            return old.having(fillId=str(self._fills.index(xml)), applyFill="1")

        return self.variant(style, ("fill", code), change)

    def font(self, style: int) -> dict[str, str]:
        """The font of a style: each property's element by its name."""
        number = int(self.format(style).get("fontId"))
        xml = self._fonts[number] if number < len(self._fonts) else "<font></font>"
        return {piece.name: start_tag(piece.xml) for piece in Element.cut(xml.lstrip()).pieces}

    def with_font(self, style: int, name: str, tag: str | None) -> int:
        """The style with one property of its font set (`tag` is the property's element), or removed."""

        def change(old: CellFormat) -> CellFormat:
            parts = self.font(style)
            parts.pop(name, None)
            if name == "name":
                parts.pop("scheme", None)  # a theme's font would win over the name
            if tag is not None:
                parts[name] = tag
            ordered = sorted(parts, key=lambda part: _FONT_ORDER.index(part) if part in _FONT_ORDER else 99)
            xml = "<font>" + "".join(parts[part] for part in ordered) + "</font>"
            if xml not in self._fonts:
                self._fonts.append(xml)
                self._append("fonts", xml, len(self._fonts))
            return old.having(fontId=str(self._fonts.index(xml)), applyFont="1")

        return self.variant(style, ("font", name, tag), change)

    def with_lock(self, style: int, locked: bool) -> int:
        """The style with its cells locked or open."""
        value = (("locked", "1" if locked else "0"),)
        return self.variant(
            style, ("lock", locked), lambda old: replace(old.having(applyProtection="1"), protection=value)
        )


def colored(tag: str, color: Rgb | str | int) -> str:
    """A colour element (`<color/>`) of this colour."""
    return with_attribute(tag, "rgb", argb(color))
