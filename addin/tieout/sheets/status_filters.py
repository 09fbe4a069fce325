"""The sheet Status Filters as a model: which orders are downloaded, and which of them may post."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.sheets.layout import load_layout
from tieout.sheets.port import ReadTable, TableRow, WorkbookPort, plain_text
from tieout.sheets.typed import one_of

TABLE = "StatusFilters"


class Admits(StrEnum):
    """What happens to an order of a status, in the sheet's words."""

    POST = "Download and post"
    DOWNLOAD = "Download only"
    NOTHING = "Leave out"


@dataclass(frozen=True, slots=True)
class StatusFilters:
    """What is chosen for each marketplace and channel ("US", "FBA"), by the status' key."""

    chosen: Mapping[tuple[str, str], Mapping[str, Admits]]
    findings: tuple[Finding, ...] = ()

    def of(self, country: str, channel: str) -> Mapping[str, Admits]:
        """What is chosen for a marketplace's channel; the defaults where the sheet has no row of it."""
        return self.chosen.get((country, channel), _defaults())


def read_status_filters(book: WorkbookPort) -> StatusFilters:
    """The sheet as it stands; an empty cell leaves its status out, one that is not understood too.

    Post, typed for a status that never posts, downloads its orders only, and is said at its cell.
    """
    table = book.read(TABLE)
    if isinstance(table, Finding):
        return StatusFilters({}, (table,))
    findings = list(table.findings)
    chosen = {
        (row.text("marketplace").upper(), row.text("channel").upper()): _row(table, row, findings)
        for row in table.rows
    }
    return StatusFilters(chosen, tuple(findings))


def _row(table: ReadTable, row: TableRow, findings: list[Finding]) -> dict[str, Admits]:
    choices = {}
    for status in load_layout().statuses:
        where = table.cell(row, status.key)
        if not status.posts and plain_text(row.values.get(status.key)).casefold() == Admits.POST.value.casefold():
            findings.append(_never_posts(status.title, where))
            choices[status.key] = Admits.DOWNLOAD
            continue
        allowed = [admits.value for admits in Admits if status.posts or admits is not Admits.POST]
        typed = one_of(row.values.get(status.key), where, allowed)
        if isinstance(typed, Finding):
            findings.append(typed)
        choices[status.key] = Admits(typed) if isinstance(typed, str) else Admits.NOTHING
    return choices


def _never_posts(title: str, where: Cell) -> Finding:
    return Finding(
        code="status-never-posts",
        severity=Severity.NOTICE,
        what=f"Orders that are {title.lower()} are never posted; here they are downloaded only.",
        to_do=f"Choose {Admits.DOWNLOAD} or {Admits.NOTHING}.",
        where=where,
    )


def _defaults() -> dict[str, Admits]:
    return {status.key: Admits(status.default) for status in load_layout().statuses}
