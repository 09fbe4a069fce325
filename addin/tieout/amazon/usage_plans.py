"""The operations we use: path, usage plan, and the role each needs. Each may be sent twice without harm.

Rates and bursts are those that Amazon's models state for each operation (orders_2026-01-01, reports_2021-06-30,
finances_2024-06-19, fbaInventory, sellers); roles are those of Amazon's "Roles in the Selling Partner API".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tieout.download_ports import LISTING_REPORT, ORDER_REPORT, SETTLEMENT_REPORT, STOCK_REPORT, VAT_REPORT

FINANCE = "Finance and Accounting"
ORDERS = "Inventory and Order Tracking"
LISTINGS = "Product Listing"
FULFILLMENT = "Amazon Fulfillment"
INSIGHTS = "Selling Partner Insights"
TAX = "Tax Invoicing (Restricted)"  # it opens buyers' data, so nobody is asked to have it

REPORT_ROLES: Mapping[str, str] = {
    SETTLEMENT_REPORT: FINANCE,
    ORDER_REPORT: ORDERS,
    LISTING_REPORT: LISTINGS,
    STOCK_REPORT: FULFILLMENT,
    VAT_REPORT: TAX,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `rate_micro` is its steady rate in millionths of a request a second.

    `role` is empty where it depends on the report that is asked for.
    """

    name: str
    method: str
    path: str
    rate_micro: int
    burst: int
    role: str = ""


_REPORTS = "/reports/2021-06-30"

OPERATIONS: tuple[Operation, ...] = (
    Operation("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 16_000, 15, INSIGHTS),
    Operation("searchOrders", "GET", "/orders/2026-01-01/orders", 5_600, 20, ORDERS),
    Operation("getReports", "GET", f"{_REPORTS}/reports", 22_200, 10),
    # Asked for twice, a report is made twice: a waste of Amazon's patience, and no harm.
    Operation("createReport", "POST", f"{_REPORTS}/reports", 16_700, 15),
    Operation("getReport", "GET", f"{_REPORTS}/reports/*", 2_000_000, 15),
    Operation("getReportDocument", "GET", f"{_REPORTS}/documents/*", 16_700, 15),
    Operation("listTransactions", "GET", "/finances/2024-06-19/transactions", 500_000, 10, FINANCE),
    Operation("getInventorySummaries", "GET", "/fba/inventory/v1/summaries", 2_000_000, 2, FULFILLMENT),
)
_BY_NAME = {operation.name: operation for operation in OPERATIONS}


def operation_named(name: str) -> Operation:
    """The operation of a name; KeyError if we use none of that name."""
    return _BY_NAME[name]


def operation_of(method: str, path: str) -> Operation:
    """The operation of a request; LookupError for one that is in no list, since nothing is sent without a plan."""
    for operation in OPERATIONS:
        pattern = re.escape(operation.path).replace(r"\*", "[^/]+")
        if operation.method == method.upper() and re.fullmatch(pattern, path):
            return operation
    raise LookupError(f"{method} {path} is no operation that Tieout uses")
