"""A workbook's file between opening and saving: who else has it open, whether it changed, and replacing it whole."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tieout.durable_file import write_durably
from tieout.sheets.engines.errors import BookChanged, BookIsOpen, BookUnreadable


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was read or written: its path and the SHA-256 of its bytes."""

    path: Path
    digest: bytes

    @classmethod
    def of(cls, path: Path, data: bytes) -> "Seen":
        """What these bytes at this path look like."""
        return cls(path, hashlib.sha256(data).digest())

    def check_unchanged(self) -> None:
        """Raises BookChanged where the file is no longer the one that was seen."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise BookChanged(self.path, "was deleted or moved") from None
        except PermissionError:
            raise _open_in_excel(self.path, "another program") from None
        if hashlib.sha256(data).digest() != self.digest:
            raise BookChanged(self.path, "was changed on disk")


def read(path: Path) -> bytes:
    """The bytes of a workbook.  FileNotFoundError, or BookUnreadable with the system's reason."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except PermissionError:
        raise _open_in_excel(path, "another program") from None
    except OSError as error:
        raise BookUnreadable(path, str(error.strerror or error)) from error


def check_not_open(path: Path) -> None:
    """Raises BookIsOpen where Excel or LibreOffice has left its mark that it has the workbook open.

    Excel puts `~$Book.xlsx` beside a workbook that it has open, LibreOffice `.~lock.Book.xlsx#`.  After a crash
    such a file can be left over; the message says which one to delete then.
    """
    owner = path.with_name(f"~${path.name}")
    if owner.exists():
        raise _open_in_excel(path, _excel_user(owner), owner)
    lock = path.with_name(f".~lock.{path.name}#")
    if lock.exists():
        person = _libreoffice_user(lock)
        raise BookIsOpen(
            path,
            f"LibreOffice{f' (by {person})' if person else ''}",
            f"Close it there and repeat the step. If it isn't open, delete {lock.name} beside it.",
        )


def _open_in_excel(path: Path, holder: str, owner: Path | None = None) -> BookIsOpen:
    remedy = "Close it there and repeat the step, or press the button in Excel."
    if owner is not None:
        remedy += f" If it isn't open, delete {owner.name} beside it."
    return BookIsOpen(path, holder, remedy)


def _excel_user(owner: Path) -> str:
    """Who has it open: the owner file begins with the length of a name and the name."""
    with suppress(OSError):
        data = owner.read_bytes()
        if data:
            name = data[1 : 1 + data[0]].decode("latin-1").strip()
            if name.isprintable() and name:
                return f"Excel (by {name})"
    return "Excel"


def _libreoffice_user(lock: Path) -> str:
    with suppress(OSError):
        return lock.read_text(encoding="utf-8", errors="replace").split(",")[0].strip()
    return ""


def replace_whole(path: Path, data: bytes) -> None:
    """Put bytes in a file's place as a whole (see `durable_file`).

    Raises BookIsOpen where the system refuses because another program holds the file (Windows).
    """
    try:
        write_durably(path, data)
    except PermissionError:
        if path.exists():
            raise _open_in_excel(path, "another program") from None
        raise
