"""Text of files and companies as it may stand in a terminal and on a line of JSON.

Names come from files, so from anybody. A control character can make a terminal do things or hide what is written; a
mark of direction can turn digits around; a field of megabytes fills the screen. Controls are shown as their codes,
and what is far too long is cut in its middle.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

# Controls, half surrogates (names of files that are no UTF-8), and what divides lines or turns the direction of
# writing (Unicode, "Bidirectional Algorithm", 2.1 to 2.6); joiners that scripts need are left.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
# The same without the controls that JSON escapes by itself. Some programs divide lines at these.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2060-\u206f\ud800-\udfff]")
# The longest sentence of ours is a tenth of this.
_CHARACTERS_MAX = 4_000
_HEAD, _TAIL = 3_000, 500


def shown(text: str) -> str:
    """One line of text, every character of it visible and none a control, of bounded length."""
    return _UNSAFE.sub(lambda match: _code(match[0]), cut(text))


def cut(text: str) -> str:
    """The text, without its middle where it is far too long."""
    if len(text) <= _CHARACTERS_MAX:
        return text
    left_out = len(text) - _HEAD - _TAIL
    return f"{text[:_HEAD]} [{left_out:,} characters left out] {text[-_TAIL:]}"


def json_line(value: Mapping[str, Any]) -> str:
    """JSON that is one line to every program, and holds nothing that a terminal obeys."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _code(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
