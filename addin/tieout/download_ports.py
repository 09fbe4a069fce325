"""What downloading needs of the outside, as narrow protocols; only `wiring.py` builds real ones.

`Amazon` gives raw bytes: what they say is read by `tieout.parse`, so that kept documents can be read again. Every
method of it raises `AmazonUnavailable` where there is no usable answer.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tieout.domain.document import Document
from tieout.domain.finance import Deferral, DeferredTransaction
from tieout.domain.finding import Finding
from tieout.domain.listing import Listing, Stock
from tieout.domain.order import Order

# The kinds of report that are downloaded, in Amazon's words ("Report type values").
SETTLEMENT_REPORT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
ORDER_REPORT = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
LISTING_REPORT = "GET_MERCHANT_LISTINGS_ALL_DATA"
STOCK_REPORT = "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"
VAT_REPORT = "GET_VAT_TRANSACTION_DATA"


class AmazonUnavailable(Exception):
    """Amazon gave no usable answer; `finding` says what a person can do about it.

    `sign_in`: whether it is the credentials that must be renewed. `status` is that of its answer, 0 where there
    was none.
    """

    def __init__(self, finding: Finding, *, sign_in: bool = False, status: int = 0) -> None:
        super().__init__(str(finding))
        self.finding = finding
        self.sign_in = sign_in
        self.status = status


class ReportState(StrEnum):
    """How far Amazon is with a report (model reports_2021-06-30.json, processingStatus)."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FATAL = "FATAL"

    @property
    def is_final(self) -> bool:
        """Whether it will stay so."""
        return self in {ReportState.DONE, ReportState.CANCELLED, ReportState.FATAL}


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report as Amazon lists it. Moments are aware, and of Amazon's clock; None where it names none."""

    report_id: str
    kind: str
    state: ReportState
    marketplaces: tuple[str, ...]
    created: datetime
    start: datetime | None = None
    end: datetime | None = None
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Participation:
    """A marketplace in which the seller takes part."""

    marketplace_id: str
    name: str
    country: str
    currency: str
    participates: bool
    suspended: bool


class Amazon(Protocol):
    """One seller's account in one region, as Amazon lets an application see it."""

    @property
    def seller_id(self) -> str:
        """The seller's id (merchant token)."""
        ...

    @property
    def region(self) -> str:
        """The region: NA, EU or FE."""
        ...

    @property
    def marketplaces(self) -> tuple[str, ...]:
        """The ids of the account's marketplaces in this region."""
        ...

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        ...

    def now(self) -> datetime:
        """The aware moment by Amazon's own clock, as its last answer told it."""
        ...

    def available(self, operation: str) -> int:
        """How many requests of an operation could be sent now without a wait."""
        ...

    def participations(self) -> tuple[Participation, ...]:
        """Where the seller takes part."""
        ...

    def reports(self, kind: str) -> Iterator[ReportEntry]:
        """The reports of a kind that are done and still listed, the newest first; each once."""
        ...

    def can_list(self, kind: str) -> None:
        """Ask for one report of a kind, to see whether the application may (AmazonUnavailable if not)."""
        ...

    def ask_report(
        self, kind: str, marketplaces: Sequence[str], start: datetime | None = None, end: datetime | None = None
    ) -> str:
        """Ask for a report to be made; its id."""
        ...

    def report(self, report_id: str) -> ReportEntry | None:
        """How far a report is; None where Amazon does not know it (any more)."""
        ...

    def document(self, document_id: str, name: str) -> Document:
        """A report's document, unpacked, with the charset that its download declared."""
        ...

    def orders_updated(self, since: datetime, until: datetime | None, page_size: int = 100) -> Iterator[bytes]:
        """The orders changed since (and until), in this region's marketplaces: raw pages of the Orders API."""
        ...

    def deferred(self, deferral: Deferral, since: datetime) -> Iterator[bytes]:
        """The transactions of a status posted since: raw pages of the Finances API."""
        ...

    def stock(self, marketplace_id: str) -> Iterator[bytes]:
        """What is in Amazon's warehouses for a marketplace: raw pages of the FBA Inventory API."""
        ...


class DownloadState(StrEnum):
    """Where something that was fetched, or asked for, stands."""

    ASKED = "asked"  # Amazon is making it
    KEPT = "kept"  # its document is kept; it could not be read (yet)
    READ = "read"  # its document is kept, and what it says is stored
    EMPTY = "empty"  # Amazon had nothing of that kind
    FAILED = "failed"  # Amazon could not make it, or does not have it any more


@dataclass(frozen=True, slots=True)
class Download:
    """A document fetched from Amazon, being made there, or brought as a file.

    `report_id` is Amazon's; that of a file is "file:" and its content hash. `subject` is what it turned out to be
    about: a settlement id, a period. Moments are aware, None where there is none.
    """

    seller_id: str
    report_id: str
    kind: str
    region: str
    state: DownloadState
    marketplaces: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    listed: datetime | None = None
    document_sha256: str = ""
    subject: str = ""


class Downloads(Protocol):
    """What was fetched and asked for, and how far each kind of download has come."""

    def get(self, seller_id: str, report_id: str) -> Download | None:
        """The download of a report."""
        ...

    def of_kind(self, kind: str, seller_id: str = "") -> tuple[Download, ...]:
        """Every download of a kind, of one seller or of all, by start and id."""
        ...

    def known(self, seller_id: str, kind: str) -> frozenset[str]:
        """The ids of the reports of a kind that are kept."""
        ...

    def save(self, download: Download) -> None:
        """Keep a download, in the place of what was known of it."""
        ...

    def forget(self, download: Download) -> None:
        """Leave no trace of a download that brought nothing new."""
        ...

    def mark(self, seller_id: str, region: str, kind: str) -> datetime | None:
        """Up to which moment a kind of download is complete."""
        ...

    def move_mark(self, seller_id: str, region: str, kind: str, until: datetime) -> None:
        """Note that it is complete up to a moment; a mark never goes back."""
        ...


class Source(StrEnum):
    """Where an order was told."""

    REPORT = "report"
    API = "api"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SavedOrders:
    """What saving orders came to, by order id; `cancelled` are those that became cancelled by it."""

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    unchanged: int = 0


class Orders(Protocol):
    """The orders of a company, each once, as Amazon last told it."""

    def save(self, orders: Sequence[Order], source: Source) -> SavedOrders:
        """Keep orders, all or none: new ones, and newer versions of known ones. Older versions change nothing."""
        ...

    def news(self, orders: Sequence[Order]) -> frozenset[str]:
        """The ids of those orders that are not known, or not in so new a version."""
        ...

    def get(self, order_id: str) -> Order | None:
        """The order of an id."""
        ...

    def all(self, *, marketplace: str = "", without: Container[str] = ()) -> Iterator[Order]:
        """Every order, or those of one marketplace, but for some, by time of purchase."""
        ...

    def with_status(self, told: Iterable[str]) -> Iterator[Order]:
        """The orders whose status is one of Amazon's words."""
        ...

    def statuses(self) -> Mapping[str, int]:
        """Amazon's words that stored orders have, and how many orders each."""
        ...

    def updated_since(self, moment: datetime, marketplaces: Iterable[str]) -> int:
        """How many orders of some marketplaces Amazon changed since a moment."""
        ...


@dataclass(frozen=True, slots=True)
class SavedRecords:
    """Which records came new, changed, or are no longer told of, by what identifies them; how many stayed."""

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def changes(self) -> int:
        """How many differ from before."""
        return len(self.new) + len(self.updated) + len(self.gone)


class Listings(Protocol):
    """The seller's listings and Amazon's stock of them, as last downloaded."""

    def replace(self, seller_id: str, marketplace: str, listings: Sequence[Listing]) -> SavedRecords:
        """The listings of a marketplace, whole: what is no longer listed goes."""
        ...

    def replace_stock(self, seller_id: str, marketplace: str, stock: Sequence[Stock]) -> SavedRecords:
        """The stock of a marketplace, whole."""
        ...


class DeferredTransactions(Protocol):
    """Transactions that Amazon held back, whether it still does or not."""

    def save(self, transactions: Sequence[DeferredTransaction]) -> SavedRecords:
        """Keep transactions, all or none; a known one takes the new state."""
        ...
