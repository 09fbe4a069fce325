"""Cells copied to another place of the same workbook."""

from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.formulas import from_file, translated

if TYPE_CHECKING:
    from tieout.sheets.engines.file.worksheet import Worksheet


def copy_cells(source: "Worksheet", origin: Area, target: "Worksheet", area: Area, what: str) -> None:
    """Copy cells: `values`, `formulas` (values where there are none) or `all` (formulas and formats)."""
    rows: list[list[Any]] = []
    for row, values in enumerate(source.values(origin), origin.row):
        line: list[Any] = []
        for column, value in enumerate(values, origin.column):
            formula = source.formula(row, column) if what != "values" else None
            if formula is None:
                line.append(f"'{value}" if type(value) is str and value.startswith(("=", "'")) else value)
            else:
                to = area.row + row - origin.row, area.column + column - origin.column
                line.append(from_file(translated(formula, (row, column), to).removeprefix("=")))
        rows.append(line)
    styles = [
        [source.style(origin.row + row, origin.column + column) for column in range(origin.columns)]
        for row in range(origin.rows)
    ]
    if what == "all":
        for row, line in enumerate(styles):
            for column, style in enumerate(line):
                target.restyle(area.part(row, column), _always(style))
    target.write(area, rows)


def _always(style: int) -> Any:
    return lambda _: style
