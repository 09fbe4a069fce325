"""Currencies of the practice company: names, and the rates it uses where a request gives none.

The rates are a fixed table, so that the practice books are the same on every day and machine: units of US
dollar for one unit, near the levels of 2025. They are nobody's quotation.
"""

from decimal import Decimal

from tieout.domain.money import CURRENCY_EXPONENTS

NAMES: dict[str, str] = {
    "AED": "United Arab Emirates Dirham",
    "AUD": "Australian Dollar",
    "BRL": "Brazilian Real",
    "CAD": "Canadian Dollar",
    "CHF": "Swiss Franc",
    "CNY": "Chinese Yuan",
    "CZK": "Czech Koruna",
    "DKK": "Danish Krone",
    "EGP": "Egyptian Pound",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "HKD": "Hong Kong Dollar",
    "HUF": "Hungarian Forint",
    "INR": "Indian Rupee",
    "JPY": "Japanese Yen",
    "MXN": "Mexican Peso",
    "NOK": "Norwegian Krone",
    "NZD": "New Zealand Dollar",
    "PLN": "Polish Zloty",
    "RON": "Romanian Leu",
    "SAR": "Saudi Riyal",
    "SEK": "Swedish Krona",
    "SGD": "Singapore Dollar",
    "TRY": "Turkish Lira",
    "USD": "United States Dollar",
    "ZAR": "South African Rand",
}

_IN_DOLLARS: dict[str, str] = {
    "AED": "0.272294",
    "AUD": "0.652",
    "BRL": "0.183",
    "CAD": "0.728",
    "CHF": "1.245",
    "CNY": "0.1395",
    "CZK": "0.0474",
    "DKK": "0.1558",
    "EGP": "0.0206",
    "EUR": "1.1625",
    "GBP": "1.3475",
    "HKD": "0.1277",
    "HUF": "0.00291",
    "INR": "0.01165",
    "JPY": "0.00679",
    "MXN": "0.0533",
    "NOK": "0.0987",
    "NZD": "0.594",
    "PLN": "0.2725",
    "RON": "0.2293",
    "SAR": "0.266667",
    "SEK": "0.1041",
    "SGD": "0.7785",
    "TRY": "0.0246",
    "USD": "1",
    "ZAR": "0.0558",
}


def is_known(currency: str) -> bool:
    """Whether the practice company can keep books in it (its decimal places are known)."""
    return currency in CURRENCY_EXPONENTS and currency in NAMES


def reference(currency: str) -> dict[str, str]:
    """A CurrencyRef."""
    return {"value": currency, "name": NAMES[currency]}


def usual_rate(currency: str, home: str) -> Decimal:
    """Home units for one unit of `currency`, six places; 1 for the home currency itself."""
    if currency == home:
        return Decimal(1)
    return round(Decimal(_IN_DOLLARS[currency]) / Decimal(_IN_DOLLARS[home]), 6)
