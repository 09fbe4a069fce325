"""The fault schedule: which requests go wrong, when, and how.

A list of entries, plain JSON, so that a file can hold it:

    {"match": {"method": "POST", "path": "journalentry", "op": "create", "entity": "JournalEntry",
               "nth": 2, "times": 1}, "do": "timeout_after", …}

`match` may leave anything out; `path` is part of the path; `nth` is the first matching request the entry meets
(1 if left out) and `times` how many from there on (1 if left out, 0 for ever). `op` is one of `OPERATIONS`.

`do`, before the work: `throttle` (429), `error5xx` ("status", 500), `html503`, `unauthorized` (401), `reset`,
`timeout_before`, `slow` ("seconds"), `close_period` ("date"), `inactivate_account` ("account"),
`requestid_ignored`, `lag` ("seconds": the query does not see what was created since), `subscription_ended`.
After the work: `timeout_after`, `reset_after`, `error5xx_after` ("status"), `garbage_after`, `fault_in_200`
(before the work, in truth: a Fault under status 200). In a running test `do` may also be a function, called
with the practice company before the work.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.practice.fault_schedule import Fault, FaultSchedule

OPERATIONS = frozenset(
    {"create", "update", "delete", "void", "read", "query", "batch", "cdc", "upload", "download", "report"}
    | {"companyinfo", "preferences", "exchangerate", "discovery", "authorize", "token", "revoke"}
)
BEFORE = frozenset(
    {"throttle", "error5xx", "html503", "unauthorized", "reset", "timeout_before", "slow", "close_period"}
    | {"inactivate_account", "requestid_ignored", "lag", "subscription_ended", "fault_in_200"}
)
AFTER = frozenset({"timeout_after", "reset_after", "error5xx_after", "garbage_after"})
_MATCH_BY = frozenset({"method", "path", "op", "entity"})
_NEEDS: Mapping[str, str] = {
    "slow": "seconds",
    "close_period": "date",
    "inactivate_account": "account",
    "lag": "seconds",
}


class Schedule(FaultSchedule):
    """The schedule of practice QuickBooks."""

    def __init__(self, entries: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(entries, _MATCH_BY, _check)

    def actions(self, *, method: str, path: str, op: str, entity: str) -> list[Fault]:
        """What the schedule does to this request, in the order of its entries."""
        return self.met(method=method, path=path, op=op, entity=entity)


def _check(entry: Mapping[str, Any]) -> None:
    match = entry.get("match", {})
    if match.get("op", "read") not in OPERATIONS:
        raise ValueError(f"{match['op']!r} is no operation; the operations are {sorted(OPERATIONS)}")
    do = entry.get("do")
    if isinstance(do, str):
        if do not in BEFORE | AFTER:
            raise ValueError(f"{do!r} is no fault; the faults are {sorted(BEFORE | AFTER)}")
        if do in _NEEDS and _NEEDS[do] not in entry:
            raise ValueError(f"the fault {do!r} needs {_NEEDS[do]!r}")
    elif not callable(do):
        raise ValueError("a fault needs 'do'")
