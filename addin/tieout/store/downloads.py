"""What was fetched from Amazon and what it was asked to make, and up to when each kind of download is complete."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from tieout.download_ports import Download, DownloadState
from tieout.store.database import Database
from tieout.store.download_schema import DOWNLOAD_MARKS, DOWNLOADS
from tieout.store.moments import moment_of, moment_text

_FETCHED = (DownloadState.KEPT.value, DownloadState.READ.value)


class StoredDownloads:
    """The downloads of one company; fulfils `tieout.download_ports.Downloads`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, seller_id: str, report_id: str) -> Download | None:
        """The download of a report."""
        ours = (DOWNLOADS.c.seller_id == seller_id) & (DOWNLOADS.c.report_id == report_id)
        with self._database.reading() as connection:
            row = connection.execute(select(DOWNLOADS).where(ours)).first()
        return _download(row) if row is not None else None

    def of_kind(self, kind: str, seller_id: str = "") -> tuple[Download, ...]:
        """Every download of a kind, of one seller or of all, by start and id."""
        query = select(DOWNLOADS).where(DOWNLOADS.c.kind == kind)
        if seller_id:
            query = query.where(DOWNLOADS.c.seller_id == seller_id)
        with self._database.reading() as connection:
            ordered = query.order_by(DOWNLOADS.c.start_at, DOWNLOADS.c.seller_id, DOWNLOADS.c.report_id)
            return tuple(map(_download, connection.execute(ordered)))

    def known(self, seller_id: str, kind: str) -> frozenset[str]:
        """The ids of the reports of a kind that are kept."""
        query = select(DOWNLOADS.c.report_id).where(
            DOWNLOADS.c.seller_id == seller_id, DOWNLOADS.c.kind == kind, DOWNLOADS.c.state.in_(_FETCHED)
        )
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def save(self, download: Download) -> None:
        """Keep a download, in the place of what was known of it."""
        values = _values(download)
        ours = (DOWNLOADS.c.seller_id == download.seller_id) & (DOWNLOADS.c.report_id == download.report_id)
        with self._database.writing() as connection:
            connection.execute(delete(DOWNLOADS).where(ours))
            connection.execute(insert(DOWNLOADS).values(values))

    def forget(self, download: Download) -> None:
        """Leave no trace of a download that brought nothing new."""
        ours = (DOWNLOADS.c.seller_id == download.seller_id) & (DOWNLOADS.c.report_id == download.report_id)
        with self._database.writing() as connection:
            connection.execute(delete(DOWNLOADS).where(ours))

    def mark(self, seller_id: str, region: str, kind: str) -> datetime | None:
        """Up to which moment a kind of download is complete."""
        ours = _mark_of(seller_id, region, kind)
        with self._database.reading() as connection:
            found = connection.execute(select(DOWNLOAD_MARKS.c.until_at).where(ours)).scalar()
        return moment_of(str(found)) if found else None

    def move_mark(self, seller_id: str, region: str, kind: str, until: datetime) -> None:
        """Note that it is complete up to a moment; a mark never goes back."""
        ours = _mark_of(seller_id, region, kind)
        with self._database.writing() as connection:
            before = connection.execute(select(DOWNLOAD_MARKS.c.until_at).where(ours)).scalar()
            if before is not None and str(before) >= moment_text(until):
                return
            connection.execute(delete(DOWNLOAD_MARKS).where(ours))
            values = {"seller_id": seller_id, "region": region, "kind": kind, "until_at": moment_text(until)}
            connection.execute(insert(DOWNLOAD_MARKS).values(values))


def _mark_of(seller_id: str, region: str, kind: str) -> Any:
    return (
        (DOWNLOAD_MARKS.c.seller_id == seller_id)
        & (DOWNLOAD_MARKS.c.region == region)
        & (DOWNLOAD_MARKS.c.kind == kind)
    )


def _values(download: Download) -> dict[str, str]:
    return {
        "seller_id": download.seller_id,
        "report_id": download.report_id,
        "kind": download.kind,
        "region": download.region,
        "state": download.state.value,
        "marketplaces": ",".join(download.marketplaces),
        "start_at": moment_text(download.start),
        "end_at": moment_text(download.end),
        "listed_at": moment_text(download.listed),
        "document_sha256": download.document_sha256,
        "subject": download.subject,
    }


def _download(row: Row[Any]) -> Download:
    return Download(
        seller_id=row.seller_id,
        report_id=row.report_id,
        kind=row.kind,
        region=row.region,
        state=DownloadState(row.state),
        marketplaces=tuple(one for one in row.marketplaces.split(",") if one),
        start=moment_of(row.start_at),
        end=moment_of(row.end_at),
        listed=moment_of(row.listed_at),
        document_sha256=row.document_sha256,
        subject=row.subject,
    )
