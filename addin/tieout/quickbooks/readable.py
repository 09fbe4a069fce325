"""Answers that are JSON and still not what QuickBooks sends: they count as none, and break nothing."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tieout.domain.posting import Outcome
from tieout.ports import BooksUnavailable
from tieout.quickbooks.faults import no_answer

_LOG = logging.getLogger("tieout.quickbooks")
# What reading values that are not there, or of another kind, comes to; ArithmeticError is of numbers out of reach.
MALFORMED = (KeyError, IndexError, TypeError, AttributeError, ValueError, ArithmeticError)

_P = ParamSpec("_P")
_R = TypeVar("_R")


class NotOurs(ValueError):
    """A number or an id that must not get into a question: a mistake of the program, not of an answer."""


def readable(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """`read`, with BooksUnavailable (outcome unknown) in place of what a malformed answer would raise."""

    @wraps(read)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(*args, **kwargs)
        except NotOurs:
            raise
        except MALFORMED as malformed:
            _LOG.warning("an answer could not be read in %s: %s", read.__name__, type(malformed).__name__)
            raise BooksUnavailable(Outcome.UNKNOWN, no_answer("its answer could not be read")) from None

    return guarded
