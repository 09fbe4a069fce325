"""What the workbook looks like: the text in `workbook/` as frozen records.

`load_layout()` gives all of it. Whoever writes or reads cells asks it for tables, columns, their owners and types;
the ribbon, the guide and the command line take their buttons from it.
"""

from tieout.sheets.layout.home import CellLayout, FigureLayout, HomeLayout, StepLayout
from tieout.sheets.layout.load import load_layout
from tieout.sheets.layout.ribbon import ButtonGroup, ButtonLayout, RibbonLayout
from tieout.sheets.layout.settings import Option, SettingLayout, StatusLayout
from tieout.sheets.layout.tables import ColumnLayout, ColumnType, ListLayout, SheetLayout, TableLayout
from tieout.sheets.layout.workbook import WorkbookLayout

__all__ = [
    "ButtonGroup",
    "ButtonLayout",
    "CellLayout",
    "ColumnLayout",
    "ColumnType",
    "FigureLayout",
    "HomeLayout",
    "ListLayout",
    "Option",
    "RibbonLayout",
    "SettingLayout",
    "SheetLayout",
    "StatusLayout",
    "StepLayout",
    "TableLayout",
    "WorkbookLayout",
    "load_layout",
]
