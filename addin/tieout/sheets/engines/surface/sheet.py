"""A sheet, and the way from what a script writes as an address to cells."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import WHOLE_SHEET, Area, area_name, parse_area, spanning, split_sheet
from tieout.sheets.engines.errors import NotInThisEngine
from tieout.sheets.engines.hosts import HostSheet
from tieout.sheets.engines.surface.names import Names
from tieout.sheets.engines.surface.notes import Note
from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range
from tieout.sheets.engines.surface.structured import table_area
from tieout.sheets.engines.surface.tables import Tables

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.book import Book

_NAME = re.compile(r"[^\W\d][\w.\\?]*\Z")


class SheetApi(Surface):
    """What scripts for Excel on Windows reach through `sheet.api`: the sheet's protection."""

    __slots__ = ("_host",)

    def __init__(self, host: HostSheet) -> None:
        self._host = host

    @property
    def ProtectContents(self) -> bool:  # noqa: N802  (Excel's own name)
        """Whether locked cells refuse changes."""
        return self._host.is_protected

    def Protect(self, Password: str | None = None, *_: Any, **__: Any) -> None:  # noqa: N802, N803
        """Protect the sheet again as it was protected, or with Excel's defaults."""
        self._host.protect(True, Password)

    def Unprotect(self, Password: str | None = None) -> None:  # noqa: N802, N803
        """Lift the protection."""
        self._host.protect(False, Password)


class Sheet(Surface):
    """A sheet."""

    __slots__ = ("_book", "host")

    def __init__(self, book: "Book", host: HostSheet) -> None:
        self._book, self.host = book, host

    @property
    def api(self) -> SheetApi:
        """`Protect`, `Unprotect` and `ProtectContents`."""
        return SheetApi(self.host)

    @property
    def book(self) -> "Book":
        """Its book."""
        return self._book

    @property
    def name(self) -> str:
        """Its name."""
        return self.host.name

    @name.setter
    def name(self, value: str) -> None:
        self.host.rename(value)

    @property
    def index(self) -> int:
        """Its position, from 1."""
        return list(self._book.host.sheets()).index(self.host) + 1

    @property
    def names(self) -> Names:
        """The names that belong to it alone."""
        return Names(self._book, self)

    @property
    def tables(self) -> Tables:
        """Its tables."""
        return Tables(self)

    @property
    def notes(self) -> list[Note]:
        """Its notes, row by row."""
        return [Note(Range(self, Area(*place))) for place in sorted(self.host.notes())]

    @property
    def visible(self) -> bool:
        """Whether its tab is shown."""
        return self.host.is_visible

    @visible.setter
    def visible(self, value: bool) -> None:
        self.host.show(bool(value))

    @property
    def cells(self) -> Range:
        """All its cells."""
        return Range(self, WHOLE_SHEET)

    @property
    def page_setup(self) -> "PageSetup":
        """How it is printed."""
        return PageSetup(self)

    @property
    def used_range(self) -> Range:
        """The area that holds all contents and formats; the first cell of an empty sheet."""
        return Range(self, self.host.used() or Area(1, 1))

    def activate(self) -> None:
        """Bring it to the front."""
        self._book.activate()
        self._book.host.activate(self.host)

    def select(self) -> None:
        """Bring it to the front."""
        self.activate()

    def clear_contents(self) -> None:
        """Empty all cells and keep their formats."""
        self.host.clear(WHOLE_SHEET, contents=True, formats=False)

    def clear_formats(self) -> None:
        """Take all formats away and keep the contents."""
        self.host.clear(WHOLE_SHEET, contents=False, formats=True)

    def clear(self) -> None:
        """Empty all cells and take their formats away."""
        self.host.clear(WHOLE_SHEET, contents=True, formats=True)

    def autofit(self, axis: str | None = None) -> None:
        """Fit all columns (`c`), rows (`r`) or both to what they show; the file engine can't, and does nothing."""
        self.used_range.autofit(axis)

    def delete(self) -> None:
        """Delete it."""
        self._book.host.delete_sheet(self.host)

    def copy(self, before: "Sheet | None", after: "Sheet | None") -> None:
        """Copy it within its book; the copy comes to the front."""
        made = self._book.host.copy_sheet(self.host, self._position(before, after))
        self._book.host.activate(made)

    def move(self, before: "Sheet | None", after: "Sheet | None") -> None:
        """Move it within its book."""
        self._book.host.move_sheet(self.host, self._position(before, after))

    def _position(self, before: "Sheet | None", after: "Sheet | None") -> int:
        neighbour = before or after
        if neighbour is None:
            return len(self._book.host.sheets())
        if neighbour.book is not self._book:
            raise NotInThisEngine("A sheet can only be copied or moved within its workbook without Excel.")
        return neighbour.index - (1 if before else 0)

    def to_pdf(self, path: str, quality: Any = None) -> None:
        """Print it to a PDF file."""
        self._book.host.to_pdf(Path(path), self.host)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """The cells that one or two addresses, positions or ranges name."""
        if isinstance(arg1, int) and isinstance(arg2, int):
            arg1, arg2 = (arg1, arg2), None
        sheet, first = self._corner(arg1)
        if arg2 is None:
            return Range(sheet, first, arg1 if isinstance(arg1, str) else "")
        return Range(sheet, spanning(first, sheet._corner(arg2)[1]))

    def _corner(self, place: Any) -> tuple["Sheet", Area]:
        if isinstance(place, Range):
            return place.sheet, place.area
        if isinstance(place, str):
            return self._address(place)
        if not isinstance(place, tuple) or len(place) not in {2, 4}:
            raise ValueError(f"{place!r} is not an address, a (row, column) or a range")
        if place[0] == 0 or place[1] == 0:
            raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
        area = Area(*place)
        if area.row < 1 or area.column < 1 or not WHOLE_SHEET.holds(area):
            raise IndexError(f"{place} is outside the sheet")
        return self, area

    def _address(self, text: str) -> tuple["Sheet", Area]:
        sheet_name, reference = split_sheet(text.strip().removeprefix("="))
        sheet = self._book.sheets(sheet_name) if sheet_name else self
        area = parse_area(reference)
        if area is not None:
            return sheet, area
        if (found := table_area(self._book, reference)) is not None:
            return found
        if _NAME.match(reference):
            for name in sorted(self._book.names, key=lambda one: one.host.sheet is None):
                if name.host.name.lower() == reference.lower() and name.host.sheet in {None, sheet.host}:
                    target = name.refers_to_range
                    return target.sheet, target.area
        raise ValueError(f"{text!r} is not an address, a name or a table of this workbook")


class PageSetup(Surface):
    """How a sheet is printed: its print area."""

    __slots__ = ("_sheet",)

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> "PageSetup":
        """The page setup itself."""
        return self

    @property
    def print_area(self) -> str | None:
        """The address of the cells that are printed, or None for all."""
        area = self._sheet.host.print_area()
        return area_name(area, True, True) if area else None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        self._sheet.host.set_print_area(self._sheet.range(value).area if value else None)
