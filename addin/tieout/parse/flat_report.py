"""Amazon's flat reports other than settlements: fields by the names of their columns, in any order.

Sources: Amazon's report attribute pages. Optional columns come and go, and new ones appear; so a report is read by
name, and columns that are not known are left alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.parse.delimited import DelimitedText, delimit
from tieout.parse.encodings import decode
from tieout.parse.settlement_columns import fold_column

# A file in which nothing can be read would otherwise be told row by row.
FINDINGS_MAX = 200


@dataclass(frozen=True, slots=True)
class FlatReport:
    """A report's fields. `places` is where each named column stands, counted from 0."""

    document: Document
    text: DelimitedText
    places: Mapping[str, int]

    def place(self, name: str) -> int:
        """The place of a column in a padded row; of the empty field at its end where there is no such column."""
        return self.places.get(name, len(self.text.columns))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row's number and fields, outer space gone, padded to one empty field more than there are columns."""
        width = len(self.text.columns) + 1
        numbered = self.text.rows()
        next(numbered)
        for row, fields in numbered:
            if fields and any(fields):
                stripped = [field.strip() for field in fields[: width - 1]]
                yield row, stripped + [""] * (width - len(stripped))

    def at(self, row: int | None = None) -> Origin:
        """The place in the document that a finding names."""
        return Origin(self.document.name, self.document.sha256, row)


def open_report(document: Document, what: str, needed: Sequence[str]) -> FlatReport | Finding:
    """The fields of a report; the finding if it is not text, lacks a column, or is cut off.

    `what` is the report in words ("an order report"); `needed` its columns, as `fold_column` writes them.
    """
    decoded = decode(document)
    if isinstance(decoded, Finding):
        return decoded
    text = delimit(document, decoded)
    if isinstance(text, Finding):
        return text
    places: dict[str, int] = {}
    for place, name in enumerate(text.columns):
        places.setdefault(fold_column(name), place)
    missing = [name for name in needed if name not in places]
    if missing:
        return _columns_missing(document, text, what, missing)
    last = text.last_line_fields()
    if last is not None and last[0] > text.first_row and last[1] < len(text.columns):
        return _cut_off(document, what, *last, len(text.columns))
    return FlatReport(document, text, places)


def capped(findings: Sequence[Finding], report: FlatReport) -> tuple[Finding, ...]:
    """Findings of rows, the first so many, and how many there are beyond."""
    if len(findings) <= FINDINGS_MAX:
        return tuple(findings)
    more = Finding(
        code="report-many-findings",
        severity=Severity.BLOCKED,
        what=f"{len(findings) - FINDINGS_MAX:,} more rows of this report have something wrong with them.",
        to_do="Look at the first ones: where all have one cause, the report was changed after Amazon made it.",
        where=report.at(),
    )
    return (*findings[:FINDINGS_MAX], more)


def _columns_missing(document: Document, text: DelimitedText, what: str, missing: Sequence[str]) -> Finding:
    columns = "column" if len(missing) == 1 else "columns"
    return Finding(
        code="report-columns-missing",
        severity=Severity.REFUSED,
        what=f"This is not {what} as Amazon makes it: its first line lacks the {columns} {', '.join(missing)}.",
        to_do="Download the report from Amazon again, and import the file as it comes.",
        where=Origin(document.name, document.sha256, text.first_row),
        column=missing[0],
    )


def _cut_off(document: Document, what: str, row: int, fields: int, columns: int) -> Finding:
    return Finding(
        code="report-cut-off",
        severity=Severity.REFUSED,
        what=f"The file ends in the middle of a row of {what}: it has {fields} of {columns} fields.",
        to_do="It was cut off while it was saved or sent. Download it again.",
        where=Origin(document.name, document.sha256, row),
    )
