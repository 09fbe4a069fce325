"""What a seller offers on a marketplace, and what of it lies in Amazon's warehouses.

Sources: Amazon, "Inventory report attributes" (GET_MERCHANT_LISTINGS_ALL_DATA) and the FBA Inventory API, v1.
"""

from dataclasses import dataclass

from tieout.domain.money import Money
from tieout.domain.order import Channel
from tieout.domain.origin import Origin


@dataclass(frozen=True, slots=True)
class Listing:
    """One seller SKU on one marketplace, as Amazon's report tells it.

    `quantity` is what the seller says is in stock; None for FBA, where Amazon counts. `channel_told` and `status`
    are Amazon's own words ("DEFAULT", "AMAZON_EU"; "Active"). `price` is None where Amazon tells none.
    """

    marketplace: str
    seller_sku: str
    asin: str
    listing_id: str
    title: str
    price: Money | None
    quantity: int | None
    channel: Channel
    channel_told: str
    status: str
    condition: str
    opened: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """What of one seller SKU is in Amazon's warehouses, or on its way there, in pieces."""

    marketplace: str
    seller_sku: str
    fnsku: str
    asin: str
    condition: str
    fulfillable: int
    reserved: int
    unfulfillable: int
    researching: int
    inbound: int
    total: int
