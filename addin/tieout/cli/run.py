"""How the `tieout` command ends, whatever ends it: a sentence, the JSON that was asked for, and an exit status.

Nothing else is imported before Ctrl-C is listened for.
"""

import errno
import os
import sys
from typing import Any

# 128 and the number of SIGINT, as shells have it for what Ctrl-C ended.
INTERRUPTED = 130
_IN_PART, _WRONG_USAGE = 1, 2
# What a machine can come to, and no program can help: full, worn out, read-only, out of handles, no such folder.
_OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
    | {errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP}
    | {getattr(errno, name) for name in ("EDQUOT", "EFBIG") if hasattr(errno, name)}
)


def main() -> None:
    """Run the command line; text is UTF-8 whatever the terminal's own code page."""
    _mend_streams()
    try:
        from tieout.cli.app import app

        app()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _end(INTERRUPTED, *_STOPPED)
        elif ended.code == _WRONG_USAGE:
            _answer("wrong-usage", "The command was not understood. Its --help says what it takes.")
        raise
    except KeyboardInterrupt:
        _end(INTERRUPTED, *_STOPPED)
    except MemoryError:
        _end(_IN_PART, "out-of-memory", "This machine has not enough memory for it. Give it less at once.")
    except OSError as error:
        if error.errno not in _OF_THE_MACHINE:
            raise
        place = f" ({error.filename})" if error.filename else ""
        what = f"This machine stood in the way: {error.strerror}{place}."
        _end(_IN_PART, "machine-failed", f"{what} Put that right and run it again: what was done is kept.")


_STOPPED = ("interrupted", "You stopped it. What was done is kept: run it again, and it goes on where it stopped.")


def _mend_streams() -> None:
    """Streams that take any text; what was closed before we began leads nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _end(status: int, code: str, sentence: str) -> None:
    """Say it, as well as can be said, and end with the status."""
    _write(sys.stderr, f"{sentence}\n")
    _answer(code, sentence)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # a full disk, a closed pipe: it must not fail a second time as Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    raise SystemExit(status)


def _answer(code: str, sentence: str) -> None:
    """The last line of JSON, where it was asked for and was not given."""
    if "--json" not in sys.argv:
        return
    from tieout.cli.safe_text import json_line
    from tieout.cli.terminal import Terminal

    if not Terminal.answers:
        where = {"file": "", "line": None, "column": None}
        said = {"message": sentence, "code": code, "severity": "refused", "subject": None}
        _write(sys.stdout, f"{json_line({'errors': [where | said]})}\n")


def _write(stream: Any, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        return
