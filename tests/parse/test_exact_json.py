"""JSON is read exactly or refused, whoever sent it."""

from decimal import Decimal

import pytest

from tieout.amazon.answers import body_of
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.api_json import read_page
from tieout.parse.exact_json import NotJson, read_json

REFUSED = [
    b'{"amount": NaN}',
    b'{"amount": Infinity}',
    b'{"amount": -Infinity}',
    b'{"amount": 1.}',
    b"{",
    b"\xff",
    b"[" * 200_000,
]


@pytest.mark.parametrize("content", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_json_is_refused_by_every_reader(content: bytes) -> None:
    with pytest.raises(NotJson):
        read_json(content)
    assert body_of(content) is None
    page = read_page(Document.of("page.json", content))
    assert isinstance(page, Finding)
    assert page.code == "api-page-unlike-model"


def test_numbers_keep_their_digits() -> None:
    content = b'{"a": 0.10, "b": 12345678901234567890.12, "c": 7, "d": 1e2}'
    wanted = {"a": Decimal("0.10"), "b": Decimal("12345678901234567890.12"), "c": 7, "d": Decimal("1E+2")}
    assert read_json(content) == body_of(content) == read_page(Document.of("page.json", content)) == wanted
    assert str(read_json(content)["a"]) == "0.10"


def test_an_empty_answer_is_an_empty_object() -> None:
    assert body_of(b" ") == {}
