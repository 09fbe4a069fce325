"""What attacks on answers need: every place in a JSON value, and its text once a value is changed to any other."""

import json
from decimal import Decimal
from typing import Any


def every_place(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside of a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in inside for place in [(*way, key), *every_place(each, (*way, key))]]


def json_text(value: Any) -> str:
    """JSON text; a Decimal as the number it is."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{json_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(json_text(each) for each in value) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)
