"""A book and its sheets."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.errors import NotInThisEngine
from tieout.sheets.engines.hosts import HostBook, HostSheet
from tieout.sheets.engines.surface.names import Names
from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range
from tieout.sheets.engines.surface.sheet import Sheet

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.app import App, Books


class Book(Surface):
    """An open book."""

    __slots__ = ("_books", "_new_name", "_selections", "_sheets", "host", "last_active")
    _activations = itertools.count(1)

    def __init__(self, books: "Books", host: HostBook, new_name: str) -> None:
        """`new_name` is its name until it is saved."""
        self._books = books
        self._new_name = new_name
        self._sheets: dict[HostSheet, Sheet] = {}
        self._selections: dict[HostSheet, Area] = {}
        self.host = host
        self.last_active = next(Book._activations)

    @property
    def api(self) -> HostBook:
        """What stands behind it."""
        return self.host

    @property
    def app(self) -> "App":
        """The app that holds it."""
        return self._books.app

    @property
    def name(self) -> str:
        """Its file's name, or the one it has until it is saved."""
        return self.host.path.name if self.host.path else self._new_name

    @property
    def fullname(self) -> str:
        """Its file with its folder."""
        return str(self.host.path) if self.host.path else self._new_name

    @property
    def sheets(self) -> "Sheets":
        """Its sheets."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """Its defined names, those of single sheets included."""
        return Names(self, None)

    def sheet(self, host: HostSheet) -> Sheet:
        """The object for a sheet, always the same one."""
        if host not in self._sheets:
            self._sheets[host] = Sheet(self, host)
        return self._sheets[host]

    def activate(self) -> None:
        """Make it the active book."""
        self.last_active = next(Book._activations)

    @property
    def selection(self) -> Range:
        """What is selected on the sheet in front."""
        host = self.host.active
        return Range(self.sheet(host), self._selections.get(host) or self.host.selection(host))

    def select(self, cells: Range) -> None:
        """Select cells; kept in memory."""
        self._selections[cells.sheet.host] = cells.area

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save it in place, or under another name; a new book without a name goes to the current folder."""
        if password is not None:
            raise NotInThisEngine("A password can only be set in Excel.")
        if path is None and self.host.path is None:
            path = f"{self._new_name}.xlsx"
        self.host.save(Path(path).resolve() if path else None)

    def close(self) -> None:
        """Close it without saving."""
        self.host.close()
        self._books.remove(self)

    def to_pdf(self, path: str, quality: Any = None) -> None:
        """Print the visible sheets to a PDF file."""
        self.host.to_pdf(Path(path), None)


class Sheets(Surface):
    """The sheets of a book in the order of their tabs."""

    __slots__ = ("_book",)

    def __init__(self, book: Book) -> None:
        self._book = book

    @property
    def api(self) -> "Sheets":
        """The collection itself."""
        return self

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        return self._book.sheet(self._book.host.active)

    def __call__(self, name_or_index: int | str) -> Sheet:
        """One by its name, or by its position from 1.  KeyError, IndexError."""
        hosts = self._book.host.sheets()
        if isinstance(name_or_index, int):
            if not 1 <= name_or_index <= len(hosts):
                raise IndexError(f"there is no sheet {name_or_index}; the book has {len(hosts)}")
            return self._book.sheet(hosts[name_or_index - 1])
        for host in hosts:
            if host.name.lower() == name_or_index.lower():
                return self._book.sheet(host)
        raise KeyError(name_or_index)

    def __contains__(self, name: object) -> bool:
        return any(host.name.lower() == str(name).lower() for host in self._book.host.sheets())

    def __len__(self) -> int:
        return len(self._book.host.sheets())

    def __iter__(self) -> Iterator[Sheet]:
        return iter([self._book.sheet(host) for host in self._book.host.sheets()])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """A new sheet, before the active one unless told otherwise; it comes to the front."""
        position = after.index if after is not None else (before or self.active).index - 1
        made = self._book.host.add_sheet(name, position)
        self._book.host.activate(made)
        return self._book.sheet(made)
