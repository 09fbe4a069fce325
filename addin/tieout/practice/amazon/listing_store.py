"""The listings as they stand: the shop's, and on top of them what was changed by patches that are through.

A patch that Amazon accepts is applied some time later; until then a listing reads as it did before. The attributes
have the shape of Amazon's product type definitions: arrays of instances, told apart by their selectors.
"""

from dataclasses import dataclass
from decimal import Decimal

from tieout.practice.amazon.patching import apply_patches
from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.wire import Doc
from tieout.practice.shop.catalogue import Listing
from tieout.practice.shop.records import Channel

APPLIED_AFTER_S = 3
_KIND = "listing"
_PLACES = 2


@dataclass(frozen=True, slots=True)
class PresentListing:
    """A listing at a moment: its attributes, and what buyers get of them."""

    listing: Listing
    attributes: Doc
    updated_s: int

    @property
    def price_minor(self) -> int:
        """The consumer price in minor units; 0 where there is none."""
        return _minor(_price(_instance(self.attributes, "purchasable_offer", audience="ALL"), "our_price"))

    @property
    def business_minor(self) -> int:
        """The business price in minor units; 0 where there is none."""
        return _minor(_price(_instance(self.attributes, "purchasable_offer", audience="B2B"), "our_price"))

    @property
    def bounds_minor(self) -> tuple[int, int]:
        """The seller's own lowest and highest price in minor units; 0 where there is none."""
        offer = _instance(self.attributes, "purchasable_offer", audience="ALL")
        low, high = (_price(offer, f"{name}_seller_allowed_price") for name in ("minimum", "maximum"))
        return _minor(low), _minor(high)

    @property
    def quantity(self) -> int | None:
        """What the seller has to send; None where only Amazon sends."""
        stock = _instance(self.attributes, "fulfillment_availability", fulfillment_channel_code="DEFAULT")
        quantity = stock.get("quantity")
        return int(quantity) if quantity is not None else None

    @property
    def priced_wrong(self) -> bool:
        """Whether the price is outside the seller's own bounds: Amazon takes such an offer down."""
        low, high = self.bounds_minor
        price = self.price_minor
        return price > 0 and ((low > 0 and price < low) or (high > 0 and price > high))

    @property
    def buyable(self) -> bool:
        """Whether buyers can buy it."""
        stocked = self.listing.product.channel is Channel.FBA or bool(self.quantity)
        return self.listing.active and stocked and self.price_minor > 0 and not self.priced_wrong


def _instance(attributes: Doc, name: str, **selectors: str) -> Doc:
    for instance in attributes.get(name, ()):
        if all(instance.get(key, "ALL" if key == "audience" else None) == value for key, value in selectors.items()):
            return dict(instance)
    return {}


def _price(offer: Doc, name: str) -> Decimal:
    try:
        return Decimal(offer[name][0]["schedule"][0]["value_with_tax"])
    except (KeyError, IndexError, TypeError):
        return Decimal(0)


def _minor(amount: Decimal) -> int:
    return int(amount.scaleb(_PLACES))


def number(minor: int) -> Decimal:
    """An amount of a two-place currency as a JSON number with its two places."""
    return Decimal(minor).scaleb(-_PLACES)


def current_listing(seller: Seller, listing: Listing, now_s: int) -> PresentListing:
    """The listing at a moment."""
    kept = seller.state.get(_KIND, _key(listing))
    attributes, updated = initial_attributes(listing), int(seller.shop.now.timestamp()) - 86_400
    for change in kept["changes"] if kept else ():
        if change["at"] > now_s:
            break
        attributes, updated = apply_patches(attributes, change["patches"]), change["at"]
    return PresentListing(listing, attributes, updated)


def find_listing(seller: Seller, marketplace_id: str, sku: str) -> Listing | None:
    """The shop's listing of a SKU in a marketplace; None if there is none."""
    account = seller.account(marketplace_id)
    return None if account is None else seller.shop.listing(account.place.market.country, sku)


def keep_change(seller: Seller, listing: Listing, patches: list[Doc], now_s: int) -> None:
    """Remember patches that will be applied a little later."""
    with seller.state.lock:
        kept = seller.state.get(_KIND, _key(listing)) or {"changes": []}
        kept["changes"].append({"at": now_s + APPLIED_AFTER_S, "patches": patches})
        seller.state.put(_KIND, _key(listing), kept)


def _key(listing: Listing) -> str:
    return f"{listing.place.market.marketplace_id}|{listing.product.sku}"


def initial_attributes(listing: Listing) -> Doc:
    """A listing's attributes before anyone changes them."""
    place, product = listing.place, listing.product
    marketplace_id, currency = place.market.marketplace_id, place.market.currency
    attributes: Doc = {
        "item_name": [{"value": product.title, "language_tag": place.language, "marketplace_id": marketplace_id}],
        "condition_type": [{"value": "new_new", "marketplace_id": marketplace_id}],
        "list_price": [
            {"currency": currency, "value_with_tax": number(listing.price), "marketplace_id": marketplace_id}
        ],
        "purchasable_offer": _offers(listing, marketplace_id, currency),
    }
    if product.channel is Channel.FBM:
        attributes["fulfillment_availability"] = [
            {
                "fulfillment_channel_code": "DEFAULT",
                "quantity": listing.quantity or 0,
                "lead_time_to_ship_max_days": listing.lead_days,
            }
        ]
        attributes["merchant_shipping_group"] = [{"value": "legacy-template-id", "marketplace_id": marketplace_id}]
    else:
        attributes["fulfillment_availability"] = [{"fulfillment_channel_code": place.fba_code}]
    return attributes


def _offers(listing: Listing, marketplace_id: str, currency: str) -> list[Doc]:
    consumer: Doc = {"marketplace_id": marketplace_id, "currency": currency, "audience": "ALL"}
    consumer["our_price"] = _scheduled(listing.price)
    consumer["minimum_seller_allowed_price"] = _scheduled(listing.floor)
    consumer["maximum_seller_allowed_price"] = _scheduled(listing.ceiling)
    if listing.business_price is None:
        return [consumer]
    sale = {"start_at": "2026-01-01", "end_at": "2026-01-31", "value_with_tax": number(listing.floor)}
    consumer["discounted_price"] = [{"schedule": [sale]}]
    business: Doc = {"marketplace_id": marketplace_id, "currency": currency, "audience": "B2B"}
    return [consumer, {**business, "our_price": _scheduled(listing.business_price)}]


def _scheduled(minor: int) -> list[Doc]:
    return [{"schedule": [{"value_with_tax": number(minor)}]}]
