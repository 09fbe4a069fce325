"""Download settlements: all that Amazon lists, each document once, kept before it is read, each settlement once.

Amazon makes settlement reports by itself and lists them for 90 days. A report names all the marketplaces of the
account's region, so nothing is filtered by marketplace: the document itself says whose account and currency it is.
One report may be listed twice, and one settlement be in two files; its id decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from tieout.commands.download_desk import DownloadDesk, DownloadReport, Tally, requests_made
from tieout.commands.progress import Progressed, silent
from tieout.commands.settlement_periods import missing_between
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_id
from tieout.domain.settlement import Settlement
from tieout.download_ports import (
    SETTLEMENT_REPORT,
    Amazon,
    AmazonUnavailable,
    Download,
    DownloadState,
    ReportEntry,
)
from tieout.limits import AMAZON_REPORTS_LISTED_DAYS
from tieout.parse.settlement_file import read_settlement
from tieout.ports import StoreUnwritable

_BY_HAND = "download them in Seller Central (Payments, All Statements) and import the files."
# A second press at once changes nothing at all; a press on another day notes that it looked.
_MARKED_ANEW_AFTER = timedelta(days=1)
_UNDECIDED = "settlement-marketplace-undecided"


def download_settlements(desk: DownloadDesk, progressed: Progressed = silent) -> DownloadReport:
    """Fetch every settlement that is listed and not kept yet, and say what is missing or out of reach.

    What stops one seller's download does not stop another's; nothing is raised for what Amazon or the disk does.
    """
    tally, requests_before = Tally("settlements"), requests_made(desk)
    try:
        for regions in desk.sellers:
            if not regions:
                continue
            _read_what_is_kept(desk, regions, tally)
            try:
                _of_seller(desk, regions, tally, progressed)
            except AmazonUnavailable as unavailable:
                tally.say([unavailable.finding])
                tally.sign_in |= unavailable.sign_in
        downloads = desk.downloads.of_kind(SETTLEMENT_REPORT)
        tally.say(missing_between(desk, {one.subject: one.seller_id for one in downloads if one.subject}))
        return tally.report(desk, requests_before)
    except StoreUnwritable as stopped:
        return tally.stopped(desk, requests_before, stopped.finding)


def _of_seller(desk: DownloadDesk, regions: Sequence[Amazon], tally: Tally, progressed: Progressed) -> None:
    amazon = regions[0]
    known = desk.downloads.known(amazon.seller_id, SETTLEMENT_REPORT)
    progressed("Listing settlements", 0, None)
    listed = list(amazon.reports(SETTLEMENT_REPORT))
    waiting = sorted((one for one in listed if one.report_id not in known), key=lambda one: one.created)
    tally.unchanged += len(listed) - len(waiting)
    if not known:
        tally.say([_out_of_reach(amazon)])
    elif waiting:
        tally.say(_missed(desk, amazon))
    for number, entry in enumerate(waiting):  # the oldest first: they leave Amazon's list first
        progressed("Downloading settlements", number, len(waiting))
        try:
            _fetch(desk, regions, entry, tally)
        except AmazonUnavailable as unavailable:
            if unavailable.finding.code != "amazon-document-damaged":
                raise
            tally.say([unavailable.finding])  # the others may be whole
    mark = desk.downloads.mark(amazon.seller_id, amazon.region, SETTLEMENT_REPORT)
    if waiting or mark is None or amazon.now() - mark > _MARKED_ANEW_AFTER:
        desk.downloads.move_mark(amazon.seller_id, amazon.region, SETTLEMENT_REPORT, amazon.now())


def _fetch(desk: DownloadDesk, regions: Sequence[Amazon], entry: ReportEntry, tally: Tally) -> None:
    amazon = regions[0]
    document = amazon.document(entry.document_id, f"settlement (Amazon report {entry.report_id}).txt")
    desk.documents.put(document)
    kept = Download(
        seller_id=amazon.seller_id,
        report_id=entry.report_id,
        kind=SETTLEMENT_REPORT,
        region=amazon.region,
        state=DownloadState.KEPT,
        marketplaces=entry.marketplaces,
        start=entry.start,
        end=entry.end,
        listed=entry.created,
        document_sha256=document.sha256,
    )
    desk.downloads.save(kept)
    _take(desk, regions, kept, document, tally)


def _read_what_is_kept(desk: DownloadDesk, regions: Sequence[Amazon], tally: Tally) -> None:
    """Read again what was kept and not read: a press was stopped in between, or Tieout has learnt since."""
    for kept in desk.downloads.of_kind(SETTLEMENT_REPORT, regions[0].seller_id):
        document = desk.documents.get(kept.document_sha256) if kept.state is DownloadState.KEPT else None
        if document is not None:
            _take(desk, regions, kept, document, tally)


def _take(desk: DownloadDesk, regions: Sequence[Amazon], kept: Download, document: Document, tally: Tally) -> None:
    """What a kept document says: its settlement is known, or a person is told why not."""
    marketplaces = [one for amazon in regions for one in amazon.marketplaces]
    settlement, findings = read_for_account(document, marketplaces)
    tally.say(findings)
    if settlement is None:
        return
    is_known = desk.settlements.get(settlement.settlement_id) is not None
    alarm = desk.settlements.record(settlement)
    if alarm is not None:
        tally.say([alarm])  # it stays kept and unread, so that each press says it until somebody decides
        return
    if is_known:
        tally.unchanged += 1
    else:
        tally.new[settlement.settlement_id] = None
    desk.downloads.save(replace(kept, state=DownloadState.READ, subject=settlement.settlement_id))


def read_for_account(
    document: Document, marketplace_ids: Sequence[str]
) -> tuple[Settlement | None, tuple[Finding, ...]]:
    """The settlement in a document of an account with these marketplaces.

    Where no line tells whose it is and several marketplaces settle in its currency, the only one of those that the
    seller has is it.
    """
    settlement, findings = read_settlement(document)
    if settlement is None and any(finding.code == _UNDECIDED for finding in findings):
        for country in _countries_of_shared_currencies(marketplace_ids):
            return read_settlement(document, country=country)
    return settlement, findings


def _countries_of_shared_currencies(marketplace_ids: Sequence[str]) -> Iterator[str]:
    """The country of the only euro marketplace among these, if there is just one."""
    euro = [found.country for found in map(by_id, marketplace_ids) if found is not None and found.currency == "EUR"]
    if len(euro) == 1:
        yield euro[0]


def _out_of_reach(amazon: Amazon) -> Finding:
    since = (amazon.now() - timedelta(days=AMAZON_REPORTS_LISTED_DAYS)).date()
    return Finding(
        code="settlements-out-of-reach",
        severity=Severity.NOTICE,
        what=f"Amazon lists settlements for {AMAZON_REPORTS_LISTED_DAYS} days: none made before {since} is listed.",
        to_do=f"If you need older ones, {_BY_HAND}",
        subject=amazon.seller_id,
    )


def _missed(desk: DownloadDesk, amazon: Amazon) -> tuple[Finding, ...]:
    """That Amazon's list no longer reaches back to the last download, if that is so."""
    mark = desk.downloads.mark(amazon.seller_id, amazon.region, SETTLEMENT_REPORT)
    reach = amazon.now() - timedelta(days=AMAZON_REPORTS_LISTED_DAYS)
    if mark is None or mark >= reach:
        return ()
    return (
        Finding(
            code="settlements-missed",
            severity=Severity.BLOCKED,
            what=(
                f"Settlements were last downloaded on {mark.date()}, and Amazon lists them for"
                f" {AMAZON_REPORTS_LISTED_DAYS} days: those made up to {reach.date()} may be missing."
            ),
            to_do=_BY_HAND[0].upper() + _BY_HAND[1:],
            subject=amazon.seller_id,
        ),
    )
