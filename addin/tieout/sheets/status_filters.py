"""The sheet Status Filters as a model: which orders are downloaded, and which of them may post."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.finding import Finding
from tieout.sheets.layout import load_layout
from tieout.sheets.port import ReadTable, TableRow, WorkbookPort
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
    """The sheet as it stands; an empty cell leaves its status out, one that is not understood too."""
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
        allowed = [admits.value for admits in Admits if status.posts or admits is not Admits.POST]
        typed = one_of(row.values.get(status.key), table.cell(row, status.key), allowed)
        if isinstance(typed, Finding):
            findings.append(typed)
        choices[status.key] = Admits(typed) if isinstance(typed, str) else Admits.NOTHING
    return choices


def _defaults() -> dict[str, Admits]:
    return {status.key: Admits(status.default) for status in load_layout().statuses}
