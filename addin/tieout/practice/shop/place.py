"""What the practice seller's accounts differ in from marketplace to marketplace.

Sources: real Flat File V2 settlements of Amazon.com, .co.uk, .de and .fr (date and decimal forms, tax rows, the
digital services fee of 2 %, commission with VAT inside); Amazon's settlement report attributes ("amounts in local
currency format"). Rates of VAT are the standard ones. Prices and fees are made up, in proportion to `scale`.
"""

from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.marketplace import Marketplace, by_country


class TaxMode(StrEnum):
    """How the tax of an order shows in its settlement rows."""

    FACILITATED = "facilitated"  # on top of the price; Amazon withholds it: the rows net to zero
    SELLER = "seller"  # prices net, tax beside them: the seller's own VAT
    WITHHELD = "withheld"  # prices net, tax beside them, and Amazon, the deemed supplier, takes it away
    INSIDE = "inside"  # no tax rows: prices with VAT inside


@dataclass(frozen=True, slots=True)
class Place:
    """One marketplace account of the seller: Amazon's marketplace and how its figures and files look.

    `close_second` is the second of the UTC day at which settlements close; `close_day` the day after the world's
    months on which the last one does (of the month, after calendar months). `scale` is a hundredth of prices against
    US ones.
    """

    market: Marketplace
    number: int
    prefixes: tuple[str, ...]
    multi_channel_prefix: str
    non_amazon: str
    dotted_dates: bool
    decimal_mark: str
    tax_mode: TaxMode
    vat_per_mille: int
    fee_vat_per_mille: int
    services_fee_per_mille: int
    scale: int
    close_day: int
    close_second: int
    language: str

    @property
    def fba_code(self) -> str:
        """The fulfilment channel code of Amazon's own warehouses here."""
        return f"AMAZON_{self.market.region}"

    @property
    def gross_prices(self) -> bool:
        """Whether listed prices and order item prices have the tax inside (all but North America's)."""
        return self.tax_mode is not TaxMode.FACILITATED


_NA_CLOSE_SECOND = 14 * 3600 + 28 * 60 + 38
_EU_CLOSE_SECOND = 8 * 3600 + 59 * 60 + 44
_US_PREFIXES = ("111", "112", "113", "114")
_EU_PREFIXES = {
    "GB": ("202", "203", "204", "206", "026"),
    "DE": ("302", "303", "305", "306", "028"),
    "FR": ("402", "403", "405", "406", "171"),
}


def _north(country: str, number: int, tongue: str, *, mode: TaxMode, vat: int, scale: int, close_day: int) -> Place:
    return Place(
        market=_market(country),
        number=number,
        prefixes=_US_PREFIXES if country == "US" else ("701", "702"),
        multi_channel_prefix="S01",
        non_amazon=f"Non-Amazon {country}",
        dotted_dates=False,
        decimal_mark=".",
        tax_mode=mode,
        vat_per_mille=vat,
        fee_vat_per_mille=0,
        services_fee_per_mille=20 if country == "US" else 0,
        scale=scale,
        close_day=close_day,
        close_second=_NA_CLOSE_SECOND,
        language=tongue,
    )


def _europe(country: str, number: int, tongue: str, *, vat: int, scale: int, close_day: int) -> Place:
    british = country in ("GB", "IE")
    return Place(
        market=_market(country),
        number=number,
        prefixes=_EU_PREFIXES.get(country, ("404", "408")),
        multi_channel_prefix="S02",
        non_amazon="Non-Amazon UK" if country == "GB" else f"Non-Amazon {country}",
        dotted_dates=True,
        decimal_mark="." if british else ",",
        tax_mode=TaxMode.SELLER if country == "GB" else TaxMode.WITHHELD,
        vat_per_mille=vat,
        fee_vat_per_mille=200,
        services_fee_per_mille=20,
        scale=scale,
        close_day=close_day,
        close_second=_EU_CLOSE_SECOND + 60 * number,
        language=tongue,
    )


def _market(country: str) -> Marketplace:
    market = by_country(country)
    if market is None:
        raise LookupError(f"{country} is not among Amazon's marketplaces")
    return market


PLACES: dict[str, Place] = {
    place.market.country: place
    for place in (
        _north("US", 1, "en_US", mode=TaxMode.FACILITATED, vat=0, scale=100, close_day=10),
        _north("CA", 2, "en_CA", mode=TaxMode.FACILITATED, vat=0, scale=130, close_day=9),
        _north("MX", 3, "es_MX", mode=TaxMode.INSIDE, vat=160, scale=1800, close_day=8),
        _europe("GB", 4, "en_GB", vat=200, scale=80, close_day=9),
        _europe("DE", 5, "de_DE", vat=190, scale=95, close_day=8),
        _europe("FR", 6, "fr_FR", vat=200, scale=95, close_day=7),
        _europe("IT", 7, "it_IT", vat=220, scale=95, close_day=9),
        _europe("ES", 8, "es_ES", vat=210, scale=95, close_day=10),
        _europe("NL", 9, "nl_NL", vat=210, scale=95, close_day=7),
        _europe("SE", 10, "sv_SE", vat=250, scale=1050, close_day=8),
        _europe("PL", 11, "pl_PL", vat=230, scale=400, close_day=9),
        _europe("BE", 12, "fr_BE", vat=210, scale=95, close_day=10),
        _europe("IE", 13, "en_IE", vat=230, scale=95, close_day=7),
    )
}
BY_NUMBER: dict[int, Place] = {place.number: place for place in PLACES.values()}


def place_of(code: str) -> Place:
    """The account of a country code (UK is read as GB); ValueError where the practice seller does not sell."""
    upper = code.strip().upper()
    place = PLACES.get("GB" if upper == "UK" else upper)
    if place is None:
        raise ValueError(f"the practice seller has no account in {code}; it sells in {', '.join(PLACES)}")
    return place
