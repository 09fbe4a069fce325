"""JSON in which decimals keep exactly the digits they have: no number passes through a float."""

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any


class NotJson(ValueError):
    """Text that is not JSON, or that holds NaN or Infinity."""


def read_json(data: bytes) -> Any:
    """The value of UTF-8 JSON, its decimals as Decimal; NotJson if it is none."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise NotJson(str(error)) from error


def _refuse(constant: str) -> Any:
    raise NotJson(f"{constant} is not a JSON number")


def write_json(value: Any) -> str:
    """The JSON text of what `read_json` gives (and of tuples); TypeError for anything else, floats first of all."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join([f"{encode_basestring(name)}:{write_json(item)}" for name, item in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([write_json(item) for item in value]) + "]"
    raise TypeError(f"{type(value).__name__} has no exact JSON form")
