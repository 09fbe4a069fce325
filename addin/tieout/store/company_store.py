"""A company's store, opened: its documents, settlements, orders, outbox, activity, settings and all the rest."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tieout.domain.finding import Finding, Severity
from tieout.ports import Clock
from tieout.store.activity import StoredActivity
from tieout.store.database import Database
from tieout.store.deferred import StoredDeferred
from tieout.store.documents import StoredDocuments
from tieout.store.downloads import StoredDownloads
from tieout.store.listings import StoredListings
from tieout.store.lists import StoredLists
from tieout.store.orders import StoredOrders
from tieout.store.outbox import StoredOutbox
from tieout.store.settings import StoredMappings, StoredSettings
from tieout.store.settlements import StoredSettlements
from tieout.store.upgrade import upgrade


@dataclass(frozen=True, slots=True)
class CompanyStore:
    """One company, one database. Close it, or use it in a with statement."""

    database: Database
    documents: StoredDocuments
    settlements: StoredSettlements
    outbox: StoredOutbox
    activity: StoredActivity
    settings: StoredSettings
    mappings: StoredMappings
    orders: StoredOrders
    listings: StoredListings
    deferred: StoredDeferred
    downloads: StoredDownloads
    lists: StoredLists

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> "CompanyStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(location: Path | str, clock: Clock) -> CompanyStore | Finding:
    """Open (make, bring up to date) the database at a path, or at a PostgreSQL URL; the finding if it can't be.

    StoreUnwritable where it is sound but can't be written.
    """
    if isinstance(location, Path):
        location.parent.mkdir(parents=True, exist_ok=True)
    try:
        database = Database(location)
    except (ImportError, SQLAlchemyError) as error:
        return _no_way_to(str(error))
    try:
        finding = upgrade(database)
    except DBAPIError as error:
        finding = _unusable(database, str(error.orig))
    except BaseException:
        database.close()
        raise
    if finding is not None:
        database.close()
        return finding
    documents = StoredDocuments(database, clock)
    return CompanyStore(
        database=database,
        documents=documents,
        settlements=StoredSettlements(database, documents),
        outbox=StoredOutbox(database, clock),
        activity=StoredActivity(database),
        settings=StoredSettings(database, clock),
        mappings=StoredMappings(database, clock),
        orders=StoredOrders(database, clock),
        listings=StoredListings(database),
        deferred=StoredDeferred(database),
        downloads=StoredDownloads(database),
        lists=StoredLists(database),
    )


def _no_way_to(reason: str) -> Finding:
    return Finding(
        code="store-address-unusable",
        severity=Severity.REFUSED,
        what=f"The database of this company can't be reached: {reason.strip().rstrip('.')}.",
        to_do="Its address is postgresql://user@host/database; it needs `pip install tieout[postgres]`.",
    )


def _unusable(database: Database, reason: str) -> Finding:
    place = database.path.name if database.path else "The database"
    return Finding(
        code="store-unusable",
        severity=Severity.REFUSED,
        what=f"{place} could not be opened: {reason.strip().rstrip('.')}.",
        to_do="Nothing was changed. Put a copy back with `tieout restore`, or recover the postings from QuickBooks.",
    )
