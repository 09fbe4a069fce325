"""What an order and its refund put into a settlement.

The order of the rows, the signs, and which rows stand beside which are those of real Flat File V2 settlements:
facilitated tax as a pair that nets to zero, the digital services fee, shipping that Amazon takes back as
ShippingChargeback or gives away as a promotion, refunds without quantity and with an adjustment id.
"""

from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.records import Channel, Entry, Event, Order, OrderKind, OrderLine

_COMMISSION_PER_MILLE = 150
_REFUND_COMMISSION_PER_MILLE = 200  # of the commission given back; 5.00 at most, in US terms
_UNIT_FEES = (322, 458, 584, 973)  # by size tier, in US cents


def share(amount: int, per_mille: int) -> int:
    """`per_mille` thousandths of a non-negative amount, half a unit up."""
    return (amount * per_mille + 500) // 1000


def unit_fee(place: Place, line: OrderLine) -> int:
    """Amazon's fulfilment fee of a line."""
    return _UNIT_FEES[line.product.tier] * place.scale // 100 * line.quantity


def commission(place: Place, line: OrderLine) -> int:
    """Amazon's commission on a line, VAT on it included: on the price, and on what shipping the seller keeps."""
    base = line.price + line.tax - line.discount - line.discount_tax
    if line.product.channel is Channel.FBM:
        base += line.shipping + line.shipping_tax + line.gift_wrap + line.gift_wrap_tax
    if not place.gross_prices:
        base -= line.tax + line.shipping_tax * (line.product.channel is Channel.FBM)
    return share(share(base, _COMMISSION_PER_MILLE), 1000 + place.fee_vat_per_mille)


def sale_events(order: Order) -> tuple[Event, ...]:
    """The rows of an order's sale, an event a line; none for an order that is never paid."""
    if order.posted_s is None:
        return ()
    place = order.place
    multi_channel = order.kind is OrderKind.MULTI_CHANNEL
    return tuple(
        Event(
            transaction_type="Order",
            posted_s=order.posted_s,
            entries=_fee_only(place, line) if multi_channel else _sale_entries(place, order, line),
            order_id=order.order_id,
            merchant_order_id=order.merchant_order_id,
            shipment_id=order.shipment_id,
            marketplace_name=place.non_amazon if multi_channel else place.market.name,
            fulfillment="AFN" if order.channel is Channel.FBA else "MFN",
            item_id=line.item_id,
            merchant_item_id=line.product.sku if multi_channel else "",
            sku=line.product.sku,
            quantity=str(line.quantity),
        )
        for line in order.lines
    )


def _fee_only(place: Place, line: OrderLine) -> tuple[Entry, ...]:
    fee = unit_fee(place, line) * 2
    return (("ItemPrice", "Principal", 0, ""), ("ItemFees", "FBAPerUnitFulfillmentFee", -fee, ""))


def _sale_entries(place: Place, order: Order, line: OrderLine) -> tuple[Entry, ...]:
    entries = [*_price_entries(line), *_withheld_entries(place, order, line, -1)]
    fba = line.product.channel is Channel.FBA
    fee = unit_fee(place, line) if fba else 0
    if fba:
        entries.append(("ItemFees", "FBAPerUnitFulfillmentFee", -fee, ""))
    cut = commission(place, line)
    entries.append(("ItemFees", "Commission", -cut, ""))
    if fba and line.shipping and not line.shipping_discount:
        taken = line.shipping + (line.shipping_tax if place.tax_mode is TaxMode.SELLER else 0)
        entries.append(("ItemFees", "ShippingChargeback", -taken, ""))
    if place.services_fee_per_mille:
        entries.append(("ItemFees", "DigitalServicesFee", -share(cut + fee, place.services_fee_per_mille), ""))
    entries.extend(_promotion_entries(line, -1))
    return tuple(entries)


def _price_entries(line: OrderLine) -> list[Entry]:
    entries: list[Entry] = [("ItemPrice", "Principal", line.price, "")]
    for description, amount in (
        ("Tax", line.tax),
        ("Shipping", line.shipping),
        ("ShippingTax", line.shipping_tax),
        ("GiftWrap", line.gift_wrap),
        ("GiftWrapTax", line.gift_wrap_tax),
    ):
        if amount:
            entries.append(("ItemPrice", description, amount, ""))
    return entries


def _withheld_entries(place: Place, order: Order, line: OrderLine, sign: int) -> list[Entry]:
    if not order.withheld:
        return []
    on_goods = (line.tax - line.discount_tax) * sign
    on_shipping = (line.shipping_tax - line.shipping_discount_tax) * sign
    if place.tax_mode is TaxMode.FACILITATED:
        entries: list[Entry] = [("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", on_goods, "")]
        if on_shipping:
            entries.append(("ItemWithheldTax", "MarketplaceFacilitatorTax-Shipping", on_shipping, ""))
        return entries
    return [
        ("ItemWithheldTax", "MarketplaceFacilitatorVAT-Shipping", on_shipping, ""),
        ("ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal", on_goods, ""),
    ]


def _promotion_entries(line: OrderLine, sign: int) -> list[Entry]:
    entries: list[Entry] = []
    for description, amount, tax, promotion in (
        ("Principal", line.discount, line.discount_tax, line.promotion_id),
        ("Shipping", line.shipping_discount, line.shipping_discount_tax, line.shipping_promotion_id),
    ):
        if amount:
            entries.append(("Promotion", description, amount * sign, promotion))
        if tax:
            entries.append(("Promotion", "TaxDiscount", tax * sign, promotion))
    return entries


def refund_event(order: Order) -> Event | None:
    """The rows of an order's refund: its first line given back, the commission too, less Amazon's share of it."""
    refund = order.refund
    if refund is None:
        return None
    place, line = order.place, order.lines[0]
    cut = commission(place, line)
    kept = min(share(cut, _REFUND_COMMISSION_PER_MILLE), 500 * place.scale // 100)
    entries: list[Entry] = [(kind, what, -amount, "") for kind, what, amount, _ in reversed(_price_entries(line))]
    if refund.restocking:
        entries.append(("ItemPrice", "RestockingFee", refund.restocking, ""))
    entries.extend(_withheld_entries(place, order, line, 1))
    entries.append(("ItemFees", "Commission", cut, ""))
    entries.append(("ItemFees", "RefundCommission", -kept, ""))
    if line.product.channel is Channel.FBA and line.shipping and not line.shipping_discount:
        taken = line.shipping + (line.shipping_tax if place.tax_mode is TaxMode.SELLER else 0)
        entries.append(("ItemFees", "ShippingChargeback", taken, ""))
    if place.services_fee_per_mille:
        entries.append(("ItemFees", "DigitalServicesFee", share(cut, place.services_fee_per_mille), ""))
    entries.extend(_promotion_entries(line, 1))
    return Event(
        transaction_type="Refund",
        posted_s=refund.posted_s,
        entries=tuple(entries),
        order_id=order.order_id,
        merchant_order_id=order.merchant_order_id,
        adjustment_id=refund.adjustment_id,
        marketplace_name=place.market.name,
        fulfillment="AFN" if order.channel is Channel.FBA else "MFN",
        item_id=line.item_id,
        adjustment_item_id=refund.adjustment_item_id,
        sku=line.product.sku,
    )
