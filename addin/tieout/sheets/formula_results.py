"""The results of formulas in a closed workbook: Home's checklist and figures, the sums above tables, and links.

A closed file does not calculate, and whoever looks at it without Excel sees the results that are stored. So after a
press they are stored anew. Excel calculates everything again when it opens the file.
"""

from collections.abc import Sequence, Set
from decimal import Decimal
from typing import Any

from tieout.sheets.engines.values import FormulaWithResult
from tieout.sheets.formula_columns import Column
from tieout.sheets.formula_values import NotWorkedOut, worked_out
from tieout.sheets.layout import SheetLayout, load_layout
from tieout.sheets.link_results import store_links
from tieout.sheets.port import RawValue, plain_text
from tieout.sheets.table_cells import letters

HOME = "Home"
_ROWS_ABOVE_TABLES = 3


class Results:
    """Works out the formulas of one workbook; tables are read once."""

    def __init__(self, book: Any, tables: dict[str, Any], touched: Set[str] | None = None) -> None:
        """`tables` are the xlwings tables by name, `touched` the names of those that changed (None: any may have).

        The sums above a table that did not change stand in the file already.
        """
        self._book = book
        self._tables = tables
        self._touched = touched
        self._columns: dict[tuple[str, str], Column] = {}

    def store(self) -> None:
        """Store the results that differ from those in the file."""
        for layout in load_layout().sheets:
            table = self._tables.get(layout.table_name) if not layout.is_hidden else None
            if table is None:
                continue
            sheet = table.parent
            if layout.name == HOME:
                self._store(sheet, sheet.used_range.last_cell.row)
                continue
            if self._touched is None or layout.table_name in self._touched:
                store_links(table, layout.table, self.cells)
            if _has_totals(layout):
                is_same = self._touched is not None and layout.table_name not in self._touched
                self._store(sheet, table.range.row - 1, max(1, table.range.row - _ROWS_ABOVE_TABLES), is_same=is_same)

    def _store(self, sheet: Any, last: int, first: int = 1, *, is_same: bool = False) -> None:
        """Store the results in some rows of a sheet; with `is_same` only where one is missing."""
        area = sheet.range((first, 1), (last, sheet.used_range.last_cell.column))
        formulas, shown = area.formula, area.options(ndim=2, err_to_str=True).value
        if is_same and _all_stored(formulas, shown):
            return
        workings = _Workings(self, sheet, first, formulas, shown)
        for row, line in enumerate(formulas):
            for column, formula in enumerate(line):
                if not str(formula).startswith("="):
                    continue
                try:
                    result = worked_out(str(formula), workings)
                except NotWorkedOut:
                    continue
                if not _same(shown[row][column], result):
                    sheet.range((first + row, 1 + column)).value = FormulaWithResult(str(formula), _stored(result))

    def column(self, table: str, title: str) -> Column:
        """The cells of a table's column, read once. KeyError where there is none."""
        known = self._columns.get((table, title))
        if known is None:
            known = self._columns[table, title] = self._read(table, title)
        return known

    def cells(self, table: str, title: str) -> Sequence[RawValue]:
        """What the cells of a table's column give. KeyError where there is none."""
        return self.column(table, title).cells

    def _read(self, table: str, title: str) -> Column:
        live = self._tables[table]
        titles = [plain_text(one).casefold() for one in live.header_row_range.options(ndim=1, err_to_str=True).value]
        if title.casefold() not in titles:
            raise KeyError(title)
        body = live.data_body_range
        if body is None:
            return Column(())
        place = body.column + titles.index(title.casefold())
        cells = live.parent.range((body.row, place), (body.last_cell.row, place))
        return Column(cells.options(ndim=1, err_to_str=True).value)

    def named(self, name: str) -> RawValue:
        """What a named cell gives."""
        if name not in self._book.names:
            raise KeyError(name)
        value: RawValue = self._book.names[name].refers_to_range.options(err_to_str=True).value
        return value


class _Workings:
    """What the formulas of one sheet refer to; a cell that is a formula itself is worked out first."""

    def __init__(
        self, results: Results, sheet: Any, first: int, formulas: Sequence[Sequence[Any]], shown: list[list[RawValue]]
    ) -> None:
        self._results, self._sheet, self._first = results, sheet, first
        self._formulas, self._shown = formulas, shown

    def column(self, table: str, title: str) -> Column:
        """The cells of a table's column."""
        return self._results.column(table, title)

    def named(self, name: str) -> RawValue:
        """What a named cell gives."""
        return self._results.named(name)

    def cell(self, address: str) -> RawValue:
        """What a cell of the sheet gives."""
        text = address.rstrip("0123456789")
        row = int(address[len(text) :]) - self._first
        column = next(n for n in range(1, 16_385) if letters(n) == text) - 1
        if not 0 <= row < len(self._formulas):
            value: RawValue = self._sheet.range(address).options(err_to_str=True).value
            return value
        formula = str(self._formulas[row][column])
        if not formula.startswith("="):
            return self._shown[row][column]
        result = _stored(worked_out(formula, self))
        return float(result) if isinstance(result, int) else result


def _has_totals(layout: SheetLayout) -> bool:
    return any(column.has_total for column in layout.columns)


def _all_stored(formulas: Sequence[Sequence[Any]], shown: Sequence[Sequence[RawValue]]) -> bool:
    """Whether every formula has a result in the file."""
    return all(
        value is not None or not str(formula).startswith("=")
        for line, values in zip(formulas, shown, strict=True)
        for formula, value in zip(line, values, strict=True)
    )


def _stored(result: str | Decimal | bool | None) -> str | float | int | bool:
    if isinstance(result, Decimal):
        return int(result) if result == result.to_integral_value() else float(result)
    return 0 if result is None else result


def _same(shown: RawValue, result: str | Decimal | bool | None) -> bool:
    stored = _stored(result)
    if isinstance(stored, str):
        return ("" if shown is None else shown) == stored
    return isinstance(shown, int | float) and not isinstance(shown, str) and shown == stored
