"""JSON of others, exactly or not at all."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.parse.exact_json import NotJson, read_json, whole_text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each), max_leaves=8))
def test_what_was_written_is_read(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False)) == value


@given(st.text(st.characters()), st.booleans())
def test_text_that_is_read_can_be_kept(text: str, upper: bool) -> None:
    escaped = "".join(f"\\u{unit:04x}" for unit in _units(text))
    found = read_json(f'"{escaped.upper().replace("U", "u") if upper else escaped}"')
    assert found.encode().decode() == found
    if not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        assert found == text


def _units(text: str) -> list[int]:
    packed = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(packed[place : place + 2]) for place in range(0, len(packed), 2)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r'"\ud83d"', "\ufffd"),
        (r'"\ude00 a"', "\ufffd a"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (r'"\\ud83d"', "\\ud83d"),
        (r'"\\\ud83d"', "\\\ufffd"),
        (r'{"\udc00":1.10}', {"\ufffd": Decimal("1.10")}),
    ],
)
def test_half_a_character_is_a_lost_one(text: str, read: object) -> None:
    assert read_json(text) == read


def test_text_without_escapes_is_left_alone() -> None:
    assert whole_text('{"a":"b"}') == '{"a":"b"}'


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "", "{", "[" * 100_000, "9" * 5_000, "'a'"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(NotJson):
        read_json(text)
