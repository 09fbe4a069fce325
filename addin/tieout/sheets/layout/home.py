"""What Home shows besides its table, as records."""

from dataclasses import dataclass

from tieout.sheets.layout.tables import ColumnType


@dataclass(frozen=True, slots=True)
class CellLayout:
    """A cell with a name on Home. `place` is "shown", "connections" or "press"."""

    name: str
    title: str
    type: ColumnType
    place: str
    help: str
    number_format: str
    is_input: bool = False
    list_key: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class StepLayout:
    """A step of the month's checklist on Home, with the formulas for how it stands."""

    task: str
    press: str
    sheet: str
    state: str
    empty_state: str
    detail: str
    empty_detail: str


@dataclass(frozen=True, slots=True)
class FigureLayout:
    """A figure on Home: a formula and what it gives in a new book."""

    title: str
    type: ColumnType
    formula: str
    empty: str | int
    name: str = ""
    alert: str = ""


@dataclass(frozen=True, slots=True)
class HomeLayout:
    """What Home shows besides its table."""

    cells: tuple[CellLayout, ...]
    steps: tuple[StepLayout, ...]
    figures: tuple[FigureLayout, ...]
    chart_title: str
    chart_formula: str
