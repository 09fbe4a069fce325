"""The zip file of a workbook: read once, and written anew with the untouched entries copied as they are.

An entry that no one changed keeps its compressed bytes, its date and its place; only replaced entries are
compressed again.  Layout: PKWARE's APPNOTE.TXT, sections 4.3.7 (local header) and 4.3.12 (central directory).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tieout.sheets.engines.errors import BookUnreadable

_LOCAL = struct.Struct("<4s2B4HL2L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_NEW_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)  # no clock: the same content gives the same bytes
_OLE_FILE = b"\xd0\xcf\x11\xe0"
_COMPRESSION_LEVEL = 4  # a third of level 6's time for a tenth more bytes, measured on sheets of 200,000 cells


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    date: tuple[int, int]
    crc: int
    data: bytes
    size: int
    external: int


class Archive:
    """The entries of a zip file held in memory."""

    def __init__(self, data: bytes) -> None:
        """Raises BookUnreadable where the bytes are no zip file, or a part of it is encrypted or damaged."""
        self.data = data
        if data[:4] == _OLE_FILE:
            raise BookUnreadable(
                None, "it is protected by a password or in the old .xls format; save it as .xlsx or .xlsm"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, struct.error, ValueError) as error:
            raise BookUnreadable(None, f"it is not an Excel workbook ({error})") from error
        self._infos = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        if any(info.flag_bits & _ENCRYPTED for info in self._infos.values()):
            raise BookUnreadable(None, "parts of it are encrypted")

    @property
    def names(self) -> list[str]:
        """The names of the entries in their order in the file."""
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """The bytes of an entry, checked against its checksum."""
        try:
            return self._zip.read(self._infos[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise BookUnreadable(None, f"its part {name} is damaged ({error})") from error

    def packed(self, names: Iterable[str], replaced: Mapping[str, bytes]) -> bytes:
        """A zip file of these entries in this order; those in `replaced` with new bytes, the others copied."""
        out = io.BytesIO()
        directory: list[bytes] = []
        for name in names:
            old = self._infos.get(name)
            entry = _new(name, replaced[name], old) if name in replaced else self._copied(self._infos[name])
            directory.append(_central(entry, out.tell()))
            out.write(_local(entry))
            out.write(entry.data)
        at, size = out.tell(), sum(map(len, directory))
        out.writelines(directory)
        out.write(_END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), size, at, 0))
        return out.getvalue()

    def _copied(self, info: zipfile.ZipInfo) -> _Entry:
        fields = _LOCAL.unpack_from(self.data, info.header_offset)
        start = info.header_offset + _LOCAL.size + fields[-2] + fields[-1]
        return _Entry(
            _name_bytes(info.filename),
            info.flag_bits & _UTF8_NAME | _name_flag(info.filename),
            info.compress_type,
            _dos_date(info.date_time),
            info.CRC,
            self.data[start : start + info.compress_size],
            info.file_size,
            info.external_attr,
        )


def _new(name: str, content: bytes, old: zipfile.ZipInfo | None) -> _Entry:
    squeeze = zlib.compressobj(_COMPRESSION_LEVEL, zlib.DEFLATED, -15)
    data = squeeze.compress(content) + squeeze.flush()
    return _Entry(
        _name_bytes(name),
        _name_flag(name),
        zipfile.ZIP_DEFLATED,
        _dos_date(old.date_time if old else _NEW_ENTRY_DATE),
        zlib.crc32(content),
        data,
        len(content),
        old.external_attr if old else 0,
    )


def _name_flag(name: str) -> int:
    return 0 if name.isascii() else _UTF8_NAME


def _name_bytes(name: str) -> bytes:
    return name.encode("ascii" if name.isascii() else "utf-8")


def _dos_date(moment: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    year, month, day, hour, minute, second = moment
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _local(entry: _Entry) -> bytes:
    return (
        _LOCAL.pack(
            b"PK\3\4", 20, 0, entry.flags, entry.method, *entry.date, entry.crc, len(entry.data), entry.size,
            len(entry.name), 0,
        )
        + entry.name
    )  # fmt: skip


def _central(entry: _Entry, offset: int) -> bytes:
    return (
        _CENTRAL.pack(
            b"PK\1\2", 20, 0, 20, 0, entry.flags, entry.method, *entry.date, entry.crc, len(entry.data), entry.size,
            len(entry.name), 0, 0, 0, 0, entry.external, offset,
        )
        + entry.name
    )  # fmt: skip
