"""Formulas as a user writes them and as the file holds them.

Differences that this module bridges: newer functions carry a prefix in the file (`_xlfn.XLOOKUP`), `[@Amount]`
is written out (`Orders[[#This Row],[Amount]]`), and a formula copied over a range is kept once and shared.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tieout.sheets.engines.addresses import Area, cell_name, parse_area
from tieout.sheets.engines.file.grid import Grid
from tieout.sheets.engines.file.markup import attributes, escape, unescape

FORMULA = re.compile(r"<f((?:\s[^>]*?)?)(?:/>|>(.*?)</f>)", re.S)
_STRING = re.compile(r"(\"[^\"]*\")")
# Functions added after 2007; the file names them with the prefix (MS-XLSX 2.2.2, "future functions").
_NEWER = (
    "ACOT", "ACOTH", "AGGREGATE", "ARABIC", "BASE", "BYCOL", "BYROW", "CEILING.MATH", "CHOOSECOLS", "CHOOSEROWS",
    "COMBINA", "CONCAT", "COT", "COTH", "CSC", "CSCH", "DAYS", "DECIMAL", "DROP", "EXPAND", "FLOOR.MATH",
    "FORMULATEXT", "HSTACK", "IFNA", "IFS", "ISFORMULA", "ISOWEEKNUM", "LAMBDA", "LET", "MAKEARRAY", "MAP",
    "MAXIFS", "MINIFS", "MODE.MULT", "MODE.SNGL", "NUMBERVALUE", "PERCENTILE.EXC", "PERCENTILE.INC",
    "PERMUTATIONA", "QUARTILE.EXC", "QUARTILE.INC", "RANDARRAY", "RANK.AVG", "RANK.EQ", "REDUCE", "SCAN", "SEC",
    "SECH", "SEQUENCE", "SHEET", "SHEETS", "SORTBY", "STDEV.P", "STDEV.S", "SWITCH", "TAKE", "TEXTAFTER",
    "TEXTBEFORE", "TEXTJOIN", "TEXTSPLIT", "TOCOL", "TOROW", "UNICHAR", "UNICODE", "UNIQUE", "VALUETOTEXT",
    "VAR.P", "VAR.S", "VSTACK", "WRAPCOLS", "WRAPROWS", "XLOOKUP", "XMATCH", "XOR",
)  # fmt: skip
_NEWER_IN_SHEET = ("FILTER", "SORT")  # these two have a second prefix
_PREFIXED = re.compile(
    r"(?<![\w.])(?:" + "|".join(re.escape(name) for name in [*_NEWER, *_NEWER_IN_SHEET]) + r")(?=\()", re.I
)
_NOT_PLACES = re.compile(r"\"[^\"]*\"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]")
_PLACE = re.compile(r"(?<![\w.])\$?[A-Z]{1,3}\$?\d|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+", re.I)
_PREFIX = re.compile(r"_xlfn\.(?:_xlws\.)?(?=[A-Z])")
_THIS_ROW = re.compile(r"(?P<table>[A-Za-z_\\][\w.]*)?\[@(?:\[(?P<braced>(?:[^\]']|'.)*)\]|(?P<bare>[^\[\]]*))\]")


def outside_strings(formula: str, change: "re.Pattern[str]", by: object) -> str:
    """Substitute in a formula, but not in its text constants."""
    parts = _STRING.split(formula)
    parts[::2] = [change.sub(by, part) for part in parts[::2]]  # type: ignore[call-overload]
    return "".join(parts)


@lru_cache(maxsize=1024)
def to_file(formula: str, table: str | None) -> str:
    """A user's formula (`=…`) as the file holds it; `table` is the name of the table that the cell is in."""
    text = formula.removeprefix("=")
    if "[@" in text:
        text = outside_strings(text, _THIS_ROW, lambda match: _this_row(match, table))
    return outside_strings(text, _PREFIXED, lambda match: _prefixed(match[0].upper()))


def _prefixed(name: str) -> str:
    return f"_xlfn._xlws.{name}" if name in _NEWER_IN_SHEET else f"_xlfn.{name}"


def _this_row(match: re.Match[str], table: str | None) -> str:
    name = match["table"] or table
    if name is None:
        raise ValueError(f"the formula refers to {match[0]}, a column of its own table, but the cell is in no table")
    column = match["braced"] if match["braced"] is not None else match["bare"]
    return f"{name}[[#This Row],[{column}]]" if column else f"{name}[#This Row]"


def from_file(text: str) -> str:
    """The file's formula as a user writes it."""
    return "=" + (outside_strings(text, _PREFIX, "") if "_xlfn." in text else text)


def translated(formula: str, origin: tuple[int, int], to: tuple[int, int]) -> str:
    """A formula (`=…`) as it reads when copied from one cell to another: relative references move along."""
    if origin == to or not _names_cells(formula):
        return formula
    from openpyxl.formula.translate import Translator

    moved: str = Translator(formula, origin=cell_name(*origin)).translate_formula(cell_name(*to))
    return moved


@lru_cache(maxsize=1024)
def _names_cells(formula: str) -> bool:
    """Whether a formula refers to cells by address, not only by names and columns of tables."""
    return _PLACE.search(_NOT_PLACES.sub("", formula)) is not None


@dataclass(frozen=True, slots=True)
class _Group:
    row: int
    column: int
    formula: str
    members: list[tuple[int, int]]


def may_share(sheet_data: str) -> bool:
    """Whether a sheet's data has formulas that stand for more than one cell."""
    return any(f't="{kind}"' in sheet_data for kind in ("shared", "array", "dataTable"))


class SheetFormulas:
    """The formulas of a sheet that stand for more than one cell: shared ones and arrays."""

    def __init__(self, grid: Grid, search: bool) -> None:
        """`search` is whether the sheet may have such formulas (`may_share`)."""
        self._grid = grid
        self._groups: dict[tuple[int, int], _Group] = {}
        self.arrays: dict[tuple[int, int], Area] = {}
        if search:
            self._search()

    def _search(self) -> None:
        current: dict[str, _Group] = {}
        for number in self._grid.numbers():
            row = self._grid.row(number)
            for column, (_, inner) in sorted(row.cells.items()) if row else ():
                match = FORMULA.search(inner)
                if match is None:
                    continue
                values = attributes(match[1])
                kind = values.get("t")
                if kind in {"array", "dataTable"}:
                    area = parse_area(values.get("ref", ""))
                    self.arrays[number, column] = area or Area(number, column)
                elif kind == "shared":
                    if match[2]:
                        current[values["si"]] = _Group(number, column, "=" + unescape(match[2]), [])
                    group = current.get(values["si"])
                    if group is not None:
                        group.members.append((number, column))
                        self._groups[number, column] = group

    def formula(self, row: int, column: int, inner: str) -> str | None:
        """The formula (`=…`, as the file has it) of a cell's content, or None."""
        match = FORMULA.search(inner)
        if match is None:
            return None
        group = self._groups.get((row, column))
        if group is not None and not match[2]:
            return translated(group.formula, (group.row, group.column), (row, column))
        return "=" + unescape(match[2])

    def check(self, area: Area) -> None:
        """Refuse a change to a part of an array, as Excel does (ValueError)."""
        for array in self.arrays.values():
            if area.meets(array) and not area.holds(array):
                raise ValueError(f"{area} is a part of the array formula in {array}; change the whole array")

    def release(self, area: Area) -> None:
        """Before cells of an area change: give the other members of their shared formulas their own text."""
        for place in [place for place in self.arrays if area.holds(Area(*place))]:
            del self.arrays[place]
        if not self._groups:
            return
        for group in {id(group): group for group in self._groups.values()}.values():
            if not area.meets(Area(group.row, group.column)):
                continue
            for row, column in group.members:
                self._give_own(group, row, column)

    def _give_own(self, group: _Group, row: int, column: int) -> None:
        del self._groups[row, column]
        cell = self._grid.cell(row, column)
        match = FORMULA.search(cell[1]) if cell else None
        if cell is None or match is None or 't="shared"' not in match[1]:
            return
        own = translated(group.formula, (group.row, group.column), (row, column)).removeprefix("=")
        inner = cell[1][: match.start()] + f"<f>{escape(own)}</f>" + cell[1][match.end() :]
        self._grid.put(row, column, (cell[0], inner))
