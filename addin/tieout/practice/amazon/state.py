"""What practice Amazon remembers: tokens, reports asked for, listings changed, feeds sent.

Everything else is the shop's, made again when asked for. In a file it outlives the server.
"""

import sqlite3
from pathlib import Path
from threading import RLock

from tieout.practice.amazon.wire import Doc
from tieout.practice.exact_json import read_json, write_json

_FILE_NAME = "practice-amazon.sqlite"


class State:
    """Records by kind and id, in memory, or in a file (or in a folder, under a name of its own).

    `lock` holds for a read followed by a write.
    """

    def __init__(self, place: Path | None = None) -> None:
        self.lock = RLock()
        file = place / _FILE_NAME if place is not None and place.is_dir() else place
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if file is None else str(file)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # A practice server may lose its last moments to a power cut; it may not wait for the disk.
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records"
            " (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, body TEXT, UNIQUE (kind, id))"
        )

    def get(self, kind: str, record_id: str) -> Doc | None:
        """The record of an id; None if there is none."""
        with self.lock:
            found = self._database.execute(
                "SELECT body FROM records WHERE kind = ? AND id = ?", (kind, record_id)
            ).fetchone()
        return None if found is None else read_json(found[0].encode())

    def put(self, kind: str, record_id: str, body: Doc) -> None:
        """Keep a record, in the place of the one before it."""
        with self.lock:
            self._database.execute(
                "INSERT INTO records (kind, id, body) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, record_id, write_json(body)),
            )

    def all(self, kind: str) -> list[tuple[str, Doc]]:
        """Every record of a kind with its id, in the order they were first kept."""
        with self.lock:
            rows = self._database.execute(
                "SELECT id, body FROM records WHERE kind = ? ORDER BY number", (kind,)
            ).fetchall()
        return [(record_id, read_json(body.encode())) for record_id, body in rows]

    def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        with self.lock:
            found = self._database.execute("SELECT count(*) FROM records WHERE kind = ?", (kind,)).fetchone()
        return int(found[0])

    def close(self) -> None:
        """Let go of the file."""
        with self.lock:
            self._database.close()
