"""What a user typed into a cell, as an exact value, or as the finding that says what is wrong with it and where.

Cells know binary numbers only: the shortest decimal text that gives the same number is what was typed. What is
wrong stays in the cell as it was typed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.limits import CELL_DIGITS_MAX
from tieout.sheets.port import RawValue, plain_text

_YES = frozenset({"x", "✓", "✔", "1", "yes", "y", "true"})
_SHOWN_CHARACTERS_MAX = 60


def whole_day(value: RawValue, where: Cell) -> date | Finding | None:
    """A day: a date cell, or text as 2026-11-30; None where nothing stands."""
    if isinstance(value, datetime):
        return value.date()
    text = plain_text(value)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _wrong(value, where, "is not a date", "Type a date, as your computer writes dates, or 2026-11-30.")


def decimal_number(value: RawValue, where: Cell, *, minimum: int | None = None) -> Decimal | Finding | None:
    """A number, exactly as it was typed; None where nothing stands."""
    text = plain_text(value)
    if not text:
        return None
    if isinstance(value, bool | datetime):
        return _wrong(value, where, "is not a number", "Type a number.")
    try:
        number = Decimal(text)
    except ArithmeticError:
        return _wrong(value, where, "is not a number", "Type a number, without a currency or other signs.")
    if not number.is_finite() or abs(number) >= 10**CELL_DIGITS_MAX:
        return _wrong(value, where, "is not a number of use", f"Type a number of less than {CELL_DIGITS_MAX} digits.")
    if minimum is not None and number < minimum:
        return _wrong(value, where, f"is less than {minimum}", f"Type a number from {minimum} on.")
    return number


def whole_number(value: RawValue, where: Cell, *, minimum: int | None = None) -> int | Finding | None:
    """A whole number; None where nothing stands."""
    number = decimal_number(value, where, minimum=minimum)
    if not isinstance(number, Decimal):
        return number
    if number != number.to_integral_value():
        return _wrong(value, where, "is not a whole number", "Type a whole number.")
    return int(number)


def one_of(value: RawValue, where: Cell, allowed: Sequence[str]) -> str | Finding | None:
    """The allowed words that were typed, in their own spelling; None where nothing stands."""
    text = plain_text(value)
    if not text:
        return None
    by_fold = {word.casefold(): word for word in allowed}
    found = by_fold.get(text.casefold())
    if found is not None:
        return found
    return _wrong(value, where, "is not one of what is allowed", f"Choose one of: {', '.join(allowed)}.")


def ticked(value: RawValue, where: Cell) -> bool | Finding:
    """Whether a cell is ticked; the finding for what is neither a tick nor nothing."""
    text = plain_text(value).casefold()
    if text in _YES:
        return True
    if text in {"", "0", "no", "n", "false"}:
        return False
    return Finding(
        code="tick-not-understood",
        severity=Severity.NOTICE,
        what=f'"{_shown(value)}" is not a tick, so the row does not count as ticked.',
        to_do="Put an x, or leave the cell empty.",
        where=where,
    )


def whole_id(value: RawValue, where: Cell) -> str | Finding:
    """An id as text. The finding where the program has made a date or a shortened number of it."""
    if isinstance(value, datetime):
        return _damaged(value, where, "a date")
    if isinstance(value, float) and (abs(value) >= 10**CELL_DIGITS_MAX or not value.is_integer()):
        return _damaged(value, where, f"a number of {CELL_DIGITS_MAX} digits")
    return plain_text(value)


def _wrong(value: RawValue, where: Cell, how: str, to_do: str) -> Finding:
    return Finding(
        code="cell-not-understood",
        severity=Severity.BLOCKED,
        what=f'"{_shown(value)}" {how}.',
        to_do=to_do,
        where=where,
    )


def _damaged(value: RawValue, where: Cell, into: str) -> Finding:
    return Finding(
        code="id-damaged-by-excel",
        severity=Severity.BLOCKED,
        what=f"An id was typed here and made into {into} ({_shown(value)}); its digits are lost.",
        to_do="Give the cell the format Text, and type or paste the id again.",
        where=where,
    )


def _shown(value: RawValue) -> str:
    text = plain_text(value)
    return text if len(text) <= _SHOWN_CHARACTERS_MAX else f"{text[:_SHOWN_CHARACTERS_MAX]}…"
