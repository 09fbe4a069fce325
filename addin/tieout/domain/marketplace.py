"""Amazon's marketplaces: id, region, the name settlement files use, currency and time zone.

Source: Amazon's "Marketplace IDs" and "SP-API endpoints" pages, and the `marketplace-name` column of real
settlement files. The time zone is the marketplace's own civil time; Amazon's files are in UTC.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace. `country` is the code used throughout Tieout (GB, not UK); `name` is Amazon's."""

    country: str
    marketplace_id: str
    region: str
    name: str
    currency: str
    time_zone: str


MARKETPLACES: tuple[Marketplace, ...] = (
    Marketplace("US", "ATVPDKIKX0DER", "NA", "Amazon.com", "USD", "America/Los_Angeles"),
    Marketplace("CA", "A2EUQ1WTGCTBG2", "NA", "Amazon.ca", "CAD", "America/Los_Angeles"),
    Marketplace("MX", "A1AM78C64UM0Y8", "NA", "Amazon.com.mx", "MXN", "America/Los_Angeles"),
    Marketplace("BR", "A2Q3Y263D00KWC", "NA", "Amazon.com.br", "BRL", "America/Sao_Paulo"),
    Marketplace("GB", "A1F83G8C2ARO7P", "EU", "Amazon.co.uk", "GBP", "Europe/London"),
    Marketplace("DE", "A1PA6795UKMFR9", "EU", "Amazon.de", "EUR", "Europe/Berlin"),
    Marketplace("FR", "A13V1IB3VIYZZH", "EU", "Amazon.fr", "EUR", "Europe/Paris"),
    Marketplace("IT", "APJ6JRA9NG5V4", "EU", "Amazon.it", "EUR", "Europe/Rome"),
    Marketplace("ES", "A1RKKUPIHCS9HS", "EU", "Amazon.es", "EUR", "Europe/Madrid"),
    Marketplace("NL", "A1805IZSGTT6HS", "EU", "Amazon.nl", "EUR", "Europe/Amsterdam"),
    Marketplace("SE", "A2NODRKZP88ZB9", "EU", "Amazon.se", "SEK", "Europe/Stockholm"),
    Marketplace("PL", "A1C3SOZRARQ6R3", "EU", "Amazon.pl", "PLN", "Europe/Warsaw"),
    Marketplace("BE", "AMEN7PMS3EDWL", "EU", "Amazon.com.be", "EUR", "Europe/Brussels"),
    Marketplace("IE", "A28R8C7NBKEWEA", "EU", "Amazon.ie", "EUR", "Europe/Dublin"),
    Marketplace("TR", "A33AVAJ2PDY3EV", "EU", "Amazon.com.tr", "TRY", "Europe/Istanbul"),
    Marketplace("AE", "A2VIGQ35RCS4UG", "EU", "Amazon.ae", "AED", "Asia/Dubai"),
    Marketplace("SA", "A17E79C6D8DWNP", "EU", "Amazon.sa", "SAR", "Asia/Riyadh"),
    Marketplace("EG", "ARBP9OOSHTCHU", "EU", "Amazon.eg", "EGP", "Africa/Cairo"),
    Marketplace("ZA", "AE08WJ6YKNBMC", "EU", "Amazon.co.za", "ZAR", "Africa/Johannesburg"),
    Marketplace("IN", "A21TJRUUN4KGV", "EU", "Amazon.in", "INR", "Asia/Kolkata"),
    Marketplace("JP", "A1VC38T7YXB528", "FE", "Amazon.co.jp", "JPY", "Asia/Tokyo"),
    Marketplace("AU", "A39IBJ37TRP1C6", "FE", "Amazon.com.au", "AUD", "Australia/Sydney"),
    Marketplace("SG", "A19VAU5U5O7RUS", "FE", "Amazon.sg", "SGD", "Asia/Singapore"),
)

_BY_COUNTRY = {marketplace.country: marketplace for marketplace in MARKETPLACES}
_BY_NAME = {marketplace.name.casefold(): marketplace for marketplace in MARKETPLACES}
_BY_ID = {marketplace.marketplace_id: marketplace for marketplace in MARKETPLACES}
# The one marketplace of a currency, where only one settles in it; the euro has many.
_BY_CURRENCY = {
    marketplace.currency: marketplace
    for marketplace in MARKETPLACES
    if sum(other.currency == marketplace.currency for other in MARKETPLACES) == 1
}


def by_country(code: str) -> Marketplace | None:
    """The marketplace of a country code; UK is read as GB."""
    upper = code.strip().upper()
    return _BY_COUNTRY.get("GB" if upper == "UK" else upper)


def by_name(name: str) -> Marketplace | None:
    """The marketplace that settlement and order files call `name`, in any letter case."""
    return _BY_NAME.get(name.strip().casefold())


def by_id(marketplace_id: str) -> Marketplace | None:
    """The marketplace of Amazon's id."""
    return _BY_ID.get(marketplace_id)


def by_currency(currency: str) -> Marketplace | None:
    """The only marketplace that settles in `currency`; None for the euro and for currencies not known."""
    return _BY_CURRENCY.get(currency)
