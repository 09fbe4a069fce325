"""Values on their way between Python and cells, the same for every engine.

xlwings calls `prepare` for each element that it writes and `clean` for each block that it has read; both are
part of its engine interface (xlwings 0.37.8, `Engine.prepare_xl_data_element` and `Engine.clean_value_data`).
`value` gives numbers as floats, as xlwings documents it and Excel's own engine does, so that a script meets the same
types everywhere.  Nothing is lost on the way: a whole number that a cell can hold is exact as a float, `raw_value`
and `options(numbers=int)` give it as int.
"""

import datetime as dt
import math
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

DAY_SECONDS = 86_400
_EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (cells know no time zone)
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_SERIAL_MAX = 2_958_466  # 1 January 10000, the first day that Excel has not
_KEPT = frozenset({float, bool, dt.datetime})


class CellError(str):
    """An error value such as #N/A, as it stands in a cell."""

    __slots__ = ()


class FormulaWithResult(str):
    """A formula whose result is known to whoever writes it: `FormulaWithResult("=SUM(A1:A9)", 45)`.

    It is a plain formula string to Excel and LibreOffice, which calculate.  A closed file doesn't calculate, so
    the file engine stores the result beside the formula, as Excel does, and readers of the closed file see it.
    """

    __slots__ = ("result",)
    result: str | int | float | bool | Decimal | dt.date | None

    def __new__(
        cls, formula: str, result: str | int | float | bool | Decimal | dt.date | None
    ) -> "FormulaWithResult":
        """`formula` begins with =; `result` is what the cell shows."""
        made = super().__new__(cls, formula)
        made.result = result
        return made


def prepare(value: Any, options: Any = None) -> Any:
    """A Python element as an engine takes it: None, NaN and NaT are "" (empty), time zones are cut off."""
    kind = type(value)
    if kind is str or kind is int or kind is bool:
        return value
    if kind is float:
        return "" if math.isnan(value) else value
    return "" if value is None else _prepared(value)


def _prepared(value: Any) -> Any:
    if type(value).__name__ in {"NaTType", "NAType"}:
        return ""
    if isinstance(value, Decimal):
        return "" if value.is_nan() else value
    if isinstance(value, dt.datetime):
        if hasattr(value, "to_pydatetime"):  # a pandas Timestamp, whose nanoseconds no cell has
            return _without_nanoseconds(value).replace(tzinfo=None)
        return value.replace(tzinfo=None)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        if isinstance(value, numpy.datetime64):
            value = value.astype("datetime64[us]")
        return prepare(value.item())
    return value


def _without_nanoseconds(timestamp: Any) -> dt.datetime:
    moment: dt.datetime = timestamp.floor("us").to_pydatetime()
    return moment


def clean(
    data: Sequence[Sequence[Any]],
    datetime_builder: Callable[..., Any],
    empty_as: Any,
    number_builder: Callable[[Any], Any] | None,
    err_to_str: bool,
) -> list[list[Any]]:
    """A block of raw values as xlwings' options ask for: dates, numbers, empty cells and errors."""

    def one(value: Any) -> Any:
        if value is None or value == "":
            return empty_as
        if isinstance(value, CellError):
            return str(value) if err_to_str else None
        if isinstance(value, dt.datetime):
            return _built(value, datetime_builder)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number_builder(value) if number_builder is not None else float(value)
        return value

    if datetime_builder is dt.datetime and number_builder is None:
        return [[v if (kind := type(v)) in _KEPT or (kind is str and v) else one(v) for v in row] for row in data]
    return [[v if type(v) is str and v else one(v) for v in row] for row in data]


def _built(value: dt.datetime, builder: Callable[..., Any]) -> Any:
    if builder is dt.datetime:
        return value
    return builder(
        year=value.year,
        month=value.month,
        day=value.day,
        hour=value.hour,
        minute=value.minute,
        second=value.second,
        microsecond=value.microsecond,
        tzinfo=None,
    )


def to_serial(value: dt.date | dt.time, date1904: bool = False) -> int | float:
    """The number that a cell holds for a date, a date with a time, or a time of day.

    Raises ValueError for days before the calendar of the workbook begins.
    """
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / DAY_SECONDS
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    since = moment.replace(tzinfo=None) - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    days = since.days
    if not date1904 and days <= 60:
        days -= 1  # Excel counts a 29 February 1900 that never was
    if days < (0 if date1904 else 1):
        raise ValueError(f"{value.isoformat()} is before the first day that a workbook knows")
    seconds = since.seconds + since.microseconds / 1e6
    return days + seconds / DAY_SECONDS if seconds else days


def from_serial(number: int | float, date1904: bool = False) -> dt.datetime | int | float:
    """The moment that a date cell's number stands for, to the millisecond; the number itself outside the calendar."""
    if not 0 <= number < _SERIAL_MAX:
        return number
    days = math.floor(number)
    milliseconds = round((number - days) * DAY_SECONDS * 1000)
    if not date1904 and 0 < days < 60:
        days += 1
    return (_EPOCH_1904 if date1904 else _EPOCH_1900) + dt.timedelta(days=days, milliseconds=milliseconds)
