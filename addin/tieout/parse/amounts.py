"""Amounts as settlement files write them: the decimal style decided once a file, then exact minor units.

Real files write 1668.68 on Amazon.com and Amazon.co.uk and 128,84 on Amazon.de and Amazon.fr, and only the file
tells which (facts of real files; Amazon, "Deprecation of two payment settlement report types": "amounts in local
currency format"). Files that went through a spreadsheet may have thousands marks, brackets or a minus at the end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tieout.domain.money import InexactAmount, minor_from_plain
from tieout.limits import AMOUNT_MINOR_UNITS_MAX

_MARKS = ".,"
# What may stand between groups of digits besides the other mark: spaces (no-break, thin, narrow), apostrophes.
_SPACES = " \u00a0\u2009\u202f"
_GROUPING = f"{_SPACES}'\u2019"
_MINUS = "-\u2212\u2013"
# How Amazon itself writes nearly every amount: no grouping, two decimals.
_PLAIN = re.compile(r"-?[0-9]+([.,])[0-9]{2}")
_BODY = re.compile(rf"\d(?:[\d.,{_GROUPING}]*\d)?[.,]?|[.,]\d+", re.ASCII)
# Groups of three; or of two above the last three, as India writes.
_GROUPED = re.compile(
    rf"\d{{1,3}}(?:([.,{_GROUPING}])\d{{3}})(?:\1\d{{3}})*"
    rf"|\d{{1,2}}(?:([.,{_GROUPING}])\d{{2}})(?:\2\d{{2}})*\2\d{{3}}",
    re.ASCII,
)


class TooManyPlaces(InexactAmount):
    """An amount with more decimal places than its currency has."""


@dataclass(frozen=True, slots=True)
class DecimalStyle:
    """The mark that divides a file's whole units from their parts: "." or ","."""

    mark: str

    @property
    def other(self) -> str:
        """The mark that can only stand between thousands."""
        return "," if self.mark == "." else "."


@dataclass(frozen=True, slots=True)
class MixedStyles:
    """Two amounts of one file that can't be of one style."""

    with_point: str
    with_comma: str


@dataclass(frozen=True, slots=True)
class AmbiguousStyle:
    """An amount such as "1.234" in a file where nothing tells whether that is one or one thousand."""

    text: str


def decide_style(texts: Iterable[str], places: int) -> DecimalStyle | MixedStyles | AmbiguousStyle:
    """The one style of all of a file's amounts; texts that are no amounts are left for `read_amount` to refuse.

    The last separator of an amount is its decimal mark if other than three digits follow it or another separator
    stands before it. "1.234" alone decides nothing: in a currency without decimal places it has to be thousands;
    otherwise, if no other amount decides, it is ambiguous.
    """
    evidence: dict[str, str] = {}
    undecided: dict[str, str] = {}
    for text in texts:
        plain = _PLAIN.fullmatch(text)
        mark = plain[1] if plain else _decimal_mark(_split_sign(text)[1])
        if mark and mark in _MARKS:
            evidence.setdefault(mark, text)
        elif mark:
            undecided.setdefault(mark[-1], text)
    if "." in evidence and "," in evidence:
        return MixedStyles(evidence["."], evidence[","])
    if evidence:
        return DecimalStyle(next(iter(evidence)))
    if undecided and (places > 0 or len(undecided) > 1):
        return AmbiguousStyle(next(iter(undecided.values())))
    # No amount has a decimal mark; the marks there are stand between thousands.
    return DecimalStyle("," if "." in undecided else ".")


def read_amount(text: str, style: DecimalStyle, places: int) -> int:
    """Minor units of one amount; InexactAmount if it is not exactly an amount of that style and so many places.

    A minus may stand before or after it, or brackets around it. Zeros beyond the places are exact.
    """
    plain = _PLAIN.fullmatch(text)
    if plain and plain[1] == style.mark and places == 2:
        minor = minor_from_plain(text.replace(style.mark, "."), places)
    else:
        minor = _read_grouped(text, style, places)
    if abs(minor) > AMOUNT_MINOR_UNITS_MAX:
        raise InexactAmount(f"{text!r} is larger than any amount of a settlement")
    return minor


def _read_grouped(text: str, style: DecimalStyle, places: int) -> int:
    """Minor units of an amount with whatever signs and groups."""
    negative, body = _split_sign(text)
    if not _BODY.fullmatch(body):
        raise InexactAmount(f"{text!r} is not an amount")
    whole, mark, fraction = body.rpartition(style.mark)
    if not mark:
        whole, fraction = fraction, ""
    if whole and not whole.isdigit():
        if style.mark in whole or not _GROUPED.fullmatch(whole):
            raise InexactAmount(f"{text!r} is not an amount whose decimals stand after {style.mark!r}")
        whole = "".join(c for c in whole if c.isdigit())
    if fraction and not fraction.isdigit():
        raise InexactAmount(f"{text!r} is not an amount whose decimals stand after {style.mark!r}")
    if fraction[places:].strip("0"):
        raise TooManyPlaces(f"{text!r} has more than {places} decimal places")
    minor = minor_from_plain(f"{whole or '0'}.{fraction}", places)
    return -minor if negative else minor


def _split_sign(text: str) -> tuple[bool, str]:
    """Whether an amount is negative, and the rest of it; the text itself if its signs contradict each other."""
    body = text.strip()
    if body[:1] == "(" and body[-1:] == ")":
        return True, body[1:-1].strip()
    if body[:1] in _MINUS and len(body) > 1:
        return True, body[1:].strip()
    if body[-1:] in _MINUS and len(body) > 1:
        return True, body[:-1].strip()
    if body[:1] == "+":
        return False, body[1:].strip()
    return False, body


def _decimal_mark(body: str) -> str:
    """ "." or "," if it must be the decimal mark; "?." or "?," if that mark may be or not; "" if nothing is told."""
    if not _BODY.fullmatch(body):
        return ""
    present = {mark: body.count(mark) for mark in _MARKS if mark in body}
    if not present:
        return ""
    last = max(present, key=body.rfind)
    if len(present) == 2:
        return last if present[last] == 1 else ""
    if present[last] > 1:  # 1.234.567: between thousands, so the other one is the decimal mark
        other = "," if last == "." else "."
        return other if _GROUPED.fullmatch(body) else ""
    before, _, after = body.partition(last)
    if len(after) != 3 or not before or before == "0" or not before.isdigit() or len(before) > 3:
        return last
    return f"?{last}"
