"""Array formulas written over an area."""

from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.file.formulas import to_file
from tieout.sheets.engines.file.markup import escape

if TYPE_CHECKING:
    from tieout.sheets.engines.file.worksheet import Worksheet


def write_array(worksheet: "Worksheet", area: Area, formula: str) -> None:
    """Make an area one array formula (`=…`); its results are known when Excel has calculated."""
    worksheet.clear_contents(area)
    table = worksheet.workbook.table_at(worksheet, area)
    if table is not None:
        raise ValueError(f"array formulas can't stand in a table ({table.display_name})")
    style = worksheet.style(area.row, area.column)
    inner = f'<f t="array" ref="{area}">{escape(to_file(formula, None))}</f>'
    worksheet.grid.put(area.row, area.column, (worksheet.writer.tag(style, ""), inner))
    worksheet.formulas.arrays[area.row, area.column] = area
    worksheet.workbook.formulas_changed = worksheet.changed = True
