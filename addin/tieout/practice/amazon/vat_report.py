"""The VAT transactions report (GET_VAT_TRANSACTION_DATA): one row a sale or refund line, tab separated.

The column names are those of Amazon's report as sellers know it; a part of its ninety columns is left out. Who
answers for the VAT stands in TAX_COLLECTION_RESPONSIBILITY: the settlement file does not say it.
"""

from collections.abc import Iterator

from tieout.practice.amazon.order_search import Window, orders_in
from tieout.practice.amazon.report_request import Asked
from tieout.practice.amazon.seller import Seller
from tieout.practice.shop.account import Account
from tieout.practice.shop.flat_file import amount_text, date_text
from tieout.practice.shop.orders import REFUNDED_WITHIN_S
from tieout.practice.shop.records import Channel, Order, OrderKind, OrderLine, moment

COLUMNS = (
    *("UNIQUE_ACCOUNT_IDENTIFIER", "ACTIVITY_PERIOD", "SALES_CHANNEL", "MARKETPLACE", "PROGRAM_TYPE"),
    *("TRANSACTION_TYPE", "TRANSACTION_EVENT_ID", "ACTIVITY_TRANSACTION_ID", "TAX_CALCULATION_DATE"),
    *("TRANSACTION_DEPART_DATE", "TRANSACTION_COMPLETE_DATE", "ASIN", "SELLER_SKU", "ITEM_DESCRIPTION", "QTY"),
    *("TOTAL_PRICE_OF_ITEMS_AMT_VAT_EXCL", "TOTAL_SHIP_CHARGE_AMT_VAT_EXCL", "TOTAL_GIFT_WRAP_AMT_VAT_EXCL"),
    *("TOTAL_ACTIVITY_VALUE_AMT_VAT_EXCL", "PRICE_OF_ITEMS_VAT_RATE_PERCENT", "TOTAL_PRICE_OF_ITEMS_VAT_AMT"),
    *("TOTAL_SHIP_CHARGE_VAT_AMT", "TOTAL_GIFT_WRAP_VAT_AMT", "TOTAL_ACTIVITY_VALUE_VAT_AMT"),
    *("TOTAL_ACTIVITY_VALUE_AMT_VAT_INCL", "TRANSACTION_CURRENCY_CODE", "SALE_DEPART_COUNTRY"),
    *("SALE_ARRIVAL_COUNTRY", "TAXABLE_JURISDICTION", "TAX_COLLECTION_RESPONSIBILITY", "TAX_REPORTING_SCHEME"),
)


def vat_lines(seller: Seller, asked: Asked) -> Iterator[str]:
    """The report's lines, of the European accounts among those asked for."""
    yield "\t".join(COLUMNS) + "\n"
    for account in asked.accounts:
        if account.place.market.region != "EU":
            continue
        window = Window(False, asked.start_s - REFUNDED_WITHIN_S, asked.end_s)
        for order in orders_in(account, window, asked.made_s):
            for line, posted_s, sign in _sold(order, asked):
                fields = _fields(seller, account, order, line) | _amounts(account, line, sign)
                fields |= {
                    "ACTIVITY_PERIOD": moment(posted_s).strftime("%Y-%b").upper(),
                    "TRANSACTION_TYPE": "SALE" if sign > 0 else "REFUND",
                    "TAX_CALCULATION_DATE": _date(posted_s),
                    "TRANSACTION_DEPART_DATE": _date(order.shipped_s or posted_s),
                    "TRANSACTION_COMPLETE_DATE": _date(posted_s),
                }
                yield "\t".join([fields[column] for column in COLUMNS]) + "\n"


def _sold(order: Order, asked: Asked) -> Iterator[tuple[OrderLine, int, int]]:
    """The lines sold (sign 1) and refunded (sign -1) in the window, each with its moment."""
    if order.kind is not OrderKind.STANDARD or order.posted_s is None:
        return
    end = min(asked.end_s, asked.made_s)
    if order.shipped_s is not None and asked.start_s <= order.shipped_s < end:
        yield from ((line, order.shipped_s, 1) for line in order.lines)
    if order.refund is not None and asked.start_s <= order.refund.posted_s < end:
        yield order.lines[0], order.refund.posted_s, -1


def _date(seconds: int) -> str:
    return date_text(seconds, True).replace(".", "-")


def _fields(seller: Seller, account: Account, order: Order, line: OrderLine) -> dict[str, str]:
    place = account.place
    country = place.market.country
    return {
        "UNIQUE_ACCOUNT_IDENTIFIER": seller.seller_id,
        "SALES_CHANNEL": "AFN" if order.channel is Channel.FBA else "MFN",
        "MARKETPLACE": place.market.name.lower(),
        "PROGRAM_TYPE": "REGULAR",
        "TRANSACTION_EVENT_ID": order.order_id,
        "ACTIVITY_TRANSACTION_ID": order.shipment_id,
        "ASIN": line.product.asin,
        "SELLER_SKU": line.product.sku,
        "ITEM_DESCRIPTION": line.product.title,
        "QTY": str(line.quantity),
        "PRICE_OF_ITEMS_VAT_RATE_PERCENT": f"0.{place.vat_per_mille // 10:02d}" if line.tax else "0.00",
        "TRANSACTION_CURRENCY_CODE": place.market.currency,
        "SALE_DEPART_COUNTRY": country,
        "SALE_ARRIVAL_COUNTRY": country,
        "TAXABLE_JURISDICTION": country,
        "TAX_COLLECTION_RESPONSIBILITY": "MARKETPLACE" if order.withheld else "SELLER",
        "TAX_REPORTING_SCHEME": "DEEMED_RESELLER" if order.withheld else "REGULAR",
    }


def _amounts(account: Account, line: OrderLine, sign: int) -> dict[str, str]:
    goods, goods_tax = line.price - line.discount, line.tax - line.discount_tax
    freight = line.shipping - line.shipping_discount
    freight_tax = line.shipping_tax - line.shipping_discount_tax
    net, tax = goods + freight + line.gift_wrap, goods_tax + freight_tax + line.gift_wrap_tax
    amounts = {
        "TOTAL_PRICE_OF_ITEMS_AMT_VAT_EXCL": goods,
        "TOTAL_SHIP_CHARGE_AMT_VAT_EXCL": freight,
        "TOTAL_GIFT_WRAP_AMT_VAT_EXCL": line.gift_wrap,
        "TOTAL_ACTIVITY_VALUE_AMT_VAT_EXCL": net,
        "TOTAL_PRICE_OF_ITEMS_VAT_AMT": goods_tax,
        "TOTAL_SHIP_CHARGE_VAT_AMT": freight_tax,
        "TOTAL_GIFT_WRAP_VAT_AMT": line.gift_wrap_tax,
        "TOTAL_ACTIVITY_VALUE_VAT_AMT": tax,
        "TOTAL_ACTIVITY_VALUE_AMT_VAT_INCL": net + tax,
    }
    return {name: amount_text(minor * sign, ".") for name, minor in amounts.items()}
