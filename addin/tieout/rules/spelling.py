"""How Amazon's words are compared: by their letters and digits alone.

Sources spell one thing in several ways: "Other-Transaction" and "other-transaction", "DigitalServicesFee" and
"Digital Services Fee", "FBA Long-Term Storage Fee" and "FBA Long Term Storage Fee" all occur. So letter case,
spaces and punctuation never decide; two texts that differ in a letter or a digit are two things.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Amazon's European files write British English where its American ones don't ("FBA fulfilment fee per unit").
_BRITISH = (("fulfilment", "fulfillment"), ("programme", "program"))

_WORD = re.compile(r"[A-Z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*|\d+")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """`text` as it is compared: letters and digits, case-folded. Text with none of either keeps its own form."""
    return _letters(text) or unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=8192)
def folded_pattern(pattern: str) -> str:
    """A pattern as it is compared: its texts folded, runs of `*` one `*`."""
    if "*" not in pattern:
        return folded(pattern)
    return re.sub(r"\*+", "*", "*".join(_letters(part) for part in pattern.split("*")))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(character for character in plain if character.isalnum())
    for british, american in _BRITISH:
        letters = letters.replace(british, american)
    return letters


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a folded text fits a folded pattern, in which `*` stands for any text, none too.

    Each part is looked for once, after the part before it: a regular expression would try all their places, and a
    pattern of many stars keep it busy for ever.
    """
    if "*" not in pattern:
        return lambda text: text == pattern
    first, *middle, last = pattern.split("*")

    def fits(text: str) -> bool:
        if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
            return False
        place, end = len(first), len(text) - len(last)
        for part in middle:
            found = text.find(part, place, end)
            if found < 0:
                return False
            place = found + len(part)
        return True

    return fits


def words(text: str) -> tuple[str, ...]:
    """The words of a name, case-folded: "FBAInventoryStorageFee" is fba, inventory, storage, fee."""
    return tuple(word.casefold() for word in _WORD.findall(unicodedata.normalize("NFKC", text)))
