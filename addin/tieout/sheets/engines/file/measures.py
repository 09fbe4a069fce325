"""Widths, heights, hidden rows and columns, and where cells are on the sheet."""

from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.columns import DEFAULT_WIDTH, stored_width, width_in_characters
from tieout.sheets.engines.file.markup import attributes

if TYPE_CHECKING:
    from tieout.sheets.engines.file.worksheet import Worksheet
    from tieout.sheets.engines.hosts import Measure

_DEFAULT_HEIGHT = 15.0
_POINTS_PER_PIXEL = 0.75  # at 96 pixels an inch
_DIGIT_PIXELS = 7
_PADDING_PIXELS = 5
_LOOKED_AT_MAX = 10_000  # rows beyond these have the default height in every workbook seen
_TRUE = {"1", "true"}


def _defaults(worksheet: "Worksheet") -> dict[str, str]:
    piece = worksheet.around.find("sheetFormatPr")
    return attributes(piece.xml.lstrip()) if piece else {}


def _width(worksheet: "Worksheet", column: int) -> float:
    stored = worksheet.columns.get(column).get("width") or _defaults(worksheet).get("defaultColWidth")
    return width_in_characters(float(stored)) if stored else DEFAULT_WIDTH


def _height(worksheet: "Worksheet", row: int) -> float:
    found = worksheet.grid.row(row)
    stored = found.attribute("ht") if found else None
    return float(stored or _defaults(worksheet).get("defaultRowHeight") or _DEFAULT_HEIGHT)


def _is_hidden(worksheet: "Worksheet", row: int) -> bool:
    found = worksheet.grid.row(row)
    return found is not None and found.attribute("hidden") in _TRUE


def measure(worksheet: "Worksheet", area: Area, what: "Measure") -> Any:
    """A measure that all rows or columns of an area share, or None."""
    found: set[Any]
    if what == "column_width":
        found = {_width(worksheet, column) for column in _columns(area)}
    elif what == "row_height":
        found = {_height(worksheet, row) for row in _rows(area)}
    elif what == "column_hidden":
        found = {worksheet.columns.get(column).get("hidden") in _TRUE for column in _columns(area)}
    else:
        found = {_is_hidden(worksheet, row) for row in _rows(area)}
    return found.pop() if len(found) == 1 else None


def _rows(area: Area) -> range:
    return range(area.row, min(area.last_row, area.row + _LOOKED_AT_MAX) + 1)


def _columns(area: Area) -> range:
    return range(area.column, area.last_column + 1)


def set_measure(worksheet: "Worksheet", area: Area, what: "Measure", value: Any) -> None:
    """Give all rows or columns of an area a measure."""
    if what == "column_width":
        _change_columns(worksheet, area, {"width": f"{stored_width(float(value)):g}", "customWidth": "1"})
    elif what == "column_hidden":
        _change_columns(worksheet, area, {"hidden": "1" if value else ""})
    else:
        if area.rows > _LOOKED_AT_MAX:
            raise ValueError(f"the {what} of {area.rows} rows can't be set at once (up to {_LOOKED_AT_MAX})")
        for number in range(area.row, area.last_row + 1):
            row = worksheet.grid.made_row(number)
            if what == "row_height":
                row.set_attribute("ht", f"{float(value):g}")
                row.set_attribute("customHeight", "1")
            else:
                row.set_attribute("hidden", "1" if value else None)
        worksheet.changed = True


def _change_columns(worksheet: "Worksheet", area: Area, changes: dict[str, str]) -> None:
    def change(old: dict[str, str]) -> dict[str, str]:
        new = {name: value for name, value in {**old, **changes}.items() if value}
        if new:
            new.setdefault("width", f"{stored_width(DEFAULT_WIDTH):g}")
        return new

    worksheet.columns.change(area.column, area.last_column, change)
    worksheet.put_columns()


def place(worksheet: "Worksheet", area: Area) -> tuple[float, float, float, float]:
    """Left, top, width and height of an area in points."""

    def across(first: int, last: int) -> float:
        widths = (_width(worksheet, column) for column in range(first, last + 1))
        return sum(round(width * _DIGIT_PIXELS + _PADDING_PIXELS) * _POINTS_PER_PIXEL for width in widths)

    def down(first: int, last: int) -> float:
        default = float(_defaults(worksheet).get("defaultRowHeight") or _DEFAULT_HEIGHT)
        own = worksheet.grid.numbers(Area(first, 1, last - first + 1, 1)) if last >= first else []
        return (last - first + 1) * default + sum(_height(worksheet, number) - default for number in own)

    left, top = across(1, area.column - 1), down(1, area.row - 1)
    return left, top, across(area.column, area.last_column), down(area.row, area.last_row)
