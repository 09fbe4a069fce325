"""A writer of compound files (OLE2), the container of vbaProject.bin.

Source: [MS-CFB]: 2.2 header, 2.3 FAT, 2.4 mini FAT, 2.6 directory. Version 3: sectors of 512 bytes, streams
under 4096 bytes in a mini stream of sectors of 64. Nothing of the clock or of this machine goes in: times and class
ids are zero, so the same streams give the same bytes.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

SECTOR_BYTES = 512
MINI_SECTOR_BYTES = 64
MINI_STREAM_CUTOFF = 4096
ENTRIES_PER_SECTOR = SECTOR_BYTES // 4
HEADER_FAT_SECTORS_MAX = 109  # 2.2: as many FAT sectors as the header names; 7 MB, far above any VBA project
END_OF_CHAIN, FREE, FAT_SECTOR, NO_STREAM = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF  # 2.1
STORAGE, STREAM, ROOT = 1, 2, 5  # 2.6.1 object types
RED, BLACK = 0, 1
NAME_BYTES_MAX = 64  # with its ending zero

Storage = Mapping[str, "bytes | Storage"]


@dataclass(slots=True)
class _Entry:
    """A directory entry (2.6.1) on its way to be written."""

    name: str
    kind: int
    data: bytes = b""
    left: int = NO_STREAM
    right: int = NO_STREAM
    child: int = NO_STREAM
    color: int = BLACK
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        if len(name) > NAME_BYTES_MAX:
            raise ValueError(f"{self.name} is too long for a compound file")
        links = struct.pack("<HBBIII", len(name), self.kind, self.color, self.left, self.right, self.child)
        class_id_state_and_times = b"\0" * 36
        return name.ljust(64, b"\0") + links + class_id_state_and_times + struct.pack("<IQ", self.start, self.size)


class _Sectors:
    """Sectors and the chains through them: the file's own, or the mini stream's."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.data = bytearray()
        self.chain: list[int] = []

    def add(self, data: bytes) -> int:
        """Puts `data` into a chain of sectors; its first sector."""
        if not data:
            return END_OF_CHAIN
        first = len(self.chain)
        count = -(-len(data) // self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.chain += [*range(first + 1, first + count), END_OF_CHAIN]
        return first

    def table(self) -> bytes:
        """The chain as FAT sectors, filled up with free ones."""
        free = [FREE] * (-len(self.chain) % ENTRIES_PER_SECTOR)
        return struct.pack(f"<{len(self.chain) + len(free)}I", *self.chain, *free)


def compound_file(root: Storage) -> bytes:
    """A compound file with the streams (bytes) and storages (mappings) of `root`."""
    entries = [_Entry("Root Entry", ROOT)]
    _add_children(entries, 0, root)
    sectors, mini = _Sectors(SECTOR_BYTES), _Sectors(MINI_SECTOR_BYTES)
    for entry in entries:
        if entry.kind == STREAM:
            entry.size = len(entry.data)
            entry.start = (sectors if entry.size >= MINI_STREAM_CUTOFF else mini).add(entry.data)
    entries[0].start, entries[0].size = sectors.add(bytes(mini.data)), len(mini.data)
    mini_fat = mini.table()
    mini_fat_start = sectors.add(mini_fat)
    directory = b"".join(entry.packed() for entry in entries)
    directory += _unused_entry() * (-len(entries) % (SECTOR_BYTES // 128))
    directory_start = sectors.add(directory)
    fat_sectors = _add_fat(sectors)
    header = _header(fat_sectors, directory_start, mini_fat_start, len(mini_fat) // SECTOR_BYTES)
    return header + bytes(sectors.data) + sectors.table()


def _add_children(entries: list[_Entry], parent: int, storage: Storage) -> None:
    ids = []
    for name in sorted(storage, key=_sort_key):
        content = storage[name]
        kind, data = (STREAM, content) if isinstance(content, bytes) else (STORAGE, b"")
        entries.append(_Entry(name, kind, data))
        ids.append(len(entries) - 1)
    for index in ids:
        content = storage[entries[index].name]
        if not isinstance(content, bytes):
            _add_children(entries, index, content)
    entries[parent].child = _tree(entries, ids)


def _sort_key(name: str) -> tuple[int, str]:
    """2.6.4: the shorter name first, then by upper-cased characters."""
    return len(name.encode("utf-16-le")), name.upper()


def _tree(entries: list[_Entry], ids: list[int]) -> int:
    """Makes the siblings a red-black tree (2.6.4): as even as can be, the last level red if it is not full."""
    full_levels = (len(ids) + 1).bit_length() - 1

    def half(low: int, high: int, level: int) -> int:
        if low >= high:
            return NO_STREAM
        middle = (low + high) // 2
        entry = entries[ids[middle]]
        entry.left, entry.right = half(low, middle, level + 1), half(middle + 1, high, level + 1)
        entry.color = BLACK if level < full_levels else RED
        return ids[middle]

    return half(0, len(ids), 0)


def _unused_entry() -> bytes:
    return b"\0" * 68 + struct.pack("<III", NO_STREAM, NO_STREAM, NO_STREAM) + b"\0" * 48


def _add_fat(sectors: _Sectors) -> list[int]:
    """Makes room in the chain for the FAT's own sectors, which name themselves (2.3); their numbers."""
    count = 1
    while len(sectors.chain) + count > count * ENTRIES_PER_SECTOR:
        count += 1
    if count > HEADER_FAT_SECTORS_MAX:
        raise ValueError("the streams are too large for a compound file without DIFAT sectors")
    first = len(sectors.chain)
    sectors.chain += [FAT_SECTOR] * count
    return list(range(first, first + count))


def _header(fat_sectors: list[int], directory_start: int, mini_fat_start: int, mini_fat_count: int) -> bytes:
    """The header (2.2) of a version 3 file: little-endian, sectors of 2^9 and 2^6 bytes, no DIFAT sectors."""
    signature = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 16
    shape = struct.pack("<HHHHH", 0x003E, 0x0003, 0xFFFE, 9, 6) + b"\0" * 6
    counts = struct.pack(
        "<IIIIIIIII",
        0,  # directory sectors: zero in version 3
        len(fat_sectors),
        directory_start,
        0,  # transaction signature
        MINI_STREAM_CUTOFF,
        mini_fat_start,
        mini_fat_count,
        END_OF_CHAIN,  # first DIFAT sector
        0,
    )
    free = [FREE] * (HEADER_FAT_SECTORS_MAX - len(fat_sectors))
    return signature + shape + counts + struct.pack(f"<{HEADER_FAT_SECTORS_MAX}I", *fat_sectors, *free)
