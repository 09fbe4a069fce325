"""Values on their way into cells, and whether a cell holds a value already.

Text that a spreadsheet would take for something else gets an apostrophe before it, which every engine keeps out of
the text (Excel's PrefixCharacter, the file engine's quotePrefix): what begins with = + - @ is never a formula.
Numbers become binary here and nowhere before, because a cell holds nothing else; one with more digits than a cell
holds is written as text.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tieout.domain.money import Money
from tieout.limits import CELL_CHARACTERS_MAX, CELL_DIGITS_MAX
from tieout.sheets.port import CellValue, RawValue

_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
_CUT = " (cut; the file holds the rest)"
# Excel gives moments with the rounding of a binary day; two a second apart are one.
_SAME_MOMENT = timedelta(seconds=1)


def raw(value: CellValue) -> RawValue:
    """`value` as it is handed to xlwings; an aware moment becomes the one that this computer's clock shows."""
    if value is None or isinstance(value, str):
        return text_for_cell(value) if value else None
    if isinstance(value, Money):
        return _number(Decimal(value.decimal))
    if isinstance(value, datetime):
        local = value.astimezone() if value.tzinfo is not None else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    return _number(Decimal(value))


def text_for_cell(text: str) -> str:
    """`text` so that it stays the text it is, as long as a cell holds."""
    if len(text) > CELL_CHARACTERS_MAX - 1:
        text = text[: CELL_CHARACTERS_MAX - 1 - len(_CUT)] + _CUT
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def holds(cell: RawValue, value: CellValue) -> bool:
    """Whether a cell that gives `cell` holds `value` already."""
    wanted = raw(value)
    if cell is None or cell == "":
        return wanted is None
    if isinstance(wanted, str):
        return isinstance(cell, str) and cell == (wanted[1:] if wanted.startswith("'") else wanted)
    if isinstance(wanted, datetime):
        return isinstance(cell, datetime) and abs(cell.replace(tzinfo=None) - wanted) < _SAME_MOMENT
    return isinstance(cell, int | float) and not isinstance(cell, bool) and wanted == cell


def _number(exact: Decimal) -> float | str:
    digits = exact.as_tuple().digits
    return float(exact) if len(digits) <= CELL_DIGITS_MAX else format(exact, "f")
