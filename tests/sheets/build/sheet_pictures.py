"""Pictures of a workbook's sheets for the documentation: what LibreOffice prints, cut to what is on the page.

`python -m tests.sheets.build.sheet_pictures BOOK.xlsm docs/pictures` makes them.
"""

import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path

from tests.sheets.build.converted import converted
from tieout.sheets.layout import load_layout

DOTS_PER_INCH = 110
MARGIN_PIXELS = 14
PICTURE_BYTES_MAX = 200_000
FOOTER_SHARE = 0.06  # of the page's height, in which the footer stands
COLOURS_MAX = 256
SHADE_STEP = 5
WHITE = b"\xff\xff\xff"


def pictures(book: Path, folder: Path) -> list[Path]:
    """Writes a PNG of the first page of each sheet into `folder`; the files, in the order of the sheets.

    Needs LibreOffice and poppler's pdftoppm and pdftotext; raises FileNotFoundError without them, and ValueError for
    a picture that came out too large for the documentation.
    """
    for tool in ("pdftoppm", "pdftotext"):
        if shutil.which(tool) is None:
            raise FileNotFoundError(f"{tool} (poppler) is not installed on this computer")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with converted(book, "pdf") as pdf:
        for sheet, page in _first_pages(pdf).items():
            target = folder / f"{sheet.lower().replace(' ', '-')}.png"
            width, height, pixels = _rendered(pdf, page)
            png = _png(*_cut(width, height, pixels))
            if len(png) > PICTURE_BYTES_MAX:
                raise ValueError(f"the picture of {sheet} has {len(png)} bytes, more than {PICTURE_BYTES_MAX}")
            target.write_bytes(png)
            written.append(target)
    return written


def _run(*command: str) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout


def _first_pages(pdf: Path) -> dict[str, int]:
    """The number of each sheet's first page, from 1, by the sheet's name in the footer."""
    found: dict[str, int] = {}
    text = _run("pdftotext", "-layout", str(pdf), "-").decode("utf-8")
    for number, page in enumerate(text.split("\f"), 1):
        footer = re.findall(r"(?m)^.*, (.+?) +Page [0-9]+ of [0-9]+ *$", page)
        if footer:
            found.setdefault(footer[-1], number)
    return {sheet.name: found[sheet.name] for sheet in load_layout().sheets if sheet.name in found}


def _rendered(pdf: Path, page: int) -> tuple[int, int, bytes]:
    """Width, height and pixels (three bytes each) of a page."""
    number = str(page)
    ppm = _run("pdftoppm", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number, str(pdf))
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
    if head is None:
        raise RuntimeError("pdftoppm did not give a picture")
    return int(head[1]), int(head[2]), ppm[head.end() :]


def _cut(width: int, height: int, pixels: bytes) -> tuple[int, int, bytes]:
    """The picture without its white margins and without the footer."""
    stride = width * 3
    rows = [pixels[at : at + stride] for at in range(0, height * stride, stride)]
    rows = rows[: int(height * (1 - FOOTER_SHARE))]
    blank = WHITE * width
    used = [number for number, row in enumerate(rows) if row != blank] or [0]
    top, bottom = max(0, used[0] - MARGIN_PIXELS), min(len(rows), used[-1] + 1 + MARGIN_PIXELS)
    kept = rows[top:bottom]
    left = min(_first_used(row, width) for row in kept)
    right = max(_last_used(row) for row in kept)
    left, right = max(0, left - MARGIN_PIXELS), min(width, right + MARGIN_PIXELS)
    return right - left, len(kept), b"".join(row[left * 3 : right * 3] for row in kept)


def _first_used(row: bytes, width: int) -> int:
    return width - len(row.lstrip(b"\xff")) // 3 - 1 if row.strip(b"\xff") else width


def _last_used(row: bytes) -> int:
    return -(-len(row.rstrip(b"\xff")) // 3)


def _png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG file with a palette. Source: PNG specification, sections 5, 7 and 9 (colour type 3, filter type 0)."""
    colours, indexes = _palette(pixels)
    rows = b"".join(b"\0" + indexes[at : at + width] for at in range(0, height * width, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", colours)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _palette(pixels: bytes) -> tuple[bytes, bytes]:
    """At most 256 colours and the index of each pixel's: shades a little apart are one, rare ones the nearest."""
    rounded = pixels.translate(bytes(min(255, round(value / SHADE_STEP) * SHADE_STEP) for value in range(256)))
    triples = [rounded[at : at + 3] for at in range(0, len(rounded), 3)]
    counted = Counter(triples).most_common()
    kept = [colour for colour, _ in counted[:COLOURS_MAX]]
    numbers = {colour: number for number, colour in enumerate(kept)}
    numbers |= {colour: _nearest(colour, kept) for colour, _ in counted[COLOURS_MAX:]}
    return b"".join(kept), bytes(map(numbers.__getitem__, triples))


def _nearest(colour: bytes, kept: list[bytes]) -> int:
    red, green, blue = colour
    apart = [(red - one[0]) ** 2 + (green - one[1]) ** 2 + (blue - one[2]) ** 2 for one in kept]
    return apart.index(min(apart))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    pictures(Path(sys.argv[1]), Path(sys.argv[2]))
