"""The query language of the API: text to a parsed query, or fault 4000.

    select * | count(*) | property, … from Kind [where property op value [and …]]
    [order by property [asc|desc], … | orderby …] [startposition n] [maxresults n]

Keywords in any case; op is = < > <= >= in like; values in single quotes (\\' and \\\\ inside), numbers, true and
false. There is no or, no join, no group by. Source: Intuit's "Data queries".
"""

import re
from dataclasses import dataclass

from tieout.practice.quickbooks.faults import Fault, fault

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<word>[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(?P<mark><=|>=|<|>|=|\(|\)|,|\*))",
    re.ASCII,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OPERATORS = ("=", "<", ">", "<=", ">=")
RESULTS_DEFAULT = 100
RESULTS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Condition:
    """`prop op value`; IN has several values, every other operator one. Values are text."""

    prop: str
    op: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `properties` is empty for `*`; `order` is (property, descending)."""

    kind: str
    counts: bool
    properties: tuple[str, ...]
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    start: int
    results_max: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def parse(statement: str) -> Query:
    """The query of a statement; Fault 4000 where it cannot be read."""
    return _Parser(_tokens(statement)).query()


def _tokens(statement: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    text = statement.strip().rstrip(";").rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _unparsable(f'Encountered " {text[position : position + 20]} " at column {position + 1}.')
        found = match[match.lastgroup]
        if match.lastgroup == "text":
            found = _ESCAPE.sub(r"\1", found[1:-1])
        tokens.append(_Token(match.lastgroup, found))
        position = match.end()
    return tokens


def _unparsable(detail: str) -> Fault:
    return fault("4000", f"QueryParserError: {detail}")


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        self._word("select")
        counts, properties = self._selection()
        self._word("from")
        kind = self._name()
        conditions = self._conditions() if self._next_is("where") else ()
        order = self._order() if self._next_is("order") or self._next_is("orderby") else ()
        start = self._bound("startposition", 1)
        results_max = self._bound("maxresults", RESULTS_DEFAULT)
        if self._at < len(self._tokens):
            raise _unparsable(f'Encountered " {self._tokens[self._at].text} " after the end of the query.')
        if start < 1:
            raise fault("4001", "QueryValidationError: value of STARTPOSITION is out of range, it must be at least 1")
        if not 1 <= results_max <= RESULTS_MAX:
            raise fault(
                "4001", f"QueryValidationError: value of MAXRESULTS is out of range, it must be 1 to {RESULTS_MAX}"
            )
        return Query(kind, counts, properties, conditions, order, start, results_max)

    def _selection(self) -> tuple[bool, tuple[str, ...]]:
        if self._next_is("count"):
            self._word("count")
            for mark in ("(", "*", ")"):
                self._mark(mark)
            return True, ()
        names: list[str] = []
        everything = False
        while True:
            if self._peek().text == "*":
                self._at += 1
                everything = True
            else:
                names.append(self._name())
            if not self._take_mark(","):
                # "*, Sku" asks for an optional property on top of all: everything is answered with it.
                return False, () if everything else tuple(names)

    def _conditions(self) -> tuple[Condition, ...]:
        self._word("where")
        found = [self._condition()]
        while self._next_is("and"):
            self._word("and")
            found.append(self._condition())
        return tuple(found)

    def _condition(self) -> Condition:
        bracketed = self._take_mark("(")
        prop = self._name()
        token = self._advance()
        if token.kind == "word" and token.text.lower() == "in":
            self._mark("(")
            values = [self._value()]
            while self._take_mark(","):
                values.append(self._value())
            self._mark(")")
            condition = Condition(prop, "in", tuple(values))
        elif token.kind == "word" and token.text.lower() == "like":
            condition = Condition(prop, "like", (self._value(),))
        elif token.text in _OPERATORS and token.kind == "mark":
            condition = Condition(prop, token.text, (self._value(),))
        else:
            raise _unparsable(f'Encountered " {token.text} ", expected an operator.')
        if bracketed:
            self._mark(")")
        return condition

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if self._next_is("orderby"):
            self._word("orderby")
        else:
            self._word("order")
            self._word("by")
        keys: list[tuple[str, bool]] = []
        while True:
            name, descending = self._name(), False
            if self._next_is("asc") or self._next_is("desc"):
                descending = self._advance().text.lower() == "desc"
            keys.append((name, descending))
            if not self._take_mark(","):
                return tuple(keys)

    def _bound(self, keyword: str, default: int) -> int:
        if not self._next_is(keyword):
            return default
        self._word(keyword)
        token = self._advance()
        if token.kind != "number" or "." in token.text:
            raise _unparsable(f'Encountered " {token.text} ", expected a whole number.')
        return int(token.text)

    def _value(self) -> str:
        token = self._advance()
        if token.kind in ("text", "number") or token.text.lower() in ("true", "false"):
            return token.text
        raise _unparsable(f'Encountered " {token.text} ", expected a value in single quotes.')

    def _name(self) -> str:
        token = self._advance()
        if token.kind != "word":
            raise _unparsable(f'Encountered " {token.text} ", expected a name.')
        return token.text

    def _word(self, keyword: str) -> None:
        token = self._advance()
        if token.kind != "word" or token.text.lower() != keyword:
            raise _unparsable(f'Encountered " {token.text} ", expected {keyword.upper()}.')

    def _mark(self, mark: str) -> None:
        token = self._advance()
        if token.kind != "mark" or token.text != mark:
            raise _unparsable(f'Encountered " {token.text} ", expected {mark}.')

    def _take_mark(self, mark: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == _Token("mark", mark):
            self._at += 1
            return True
        return False

    def _next_is(self, keyword: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        return token.kind == "word" and token.text.lower() == keyword

    def _peek(self) -> _Token:
        if self._at >= len(self._tokens):
            raise _unparsable("the query ends too early.")
        return self._tokens[self._at]

    def _advance(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token
