"""The numbers of a settlement's documents under the orders method.

`AMZ-<settlement id>-<n><letter>`, at most 21 characters: J a month's journal, P a payment, C a refund, E an expense
or check, B a bill, V a bill's payment, T the transfer. The prefix is a setting. Ids of today have 11 digits and
leave room for four digits of n; where a longer id does not fit, it is written as an H and the beginning of its
SHA-256 in base 32, as long as there is room. An id that stands as it is has digits alone, and never begins with H.
"""

import base64
import hashlib
from enum import StrEnum

from tieout.rules.doc_number import DOC_NUMBER_LENGTH_MAX

_DIGEST_CHARACTERS_MIN = 9


class NoNumberLeft(Exception):
    """A settlement has more documents than QuickBooks' 21 characters can number."""


class Letter(StrEnum):
    """What kind of document a number is of."""

    JOURNAL = "J"
    PAYMENT = "P"
    REFUND = "C"
    EXPENSE = "E"
    BILL = "B"
    BILL_PAYMENT = "V"
    TRANSFER = "T"


def settlement_number(prefix: str, settlement_id: str, number: int, letter: Letter) -> str:
    """The number of a document: the same for the same, for ever; NoNumberLeft."""
    tail = f"-{number}{letter}"
    plain = f"{prefix}{settlement_id}{tail}"
    if settlement_id.isascii() and settlement_id.isdigit() and len(plain) <= DOC_NUMBER_LENGTH_MAX:
        return plain
    room = DOC_NUMBER_LENGTH_MAX - len(prefix) - 1 - len(tail)
    if room < _DIGEST_CHARACTERS_MIN:
        raise NoNumberLeft(f"{number} is more documents than settlement {settlement_id} has numbers for")
    digest = hashlib.sha256(settlement_id.encode("utf-8")).digest()
    return f"{prefix}H{base64.b32encode(digest).decode('ascii')[:room]}{tail}"
