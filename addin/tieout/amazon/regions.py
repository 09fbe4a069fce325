"""Amazon's regions and their endpoints. Source: Amazon, "SP-API endpoints" and "Connect to the SP-API"."""

from collections.abc import Iterable, Mapping

from tieout.domain.marketplace import by_id

ENDPOINTS: Mapping[str, str] = {
    "NA": "https://sellingpartnerapi-na.amazon.com",
    "EU": "https://sellingpartnerapi-eu.amazon.com",
    "FE": "https://sellingpartnerapi-fe.amazon.com",
}
REGION_NAMES: Mapping[str, str] = {
    "NA": "North America",
    "EU": "Europe",
    "FE": "Far East",
}
LWA = "https://api.amazon.com/auth/o2/token"


def by_region(marketplace_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Marketplace ids by their region, in the order given; ids that are not known are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for marketplace_id in marketplace_ids:
        marketplace = by_id(marketplace_id)
        if marketplace is not None:
            found[marketplace.region] = (*found.get(marketplace.region, ()), marketplace_id)
    return found
