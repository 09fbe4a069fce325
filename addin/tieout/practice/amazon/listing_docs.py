"""A listing as the Listings Items API tells it, with the parts that were asked for."""

from collections.abc import Sequence

from tieout.practice.amazon.listing_store import PresentListing
from tieout.practice.amazon.wire import Doc, iso
from tieout.practice.shop.flat_file import amount_text
from tieout.practice.shop.records import Channel

PRODUCT_TYPE = "HOME"


def listing_doc(present: Sequence[PresentListing], included: Sequence[str]) -> Doc:
    """One SKU in one or more marketplaces; attributes and stock are those of the first."""
    first = present[0]
    parts: Doc = {
        "summaries": [_summary(one) for one in present],
        "attributes": first.attributes,
        "issues": [issue for one in present for issue in _issues(one)],
        "offers": [offer for one in present for offer in _offers(one)],
        "fulfillmentAvailability": [
            {
                "fulfillmentChannelCode": stock.get("fulfillment_channel_code", "DEFAULT"),
                **({"quantity": int(stock["quantity"])} if "quantity" in stock else {}),
            }
            for stock in first.attributes.get("fulfillment_availability", ())
        ],
        "relationships": [
            {"marketplaceId": one.listing.place.market.marketplace_id, "relationships": []} for one in present
        ],
        "productTypes": [
            {"marketplaceId": one.listing.place.market.marketplace_id, "productType": PRODUCT_TYPE} for one in present
        ],
    }
    return {"sku": first.listing.product.sku, **{name: parts[name] for name in included if name in parts}}


def _summary(present: PresentListing) -> Doc:
    product, place = present.listing.product, present.listing.place
    summary: Doc = {
        "marketplaceId": place.market.marketplace_id,
        "asin": product.asin,
        "productType": PRODUCT_TYPE,
        "conditionType": "new_new",
        "status": ["BUYABLE", "DISCOVERABLE"] if present.buyable else ["DISCOVERABLE"],
        "itemName": product.title,
        "createdDate": "2026-01-01T07:35:42Z",
        "lastUpdatedDate": iso(present.updated_s),
    }
    return {**summary, "fnSku": product.fnsku} if product.channel is Channel.FBA else summary


def _offers(present: PresentListing) -> list[Doc]:
    market = present.listing.place.market
    offers = (("B2C", "ALL", present.price_minor), ("B2B", "B2B", present.business_minor))
    return [
        {
            "marketplaceId": market.marketplace_id,
            "offerType": kind,
            "price": {"currencyCode": market.currency, "amount": amount_text(minor, ".")},
            "audience": {"value": audience},
        }
        for kind, audience, minor in offers
        if minor
    ]


def _issues(present: PresentListing) -> list[Doc]:
    if not present.priced_wrong:
        return []
    return [
        {
            "code": "90000901",
            "message": "The price is outside the minimum and maximum price you set: potential pricing error.",
            "severity": "ERROR",
            "attributeNames": ["purchasable_offer"],
            "categories": ["INVALID_PRICE"],
            "enforcements": {
                "actions": [{"action": "LISTING_SUPPRESSED"}],
                "exemption": {"status": "NOT_EXEMPT"},
            },
        }
    ]
