"""A seller's account in one region, as commands use it: reports, orders, transactions, stock.

Nothing is decoded here but what is needed to go on (ids, states, tokens of pages); what was sent is given on as
bytes. Sources of names: the models reports_2021-06-30, orders_2026-01-01, finances_2024-06-19, fbaInventory, sellers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sp_api.base import ApiResponse
from sp_api.base.exceptions import SellingApiException

from tieout.amazon.clients import (
    GuardedFinances,
    GuardedInventories,
    GuardedOrders,
    GuardedReports,
    GuardedSellers,
)
from tieout.amazon.faults import unreadable
from tieout.amazon.paging import pages
from tieout.amazon.report_documents import address_in, fetch_document
from tieout.amazon.session import AmazonSession
from tieout.amazon.usage_plans import REPORT_ROLES, operation_named
from tieout.domain.document import Document
from tieout.domain.finance import Deferral
from tieout.download_ports import AmazonUnavailable, Participation, ReportEntry, ReportState

_REPORTS_A_PAGE = 100
# What of an order is asked for: money and how far it is. Never BUYER or RECIPIENT: accounting needs no person.
_ORDER_PARTS = ("PROCEEDS", "PROMOTION", "FULFILLMENT", "PACKAGES", "TAX")


@dataclass(frozen=True, slots=True)
class Account:
    """Which seller, in which region, in which of its marketplaces (ids), behind which endpoint."""

    endpoint: str
    seller_id: str
    region: str
    marketplaces: tuple[str, ...]


class AmazonConnection:
    """Fulfils `tieout.download_ports.Amazon`."""

    def __init__(self, account: Account, session: AmazonSession) -> None:
        self._account, self._session = account, session
        place = (account.endpoint, account.marketplaces[0] if account.marketplaces else "", account.region)
        self._sellers = GuardedSellers(session, *place)
        self._reports = GuardedReports(session, *place)
        self._orders = GuardedOrders(session, *place)
        self._finances = GuardedFinances(session, *place)
        self._inventories = GuardedInventories(session, *place)

    @property
    def seller_id(self) -> str:
        """The seller's id (merchant token)."""
        return self._account.seller_id

    @property
    def region(self) -> str:
        """The region: NA, EU or FE."""
        return self._account.region

    @property
    def marketplaces(self) -> tuple[str, ...]:
        """The ids of the account's marketplaces in this region."""
        return self._account.marketplaces

    @property
    def requests(self) -> int:
        """How many requests its account made so far, in all its regions."""
        return self._session.requests

    def now(self) -> datetime:
        """The aware moment by Amazon's own clock; it signs in if no answer told it yet."""
        if not self._session.amazons_clock.is_known:
            self._session.sign_in()
        return self._session.amazons_clock.now()

    def available(self, operation: str) -> int:
        """How many requests of an operation could be sent now without a wait."""
        return self._session.limiter.available(operation_named(operation))

    def participations(self) -> tuple[Participation, ...]:
        """Where the seller takes part (getMarketplaceParticipations)."""
        found = self._call("", self._sellers.get_marketplace_participation)
        return tuple(
            Participation(
                marketplace_id=str(one["marketplace"]["id"]),
                name=str(one["marketplace"]["name"]),
                country=str(one["marketplace"]["countryCode"]),
                currency=str(one["marketplace"]["defaultCurrencyCode"]),
                participates=bool(one["participation"]["isParticipating"]),
                suspended=bool(one["participation"]["hasSuspendedListings"]),
            )
            for one in _list(found.get("payload"), "getMarketplaceParticipations")
        )

    def reports(self, kind: str) -> Iterator[ReportEntry]:
        """The reports of a kind that are done and still listed (getReports); each once.

        No date is asked for: Amazon's own default is all it lists, and a date of ours would follow our clock.
        """

        def fetch(token: str) -> tuple[bytes, str]:
            asked: dict[str, Any] = {"reportTypes": [kind], "processingStatuses": "DONE", "pageSize": _REPORTS_A_PAGE}
            # nextToken stands alone: with any other parameter the request fails.
            found = self._call(
                REPORT_ROLES[kind], self._reports.get_reports, **({"nextToken": token} if token else asked)
            )
            listed.append(found)
            return self._session.last_content, str(found.get("nextToken") or "")

        listed: list[Mapping[str, Any]] = []
        seen: set[str] = set()
        for _ in pages(fetch, "reports"):
            for one in _list(listed[-1].get("reports"), "getReports"):
                entry = _entry(one)
                if entry.report_id not in seen:
                    seen.add(entry.report_id)
                    yield entry

    def can_list(self, kind: str) -> None:
        """Ask for one report of a kind, to see whether the application may (AmazonUnavailable if not)."""
        self._call(REPORT_ROLES[kind], self._reports.get_reports, reportTypes=[kind], pageSize=1)

    def ask_report(
        self, kind: str, marketplaces: Sequence[str], start: datetime | None = None, end: datetime | None = None
    ) -> str:
        """Ask for a report to be made (createReport); its id."""
        asked: dict[str, Any] = {"reportType": kind, "marketplaceIds": list(marketplaces)}
        if start is not None:
            asked["dataStartTime"] = stamp(start)
        if end is not None:
            asked["dataEndTime"] = stamp(end)
        found = self._call(REPORT_ROLES[kind], self._reports.create_report, **asked)
        return _text(found, "reportId", "createReport")

    def report(self, report_id: str) -> ReportEntry | None:
        """How far a report is (getReport); None where Amazon does not know it (any more)."""
        try:
            return _entry(self._call("", self._reports.get_report, report_id))
        except AmazonUnavailable as unavailable:
            if unavailable.status == 404:
                return None
            raise

    def document(self, document_id: str, name: str) -> Document:
        """A report's document (getReportDocument and its address), unpacked, with its charset."""

        def address() -> tuple[str, bool]:
            return address_in(self._call("", self._reports.get_report_document, document_id))

        return fetch_document(self._session, address, name)

    def orders_updated(self, since: datetime, until: datetime | None, page_size: int = 100) -> Iterator[bytes]:
        """The orders changed since, in this region's marketplaces (searchOrders): raw pages."""
        asked: dict[str, Any] = {
            "lastUpdatedAfter": stamp(since),
            "marketplaceIds": list(self.marketplaces),
            "includedData": list(_ORDER_PARTS),
            "maxResultsPerPage": page_size,
        }
        if until is not None:
            asked["lastUpdatedBefore"] = stamp(until)

        def fetch(token: str) -> tuple[bytes, str]:
            more = {"paginationToken": token} if token else {}
            found = self._call("", self._orders.search_orders, **asked, **more)
            _list(found.get("orders"), "searchOrders")
            return self._session.last_content, str((found.get("pagination") or {}).get("nextToken") or "")

        return pages(fetch, "orders")

    def deferred(self, deferral: Deferral, since: datetime) -> Iterator[bytes]:
        """The transactions of a status posted since (listTransactions): raw pages, empty ones among them."""
        asked = {"postedAfter": stamp(since), "transactionStatus": deferral.value}

        def fetch(token: str) -> tuple[bytes, str]:
            more = {"nextToken": token} if token else {}
            found = self._call("", self._finances.list_transactions, **asked, **more)
            payload = found.get("payload")
            if not isinstance(payload, Mapping):
                raise AmazonUnavailable(unreadable("listTransactions"))
            return self._session.last_content, str(payload.get("nextToken") or "")

        return pages(fetch, "transactions")

    def stock(self, marketplace_id: str) -> Iterator[bytes]:
        """What is in Amazon's warehouses for a marketplace (getInventorySummaries): raw pages."""
        asked = {"details": "true", "granularityId": marketplace_id, "marketplaceIds": marketplace_id}

        def fetch(token: str) -> tuple[bytes, str]:
            more = {"nextToken": token} if token else {}
            found = self._call("", self._inventories.get_inventory_summary_marketplace, **asked, **more)
            return self._session.last_content, str((found.get("pagination") or {}).get("nextToken") or "")

        return pages(fetch, "stock")

    def close(self) -> None:
        """Close the connections; those of the account's other regions are the same ones."""
        self._session.close()

    def _call(self, role: str, operation: Callable[..., ApiResponse], *args: Any, **asked: Any) -> Mapping[str, Any]:
        """The JSON object that an operation of the library was answered with."""
        self._session.role = role
        try:
            operation(*args, **asked)
        except SellingApiException:  # a 200 with a list of errors in it
            raise AmazonUnavailable(unreadable(operation.__name__)) from None
        body = self._session.last_body
        if not isinstance(body, Mapping):
            raise AmazonUnavailable(unreadable(operation.__name__))
        return body


def stamp(moment: datetime) -> str:
    """An aware moment as Amazon's parameters have it: 2026-10-13T15:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(found: Mapping[str, Any]) -> ReportEntry:
    try:
        return ReportEntry(
            report_id=str(found["reportId"]),
            kind=str(found["reportType"]),
            state=ReportState(str(found["processingStatus"])),
            marketplaces=tuple(str(one) for one in found.get("marketplaceIds") or ()),
            created=datetime.fromisoformat(str(found["createdTime"])),
            start=_moment(found.get("dataStartTime")),
            end=_moment(found.get("dataEndTime")),
            document_id=str(found.get("reportDocumentId") or ""),
        )
    except (KeyError, ValueError):
        raise AmazonUnavailable(unreadable("getReports")) from None


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _list(found: Any, what: str) -> Sequence[Any]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise AmazonUnavailable(unreadable(what))
    return found


def _text(found: Mapping[str, Any], name: str, what: str) -> str:
    if not isinstance(found.get(name), str) or not found[name]:
        raise AmazonUnavailable(unreadable(what))
    return str(found[name])
