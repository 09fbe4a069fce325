"""Chance that is the same everywhere: whole numbers drawn from a hash of what they are drawn for.

Anything in the shop can be made by itself, in any order, from its seed and its number; so a world of a million
orders needs no memory for them. Python's `random` is not used: its seeding is slow and its methods may change
between versions.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_REFILL_BITS = 96


class Dice:
    """Draws for one thing, named by `parts`; the same parts give the same draws for ever."""

    __slots__ = ("_digest", "_pool")

    def __init__(self, *parts: int | str) -> None:
        self._digest = blake2b("|".join(map(str, parts)).encode(), digest_size=64).digest()
        self._pool = int.from_bytes(self._digest, "big")

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        if self._pool >> _REFILL_BITS == 0:
            self._digest = blake2b(self._digest, digest_size=64).digest()
            self._pool = int.from_bytes(self._digest, "big")
        self._pool, drawn = divmod(self._pool, bound)
        return drawn

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, per_mille: int) -> bool:
        """True `per_mille` times in a thousand."""
        return self.below(1000) < per_mille

    def pick(self, choices: Sequence[T]) -> T:
        """One of `choices`."""
        return choices[self.below(len(choices))]

    def text(self, length: int, alphabet: str) -> str:
        """`length` characters of `alphabet`."""
        size = len(alphabet)
        return "".join([alphabet[self.below(size)] for _ in range(length)])
