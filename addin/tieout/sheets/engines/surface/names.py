"""Defined names."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import parse_area, quoted_sheet, split_sheet
from tieout.sheets.engines.hosts import HostName
from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.book import Book
    from tieout.sheets.engines.surface.sheet import Sheet


class Names(Surface):
    """The names of a book, or of one sheet alone."""

    __slots__ = ("_book", "_sheet")

    def __init__(self, book: "Book", sheet: "Sheet | None") -> None:
        self._book, self._sheet = book, sheet

    @property
    def api(self) -> "Names":
        """The collection itself."""
        return self

    def _all(self) -> list["Name"]:
        only = self._sheet.host if self._sheet else None
        return [Name(self._book, one) for one in self._book.host.names() if only is None or one.sheet is only]

    def snapshot(self) -> list[tuple[str, "Name"]]:
        """All names with their texts."""
        return [(name.name, name) for name in self._all()]

    def __call__(self, name_or_index: int | str) -> "Name":
        """One by its name, or by its position from 1.  KeyError, IndexError."""
        if isinstance(name_or_index, int):
            return self._all()[name_or_index - 1]
        found = self._find(name_or_index)
        if found is None:
            raise KeyError(name_or_index)
        return found

    def _find(self, name: str) -> "Name | None":
        wanted = name.lower()
        names = self._all()
        exact = next((one for one in names if one.name.lower() == wanted), None)
        return exact or next((one for one in names if one.name.rpartition("!")[2].lower() == wanted), None)

    def contains(self, name_or_index: int | str) -> bool:
        """Whether there is such a name."""
        if isinstance(name_or_index, int):
            return 1 <= name_or_index <= len(self)
        return self._find(name_or_index) is not None

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator["Name"]:
        return iter(self._all())

    def add(self, name: str, refers_to: str) -> "Name":
        """Define a name; `Sheet1!name` belongs to that sheet."""
        sheet, name = split_sheet(name)
        owner = self._book.sheets(sheet) if sheet else self._sheet
        host = owner.host if owner else None
        return Name(self._book, self._book.host.add_name(name, refers_to.removeprefix("="), host))


class Name(Surface):
    """A defined name."""

    __slots__ = ("_book", "host")

    def __init__(self, book: "Book", host: HostName) -> None:
        self._book, self.host = book, host

    @property
    def api(self) -> HostName:
        """What stands behind it."""
        return self.host

    def delete(self) -> None:
        """Take it away."""
        self.host.delete()

    @property
    def name(self) -> str:
        """The name; with its sheet where it belongs to one."""
        return f"{quoted_sheet(self.host.sheet.name)}!{self.host.name}" if self.host.sheet else self.host.name

    @name.setter
    def name(self, value: str) -> None:
        self.host.change(split_sheet(value)[1], self.host.text)

    @property
    def refers_to(self) -> str:
        """What it refers to, with a leading =."""
        return "=" + self.host.text

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.host.change(self.host.name, value.removeprefix("="))

    @property
    def refers_to_range(self) -> Range:
        """The cells that it refers to.  ValueError where it refers to something else."""
        sheet, reference = split_sheet(self.host.text)
        area = parse_area(reference)
        if sheet is None or area is None:
            raise ValueError(f"{self.name} does not refer to one range but to {self.refers_to}")
        return Range(self._book.sheets(sheet), area)
