"""Writing a large file as a whole: a reader meets the old content or the new, never a half."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tieout.durable_file import sync_folder


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A new file beside `path` that takes its place when the block ends well, and is gone when it does not.

    OSError where the folder can't be written, or where another program holds `path` open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        with new.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)
