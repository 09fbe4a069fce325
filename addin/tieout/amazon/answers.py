"""Answers as exact JSON, and the clock that their Date headers tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from tieout.parse.exact_json import NotJson, read_json
from tieout.ports import Clock

# The Selling Partner API began in 2020; a Date beyond these years is somebody else's, or a mistake.
_YEARS = range(2020, 2100)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was accepted, in the form that python-amazon-sp-api reads. `content` is as it came."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    body: Any

    def json(self) -> Any:
        """The body; its numbers are int or Decimal, never float."""
        return self.body


def body_of(content: bytes) -> Any:
    """The JSON in an answer's body, numbers exact; None where it is no JSON, {} where it is empty."""
    if not content.strip():
        return {}
    try:
        return read_json(content)
    except NotJson:
        return None


class AmazonsClock:
    """The time as Amazon has it. A machine's clock may be hours off, and windows of data must not follow it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None

    def heard(self, date_header: str) -> None:
        """Learn from an answer's Date header; one that is none, or of no year Amazon can be in, teaches nothing."""
        try:
            told = parsedate_to_datetime(date_header)
        except (ValueError, OverflowError):
            return
        if told.year not in _YEARS:
            return
        aware = told if told.tzinfo is not None else told.replace(tzinfo=UTC)
        self._ahead = aware - self._clock.now()

    @property
    def is_known(self) -> bool:
        """Whether any answer told the time yet."""
        return self._ahead is not None

    def now(self) -> datetime:
        """The aware moment by Amazon's clock; by the machine's, until an answer told it."""
        return (self._clock.now() + (self._ahead or timedelta())).astimezone(UTC)
