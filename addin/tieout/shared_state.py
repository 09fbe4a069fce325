"""A small state that several processes share: one JSON object in a file, read and written under a lock.

It serves what is counted out of courtesy (requests to a service). So nothing about the file may stop the work: where
it is broken, counting begins anew; where it can't be locked in time or written, the state is kept in memory.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tieout.file_lock import file_lock
from tieout.ports import Clock

# How often somebody else's lock is tried: it is held for a thousandth of a second or two.
_STEP_MILLISECONDS = 5


class SharedState:
    """The state in `file`; without one it is of this process alone. Several threads may use it."""

    def __init__(self, file: Path | None, clock: Clock, lock_seconds_max: int) -> None:
        self._file = file
        self._clock = clock
        self._lock_seconds_max = lock_seconds_max
        self._memory: dict[str, Any] = {}
        self._own = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[dict[str, Any]]:
        """The state, for this thread of this process alone; what it is when the block ends is kept."""
        with self._own, ExitStack() as held:
            if self._file is not None and self._locked(held, self._file):
                self._memory = _read(self._file)
            yield self._memory
            if self._file is not None:
                try:
                    # Whoever reads it holds the lock; a half that a crash left is no state, and counting begins anew.
                    self._file.write_bytes(json.dumps(self._memory, separators=(",", ":")).encode("ascii"))
                except OSError:
                    self._file = None

    def _locked(self, held: ExitStack, file: Path) -> bool:
        """Whether the file is this process's now; if it can't be, it is done without for good."""
        try:
            lock = file.with_suffix(".lock")
            held.enter_context(
                file_lock(lock, self._clock, self._lock_seconds_max, step_milliseconds=_STEP_MILLISECONDS)
            )
        except OSError:  # locked for too long, too
            self._file = None
        return self._file is not None


def _read(file: Path) -> dict[str, Any]:
    """What the file says; nothing where it says nothing usable."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
