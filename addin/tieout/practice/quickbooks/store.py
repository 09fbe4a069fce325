"""The practice company's database: objects, ledger postings, links, request ids, tokens, in one SQLite file.

One connection, used under the server's one lock. With no path the database is in memory; with one it is a file
that a later server opens again, with the same books, realm and tokens.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tieout.practice.exact_json import read_json, write_json

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
  kind TEXT NOT NULL, id INTEGER NOT NULL, sync_token INTEGER NOT NULL, document TEXT NOT NULL,
  active INTEGER NOT NULL, deleted INTEGER NOT NULL, number TEXT, name TEXT, day TEXT,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS objects_by_number ON objects (kind, number);
CREATE INDEX IF NOT EXISTS objects_by_name ON objects (kind, name);
CREATE INDEX IF NOT EXISTS objects_by_any_case_name ON objects (kind, name COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS objects_by_updated ON objects (kind, updated);
CREATE TABLE IF NOT EXISTS postings (
  kind TEXT NOT NULL, id INTEGER NOT NULL, line INTEGER NOT NULL, account INTEGER NOT NULL,
  minor INTEGER NOT NULL, currency TEXT NOT NULL, home INTEGER NOT NULL, day TEXT NOT NULL,
  party_kind TEXT, party INTEGER, class TEXT, department TEXT, memo TEXT,
  PRIMARY KEY (kind, id, line)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS postings_by_account ON postings (account, day);
CREATE TABLE IF NOT EXISTS links (
  kind TEXT NOT NULL, id INTEGER NOT NULL, to_kind TEXT NOT NULL, to_id INTEGER NOT NULL,
  minor INTEGER NOT NULL, PRIMARY KEY (kind, id, to_kind, to_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_by_target ON links (to_kind, to_id);
CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS connections (name TEXT PRIMARY KEY, revoked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refresh_tokens (
  token TEXT PRIMARY KEY, connection TEXT NOT NULL, serial INTEGER NOT NULL, issued INTEGER NOT NULL,
  first_issued INTEGER NOT NULL, superseded INTEGER, dead INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS access_tokens (
  token TEXT PRIMARY KEY, connection TEXT NOT NULL, expires INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
  code TEXT PRIMARY KEY, redirect_uri TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL);
"""


class Store:
    """Rows in and out; no rule of QuickBooks lives here."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        target = ":memory:" if path is None else str(path)
        # Autocommit at the driver: transactions are opened by name in `transaction`, and nowhere else.
        self._db = sqlite3.connect(target, check_same_thread=False, isolation_level=None)
        if path is not None:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the database; what was committed stays."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested, a savepoint: a failed item of a batch takes nothing else with it."""
        nested = self._db.in_transaction
        self._db.execute("SAVEPOINT item" if nested else "BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO item" if nested else "ROLLBACK")
            if nested:
                self._db.execute("RELEASE item")
            raise
        self._db.execute("RELEASE item" if nested else "COMMIT")

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._db.execute(statement, values).fetchall()

    def row(self, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        found: tuple[Any, ...] | None = self._db.execute(statement, values).fetchone()
        return found

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Change rows; how many."""
        return self._db.execute(statement, values).rowcount

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Change rows, once for each of `rows`."""
        self._db.executemany(statement, rows)

    def fact(self, name: str, default: Any = None) -> Any:
        """A value kept under a name, as it was put."""
        found = self.row("SELECT value FROM facts WHERE name = ?", (name,))
        return default if found is None else read_json(found[0].encode())

    def put_fact(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        self.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, write_json(value)))

    def next_in(self, sequence: str) -> int:
        """The next whole number of a sequence, from 1."""
        self.run("INSERT INTO sequences VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1", (sequence,))
        found = self.row("SELECT last FROM sequences WHERE name = ?", (sequence,))
        assert found is not None, "the row was just written"
        return int(found[0])
