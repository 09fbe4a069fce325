"""JSON read exactly: no number passes through a float, and what is no number of JSON is refused."""

import json
import re
from decimal import Decimal
from typing import Any

# An escaped backslash, a whole pair of surrogates, or half of one.
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class NotJson(ValueError):
    """Text that is not JSON, or that holds NaN or Infinity, or is nested without end."""


def read_json(content: bytes | str) -> Any:
    """The value of JSON text (UTF-8): whole numbers as int, others as Decimal; NotJson if it is none."""
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        return json.loads(whole_text(text), parse_float=Decimal, parse_constant=_no_number)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except ValueError as error:
        raise NotJson(str(error)) from None


def whole_text(text: str) -> str:
    """JSON text in which half a character (a surrogate without its other half, as where a name was cut) is the sign
    for one that is lost: no database and no file could hold it.
    """
    if "\\u" not in text:
        return text
    return _ESCAPES.sub(lambda found: "\\ufffd" if found["half"] else found[0], text)


def _no_number(word: str) -> Any:
    raise NotJson(f"{word} is no number of JSON")
