"""The fault schedule: which requests go wrong, when, and how.

A list of entries, plain JSON, so that a file can hold it; the form is that of practice QuickBooks:

    {"match": {"method": "GET", "path": "/reports/", "op": "getReports", "nth": 2, "times": 1}, "do": "throttle"}

`match` may leave anything out; `path` is part of the path; `op` an operation's name in Amazon's models, or
`token`, `download`, `upload`; `nth` is the first matching request the entry meets (1 if left out) and `times` how
many from there on (1 if left out, 0 for ever). What `do` may be: see `FAULTS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

FAULTS: Mapping[str, str] = {
    "throttle": "429 with Amazon's body, before the work",
    "empty429": "429 with no body, before the work",
    "error5xx": 'an error of the server ("status", 500 if left out), before the work',
    "html503": "503 with a page of HTML from a gateway, before the work",
    "reset": "the connection is reset, before the work",
    "timeout_before": 'silence for "seconds" (30), then the connection is closed; no work done',
    "timeout_after": "the same, after the work",
    "slow": 'the answer comes "seconds" (1) late, in small parts',
    "truncate_gzip": "a compressed document is cut in half",
    "wrong_charset": "the content type names another charset than the document's",
    "repeat_page": "the last page of this operation is answered once more, its token too",
    "expire_token": "the access token is over from now on",
    "expire_url": "the presigned address is over",
}
_MATCH_KEYS = frozenset({"method", "path", "op", "nth", "times"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request; `options` are the entry's other members."""

    do: str
    options: Mapping[str, Any]


@dataclass(slots=True)
class _Entry:
    match: Mapping[str, Any]
    fault: Fault
    seen: int = field(default=0)

    def meets(self, method: str, path: str, operation: str) -> bool:
        match = self.match
        return (
            str(match.get("method", method)).upper() == method
            and str(match.get("path", "")).lower() in path.lower()
            and match.get("op", operation) == operation
        )

    def fires(self) -> bool:
        self.seen += 1
        first, times = self.match.get("nth", 1), self.match.get("times", 1)
        return bool(self.seen >= first and (times == 0 or self.seen < first + times))


class Schedule:
    """Entries, and how often each has met its request."""

    def __init__(self, entries: Sequence[Mapping[str, Any]] = ()) -> None:
        self._lock = Lock()
        self._entries: list[_Entry] = []
        self.add(entries)

    def add(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add entries; ValueError, naming what is wrong, for one that can't be meant."""
        checked = [_entry(entry) for entry in entries]
        with self._lock:
            self._entries += checked

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()

    def faults(self, method: str, path: str, operation: str) -> list[Fault]:
        """What goes wrong with this request, in the order of the entries."""
        with self._lock:
            met = [entry for entry in self._entries if entry.meets(method, path, operation)]
            return [entry.fault for entry in met if entry.fires()]


def _entry(entry: Mapping[str, Any]) -> _Entry:
    match = entry.get("match", {})
    if not isinstance(match, Mapping) or set(match) - _MATCH_KEYS:
        raise ValueError(f"a fault matches by {sorted(_MATCH_KEYS)}: {match}")
    if entry.get("do") not in FAULTS:
        raise ValueError(f"{entry.get('do')!r} is no fault; the faults are {sorted(FAULTS)}")
    if int(match.get("nth", 1)) < 1 or int(match.get("times", 1)) < 0:
        raise ValueError("nth counts from 1, and times is 0 (for ever) or more")
    options = {name: value for name, value in entry.items() if name not in ("match", "do")}
    return _Entry(match, Fault(entry["do"], options))
