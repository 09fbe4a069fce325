"""Requests and answers of practice Amazon, its errors in Amazon's words, and the forms of times.

Source of the error body and of its codes: Amazon's response format page and the models' `ErrorList`
(`{"errors":[{"code","message","details"}]}`), the same for every API.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tieout.practice.exact_json import NotJson, read_json

Doc = dict[str, Any]
"""A JSON object; its numbers are int or Decimal, never float."""

JSON_TYPE = "application/json"
TWO_MINUTES_S = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ApiError(Exception):
    """A request that Amazon refuses: the status, the code, and its two sentences."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(f"{status} {code}: {message} {details}".rstrip())
        self.status, self.code, self.message, self.details = status, code, message, details

    def body(self) -> Doc:
        """The JSON body."""
        return {"errors": [{"code": self.code, "message": self.message, "details": self.details}]}


def invalid_input(message: str, details: str = "") -> ApiError:
    """400: a parameter or a body that can't be meant."""
    return ApiError(400, "InvalidInput", message, details)


def denied(details: str = "") -> ApiError:
    """403: no token, a token that is over, or a role that the application lacks."""
    return ApiError(403, "Unauthorized", "Access to requested resource is denied.", details)


def not_found(message: str) -> ApiError:
    """404: nothing of that id."""
    return ApiError(404, "NotFound", message)


def quota_exceeded() -> ApiError:
    """429: the bucket of the operation is empty."""
    return ApiError(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; header names are in lower case, `parts` are the variable parts of its path."""

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    body: bytes
    now_ms: int
    parts: tuple[str, ...] = ()

    @property
    def now_s(self) -> int:
        """The server's time in whole seconds since 1970."""
        return self.now_ms // 1000

    def one(self, name: str) -> str:
        """The value of a query parameter; empty if it is missing."""
        values = self.query.get(name, ())
        return values[0] if values else ""

    def many(self, name: str, *, at_most: int = 0, among: Iterable[str] = ()) -> tuple[str, ...]:
        """The values of a list parameter: comma separated, or repeated. InvalidInput for too many or wrong ones."""
        values = tuple(
            part.strip() for value in self.query.get(name, ()) for part in value.split(",") if part.strip()
        )
        if at_most and len(values) > at_most:
            raise invalid_input(f"{name} takes at most {at_most} values.")
        allowed = tuple(among)
        wrong = [value for value in values if allowed and value not in allowed]
        if wrong:
            raise invalid_input(f"Invalid value for {name}: {wrong[0]}.")
        return values

    def number(self, name: str, *, default: int, low: int, high: int) -> int:
        """A whole-number parameter within bounds."""
        text = self.one(name)
        if not text:
            return default
        if not text.isdecimal() or not low <= int(text) <= high:
            raise invalid_input(f"{name} must be a whole number from {low} to {high}.")
        return int(text)

    def moment(self, name: str) -> int | None:
        """A time parameter in seconds since 1970; None if it is missing."""
        text = self.one(name)
        return None if not text else read_time(text, name)

    def json(self) -> Doc:
        """The body as a JSON object."""
        try:
            body = read_json(self.body)
        except NotJson as error:
            raise invalid_input("Request body is not valid JSON.", str(error)) from error
        if not isinstance(body, dict):
            raise invalid_input("Request body must be a JSON object.")
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: JSON of `body`, or `raw` bytes of `content_type` where they are not None."""

    body: Any = None
    status: int = 200
    raw: bytes | None = None
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)


def read_time(text: str, name: str) -> int:
    """Seconds since 1970 of an ISO 8601 date or time; without a zone it is UTC. InvalidInput if it is none."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise invalid_input(f"{name} is not a date in ISO 8601 format: {text}.") from None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return millis(aware) // 1000


def millis(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware time."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def iso(seconds: int) -> str:
    """The ISO 8601 form that Amazon's APIs write: 2026-10-13T15:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
