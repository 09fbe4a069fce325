"""A schedule of faults: which requests to a practice server go wrong, when, and how. Both servers count by it.

An entry is plain JSON, so that a file can hold it: {"match": {…, "nth": 2, "times": 1}, "do": "throttle", …}. `match`
names what a request has to be; `nth` is the first such request that the entry meets (1 if left out), `times` how many
from there on (1 if left out, 0 for ever). Which names a server knows, and what `do` may be, its own module says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

_COUNTS = ("nth", "times")


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request; `options` are the entry's other members. `do` may be a function in a test."""

    do: str | Callable[[Any], None]
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What goes wrong, by name."""
        return self.do if isinstance(self.do, str) else self.do.__name__


@dataclass(slots=True)
class _Entry:
    match: Mapping[str, Any]
    fault: Fault
    seen: int = field(default=0)

    def meets(self, request: Mapping[str, str]) -> bool:
        """Whether a request is what the entry names: its path holds the path, everything else is the same."""
        wanted = {name: str(value).lower() for name, value in self.match.items() if name not in _COUNTS}
        told = {name: value.lower() for name, value in request.items()}
        return all(
            value in told["path"] if name == "path" else value == told.get(name) for name, value in wanted.items()
        )

    def fires(self) -> bool:
        """Count a request that it meets; whether the fault is for this one."""
        self.seen += 1
        first, times = self.match.get("nth", 1), self.match.get("times", 1)
        return bool(self.seen >= first and (times == 0 or self.seen < first + times))


class FaultSchedule:
    """Entries, and how often each has met its request.

    `check` raises ValueError, naming what is wrong, for an entry that a server can't mean.
    """

    def __init__(
        self,
        entries: Sequence[Mapping[str, Any]],
        match_by: frozenset[str],
        check: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._lock = Lock()
        self._match_by = match_by
        self._check = check
        self._entries: list[_Entry] = []
        self._done: list[str] = []
        self.add(entries)

    def add(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add entries, all or none of them; ValueError, naming what is wrong, for one that can't be meant."""
        checked = [self._entry(entry) for entry in entries]
        with self._lock:
            self._entries += checked

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()

    def met(self, **request: str) -> list[Fault]:
        """What goes wrong with this request, in the order of the entries."""
        with self._lock:
            met = [entry for entry in self._entries if entry.meets(request)]
            faults = [entry.fault for entry in met if entry.fires()]
            self._done += [fault.name for fault in faults]
            return faults

    def done(self) -> list[str]:
        """What went wrong with requests so far, by name, in order; cleared entries' work too."""
        with self._lock:
            return list(self._done)

    def _entry(self, entry: Mapping[str, Any]) -> _Entry:
        match = entry.get("match", {})
        known = self._match_by | set(_COUNTS)
        if not isinstance(match, Mapping) or set(match) - known:
            told = sorted(set(match) - known) if isinstance(match, Mapping) else match
            raise ValueError(f"a fault matches by {sorted(known)}, not by {told}")
        if int(match.get("nth", 1)) < 1 or int(match.get("times", 1)) < 0:
            raise ValueError("nth counts from 1, and times is 0 (for ever) or more")
        self._check(entry)
        options = {name: value for name, value in entry.items() if name not in ("match", "do")}
        return _Entry(match, Fault(entry["do"], options))
