"""What a formula of Home gives, worked out here, because a closed file does not calculate.

Excel's formulas as far as our layout uses them: text, numbers, comparisons, `&`, names, cells, columns of tables
(`Settlements[State]`) and a dozen functions. A formula that uses anything else is left as it stands in the file, for
Excel to calculate. Sums are exact decimals.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from tieout.sheets.formula_columns import Column, Scalar, scalar
from tieout.sheets.port import RawValue

Value = Scalar | Column
_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"]|\"\")*\")|(?P<number>\d+(?:\.\d+)?)|(?P<column>[A-Za-z_]\w*\[[^\[\]]+\])"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?\d+(?![\w(]))|(?P<name>[A-Za-z_][\w.]*)|(?P<sign><>|<=|>=|[-+*/&=<>(),]))"
)
_CRITERION = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)


class NotWorkedOut(Exception):
    """The formula uses something that is not worked out here."""


class Workings(Protocol):
    """Where a formula finds what it refers to."""

    def column(self, table: str, title: str) -> Column:
        """The cells of a table's column. KeyError where there is none."""
        ...

    def named(self, name: str) -> RawValue:
        """What a named cell gives. KeyError where there is none."""
        ...

    def cell(self, address: str) -> RawValue:
        """What a cell of the formula's own sheet gives."""
        ...


def worked_out(formula: str, workings: Workings) -> str | Decimal | bool | None:
    """What `formula` (with its =) gives; NotWorkedOut where it uses what is not known here."""
    try:
        value = _Reader(list(_tokens(formula.removeprefix("="))), workings).whole()
    except (KeyError, IndexError, ArithmeticError) as error:
        raise NotWorkedOut(formula) from error
    if isinstance(value, Column):
        raise NotWorkedOut(formula)
    return value


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise NotWorkedOut(text)
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


@dataclass(slots=True)
class _Reader:
    """Reads a formula by precedence, and works it out on the way."""

    tokens: list[tuple[str, str]]
    workings: Workings
    at: int = 0

    def whole(self) -> Value:
        """The value of all tokens."""
        value = self._comparison()
        if self.at != len(self.tokens):
            raise NotWorkedOut(str(self.tokens[self.at :]))
        return value

    def _next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, *signs: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self._next() in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _comparison(self) -> Value:
        left = self._joined()
        while sign := self._take("=", "<>", "<", ">", "<=", ">="):
            left = compared(left, sign, self._joined())
        return left

    def _joined(self) -> Value:
        left = self._sum()
        while self._take("&"):
            left = told(left) + told(self._sum())
        return left

    def _sum(self) -> Value:
        left = self._product()
        while sign := self._take("+", "-"):
            right = number(self._product())
            left = number(left) + right if sign == "+" else number(left) - right
        return left

    def _product(self) -> Value:
        left = self._one()
        while sign := self._take("*", "/"):
            right = number(self._one())
            left = number(left) * right if sign == "*" else number(left) / right
        return left

    def _one(self) -> Value:
        if self._take("-"):
            return -number(self._one())
        if self._take("("):
            value = self._comparison()
            self._close()
            return value
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "number":
            return Decimal(text)
        if kind == "column":
            table, _, title = text[:-1].partition("[")
            return self.workings.column(table, title)
        if kind == "cell":
            return scalar(self.workings.cell(text.replace("$", "")))
        if kind == "name" and self._take("("):
            return self._call(text.upper())
        if kind == "name":
            return scalar(self.workings.named(text))
        raise NotWorkedOut(text)

    def _call(self, name: str) -> Value:
        arguments: list[Value] = []
        if not self._take(")"):
            arguments.append(self._comparison())
            while self._take(","):
                arguments.append(self._comparison())
            self._close()
        function = FUNCTIONS.get(name)
        if function is None:
            raise NotWorkedOut(name)
        return function(arguments)

    def _close(self) -> None:
        if not self._take(")"):
            raise NotWorkedOut("a bracket is not closed")


# Values


def number(value: Value) -> Decimal:
    """A value as a number; nothing is zero."""
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return Decimal(int(value))
    raise NotWorkedOut(f"{value!r} is no number")


def told(value: Value) -> str:
    """A value as `&` joins it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return str(int(value)) if whole else format(value.normalize(), "f")
    if isinstance(value, str):
        return value
    raise NotWorkedOut("a column has no one text")


def compared(left: Value, sign: str, right: Value) -> bool:
    """A comparison as Excel makes it: text without letter case, nothing equal to "" and to zero."""
    if isinstance(left, Column) or isinstance(right, Column):
        raise NotWorkedOut("a column is not compared")
    if isinstance(left, str) or isinstance(right, str):
        a: str | Decimal = told(left).casefold() if not isinstance(left, Decimal) else "\0"
        b: str | Decimal = told(right).casefold() if not isinstance(right, Decimal) else "\1"
        return _by(sign, a, b)
    return _by(sign, number(left), number(right))


def _by(sign: str, left: str | Decimal, right: str | Decimal) -> bool:
    if sign in {"=", "<>"}:
        return (left == right) is (sign == "=")
    if isinstance(left, str) or isinstance(right, str):
        raise NotWorkedOut("text is not ordered here")
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[sign]


# Functions


def _truth(value: Value) -> bool:
    return bool(number(value))


def _column(value: Value) -> Column:
    if not isinstance(value, Column):
        raise NotWorkedOut(f"{value!r} is no column")
    return value


def _meets(cell: Scalar, sign: str, wanted: Decimal | str) -> bool:
    """Whether a cell meets a criterion of COUNTIF and SUMIFS."""
    if isinstance(wanted, Decimal):
        return isinstance(cell, Decimal) and _by(sign, cell, wanted)
    same = told(cell).casefold() == wanted.casefold()
    return same is (sign == "=")


def _criterion(value: Value) -> tuple[str, Decimal | str]:
    """A criterion's sign, and what is compared with."""
    if isinstance(value, Decimal):
        return "=", value
    match = _CRITERION.fullmatch(told(value))
    assert match is not None, "the pattern takes any text"
    sign, text = match[1] or "=", match[2]
    try:
        return sign, Decimal(text)
    except ArithmeticError:
        return sign, text


def _rows_meeting(arguments: Sequence[Value]) -> list[int]:
    """The rows of columns that meet all criteria: column, criterion, column, criterion."""
    rows: list[int] | None = None
    for value, criterion in zip(arguments[::2], arguments[1::2], strict=True):
        column = _column(value)
        sign, wanted = _criterion(criterion)
        if rows is None and sign == "=" and isinstance(wanted, str):
            rows = column.rows_of(wanted)
        else:
            left = range(len(column)) if rows is None else rows
            rows = [row for row in left if _meets(column[row], sign, wanted)]
    return rows or []


def _filled(value: Value) -> int:
    return value.filled if isinstance(value, Column) else int(value is not None and value != "")


def _subtotal(arguments: Sequence[Value]) -> Value:
    kind = int(number(arguments[0]))
    if kind in {3, 103}:
        return Decimal(_filled(arguments[1]))
    if kind in {9, 109}:
        column = _column(arguments[1])
        return column.total(range(len(column)))
    raise NotWorkedOut(f"SUBTOTAL {kind}")


def _rounded(arguments: Sequence[Value]) -> Value:
    places = int(number(arguments[1]))
    return number(arguments[0]).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _index(arguments: Sequence[Value]) -> Value:
    column = _column(arguments[0])
    return column[int(number(arguments[1])) - 1] if len(column) else None


def _largest(arguments: Sequence[Value]) -> Value:
    numbers = [one for value in arguments for one in _column(value).numbers if one is not None]
    return max(numbers, default=Decimal(0))


FUNCTIONS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "IF": lambda a: a[1] if _truth(a[0]) else a[2],
    "OR": lambda a: any(_truth(one) for one in a),
    "AND": lambda a: all(_truth(one) for one in a),
    "COUNTA": lambda a: Decimal(sum(_filled(one) for one in a)),
    "COUNTIF": lambda a: Decimal(len(_rows_meeting(a))),
    "COUNTIFS": lambda a: Decimal(len(_rows_meeting(a))),
    "SUMIFS": lambda a: _column(a[0]).total(_rows_meeting(a[1:])),
    "MAX": _largest,
    "ROUND": _rounded,
    "INDEX": _index,
    "SUBTOTAL": _subtotal,
}
