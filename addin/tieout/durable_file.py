"""Writing a file as a whole, so that neither a reader nor a crash ever meets half of it."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A new file beside `path` that takes its place when the block ends well, and is gone when it does not.

    A reader, or a crash, meets the old content or the new, never a half. A file keeps the rights that it has;
    `private` keeps other users of the machine from reading it, where the system has such rights. OSError where the
    folder can't be written, or where another program holds `path` open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    new.unlink(missing_ok=True)  # of a process that died; or put there by somebody, to lead elsewhere
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            if path.exists() and not private:
                shutil.copymode(path, new)
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)


def write_durably(path: Path, content: bytes, *, private: bool = False) -> None:
    """Replace a small file as a whole (see `whole_file`)."""
    with whole_file(path, private=private) as file:
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Make a renamed or new file's place in its folder durable too; Windows does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
