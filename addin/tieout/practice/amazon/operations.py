"""The operations practice Amazon answers: their paths, usage plans and handlers.

Rates and bursts are those that Amazon's models state for each operation. What is not here is not simulated, and is
answered as Amazon answers a path it does not have.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from tieout.practice.amazon import (
    feeds,
    finances,
    inventory,
    listings,
    lwa,
    orders_2026,
    orders_v0,
    reports,
    sellers,
)
from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.usage_plans import Plan
from tieout.practice.amazon.wire import Answer, Request

Handler = Callable[[Seller, Request], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; a `{}` in its path stands for a part of the request's."""

    name: str
    method: str
    path: str
    plan: Plan
    handler: Handler

    def parts(self, method: str, raw_path: str) -> tuple[str, ...] | None:
        """The variable parts of a path of this operation, decoded; None for another's."""
        if method != self.method:
            return None
        pattern = re.escape(self.path).replace(r"\{\}", "([^/]+)")
        match = re.fullmatch(pattern, raw_path)
        return None if match is None else tuple(unquote(part) for part in match.groups())


_REPORTS, _FEEDS, _LISTINGS = "/reports/2021-06-30", "/feeds/2021-06-30", "/listings/2021-08-01/items/{}"
_V0, _NEW = "/orders/v0/orders", "/orders/2026-01-01/orders"

OPERATIONS: tuple[Operation, ...] = (
    Operation("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", Plan(160, 15),
              sellers.get_marketplace_participations),
    Operation("getAccount", "GET", "/sellers/v1/account", Plan(160, 15), sellers.get_account),
    Operation("getOrders", "GET", _V0, Plan(167, 20), orders_v0.get_orders),
    Operation("getOrderV0", "GET", f"{_V0}/{{}}", Plan(5000, 30), orders_v0.get_order),
    Operation("getOrderItems", "GET", f"{_V0}/{{}}/orderItems", Plan(5000, 30), orders_v0.get_order_items),
    Operation("getOrderAddress", "GET", f"{_V0}/{{}}/address", Plan(5000, 30), orders_v0.get_order_address),
    Operation("getOrderBuyerInfo", "GET", f"{_V0}/{{}}/buyerInfo", Plan(5000, 30), orders_v0.get_order_buyer_info),
    Operation("searchOrders", "GET", _NEW, Plan(56, 20), orders_2026.search_orders),
    Operation("getOrder", "GET", f"{_NEW}/{{}}", Plan(5000, 30), orders_2026.get_order),
    Operation("getReports", "GET", f"{_REPORTS}/reports", Plan(222, 10), reports.get_reports),
    Operation("createReport", "POST", f"{_REPORTS}/reports", Plan(167, 15), reports.create_report),
    Operation("getReport", "GET", f"{_REPORTS}/reports/{{}}", Plan(20_000, 15), reports.get_report),
    Operation("cancelReport", "DELETE", f"{_REPORTS}/reports/{{}}", Plan(222, 10), reports.cancel_report),
    Operation("getReportDocument", "GET", f"{_REPORTS}/documents/{{}}", Plan(167, 15), reports.get_report_document),
    Operation("createFeedDocument", "POST", f"{_FEEDS}/documents", Plan(5000, 15), feeds.create_feed_document),
    Operation("createFeed", "POST", f"{_FEEDS}/feeds", Plan(83, 15), feeds.create_feed),
    Operation("getFeeds", "GET", f"{_FEEDS}/feeds", Plan(222, 10), feeds.get_feeds),
    Operation("getFeed", "GET", f"{_FEEDS}/feeds/{{}}", Plan(20_000, 15), feeds.get_feed),
    Operation("cancelFeed", "DELETE", f"{_FEEDS}/feeds/{{}}", Plan(20_000, 15), feeds.cancel_feed),
    Operation("getFeedDocument", "GET", f"{_FEEDS}/documents/{{}}", Plan(222, 10), feeds.get_feed_document),
    Operation("getListingsItem", "GET", f"{_LISTINGS}/{{}}", Plan(50_000, 10), listings.get_listings_item),
    Operation("patchListingsItem", "PATCH", f"{_LISTINGS}/{{}}", Plan(50_000, 5), listings.patch_listings_item),
    Operation("putListingsItem", "PUT", f"{_LISTINGS}/{{}}", Plan(50_000, 10), listings.put_listings_item),
    Operation("deleteListingsItem", "DELETE", f"{_LISTINGS}/{{}}", Plan(50_000, 5), listings.delete_listings_item),
    Operation("searchListingsItems", "GET", _LISTINGS, Plan(50_000, 5), listings.search_listings_items),
    Operation("listTransactions", "GET", "/finances/2024-06-19/transactions", Plan(5000, 10),
              finances.list_transactions),
    Operation("getInventorySummaries", "GET", "/fba/inventory/v1/summaries", Plan(20_000, 2),
              inventory.get_inventory_summaries),
    Operation("createRestrictedDataToken", "POST", "/tokens/2021-03-01/restrictedDataToken", Plan(10_000, 10),
              lwa.restricted_data_token),
)  # fmt: skip


def find_operation(method: str, raw_path: str) -> tuple[Operation, tuple[str, ...]] | None:
    """The operation of a request and the variable parts of its path; None if practice Amazon has none."""
    for operation in OPERATIONS:
        parts = operation.parts(method, raw_path)
        if parts is not None:
            return operation, parts
    return None
