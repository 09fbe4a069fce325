"""The practice seller's ids, in Amazon's forms, each made from a running number and readable back.

Two worlds of one seller that begin on different days share no order and no settlement, and no id.

Reading back is what lets `getOrder` find one order among a million that were never stored.
"""

from tieout.practice.shop.periods import days_from_usual
from tieout.practice.shop.place import BY_NUMBER, Place

_SPACE = 10**14
_STEP = 61_803_398_874_989  # odd and no multiple of five: every number of the space is met once
_BACK = pow(_STEP, -1, _SPACE)
_PLACES = 64
_FOREIGN = 63  # the place number of orders that are in no list
ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
MIXED = "ABCDEFGHJKLMNPQRSTUVWXYZbcdfghjkmnpqrstvwxyz0123456789"


_SETTLEMENTS_A_DAY = 17_000_000 // 14  # how far Amazon's numbers run on in a day


def id_seed(seed: int, start_s: int) -> int:
    """What the ids of orders are made from, in a world that begins at a moment."""
    return seed + 1_000_003 * days_from_usual(start_s)


def _offset(seed: int) -> int:
    return (seed * 7_777_777_777_777 + 31_415_926_535_897) % _SPACE


def order_id(seed: int, place: Place, index: int, *, prefix: str) -> str:
    """An Amazon order id (3-7-7 digits) of a place's `index`-th order."""
    return _dashed(prefix, index * _PLACES + place.number, seed)


def foreign_order_id(seed: int, place: Place, index: int) -> str:
    """An order id of the right form that belongs to no order of this world."""
    return _dashed(place.prefixes[0], index * _PLACES + _FOREIGN, seed)


def _dashed(prefix: str, number: int, seed: int) -> str:
    digits = f"{(number * _STEP + _offset(seed)) % _SPACE:014d}"
    return f"{prefix}-{digits[:7]}-{digits[7:]}"


def read_order_id(seed: int, text: str) -> tuple[Place, int] | None:
    """The place and index an order id was made from; None if it was not made here."""
    parts = text.split("-")
    if [len(part) for part in parts] != [3, 7, 7] or not (parts[1] + parts[2]).isdecimal():
        return None
    number = (int(parts[1] + parts[2]) - _offset(seed)) * _BACK % _SPACE
    index, place_number = divmod(number, _PLACES)
    place = BY_NUMBER.get(place_number)
    if place is None or parts[0] not in (*place.prefixes, place.multi_channel_prefix):
        return None
    return place, index


def order_item_id(seed: int, place: Place, index: int, line: int) -> str:
    """An order item id: fourteen digits."""
    number = (index * 4 + line) * _PLACES + place.number
    return f"{(number * _STEP + _offset(seed + 1)) % _SPACE:014d}"


def settlement_id(seed: int, place: Place, period: int, *, days: int = 0) -> str:
    """A settlement id: eleven digits, growing with the period, and with the day on which its world begins.

    `days` is how much later than others that is.
    """
    within = (seed * 104_729 + place.number * 1_299_709) % 16_000_000
    return str(21_000_000_000 + period * 17_000_000 + days * _SETTLEMENTS_A_DAY + within)
