"""Questions to QuickBooks in its query language: whole lists, page by page, and rows by one of many values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from tieout.domain.posting import Outcome
from tieout.limits import QUICKBOOKS_QUERY_PAGES_MAX, QUICKBOOKS_QUERY_ROWS_MAX, QUICKBOOKS_QUERY_VALUES_MAX
from tieout.ports import BooksUnavailable
from tieout.quickbooks import encode
from tieout.quickbooks.faults import no_answer

Row = Mapping[str, Any]
# How often a list that changes while it is read is read again.
_COUNTS_MAX = 3


class Queries:
    """The questions of one connection; BooksUnavailable where one gets no usable answer."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def all(self, entity: str, conditions: Sequence[str] = ()) -> list[Row]:
        """Every row of a query, page by page, to the first page that is not full."""
        return self.all_as_of(entity, conditions)[0]

    def all_as_of(
        self, entity: str, conditions: Sequence[str] = (), most: int | None = None
    ) -> tuple[list[Row], datetime | None]:
        """Every row of a query, and the moment of the first page by QuickBooks' own clock.

        `most` is how many rows there can be, where that is known: then no page is asked for to see that it is empty.
        """
        rows: list[Row] = []
        began: datetime | None = None
        for _ in range(QUICKBOOKS_QUERY_PAGES_MAX):
            select = encode.query(entity, conditions, start=len(rows) + 1, rows=QUICKBOOKS_QUERY_ROWS_MAX)
            answer = asked(partial(self._client.query, select))
            began = began or told_at(answer)
            page = answer["QueryResponse"].get(entity, [])
            rows += page
            if len(page) < QUICKBOOKS_QUERY_ROWS_MAX or len(rows) == most:
                return rows, began
        raise BooksUnavailable(Outcome.UNKNOWN, no_answer(f"its list of {entity} does not end"))

    def all_unchanging(self, entity: str, conditions: Sequence[str] = ()) -> list[Row]:
        """Every row, each once, proved by their number: pages can shift while somebody else adds or deletes."""
        for _ in range(_COUNTS_MAX):
            rows = {str(row["Id"]): row for row in self.all(entity, conditions)}
            select = encode.count(entity, conditions)
            if asked(partial(self._client.query, select))["QueryResponse"].get("totalCount") == len(rows):
                return list(rows.values())
        raise BooksUnavailable(Outcome.UNKNOWN, no_answer(f"its list of {entity} changes while it is read"))

    def of_values(self, entity: str, name: str, values: Sequence[str]) -> Iterator[Row]:
        """The rows whose property has one of some values; the values hold only text that was checked before."""
        for start in range(0, len(values), QUICKBOOKS_QUERY_VALUES_MAX):
            yield from self._in(entity, name, values[start : start + QUICKBOOKS_QUERY_VALUES_MAX])

    def _in(self, entity: str, name: str, values: Sequence[str]) -> list[Row]:
        listed = ", ".join(f"'{value}'" for value in values)
        condition = f"{name} = {listed}" if len(values) == 1 else f"{name} IN ({listed})"
        try:
            return self.all_as_of(entity, (condition,), len(values) if name == "Id" else None)[0]
        except BooksUnavailable as refused:
            if refused.outcome is not Outcome.NOT_APPLIED or len(values) == 1:
                raise
        half = len(values) // 2  # too long a query, perhaps
        return [*self._in(entity, name, values[:half]), *self._in(entity, name, values[half:])]


def told_at(answer: Row) -> datetime | None:
    """When an answer was given, by QuickBooks' clock; None where it does not say."""
    try:
        found = datetime.fromisoformat(str(answer.get("time", "")))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def asked(question: Callable[[], Any]) -> Any:
    """The answer to a question; an answer that lacks what every answer has counts as none."""
    answer = question()
    if not isinstance(answer, Mapping):
        raise BooksUnavailable(Outcome.UNKNOWN, no_answer("it sent something else than was asked for"))
    return answer
