"""The Orders API, version 0: orders without their lines, and lines an order at a time.

Source: the model `ordersV0.json`. Item prices are for the whole quantity, and hold VAT where buyers see it inside
the price; an order that is Pending has no total. Nobody's name or street is in it: the seller is a practice one.
"""

from tieout.practice.amazon.order_search import OrderQuery, find, query_of_token, read_window, window_doc
from tieout.practice.amazon.seller import ORDERS, Seller
from tieout.practice.amazon.wire import Answer, Doc, Request, invalid_input, iso, not_found
from tieout.practice.shop.flat_file import amount_text
from tieout.practice.shop.order_report import seen, ship_to
from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.records import DAY_S, Channel, Order, OrderKind, OrderLine

_STATUSES = (
    *("PendingAvailability", "Pending", "Unshipped", "PartiallyShipped", "Shipped"),
    *("InvoiceUnconfirmed", "Canceled", "Unfulfillable"),
)
_CHANNELS = {"AFN": Channel.FBA, "MFN": Channel.FBM}
_LISTING = "orders-v0"
_IDS_MAX = 50


def get_orders(seller: Seller, request: Request) -> Answer:
    """getOrders."""
    seller.need(ORDERS)
    marketplace_ids = request.many("MarketplaceIds", at_most=_IDS_MAX)
    if not marketplace_ids:
        raise invalid_input("MarketplaceIds is missing.")
    order_ids = request.many("AmazonOrderIds", at_most=_IDS_MAX)
    if order_ids:
        known = [order for order in map(seller.shop.order, order_ids) if order is not None]
        docs = [_order(order, request) for order in known if order.purchased_s <= request.now_s]
        return Answer({"payload": {"Orders": docs}})
    if token := request.one("NextToken"):
        query = query_of_token(_LISTING, token, request.now_s, "NextToken")
    else:
        query = OrderQuery(
            window=read_window(request, ("CreatedAfter", "CreatedBefore", "LastUpdatedAfter", "LastUpdatedBefore")),
            marketplace_ids=marketplace_ids,
            statuses=request.many("OrderStatuses", among=_STATUSES),
            channels=tuple(_CHANNELS[name] for name in request.many("FulfillmentChannels", among=_CHANNELS)),
            page_size=request.number("MaxResultsPerPage", default=100, low=1, high=100),
        )
    orders, rest = find(seller, query, request.now_s)
    payload: Doc = {"Orders": [_order(order, request) for order in orders]}
    payload |= window_doc(query.window, "LastUpdatedBefore", "CreatedBefore")
    if rest is not None:
        payload["NextToken"] = query.token(_LISTING, rest, request.now_s)
    return Answer({"payload": payload})


def get_order(seller: Seller, request: Request) -> Answer:
    """getOrder."""
    return Answer({"payload": _order(_known(seller, request), request)})


def get_order_items(seller: Seller, request: Request) -> Answer:
    """getOrderItems; an order of the practice seller has too few lines for a second page."""
    order = _known(seller, request)
    priced = order.status_at(request.now_s) not in ("Pending", "Canceled")
    items = [_item(order, line, priced, request) for line in order.lines]
    return Answer({"payload": {"AmazonOrderId": order.order_id, "OrderItems": items}})


def get_order_address(seller: Seller, request: Request) -> Answer:
    """getOrderAddress: the town only; the practice seller's buyers live in no street."""
    order = _known(seller, request)
    return Answer({"payload": {"AmazonOrderId": order.order_id, "ShippingAddress": _address(order)}})


def get_order_buyer_info(seller: Seller, request: Request) -> Answer:
    """getOrderBuyerInfo: buyers have no names here."""
    return Answer({"payload": {"AmazonOrderId": _known(seller, request).order_id}})


def _known(seller: Seller, request: Request) -> Order:
    seller.need(ORDERS)
    order = seller.shop.order(request.parts[0])
    if order is None or order.purchased_s > request.now_s:
        raise not_found(f"Order {request.parts[0]} was not found.")
    return order


def _money(place: Place, minor: int) -> Doc:
    return {"CurrencyCode": place.market.currency, "Amount": amount_text(minor, ".")}


def _order(order: Order, request: Request) -> Doc:
    place, status = order.place, order.status_at(request.now_s)
    units = sum(line.quantity for line in order.lines)
    multi_channel = order.kind is OrderKind.MULTI_CHANNEL
    service = "Expedited" if order.index % 4 == 0 else "Standard"
    doc: Doc = {
        "AmazonOrderId": order.order_id,
        "SellerOrderId": order.merchant_order_id,
        "PurchaseDate": iso(order.purchased_s),
        "LastUpdateDate": iso(order.last_updated_s(request.now_s)),
        "OrderStatus": status,
        "FulfillmentChannel": "AFN" if order.channel is Channel.FBA else "MFN",
        "SalesChannel": place.non_amazon if multi_channel else place.market.name,
        "ShipServiceLevel": service,
        "ShipmentServiceLevelCategory": service,
        "NumberOfItemsShipped": units if status == "Shipped" else 0,
        "NumberOfItemsUnshipped": units if status in ("Unshipped", "Pending") else 0,
        "PaymentMethod": "Other",
        "PaymentMethodDetails": ["Standard"],
        "MarketplaceId": place.market.marketplace_id,
        "OrderType": "StandardOrder",
        "IsBusinessOrder": order.business,
        "IsPrime": False,
        "IsPremiumOrder": False,
        "IsGlobalExpressEnabled": False,
        "IsReplacementOrder": order.kind is OrderKind.REPLACEMENT,
        "IsSoldByAB": False,
        "IsISPU": False,
        "IsAccessPointOrder": False,
        "HasRegulatedItems": False,
    }
    if order.replaces:
        doc["ReplacedOrderId"] = order.replaces
    if order.channel is Channel.FBM:
        doc["EarliestShipDate"] = iso(order.authorised_s)
        doc["LatestShipDate"] = iso(order.authorised_s + 3 * DAY_S)
    if status in ("Unshipped", "Shipped"):
        doc["OrderTotal"] = _money(place, order.paid)
        doc["ShippingAddress"] = _address(order)
    return doc


def _address(order: Order) -> Doc:
    town, state, post_code = ship_to(order)
    address = {"City": town, "PostalCode": post_code, "CountryCode": order.place.market.country}
    return {**address, "StateOrRegion": state} if state else address


def _item(order: Order, line: OrderLine, priced: bool, request: Request) -> Doc:
    place = order.place
    shipped = order.status_at(request.now_s) == "Shipped"
    doc: Doc = {
        "ASIN": line.product.asin,
        "SellerSKU": line.product.sku,
        "OrderItemId": line.item_id,
        "Title": line.product.title,
        "QuantityOrdered": line.quantity,
        "QuantityShipped": line.quantity if shipped else 0,
        "ProductInfo": {"NumberOfItems": "1"},
        "IsGift": "true" if line.gift_wrap else "false",
        "ConditionId": "New",
        "ConditionSubtypeId": "New",
        "IsTransparency": False,
    }
    if order.business:
        doc["PriceDesignation"] = "BusinessPrice"
    if not priced:
        return doc
    doc |= _amounts(place, line)
    promotions = [name for name in (line.promotion_id, line.shipping_promotion_id) if name]
    if promotions:
        doc["PromotionIds"] = promotions
    if order.withheld and place.tax_mode is TaxMode.FACILITATED:
        doc["TaxCollection"] = {"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."}
    elif order.withheld and place.tax_mode is TaxMode.WITHHELD:
        doc["DeemedResellerCategory"] = "UOSS"
    return doc


def _amounts(place: Place, line: OrderLine) -> Doc:
    doc: Doc = {
        "ItemPrice": _money(place, seen(place, line.price, line.tax)),
        "ItemTax": _money(place, line.tax),
        "PromotionDiscount": _money(place, seen(place, line.discount, line.discount_tax)),
        "PromotionDiscountTax": _money(place, line.discount_tax),
    }
    if line.shipping:
        doc["ShippingPrice"] = _money(place, seen(place, line.shipping, line.shipping_tax))
        doc["ShippingTax"] = _money(place, line.shipping_tax)
        doc["ShippingDiscount"] = _money(place, seen(place, line.shipping_discount, line.shipping_discount_tax))
        doc["ShippingDiscountTax"] = _money(place, line.shipping_discount_tax)
    if line.gift_wrap:
        doc["BuyerInfo"] = {
            "GiftWrapPrice": _money(place, seen(place, line.gift_wrap, line.gift_wrap_tax)),
            "GiftWrapTax": _money(place, line.gift_wrap_tax),
        }
    return doc
