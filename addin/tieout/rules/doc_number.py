"""The number a settlement's draft has in the books: its identity there (rule 5).

`AMZ-<settlement id>-<part>`, at most 21 characters, which is what QuickBooks keeps; the prefix is a setting.
Ids of today have 11 digits and fit as they are up to 15. A longer id is written shorter, and never so that two ids
could meet:

- 16 to 20 digits: `N` and the id in base 36, 13 characters, nothing lost;
- anything else: `H` and the first 13 characters of the base 32 SHA-256 of the id.

An id that stands as it is has digits alone, so it never begins with N or H.
"""

import base64
import hashlib

from tieout.domain.settings import DEFAULT_PREFIX

DOC_NUMBER_LENGTH_MAX = 21  # Intuit: JournalEntry.DocNumber
_SHORT_LENGTH = 13
_LOSSLESS_DIGITS_MAX = 20  # 36 to the 13th is greater than 10 to the 20th
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def doc_number(settlement_id: str, part: int, prefix: str = DEFAULT_PREFIX) -> str:
    """The number of part `part` (from 1) of a settlement; the same for the same, for ever.

    `prefix` has four characters at most, which leaves room for the part of every month that a settlement can have.
    """
    plain = f"{prefix}{settlement_id}-{part}"
    if _is_digits(settlement_id) and len(plain) <= DOC_NUMBER_LENGTH_MAX:
        return plain
    return f"{prefix}{_short(settlement_id)}-{part}"


def _short(settlement_id: str) -> str:
    if _is_digits(settlement_id) and settlement_id[0] != "0" and len(settlement_id) <= _LOSSLESS_DIGITS_MAX:
        return "N" + _base36(int(settlement_id)).rjust(_SHORT_LENGTH, "0")
    digest = hashlib.sha256(settlement_id.encode("utf-8")).digest()
    return "H" + base64.b32encode(digest).decode("ascii")[:_SHORT_LENGTH]


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
