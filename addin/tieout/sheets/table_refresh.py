"""A table brought up to date: rows found again by key, the user's cells, order, notes and columns left alone.

What has not changed is not written, so that a press with nothing new changes nothing. What has is written in blocks,
one for each run of the product's columns.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.limits import EXCEL_ROWS_A_CALL_MAX
from tieout.sheets.cell_values import holds, raw, text_for_cell
from tieout.sheets.layout import ColumnLayout
from tieout.sheets.own_cells import coming, untick, with_columns_for, write_own
from tieout.sheets.port import RawValue, Refresh, Refreshed
from tieout.sheets.refresh_plan import Plan, Slot, plan_rows, runs
from tieout.sheets.table_cells import TableCells, values_of

TEXT_FORMAT = "@"
LINE_POINTS, ROW_POINTS = 13.5, 15  # a line of the workbook's font; a row of one line
CHARACTERS_PER_WIDTH = 1.2  # a column is as wide as that many digits; text runs narrower
Body = list[list[RawValue]]


def refresh_table(cells: TableCells, wanted: Refresh, *, fits_heights: bool) -> Refreshed:
    """Write what differs; nothing where the columns that tell rows apart are not all there.

    `fits_heights`: rows are made as high as the text that wraps in them, which Excel does by itself.
    """
    sheet = cells.sheet.name
    missing = tuple(cells.missing())
    if any(key not in cells.places for key in cells.layout.key):
        return Refreshed(sheet, 0, missing)
    plan = plan_rows(cells, wanted)
    brought = coming(plan, cells.layout, wanted)
    if brought:
        cells = with_columns_for(cells, brought)
    problem = _make_rows(cells, plan)
    if problem is not None:
        return Refreshed(sheet, 0, (*missing, problem))
    if plan.slots:
        _write(cells, plan)
        write_own(cells, brought, _put)
        untick(cells, plan, wanted)
        if fits_heights:
            _fit_heights(cells, plan)
    else:
        _empty(cells)
    return Refreshed(sheet, plan.removed + sum(slot.changes for slot in plan.slots), missing)


# Rows


def _make_rows(cells: TableCells, plan: Plan) -> Finding | None:
    """Give the table as many rows as the plan has, with what is the user's where it belongs; `body` follows."""
    totals = cells.table.show_totals
    if totals:
        cells.table.show_totals = False
    try:
        if _has_users(cells):
            _move_users(cells, plan)
        return _fit(cells, max(1, len(plan.slots)))
    finally:
        if totals:
            cells.table.show_totals = True


def _has_users(cells: TableCells) -> bool:
    """Whether there is anything of the user's in the body: cells in his columns, or notes."""
    places = cells.user_places()
    return any(line[place] not in {None, ""} for line in cells.body for place in places) or bool(_notes(cells, 0))


def _notes(cells: TableCells, first: int) -> list[Any]:
    """The notes in the body from a row on."""
    top, bottom = cells.row + 1 + first, cells.row + len(cells.body)
    found = []
    for note in cells.sheet.notes:
        place = note.location
        if top <= place.row <= bottom and 0 <= place.column - cells.column < cells.width:
            found.append(note)
    return found


def _move_users(cells: TableCells, plan: Plan) -> None:
    """Take rows out, and put new ones on top, as the sheet itself does: notes, formats and formulas move along."""
    stays = set(plan.kept)
    if stays and plan.kept != list(range(len(stays))):
        for first, last in reversed(list(runs(n for n in range(len(cells.body)) if n not in stays))):
            cells.area(first, last, 0, cells.width - 1).delete("up")
        cells.body = [cells.body[number] for number in plan.kept]
        _renumber(plan, 0)
    if plan.pushes:
        for _ in range(plan.fresh):
            cells.table.rows.add(index=1)
        cells.body = [*_blank_rows(cells, plan.fresh), *cells.body]
        _renumber(plan, plan.fresh)
    _clear_from(cells, len(stays) + (plan.fresh if plan.pushes else 0))


def _blank_rows(cells: TableCells, count: int) -> Body:
    return [[None for _ in range(cells.width)] for _ in range(count)]


def _renumber(plan: Plan, first: int) -> None:
    number = first
    for slot in plan.slots:
        if slot.old is not None:
            slot.old, number = number, number + 1


def _clear_from(cells: TableCells, first: int) -> None:
    """Empty the rows from one on: what the user had there belonged to rows that are gone."""
    if first >= len(cells.body):
        return
    for note in _notes(cells, first):
        note.delete()
    for left, right in _not_calculated(cells):
        cells.area(first, len(cells.body) - 1, left, right).clear_contents()
    for line in cells.body[first:]:
        line[:] = [None] * cells.width


def _not_calculated(cells: TableCells) -> Iterator[tuple[int, int]]:
    known = cells.known()
    yield from runs(place for place in range(cells.width) if place not in known or not known[place].formula)


def _fit(cells: TableCells, rows: int) -> Finding | None:
    """Make the table so many rows long."""
    have = len(cells.body)
    if rows < have:
        cells.area(rows, have - 1, 0, cells.width - 1).clear_contents()
    elif rows > max(have, 1):
        problem = _make_room(cells, max(have, 1), rows)
        if problem is not None:
            return problem
    if rows != have:
        cells.table.resize(cells.sheet.range((cells.row, cells.column)).resize(rows + 1, cells.width))
    return None


def _make_room(cells: TableCells, have: int, rows: int) -> Finding | None:
    """Move what the user put below the table out of the way."""
    below = cells.area(have, rows - 1, 0, cells.width - 1)
    if all(value is None for line in values_of(below) for value in line):
        return None
    try:
        below.insert("down")
    except Exception as error:  # each engine refuses in an exception of its own
        return _no_room(cells, have, str(error))
    return None


# Cells


def _write(cells: TableCells, plan: Plan) -> None:
    given = {key for slot in plan.slots if slot.row is not None for key in slot.row}
    known = sorted(cells.known().items())
    if plan.fresh:
        _keep_text_as_text(cells, plan, given)
    for left, right in runs(place for place, column in known if not column.is_input and not column.formula):
        _write_block(cells, plan, left, right)
    for slot in plan.slots:
        slot.changes = slot.changes or slot.old is None
    if not plan.fresh:
        return
    for place, column in known:
        if column.is_input and column.key in given:
            _write_fresh(cells, plan, column, place)
        elif column.formula and column.formula != "own":
            _fill_formula(cells, plan, column, place)


def _write_block(cells: TableCells, plan: Plan, left: int, right: int) -> None:
    """Write a run of the product's columns, from the first row that differs to the last."""
    known = cells.known()
    columns = [(place, known[place].key) for place in range(left, right + 1)]
    blank: list[RawValue] = [None] * cells.width
    block: Body = []
    differing: list[int] = []
    for number, slot in enumerate(plan.slots):
        now = cells.body[number] if number < len(cells.body) else blank
        if _differs(cells, slot, now, columns):
            differing.append(number)
            slot.changes = slot.changes or slot.old == number or _changes(cells, slot, columns)
        block.append(_line(cells, slot, columns))
    if differing:
        first, last = differing[0], differing[-1]
        _put(cells.area(first, last, left, right), block[first : last + 1])


def _differs(cells: TableCells, slot: Slot, now: list[RawValue], columns: Iterable[tuple[int, str]]) -> bool:
    """Whether the cells of a row, as they are now, are not what the row shall hold."""
    row = slot.row or {}
    before = cells.body[slot.old] if slot.old is not None else None
    for place, key in columns:
        if key in row:
            if not holds(now[place], row[key]):
                return True
        elif now[place] != (before[place] if before is not None else None):
            return True
    return False


def _changes(cells: TableCells, slot: Slot, columns: Iterable[tuple[int, str]]) -> bool:
    """Whether a row shall hold something else than it did, wherever it stands."""
    return slot.old is not None and _differs(cells, slot, cells.body[slot.old], columns)


def _line(cells: TableCells, slot: Slot, columns: Iterable[tuple[int, str]]) -> list[RawValue]:
    row = slot.row or {}
    before = cells.body[slot.old] if slot.old is not None else None
    line: list[RawValue] = []
    for place, key in columns:
        kept = before[place] if before is not None else None
        line.append(raw(row[key]) if key in row else text_for_cell(kept) if isinstance(kept, str) else kept)
    return line


def _write_fresh(cells: TableCells, plan: Plan, column: ColumnLayout, place: int) -> None:
    """The user's cells of new rows, where the product has something for them to begin with."""
    fresh = plan.fresh_rows
    rows = [plan.slots[number].row or {} for number in fresh]
    if any(row.get(column.key) not in {None, ""} for row in rows):
        _put(cells.area(fresh[0], fresh[-1], place, place), [[raw(row.get(column.key))] for row in rows])


def _keep_text_as_text(cells: TableCells, plan: Plan, given: set[str]) -> None:
    """New cells of text and ids are text cells, whatever their format became: no id is cut, no date is guessed."""
    fresh = plan.fresh_rows
    for place, column in cells.known().items():
        if column.type.is_text and column.key in given and not column.formula:
            first = cells.area(fresh[0], fresh[0], place, place)
            if first.number_format != TEXT_FORMAT:
                cells.area(fresh[0], fresh[-1], place, place).number_format = TEXT_FORMAT


def _fill_formula(cells: TableCells, plan: Plan, column: ColumnLayout, place: int) -> None:
    """The formula of a calculated column in new rows, where the program did not fill it in by itself."""
    fresh = plan.fresh_rows
    last = cells.area(fresh[-1], fresh[-1], place, place)
    if not str(last.formula).startswith("="):
        cells.area(fresh[0], fresh[-1], place, place).formula = column.formula


def _fit_heights(cells: TableCells, plan: Plan) -> None:
    wrapped = [(place, column) for place, column in cells.known().items() if column.wrap]
    if not wrapped:
        return
    for number, slot in enumerate(plan.slots):
        row = slot.row or {}
        before = cells.body[slot.old] if slot.old is not None else None
        texts = [
            (column.width, str(row.get(column.key, (before[place] if before else None)) or ""))
            for place, column in wrapped
        ]
        lines = max(math.ceil(len(text) / (width * CHARACTERS_PER_WIDTH)) or 1 for width, text in texts)
        points = max(ROW_POINTS, LINE_POINTS * lines)
        cell = cells.area(number, number, 0, 0)
        if abs(cell.row_height - points) >= LINE_POINTS / 2:
            cell.row_height = points


def _empty(cells: TableCells) -> None:
    """The one row that an empty table has holds nothing but formulas."""
    if cells.body and not cells.is_blank(cells.body[0]):
        for left, right in _not_calculated(cells):
            cells.area(0, 0, left, right).clear_contents()


def _put(area: Any, block: Body) -> None:
    if len(block) > EXCEL_ROWS_A_CALL_MAX:
        area.options(chunksize=EXCEL_ROWS_A_CALL_MAX).value = block
    else:
        area.value = block


def _no_room(cells: TableCells, have: int, reason: str) -> Finding:
    address = cells.area(have, have, 0, 0).get_address(False, False)
    return Finding(
        code="sheet-no-room",
        severity=Severity.BLOCKED,
        what=f"The table {cells.layout.name} can't grow: what stands below it can't be moved ({reason.rstrip('.')}).",
        to_do="Move it to the right of the table or to a sheet of its own, and press the button again.",
        where=Cell(cells.sheet.name, address),
    )
