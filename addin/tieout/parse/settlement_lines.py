"""Rows into lines: one for each amount, in either layout, with the words that make its kind.

A line is an amount that moves money. A V2 row is one line. A V1 row has a column for each sort of amount: it is as
many lines as it has amounts, all with its row number, and none if it has none (real V1 files have such a row for
each item, with its quantity alone).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.domain.settlement import Kind
from tieout.parse.coded_words import word_type
from tieout.parse.kinds_v1 import WordsV1, kind_of_v1
from tieout.parse.settlement_columns import V1_AMOUNTS, SettlementColumns, SettlementLayout
from tieout.parse.settlement_rows import SettlementRows, amount_columns

if TYPE_CHECKING:
    import polars as pl

_V2_WORDS = ("transaction-type", "amount-type", "amount-description", "marketplace-name")
_V1_WORDS = (
    *("amount column", "transaction-type", "amount's type"),
    *("item-related-fee-type", "other-fee-reason-description", "marketplace-name"),
)


@dataclass(frozen=True, slots=True)
class SettlementLineColumns:
    """A settlement's lines: `frame` has "row", "amount", "order-id" and, where the file has them, "posted-date" and
    "posted-date-time", and the word columns `words`, from whose texts `kind_of` makes a line's kind.
    """

    frame: "pl.DataFrame"
    words: tuple[str, ...]
    kind_of: Callable[[tuple[str, ...]], Kind]


def read_lines(
    document: Document, rows: SettlementRows, columns: SettlementColumns
) -> SettlementLineColumns | Finding:
    """The lines of a settlement's rows, or the finding that says which row is none."""
    if not rows.frame.height:
        return _no_lines(document, rows.summary)
    if columns.layout is SettlementLayout.V1:
        lines = _v1_lines(rows.frame, columns)
        return lines if lines.frame.height else _no_lines(document, rows.summary)
    without = rows.frame.filter(rows.frame["amount"].is_null())
    if without.height:
        return _no_amount(document, without["row"][0], without.height)
    frame = _with_words(rows.frame, _V2_WORDS)
    return SettlementLineColumns(frame, _V2_WORDS, lambda texts: Kind(*texts))


def _v1_lines(frame: "pl.DataFrame", columns: SettlementColumns) -> SettlementLineColumns:
    import polars as pl

    name = word_type()
    shared = [c for c in ("row", "order-id", "posted-date", "posted-date-time") if c in frame.columns]
    kept = [word for word in _V1_WORDS if word in frame.columns]
    parts = []
    for column in amount_columns(columns):
        type_column = V1_AMOUNTS[column]
        of_type = pl.col(type_column) if type_column in frame.columns else pl.lit(None, frame["price-type"].dtype)
        parts.append(
            frame.filter(pl.col(column).is_not_null()).select(
                *shared,
                *kept,
                pl.lit(column).cast(name).alias("amount column"),
                of_type.alias("amount's type"),
                pl.col(column).alias("amount"),
            )
        )
    lines = pl.concat(parts).sort("row", maintain_order=True)
    return SettlementLineColumns(_with_words(lines, _V1_WORDS), _V1_WORDS, lambda texts: kind_of_v1(WordsV1(*texts)))


def _with_words(frame: "pl.DataFrame", words: tuple[str, ...]) -> "pl.DataFrame":
    """The frame with a column for each word, empty where the file has none."""
    import polars as pl

    absent = [word for word in words if word not in frame.columns]
    nothing = word_type()
    return frame.with_columns(pl.lit(None, nothing).alias(word) for word in absent)


def _no_lines(document: Document, row: int) -> Finding:
    return Finding(
        code="settlement-without-lines",
        severity=Severity.REFUSED,
        what="The file has the settlement's summary row and no lines.",
        to_do="Download it from Amazon again; if it has no lines there either, there is nothing to post.",
        where=Origin(document.name, document.sha256, row),
    )


def _no_amount(document: Document, row: int, count: int) -> Finding:
    more = f", nor have {count - 1} rows after it" if count > 1 else ""
    return Finding(
        code="settlement-amount-missing",
        severity=Severity.REFUSED,
        what=f"The row has no amount{more}. Every row of a settlement after its summary has one.",
        to_do="Import the file as Amazon gave it.",
        where=Origin(document.name, document.sha256, row),
        column="amount",
    )
