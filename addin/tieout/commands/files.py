"""Files and folders on disk into documents: the only place where a user's settlement files are opened."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.limits import FILE_BYTES_MAX, FILES_MAX
from tieout.parse.containers import unpack
from tieout.plain_file import TooLarge, read_plain_file

# What a folder is searched for; a file that is named is opened whatever it is called.
SETTLEMENT_SUFFIXES = frozenset({".txt", ".csv", ".tsv", ".gz", ".zip"})


def read_documents(paths: Sequence[Path]) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """The documents in files and folders (searched whole, by suffix), archives opened, in a stable order.

    A file named twice is read once. What can't be read is a finding that names the file; the rest is returned.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    for found in _files(paths):
        if isinstance(found, Finding):
            findings.append(found)
            continue
        read = _read(found)
        if isinstance(read, Finding):
            findings.append(read)
            continue
        members, problems = unpack(read)
        documents.extend(members)
        findings.extend(problems)
    return tuple(documents), tuple(findings)


def _files(paths: Iterable[Path]) -> Iterator[Path | Finding]:
    seen: set[Path] = set()
    for path in paths:
        for found in _below(path):
            if isinstance(found, Finding):
                yield found
                continue
            real = found.resolve()
            if real in seen:
                continue
            seen.add(real)
            if len(seen) > FILES_MAX:
                yield _too_many(path)
                return
            yield found


def _below(path: Path) -> Iterator[Path | Finding]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        yield _not_found(path)
    except OSError as error:  # a name too long, a loop of links, a folder on the way that may not be read
        yield _unreadable(path, error)
    else:
        yield from _in_folder(path) if is_folder else (path,)


def _in_folder(path: Path) -> Iterator[Path | Finding]:
    """The settlement files of a folder and of those in it, links to folders left alone; folders that stay closed."""
    unread: list[Finding] = []
    inside = [
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=lambda e: unread.append(_unreadable(Path(e.filename), e)))
        for name in names
        if Path(name).suffix.lower() in SETTLEMENT_SUFFIXES
    ]
    files = sorted(found for found in inside if found.is_file())
    if not files and not unread:
        yield _empty_folder(path)
    yield from unread
    yield from files


def _read(path: Path) -> Document | Finding:
    try:
        return Document.of(str(path), read_plain_file(path, FILE_BYTES_MAX))
    except TooLarge:
        return Finding(
            code="file-too-large",
            severity=Severity.REFUSED,
            what=f"The file has more than {FILE_BYTES_MAX:,} bytes; a settlement file is read up to that.",
            to_do="Check that it is a settlement file.",
            where=Origin(str(path)),
        )
    except OSError as error:
        return _unreadable(path, error)


def _not_found(path: Path) -> Finding:
    return Finding(
        code="file-not-found",
        severity=Severity.REFUSED,
        what=f"There is no file or folder {path}.",
        to_do="Check the path; quote it if its name has spaces.",
        where=Origin(str(path)),
    )


def _unreadable(path: Path, error: OSError) -> Finding:
    return Finding(
        code="file-unreadable",
        severity=Severity.REFUSED,
        what=f"The file or folder can't be opened: {error.strerror or type(error).__name__}.",
        to_do="Close it in other programs, check that you may read it, and try again.",
        where=Origin(str(path)),
    )


def _empty_folder(path: Path) -> Finding:
    return Finding(
        code="folder-without-files",
        severity=Severity.REFUSED,
        what=f"The folder {path} holds no file that ends in {', '.join(sorted(SETTLEMENT_SUFFIXES))}.",
        to_do="Name the folder with the settlement files, or name a file itself.",
        where=Origin(str(path)),
    )


def _too_many(path: Path) -> Finding:
    return Finding(
        code="too-many-files",
        severity=Severity.REFUSED,
        what=f"There are more than {FILES_MAX:,} files; those after that were not read.",
        to_do="Name fewer files or a smaller folder.",
        where=Origin(str(path)),
    )
