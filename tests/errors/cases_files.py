"""Files and folders that can't be opened."""

from collections.abc import Iterable
from pathlib import Path
from unittest import mock

from tests.errors.case import ErrorCase
from tieout.commands import files
from tieout.domain.finding import Finding


def _read(*paths: Path) -> Iterable[Finding]:
    return files.read_documents(paths)[1]


def _unreadable(folder: Path) -> Iterable[Finding]:
    path = folder / "settlement.txt"
    path.write_bytes(b"x")
    with mock.patch.object(files, "read_plain_file", side_effect=PermissionError(13, "Permission denied")):
        return _read(path)


def _too_large(folder: Path) -> Iterable[Finding]:
    path = folder / "settlement.txt"
    path.write_bytes(b"settlement-id")
    with mock.patch.object(files, "FILE_BYTES_MAX", 10):
        return _read(path)


def _too_many(folder: Path) -> Iterable[Finding]:
    for number in range(3):
        (folder / f"{number}.txt").write_bytes(b"x")
    with mock.patch.object(files, "FILES_MAX", 2):
        return _read(folder)


CASES = [
    ErrorCase(
        "file-not-found",
        "A file or folder that is not there",
        "Nothing is guessed: a path with a typing error would otherwise look like a month without settlements.",
        lambda folder: _read(folder / "october.txt"),
    ),
    ErrorCase(
        "folder-without-files",
        "A folder with no settlement file in it",
        "A folder is searched with its subfolders for .txt, .csv, .tsv, .gz and .zip files.",
        lambda folder: _read(folder),
    ),
    ErrorCase(
        "file-unreadable",
        "A file that can't be opened",
        "Usually another program holds it, or it lies in a cloud folder and was not downloaded yet.",
        _unreadable,
    ),
    ErrorCase(
        "file-too-large",
        "A file too large to be a settlement",
        "A settlement of a million lines has about 170 MB. Far larger files are something else.",
        _too_large,
    ),
    ErrorCase(
        "too-many-files",
        "A folder with more files than are read at once",
        "The bound protects against naming a whole disk by mistake.",
        _too_many,
    ),
]
