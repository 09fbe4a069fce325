"""The rows of a settlement file in columns: read whole, told apart, checked for what no settlement may hold.

polars does the reading (a million lines in under a second); it is imported where it is used, so
that commands that read no settlement don't wait for it. Words that repeat are kept as codes, each set of words with
numbers of its own from 0, so that a later step looks at each distinct word once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.limits import SETTLEMENT_ROWS_MAX
from tieout.parse.coded_words import word_type
from tieout.parse.delimited import DelimitedText
from tieout.parse.settlement_columns import V1_AMOUNTS, SettlementColumns, SettlementLayout

if TYPE_CHECKING:
    import polars as pl

# What may stand around an id in a file that went through other hands: space, no-break space, ideographic space.
BLANKS = " \u00a0\u3000"

# One more field than the header has: anything in it is a row that is too long.
_BEYOND = "beyond the header"
_WORDS = ("settlement-id", "transaction-type", "order-id", "marketplace-name")
_V2_WORDS = ("amount-type", "amount-description")
_V1_TYPES = tuple(dict.fromkeys(column for column in V1_AMOUNTS.values() if column))
_TEXTS = ("total-amount", "currency", "posted-date", "posted-date-time")


@dataclass(frozen=True, slots=True)
class SettlementRows:
    """A file's rows, the header and empty rows left out.

    `summary` is the row number of the summary row. `frame` holds all other rows, in the file's order: "row" (the
    line's number in the file) and the columns that matter, words and amounts as categories, dates as text.
    """

    summary: int
    frame: "pl.DataFrame"


def amount_columns(columns: SettlementColumns) -> tuple[str, ...]:
    """The columns that hold amounts of lines, in the order in which a row's amounts are read."""
    if columns.layout is SettlementLayout.V2:
        return ("amount",)
    return tuple(column for column in V1_AMOUNTS if column in columns)


def read_rows(document: Document, text: DelimitedText, columns: SettlementColumns) -> SettlementRows | Finding:
    """A settlement's rows, or the finding that says which row is wrong."""
    import polars as pl

    if cut_off := _cut_off(document, text, columns):
        return cut_off
    try:
        frame = _scan(text, columns)
    except pl.exceptions.ComputeError:
        # polars gives up at a row that is far too long and doesn't say where.
        frame = None
    if frame is None or frame[_BEYOND].null_count() < frame.height or not _sees_beyond():
        if too_long := _first_too_long(document, text, columns, blanks_count=frame is None):
            return too_long
        assert frame is not None, "polars refused a text whose rows all fit"
    frame = _without_empty(_plain_order_ids(_blank_as_null(frame.drop(_BEYOND), columns)))
    if not frame.height:
        return _no_rows(document, text)
    if frame.height > SETTLEMENT_ROWS_MAX:
        return _too_many(document, frame.height)
    return _apart(document, frame, columns)


@cache
def _sees_beyond() -> bool:
    """Whether this polars reads a field beyond the header's last: not all its versions do, and none promises it."""
    import polars as pl

    schema: dict[str, pl.DataType] = {"a": pl.String(), _BEYOND: pl.String()}
    try:
        return _scan_csv(b"a\n1\t2\n", "\t", schema, 1).collect()[_BEYOND].to_list() == [None, "2"]
    except pl.exceptions.ComputeError:
        return False


def _scan_csv(utf8: bytes, separator: str, schema: "dict[str, pl.DataType]", first_row: int) -> "pl.LazyFrame":
    import polars as pl

    return pl.scan_csv(
        utf8,
        separator=separator,
        quote_char=None,
        has_header=False,
        schema=schema,
        missing_columns="insert",
        row_index_name="row",
        row_index_offset=first_row,
    )


def _scan(text: DelimitedText, columns: SettlementColumns) -> "pl.DataFrame":
    """The needed columns of all lines but the first, empty fields as nulls, with the line's number as "row"."""
    import polars as pl

    names = [f"field {place}" for place in range(columns.width)] + [_BEYOND]
    schema: dict[str, pl.DataType] = {name: pl.String() for name in names}
    wanted: dict[str, str] = {}
    for name, dtype in _column_types(columns):
        place = f"field {columns.places[name]}"
        schema[place] = dtype
        wanted[place] = name
    lazy = _scan_csv(text.utf8, text.separator, schema, text.first_row)
    frame = lazy.select("row", _BEYOND, *wanted).rename(wanted).collect()
    return frame.slice(1)


def _column_types(columns: SettlementColumns) -> Iterator[tuple[str, "pl.DataType"]]:
    """The columns to read and the type of each; those of one sort of words share their codes."""
    import polars as pl

    own = (*_WORDS, *(_V2_WORDS if columns.layout is SettlementLayout.V2 else ()))
    for name in own:
        if name in columns:
            yield name, word_type()
    amounts, types = word_type(), word_type()
    for name in amount_columns(columns):
        yield name, amounts
    if columns.layout is SettlementLayout.V1:
        for name in _V1_TYPES:
            if name in columns:
                yield name, types
    for name in _TEXTS:
        if name in columns:
            yield name, pl.String()


def _blank_as_null(frame: "pl.DataFrame", columns: SettlementColumns) -> "pl.DataFrame":
    """Ids, totals and amounts of blanks alone as the empty fields that they are (real V1 files pad their amounts)."""
    import polars as pl

    for name in ("settlement-id", "total-amount", *amount_columns(columns)):
        texts = frame[name].unique().cast(pl.String)
        blank = [text for text in texts if text is not None and not text.strip()]
        if blank:
            is_blank = pl.col(name).cast(pl.String).is_in(blank)
            frame = frame.with_columns(pl.when(~is_blank).then(pl.col(name)).alias(name))
    return frame


def _plain_order_ids(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Order ids without the blanks around them, blanks alone as the empty fields that they are.

    Rule 8 puts lines together by order: a blank more must not part an order's tax from the tax withheld on it, and
    blanks alone are no order.
    """
    import polars as pl

    written = frame["order-id"].unique().cast(pl.String)
    if (written == written.str.strip_chars(BLANKS)).all():
        return frame
    plain = frame["order-id"].cast(pl.String).str.strip_chars(BLANKS)
    return frame.with_columns(plain.set(plain == "", None).cast(word_type()))


def _without_empty(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Rows of which something that matters is filled in; a row of blanks alone is an empty row."""
    import polars as pl

    return frame.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))


def _apart(document: Document, frame: "pl.DataFrame", columns: SettlementColumns) -> SettlementRows | Finding:
    """The summary row told from the lines: it has a total and no amount."""
    import polars as pl

    no_amount = pl.all_horizontal(pl.col(*amount_columns(columns)).is_null())
    summaries = frame.filter(pl.col("total-amount").is_not_null() & no_amount)
    if not summaries.height:
        return _no_summary(document, frame["row"][0])
    if summaries.height > 1:
        return _two_summaries(document, summaries)
    row = summaries["row"][0]
    return SettlementRows(row, frame.filter(pl.col("row") != row))


def _cut_off(document: Document, text: DelimitedText, columns: SettlementColumns) -> Finding | None:
    """A last line that no line feed ends and that is short: the file was cut off within it.

    Real files have rows that lack their last field (promotion-id), so one missing field says nothing.
    """
    last = text.last_line_fields()
    if last is None or last[1] >= columns.width - 1 or last[0] == text.first_row:
        return None
    return Finding(
        code="settlement-cut-off",
        severity=Severity.REFUSED,
        what=f"The file ends in the middle of this row: it has {last[1]} of {columns.width} fields.",
        to_do="It was cut off while downloading or copying: download it from Amazon again.",
        where=Origin(document.name, document.sha256, last[0]),
    )


def _first_too_long(
    document: Document, text: DelimitedText, columns: SettlementColumns, *, blanks_count: bool
) -> Finding | None:
    """The first row with something beyond the header's last column. Empty fields there do no harm in themselves."""
    for row, fields in text.rows():
        if any(fields[columns.width :]) or (blanks_count and len(fields) > columns.width):
            return _too_long(document, row, columns.width)
    return None


def _too_long(document: Document, row: int, width: int) -> Finding:
    return Finding(
        code="settlement-row-too-long",
        severity=Severity.REFUSED,
        what=f"The row has more fields than the header's {width}, so which field is which is not clear.",
        to_do="Import the file as Amazon gave it; if a text in it holds the separator, save the file as tab text.",
        where=Origin(document.name, document.sha256, row),
    )


def _no_rows(document: Document, text: DelimitedText) -> Finding:
    return Finding(
        code="settlement-header-only",
        severity=Severity.REFUSED,
        what="The file has a settlement's header and no rows.",
        to_do="Download it from Amazon again; if it has no rows there either, there is nothing to import.",
        where=Origin(document.name, document.sha256, text.first_row),
    )


def _too_many(document: Document, rows: int) -> Finding:
    return Finding(
        code="settlement-too-many-rows",
        severity=Severity.REFUSED,
        what=f"The file has {rows:,} rows; a settlement is read up to {SETTLEMENT_ROWS_MAX:,}.",
        to_do="Check that it is one settlement.",
        where=Origin(document.name, document.sha256),
    )


def _no_summary(document: Document, row: int) -> Finding:
    return Finding(
        code="settlement-summary-missing",
        severity=Severity.REFUSED,
        what="No row of the file has the settlement's total, so its rows can't be proved.",
        to_do="Import the file as Amazon gave it: the row after its header holds total, dates and currency.",
        where=Origin(document.name, document.sha256, row),
        column="total-amount",
    )


def _two_summaries(document: Document, summaries: "pl.DataFrame") -> Finding:
    first, second = (str(word or "").strip() for word in summaries["settlement-id"].head(2))
    told = f"settlements {first} and {second}" if first != second else f"settlement {first} twice"
    return Finding(
        code="settlement-two-in-one-file",
        severity=Severity.REFUSED,
        what=f"The file holds {told}: this row is a second summary row.",
        to_do="Import each settlement from the file that Amazon gave for it.",
        where=Origin(document.name, document.sha256, summaries["row"][1]),
        subject=first,
    )
