"""Answers and addresses made to harm: no credential leaves in the open, and what is no answer is said to be none."""

import gzip
import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from tests.amazon.world import MovingClock
from tieout.amazon.connection import AmazonConnection
from tieout.amazon.opening import open_amazon
from tieout.amazon.tokens import CLIENT_SECRET, REFRESH_TOKEN
from tieout.domain.company import AmazonAddress
from tieout.download_ports import SETTLEMENT_REPORT, AmazonUnavailable

API, LWA = "https://sellingpartnerapi-eu.amazon.com", "https://api.amazon.com/auth/o2/token"
UK = "A1F83G8C2ARO7P"
TOKEN = {"access_token": "Atza|one", "expires_in": 3600, "token_type": "bearer"}


class Answers(BaseAdapter):
    """Answers every request by its path, and keeps what was asked."""

    def __init__(self, **by_path: tuple[int, bytes, dict[str, str]]) -> None:
        super().__init__()
        self.by_path = {"token": (200, json.dumps(TOKEN).encode(), {}), **by_path}
        self.asked: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        self.asked.append(request)
        path = (request.url or "").split("?")[0].rsplit("/", 1)[-1]
        status, content, headers = self.by_path[path]
        response = requests.Response()
        response.status_code, response.url, response.request = status, request.url or "", request
        response.headers.update(headers)
        response.raw = HTTPResponse(io.BytesIO(content), headers, status, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""


class Held:
    def load(self, _service: str) -> dict[str, str]:
        return {CLIENT_SECRET: "amzn1.oa2-cs.v1.secret", REFRESH_TOKEN: "Atzr|refresh"}


def opened(answers: Answers, endpoint: str = API, lwa: str = LWA) -> AmazonConnection:
    http = requests.Session()
    for scheme in ("https://", "http://"):
        http.mount(scheme, answers)
    clock = MovingClock(datetime(2026, 11, 1, tzinfo=UTC))
    address = AmazonAddress(endpoint, lwa, "amzn1.application-oa2-client.one", "A1SELLER", (UK,))
    return open_amazon(address, Held(), "amazon", clock=clock, http=http, dice=Random(1))[0]


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(AmazonUnavailable) as caught:
        call()
    return caught.value.finding.code


def listed(connection: AmazonConnection) -> list[Any]:
    return list(connection.reports(SETTLEMENT_REPORT))


@pytest.mark.parametrize(
    "url",
    ["http://api.amazon.com/token", "http://127.0.0.1@evil.example/token", "http://127.0.0.1.evil.example/token"],
)
def test_no_secret_goes_to_a_sign_in_service_in_the_open(url: str) -> None:
    answers = Answers()
    assert code_of(lambda: listed(opened(answers, lwa=url))) == "amazon-address-open"
    assert answers.asked == []


@pytest.mark.parametrize(
    "url", ["http://sellingpartnerapi-eu.amazon.com", "http://localhost.evil.example", "ftp://x"]
)
def test_no_token_goes_to_amazon_in_the_open(url: str) -> None:
    answers = Answers(reports=(200, b'{"reports":[]}', {}))
    assert code_of(lambda: listed(opened(answers, endpoint=url))) == "amazon-address-open"
    assert [each for each in answers.asked if "x-amz-access-token" in each.headers] == []


def test_a_document_is_not_fetched_in_the_open() -> None:
    address = json.dumps({"reportDocumentId": "d", "url": "http://store.example/secret"}).encode()
    answers = Answers(d=(200, address, {}), secret=(200, b"settlement-id\tx", {}))
    assert code_of(lambda: opened(answers).document("d", "one.txt")) == "amazon-address-open"
    assert not [each for each in answers.asked if "secret" in (each.url or "")]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_no_token_along(status: int) -> None:
    answers = Answers(reports=(status, b"", {"Location": "https://evil.example/reports"}))
    assert code_of(lambda: listed(opened(answers))) == "amazon-in-trouble"
    assert {(each.url or "").split("/")[2] for each in answers.asked} == {
        "api.amazon.com",
        "sellingpartnerapi-eu.amazon.com",
    }


def test_a_redirect_takes_no_secret_along() -> None:
    answers = Answers(token=(307, b"", {"Location": "https://evil.example/token"}))
    assert code_of(lambda: listed(opened(answers))) == "amazon-in-trouble"
    assert {each.url for each in answers.asked} == {LWA}


def test_a_document_that_is_elsewhere_is_not_fetched_from_there() -> None:
    address = json.dumps({"reportDocumentId": "d", "url": "https://store.example/one"}).encode()
    answers = Answers(d=(200, address, {}), one=(302, b"", {"Location": "https://evil.example/other"}))
    assert code_of(lambda: opened(answers).document("d", "one.txt")) == "amazon-document-damaged"
    assert not [each for each in answers.asked if "evil" in (each.url or "")]


NO_JSON = {
    "not a number": b'{"reports":[{"reportId":NaN}]}',
    "infinite": b'{"reports":[{"reportId":-Infinity}]}',
    "nested": b'{"reports":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "of endless digits": b'{"reports":[{"reportId":' + b"9" * 10_000 + b"}]}",
    "not UTF-8": b'{"reports":"\xff\xfe"}',
    "a list": b"[]",
    "cut": b'{"reports":[{"reportId":"1"',
}


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_is_no_answer(content: bytes) -> None:
    assert code_of(lambda: listed(opened(Answers(reports=(200, content, {}))))) == "amazon-answer-unreadable"


@pytest.mark.parametrize("reports", ["null", '"x"', "[1]", "[[]]", '[{"reportId":"1"}]', '[{"createdTime":1e400}]'])
def test_lists_of_other_things_are_no_answer(reports: str) -> None:
    content = f'{{"reports":{reports}}}'.encode()
    assert code_of(lambda: listed(opened(Answers(reports=(200, content, {}))))) == "amazon-answer-unreadable"


@pytest.mark.parametrize(
    "told",
    [
        {**TOKEN, "expires_in": "soon"},
        {**TOKEN, "expires_in": None},
        {**TOKEN, "expires_in": 10**30},
        {**TOKEN, "access_token": "Atza|\u2028two"},
        {**TOKEN, "access_token": "Atza|one\r\nX-Other: two"},
        {**TOKEN, "access_token": None},
        {"access_token": "Atza|one"},
        [],
        "Atza|one",
    ],
    ids=str,
)
def test_a_token_that_is_none_is_not_used(told: object) -> None:
    answers = Answers(token=(200, json.dumps(told).encode(), {}), reports=(200, b'{"reports":[]}', {}))
    assert code_of(lambda: listed(opened(answers))) == "amazon-in-trouble"
    assert {each.url for each in answers.asked} == {LWA}


@pytest.mark.parametrize(
    "date",
    [
        "yesterday",
        "",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 01 Jan 0001 00:00:00 +2359",
    ],
)
def test_a_date_that_is_none_teaches_nothing(date: str) -> None:
    answers = Answers(
        token=(200, json.dumps(TOKEN).encode(), {"Date": date}), reports=(200, b'{"reports":[]}', {"Date": date})
    )
    connection = opened(answers)
    assert listed(connection) == []
    assert connection.now().year == 2026


@pytest.mark.parametrize("rate", ["", "fast", "NaN", "-1", "0", "1e400", "1e-400", "0.0000000000001"])
def test_a_rate_that_is_none_is_not_waited_for_without_end(rate: str) -> None:
    answers = Answers(reports=(200, b'{"reports":[]}', {"x-amzn-RateLimit-Limit": rate}))
    connection = opened(answers)
    for _ in range(12):
        assert listed(connection) == []


def _at(url: str, packed: bool = True) -> bytes:
    told = {"reportDocumentId": "d", "url": url, **({"compressionAlgorithm": "GZIP"} if packed else {})}
    return json.dumps(told).encode()


def test_a_document_that_unpacks_without_end_takes_little_memory() -> None:
    """A hundred thousand times its size: refused after what settlement text never packs to."""
    bomb = gzip.compress(gzip.compress(b"\0" * 300_000_000))
    answers = Answers(d=(200, _at("https://store.example/one"), {}), one=(200, bomb, {}))
    bytes_before_unpacking = gzip.compress(b"\0" * 300_000_000)
    plain = Answers(d=(200, _at("https://store.example/one"), {}), one=(200, bytes_before_unpacking, {}))
    for each in (answers, plain):
        connection = opened(each)
        tracemalloc.start()
        assert code_of(lambda: connection.document("d", "one.txt")) == "amazon-document-damaged"  # noqa: B023 - called now
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 120_000_000


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=klingon",
        "text/plain;charset=",
        'text/plain; charset="../../etc"',
        "charset=utf-16; x=\x00",
    ],
)
def test_a_charset_that_nobody_knows_is_a_name_and_nothing_more(content_type: str) -> None:
    text = b"settlement-id\ttotal-amount\n1\t2.00\n"
    answers = Answers(
        d=(200, _at("https://store.example/one", packed=False), {}), one=(200, text, {"Content-Type": content_type})
    )
    assert opened(answers).document("d", "one.txt").content == text
