"""Download orders: complete from a mark on, each in its newest version, gone on with after a stop.

Every order that Amazon tells of is stored, whatever its status: Status Filters decide what is shown and what may
post (`rules.order_status`), so a filter that is widened later needs no download. The mark says up to when reports
were read whole, by Amazon's clock; it moves when a window is stored, never before. See `order_windows` for which way
orders are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tieout.commands.download_desk import DownloadDesk, DownloadReport, Tally, requests_made
from tieout.commands.fetch_reports import Wanted, ask_for, fetch, still_asked
from tieout.commands.order_findings import cancelled_after_posting, unknown_statuses
from tieout.commands.order_windows import (
    ORDERS_A_PAGE,
    expected_orders,
    first_moment,
    pages_to_try,
    search_start,
    windows,
)
from tieout.commands.progress import Progressed, silent
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_id
from tieout.download_ports import (
    ORDER_REPORT,
    Amazon,
    AmazonUnavailable,
    Download,
    DownloadState,
    SavedOrders,
    Source,
)
from tieout.limits import AMAZON_SEARCH_ORDERS_MAX
from tieout.parse.order_privacy import page_without_buyers, without_buyer_data
from tieout.parse.orders import read_orders
from tieout.parse.orders_api import read_order_page
from tieout.ports import StoreUnwritable

_MARKETPLACES_A_REPORT = 10  # model reports_2021-06-30.json, createReport
# The Orders API takes no end of a window that is younger than two minutes (model orders_2026-01-01.json).
_API_LAG = timedelta(minutes=3)
_PAGES_OF_A_WINDOW = AMAZON_SEARCH_ORDERS_MAX // ORDERS_A_PAGE
# From how much of what is known the number of new orders is guessed.
_KNOWN_TIME = timedelta(days=30)
# A second press at once changes nothing at all; a press on another day notes how far it looked.
_MARKED_ANEW_AFTER = timedelta(days=1)
_REGIONS = {"NA": "North America", "EU": "Europe", "FE": "the Far East"}


def download_orders(
    desk: DownloadDesk, *, since: datetime | None = None, progressed: Progressed = silent
) -> DownloadReport:
    """Bring the stored orders up to date, for every seller and region.

    `since` is from when on orders are wanted, for the first download; by default what the settlements that Amazon
    still lists can pay. What stops one region's download does not stop another's; nothing is raised for what Amazon
    or the disk does.
    """
    tally, requests_before = Tally("orders"), requests_made(desk)
    try:
        for amazon in (each for regions in desk.sellers for each in regions):
            try:
                _Region(desk, amazon, tally, progressed).bring_up_to_date(since)
            except AmazonUnavailable as unavailable:
                tally.say([unavailable.finding])
                tally.sign_in |= unavailable.sign_in
        tally.say([*unknown_statuses(desk), *cancelled_after_posting(desk, tally.cancelled)])
        return tally.report(desk, requests_before)
    except StoreUnwritable as stopped:
        return tally.stopped(desk, requests_before, stopped.finding)


@dataclass(frozen=True, slots=True)
class _Region:
    """One seller's orders in one region."""

    desk: DownloadDesk
    amazon: Amazon
    tally: Tally
    progressed: Progressed

    def bring_up_to_date(self, since: datetime | None) -> None:
        """What was asked for before first; then what is new, one way or the other."""
        if not self.amazon.marketplaces:
            return
        self._read_what_is_kept()
        waiting = still_asked(self.desk, self.amazon, ORDER_REPORT)
        if waiting and not self._collect(waiting):
            return  # Amazon is still making them; asking again would only make it slower
        mark, now = self._mark(), self.amazon.now()
        start = search_start(mark, since, now)
        pages = pages_to_try(self._expected(mark, start, now), self.amazon.available("searchOrders"))
        if pages and self._search(start, None, pages):
            return
        start = first_moment(mark, since, now)
        if mark is None:  # nothing before it is wanted, so up to there all is complete
            self._mark_complete(start)
        places = self.amazon.marketplaces[:_MARKETPLACES_A_REPORT]
        wanted = [Wanted(ORDER_REPORT, self._name, places, one.start, one.end) for one in windows(start, now)]
        self._collect(ask_for(self.desk, self.amazon, wanted))

    def _collect(self, downloads: Sequence[Download]) -> bool:
        """Fetch and store reports in the order of their windows; whether Amazon is done with all of them."""
        done = True
        cancelled: list[Download] = []
        for fetched in fetch(self.desk, self.amazon, downloads, self._name, self.progressed, without_buyer_data):
            if fetched.is_cancelled:
                cancelled.append(fetched.download)
                continue
            self._settle_cancelled(cancelled)
            cancelled = []
            if fetched.finding is not None:
                self.tally.say([fetched.finding])
                done &= fetched.download.state is not DownloadState.ASKED
            if fetched.document is not None:
                self._store(fetched.download, fetched.document)
        self._settle_cancelled(cancelled)
        return done

    def _store(self, download: Download, document: Document) -> None:
        """Store the orders of a kept report, and move the mark to the end of its window."""
        read = read_orders(document)
        self.tally.say(read.findings)
        if not read.orders and any(finding.severity is Severity.REFUSED for finding in read.findings):
            return  # it stays kept and unread; its window is asked for again by the next press
        self._count(self.desk.orders.save(read.orders, Source.REPORT))
        self.desk.downloads.save(replace(download, state=DownloadState.READ))
        self._move_mark(download)

    def _read_what_is_kept(self) -> None:
        """Reports that were kept and not stored: a press was stopped in between, or Tieout has learnt since."""
        for kept in self.desk.downloads.of_kind(ORDER_REPORT, self.amazon.seller_id):
            if kept.state is DownloadState.KEPT and kept.region == self.amazon.region:
                document = self.desk.documents.get(kept.document_sha256)
                if document is not None:
                    self._store(kept, document)

    def _settle_cancelled(self, cancelled: Sequence[Download]) -> None:
        """Windows whose reports Amazon cancelled: empty only if the Orders API says so too.

        Amazon cancels a report without data, and one that was asked for too often; it does not say which.
        """
        if not cancelled:
            return
        start, end = cancelled[0].start, cancelled[-1].end
        assert start is not None, "an order report has its window"
        assert end is not None, "an order report has its window"
        complete = self._is_empty(start, end) or self._search(start, end, _PAGES_OF_A_WINDOW)
        if not complete:
            self.tally.say([_cancelled(self._name)])
        for download in cancelled:
            self.desk.downloads.save(replace(download, state=DownloadState.EMPTY))
            if complete:
                self._move_mark(download)

    def _is_empty(self, start: datetime, end: datetime) -> bool:
        """Whether the Orders API knows no order that was changed in a time."""
        until = min(end, self.amazon.now() - _API_LAG)
        if until <= start:
            return True
        page = next(self.amazon.orders_updated(start, until, page_size=1), b"{}")
        return not read_order_page(Document.of("orders", page)).orders

    def _search(self, start: datetime, end: datetime | None, pages_max: int) -> bool:
        """Store the orders that the Orders API tells of; whether those were all, and not only so many pages.

        What is complete without an end is complete up to where Amazon says, and so is the mark.
        """
        until = min(end, self.amazon.now() - _API_LAG) if end is not None else None
        news, told_until = False, self.amazon.now() - _API_LAG
        self.progressed("Asking for orders", 0, None)
        for number, content in enumerate(self.amazon.orders_updated(start, until), 1):
            page = page_without_buyers(Document.of(f"page of {self._name}.json", content))
            read = read_order_page(page)
            self.tally.say(read.findings)
            if read.findings or self.desk.orders.news(read.orders):
                news = True
                self.desk.documents.put(page)
            self._count(self.desk.orders.save(read.orders, Source.API))
            told_until = min(told_until, read.until or told_until)
            self.progressed("Asking for orders", number * ORDERS_A_PAGE, None)
            if read.more and number >= pages_max:
                return False
        if end is None:
            mark = self._mark()
            if news or mark is None or told_until - mark > _MARKED_ANEW_AFTER:
                self._mark_complete(told_until)
        return True

    def _expected(self, mark: datetime | None, start: datetime, now: datetime) -> int:
        """How many orders there may be to fetch; none where nothing is known yet, since only asking tells."""
        if mark is None:
            return 0
        known = [found.country for found in map(by_id, self.amazon.marketplaces) if found is not None]
        changed = self.desk.orders.updated_since(mark - _KNOWN_TIME, known)
        return expected_orders(changed, _KNOWN_TIME, now - start)

    def _count(self, saved: SavedOrders) -> None:
        self.tally.new.update(dict.fromkeys(saved.new))
        self.tally.updated.update(dict.fromkeys(saved.updated))
        self.tally.cancelled.update(dict.fromkeys(saved.cancelled))
        self.tally.unchanged += saved.unchanged

    def _mark(self) -> datetime | None:
        return self.desk.downloads.mark(self.amazon.seller_id, self.amazon.region, ORDER_REPORT)

    def _move_mark(self, download: Download) -> None:
        """Complete to the end of this window, if there is no gap before it.

        Never beyond the moment at which it was asked for: what came after that may not be in it.
        """
        mark = self._mark()
        if mark is None or download.start is None or download.end is None or download.start > mark:
            return
        self._mark_complete(min(download.end, download.listed or download.end))

    def _mark_complete(self, until: datetime) -> None:
        self.desk.downloads.move_mark(self.amazon.seller_id, self.amazon.region, ORDER_REPORT, until)

    @property
    def _name(self) -> str:
        return f"orders of {_REGIONS.get(self.amazon.region, 'the account')}"


def _cancelled(name: str) -> Finding:
    return Finding(
        code="amazon-report-cancelled",
        severity=Severity.BLOCKED,
        what=f"Amazon cancelled the report of {name}, and there are more of them than can be asked for singly.",
        to_do="Press again in an hour: it is asked for anew, from where the orders are complete.",
    )
