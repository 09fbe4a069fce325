"""The kinds of report that can be asked for, and what each one holds.

Source: Amazon's report type pages: windows of at most 30 days for order reports, the European order report that
heeds no marketplace, FBA reports at most every half hour, one marketplace for a listings report. Settlements are
not here: Amazon makes them itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from tieout.practice.amazon.fba_report import managed_inventory_lines, sellable_stock_lines
from tieout.practice.amazon.listing_store import current_listing
from tieout.practice.amazon.order_search import Window, orders_in
from tieout.practice.amazon.report_request import Asked
from tieout.practice.amazon.seller import FULFILLMENT, LISTINGS, ORDERS, TAX, Seller
from tieout.practice.amazon.vat_report import vat_lines
from tieout.practice.shop.account import Account
from tieout.practice.shop.listing_report import listing_lines
from tieout.practice.shop.order_report import report_lines
from tieout.practice.shop.records import DAY_S, MINUTE_S

SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
ORDER_WINDOW_S = 30 * DAY_S
_UTF_8 = "text/plain; charset=UTF-8"
_LATIN_1 = "text/plain; charset=ISO-8859-1"


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One report type: the role it needs, its lines, and its limits (0: none)."""

    role: str
    lines: Callable[[Seller, Asked], Iterator[str]]
    window_s: int = 0
    every_s: int = 0
    kept_s: int = 90 * DAY_S
    one_marketplace: bool = False


def document_form(kind: str, accounts: tuple[Account, ...]) -> tuple[str, str]:
    """The content type of a report's document, and the codec that it names."""
    european = bool(accounts) and accounts[0].place.market.region == "EU"
    return (_LATIN_1, "iso-8859-1") if kind.startswith("GET_MERCHANT_LISTINGS") and european else (_UTF_8, "utf-8")


def _all_orders(updated: bool) -> Callable[[Seller, Asked], Iterator[str]]:
    def lines(seller: Seller, asked: Asked) -> Iterator[str]:
        accounts = _regional(seller, asked.accounts)
        window = Window(updated, asked.start_s, min(asked.end_s, asked.made_s) - 1)
        tables = [
            report_lines(
                orders_in(account, window, asked.made_s),
                asked.made_s,
                place=account.place,
                unknown_index=account.planting.status_order,
            )
            for account in accounts
        ]
        heads = [next(table) for table in tables]
        return chain(heads[:1], *tables)

    return lines


def _regional(seller: Seller, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    """The accounts an order report tells of: those asked for, and in Europe all of them whatever was asked for."""
    if not any(account.place.market.region == "EU" for account in accounts):
        return accounts
    return tuple(account for account in seller.accounts if account in accounts or account.place.market.region == "EU")


def _listings(seller: Seller, asked: Asked) -> Iterator[str]:
    account = asked.accounts[0]
    code = account.place.market.country
    present = (current_listing(seller, listing, asked.made_s) for listing in seller.shop.listings(code))
    return listing_lines((one.listing, one.price_minor, one.quantity) for one in present)


KINDS: dict[str, ReportKind] = {
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": ReportKind(
        ORDERS, _all_orders(True), window_s=ORDER_WINDOW_S, kept_s=30 * DAY_S
    ),
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": ReportKind(
        ORDERS, _all_orders(False), window_s=ORDER_WINDOW_S, kept_s=30 * DAY_S
    ),
    "GET_MERCHANT_LISTINGS_ALL_DATA": ReportKind(LISTINGS, _listings, one_marketplace=True),
    "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA": ReportKind(
        FULFILLMENT, managed_inventory_lines, every_s=30 * MINUTE_S, one_marketplace=True
    ),
    "GET_AFN_INVENTORY_DATA": ReportKind(
        FULFILLMENT, sellable_stock_lines, every_s=30 * MINUTE_S, one_marketplace=True
    ),
    "GET_VAT_TRANSACTION_DATA": ReportKind(TAX, vat_lines),
}
