"""Exact figures: numbers of requests to whole minor units, minor units to numbers, with no float in between.

Intuit's amounts are decimals "in 10.5 format" (JournalEntry reference, `Line.Amount`): up to ten digits and
five places in a request. The books hold whole minor units; answers are written with the currency's places.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

Doc = dict[str, Any]
"""A JSON object. Numbers in it are int or Decimal, never float."""

RATE_PLACES = 6
_WHOLE = Decimal(1)


def decimal_of(value: Any) -> Decimal | None:
    """The decimal a request wrote as a number or as numeric text (Intuit takes both); None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    return None


def minor_of(amount: Decimal | int, places: int) -> int:
    """Whole minor units of `amount`; digits beyond the currency's places are rounded half up, as Intuit does."""
    return int(Decimal(amount).scaleb(places).quantize(_WHOLE, ROUND_HALF_UP))


def number_of(minor: int, places: int) -> Decimal:
    """The number with exactly `places` places: (1250, 2) is 12.50."""
    return Decimal(minor).scaleb(-places)


def converted(minor: int, places: int, rate: Decimal, home_places: int) -> int:
    """Minor units of the home currency for `minor` of a currency, at `rate` home units a unit; half up."""
    return minor_of(number_of(minor, places) * rate, home_places)
