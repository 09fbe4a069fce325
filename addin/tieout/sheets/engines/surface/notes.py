"""Notes on cells."""

from tieout.sheets.engines.surface.objects import Surface
from tieout.sheets.engines.surface.range import Range


class Note(Surface):
    """The note of one cell."""

    __slots__ = ("_cell",)

    def __init__(self, cell: Range) -> None:
        self._cell = cell

    @property
    def api(self) -> "Note":
        """The note itself."""
        return self

    def _content(self) -> tuple[str, str]:
        return self._cell.sheet.host.notes()[self._cell.row, self._cell.column]

    @property
    def text(self) -> str:
        """Its text."""
        return self._content()[0]

    @text.setter
    def text(self, value: str) -> None:
        self._cell.sheet.host.set_note(self._cell.row, self._cell.column, value)

    @property
    def author(self) -> str:
        """Who wrote it, empty where that isn't said."""
        return self._content()[1]

    @property
    def location(self) -> Range:
        """The cell."""
        return self._cell

    def delete(self) -> None:
        """Take it away."""
        self._cell.sheet.host.set_note(self._cell.row, self._cell.column, None)
