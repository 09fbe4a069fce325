"""How the cells of a range look, and how wide and high they are."""

from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.hosts import Look, Measure
from tieout.sheets.engines.surface.objects import Surface

if TYPE_CHECKING:
    from tieout.sheets.engines.surface.sheet import Sheet


def _look(what: Look, explanation: str) -> Any:
    def get(self: "RangeFormats") -> Any:
        return self.sheet.host.look(self.area, what) if self.area.size else None

    def put(self: "RangeFormats", value: Any) -> None:
        if self.area.size:
            self.sheet.host.set_look(self.area, what, value)

    return property(get, put, doc=explanation)


def _measure(what: Measure, explanation: str) -> Any:
    def get(self: "RangeFormats") -> Any:
        return self.sheet.host.measure(self.area, what)

    def put(self: "RangeFormats", value: Any) -> None:
        self.sheet.host.set_measure(self.area, what, value)

    return property(get, put, doc=explanation)


class RangeFormats(Surface):
    """The part of a range that is about looks; None is read where cells differ."""

    __slots__ = ()
    area: Area
    sheet: "Sheet"

    number_format = _look("number_format", "The number format in English.")
    color = _look("color", "The background as (red, green, blue), or None.")
    wrap_text = _look("wrap_text", "Whether long text goes on in a new line.")
    horizontal_alignment = _look("horizontal_alignment", "xlwings' word for it: general, left, center and so on.")
    vertical_alignment = _look("vertical_alignment", "xlwings' word for it: top, center, bottom and so on.")
    column_width = _measure("column_width", "How many digits of the default font fit.")
    row_height = _measure("row_height", "The height in points.")
    column_hidden = _measure("column_hidden", "Whether the columns are hidden.")
    row_hidden = _measure("row_hidden", "Whether the rows are hidden.")

    @property
    def font(self) -> "Font":
        """The font."""
        return Font(self)

    @property
    def left(self) -> float:
        """Points from the left edge of the sheet."""
        return self.sheet.host.place(self.area)[0]

    @property
    def top(self) -> float:
        """Points from the top edge of the sheet."""
        return self.sheet.host.place(self.area)[1]

    @property
    def width(self) -> float:
        """Its width in points."""
        return self.sheet.host.place(self.area)[2]

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.sheet.host.place(self.area)[3]

    def autofit(self, axis: str | None = None) -> None:
        """Fit columns (`c`), rows (`r`) or both to what they show; the file engine can't, and does nothing."""
        kind = (axis or "both")[0].lower()
        self.sheet.host.autofit(self.area, rows=kind in {"r", "b"}, columns=kind in {"c", "b"})

    def set_colors(self, colors: list[list[Any]]) -> None:
        """Set the background cell by cell; `...` leaves a cell as it is."""
        for row, line in enumerate(colors):
            for column, color in enumerate(line):
                if color is not ...:
                    self.sheet.host.set_look(self.area.part(row, column), "color", color)


def _font(what: Look, explanation: str) -> Any:
    def get(self: "Font") -> Any:
        return self.cells.sheet.host.look(self.cells.area, what)

    def put(self: "Font", value: Any) -> None:
        self.cells.sheet.host.set_look(self.cells.area, what, value)

    return property(get, put, doc=explanation)


class Font(Surface):
    """The font of a range."""

    __slots__ = ("cells",)

    def __init__(self, cells: RangeFormats) -> None:
        self.cells = cells

    @property
    def api(self) -> "Font":
        """The font itself."""
        return self

    bold = _font("bold", "Whether it is bold.")
    italic = _font("italic", "Whether it is italic.")
    size = _font("size", "Its size in points.")
    name = _font("font_name", "The name of the typeface.")
    color = _font("font_color", "Its colour as (red, green, blue).")
