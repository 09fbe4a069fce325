"""The two reports of what lies in Amazon's warehouses, of one marketplace, tab separated.

Source: the columns of Amazon's FBA inventory reports.
"""

from collections.abc import Iterator

from tieout.practice.amazon.report_request import Asked
from tieout.practice.amazon.seller import Seller
from tieout.practice.shop.catalogue import list_price
from tieout.practice.shop.flat_file import amount_text
from tieout.practice.shop.stock import stock_of

_MANAGED = (
    *("sku", "fnsku", "asin", "product-name", "condition", "your-price", "mfn-listing-exists"),
    *("mfn-fulfillable-quantity", "afn-listing-exists", "afn-warehouse-quantity", "afn-fulfillable-quantity"),
    *("afn-unsellable-quantity", "afn-reserved-quantity", "afn-total-quantity", "per-unit-volume"),
    *("afn-inbound-working-quantity", "afn-inbound-shipped-quantity", "afn-inbound-receiving-quantity"),
)
_SELLABLE = (
    *("seller-sku", "fulfillment-channel-sku", "asin", "condition-type", "Warehouse-Condition-code"),
    "Quantity Available",
)


def managed_inventory_lines(seller: Seller, asked: Asked) -> Iterator[str]:
    """GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA."""
    place = asked.accounts[0].place
    yield _row(_MANAGED)
    for stock in stock_of(seller.shop.seed, place, seller.shop.products):
        product = stock.product
        price = amount_text(list_price(place, product), ".")
        warehouse = stock.fulfillable + stock.unfulfillable + stock.reserved
        yield _row(
            (
                *(product.sku, product.fnsku, product.asin, product.title, "New", price, "No", "", "Yes"),
                *(str(warehouse), str(stock.fulfillable), str(stock.unfulfillable), str(stock.reserved)),
                *(str(stock.total), "0.05", str(stock.inbound_working), str(stock.inbound_shipped)),
                str(stock.inbound_receiving),
            )
        )


def sellable_stock_lines(seller: Seller, asked: Asked) -> Iterator[str]:
    """GET_AFN_INVENTORY_DATA."""
    yield _row(_SELLABLE)
    for stock in stock_of(seller.shop.seed, asked.accounts[0].place, seller.shop.products):
        product = stock.product
        for code, units in (("SELLABLE", stock.fulfillable), ("UNSELLABLE", stock.unfulfillable)):
            if units:
                yield _row((product.sku, product.fnsku, product.asin, "NewItem", code, str(units)))


def _row(fields: tuple[str, ...]) -> str:
    return "\t".join(fields) + "\n"
