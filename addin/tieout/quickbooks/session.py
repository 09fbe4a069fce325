"""The session under python-quickbooks: a request, patiently, to an answer or to an outcome; from several threads.

It has what the library asks of a session (`access_token`, `request`) and what it lacks: time-outs, pace, one
refresh on a 401, waits on a 429, repeated questions, bounds on size and time, no redirects. A write is sent again
only where it is certain that the first was not worked on (never reached, 429, 401); anything else about a write
leaves as BooksUnavailable with the outcome `unknown`, for the caller to ask about.

Logged are method, path, status and intuit_tid; never a header, a body or a token.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from tieout.domain.lost_line import why_lost
from tieout.domain.posting import Outcome
from tieout.limits import (
    QUICKBOOKS_ANSWER_BYTES_MAX,
    QUICKBOOKS_ANSWER_SECONDS_MAX,
    QUICKBOOKS_CONNECT_SECONDS_MAX,
    QUICKBOOKS_READ_RETRY_WAITS_SECONDS,
    QUICKBOOKS_THROTTLE_WAIT_SECONDS,
    QUICKBOOKS_THROTTLE_WAITS_MAX,
    QUICKBOOKS_WRITE_LEAVES_SECONDS_MAX,
)
from tieout.parse.exact_json import read_json, whole_text
from tieout.ports import BooksUnavailable, Clock
from tieout.quickbooks.faults import Verdict, no_answer, unreachable, verdict
from tieout.quickbooks.pace import Pace
from tieout.quickbooks.tokens import Tokens

_LOG = logging.getLogger("tieout.quickbooks")
_CHUNK_BYTES = 65_536
# A connection that lay idle may have been closed at the other end; a write on it would end as "unknown".
_IDLE_MAX = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in the form python-quickbooks reads: `status_code` and `text`."""

    status_code: int
    text: str
    intuit_tid: str


class GuardedSession:
    """Sends the requests of one connection, as `pace` lets them go."""

    def __init__(self, http: requests.Session, tokens: Tokens, clock: Clock, pace: Pace) -> None:
        self._http = http
        self._tokens = tokens
        self._clock = clock
        self._pace = pace
        self._own = _OfThread()
        self._lock = threading.Lock()
        self._on_their_way = 0
        self._last_use: datetime | None = None

    @property
    def access_token(self) -> str:
        """The token that python-quickbooks puts into the header; renewed ahead of its end."""
        return self._tokens.access_token()

    @property
    def last_intuit_tid(self) -> str:
        """Intuit's id of the last request of this thread; empty where its answer bore none."""
        return self._own.intuit_tid

    def begin_write(self) -> None:
        """Note that this thread prepares a write now: it goes out soon, or not at all."""
        self._own.write_begun = self._clock.now()

    def batches_free(self) -> int:
        """How many batches could go out now without waiting."""
        return self._pace.batches_free()

    def request(
        self, method: str, url: str, headers: Mapping[str, str], params: Mapping[str, Any], data: Any = None
    ) -> Answer:
        """An answer that says the request was done; BooksUnavailable, with the outcome, for any other end."""
        question = method.upper() == "GET" or urlsplit(url).path.endswith("/query")
        token = headers["Authorization"].removeprefix("Bearer ")
        retries = list(QUICKBOOKS_READ_RETRY_WAITS_SECONDS)
        throttle_waits, renewed = 0, False
        while True:
            if not question:
                self._check_still_meant()
            found = self._once(method, url, {**headers, "Authorization": f"Bearer {token}"}, params, data)
            if isinstance(found, Answer):
                return found
            if found.outcome is Outcome.SIGN_IN and not renewed:
                token, renewed = self._tokens.replace(token), True
            elif found.finding.code == "quickbooks-throttled" and throttle_waits < QUICKBOOKS_THROTTLE_WAITS_MAX:
                throttle_waits += 1
                self._clock.sleep(QUICKBOOKS_THROTTLE_WAIT_SECONDS)
            elif retries and _may_repeat(found, question):
                self._clock.sleep(retries.pop(0))
            else:
                raise BooksUnavailable(found.outcome, found.finding)

    def _check_still_meant(self) -> None:
        begun = self._own.write_begun
        longest = timedelta(seconds=QUICKBOOKS_WRITE_LEAVES_SECONDS_MAX)
        if begun is not None and self._clock.now() - begun > longest:
            raise BooksUnavailable(Outcome.WAIT, unreachable("this computer was asleep, or kept waiting too long"))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], params: Mapping[str, Any], data: Any
    ) -> Answer | Verdict:
        path = urlsplit(url).path
        self._own.intuit_tid = ""
        try:
            with self._pace.turn(batch=path.endswith("/batch")), self._connections():
                status, content, tid = self._exchange(method, url, headers, params, data)
        except requests.RequestException as error:
            reason = why_lost(error)
            _LOG.warning("%s %s: %s", method, path, type(error).__name__)
            if _never_sent(error):
                return Verdict(Outcome.WAIT, unreachable(reason, url))
            return Verdict(Outcome.UNKNOWN, no_answer(reason))
        self._own.intuit_tid = tid
        _LOG.info("%s %s: %s (intuit_tid %s)", method, path, status, tid or "none")
        text = whole_text(content.decode("utf-8", errors="replace"))
        return verdict(status, _decoded(text), tid) or Answer(status, text, tid)

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], params: Mapping[str, Any], data: Any
    ) -> tuple[int, bytes, str]:
        deadline = self._clock.now() + timedelta(seconds=QUICKBOOKS_ANSWER_SECONDS_MAX)
        with self._http.request(
            method,
            url,
            headers=dict(headers),
            params=dict(params),
            data=data,
            timeout=(QUICKBOOKS_CONNECT_SECONDS_MAX, QUICKBOOKS_ANSWER_SECONDS_MAX),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = bytearray()
            for chunk in response.iter_content(_CHUNK_BYTES):
                content += chunk
                if len(content) > QUICKBOOKS_ANSWER_BYTES_MAX:
                    raise requests.exceptions.ContentDecodingError("the answer is larger than any of QuickBooks")
                if self._clock.now() > deadline:
                    raise requests.exceptions.ReadTimeout("the answer did not end in time")
            return response.status_code, bytes(content), response.headers.get("intuit_tid", "")

    @contextmanager
    def _connections(self) -> Iterator[None]:
        """Count a request as on its way; those that lay idle before the first of several are dropped."""
        with self._lock:
            used = self._last_use if not self._on_their_way else None
            if used is not None and self._clock.now() - used > _IDLE_MAX:
                for adapter in self._http.adapters.values():
                    adapter.close()
            self._on_their_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._on_their_way -= 1
                self._last_use = self._clock.now()


class _OfThread(threading.local):
    """What one thread's requests leave for its next step."""

    intuit_tid: str = ""
    write_begun: datetime | None = None


def _may_repeat(found: Verdict, question: bool) -> bool:
    """Whether the same request may simply be sent again: it was a question, or it never left."""
    if found.finding.code == "quickbooks-unreachable":
        return True
    return question and found.outcome is Outcome.UNKNOWN


def _never_sent(error: requests.RequestException) -> bool:
    """Whether no connection was made, so that the request can't have been worked on."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)


def _decoded(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        return None
