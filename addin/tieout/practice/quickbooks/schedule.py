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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

OPERATIONS = frozenset(
    {"create", "update", "delete", "void", "read", "query", "batch", "cdc", "upload", "download", "report"}
    | {"companyinfo", "preferences", "exchangerate", "discovery", "authorize", "token", "revoke"}
)
BEFORE = frozenset(
    {"throttle", "error5xx", "html503", "unauthorized", "reset", "timeout_before", "slow", "close_period"}
    | {"inactivate_account", "requestid_ignored", "lag", "subscription_ended", "fault_in_200"}
)
AFTER = frozenset({"timeout_after", "reset_after", "error5xx_after", "garbage_after"})
_MATCH_KEYS = frozenset({"method", "path", "op", "entity", "nth", "times"})
_NEEDS: Mapping[str, str] = {
    "slow": "seconds",
    "close_period": "date",
    "inactivate_account": "account",
    "lag": "seconds",
}


@dataclass(frozen=True, slots=True)
class Action:
    """What to do to one request; `options` are the entry's other keys."""

    do: str | Callable[[Any], None]
    options: Mapping[str, Any]


@dataclass(slots=True)
class _Entry:
    match: Mapping[str, Any]
    action: Action
    seen: int = field(default=0)

    def meets(self, method: str, path: str, op: str, entity: str) -> bool:
        match = self.match
        return (
            str(match.get("method", method)).upper() == method
            and str(match.get("path", "")).lower() in path.lower()
            and str(match.get("op", op)) == op
            and str(match.get("entity", entity)).lower() == entity.lower()
        )

    def fires(self) -> bool:
        self.seen += 1
        first, times = self.match.get("nth", 1), self.match.get("times", 1)
        return bool(self.seen >= first and (times == 0 or self.seen < first + times))


class Schedule:
    """Entries and how often each has met its request."""

    def __init__(self, entries: Sequence[Mapping[str, Any]] = ()) -> None:
        self._lock = Lock()
        self._entries: list[_Entry] = []
        self._done: list[str] = []
        self.add(entries)

    def add(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add entries; ValueError, naming what is wrong, for one that cannot be meant."""
        checked = [_entry(entry) for entry in entries]
        with self._lock:
            self._entries += checked

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()

    def actions(self, *, method: str, path: str, op: str, entity: str) -> list[Action]:
        """What the schedule does to this request, in the order of its entries."""
        with self._lock:
            met = [entry for entry in self._entries if entry.meets(method, path, op, entity)]
            actions = [entry.action for entry in met if entry.fires()]
            self._done += [each.do if isinstance(each.do, str) else each.do.__name__ for each in actions]
            return actions

    def done(self) -> list[str]:
        """What was done to requests so far, by name, in order; cleared entries' work too."""
        with self._lock:
            return list(self._done)


def _entry(entry: Mapping[str, Any]) -> _Entry:
    match = entry.get("match", {})
    if unknown := set(match) - _MATCH_KEYS:
        raise ValueError(f"a fault matches by {sorted(_MATCH_KEYS)}, not by {sorted(unknown)}")
    if match.get("op", "read") not in OPERATIONS:
        raise ValueError(f"{match['op']!r} is no operation; the operations are {sorted(OPERATIONS)}")
    if match.get("nth", 1) < 1 or match.get("times", 1) < 0:
        raise ValueError("nth counts from 1, and times is 0 (for ever) or more")
    do = entry.get("do")
    if isinstance(do, str):
        if do not in BEFORE | AFTER:
            raise ValueError(f"{do!r} is no fault; the faults are {sorted(BEFORE | AFTER)}")
        if do in _NEEDS and _NEEDS[do] not in entry:
            raise ValueError(f"the fault {do!r} needs {_NEEDS[do]!r}")
    elif not callable(do):
        raise ValueError("a fault needs 'do'")
    options = {name: value for name, value in entry.items() if name not in ("match", "do")}
    return _Entry(match, Action(do, options))
