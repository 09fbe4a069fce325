"""The rows of Amazon's listings report of one marketplace (GET_MERCHANT_LISTINGS_ALL_DATA), tab separated.

Source: the report's columns as Amazon names them; quantity is blank for what Amazon stores and sends.
"""

from collections.abc import Iterable, Iterator

from tieout.practice.shop.catalogue import Listing
from tieout.practice.shop.flat_file import amount_text
from tieout.practice.shop.records import Channel

COLUMNS = (
    *("item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date", "image-url"),
    *("item-is-marketplace", "product-id-type", "zshop-shipping-fee", "item-note", "item-condition"),
    *("zshop-category1", "zshop-browse-path", "zshop-storefront-feature", "asin1", "asin2", "asin3"),
    *("will-ship-internationally", "expedited-shipping", "zshop-boldface", "product-id"),
    *("bid-for-featured-placement", "add-delete", "pending-quantity", "fulfillment-channel"),
    *("merchant-shipping-group", "status"),
)
_ASIN_TYPE = "1"
_NEW = "11"


def listing_lines(listings: Iterable[tuple[Listing, int, int | None]]) -> Iterator[str]:
    """The report's lines, the header first, of listings with their present price (minor units) and quantity."""
    yield "\t".join(COLUMNS) + "\n"
    for listing, price, quantity in listings:
        fields = _fields(listing, price, quantity)
        yield "\t".join([fields.get(column, "") for column in COLUMNS]) + "\n"


def _fields(listing: Listing, price: int, quantity: int | None) -> dict[str, str]:
    product, place = listing.product, listing.place
    zone = "PST" if place.market.region == "NA" else "GMT"
    return {
        "item-name": product.title,
        "item-description": f"{product.title}. Sold by the practice seller.",
        "listing-id": listing.listing_id,
        "seller-sku": product.sku,
        "price": amount_text(price, "."),
        "quantity": "" if quantity is None else str(quantity),
        "open-date": f"2026-01-{1 + product.number % 28:02d} 07:35:42 {zone}",
        "item-is-marketplace": "y",
        "product-id-type": _ASIN_TYPE,
        "item-condition": _NEW,
        "asin1": product.asin,
        "product-id": product.asin,
        "pending-quantity": "0" if product.channel is Channel.FBM else "",
        "fulfillment-channel": "DEFAULT" if product.channel is Channel.FBM else place.fba_code,
        "merchant-shipping-group": "Migrated Template" if product.channel is Channel.FBM else "",
        "status": "Active" if listing.active else "Inactive",
    }
