"""Opening a file that a user named: a file, whole, and no larger than may be.

A name can also lead to a pipe that nobody writes to, or to a device without an end; reading those would never end.
"""

import errno
import os
import stat
from pathlib import Path

# Where a shell puts what it pipes in: it is being written, so it ends.
_OPEN_ALREADY = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
# A pipe is opened at once, whether somebody writes to it or not; Windows keeps line ends as they are.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_PIECE_BYTES = 1 << 20


class TooLarge(OSError):
    """A file of more bytes than may be."""


def read_plain_file(path: Path, bytes_max: int) -> bytes:
    """The file's content; OSError, with words in `strerror`, where it can't be had, or is none of a file."""
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        found = os.fstat(file.fileno())
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if stat.S_ISREG(found.st_mode):
            if found.st_size > bytes_max:
                raise _too_large(bytes_max)
            return file.read()
        if not (stat.S_ISFIFO(found.st_mode) and str(path).startswith(_OPEN_ALREADY)):
            raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")
        os.set_blocking(file.fileno(), True)
        content = bytearray()
        while piece := file.read(_PIECE_BYTES):
            content += piece
            if len(content) > bytes_max:
                raise _too_large(bytes_max)
        return bytes(content)


def _too_large(bytes_max: int) -> TooLarge:
    return TooLarge(errno.EFBIG, f"it has more than {bytes_max:,} bytes")
