"""How a command tells how far it is."""

from collections.abc import Callable

# What is being done, how many are done, of how many (None where that is not known).
Progressed = Callable[[str, int, int | None], None]


def silent(what: str, done: int, of: int | None) -> None:
    """Tells nobody."""
