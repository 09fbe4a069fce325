"""Money: a whole number of a currency's minor units, and the currency. Never a float, not in between either.

`Money(1999, "USD")` is USD 19.99; `Money(1999, "JPY")` is JPY 1999. Reading decimal text is exact or an error;
splitting keeps the sum.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# ISO 4217 minor-unit exponents of the currencies Amazon settles in (facts: marketplaces of Amazon's
# "Marketplace IDs" page, exponents from ISO 4217). The list is closed on purpose: a currency we do not know
# has an unknown number of places, and guessing it would be wrong by a factor of a hundred.
CURRENCY_EXPONENTS: dict[str, int] = {
    **dict.fromkeys(
        (
            *("AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "HUF"),
            *("INR", "MXN", "NOK", "NZD", "PLN", "RON", "SAR", "SEK", "SGD", "TRY", "USD", "ZAR"),
        ),
        2,
    ),
    "JPY": 0,
}

# The money of the whole world has fewer digits in its smallest currency.
_DIGITS_MAX = 30

_PLAIN_DECIMAL = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?\Z", re.ASCII)


class UnknownCurrency(ValueError):
    """A currency code whose number of decimal places is not known."""


class InexactAmount(ValueError):
    """Text that is not an exact amount of its currency: not a number, or with too many places."""


def exponent(currency: str) -> int:
    """How many decimal places `currency` has; UnknownCurrency if the table does not hold it."""
    try:
        return CURRENCY_EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is not a currency whose decimal places are known") from None


def minor_from_plain(text: str, places: int) -> int:
    """Minor units of plain decimal text ("-12.5", two places: -1250); InexactAmount if it is not exact.

    Zeros beyond the currency's places are exact ("1.500" is 150 at two places); other digits there are not.
    """
    match = _PLAIN_DECIMAL.match(text)
    if match is None:
        raise InexactAmount(f"{text!r} is not a decimal number")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if fraction[places:].strip("0"):
        raise InexactAmount(f"{text!r} has more than {places} decimal places")
    digits = whole.lstrip("0")
    if len(digits) > _DIGITS_MAX:  # Python reads numbers of thousands of digits by an error of its own
        raise InexactAmount(f"{text!r} is larger than any amount of money")
    minor = int((digits or "0") + fraction[:places].ljust(places, "0"))
    return -minor if sign == "-" else minor


def plain_decimal(minor: int, places: int) -> str:
    """Decimal text with exactly `places` places: (-1250, 2) gives "-12.50"; (7, 0) gives "7"."""
    digits = str(abs(minor)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if minor < 0 else text


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` minor units of `currency`; adding across currencies is an error."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        exponent(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """From plain decimal text with a point ("1977.17"); InexactAmount, UnknownCurrency."""
        return cls(minor_from_plain(text, exponent(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, of a currency."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """The sum of `amounts`, all of `currency`; zero if there are none."""
        result = cls.zero(currency)
        for amount in amounts:
            result = result + amount
        return result

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal}"

    @property
    def decimal(self) -> str:
        """Decimal text with the currency's own number of places, without the currency: "-12.50"."""
        return plain_decimal(self.minor, exponent(self.currency))

    def split(self, weights: Sequence[int]) -> tuple["Money", ...]:
        """Shares in proportion to non-negative `weights`, by largest remainder; they always add up to self.

        Equal remainders go to the earlier share. ValueError if no weight is positive.
        """
        whole = sum(weights)
        if whole <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must be non-negative and not all zero")
        size = abs(self.minor)
        shares = [size * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: -(size * weights[i] % whole))
        for index in by_remainder[: size - sum(shares)]:
            shares[index] += 1
        sign = -1 if self.minor < 0 else 1
        return tuple(Money(sign * share, self.currency) for share in shares)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self} and {other} are of two currencies")
