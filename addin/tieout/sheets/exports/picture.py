"""A picture of a workbook's first page, for the README: LibreOffice prints it, poppler draws it, white is cut off.

Only the project's own build uses it; users need neither program.
"""

import shutil
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DOTS_PER_INCH = 110
_SECONDS_MAX = 120
_MARGIN = 24  # pixels of white that stay around what is drawn
_GAP = 70  # pixels of white after which the page's foot may come: it is left out


class PictureToolMissing(Exception):
    """`soffice` or `pdftoppm` is not on this machine."""


@dataclass(frozen=True, slots=True)
class _Image:
    """Rows of pixels, three bytes each."""

    width: int
    rows: tuple[bytes, ...]


def picture(workbook: Path, png: Path) -> None:
    """Draw the first page of `workbook` into `png`. PictureToolMissing, or CalledProcessError if a program fails."""
    soffice, pdftoppm = shutil.which("soffice"), shutil.which("pdftoppm")
    if soffice is None or pdftoppm is None:
        raise PictureToolMissing("install LibreOffice Calc and poppler-utils to draw pictures")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        _run(soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook))
        pdf, page = folder / f"{workbook.stem}.pdf", folder / "page"
        _run(pdftoppm, "-r", str(_DOTS_PER_INCH), "-f", "1", "-l", "1", "-singlefile", str(pdf), str(page))
        image = _cropped(_read(page.with_suffix(".ppm").read_bytes()))
    png.parent.mkdir(parents=True, exist_ok=True)
    png.write_bytes(_png(image))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS_MAX)  # noqa: S603 (our own arguments)


def _read(ppm: bytes) -> _Image:
    """A binary PPM (P6, 8 bits), as pdftoppm writes it."""
    magic, size, depth, pixels = ppm.split(b"\n", 3)
    if magic != b"P6" or depth != b"255":
        raise ValueError("not an 8-bit PPM picture")
    width, height = (int(number) for number in size.split())
    return _Image(width, tuple(pixels[row * width * 3 : (row + 1) * width * 3] for row in range(height)))


def _cropped(image: _Image) -> _Image:
    """From the first row that is drawn to the last before a wide white band; white at the sides cut off too."""
    white = b"\xff" * (image.width * 3)
    drawn = [number for number, row in enumerate(image.rows) if row != white]
    first = last = drawn[0]
    for number in drawn:
        if number - last > _GAP:
            break
        last = number
    rows = image.rows[max(first - _MARGIN, 0) : last + _MARGIN]
    left, right = _sides(rows, image.width)
    return _Image(right - left, tuple(row[left * 3 : right * 3] for row in rows))


def _sides(rows: tuple[bytes, ...], width: int) -> tuple[int, int]:
    lefts = [len(row) - len(row.lstrip(b"\xff")) for row in rows]
    rights = [len(row.rstrip(b"\xff")) for row in rows]
    return max(min(lefts) // 3 - _MARGIN, 0), min(max(rights) // 3 + _MARGIN, width)


def _png(image: _Image) -> bytes:
    """PNG (RFC 2083), 8 bits a channel, each row unfiltered."""
    header = struct.pack(">IIBBBBB", image.width, len(image.rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in image.rows), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunks((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")))


def _chunks(*parts: tuple[bytes, bytes]) -> Iterator[bytes]:
    for name, content in parts:
        yield struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
