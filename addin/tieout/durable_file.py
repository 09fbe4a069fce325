"""Writing a small file so that neither a reader nor a crash ever meets half of it."""

import os
import sys
import threading
from pathlib import Path


def write_durably(path: Path, content: bytes, *, private: bool = False) -> None:
    """Replace a file as a whole: a reader, or a crash, meets the old content or the new, never a half.

    `private` keeps other users of the machine from reading it, where the system has such rights.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a renamed or new file's place in its folder durable too; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
