"""JSON whose numbers are exact: written with the currency's own places from whole minor units.

It is read by `tieout.parse.exact_json`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tieout.domain.money import InexactAmount, Money, exponent, minor_from_plain

_EXPONENT_MAX = 40  # written out, a number of a vast exponent would fill the memory


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is to stand in JSON text."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """JSON text that was written before, to stand as it is inside other text."""

    text: str


def number(amount: Money) -> Number:
    """An amount as a JSON number with exactly its currency's places: 1977.17, 1500.00, 1500 for yen."""
    return Number(amount.decimal)


def write_json(value: Any) -> bytes:
    """JSON text in UTF-8: the same value, the same bytes. TypeError for a float, which would not be exact."""
    return _text(value).encode("utf-8")


def _text(value: Any) -> str:
    if isinstance(value, Number | Written):
        return value.text
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(str(name))}:{_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(_text(each) for each in value) + "]"
    raise TypeError(f"{type(value).__name__} has no exact form in JSON")


def amount(value: Any, currency: str) -> Money:
    """An amount that was read; InexactAmount where it is no number of the currency's places."""
    if isinstance(value, Decimal) and not -_EXPONENT_MAX < value.adjusted() < _EXPONENT_MAX:
        raise InexactAmount(f"{value} is no amount of money")
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return Money(minor_from_plain(text, exponent(currency)), currency)
