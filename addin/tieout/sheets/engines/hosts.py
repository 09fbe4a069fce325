"""What stands behind the objects that xlwings sees: a book and its sheets, in a closed file or in LibreOffice.

The objects that xlwings calls are written once (`surface`) over these protocols; each engine supplies them.
Rows and columns count from 1; positions of sheets count from 0.  What an engine can't do raises NotInThisEngine.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from tieout.sheets.engines.addresses import Area

# Each look of cells has one kind of value; None from `look` means that the cells differ (or have no such thing).
Look = Literal[
    "number_format", "color", "bold", "italic", "size", "font_name", "font_color", "wrap_text",
    "horizontal_alignment", "vertical_alignment", "locked",
]  # fmt: skip
Measure = Literal["column_width", "row_height", "column_hidden", "row_hidden"]


class HostTable(Protocol):
    """A table on a sheet."""

    @property
    def name(self) -> str:
        """The name that formulas use."""

    def rename(self, name: str) -> None:
        """Give it another name."""

    @property
    def area(self) -> Area:
        """All its cells."""

    @property
    def has_headers(self) -> bool:
        """Whether it has a header row."""

    @property
    def has_totals(self) -> bool:
        """Whether it has a totals row."""

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""

    def resize(self, area: Area) -> None:
        """Give it another area."""

    def setting(self, name: str) -> Any:
        """`style`, `autofilter`, `first_column`, `last_column`, `row_stripes` or `column_stripes`."""

    def set_setting(self, name: str, value: Any) -> None:
        """Set one of these, or `headers` or `totals`."""

    def insert_column(self, position: int, name: str) -> None:
        """Add a column before a position from 0; cells beside the table move to the right."""

    def delete_column(self, position: int) -> None:
        """Delete a column by its position from 0; cells beside the table move to the left."""


class HostSheet(Protocol):
    """A worksheet."""

    @property
    def name(self) -> str:
        """Its name."""

    def rename(self, name: str) -> None:
        """Give it another name, also in formulas."""

    @property
    def is_visible(self) -> bool:
        """Whether its tab is shown."""

    def show(self, visible: bool) -> None:
        """Show or hide it."""

    @property
    def is_protected(self) -> bool:
        """Whether locked cells refuse changes."""

    def protect(self, on: bool, password: str | None) -> None:
        """Protect it or lift the protection."""

    def used(self) -> Area | None:
        """The area that holds all contents, or None."""

    def filled(self, area: Area) -> list[list[bool]]:
        """Which cells hold something, a formula without a result included."""

    def values(self, area: Area) -> list[list[Any]]:
        """Text, numbers, booleans, datetimes, CellError, None."""

    def write(self, area: Area, rows: Sequence[Sequence[Any]]) -> None:
        """Write a block of the area's shape."""

    def fill(self, area: Area, value: Any) -> None:
        """Write one value everywhere; a formula's relative references move along."""

    def entries(self, area: Area) -> list[list[str]]:
        """Formulas as a user writes them, constants as text."""

    def array_formula(self, area: Area) -> str | None:
        """The array formula that the first cell belongs to."""

    def write_array(self, area: Area, formula: str) -> None:
        """Make the area one array formula."""

    def clear(self, area: Area, contents: bool, formats: bool) -> None:
        """Empty cells, take their formats away, or both."""

    def look(self, area: Area, what: Look) -> Any:
        """A look that all cells of the area share, or None."""

    def set_look(self, area: Area, what: Look, value: Any) -> None:
        """Give all cells a look."""

    def measure(self, area: Area, what: Measure) -> Any:
        """A measure that all rows or columns of the area share, or None."""

    def set_measure(self, area: Area, what: Measure, value: Any) -> None:
        """Give all rows or columns a measure."""

    def autofit(self, area: Area, rows: bool, columns: bool) -> None:
        """Make rows as high and columns as wide as what they show, where the engine can know that."""

    def place(self, area: Area) -> tuple[float, float, float, float]:
        """Left, top, width and height in points."""

    def merged(self) -> list[Area]:
        """The merged areas."""

    def merge(self, areas: Sequence[Area]) -> None:
        """Merge each of these areas."""

    def unmerge(self, area: Area) -> None:
        """Take apart what is merged in the area."""

    def shift(self, area: Area, inserts: bool, vertical: bool) -> None:
        """Insert or delete cells; those below (`vertical`) or to the right move."""

    def copy_cells(self, source: "HostSheet", origin: Area, area: Area, what: str) -> None:
        """Copy `all`, `values` or `formulas` of cells of a sheet of the same book here."""

    def link(self, area: Area) -> str | None:
        """The hyperlink of a cell."""

    def add_link(self, area: Area, address: str, text: str, tip: str | None) -> None:
        """Link a cell and show a text in it."""

    def notes(self) -> dict[tuple[int, int], tuple[str, str]]:
        """By row and column: text and author."""

    def set_note(self, row: int, column: int, text: str | None) -> None:
        """Set a cell's note, or take it away."""

    def print_area(self) -> Area | None:
        """The cells that are printed, or None for all."""

    def set_print_area(self, area: Area | None) -> None:
        """Print these cells only, or all."""

    def tables(self) -> Sequence[HostTable]:
        """Its tables."""

    def add_table(self, area: Area, name: str | None, style: str | None, has_headers: bool) -> HostTable:
        """Make a table of an area."""


class HostName(Protocol):
    """A defined name."""

    @property
    def name(self) -> str:
        """The name without its sheet."""

    @property
    def sheet(self) -> HostSheet | None:
        """The sheet that it belongs to, or None for the book."""

    @property
    def text(self) -> str:
        """What it refers to, without =."""

    def change(self, name: str, text: str) -> None:
        """Give it another name or meaning."""

    def delete(self) -> None:
        """Take it away."""


class HostBook(Protocol):
    """A workbook."""

    @property
    def path(self) -> Path | None:
        """Where it is saved, or None."""

    def sheets(self) -> Sequence[HostSheet]:
        """Its worksheets in the order of their tabs."""

    @property
    def active(self) -> HostSheet:
        """The sheet in front."""

    def activate(self, sheet: HostSheet) -> None:
        """Bring a sheet to the front."""

    def selection(self, sheet: HostSheet) -> Area:
        """What is selected on a sheet when the book is opened."""

    def add_sheet(self, name: str | None, position: int) -> HostSheet:
        """A new sheet before the one at a position."""

    def copy_sheet(self, sheet: HostSheet, position: int) -> HostSheet:
        """A copy of a sheet before the one at a position."""

    def move_sheet(self, sheet: HostSheet, position: int) -> None:
        """Move a sheet before the one that is at a position now."""

    def delete_sheet(self, sheet: HostSheet) -> None:
        """Delete a sheet."""

    def names(self) -> Sequence[HostName]:
        """Its defined names."""

    def add_name(self, name: str, text: str, sheet: HostSheet | None) -> HostName:
        """Define a name, or give one that is there a new meaning."""

    def automatic(self, on: bool) -> None:
        """Calculate at every change, or only when asked."""

    def calculate(self) -> None:
        """Calculate all formulas now."""

    def save(self, path: Path | None) -> None:
        """Save it, under another name where a path is given."""

    def close(self) -> None:
        """Close it without saving."""

    def run(self, macro: str, arguments: Sequence[Any]) -> Any:
        """Run a macro of the book."""

    def to_pdf(self, path: Path, sheet: HostSheet | None) -> None:
        """Print the visible sheets, or one sheet, to a PDF file."""
