"""The user's own cells of a table: those of his own columns follow a row elsewhere, and ticks are used up."""

from collections.abc import Mapping
from typing import Any

from tieout.sheets.layout import TableLayout
from tieout.sheets.port import RawValue, Refresh, plain_text
from tieout.sheets.refresh_plan import Plan, key_of
from tieout.sheets.table_cells import TableCells, table_cells

Own = Mapping[str, RawValue]
_GENERAL = "General"
# Where what can't get a column of its own is written down.
_NOTES = "notes"


def coming(plan: Plan, layout: TableLayout, wanted: Refresh) -> dict[int, Own]:
    """What new rows bring with them, by their position in the plan."""
    if not wanted.own:
        return {}
    found = {}
    for number in plan.fresh_rows:
        own = wanted.own.get(key_of(layout, plan.slots[number].row or {}))
        if own:
            found[number] = own
    return found


def with_columns_for(cells: TableCells, brought: Mapping[int, Own]) -> TableCells:
    """The table with a column for each title that new rows bring; as it was where one can't be added."""
    there = {title.casefold() for title in cells.titles}
    missing = [title for title in _titles(brought) if title.casefold() not in there]
    if not missing:
        return cells
    for title in missing:
        try:
            cells.table.columns.add(title)
        except Exception:  # each engine refuses in an exception of its own; what it holds is noted then
            break
        body = cells.table.columns[-1].data_body_range
        if body is not None:
            body.number_format = _GENERAL
    return table_cells(cells.table, cells.layout)


def write_own(cells: TableCells, brought: Mapping[int, Own], write: Any) -> None:
    """Put what new rows bring into their columns; what has none goes into the notes of its row.

    `write` puts a block into an area.
    """
    places = {title.casefold(): place for place, title in enumerate(cells.titles)}
    known = cells.known()
    homeless: dict[int, list[str]] = {}
    for title in _titles(brought):
        place = places.get(title.casefold())
        for number, own in brought.items():
            if title not in own:
                continue
            if place is None or place in known:
                homeless.setdefault(number, []).append(f"{title}: {plain_text(own[title])}")
                continue
            cell = cells.area(number, number, place, place)
            if not str(cell.formula).startswith("="):
                write(cell, [[own[title]]])
    for number, told in homeless.items():
        if _NOTES in cells.places:
            place = cells.places[_NOTES]
            cell = cells.area(number, number, place, place)
            write(cell, [["; ".join(filter(None, (plain_text(cell.value), *told)))]])


def untick(cells: TableCells, plan: Plan, wanted: Refresh) -> None:
    """Take the ticks away in rows that the button has acted on."""
    place = cells.places.get("select")
    if place is None or not wanted.unticked:
        return
    for number, slot in enumerate(plan.slots):
        if slot.old is None or slot.row is None or cells.body[slot.old][place] in {None, ""}:
            continue
        if key_of(cells.layout, slot.row) in wanted.unticked:
            cells.area(number, number, place, place).value = None


def _titles(brought: Mapping[int, Own]) -> list[str]:
    return list(dict.fromkeys(title for own in brought.values() for title in own))
