"""The Listings Items API, 2021-08-01: get, search, patch, put and delete.

Source: the model `listingsItems_2021-08-01.json`. ACCEPTED means that a change was taken in, not that it is through:
that shows when the listing is read again. A quantity sent for a product that Amazon stocks is taken in too, and
adds a second channel beside Amazon's (selling-partner-api-models issue 2633): that mistake is possible here as well.
"""

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

from tieout.practice.amazon.listing_docs import listing_doc
from tieout.practice.amazon.listing_store import current_listing, find_listing, initial_attributes, keep_change
from tieout.practice.amazon.page_tokens import page_token, read_page_token
from tieout.practice.amazon.patching import attribute_name
from tieout.practice.amazon.seller import LISTINGS, Seller
from tieout.practice.amazon.wire import Answer, Doc, Request, denied, invalid_input, not_found
from tieout.practice.shop.catalogue import Listing

INCLUDED = (
    *("summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement"),
    *("relationships", "productTypes"),
)
OPERATIONS = ("add", "replace", "merge", "delete")
PRODUCT_TYPE = "HOME"
_PAGES = "listings"
_ATTRIBUTES_INVALID = "90000900"
_REQUIRED = "90220"


def get_listings_item(seller: Seller, request: Request) -> Answer:
    """getListingsItem."""
    marketplace_ids = _checked(seller, request)
    included = request.many("includedData", among=INCLUDED) or ("summaries",)
    found = [find_listing(seller, each, request.parts[1]) for each in marketplace_ids]
    present = [current_listing(seller, listing, request.now_s) for listing in found if listing is not None]
    if not present:
        raise not_found(f"SKU '{request.parts[1]}' not found in marketplace {marketplace_ids[0]}")
    return Answer(listing_doc(present, included))


def search_listings_items(seller: Seller, request: Request) -> Answer:
    """searchListingsItems: by SKU, or all of them."""
    marketplace_ids = _checked(seller, request)
    included = request.many("includedData", among=INCLUDED) or ("summaries",)
    size = request.number("pageSize", default=10, low=1, high=20)
    identifiers = request.many("identifiers", at_most=20)
    kind = request.one("identifiersType")
    if bool(identifiers) != bool(kind):
        raise invalid_input("identifiers and identifiersType must be given together.")
    if kind not in ("", "SKU", "ASIN", "FNSKU"):
        raise invalid_input(f"identifiersType {kind} finds nothing at the practice seller.")
    skus = [one.product.sku for one in _matching(seller, marketplace_ids[0], kind, identifiers)]
    token = request.one("pageToken")
    start = read_page_token(_PAGES, token, "pageToken")["from"] if token else 0
    items = []
    for sku in skus[start : start + size]:
        found = [find_listing(seller, each, sku) for each in marketplace_ids]
        present = [current_listing(seller, listing, request.now_s) for listing in found if listing is not None]
        items.append(listing_doc(present, included))
    pagination = {}
    if start + size < len(skus):
        pagination["nextToken"] = page_token(_PAGES, {"from": start + size})
    if start:
        pagination["previousToken"] = page_token(_PAGES, {"from": max(0, start - size)})
    body: Doc = {"numberOfResults": len(skus), "items": items}
    return Answer({**body, "pagination": pagination} if pagination else body)


def _matching(seller: Seller, marketplace_id: str, kind: str, identifiers: tuple[str, ...]) -> Iterator[Listing]:
    account = seller.account(marketplace_id)
    assert account is not None
    for listing in seller.shop.listings(account.place.market.country):
        product = listing.product
        value = {"": "", "SKU": product.sku, "ASIN": product.asin, "FNSKU": product.fnsku}[kind]
        if not kind or value in identifiers:
            yield listing


def patch_listings_item(seller: Seller, request: Request) -> Answer:
    """patchListingsItem."""
    marketplace_ids = _checked(seller, request)
    body = request.json()
    patches = body.get("patches")
    if not isinstance(body.get("productType"), str) or not isinstance(patches, list) or not patches:
        raise invalid_input("productType and patches are required.")
    return _submit(seller, request, marketplace_ids, checked_patches(patches))


def put_listings_item(seller: Seller, request: Request) -> Answer:
    """putListingsItem: the attributes given take the place of all there are."""
    marketplace_ids = _checked(seller, request)
    body = request.json()
    attributes = body.get("attributes")
    if not isinstance(body.get("productType"), str) or not isinstance(attributes, dict) or not attributes:
        raise invalid_input("productType and attributes are required.")
    return _submit(
        seller, request, marketplace_ids, full_update(seller, marketplace_ids, request.parts[1], attributes)
    )


def delete_listings_item(seller: Seller, request: Request) -> Answer:
    """deleteListingsItem: everything that makes it an offer goes."""
    marketplace_ids = _checked(seller, request)
    return _submit(seller, request, marketplace_ids, deletion())


def deletion() -> list[Doc]:
    """The patches that take an offer away."""
    return [
        {"op": "delete", "path": f"/attributes/{name}"} for name in ("purchasable_offer", "fulfillment_availability")
    ]


def full_update(seller: Seller, marketplace_ids: tuple[str, ...], sku: str, attributes: Doc) -> list[Doc]:
    """The patches that leave a listing with the given attributes only."""
    listing = find_listing(seller, marketplace_ids[0], sku)
    present = initial_attributes(listing) if listing else {}
    gone: list[Doc] = [{"op": "delete", "path": f"/attributes/{name}"} for name in present if name not in attributes]
    return gone + [
        {"op": "replace", "path": f"/attributes/{name}", "value": given} for name, given in attributes.items()
    ]


def checked_patches(patches: list[Doc]) -> list[Doc]:
    """The patches, if they have the form Amazon takes; InvalidInput if not."""
    for patch in patches:
        if not isinstance(patch, dict) or patch.get("op") not in OPERATIONS:
            raise invalid_input("Invalid op provided in patch.")
        if attribute_name(patch.get("path")) is None:
            raise invalid_input("Invalid path provided in patch.", str(patch.get("path")))
        value = patch.get("value")
        objects = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        if not objects and not (patch["op"] == "delete" and value is None):
            raise invalid_input("Invalid value provided in patch: an array of objects is required.")
    return patches


def _checked(seller: Seller, request: Request) -> tuple[str, ...]:
    seller.need(LISTINGS)
    if request.parts[0] != seller.seller_id:
        raise denied()
    marketplace_ids = request.many("marketplaceIds")
    if not marketplace_ids:
        raise invalid_input("marketplaceIds is missing.")
    seller.chosen(marketplace_ids)
    return marketplace_ids


def _submit(seller: Seller, request: Request, marketplace_ids: tuple[str, ...], patches: list[Doc]) -> Answer:
    preview = request.one("mode")
    if preview not in ("", "VALIDATION_PREVIEW"):
        raise invalid_input(f"Invalid value for mode: {preview}.")
    sku = request.parts[1]
    issues = [
        issue for each in marketplace_ids for issue in take_patches(seller, each, sku, patches, request, preview)
    ]
    good = "VALID" if preview else "ACCEPTED"
    doc: Doc = {"sku": sku, "status": "INVALID" if issues else good, "submissionId": uuid4().hex, "issues": issues}
    if "identifiers" in request.many("includedData", among=("identifiers", "issues")):
        found = [(each, find_listing(seller, each, sku)) for each in marketplace_ids]
        doc["identifiers"] = [{"marketplaceId": each, "asin": one.product.asin} for each, one in found if one]
    return Answer(doc)


def take_patches(
    seller: Seller, marketplace_id: str, sku: str, patches: list[Doc], request: Request, preview: str = ""
) -> list[Doc]:
    """Take patches of one listing in, unless this is a preview; or the issues that forbid it."""
    listing = find_listing(seller, marketplace_id, sku)
    if listing is None:
        return [_issue(_REQUIRED, "'item_name' is required but not supplied.", "item_name", "MISSING_ATTRIBUTE")]
    issues = [issue for patch in patches for issue in _issues(listing, patch)]
    if not issues and not preview:
        keep_change(seller, listing, patches, request.now_s)
    return issues


def _issues(listing: Listing, patch: Doc) -> Iterator[Doc]:
    name = attribute_name(patch["path"])
    if patch["op"] == "delete":
        return
    for instance in patch["value"]:
        market = listing.place.market
        if instance.get("marketplace_id", market.marketplace_id) != market.marketplace_id:
            yield _issue(_ATTRIBUTES_INVALID, "The marketplace is not the one of the request.", str(name))
        if name == "purchasable_offer":
            if instance.get("currency", market.currency) != market.currency:
                yield _issue(_ATTRIBUTES_INVALID, f"The currency must be {market.currency}.", name, "INVALID_PRICE")
            if not all(price > 0 for price in _prices(instance)):
                yield _issue(_ATTRIBUTES_INVALID, "A price must be greater than zero.", name, "INVALID_PRICE")
        if name == "fulfillment_availability":
            quantity = instance.get("quantity", 0)
            if not isinstance(quantity, int) or quantity < 0:
                yield _issue(_ATTRIBUTES_INVALID, "'quantity' must be a whole number, zero or more.", name)


def _prices(instance: Doc) -> Iterator[Decimal]:
    for part in instance.get("our_price", ()):
        for scheduled in part.get("schedule", ()):
            value = scheduled.get("value_with_tax")
            yield Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(0)


def _issue(code: str, message: str, attribute: str, category: str = "INVALID_ATTRIBUTE") -> Doc:
    return {
        "code": code,
        "message": message,
        "severity": "ERROR",
        "attributeNames": [attribute],
        "categories": [category],
    }
