"""JSON read exactly: no number passes through a float, and what is no number of JSON is refused."""

import json
from decimal import Decimal
from typing import Any


class NotJson(ValueError):
    """Text that is not JSON, or that holds NaN or Infinity, or is nested without end."""


def read_json(content: bytes | str) -> Any:
    """The value of JSON text: whole numbers as int, others as Decimal; NotJson if it is none."""
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except ValueError as error:
        raise NotJson(str(error)) from None


def _no_number(word: str) -> Any:
    raise NotJson(f"{word} is no number of JSON")
