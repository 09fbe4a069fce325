"""One documented finding: its code, what it means, and what provokes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tieout.domain.finding import Finding


@dataclass(frozen=True)
class ErrorCase:
    """`provoke(folder)` makes the bad input in an empty folder and returns the findings that come of it.

    `meaning` is a paragraph for docs/errors.md: why it is checked, and what the user's way out is.
    """

    code: str
    title: str
    meaning: str
    provoke: Callable[[Path], Iterable[Finding]]
