"""The session under python-amazon-sp-api: one request, patiently, to an answer or to a finding.

It takes the place of the library's own transport (`request`), and does what that one does not: its turn by the
usage plan, the access token, time-outs, status first, one renewal of the token, waits on 429 and on trouble,
bounds on size and time, no redirects, nothing in the open. Whatever leaves it is a JSON object of a request that
was done; anything else is AmazonUnavailable, before the library could take an empty body for "no orders".

Logged are method, path, status and Amazon's request id; never a header, a body, a query or a token.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests

from tieout.amazon.answers import AmazonsClock, Answer, body_of
from tieout.amazon.faults import Trouble, Verdict, address_open, throttled, unreachable, verdict
from tieout.amazon.limiter import Limiter
from tieout.amazon.patience import Patience
from tieout.amazon.tokens import Tokens
from tieout.amazon.usage_plans import Operation, operation_of
from tieout.domain.company import is_guarded
from tieout.domain.lost_line import why_lost
from tieout.download_ports import AmazonUnavailable
from tieout.limits import (
    AMAZON_ANSWER_BYTES_MAX,
    AMAZON_ANSWER_SECONDS_MAX,
    AMAZON_CONNECT_SECONDS_MAX,
    AMAZON_THROTTLE_WAITS_MAX,
)
from tieout.ports import Clock

_LOG = logging.getLogger("tieout.amazon")
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Raw:
    """What came over the line: status, headers (names in any case), the whole body."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class AmazonSession:
    """Sends the requests of one seller account. `role` is what a denied request is said to lack.

    `last_content` and `last_body` are the last accepted answer, as it came and as JSON: the library's own response
    object turns an empty payload into the rest of the answer.
    """

    def __init__(
        self,
        http: requests.Session,
        tokens: Tokens,
        limiter: Limiter,
        *,
        clock: Clock,
        amazons_clock: AmazonsClock,
        patience: Patience,
    ) -> None:
        self._http, self._tokens, self.limiter = http, tokens, limiter
        self._clock, self.amazons_clock, self._patience = clock, amazons_clock, patience
        self.role = ""
        self.requests = 0
        self.last_content = b""
        self.last_body: Any = None

    def sign_in(self) -> None:
        """Have an access token; AmazonUnavailable if there is no getting one."""
        self._tokens.access_token()

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        content: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """An answer that says the request was done; AmazonUnavailable for any other end."""
        operation = operation_of(method, urlsplit(url).path)
        body = content if content is not None else data
        token = self._tokens.access_token()
        tries = self._patience.tries()
        throttle_waits, renewed = 0, False
        while True:
            self._take_turn(operation)
            sent = {**(headers or {}), "x-amz-access-token": token}
            found = self._once(operation, url, partial(self._exchange, method, url, params, body, sent))
            if isinstance(found, Answer):
                self.last_content, self.last_body = found.content, found.body
                return found
            if found.trouble is Trouble.TOKEN and not renewed:
                token, renewed = self._tokens.replace(token), True
            elif found.trouble is Trouble.THROTTLED and throttle_waits < AMAZON_THROTTLE_WAITS_MAX:
                throttle_waits += 1
                self.limiter.empty(operation)
                self._patience.pause(1 + throttle_waits)
            elif found.trouble is not Trouble.AGAIN or not tries.another():
                raise AmazonUnavailable(found.finding, status=found.status)

    def fetch(self, url: str, *, bytes_max: int, seconds_max: int) -> Raw:
        """What is behind a document's address, without a token: Amazon signs the address itself.

        Asked again while there is trouble on the way; AmazonUnavailable if it stays.
        """
        tries = self._patience.tries()
        while True:
            try:
                self.requests += 1
                raw = self._exchange("GET", url, None, None, {}, bytes_max=bytes_max, seconds_max=seconds_max)
                _LOG.info("GET %s: %s", urlsplit(url).path, raw.status)
                if raw.status < 500 and raw.status != 429:
                    return raw
                lost = unreachable(f"its document store answered with status {raw.status}")
            except requests.RequestException as error:
                lost = unreachable(why_lost(error), url)
                _LOG.warning("GET %s: %s", urlsplit(url).path, type(error).__name__)
            if not tries.another():
                raise AmazonUnavailable(lost)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _take_turn(self, operation: Operation) -> None:
        try:
            self.limiter.take_turn(operation)
        except TimeoutError:
            raise AmazonUnavailable(throttled(operation.name)) from None

    def _once(self, operation: Operation, url: str, exchange: Callable[[], Raw]) -> Answer | Verdict:
        self.requests += 1
        try:
            raw = exchange()
        except requests.RequestException as error:
            _LOG.warning("%s %s: %s", operation.method, operation.path, type(error).__name__)
            return Verdict(Trouble.AGAIN, unreachable(why_lost(error), url))
        request_id = raw.headers.get("x-amzn-RequestId", "")
        _LOG.info("%s %s: %s (request %s)", operation.method, operation.path, raw.status, request_id or "unnamed")
        self.amazons_clock.heard(raw.headers.get("Date", ""))
        self.limiter.learn(operation, raw.headers.get("x-amzn-RateLimit-Limit", ""))
        body = body_of(raw.content)
        return verdict(raw.status, body, operation, operation.role or self.role) or Answer(
            raw.status, raw.headers, raw.content, body
        )

    def _exchange(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Any,
        headers: Mapping[str, str],
        *,
        bytes_max: int = AMAZON_ANSWER_BYTES_MAX,
        seconds_max: int = AMAZON_ANSWER_SECONDS_MAX,
    ) -> Raw:
        if not is_guarded(url):
            raise AmazonUnavailable(address_open(url))
        deadline = self._clock.now() + timedelta(seconds=seconds_max)
        with self._http.request(
            method,
            url,
            headers=dict(headers),
            params=dict(params or {}),
            data=body,
            timeout=(AMAZON_CONNECT_SECONDS_MAX, AMAZON_ANSWER_SECONDS_MAX),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = bytearray()
            for chunk in response.iter_content(_CHUNK_BYTES):
                content += chunk
                if len(content) > bytes_max:
                    raise requests.exceptions.ContentDecodingError("the answer is larger than any of Amazon's")
                if self._clock.now() > deadline:
                    raise requests.exceptions.ReadTimeout("the answer did not end in time")
            return Raw(response.status_code, response.headers, bytes(content))
