"""The fault schedule: which requests go wrong, when, and how.

A list of entries, plain JSON, so that a file can hold it; the form is that of practice QuickBooks:

    {"match": {"method": "GET", "path": "/reports/", "op": "getReports", "nth": 2, "times": 1}, "do": "throttle"}

`match` may leave anything out; `path` is part of the path; `op` an operation's name in Amazon's models, or
`token`, `download`, `upload`; `nth` is the first matching request the entry meets (1 if left out) and `times` how
many from there on (1 if left out, 0 for ever). What `do` may be: see `FAULTS`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.practice.fault_schedule import Fault, FaultSchedule

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
_MATCH_BY = frozenset({"method", "path", "op"})


class Schedule(FaultSchedule):
    """The schedule of practice Amazon."""

    def __init__(self, entries: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(entries, _MATCH_BY, _check)

    def faults(self, method: str, path: str, operation: str) -> list[Fault]:
        """What goes wrong with this request, in the order of the entries."""
        return self.met(method=method, path=path, op=operation)


def _check(entry: Mapping[str, Any]) -> None:
    if entry.get("do") not in FAULTS:
        raise ValueError(f"{entry.get('do')!r} is no fault; the faults are {sorted(FAULTS)}")
