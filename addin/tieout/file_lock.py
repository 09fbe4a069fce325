"""A lock on a file, which two processes respect and which the system releases when its holder dies.

On Windows a byte of the file is locked (msvcrt), elsewhere the open file (flock); both also keep two threads of
one process apart, because each opens the file anew.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tieout.ports import Clock


class Locked(TimeoutError):
    """Another process or thread holds the lock, and went on holding it for as long as we may wait."""


@contextmanager
def file_lock(path: Path, clock: Clock, wait_seconds_max: int, *, step_milliseconds: int = 1_000) -> Iterator[None]:
    """Hold the lock of `path` (made if missing, never removed), tried every `step_milliseconds`; Locked after
    `wait_seconds_max` seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        waited = 0
        while not _try_lock(file):
            if waited >= wait_seconds_max * 1_000:
                raise Locked(path.name)
            clock.sleep_milliseconds(step_milliseconds)
            waited += step_milliseconds
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
