"""Bring files instead of downloads, with no credentials: settlements, orders, listings, VAT, deferred transactions.

What a file is, its first line says. A document is kept before it is read; what is known already changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tieout.commands.download_desk import DownloadDesk
from tieout.commands.download_settlements import read_for_account
from tieout.commands.progress import Progressed, silent
from tieout.domain.activity import Activity
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import Marketplace, by_country
from tieout.domain.origin import Origin
from tieout.download_ports import VAT_REPORT, Download, DownloadState, Source
from tieout.parse.document_kind import DocumentKind, document_kind
from tieout.parse.listings import read_listings
from tieout.parse.order_privacy import without_buyer_data
from tieout.parse.orders import read_orders
from tieout.parse.settlement_file import read_settlement
from tieout.parse.transactions import read_transaction_page
from tieout.parse.vat import read_vat_report
from tieout.ports import StoreUnwritable


class ImportState(StrEnum):
    """What became of a file."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Imported:
    """A file, what it is, and what came of it. `subject` is what it is about; `records` how many came or changed."""

    file: str
    sha256: str
    kind: DocumentKind
    state: ImportState
    subject: str = ""
    records: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every file, in order, and every finding."""

    files: tuple[Imported, ...]
    findings: tuple[Finding, ...]

    @property
    def new(self) -> tuple[Imported, ...]:
        """The files that brought something."""
        return tuple(one for one in self.files if one.state is ImportState.NEW)


def import_documents(
    documents: Sequence[Document], desk: DownloadDesk, *, country: str = "", progressed: Progressed = silent
) -> ImportReport:
    """Take documents into the store. `country` says whose they are where a file does not (listings never do).

    Nothing is raised for what is in a file, or for what the disk does; what was taken before a stop is kept.
    """
    importing = _Importing(desk, country)
    try:
        for number, document in enumerate(documents):
            progressed(f"Reading {document.name}", number, len(documents))
            importing.files.append(importing.take(document))
        brought = [one for one in importing.files if one.state is ImportState.NEW]
        if brought:
            after = "; ".join(f"{one.kind} {one.subject}".strip() for one in brought[:20])
            subject = f"{len(brought):,} of {len(documents):,} files"
            desk.activity.append(Activity(desk.clock.now(), desk.who, "imported files", subject, after=after))
    except StoreUnwritable as stopped:
        importing.findings.append(stopped.finding)
    return ImportReport(tuple(importing.files), tuple(dict.fromkeys(importing.findings)))


@dataclass(slots=True)
class _Importing:
    desk: DownloadDesk
    country: str
    files: list[Imported] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def take(self, document: Document) -> Imported:
        kind = document_kind(document)
        if isinstance(kind, Finding):
            self.findings.append(kind)
            return self._refused(document, DocumentKind.UNKNOWN)
        if kind is DocumentKind.ORDERS:
            return self._orders(document)
        if kind is DocumentKind.LISTINGS:
            return self._listings(document)
        if kind is DocumentKind.VAT:
            return self._vat(document)
        if kind is DocumentKind.TRANSACTIONS:
            return self._transactions(document)
        return self._settlement(document, kind)

    def _settlement(self, document: Document, kind: DocumentKind) -> Imported:
        """A settlement, or what can't be told from one that lost its columns: the reader says what it lacks."""
        if self.country:
            settlement, findings = read_settlement(document, country=self.country)
        else:
            settlement, findings = read_for_account(document, self._marketplaces())
        if settlement is None and kind is DocumentKind.UNKNOWN:
            findings = tuple(
                _unknown(document) if one.code == "settlement-not-recognised" else one for one in findings
            )
        self.findings += findings
        if settlement is None:
            return self._refused(document, kind)
        self.desk.documents.put(document)
        is_known = self.desk.settlements.get(settlement.settlement_id) is not None
        alarm = self.desk.settlements.record(settlement)
        if alarm is not None:
            self.findings.append(alarm)
            return self._refused(document, DocumentKind.SETTLEMENT, settlement.settlement_id)
        state = ImportState.KNOWN if is_known else ImportState.NEW
        return self._done(document, DocumentKind.SETTLEMENT, state, settlement.settlement_id, len(settlement.lines))

    def _orders(self, document: Document) -> Imported:
        kept = without_buyer_data(document)
        read = read_orders(kept)
        self.findings += read.findings
        if not read.orders:
            return self._refused(document, DocumentKind.ORDERS)
        self.desk.documents.put(kept)
        saved = self.desk.orders.save(read.orders, Source.FILE)
        changed = len(saved.new) + len(saved.updated)
        state = ImportState.NEW if changed else ImportState.KNOWN
        return self._done(kept, DocumentKind.ORDERS, state, f"{len(read.orders):,} orders", changed)

    def _listings(self, document: Document) -> Imported:
        place = by_country(self.country)
        if place is None:
            self.findings.append(_no_country(document))
            return self._refused(document, DocumentKind.LISTINGS)
        listings, findings = read_listings(document, place)
        self.findings += findings
        if not listings:
            return self._refused(document, DocumentKind.LISTINGS)
        self.desk.documents.put(document)
        saved = self.desk.listings.replace(self._seller(), place.country, listings)
        state = ImportState.NEW if saved.changes else ImportState.KNOWN
        return self._done(document, DocumentKind.LISTINGS, state, _named(place, len(listings)), saved.changes)

    def _vat(self, document: Document) -> Imported:
        report = read_vat_report(document)
        if isinstance(report, Finding):
            self.findings.append(report)
            return self._refused(document, DocumentKind.VAT)
        document = without_buyer_data(document)
        is_new = self.desk.documents.put(document)
        if is_new:
            self.desk.downloads.save(
                Download(
                    seller_id=self._seller(),
                    report_id=f"file:{document.sha256}",
                    kind=VAT_REPORT,
                    region="EU",
                    state=DownloadState.READ,
                    document_sha256=document.sha256,
                    subject=report.subject,
                )
            )
        state = ImportState.NEW if is_new else ImportState.KNOWN
        return self._done(document, DocumentKind.VAT, state, report.subject, report.rows if is_new else 0)

    def _transactions(self, document: Document) -> Imported:
        found, findings = read_transaction_page(document)
        self.findings += findings
        self.desk.documents.put(document)
        saved = self.desk.deferred.save(found)
        state = ImportState.NEW if saved.changes else ImportState.KNOWN
        return self._done(document, DocumentKind.TRANSACTIONS, state, f"{len(found):,} transactions", saved.changes)

    def _marketplaces(self) -> list[str]:
        return [one for address in self.desk.company.sellers for one in address.marketplaces]

    def _seller(self) -> str:
        """Whose files these are: the only seller's, or nobody's in particular."""
        sellers = {address.seller_id for address in self.desk.company.sellers}
        return sellers.pop() if len(sellers) == 1 else ""

    @staticmethod
    def _done(document: Document, kind: DocumentKind, state: ImportState, subject: str, records: int) -> Imported:
        return Imported(document.name, document.sha256, kind, state, subject, records)

    @staticmethod
    def _refused(document: Document, kind: DocumentKind, subject: str = "") -> Imported:
        return Imported(document.name, document.sha256, kind, ImportState.REFUSED, subject)


def _named(place: Marketplace, count: int) -> str:
    return f"{count:,} on {place.name}"


def _unknown(document: Document) -> Finding:
    return Finding(
        code="file-kind-unknown",
        severity=Severity.REFUSED,
        what="This file is no settlement, order, listings or VAT report of Amazon's, by its first line.",
        to_do="Check that it is the file you mean; docs/amazon.md says where Seller Central offers each.",
        where=Origin(document.name, document.sha256),
    )


def _no_country(document: Document) -> Finding:
    return Finding(
        code="listings-without-marketplace",
        severity=Severity.REFUSED,
        what="A listings report does not say which marketplace it is of.",
        to_do="Say it with --country, for example --country DE.",
        where=Origin(document.name, document.sha256),
    )
