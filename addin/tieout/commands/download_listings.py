"""Download listings and stock, marketplace by marketplace, each whole: what is no longer listed goes.

The listings report tells prices and the seller's own quantities; what lies in Amazon's warehouses comes from the FBA
Inventory API. Both are what the price and quantity sheets compare with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tieout.commands.download_desk import DownloadDesk, DownloadReport, Tally, requests_made
from tieout.commands.fetch_reports import Fetched, Wanted, ask_for, fetch, still_asked
from tieout.commands.progress import Progressed, silent
from tieout.domain.document import Document
from tieout.domain.finding import Severity
from tieout.domain.marketplace import Marketplace, by_id
from tieout.download_ports import LISTING_REPORT, Amazon, AmazonUnavailable, DownloadState
from tieout.parse.listings import read_listings, read_stock_pages
from tieout.ports import StoreUnwritable


def download_listings(
    desk: DownloadDesk, *, marketplaces: Sequence[str] = (), progressed: Progressed = silent
) -> DownloadReport:
    """Bring listings and stock up to date, for every seller, or for the marketplaces named by country code.

    What stops one seller's download does not stop another's; nothing is raised for what Amazon or the disk does.
    """
    tally, requests_before = Tally("listings"), requests_made(desk)
    try:
        for amazon in (each for regions in desk.sellers for each in regions):
            places = tuple(_chosen(amazon, marketplaces))
            try:
                _listings(desk, amazon, places, tally, progressed)
                _stock(desk, amazon, places, tally, progressed)
            except AmazonUnavailable as unavailable:
                tally.say([unavailable.finding])
                tally.sign_in |= unavailable.sign_in
        return tally.report(desk, requests_before)
    except StoreUnwritable as stopped:
        return tally.stopped(desk, requests_before, stopped.finding)


def _chosen(amazon: Amazon, countries: Sequence[str]) -> Iterator[Marketplace]:
    for marketplace_id in amazon.marketplaces:
        found = by_id(marketplace_id)
        if found is not None and (not countries or found.country in countries):
            yield found


def _listings(
    desk: DownloadDesk, amazon: Amazon, places: Sequence[Marketplace], tally: Tally, progressed: Progressed
) -> None:
    """The listings reports that were asked for before, and those of the other marketplaces asked for now."""
    waiting = still_asked(desk, amazon, LISTING_REPORT)
    asked_already = {marketplace for download in waiting for marketplace in download.marketplaces}
    wanted = [
        Wanted(LISTING_REPORT, f"listings on {place.name}", (place.marketplace_id,))
        for place in places
        if place.marketplace_id not in asked_already
    ]
    downloads = (*waiting, *ask_for(desk, amazon, wanted))
    for fetched in fetch(desk, amazon, downloads, "listings", progressed):
        _store(desk, fetched, tally)


def _store(desk: DownloadDesk, fetched: Fetched, tally: Tally) -> None:
    download = fetched.download
    if fetched.finding is not None:
        tally.say([fetched.finding])
    place = by_id(download.marketplaces[0]) if download.marketplaces else None
    if fetched.is_cancelled or place is None:
        desk.downloads.forget(download)  # there are no listings, or Amazon was asked too often: nothing is known
        return
    if fetched.document is None:
        return
    listings, findings = read_listings(fetched.document, place)
    tally.say(findings)
    if any(finding.severity is Severity.REFUSED for finding in findings):
        return
    saved = desk.listings.replace(download.seller_id, place.country, listings)
    others = [
        one
        for one in desk.downloads.of_kind(LISTING_REPORT, download.seller_id)
        if one.marketplaces == download.marketplaces and one.report_id != download.report_id
    ]
    if saved.changes or not any(one.state is DownloadState.READ for one in others):
        desk.downloads.save(replace(download, state=DownloadState.READ, subject=place.country))
        others = [one for one in others if one.state is not DownloadState.ASKED]
    else:  # the trace of the one that brought what is stored stays, and this one leaves none
        others = [download, *(one for one in others if one.state is DownloadState.KEPT)]
    for one in others:
        desk.downloads.forget(one)
    tally.count(saved)


def _stock(
    desk: DownloadDesk, amazon: Amazon, places: Sequence[Marketplace], tally: Tally, progressed: Progressed
) -> None:
    for number, place in enumerate(places):
        progressed("Asking for stock", number, len(places))
        name = f"page of stock on {place.name}.json"
        pages = [Document.of(name, content) for content in amazon.stock(place.marketplace_id)]
        stock, findings = read_stock_pages(pages, place)
        tally.say(findings)
        if findings:
            continue  # a part of the stock would look like the rest being gone
        saved = desk.listings.replace_stock(amazon.seller_id, place.country, stock)
        if saved.changes:
            for page in pages:
                desk.documents.put(page)
        tally.count(saved)
