"""A workbook on its way to be written: what every part of the builder draws on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.sheets.build.theme import Formats, Theme
from tieout.sheets.layout import SheetLayout, TableLayout, WorkbookLayout

CellValue = str | int | Decimal | date | datetime | bool | None
Row = Mapping[str, CellValue]
LAST_ROW = 1_048_576  # of a sheet, in every Excel since 2007
NORTH_AMERICA = frozenset({"US", "CA", "MX"})
LETTER, A4 = 1, 9  # paper sizes as Excel numbers them


@dataclass(slots=True)
class Drawing:
    """The XlsxWriter workbook, the layout, the company, and the rows that tables have from the start."""

    workbook: Any
    layout: WorkbookLayout
    theme: Theme
    formats: Formats
    company: str
    company_id: str
    country: str
    version: str
    rows: Mapping[str, Sequence[Row]]
    sheets: dict[str, Any] = field(default_factory=dict)

    def add_sheet(self, sheet: SheetLayout) -> Any:
        """Adds the worksheet with its code name, tab colour and page set-up."""
        worksheet = self.workbook.add_worksheet(sheet.name)
        worksheet.set_vba_name(sheet.code_name)
        worksheet.set_tab_color(self.theme.colour(sheet.tab))
        worksheet.hide_gridlines(2)
        worksheet.set_landscape()
        worksheet.set_paper(LETTER if self.country in NORTH_AMERICA else A4)
        worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer(f"&L&8{_plain(self.company)}, &A&R&8Page &P of &N")
        self.sheets[sheet.name] = worksheet
        return worksheet

    def write(self, worksheet: Any, row: int, column: int, value: CellValue, form: Any) -> None:
        """Writes a value by its own type, rows and columns from 0; text stays text, even if it begins with =."""
        match value:
            case None | "":
                worksheet.write_blank(row, column, None, form)
            case str():
                worksheet.write_string(row, column, value, form)
            case bool():
                worksheet.write_boolean(row, column, value, form)
            case datetime() | date():
                worksheet.write_datetime(row, column, value, form)
            case _:
                worksheet.write_number(row, column, value, form)

    def column_range(self, table: TableLayout, column: int) -> str:
        """A column (from 0) of the table's rows: to the bottom of the sheet, so that it holds as the table grows."""
        last = table.header_row + len(self.rows.get(table.name, ())) if table.is_fixed else LAST_ROW
        return f"{address(table.header_row, column)}:{letters(column)}{last}"

    def name_cell(self, name: str, sheet: str, row: int, column: int) -> None:
        """Gives the cell a name in the workbook; row and column from 0."""
        self.workbook.define_name(name, f"='{sheet}'!{address(row, column, absolute=True)}")


def address(row: int, column: int, *, absolute: bool = False) -> str:
    """B14 for (13, 1), or $B$14."""
    mark = "$" if absolute else ""
    return f"{mark}{letters(column)}{mark}{row + 1}"


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    found = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _plain(text: str) -> str:
    """`text` for a footer, where & begins a code."""
    return text.replace("&", "&&")
