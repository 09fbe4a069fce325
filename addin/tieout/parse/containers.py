"""What a file is packed in: .gz and .zip opened, recognised by what they hold and not by their name.

Nothing is written anywhere, and what a container says of its own sizes is not believed: it is unpacked piece by
piece within the bounds of `tieout.limits`. A member that is stored under a path is refused, so that no name of it
can ever be taken for a place on this machine.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.limits import (
    ARCHIVE_DEPTH_MAX,
    ARCHIVE_MEMBERS_MAX,
    ARCHIVE_RATIO_COUNTS_FROM_BYTES,
    ARCHIVE_UNPACKED_BYTES_A_PACKED_BYTE_MAX,
    ARCHIVE_UNPACKED_BYTES_MAX,
)

_GZIP = b"\x1f\x8b"
# PKWARE, "APPNOTE": a local file header, or the end record of an archive without members.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Microsoft, "[MS-CFB]": the container of .xls files.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Members by which a zip is a spreadsheet (ECMA-376 part 2; OpenDocument 1.3 part 2).
_SPREADSHEET_MEMBERS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
# What macOS adds to a zip of its own accord: no data of the user.
_MACOS_MEMBERS = "__MACOSX/"
_PIECE_BYTES = 1 << 20
_ENCRYPTED_FLAG = 0x1
# What zipfile raises for archives that are cut, damaged, or packed in a way it does not know.
_UNREADABLE_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, NotImplementedError, RuntimeError),
)


class _TooMuch(Exception):
    """Unpacking went beyond a bound."""


@dataclass(slots=True)
class _Unpacking:
    """What came out of one file of the user so far, and how much that file has grown, however it is nested."""

    packed_bytes: int
    unpacked_bytes: int = 0
    members: int = 0
    documents: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def spend(self, count: int) -> None:
        self.unpacked_bytes += count
        if self.unpacked_bytes > ARCHIVE_UNPACKED_BYTES_MAX:
            raise _TooMuch
        if self.unpacked_bytes <= ARCHIVE_RATIO_COUNTS_FROM_BYTES:
            return
        if self.unpacked_bytes > self.packed_bytes * ARCHIVE_UNPACKED_BYTES_A_PACKED_BYTE_MAX:
            raise _TooMuch


def unpack(document: Document) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """The documents in `document`: itself if it is no container, else its members, those of a container in it too.

    Members are named "archive.zip > settlement.txt". What can't be unpacked is a finding; other members still come.
    """
    out = _Unpacking(packed_bytes=max(1, len(document.content)))
    try:
        _unpack(document, out, depth=0)
    except _TooMuch:
        # A file made to harm is not used in part.
        return (), (*out.findings, _too_large(document))
    return tuple(out.documents), tuple(out.findings)


def _unpack(document: Document, out: _Unpacking, depth: int) -> None:
    content = document.content
    if content.startswith(_OLD_OFFICE):
        out.findings.append(_spreadsheet(document))
    elif not content.startswith((_GZIP, *_ZIP)):
        out.documents.append(document)
    elif depth >= ARCHIVE_DEPTH_MAX:
        out.findings.append(_too_deep(document))
    elif content.startswith(_GZIP):
        _unpack_gzip(document, out, depth)
    else:
        _unpack_zip(document, out, depth)


def _unpack_gzip(document: Document, out: _Unpacking, depth: int) -> None:
    text = io.BytesIO()
    try:
        for piece in _gzip_pieces(document.content):
            out.spend(len(piece))
            text.write(piece)
    except (zlib.error, EOFError) as error:
        out.findings.append(_damaged(document, str(error)))
        return
    name = document.name.rsplit(" > ", 1)[-1]
    inner = name[:-3] if name.lower().endswith(".gz") else name
    _unpack(Document.of(f"{document.name} > {inner}", text.getvalue(), document.charset), out, depth + 1)


def _gzip_pieces(content: bytes) -> Iterator[bytes]:
    """The unpacked pieces of all of a file's gzip members (RFC 1952); zlib.error or EOFError if it is damaged."""
    rest, members = content, 0
    while rest.strip(b"\0"):
        members += 1
        if members > ARCHIVE_MEMBERS_MAX:
            raise _TooMuch
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        pending = rest
        while not stream.eof:
            piece = stream.decompress(pending, _PIECE_BYTES)
            pending = stream.unconsumed_tail
            if not piece and not pending and not stream.eof:
                raise EOFError("it ends before its contents do")
            yield piece
        rest = stream.unused_data


def _unpack_zip(document: Document, out: _Unpacking, depth: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
            members = [m for m in archive.infolist() if not m.filename.startswith(_MACOS_MEMBERS)]
            if any(m.filename in _SPREADSHEET_MEMBERS for m in members):
                out.findings.append(_spreadsheet(document))
                return
            out.members += len(members)
            if out.members > ARCHIVE_MEMBERS_MAX:
                out.findings.append(_too_many(document, out.members))
                return
            if not members:
                out.findings.append(_no_members(document))
            for member in members:
                _unpack_member(document, archive, member, out, depth)
    except _UNREADABLE_ZIP as error:
        out.findings.append(_damaged(document, str(error)))


def _unpack_member(
    document: Document, archive: zipfile.ZipFile, member: zipfile.ZipInfo, out: _Unpacking, depth: int
) -> None:
    # `orig_filename` is the name as stored; zipfile cuts and converts `filename`.
    if any(mark in member.orig_filename for mark in ("/", "\\", ":", "\0")):
        out.findings.append(_has_path(document, member.orig_filename))
        return
    if member.flag_bits & _ENCRYPTED_FLAG:
        out.findings.append(_encrypted(document, member.filename))
        return
    text = io.BytesIO()
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE_BYTES):
                out.spend(len(piece))
                text.write(piece)
    except _UNREADABLE_ZIP as error:
        out.findings.append(_damaged(document, f"{member.filename}: {error}"))
        return
    _unpack(Document.of(f"{document.name} > {member.filename}", text.getvalue()), out, depth + 1)


def _at(document: Document) -> Origin:
    return Origin(document.name, document.sha256)


def _too_large(document: Document) -> Finding:
    return Finding(
        code="archive-too-large",
        severity=Severity.REFUSED,
        what=(
            f"Unpacked, the file has more than {ARCHIVE_UNPACKED_BYTES_A_PACKED_BYTE_MAX} times its packed size, or "
            f"over {ARCHIVE_UNPACKED_BYTES_MAX:,} bytes. Settlement text does not pack like that."
        ),
        to_do="Don't open it unless you know who made it. Download the settlement from Amazon and import that.",
        where=_at(document),
    )


def _too_many(document: Document, members: int) -> Finding:
    return Finding(
        code="archive-too-many-members",
        severity=Severity.REFUSED,
        what=f"The archive holds {members:,} files; up to {ARCHIVE_MEMBERS_MAX:,} are read.",
        to_do="Unpack it yourself and import the folder, or split it.",
        where=_at(document),
    )


def _too_deep(document: Document) -> Finding:
    return Finding(
        code="archive-too-deep",
        severity=Severity.REFUSED,
        what="The file is an archive within an archive within an archive.",
        to_do="Unpack the outer ones yourself and import what is in them.",
        where=_at(document),
    )


def _no_members(document: Document) -> Finding:
    return Finding(
        code="archive-empty",
        severity=Severity.REFUSED,
        what="The archive holds no files.",
        to_do="Download the settlement again and import that.",
        where=_at(document),
    )


def _has_path(document: Document, name: str) -> Finding:
    return Finding(
        code="archive-path",
        severity=Severity.REFUSED,
        what=f"The archive's member {name!r} has a folder in its name; it was not read.",
        to_do="Unpack the archive yourself and import the files, or pack the files without their folders.",
        where=_at(document),
    )


def _encrypted(document: Document, name: str) -> Finding:
    return Finding(
        code="archive-encrypted",
        severity=Severity.REFUSED,
        what=f"The archive's member {name!r} is protected by a password; it was not read.",
        to_do="Unpack the archive with its password and import the files.",
        where=_at(document),
    )


def _damaged(document: Document, why: str) -> Finding:
    return Finding(
        code="archive-damaged",
        severity=Severity.REFUSED,
        what=f"The archive can't be unpacked: {why.rstrip('.')}.",
        to_do="It may have been cut off while downloading: download it again.",
        where=_at(document),
    )


def _spreadsheet(document: Document) -> Finding:
    return Finding(
        code="file-is-a-spreadsheet",
        severity=Severity.REFUSED,
        what="The file is a spreadsheet's workbook. A settlement is read as text, as Amazon gives it.",
        to_do="Import the .txt file that Amazon gave; if it is lost, save the sheet as CSV (UTF-8) and import that.",
        where=_at(document),
    )
