"""Streaming many rows into a sheet of a workbook that XlsxWriter made.

XlsxWriter keeps every cell of a table in memory and its constant-memory mode makes no tables. So it makes the
workbook with a few model rows, which show how each column looks, and this module copies the package, putting the
real rows in their place: the memory stays that of the distinct strings, and a row costs a few string joins.

What is written is plain SpreadsheetML (ECMA-376 part 1, 18.3): `<c r= s= t="s"><v>index</v></c>` for text, with
the text in the shared string table as long as that is of a size worth sharing and in the cell after it
(`t="inlineStr"`); `<c r= s=><v>decimal text</v></c>` for numbers. Text is never a formula: there is no `<f>`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from tieout.sheets.exports.cells import fitted

# Beyond so many distinct strings, sharing them costs more memory than it saves.
_SHARED_STRINGS_MAX = 500_000
_CHUNK_ROWS = 500
_SHARED_STRINGS_PART = "xl/sharedStrings.xml"

# As Excel writes what XML can't hold: _x0001_; and text that looks like that already, with its _ written so.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_PLAIN = re.compile(r"[^&<>_\x00-\x20\ufffe\uffff](?:[^&<>_\x00-\x1f\ufffe\uffff]*[^&<>_\x00-\x20\ufffe\uffff])?\Z")


def xml_text(text: str) -> str:
    """A `<t>` element that holds `text`, whatever is in it."""
    if _PLAIN.match(text):
        return f"<t>{text}</t>"
    written = _LOOKS_ESCAPED.sub("_x005F_", text)
    written = _NOT_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", written)
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{kept}>{escape(written)}</t>"


class Strings:
    """The shared string table, from the index where the workbook's own strings end."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._index: dict[str, int] = {}

    def cell(self, text: str) -> str:
        """The attributes and content of a cell that shows `text`: everything after its style."""
        index = self._index.get(text)
        if index is None:
            if len(self._index) >= _SHARED_STRINGS_MAX:
                return f' t="inlineStr"><is>{xml_text(fitted(text))}</is></c>'
            index = self._first + len(self._index)
            self._index[text] = index
        return f' t="s"><v>{index}</v></c>'

    def elements(self) -> Iterator[str]:
        """The `<si>` elements, in the order of their index."""
        for text in self._index:
            yield f"<si>{xml_text(fitted(text))}</si>"

    @property
    def distinct(self) -> int:
        """How many there are."""
        return len(self._index)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The sheet to fill: its parts, and its XML before and after the model rows.

    `styles` are the style indexes of the model rows' cells, row by row.
    """

    sheet_part: str
    table_part: str
    before: str
    after: str
    styles: tuple[tuple[int, ...], ...]


def open_skeleton(package: ZipFile, sheet_number: int, first_model_row: int) -> Skeleton:
    """Find the parts of the sheet of a 1-based number, whose rows from the 1-based `first_model_row` on are models.

    The model rows must be its last ones. ValueError if the package is not of that shape.
    """
    part = f"xl/worksheets/sheet{sheet_number}.xml"
    content = package.read(part).decode("utf-8")
    start = content.find(f'<row r="{first_model_row}"')
    end = content.find("</sheetData>")
    relations = package.read(f"xl/worksheets/_rels/sheet{sheet_number}.xml.rels").decode("utf-8")
    table = re.search(r'Target="\.\./(tables/[^"]+)"', relations)
    if start < 0 or end < start or table is None:
        raise ValueError(f"{part} has no model rows or no table")
    rows = re.findall(r"<row [^>]*>(.*?)</row>", content[start:end])
    styles = tuple(tuple(int(style) for style in re.findall(r'<c [^>]*s="(\d+)"', row)) for row in rows)
    return Skeleton(part, f"xl/{table[1]}", content[:start], content[end:], styles)


def fill(
    package: ZipFile,
    skeleton: Skeleton,
    rows: Iterable[str],
    strings: Strings,
    *,
    last_row: int,
    last_column: str,
    links: Sequence[str],
    out: BinaryIO,
) -> None:
    """Copy `package` to `out` with `rows` (XML of `<row>` elements) in place of the model rows.

    `links` are `<hyperlink>` elements; it is read after the rows, so that they may be gathered meanwhile.
    """
    with ZipFile(out, "w", ZIP_DEFLATED) as filled:
        for entry in package.infolist():
            if entry.filename in {skeleton.sheet_part, _SHARED_STRINGS_PART}:
                continue
            content = package.read(entry)
            if entry.filename == skeleton.table_part:
                content = _ending_at(content.decode("utf-8"), last_row, last_column).encode("utf-8")
            with filled.open(entry.filename, "w") as part:  # by name it is dated 1980, without a clock
                part.write(content)
        with filled.open(skeleton.sheet_part, "w") as sheet:
            sheet.write(_ending_at(skeleton.before, last_row, last_column).encode("utf-8"))
            shared = 0
            for chunk in _chunks(rows):
                shared += chunk.count(' t="s"')
                sheet.write(chunk.encode("utf-8"))
            sheet.write(skeleton.after.replace("</hyperlinks>", "".join(links) + "</hyperlinks>", 1).encode("utf-8"))
        with filled.open(_SHARED_STRINGS_PART, "w") as table:
            own = package.read(_SHARED_STRINGS_PART).decode("utf-8")
            table.write(_counted(own, shared, strings.distinct).removesuffix("</sst>").encode("utf-8"))
            for chunk in _chunks(strings.elements()):
                table.write(chunk.encode("utf-8"))
            table.write(b"</sst>")


def shared_strings(package: ZipFile) -> int:
    """How many shared strings a package has."""
    found = re.search(r'uniqueCount="(\d+)"', package.read(_SHARED_STRINGS_PART).decode("utf-8"))
    if found is None:
        raise ValueError("the package has no shared strings")
    return int(found[1])


def _counted(content: str, used: int, distinct: int) -> str:
    """A shared string table's head with so many more uses and strings."""

    def counted(found: re.Match[str]) -> str:
        return f'count="{int(found[1]) + used}" uniqueCount="{int(found[2]) + distinct}"'

    return re.sub(r'count="(\d+)" uniqueCount="(\d+)"', counted, content, count=1)


def _ending_at(content: str, last_row: int, last_column: str) -> str:
    """With the end of a table's range, of its filter's and of a sheet's dimension moved to the last row."""
    return re.sub(
        r'(<(?:dimension|table|autoFilter) [^>]*?ref="[A-Z]+\d+:)[A-Z]+\d+', rf"\g<1>{last_column}{last_row}", content
    )


def _chunks(pieces: Iterable[str]) -> Iterator[str]:
    gathered: list[str] = []
    for piece in pieces:
        gathered.append(piece)
        if len(gathered) == _CHUNK_ROWS:
            yield "".join(gathered)
            gathered.clear()
    yield "".join(gathered)
