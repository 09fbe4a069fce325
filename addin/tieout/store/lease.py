"""The lease: one writer of postings per company, with a name and an end.

A database file is also guarded by a lock of the operating system, which ends with its process; so a lease left by
a process that died on this machine is taken over at once, and one of another machine when it ends.
"""

import platform
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from tieout.domain.finding import Finding, Severity
from tieout.file_lock import Locked, file_lock
from tieout.limits import LEASE_SECONDS, LEASE_WAIT_SECONDS_MAX
from tieout.ports import AnotherWriter, Clock, StoreUnwritable
from tieout.store.database import Database
from tieout.store.moments import moment_text
from tieout.store.schema import LEASES

_POSTING = "posting"


def lock_of(database: Path) -> Path:
    """The file whose lock the writer of postings holds."""
    return database.with_name(f"{database.name}.posting.lock")


@contextmanager
def lease(database: Database, clock: Clock, holder: str) -> Iterator[str]:
    """Hold the lease while the block runs, and give it back; yields its token. AnotherWriter if it is taken."""
    with ExitStack() as stack:
        if database.path is not None:
            try:
                stack.enter_context(file_lock(lock_of(database.path), clock, LEASE_WAIT_SECONDS_MAX))
            except Locked:
                raise AnotherWriter(_taken(_row(database))) from None
        token = str(uuid.uuid4())
        _take(database, clock, holder, token)
        try:
            yield token
        finally:
            with suppress(StoreUnwritable):  # a lease that can't be given back ends by itself
                _give_back(database, token)


def renew_in(connection: Connection, clock: Clock, token: str) -> None:
    """Put the end of the lease off, in the caller's transaction; AnotherWriter if it is no longer ours."""
    renewed = connection.execute(update(LEASES).where(LEASES.c.token == token).values(expires_at=_end(clock)))
    if renewed.rowcount == 0:
        raise AnotherWriter(_taken(connection.execute(_lease_row()).first()))


def _take(database: Database, clock: Clock, holder: str, token: str) -> None:
    waited = 0
    while (other := _try_to_take(database, clock, holder, token)) is not None:
        if waited >= LEASE_WAIT_SECONDS_MAX:
            raise AnotherWriter(_taken(other))
        clock.sleep(1)
        waited += 1


def _try_to_take(database: Database, clock: Clock, holder: str, token: str) -> Row[Any] | None:
    """Take the lease; the one that stands in the way where that can't be done yet."""
    host = platform.node()
    with database.writing() as connection:
        present = connection.execute(_lease_row()).first()
        if present is not None:
            # The lock on the file is ours, so whoever wrote this lease on this machine is gone.
            left_behind = database.path is not None and present.host == host
            if not left_behind and present.expires_at > moment_text(clock.now()):
                return present
            connection.execute(delete(LEASES).where(LEASES.c.name == _POSTING))
        values = {"name": _POSTING, "token": token, "holder": holder, "host": host, "expires_at": _end(clock)}
        connection.execute(insert(LEASES).values(values))
    return None


def _give_back(database: Database, token: str) -> None:
    with database.writing() as connection:
        connection.execute(delete(LEASES).where(LEASES.c.token == token))


def _lease_row() -> Select[Any]:
    return select(LEASES.c.holder, LEASES.c.host, LEASES.c.expires_at).where(LEASES.c.name == _POSTING)


def _row(database: Database) -> Row[Any] | None:
    with database.reading() as connection:
        return connection.execute(_lease_row()).first()


def _end(clock: Clock) -> str:
    return moment_text(clock.now() + timedelta(seconds=LEASE_SECONDS))


def _taken(by: Row[Any] | None) -> Finding:
    who = f"{by.holder} on {by.host}" if by is not None else "Another Tieout"
    until = f", at the latest until {by.expires_at[:16].replace('T', ' ')} UTC" if by is not None else ""
    return Finding(
        code="another-writer",
        severity=Severity.BLOCKED,
        what=f"{who} is posting for this company right now{until}. Nothing was sent.",
        to_do="Wait until that has ended, and press the button again.",
    )
