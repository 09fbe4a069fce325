"""Download what Amazon holds back (deferred transactions), and the VAT transactions report of the last months.

Settlements tell what was paid; what was earned and is held back stands in the Finances API only, and whose VAT a
European sale's is, in the VAT report only. Both are kept as they came, for the roll-forwards and VAT proofs.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tieout.commands.download_desk import DownloadDesk, DownloadReport, Tally, requests_made
from tieout.commands.fetch_reports import Fetched, Wanted, ask_for, fetch, still_asked
from tieout.commands.progress import Progressed, silent
from tieout.domain.calendar import Month
from tieout.domain.document import Document
from tieout.domain.finance import Deferral
from tieout.domain.finding import Finding, Severity
from tieout.download_ports import VAT_REPORT, Amazon, AmazonUnavailable, Download, DownloadState
from tieout.limits import AMAZON_TRANSACTIONS_DAYS_MAX, AMAZON_VAT_MONTHS, AMAZON_VAT_READY_DAYS
from tieout.parse.order_privacy import without_buyer_data
from tieout.parse.transactions import read_transaction_page
from tieout.parse.vat import read_vat_report
from tieout.ports import StoreUnwritable

_EUROPE = "EU"
_SETTLED = (DownloadState.READ, DownloadState.EMPTY)
_DENIED = 403


def download_deferred(desk: DownloadDesk, progressed: Progressed = silent) -> DownloadReport:
    """Bring deferred transactions up to date: what is held back now, and what became of what was.

    Amazon lists transactions of the last 180 days in one question; older ones were released long ago.
    """
    tally, requests_before = Tally("deferred transactions"), requests_made(desk)
    try:
        for regions in desk.sellers:
            if not regions:
                continue
            try:
                for deferral in Deferral:
                    _transactions(desk, regions[0], deferral, tally, progressed)
            except AmazonUnavailable as unavailable:
                tally.say([unavailable.finding])
                tally.sign_in |= unavailable.sign_in
        return tally.report(desk, requests_before)
    except StoreUnwritable as stopped:
        return tally.stopped(desk, requests_before, stopped.finding)


def _transactions(
    desk: DownloadDesk, amazon: Amazon, deferral: Deferral, tally: Tally, progressed: Progressed
) -> None:
    since = amazon.now() - timedelta(days=AMAZON_TRANSACTIONS_DAYS_MAX - 1)
    for number, content in enumerate(amazon.deferred(deferral, since)):
        progressed("Asking for deferred transactions", number, None)
        page = Document.of("page of deferred transactions.json", content)
        found, findings = read_transaction_page(page)
        tally.say(findings)
        saved = desk.deferred.save(found)
        if saved.changes or findings:
            desk.documents.put(page)
        tally.count(saved)


def download_vat(desk: DownloadDesk, progressed: Progressed = silent, *, patient: bool = True) -> DownloadReport:
    """Fetch the VAT report of each of the last whole months that is not kept yet, for every European account.

    Amazon takes minutes to make one. Without patience, what was asked for the last time is fetched and the rest asked
    for. That the application lacks the role is a notice, since it opens buyers' data: the report can be imported.
    """
    tally, requests_before = Tally("VAT reports"), requests_made(desk)
    try:
        for amazon in (each for regions in desk.sellers for each in regions if each.region == _EUROPE):
            try:
                _vat(desk, amazon, tally, progressed, patient=patient)
            except AmazonUnavailable as unavailable:
                tally.say([_by_file(unavailable.finding) if unavailable.status == _DENIED else unavailable.finding])
                tally.sign_in |= unavailable.sign_in
        return tally.report(desk, requests_before)
    except StoreUnwritable as stopped:
        return tally.stopped(desk, requests_before, stopped.finding)


def _vat(desk: DownloadDesk, amazon: Amazon, tally: Tally, progressed: Progressed, *, patient: bool) -> None:
    for kept in desk.downloads.of_kind(VAT_REPORT, amazon.seller_id):
        document = desk.documents.get(kept.document_sha256) if kept.state is DownloadState.KEPT else None
        if document is not None:  # a press was stopped before it was read
            take_vat_document(desk, kept, document, tally)
    waiting = still_asked(desk, amazon, VAT_REPORT)
    known = desk.downloads.of_kind(VAT_REPORT, amazon.seller_id)
    covered = {one.start for one in (*known, *waiting) if one.state in _SETTLED or one in waiting}
    wanted = []
    for month in _months_before(amazon.now()):
        start, end = _bounds(month)
        if start not in covered:
            wanted.append(Wanted(VAT_REPORT, f"VAT report of {month}", amazon.marketplaces[:10], start, end))
    if patient:
        waiting = (*waiting, *ask_for(desk, amazon, wanted))
    for fetched in fetch(desk, amazon, waiting, "VAT report", progressed, without_buyer_data, patient=patient):
        _store_vat(desk, fetched, tally)
    if not patient:
        ask_for(desk, amazon, wanted)
        tally.asked += len(still_asked(desk, amazon, VAT_REPORT))
    tally.unchanged += sum(1 for one in known if one.state in _SETTLED)


def _store_vat(desk: DownloadDesk, fetched: Fetched, tally: Tally) -> None:
    if fetched.finding is not None:
        tally.say([fetched.finding])
    if fetched.is_cancelled:
        desk.downloads.save(replace(fetched.download, state=DownloadState.EMPTY))
    if fetched.document is not None:
        take_vat_document(desk, fetched.download, fetched.document, tally)


def take_vat_document(desk: DownloadDesk, download: Download, document: Document, tally: Tally) -> None:
    """Note what a kept VAT report covers."""
    report = read_vat_report(document)
    if isinstance(report, Finding):
        tally.say([report])
        return
    desk.downloads.save(replace(download, state=DownloadState.READ, subject=report.subject))
    tally.new[report.subject] = None


def _by_file(denied: Finding) -> Finding:
    role = f"the role {denied.subject}" if denied.subject else "the role for them"
    return Finding(
        code="vat-by-file",
        severity=Severity.NOTICE,
        what=f"VAT transactions are not downloaded: the application lacks {role}, which opens buyers' data.",
        to_do=(
            "Leave it so, and bring the report as a file: in Seller Central Reports, Tax Document Library, Amazon VAT"
            " Transactions Report; then `tieout import` it."
        ),
        subject=denied.subject,
    )


def _months_before(now: datetime) -> Iterator[Month]:
    """The last whole months whose report Amazon has made by now, the oldest first."""
    last = Month.of((now - timedelta(days=AMAZON_VAT_READY_DAYS)).date())
    months = []
    for _ in range(AMAZON_VAT_MONTHS):
        last = Month(last.year - 1, 12) if last.month == 1 else Month(last.year, last.month - 1)
        months.append(last)
    yield from reversed(months)


def _bounds(month: Month) -> tuple[datetime, datetime]:
    first, after = month.first_day, month.next().first_day
    return datetime(first.year, first.month, 1, tzinfo=UTC), datetime(after.year, after.month, 1, tzinfo=UTC)
