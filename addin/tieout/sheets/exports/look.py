"""How the proof workbook looks: the theme that every workbook of Tieout has, as formats for what a cell is."""

from enum import StrEnum
from typing import Any

from tieout.domain.money import exponent
from tieout.sheets.build.theme import Formats, Theme


class Tone(StrEnum):
    """What a cell is, and so how it looks. GOOD, WARN and BAD are the theme's names of their colours."""

    BODY = "body"
    OWN = "own"  # as Amazon's file has it
    STRONG = "strong"
    LINK = "link"
    LINK_BARE = "link bare"  # outside a table
    INPUT = "input"  # a cell for the reader to write in
    TITLE = "title"
    SUBTITLE = "subtitle"
    SECTION = "section"
    GOOD = "good"  # the three tones of the verdict
    WARN = "warn"
    BAD = "bad"
    VERDICT_NOTE = "verdict note"


_HAIR: dict[str, object] = {"bottom": 1, "bottom_color": "line", "valign": "vcenter"}
_HEAD: dict[str, object] = {
    "bold": True,
    "font_color": "head_text",
    "valign": "vcenter",
    "border": 1,
    "text_wrap": True,
}
# Numbers stand at the right, texts at the left, both a little off the next column.
_AT_RIGHT: dict[str, object] = {"align": "right", "indent": 1}
_AT_LEFT: dict[str, object] = {"align": "left", "indent": 1}
_CENTRED: dict[str, object] = {"align": "center"}
_IN_TABLES = frozenset({Tone.BODY, Tone.OWN, Tone.STRONG, Tone.LINK, Tone.INPUT})
_TONES: dict[Tone, dict[str, object]] = {
    Tone.BODY: _HAIR,
    Tone.OWN: {"valign": "vcenter", "font_color": "muted"},
    Tone.STRONG: {**_HAIR, "bold": True},
    Tone.LINK: {**_HAIR, "font_color": "link", "underline": 1},
    Tone.LINK_BARE: {"font_color": "link", "underline": 1},
    Tone.INPUT: {**_HAIR, "bg_color": "input", "locked": False},
    Tone.TITLE: {"bold": True, "font_size": 18, "font_color": "brand", "valign": "vcenter"},
    Tone.SUBTITLE: {"font_color": "muted", "valign": "vcenter"},
    Tone.SECTION: {"bold": True, "font_size": 12, "font_color": "brand", "valign": "vcenter"},
    Tone.VERDICT_NOTE: {"valign": "vcenter", "text_wrap": True, "indent": 1},
    **{
        verdict: {
            "bold": True,
            "font_size": 16,
            "valign": "vcenter",
            "indent": 1,
            "font_color": verdict.value,
            "bg_color": f"{verdict.value}_fill",
        }
        for verdict in (Tone.GOOD, Tone.WARN, Tone.BAD)
    },
}


def plain_number_format(currency: str) -> str:
    """Digits in groups, with the currency's own number of places and no sign of it: for long lists."""
    places = exponent(currency)
    body = "#,##0" + (f".{'0' * places}" if places else "")
    return f"{body};-{body}"


class Look:
    """Cell formats of one workbook under construction, each made once, in the order in which they are asked for."""

    def __init__(self, book: Any, theme: Theme) -> None:
        self._formats = Formats(book, theme)
        self._theme = theme
        self._conditions: dict[str, Any] = {}

    @property
    def table_style(self) -> str:
        """The style of Excel Tables."""
        return self._theme.table_style

    def text(self, tone: Tone = Tone.BODY, *, wrap: bool = False, centred: bool = False) -> Any:
        """The format of a text cell; its number format is "@", so that typing over it stays text."""
        shape = {"num_format": "@", **_TONES[tone]}
        if tone in _IN_TABLES:
            shape |= _CENTRED if centred else _AT_LEFT
        return self._formats.made(**(shape | {"text_wrap": True} if wrap else shape))

    def day(self) -> Any:
        """The format of a date."""
        day_format = self._theme.number_formats["date"]
        return self._formats.made(**_TONES[Tone.BODY], **_AT_LEFT, num_format=day_format)

    def whole(self) -> Any:
        """The format of a whole number."""
        return self._formats.made(**_TONES[Tone.BODY], **_AT_RIGHT, num_format="#,##0")

    def money(self, currency: str, *, with_sign: bool = False, tone: Tone = Tone.BODY) -> Any:
        """The format of an amount: its currency's places; with `with_sign`, its sign too (totals, mixed lists)."""
        plain = plain_number_format(currency)
        number_format = self._theme.currency_formats.get(currency, plain) if with_sign else plain
        return self._formats.made(**_TONES[tone], **_AT_RIGHT, num_format=number_format)

    def head(self, *, numeric: bool = False, centred: bool = False, user: bool = False) -> Any:
        """The format of a table's head cell, which stands as its column's cells do."""
        colour = "input_head" if user else "brand"
        place = _AT_RIGHT if numeric else _CENTRED if centred else _AT_LEFT
        return self._formats.made(**_HEAD, **place, bg_color=colour, border_color=colour)

    def band(self) -> Any:
        """What a conditional format lends to a line of totals."""
        return self._condition("band", bold=True, bg_color="brand_light")

    def changed(self, name: str) -> Any:
        """The colours that a conditional format lends: "good", "warn" or "bad"."""
        return self._condition(name, font_color=name, bg_color=f"{name}_fill")

    def _condition(self, name: str, **properties: object) -> Any:
        if name not in self._conditions:
            self._conditions[name] = self._formats.condition(**properties)
        return self._conditions[name]
