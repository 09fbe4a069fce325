"""Copies of a company's database: whole, consistent while it is in use, and never over something else.

Through SQLite's own backup interface. A PostgreSQL database is backed up by its own tools.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tieout.domain.finding import Finding, Severity
from tieout.durable_file import sync_folder


def backup(database: Path, to: Path) -> Finding | None:
    """Copy a company's database to a file that does not exist yet; the finding if it can't be done."""
    if not database.is_file():
        return _nothing_there(database)
    if to.exists():
        return _exists(to)
    copy_database(database, to)
    return None


def restore(copy: Path, database: Path, *, replace: bool = False) -> Finding | None:
    """Put a copy in the place of a company's database; with `replace`, the present one is kept beside it first.

    The copy is proved before anything is touched. Nobody may have the database open meanwhile.
    """
    if not copy.is_file():
        return _nothing_there(copy)
    if not _is_store(copy):
        return _not_a_store(copy)
    if database.exists():
        if not replace:
            return _exists(database)
        kept = _free_name(database)
        copy_database(database, kept)
    incoming = database.with_name(f"{database.name}.restoring")
    incoming.unlink(missing_ok=True)
    copy_database(copy, incoming)
    for rest in (f"{database.name}-wal", f"{database.name}-shm"):
        database.with_name(rest).unlink(missing_ok=True)
    incoming.replace(database)
    sync_folder(database.parent)
    return None


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite file, even while others write to it, in one self-contained file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").close()


def _is_store(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        return False
    return sound and {"documents", "postings", "activity"} <= tables


def _free_name(database: Path) -> Path:
    number = 1
    while (name := database.with_name(f"{database.name}.replaced-{number}")).exists():
        number += 1
    return name


def _nothing_there(path: Path) -> Finding:
    return Finding(
        code="backup-not-found",
        severity=Severity.REFUSED,
        what=f"There is no file {path.name}.",
        to_do="Check the name; `tieout check-up` says where the companies' data is.",
    )


def _exists(path: Path) -> Finding:
    return Finding(
        code="backup-would-overwrite",
        severity=Severity.REFUSED,
        what=f"{path.name} exists already.",
        to_do=(
            "Choose another name. `tieout restore --replace` puts a copy over data; what is there now is kept"
            " beside it."
        ),
    )


def _not_a_store(path: Path) -> Finding:
    return Finding(
        code="backup-not-a-store",
        severity=Severity.REFUSED,
        what=f"{path.name} is not a whole copy of a Tieout company.",
        to_do="Choose a file that `tieout backup` made; nothing was changed.",
    )
