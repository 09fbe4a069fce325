"""QuickBooks' lists out of the company's store: whole once, and from then on only what changed since.

Reads are metered (Intuit, "App partner program"), and lists are large and change little. One request tells of the
changes of all kept lists at once. Whatever makes that unsure (too long ago, too many changes, an entry made just
now) leads to a whole reading. Source: Intuit, "Change data capture": 30 days, 1,000 objects, no tax codes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tieout.domain.posting import Outcome
from tieout.limits import (
    QUICKBOOKS_CHANGES_DAYS_MAX,
    QUICKBOOKS_CHANGES_OBJECTS_MAX,
    QUICKBOOKS_LIST_FRESH_SECONDS,
    QUICKBOOKS_LIST_OVERLAP_SECONDS,
)
from tieout.parse.exact_json import read_json
from tieout.ports import BooksUnavailable, Clock
from tieout.quickbooks.exact_json import write_json
from tieout.quickbooks.queries import Queries, Row, asked, told_at

KEPT = ("Account", "Class", "Customer", "Department", "Item", "Vendor")
ACTIVE_TOO = ("Active IN (true, false)",)  # inactive entries too

_OVERLAP = timedelta(seconds=QUICKBOOKS_LIST_OVERLAP_SECONDS)
_FRESH = timedelta(seconds=QUICKBOOKS_LIST_FRESH_SECONDS)
_REACH = timedelta(days=QUICKBOOKS_CHANGES_DAYS_MAX - 1)


class ListCache(Protocol):
    """The books' lists as they were last read: entries as JSON text, by the company, the kind and the id."""

    def marks(self, realm_id: str) -> Mapping[str, datetime]:
        """Up to which moment each kept list is complete."""
        ...

    def entries(self, realm_id: str, entity: str) -> Sequence[str]:
        """The entries of a list, by id."""
        ...

    def replace(self, realm_id: str, entity: str, entries: Mapping[str, str], complete_at: datetime) -> None:
        """Keep a list whole, complete up to a moment."""
        ...

    def change(self, realm_id: str, changes: Mapping[str, Mapping[str, str | None]], complete_at: datetime) -> None:
        """Take over what changed in several lists, all or none of it: entries by id, None for one that is gone."""
        ...


class KeptLists:
    """The lists of one company, through one connection."""

    def __init__(
        self,
        queries: Queries,
        changes: Callable[[str, str], Any],
        cache: ListCache,
        realm_id: str,
        clock: Clock,
    ) -> None:
        self._queries = queries
        self._ask_changes = changes
        self._cache = cache
        self._realm_id = realm_id
        self._clock = clock
        self._read: dict[str, datetime] = {}
        self._unsure: set[str] = set()

    def rows(self, entity: str, conditions: Sequence[str] = ()) -> list[Row]:
        """A list: its active entries, or with `ACTIVE_TOO` all of them. Anything else is asked for as it is."""
        conditions = tuple(conditions)
        if entity not in KEPT or conditions not in {(), ACTIVE_TOO}:
            return self._queries.all(entity, conditions)
        if entity in self._unsure or not self._is_fresh(entity):
            self._freshen(entity)
        entries = [read_json(each) for each in self._cache.entries(self._realm_id, entity)]
        return entries if conditions else [each for each in entries if each.get("Active", True)]

    def touched(self, entity: str) -> None:
        """That an entry may have been made: the list is read whole before it is relied on again."""
        self._unsure.add(entity)

    def _is_fresh(self, entity: str) -> bool:
        read = self._read.get(entity)
        return read is not None and self._clock.now() - read < _FRESH

    def _freshen(self, entity: str) -> None:
        marks = self._cache.marks(self._realm_id)
        mark = marks.get(entity)
        usable = mark is not None and entity not in self._unsure and self._clock.now() - mark < _REACH
        # Lists that are complete up to the same moment or a later one are brought up to date on the way.
        along = [each for each in KEPT if mark is not None and each in marks and marks[each] >= mark]
        if mark is None or not usable or not self._take_changes(along, mark):
            self._take_whole(entity)

    def _take_whole(self, entity: str) -> None:
        now = self._clock.now()
        rows, told = self._queries.all_as_of(entity, ACTIVE_TOO)
        entries = {str(row["Id"]): _text(row) for row in rows}
        self._cache.replace(self._realm_id, entity, entries, (told or now) - _OVERLAP)
        self._read[entity] = now
        self._unsure.discard(entity)

    def _take_changes(self, entities: Sequence[str], since: datetime) -> bool:
        """Take over what changed in some lists; whether that is all that changed."""
        now = self._clock.now()
        try:
            moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            answer = asked(lambda: self._ask_changes(",".join(entities), moment))
        except BooksUnavailable as unavailable:
            if unavailable.outcome is Outcome.NOT_APPLIED:
                return False
            raise
        changes = {entity: _changed(answer, entity) for entity in entities}
        if sum(len(each) for each in changes.values()) >= QUICKBOOKS_CHANGES_OBJECTS_MAX:
            return False
        self._cache.change(self._realm_id, changes, (told_at(answer) or now) - _OVERLAP)
        self._read |= dict.fromkeys(entities, now)
        return True


def _changed(answer: Mapping[str, Any], entity: str) -> dict[str, str | None]:
    """The entries of a list that changed, by id; None for one that is gone."""
    return {
        str(row["Id"]): None if row.get("status") == "Deleted" else _text(row)
        for response in answer["CDCResponse"]
        for group in response.get("QueryResponse", ())
        for row in group.get(entity, ())
    }


def _text(row: Row) -> str:
    return write_json(row).decode("utf-8")
