"""The ways that arrow keys find through filled and empty cells."""

from tieout.sheets.engines.addresses import COLUMNS_MAX, ROWS_MAX, Area, spanning
from tieout.sheets.engines.hosts import HostSheet


def edge(sheet: HostSheet, area: Area, direction: str) -> Area:
    """The cell where Ctrl and an arrow key stop, from the first cell of an area: `down`, `up`, `right`, `left`."""
    key = direction[:1].lower()
    if key not in {"d", "u", "r", "l"}:
        raise ValueError(f"{direction!r} is not a direction: up, down, left, right")
    vertical, forward = key in {"d", "u"}, key in {"d", "r"}
    at, most = (area.row, ROWS_MAX) if vertical else (area.column, COLUMNS_MAX)
    line = _line(sheet, area, vertical)
    stop = _stop(line, at, forward, most)
    return Area(stop, area.column) if vertical else Area(area.row, stop)


def _line(sheet: HostSheet, area: Area, vertical: bool) -> list[bool]:
    """Which cells of the row or column are filled; item 0 stands for nothing, so that positions are indices."""
    used = sheet.used()
    if used is None:
        return [False]
    if vertical:
        return [False, *(row[0] for row in sheet.filled(Area(1, area.column, used.last_row, 1)))]
    return [False, *sheet.filled(Area(area.row, 1, 1, used.last_column))[0]]


def _stop(line: list[bool], at: int, forward: bool, most: int) -> int:
    def filled(position: int) -> bool:
        return position < len(line) and line[position]

    step, last = (1, most) if forward else (-1, 1)
    if at == last:
        return at
    if filled(at) and filled(at + step):
        while at != last and filled(at + step):
            at += step
        return at
    beyond = range(at + 1, len(line)) if forward else range(min(at, len(line)) - 1, 0, -1)
    return next((position for position in beyond if line[position]), last)


def current_region(sheet: HostSheet, area: Area) -> Area:
    """The area grown until empty rows and columns, or the sheet's edges, surround it."""
    used = sheet.used()
    if used is None:
        return area
    filled = sheet.filled(used)
    rows = [[used.column + n for n, is_filled in enumerate(row) if is_filled] for row in filled]
    while True:
        grown = area
        top, bottom = area.row - 1, area.last_row + 1
        left, right = area.column - 1, area.last_column + 1
        for row in range(max(top, used.row), min(bottom, used.last_row) + 1):
            near = [column for column in rows[row - used.row] if left <= column <= right]
            if near:
                grown = spanning(grown, Area(row, near[0], 1, near[-1] - near[0] + 1))
        if grown == area:
            return area
        area = grown
