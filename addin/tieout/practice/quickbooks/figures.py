"""Exact figures: request JSON to whole minor units, minor units to JSON numbers, with no float in between.

Intuit's amounts are decimals "in 10.5 format" (JournalEntry reference, `Line.Amount`): up to ten digits and
five places in a request. The books hold whole minor units; answers are written with the currency's places.
"""

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from json.encoder import encode_basestring
from typing import Any

Doc = dict[str, Any]
"""A JSON object. Numbers in it are int or Decimal, never float."""

RATE_PLACES = 6
_WHOLE = Decimal(1)


class NotJson(ValueError):
    """The bytes are not JSON, or hold a number JSON does not have (NaN, Infinity)."""


def read_json(data: bytes) -> Any:
    """JSON with its decimals exact; NotJson if it is not UTF-8 JSON."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise NotJson(str(error)) from error


def _refuse(constant: str) -> Any:
    raise NotJson(f"{constant} is not a JSON number")


def write_json(value: Any) -> str:
    """JSON text; Decimals keep exactly the places they hold. TypeError for a float: none may get here."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Any, parts: list[str]) -> None:
    if value is None or value is True or value is False:
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(encode_basestring(value))
    elif isinstance(value, int):
        parts.append(str(value))
    elif isinstance(value, Decimal):
        parts.append(format(value, "f"))
    elif isinstance(value, dict):
        _write_members(value.items(), parts)
    elif isinstance(value, (list, tuple)):
        _write_items(value, parts)
    else:
        raise TypeError(f"{type(value).__name__} has no exact JSON form")


def _write_members(members: Iterable[tuple[str, Any]], parts: list[str]) -> None:
    parts.append("{")
    for index, (name, item) in enumerate(members):
        if index:
            parts.append(",")
        parts.append(encode_basestring(name))
        parts.append(":")
        _write(item, parts)
    parts.append("}")


def _write_items(items: Iterable[Any], parts: list[str]) -> None:
    parts.append("[")
    for index, item in enumerate(items):
        if index:
            parts.append(",")
        _write(item, parts)
    parts.append("]")


def decimal_of(value: Any) -> Decimal | None:
    """The decimal a request wrote as a number or as numeric text (Intuit takes both); None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    return None


def minor_of(amount: Decimal | int, places: int) -> int:
    """Whole minor units of `amount`; digits beyond the currency's places are rounded half up, as Intuit does."""
    return int(Decimal(amount).scaleb(places).quantize(_WHOLE, ROUND_HALF_UP))


def number_of(minor: int, places: int) -> Decimal:
    """The number with exactly `places` places: (1250, 2) is 12.50."""
    return Decimal(minor).scaleb(-places)


def converted(minor: int, places: int, rate: Decimal, home_places: int) -> int:
    """Minor units of the home currency for `minor` of a currency, at `rate` home units a unit; half up."""
    return minor_of(number_of(minor, places) * rate, home_places)
