"""How the proof workbook looks: the colours, fonts and number formats of `workbook/theme.toml`, as cell formats.

One look for every workbook of Tieout. Formats are made once each, in the order in which they are first asked for,
so that the same input gives the same bytes.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tieout.domain.money import exponent
from tieout.resources import packaged


@dataclass(frozen=True, slots=True)
class Theme:
    """The part of the theme that exports use. Colours are hex without "#"."""

    font: str
    font_size: int
    colours: dict[str, str]
    currency_formats: dict[str, str]
    table_style: str

    @classmethod
    def load(cls) -> "Theme":
        """The theme that ships with the package."""
        read = tomllib.loads(packaged("workbook/theme.toml").read_text(encoding="utf-8"))
        return cls(read["font"], read["font_size"], read["colours"], read["currency_formats"], read["table_style"])


# Numbers stand at the right, a little off the text of the next column.
_AT_RIGHT = {"align": "right", "indent": 1}


class Tone(StrEnum):
    """What a cell is, and so how it looks; the text of a member is only its name."""

    BODY = "body"
    OWN = "own"  # as Amazon's file has it
    STRONG = "strong"
    LINK = "link"
    LINK_BARE = "link bare"  # outside a table
    INPUT = "input"  # a cell for the reader to write in
    HEAD = "head"
    HEAD_INPUT = "head input"
    TITLE = "title"
    SUBTITLE = "subtitle"
    SECTION = "section"
    GOOD = "good"  # the three tones of the verdict
    WARN = "warn"
    BAD = "bad"
    VERDICT_NOTE = "verdict note"


def plain_number_format(currency: str) -> str:
    """Digits in groups, with the currency's own number of places and no sign of it: for long lists."""
    places = exponent(currency)
    body = "#,##0" + (f".{'0' * places}" if places else "")
    return f"{body};-{body}"


class Look:
    """Cell formats of one workbook under construction."""

    def __init__(self, book: Any, theme: Theme) -> None:
        self._book = book
        self._theme = theme
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    @property
    def table_style(self) -> str:
        """The style of Excel Tables."""
        return self._theme.table_style

    def colour(self, name: str) -> str:
        """A colour of the theme, as XlsxWriter wants it."""
        return f"#{self._theme.colours[name]}"

    def text(self, tone: Tone = Tone.BODY, *, wrap: bool = False, centred: bool = False) -> Any:
        """The format of a text cell; its number format is "@", so that typing over it stays text."""
        shape = {"num_format": "@", **self._tone(tone)} | ({"align": "center"} if centred else {})
        return self._format(shape | {"text_wrap": True} if wrap else shape)

    def day(self) -> Any:
        """The format of a date."""
        return self._format({"num_format": "yyyy-mm-dd", "align": "left", **self._tone(Tone.BODY)})

    def whole(self) -> Any:
        """The format of a whole number."""
        return self._format({"num_format": "#,##0", **_AT_RIGHT, **self._tone(Tone.BODY)})

    def money(self, currency: str, *, with_sign: bool = False, tone: Tone = Tone.BODY) -> Any:
        """The format of an amount: its currency's places; with `with_sign`, its sign too (totals, mixed lists)."""
        plain = plain_number_format(currency)
        number_format = self._theme.currency_formats.get(currency, plain) if with_sign else plain
        return self._format({"num_format": number_format, **_AT_RIGHT, **self._tone(tone)})

    def head(self, *, numeric: bool = False, centred: bool = False, user: bool = False) -> Any:
        """The format of a table's head cell, which stands as its column's cells do."""
        tone = self._tone(Tone.HEAD_INPUT if user else Tone.HEAD)
        place = _AT_RIGHT if numeric else {"align": "center" if centred else "left"}
        return self._format({**tone, "text_wrap": True, **place})

    def band(self) -> Any:
        """What a conditional format lends to a line of totals."""
        return self._format({"bold": True, "bg_color": self.colour("brand_light")}, dressed=False)

    def changed(self, name: str) -> Any:
        """The colours that a conditional format lends: "good", "warn" or "bad"."""
        return self._format({"font_color": self.colour(name), "bg_color": self.colour(f"{name}_fill")}, dressed=False)

    def _tone(self, tone: Tone) -> dict[str, Any]:
        hair = {"bottom": 1, "bottom_color": self.colour("line"), "valign": "vcenter"}
        head = {"bold": True, "font_color": self.colour("head_text"), "valign": "vcenter", "border": 1}
        brand = self.colour("brand")
        tones: dict[Tone, dict[str, Any]] = {
            Tone.BODY: hair,
            Tone.OWN: {"valign": "vcenter", "font_color": self.colour("muted")},
            Tone.STRONG: {**hair, "bold": True},
            Tone.LINK: {**hair, "font_color": self.colour("link"), "underline": 1},
            Tone.LINK_BARE: {"font_color": self.colour("link"), "underline": 1},
            Tone.INPUT: {**hair, "bg_color": self.colour("input"), "locked": False},
            Tone.HEAD: {**head, "bg_color": brand, "border_color": brand},
            Tone.HEAD_INPUT: {
                **head,
                "bg_color": self.colour("input_head"),
                "border_color": self.colour("input_head"),
            },
            Tone.TITLE: {"bold": True, "font_size": 18, "font_color": brand, "valign": "vcenter"},
            Tone.SUBTITLE: {"font_color": self.colour("muted"), "valign": "vcenter"},
            Tone.SECTION: {"bold": True, "font_size": 12, "font_color": brand, "valign": "vcenter"},
            Tone.VERDICT_NOTE: {"valign": "vcenter", "text_wrap": True, "indent": 1},
        }
        for verdict in (Tone.GOOD, Tone.WARN, Tone.BAD):
            tones[verdict] = {
                "bold": True,
                "font_size": 16,
                "valign": "vcenter",
                "indent": 1,
                "font_color": self.colour(verdict.value),
                "bg_color": self.colour(f"{verdict.value}_fill"),
            }
        return tones[tone]

    def _ground(self) -> dict[str, Any]:
        return {
            "font_name": self._theme.font,
            "font_size": self._theme.font_size,
            "font_color": self.colour("ink"),
        }

    def _format(self, properties: dict[str, Any], *, dressed: bool = True) -> Any:
        if dressed:
            properties = {**self._ground(), **properties}
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]
