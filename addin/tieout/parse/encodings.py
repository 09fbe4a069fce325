"""A document's bytes into UTF-8 text, its encoding decided once for the whole file and strictly.

Amazon says the encoding only in the download's content type, and real files were plain ASCII (docs: "Settlement
reports"). So UTF-8 comes first, then what the download said, then the two code pages that sellers' computers and
Amazon.co.jp use. Nothing is replaced or skipped: bytes that fit no encoding are a finding.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin

_CHUNK_BYTES = 1 << 20
_SAMPLE_BYTES = 4096
_FILLED = re.compile(rb"[^ \t\r\n]")

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a web server calls Latin-1 is Windows' code page in practice (WHATWG, "Encoding": label iso-8859-1).
_LATIN = "cp1252"
_JAPANESE = "cp932"
_SAME_AS = {"iso8859-1": _LATIN, "ascii": _LATIN, "shift_jis": _JAPANESE}


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text as UTF-8 bytes without a mark, its lines ended by a line feed, and the encoding it came in.

    For a plain UTF-8 or ASCII document `utf8` is the document's own bytes, not a copy.
    """

    utf8: bytes
    encoding: str


def decode(document: Document) -> DecodedText | Finding:
    """The document's text; a finding (file-empty, file-nul-bytes, file-encoding-unknown) if it has none."""
    content = document.content
    if not _FILLED.search(content):
        return _empty(document)
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded_as(document, content[len(mark) :], (encoding,))
    wide = _wide_without_mark(content)
    if wide:
        return _decoded_as(document, content, (wide,))
    if content.isascii():
        return _checked(document, content, "utf-8")
    return _decoded_as(document, content, _candidates(document))


def _wide_without_mark(content: bytes) -> str:
    """UTF-16 whose mark is missing: mostly-ASCII text has a zero in every second byte."""
    sample = content[:_SAMPLE_BYTES]
    half = len(sample) // 2
    if half < 4:
        return ""
    if sample[1::2].count(0) > half * 3 // 4 and not sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) > half * 3 // 4 and not sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _candidates(document: Document) -> tuple[str, ...]:
    """The encodings to try, in order."""
    declared = _known_encoding(document.charset)
    japanese = b"JPY" in document.content or b"Amazon.co.jp" in document.content
    pages = (_JAPANESE, _LATIN) if japanese else (_LATIN, _JAPANESE)
    return tuple(dict.fromkeys(("utf-8", *((declared,) if declared else ()), *pages)))


def _known_encoding(charset: str) -> str:
    """Python's name for a declared charset, or "" if there is none that decodes text."""
    try:
        found = codecs.lookup(charset.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    if not getattr(found, "_is_text_encoding", True):
        return ""
    return _SAME_AS.get(found.name, found.name)


def _decoded_as(document: Document, content: bytes, encodings: tuple[str, ...]) -> DecodedText | Finding:
    failed_at: int | None = None
    for encoding in encodings:
        try:
            if encoding == "utf-8":
                _check_utf8(content)
                return _checked(document, content, encoding)
            return _checked(document, content.decode(encoding).encode("utf-8"), encoding)
        except UnicodeDecodeError as error:
            # UTF-8 is checked in pieces, so its error does not know the place in the whole.
            failed_at = failed_at if encoding == "utf-8" or failed_at is not None else error.start
        except UnicodeEncodeError:  # half of a character that only UTF-16 has
            continue
    row = None if failed_at is None else content.count(b"\n", 0, failed_at) + 1
    return _undecodable(document, encodings, row)


def _check_utf8(content: bytes) -> None:
    """Decode piece by piece, so that a large file is not held a second time; UnicodeDecodeError if it isn't UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    for piece in _pieces(content):
        decoder.decode(piece)
    decoder.decode(b"", final=True)


def _pieces(content: bytes) -> Iterator[memoryview]:
    whole = memoryview(content)
    for start in range(0, len(whole), _CHUNK_BYTES):
        yield whole[start : start + _CHUNK_BYTES]


def _checked(document: Document, utf8: bytes, encoding: str) -> DecodedText | Finding:
    zero = utf8.find(b"\0")
    if zero >= 0:
        return _zero_bytes(document, utf8.count(b"\n", 0, zero) + 1)
    if b"\r" in utf8 and b"\n" not in utf8:  # lines as old Macintosh programs end them
        utf8 = utf8.replace(b"\r", b"\n")
    if not _FILLED.search(utf8):
        return _empty(document)
    return DecodedText(utf8, encoding)


def _empty(document: Document) -> Finding:
    return Finding(
        code="file-empty",
        severity=Severity.REFUSED,
        what="The file is empty.",
        to_do="Download it again; if it is empty at Amazon too, there is nothing to import.",
        where=Origin(document.name, document.sha256),
    )


def _zero_bytes(document: Document, row: int) -> Finding:
    return Finding(
        code="file-nul-bytes",
        severity=Severity.REFUSED,
        what="The file holds zero bytes, which text does not: it is damaged, or it is not a text file.",
        to_do="Download the settlement's .txt file from Amazon again and import that.",
        where=Origin(document.name, document.sha256, row),
    )


def _undecodable(document: Document, encodings: tuple[str, ...], row: int | None) -> Finding:
    return Finding(
        code="file-encoding-unknown",
        severity=Severity.REFUSED,
        what=f"The file's characters can't be read: it is not text in any of {', '.join(encodings)}.",
        to_do="Download it from Amazon again, or save it as UTF-8 text, and import that.",
        where=Origin(document.name, document.sha256, row),
    )
