"""The Orders API, version 2026-01-01: orders with their lines, a hundred to a page.

Source: the model `orders_2026-01-01.json`. What is not asked for by `includedData` is left out; buyers and
recipients come back empty, as they do for an application without the role for them. In `proceeds` the amounts are
without tax and TAX stands beside them, so that the breakdowns add up to the total; `unitPrice` is what buyers saw.
"""

from tieout.practice.amazon.order_search import OrderQuery, find, query_of_token, read_window, window_doc
from tieout.practice.amazon.seller import ORDERS, Seller
from tieout.practice.amazon.wire import Answer, Doc, Request, iso, not_found
from tieout.practice.shop.flat_file import amount_text
from tieout.practice.shop.order_report import seen
from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.records import DAY_S, Channel, Order, OrderKind, OrderLine

INCLUDED = (
    *("BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX"),
    *("PAYMENT", "FULFILLMENT_ORDERS"),
)
_STATUSES = {
    "PENDING_AVAILABILITY": "PendingAvailability",
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
    "UNFULFILLABLE": "Unfulfillable",
}
_NAMES = {old: new for new, old in _STATUSES.items()}
_CHANNELS = {"AMAZON": Channel.FBA, "MERCHANT": Channel.FBM}
_LISTING = "orders-2026"
_MARKETPLACES_MAX = 50


def search_orders(seller: Seller, request: Request) -> Answer:
    """searchOrders."""
    seller.need(ORDERS)
    included = request.many("includedData", among=INCLUDED)
    if token := request.one("paginationToken"):
        query = query_of_token(_LISTING, token, request.now_s, "paginationToken")
    else:
        query = OrderQuery(
            window=read_window(request, ("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore")),
            marketplace_ids=request.many("marketplaceIds", at_most=_MARKETPLACES_MAX),
            statuses=tuple(_STATUSES[name] for name in request.many("fulfillmentStatuses", among=_STATUSES)),
            channels=tuple(_CHANNELS[name] for name in request.many("fulfilledBy", among=_CHANNELS)),
            page_size=request.number("maxResultsPerPage", default=100, low=1, high=100),
        )
    orders, rest = find(seller, query, request.now_s)
    body: Doc = {"orders": [_order(order, included, request.now_s) for order in orders]}
    if rest is not None:
        body["pagination"] = {"nextToken": query.token(_LISTING, rest, request.now_s)}
    return Answer(body | window_doc(query.window, "lastUpdatedBefore", "createdBefore"))


def get_order(seller: Seller, request: Request) -> Answer:
    """getOrder."""
    seller.need(ORDERS)
    included = request.many("includedData", among=INCLUDED)
    order = seller.shop.order(request.parts[0])
    if order is None or order.purchased_s > request.now_s:
        raise not_found(f"Order {request.parts[0]} was not found.")
    return Answer({"order": _order(order, included, request.now_s)})


def _money(place: Place, minor: int) -> Doc:
    return {"amount": amount_text(minor, "."), "currencyCode": place.market.currency}


def _order(order: Order, included: tuple[str, ...], now_s: int) -> Doc:
    place, status = order.place, order.status_at(now_s)
    priced = status not in ("Pending", "Canceled")
    multi_channel = order.kind is OrderKind.MULTI_CHANNEL
    doc: Doc = {
        "orderId": order.order_id,
        "createdTime": iso(order.purchased_s),
        "lastUpdatedTime": iso(order.last_updated_s(now_s)),
        "salesChannel": {
            "channelName": "NON_AMAZON" if multi_channel else "AMAZON",
            "marketplaceId": place.market.marketplace_id,
            "marketplaceName": place.non_amazon if multi_channel else place.market.name,
        },
        "fulfillment": _fulfillment(order, status),
        "orderItems": [_item(order, line, included, priced=priced, status=status) for line in order.lines],
    }
    if multi_channel:
        doc["orderAliases"] = [{"aliasId": order.merchant_order_id, "aliasType": "SELLER_ORDER_ID"}]
    if order.business:
        doc["programs"] = ["AMAZON_BUSINESS"]
    if order.replaces:
        doc["associatedOrders"] = [{"orderId": order.replaces, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    if "PROCEEDS" in included and priced:
        totals = [_breakdowns(line) for line in order.lines]
        summed = {name: sum(total.get(name, 0) for total in totals) for name in _TYPES}
        doc["proceeds"] = {"grandTotal": _money(place, order.paid), "breakdowns": _listed(place, summed)}
    if "PACKAGES" in included and order.channel is Channel.FBM and status == "Shipped":
        doc["packages"] = [_package(order, now_s)]
    return doc


def _fulfillment(order: Order, status: str) -> Doc:
    doc: Doc = {
        "fulfillmentStatus": _NAMES[status],
        "fulfilledBy": "AMAZON" if order.channel is Channel.FBA else "MERCHANT",
        "fulfillmentServiceLevel": "EXPEDITED" if order.index % 4 == 0 else "STANDARD",
    }
    if order.channel is Channel.FBM:
        doc["shipByWindow"] = {
            "earliestDateTime": iso(order.authorised_s),
            "latestDateTime": iso(order.authorised_s + 3 * DAY_S),
        }
    return doc


def _item(order: Order, line: OrderLine, included: tuple[str, ...], *, priced: bool, status: str) -> Doc:
    place = order.place
    product: Doc = {
        "asin": line.product.asin,
        "title": line.product.title,
        "sellerSku": line.product.sku,
        "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
    }
    if priced:
        product["price"] = {"unitPrice": _money(place, seen(place, line.price, line.tax) // line.quantity)}
        if order.business:
            product["price"]["priceDesignation"] = "BUSINESS_PRICE"
    doc: Doc = {"orderItemId": line.item_id, "quantityOrdered": line.quantity, "product": product}
    if "PROCEEDS" in included and priced:
        doc["proceeds"] = {
            "proceedsTotal": _money(place, line.paid),
            "breakdowns": _listed(place, _breakdowns(line)),
        }
    promotions = [name for name in (line.promotion_id, line.shipping_promotion_id) if name]
    if "PROMOTION" in included and promotions:
        doc["promotion"] = {"breakdowns": [{"promotionId": name} for name in promotions]}
    if "FULFILLMENT" in included:
        done = line.quantity if status == "Shipped" else 0
        left = 0 if status == "Canceled" else line.quantity - done
        doc["fulfillment"] = {"quantityFulfilled": done, "quantityUnfulfilled": left}
    if "CANCELLATION" in included and status == "Canceled":
        doc["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "No longer wanted"}}
    if "TAX" in included and order.withheld and place.tax_mode is TaxMode.FACILITATED:
        collected = {"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}
        doc["tax"] = {"taxCollections": [collected]}
    return doc


_TYPES = ("ITEM", "SHIPPING", "GIFT_WRAP", "TAX", "DISCOUNT")


def _breakdowns(line: OrderLine) -> dict[str, int]:
    """The parts of what a line brings, in minor units; they add up to what the buyer paid."""
    return {
        "ITEM": line.price,
        "SHIPPING": line.shipping,
        "GIFT_WRAP": line.gift_wrap,
        "TAX": line.tax + line.shipping_tax + line.gift_wrap_tax - line.discount_tax - line.shipping_discount_tax,
        "DISCOUNT": -line.discount - line.shipping_discount,
    }


def _listed(place: Place, parts: dict[str, int]) -> list[Doc]:
    return [
        {"type": name, "subtotal": _money(place, minor)} for name, minor in parts.items() if minor or name == "ITEM"
    ]


def _package(order: Order, now_s: int) -> Doc:
    assert order.shipped_s is not None
    assert order.delivered_s is not None
    return {
        "packageReferenceId": "1",
        "createdTime": iso(order.shipped_s),
        "packageStatus": {"status": "DELIVERED" if now_s >= order.delivered_s else "IN_TRANSIT"},
        "carrier": "Practice Post",
        "shipTime": iso(order.shipped_s),
        "trackingNumber": f"PP{order.lines[0].item_id}",
        "packageItems": [{"orderItemId": line.item_id, "quantity": line.quantity} for line in order.lines],
    }
