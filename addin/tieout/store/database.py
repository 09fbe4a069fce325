"""A company's database: SQLite in a file of its own, or PostgreSQL by URL; one way to read and one to write.

SQLite runs with a write-ahead log, full synchronisation and foreign keys. On either, a write transaction takes the
one lock of writers at its beginning, so that two writers queue and never meet half-way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from tieout.domain.finding import Finding, Severity
from tieout.limits import STORE_BUSY_SECONDS_MAX
from tieout.ports import StoreUnwritable

# The number of the writers' lock in PostgreSQL: any will do, as long as every Tieout takes the same.
_WRITERS_LOCK = 7_461_656_875


class Database:
    """Connections to one company's database. `path` is its file; None where it is PostgreSQL."""

    def __init__(self, location: Path | str) -> None:
        self.path = location if isinstance(location, Path) else None
        url = URL.create("sqlite", database=str(location)) if self.path else make_url(str(location))
        self.engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads agree with each other; it changes nothing."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is durable when the block ends, or nothing of it; StoreUnwritable if it can't."""
        try:
            with self.engine.execution_options(tieout_writes=True).begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreUnwritable(unwritable(str(error.orig), self.path)) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def unwritable(reason: str, path: Path | None) -> Finding:
    """That the store can't be written, and why."""
    place = path.name if path else "The database"
    return Finding(
        code="store-unwritable",
        severity=Severity.BLOCKED,
        what=f"{place} could not be written: {reason.strip().rstrip('.')}.",
        to_do="Make room on the disk or free the file, and press the button again; it goes on where it stopped.",
    )


def _postgresql(url: URL) -> Engine:
    # The driver of the extra "postgres"; SQLAlchemy would look for an older one.
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("tieout_writes", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")

    return engine


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": STORE_BUSY_SECONDS_MAX})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: `_begin` does, and says which kind.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("tieout_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
