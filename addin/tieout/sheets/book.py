"""The one adapter from our port to an open workbook, on xlwings' public `Book` only.

The same code runs in Excel on Windows and macOS (xlwings' own engines), on a closed file and in LibreOffice (our
engines). `is_live` says whether somebody looks at the book meanwhile.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.limits import STATUS_EVERY_MILLISECONDS
from tieout.sheets.cell_values import raw
from tieout.sheets.layout import WorkbookLayout, load_layout
from tieout.sheets.patience import patiently
from tieout.sheets.port import CellValue, RawValue, ReadTable, Refresh, Refreshed, Selected
from tieout.sheets.table_cells import table_cells
from tieout.sheets.table_refresh import refresh_table

HOME = "Home"
STATUS, PROGRESS = "TieoutStatus", "TieoutProgress"
STOP_WORDS = frozenset({"stop", "halt"})


class XlwingsBook:
    """A workbook of ours, open in whatever xlwings has it open in."""

    def __init__(self, book: Any, *, is_live: bool) -> None:
        self._book = book
        self._is_live = is_live
        self._told_at = 0
        self._stop = False
        self._touched: set[str] = set()

    @property
    def layout(self) -> WorkbookLayout:
        """The layout it is of."""
        return load_layout()

    @property
    def name(self) -> str:
        """The name of its file."""
        return str(patiently(lambda: self._book.name))

    @property
    def path(self) -> Path | None:
        """Where it is on this computer; None where it has no folder here (not saved, or in a cloud)."""
        full = str(patiently(lambda: self._book.fullname))
        path = Path(full)
        return path if "://" not in full and path.is_file() else None

    @property
    def is_live(self) -> bool:
        """Whether somebody looks at it while a button is pressed."""
        return self._is_live

    @property
    def is_ours(self) -> bool:
        """Whether `tieout new` made it, by the cells that say so."""
        return self.cell("CompanyId") is not None and self.cell("LayoutVersion") is not None

    @property
    def xlwings_book(self) -> Any:
        """The xlwings book itself, for what makes a workbook rather than fills it."""
        return self._book

    def xlwings_table(self, name: str) -> Any:
        """The xlwings table of that name; KeyError if it is not there."""
        found = self._table(name)
        if found is None:
            raise KeyError(name)
        return found

    # Tables

    def read(self, table: str) -> ReadTable | Finding:
        """A table of the layout, wherever the user moved it; the finding if it is not there."""
        return patiently(self._read, table)

    def _read(self, name: str) -> ReadTable | Finding:
        found = self._table(name)
        if found is None:
            return self._not_there(name)
        return table_cells(found, self.layout.table(name)).read()

    def refresh(self, wanted: Refresh) -> Refreshed:
        """Bring a table up to date."""
        return patiently(self._refresh, wanted)

    def _refresh(self, wanted: Refresh) -> Refreshed:
        found = self._table(wanted.table)
        layout = self.layout.table(wanted.table)
        if found is None:
            return Refreshed(layout.sheet, 0, (self._not_there(wanted.table),))
        done = refresh_table(table_cells(found, layout), wanted, fits_heights=not self._is_live)
        if done.changed:
            self._touched.add(wanted.table)
        return done

    def _table(self, name: str) -> Any | None:
        """The table of that name on whatever sheet: sheets may have been renamed, tables moved."""
        home = self.layout.table(name).sheet
        for sheet in sorted(self._book.sheets, key=lambda one: one.name != home):
            if name in sheet.tables:
                return sheet.tables[name]
        return None

    def _not_there(self, name: str) -> Finding:
        sheet = self.layout.table(name).sheet
        return Finding(
            code="sheet-table-missing",
            severity=Severity.BLOCKED,
            what=f"The workbook has no table {name}, which belongs on the sheet {sheet}.",
            to_do=f"Undo its removal, or run `tieout repair` on the workbook: it puts an empty table {name} back.",
            where=Cell(sheet, "A1"),
        )

    # Named cells

    def cell(self, name: str) -> RawValue:
        """What a named cell gives; None where the name is not there."""
        return patiently(self._cell, name)

    def _cell(self, name: str) -> RawValue:
        found = self._named(name)
        value: RawValue = found.options(err_to_str=True).value if found is not None else None
        return value

    def place(self, name: str) -> Cell:
        """Where a named cell is; the name itself on Home where it is not there."""
        found = patiently(self._named, name)
        return Cell(found.sheet.name, found.get_address(False, False)) if found is not None else Cell(HOME, name)

    def set_cells(self, values: Mapping[str, CellValue]) -> None:
        """Put values into named cells; names that are not there are passed over."""
        patiently(self._set_cells, values)

    def _set_cells(self, values: Mapping[str, CellValue]) -> None:
        for name, value in values.items():
            found = self._named(name)
            if found is not None:
                found.value = raw(value)

    def _named(self, name: str) -> Any | None:
        return self._book.names[name].refers_to_range if name in self._book.names else None

    # What goes on

    def tell(self, what: str, done: int = 0, of: int | None = None) -> None:
        """Say what goes on and how far it is, in the status bar and on Home. Never fails."""
        if not self._is_live:
            return
        now = time.monotonic_ns() // 1_000_000
        if now - self._told_at < STATUS_EVERY_MILLISECONDS and self._told_at:
            return
        self._told_at = now
        with suppress(Exception):  # a status that could not be told must not stop the work
            self._stop = self._stop or str(self._cell(STATUS)).strip().casefold() in STOP_WORDS
            self._book.app.status_bar = f"Tieout: {what}" + (f" ({done} of {of})" if of else "")
            self._set_cells({STATUS: what})
            if (progress := self._named(PROGRESS)) is not None:
                progress.value = done / of if of else None

    def stop_wanted(self) -> bool:
        """Whether the user typed "stop" over what Home says is going on."""
        return self._stop

    def selection(self) -> Selected | None:
        """The rows selected; None where only a single cell is, or nothing. A closed file has no selection."""
        return patiently(self._selection) if self._is_live else None

    def _selection(self) -> Selected | None:
        cells = self._book.app.selection
        if cells is None or cells.sheet.book.name != self._book.name or cells.count == 1:
            return None
        used = cells.sheet.used_range.last_cell.row
        return Selected(cells.sheet.name, frozenset(range(cells.row, min(cells.last_cell.row, used) + 1)))

    # The program around it

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Write without redrawing and calculating in between; what was so before is so again."""
        app = self._book.app
        before = {name: patiently(getattr, app, name) for name in ("screen_updating", "enable_events", "calculation")}
        restore = self._where_the_user_is()
        try:
            patiently(setattr, app, "screen_updating", False)
            patiently(setattr, app, "enable_events", False)
            patiently(setattr, app, "calculation", "manual")
            yield
        finally:
            for name, value in reversed(list(before.items())):
                with suppress(Exception):
                    patiently(setattr, app, name, value)
            restore()

    def _where_the_user_is(self) -> Callable[[], None]:
        """A way back to the sheet and the cells where the user is."""
        if not self._is_live:
            return lambda: None
        with suppress(Exception):
            sheet, address = self._book.sheets.active, self._book.app.selection.get_address()

            def back() -> None:
                with suppress(Exception):
                    sheet.activate()
                    sheet.range(address).select()

            return back
        return lambda: None

    @contextmanager
    def unlocked(self, sheet: str) -> Iterator[None]:
        """Lift the protection of a sheet (it has no password) for as long as the block runs."""
        api = self._book.sheets[sheet].api
        lift = getattr(api, "Unprotect", None) or getattr(api, "unprotect", None)
        again = getattr(api, "Protect", None) or getattr(api, "protect_worksheet", None)
        was_protected = bool(getattr(api, "ProtectContents", True))
        if was_protected and lift is not None:
            patiently(lift)
        try:
            yield
        finally:
            if was_protected and again is not None:
                patiently(again)

    def calculate(self) -> None:
        """Store what formulas give now, where no program does it: a closed file does not calculate."""
        if self._is_live:
            return
        from tieout.sheets.formula_results import Results

        tables = {table.name: table for sheet in self._book.sheets for table in sheet.tables}
        with self.unlocked(tables[HOME].parent.name) if HOME in tables else nullcontext():
            Results(self._book, tables, self._touched).store()

    def save(self) -> None:
        """Save it where it is."""
        patiently(self._book.save)
