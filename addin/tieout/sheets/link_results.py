"""What the links in tables show in a closed workbook, which does not calculate: "Go", "Open", or nothing.

The formulas are those that `layout.formulas` writes out; one that the user replaced is left alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tieout.sheets.engines.values import FormulaWithResult
from tieout.sheets.layout import TableLayout
from tieout.sheets.layout.formulas import GOTO, OPEN
from tieout.sheets.port import RawValue, plain_text
from tieout.sheets.refresh_plan import runs

_OWN = r"\w+\[\[#This Row\],\[(?P<own>[^\]]+)\]\]"
_OPENS = re.compile(rf'=IF\({_OWN}="","",HYPERLINK\(')
_JUMPS = re.compile(rf'=IF\(ISNUMBER\(FIND\("!",{_OWN}\)\)')
_GOES = re.compile(rf"=IFERROR\(HYPERLINK\(.*MATCH\({_OWN},(?P<table>\w+)\[(?P<column>[^\]]+)\],0\)")

# The cells of a table's column by the table's name and the column's title; KeyError where there is none.
Cells = Callable[[str, str], Sequence[RawValue]]


def store_links(table: Any, layout: TableLayout, cells: Cells) -> None:
    """Store what the links of a table show, where the file has something else.

    `table` is the xlwings table; `cells` reads columns of this and other tables.
    """
    body = table.data_body_range
    if body is None:
        return
    titles = [plain_text(one).casefold() for one in table.header_row_range.options(ndim=1, err_to_str=True).value]
    for column in layout.columns:
        if not column.formula.startswith("=") or column.title.casefold() not in titles:
            continue
        try:
            shown = _shown(column.formula, layout.name, cells)
        except KeyError:  # the column that it leads from or to was renamed or removed
            continue
        if shown is not None:
            _store(body, titles.index(column.title.casefold()), column.formula, shown)


def _shown(formula: str, name: str, cells: Cells) -> list[str] | None:
    """What a column of links shows, row by row; None for a formula that is no link."""
    if match := _OPENS.match(formula):
        return [OPEN if plain_text(value) else "" for value in cells(name, match["own"])]
    if match := _JUMPS.match(formula):
        return [GOTO if "!" in plain_text(value) else "" for value in cells(name, match["own"])]
    if match := _GOES.match(formula):
        known = _folded(cells(match["table"], match["column"]))
        return [GOTO if text and text in known else "" for text in _each_folded(cells(name, match["own"]))]
    return None


def _store(body: Any, place: int, formula: str, shown: Sequence[str]) -> None:
    sheet, left = body.sheet, body.column + place
    area = sheet.range((body.row, left), (body.last_cell.row, left))
    before = area.options(ndim=1, err_to_str=True).value
    differing = [
        row for row, (was, text) in enumerate(zip(before, shown, strict=True)) if ("" if was is None else was) != text
    ]
    for first, last in runs(differing):
        cells = sheet.range((body.row + first, left), (body.row + last, left))
        formulas = cells.formula if last > first else ((cells.formula,),)
        if all(str(one) == formula for (one,) in formulas):
            cells.value = [[FormulaWithResult(formula, shown[row])] for row in range(first, last + 1)]


def _folded(values: Iterable[RawValue]) -> frozenset[str]:
    return frozenset(_each_folded(values)) - {""}


def _each_folded(values: Iterable[RawValue]) -> Iterable[str]:
    return (plain_text(value).casefold() for value in values)
