"""python-amazon-sp-api's clients, on our session: its operations and parameters, none of its transport.

What is taken from the library: the operations' paths, how their parameters are written, the request and response
objects. What is left out, because of what was found by reading and running version 2.1.35: its token cache (see
`tokens`), its transport (5 s time-outs, no status check: an empty 429 becomes an empty payload), the search for
credentials in files and the environment, the environment variables that redirect it, the marketplace parameters in
four spellings that it adds to each request, and the headers that it logs at DEBUG: here they hold no token.
"""

from typing import Any

from sp_api.api.finances.finances_2024_06_19 import FinancesV20240619
from sp_api.api.inventories.inventories import Inventories
from sp_api.api.orders.orders_2026_01_01 import OrdersV20260101
from sp_api.api.reports.reports import Reports
from sp_api.api.sellers.sellers import Sellers
from sp_api.base import ApiResponse

from tieout import __version__
from tieout.amazon.session import AmazonSession

# Amazon, "Include a User-Agent header in all requests": application, version, language.
USER_AGENT = f"Tieout/{__version__} (Language=Python)"


class _Guarded:
    """What the library's `Client` is given instead of its own constructor."""

    def __init__(self, session: AmazonSession, endpoint: str, marketplace_id: str, region: str) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.marketplace_id = marketplace_id
        self.region = region
        self.version = None
        self.restricted_data_token = None
        self._transport = session

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request; the session adds the token."""
        return {"user-agent": USER_AGENT, "content-type": "application/json", "accept": "application/json"}

    def _request(self, path: str, **options: Any) -> ApiResponse:
        return super()._request(path, **{**options, "add_marketplace": False})  # type: ignore[misc]


class GuardedSellers(_Guarded, Sellers):  # type: ignore[misc]
    """The Sellers API, v1."""


class GuardedReports(_Guarded, Reports):  # type: ignore[misc]
    """The Reports API, 2021-06-30."""


class GuardedOrders(_Guarded, OrdersV20260101):  # type: ignore[misc]
    """The Orders API, 2026-01-01."""


class GuardedFinances(_Guarded, FinancesV20240619):  # type: ignore[misc]
    """The Finances API, 2024-06-19."""


class GuardedInventories(_Guarded, Inventories):  # type: ignore[misc]
    """The FBA Inventory API, v1."""
