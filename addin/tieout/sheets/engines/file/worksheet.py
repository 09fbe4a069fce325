"""One worksheet part: its cells, and around them everything else that is kept as it is."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import COLUMNS_MAX, ROWS_MAX, Area, parse_area
from tieout.sheets.engines.errors import BookUnreadable, CellsProtected
from tieout.sheets.engines.file.columns import Columns
from tieout.sheets.engines.file.formulas import SheetFormulas, may_share, translated
from tieout.sheets.engines.file.grid import Grid
from tieout.sheets.engines.file.markup import Element, attributes, with_attribute
from tieout.sheets.engines.file.reading import Reader, style_and_type
from tieout.sheets.engines.file.writing import Writer
from tieout.sheets.engines.values import FormulaWithResult

if TYPE_CHECKING:
    from tieout.sheets.engines.file.workbook import Workbook

# The children of a worksheet in the schema's order (ECMA-376 part 1, 18.3.1.99).
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF",
    "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
FORMATTED_CELLS_MAX = 5_000_000  # cells that one change of format makes; a whole column is one entry, not its cells
READ_CELLS_MAX = 20_000_000


class Worksheet:
    """The cells of a worksheet and what surrounds them."""

    def __init__(self, workbook: "Workbook", part: str) -> None:
        """Nothing is read before it is asked for."""
        self.workbook = workbook
        self.part = part
        self.changed = False
        self.contents_changed = False
        self.lifted_protection: str | None = None
        self._grid: Grid | None = None
        self._formulas: SheetFormulas | None = None
        self._columns: Columns | None = None
        self.reader = Reader(workbook.styles, lambda: workbook.strings, workbook.date1904)
        self.writer = Writer(workbook.styles, workbook.date1904, self.default_style, self._table_name_at)

    @cached_property
    def _cut(self) -> tuple[Element, str]:
        """The part without its cells, cut into elements, and the cells as text."""
        text = self.workbook.package.text(self.part)
        if "<sheetData" not in text:
            raise BookUnreadable(None, f"its part {self.part} is damaged (it has no cells)")
        start = text.index("<sheetData")
        opened = text.index(">", start) + 1
        if text[opened - 2] == "/":
            return Element.cut(text), ""
        close = text.rindex("</sheetData")
        end = text.index(">", close) + 1
        return Element.cut(text[:start] + "<sheetData/>" + text[end:]), text[opened:close]

    @property
    def around(self) -> Element:
        """The elements around the cells; an empty one stands for the cells."""
        return self._cut[0]

    @property
    def _data(self) -> str:
        return self._cut[1]

    @property
    def grid(self) -> Grid:
        """The rows and cells."""
        if self._grid is None:
            self._grid = Grid(self._data)
        return self._grid

    def cell_text(self) -> str:
        """The cells as the part has them, to be searched."""
        return self._data if self._grid is None else self._grid.text()

    @property
    def formulas(self) -> SheetFormulas:
        """The shared and array formulas."""
        if self._formulas is None:
            self._formulas = SheetFormulas(self.grid, search=may_share(self._data))
        return self._formulas

    def forget_formulas(self) -> None:
        """After cells have moved: read the shared and array formulas anew."""
        self._formulas = SheetFormulas(self.grid, search=True)

    @property
    def columns(self) -> Columns:
        """The columns' widths and styles."""
        if self._columns is None:
            piece = self.around.find("cols")
            self._columns = Columns(piece.xml if piece else None)
        return self._columns

    def put_columns(self) -> None:
        """Write the changed columns back."""
        self.put("cols", self.columns.xml())

    def put(self, name: str, xml: str) -> None:
        """Set one of the elements around the cells, or remove it where the text is empty."""
        if xml:
            self.around.put(name, xml, ORDER)
        else:
            self.around.remove(name)
        self.changed = True

    def _table_name_at(self, row: int, column: int) -> str | None:
        table = self.workbook.table_at(self, Area(row, column))
        return table.display_name if table else None

    # Reading

    def values(self, area: Area) -> list[list[Any]]:
        """The values of an area, row by row.  ValueError for more cells than memory should be asked to hold."""
        if area.size > READ_CELLS_MAX:
            raise ValueError(f"{area} has {area.size} cells; ask for the used range instead")
        return self.reader.block(self.grid, area)

    def formula(self, row: int, column: int) -> str | None:
        """The formula of a cell as the file has it, with its leading =, or None."""
        cell = self.grid.cell(row, column)
        if cell is None or "<f" not in cell[1]:
            return None
        return self.formulas.formula(row, column, cell[1])

    def default_style(self, row: int, column: int) -> int:
        """The style that a new cell takes from its row or column."""
        found = self.grid.row(row)
        if found is not None and found.attribute("customFormat") in {"1", "true"}:
            return int(found.attribute("s") or 0)
        return self.columns.style(column)

    def style(self, row: int, column: int) -> int:
        """The style of a cell, there or not."""
        cell = self.grid.cell(row, column)
        return self.default_style(row, column) if cell is None else style_and_type(cell[0])[0]

    # Writing

    def write(self, area: Area, data: Sequence[Sequence[Any]]) -> None:
        """Write a block of the area's shape."""
        self.check_change(area)
        self.formulas.release(area)
        if self.writer.block(self.grid, area, data):
            self.workbook.formulas_changed = True
        self.changed = self.contents_changed = True

    def fill(self, area: Area, value: Any) -> None:
        """Write one value into every cell; a formula's relative references move along as when filling down."""
        if isinstance(value, str) and value.startswith("=") and not isinstance(value, FormulaWithResult):
            origin = area.row, area.column
            across = range(area.column, area.column + area.columns)
            rows = range(area.row, area.row + area.rows)
            self.write(area, [[translated(value, origin, (row, column)) for column in across] for row in rows])
        else:
            self.write(area, [[value] * area.columns] * area.rows)

    def clear_contents(self, area: Area) -> None:
        """Empty the cells and keep their formats."""
        self.check_change(area)
        self.formulas.release(area)
        for row, column, (tag, inner) in self.grid.present(area):
            if inner:
                self.workbook.formulas_changed |= "<f" in inner
                self.grid.put(row, column, self.writer.cell((tag, inner), row, column, None))
                self.changed = self.contents_changed = True

    def clear_formats(self, area: Area) -> None:
        """Give the cells the default style and keep their contents."""
        self.restyle(area, lambda _: 0)

    def clear(self, area: Area) -> None:
        """Empty the cells and give them the default style."""
        self.clear_contents(area)
        self.clear_formats(area)

    def restyle(self, area: Area, change: Callable[[int], int]) -> None:
        """Change the style of every cell of an area; whole columns and rows get a default style."""
        self.check_change(area)
        change = cache(change)
        if area.rows == ROWS_MAX:
            self.columns.change(
                area.column,
                area.last_column,
                lambda old: _styled(old, change(int(old.get("style", "0")))),
            )
            self.put_columns()
        elif area.columns == COLUMNS_MAX:
            for number in range(area.row, area.last_row + 1):
                row = self.grid.made_row(number)
                style = change(int(row.attribute("s") or 0))
                row.set_attribute("s", str(style) if style else None)
                row.set_attribute("customFormat", "1" if style else None)
        else:
            self._restyle_cells(area, change)
            return
        for row_number, column, (tag, inner) in self.grid.present(area):
            self.grid.put(row_number, column, self._restyled(tag, inner, change))
        self.changed = True

    def _restyle_cells(self, area: Area, change: Callable[[int], int]) -> None:
        if area.size > FORMATTED_CELLS_MAX:
            raise ValueError(f"{area} has {area.size} cells; format whole columns instead")
        for number in range(area.row, area.last_row + 1):
            for column in range(area.column, area.last_column + 1):
                old = self.grid.cell(number, column)
                default = self.default_style(number, column)
                tag, inner = old if old is not None else (self.writer.tag(default, ""), "")
                new = self._restyled(tag, inner, change)
                self.grid.put(number, column, None if new == ("", "") and not default else new)
        self.changed = True

    def _restyled(self, tag: str, inner: str, change: Callable[[int], int]) -> tuple[str, str]:
        style, kind = style_and_type(tag)
        new = change(style)
        if new == style:
            return tag, inner
        simple = tag == self.writer.tag(style, kind)
        return self.writer.tag(new, kind) if simple else _with_style(tag, new), inner

    # Protection

    @property
    def is_protected(self) -> bool:
        """Whether Excel would refuse changes to locked cells."""
        piece = self.around.find("sheetProtection")
        return piece is not None and attributes(piece.xml.lstrip()).get("sheet") in {"1", "true"}

    def check_change(self, area: Area) -> None:
        """Refuse what Excel refuses: locked cells of a protected sheet, a part of an array."""
        self.formulas.check(area)
        if not self.is_protected:
            return
        styles = self.workbook.styles
        rows = range(area.row, min(area.last_row, area.row + 10_000) + 1)
        columns = range(area.column, min(area.last_column, area.column + 1_000) + 1)
        if any(styles.is_locked(self.style(row, column)) for row in rows for column in columns):
            raise CellsProtected(f"{area} in {self.workbook.sheet_name(self)}")

    # The part

    def merged(self) -> list[Area]:
        """The merged areas."""
        piece = self.around.find("mergeCells")
        if piece is None:
            return []
        found = [attributes(one.xml.lstrip()).get("ref", "") for one in Element.cut(piece.xml.lstrip()).pieces]
        return [area for area in map(parse_area, found) if area]

    def put_merged(self, areas: Sequence[Area]) -> None:
        """Replace the merged areas."""
        cells = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
        self.put("mergeCells", f'<mergeCells count="{len(areas)}">{cells}</mergeCells>' if areas else "")

    def text(self) -> str:
        """The part's text."""
        data = self.cell_text()
        if self._grid is not None and self.around.find("dimension"):
            used = self._grid.used() or Area(1, 1)
            self.around.put("dimension", f'<dimension ref="{used}"/>', ORDER)
        self.around.put("sheetData", f"<sheetData>{data}</sheetData>" if data else "<sheetData/>", ORDER)
        text = self.around.text()
        self.around.put("sheetData", "<sheetData/>", ORDER)
        return text


def _with_style(tag: str, style: int) -> str:
    return with_attribute(f"<c{tag}>", "s", str(style) if style else None)[2:-1]


def _styled(values: dict[str, str], style: int) -> dict[str, str]:
    kept = {name: value for name, value in values.items() if name != "style"}
    if style:
        kept.setdefault("width", "9.140625")
        kept["style"] = str(style)
    return kept
