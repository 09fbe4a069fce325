"""Text of lines and fields: which separator, which quotes, and every file brought to one plain form.

Amazon's files are tab text without quotes. Spreadsheets write CSV with commas or semicolons and put quotes where
they need them, in tab text too. Here each becomes lines of fields divided by one byte, without quotes and with
one line for each row, so that everything after this has one form to read and rows keep the numbers that a text
editor shows.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.parse.encodings import DecodedText

_SEPARATORS = ("\t", ",", ";")
# Divides the fields of what was CSV: ASCII's own unit separator, which no spreadsheet writes.
_UNIT = "\x1f"
# A whole field in quotes, with quotes doubled inside, on one line of tab text.
_QUOTED_FIELD = re.compile(rb'(?<![^\t\n])"((?:[^"\t\r\n]|"")*)"(?=[\t\r\n]|\Z)')


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """Lines of fields: `utf8` is lines ended by a line feed (with or without a carriage return before it).

    `columns` are the fields of the first line; `first_row` is its number in the file (1, but for empty lines
    before it). For a plain tab file `utf8` is the document's own bytes, not a copy.
    """

    utf8: bytes
    separator: str
    columns: tuple[str, ...]
    first_row: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every line's row number and fields, the header's first; no fields for an empty line."""
        for offset, line in enumerate(io.BytesIO(self.utf8)):
            text = line.decode("utf-8").rstrip("\r\n")
            yield self.first_row + offset, text.split(self.separator) if text else []

    def last_line_fields(self) -> tuple[int, int] | None:
        """Row number and count of fields of a last line that no line feed ends; None if the text ends with one."""
        if self.utf8.endswith(b"\n"):
            return None
        last = self.utf8[self.utf8.rfind(b"\n") + 1 :]
        row = self.first_row + self.utf8.count(b"\n")
        return row, last.count(self.separator.encode()) + 1


def delimit(document: Document, text: DecodedText) -> DelimitedText | Finding:
    """The document's text in the plain form; a finding (file-quotes-broken) if its quotes don't add up."""
    body, first_row = _from_first_line(text.utf8)
    header = body[: body.find(b"\n") if b"\n" in body else len(body)].decode("utf-8").rstrip("\r")
    separator = max(_SEPARATORS, key=header.count)
    if b'"' in body:
        if separator == "\t":
            body = _QUOTED_FIELD.sub(lambda match: match[1].replace(b'""', b'"'), body)
        else:
            plain = _without_quotes(document, body, separator, first_row)
            if isinstance(plain, Finding):
                return plain
            body, separator = plain, _UNIT
    end = body.find(b"\n")
    columns = body[: end if end >= 0 else len(body)].decode("utf-8").rstrip("\r").split(separator)
    return DelimitedText(body, separator, tuple(columns), first_row)


def _from_first_line(utf8: bytes) -> tuple[bytes, int]:
    """The text from its first line that isn't empty, and that line's number."""
    start = 0
    row = 1
    while True:
        end = utf8.find(b"\n", start)
        line = utf8[start : end if end >= 0 else len(utf8)]
        if line.strip() or end < 0:
            return (utf8 if start == 0 else utf8[start:]), row
        start, row = end + 1, row + 1


def _without_quotes(document: Document, body: bytes, separator: str, first_row: int) -> bytes | Finding:
    """CSV records (RFC 4180) as plain lines. A record is one line: settlement fields hold no line breaks."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8", newline=""), delimiter=separator, strict=True)
    out = io.BytesIO()
    row = first_row
    try:
        for row, record in enumerate(reader, first_row):
            if reader.line_num != row - first_row + 1 or any(_UNIT in field for field in record):
                return _broken(document, row, "a field runs over the end of its line")
            out.write(_UNIT.join(record).encode("utf-8"))
            out.write(b"\n")
    except csv.Error as error:
        return _broken(document, row + 1, str(error))
    plain = out.getvalue()
    # A text that is cut off must still look cut off.
    return plain if body.endswith(b"\n") else plain[:-1]


def _broken(document: Document, row: int, why: str) -> Finding:
    return Finding(
        code="file-quotes-broken",
        severity=Severity.REFUSED,
        what=f"The row's quotation marks don't add up: {why}.",
        to_do="Import the .txt file that Amazon gave, or save the sheet as CSV again.",
        where=Origin(document.name, document.sha256, row),
    )
