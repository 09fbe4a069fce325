"""A settlement's summary row: id, period, total and currency; and whether the rows below agree with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import UnknownCurrency, exponent
from tieout.domain.origin import Origin
from tieout.parse.damaged_ids import DAMAGED_ID
from tieout.parse.delimited import DelimitedText
from tieout.parse.settlement_columns import SettlementColumns
from tieout.parse.settlement_rows import SettlementRows

if TYPE_CHECKING:
    import polars as pl

# Amazon's ids are digits (all real files). One that a spreadsheet grouped, gave decimals or an apostrophe would be
# another settlement than the same one from Amazon's own file, and post a second time.
_ID = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """What the summary row says, as text but for the currency, which is known; `places` are its decimal places."""

    row: int
    settlement_id: str
    currency: str
    places: int
    total: str
    start: str
    end: str
    deposit: str


def read_summary(
    document: Document, text: DelimitedText, columns: SettlementColumns, rows: SettlementRows
) -> SummaryRow | Finding:
    """The summary row; a finding if it, or a row that should agree with it, can't be right."""
    fields = next(fields for row, fields in text.rows() if row == rows.summary)

    def field(name: str) -> str:
        return columns.field(fields, name).strip()

    settlement_id, currency = field("settlement-id"), field("currency").upper()
    where = Origin(document.name, document.sha256, rows.summary)
    if not _ID.fullmatch(settlement_id):
        return _damaged_id(settlement_id, where)
    try:
        places = exponent(currency)
    except UnknownCurrency:
        return _unknown_currency(currency, where, settlement_id)
    summary = SummaryRow(
        rows.summary,
        settlement_id,
        currency,
        places,
        field("total-amount"),
        field("settlement-start-date"),
        field("settlement-end-date"),
        field("deposit-date"),
    )
    return _other_id(document, rows.frame, summary) or _other_header(document, rows.frame, summary) or summary


def _other_id(document: Document, frame: "pl.DataFrame", summary: SummaryRow) -> Finding | None:
    """A row that is of another settlement, or of none."""
    strange = _strangers(frame, "settlement-id", {summary.settlement_id}, blank_is_strange=True)
    if strange is None:
        return None
    row, text = strange
    where = Origin(document.name, document.sha256, row)
    if not text:
        return Finding(
            code="settlement-id-missing",
            severity=Severity.REFUSED,
            what="The row has no settlement-id, so it is not certain that it belongs to this settlement.",
            to_do="Import the file as Amazon gave it.",
            where=where,
            subject=summary.settlement_id,
            column="settlement-id",
        )
    return Finding(
        code="settlement-two-in-one-file",
        severity=Severity.REFUSED,
        what=f"The row is of settlement {text}; the file is of settlement {summary.settlement_id}.",
        to_do="Import each settlement from the file that Amazon gave for it.",
        where=where,
        subject=summary.settlement_id,
        column="settlement-id",
    )


def _other_header(document: Document, frame: "pl.DataFrame", summary: SummaryRow) -> Finding | None:
    """A row with a currency or a total of its own that is not the summary's (real files leave both blank there)."""
    for column, said in (("currency", summary.currency), ("total-amount", summary.total)):
        strange = _strangers(frame, column, {said, said.lower()}, blank_is_strange=False)
        if strange is not None:
            return Finding(
                code="settlement-row-differs",
                severity=Severity.REFUSED,
                what=f"The row's {column} is {strange[1]}; the settlement's is {said}.",
                to_do="A settlement has one currency and one total: import the file as Amazon gave it.",
                where=Origin(document.name, document.sha256, strange[0]),
                subject=summary.settlement_id,
                column=column,
            )
    return None


def _strangers(
    frame: "pl.DataFrame", column: str, expected: Iterable[str], *, blank_is_strange: bool
) -> tuple[int, str] | None:
    """The first row whose text in `column` is none of the expected, and that text."""
    import polars as pl

    texts = frame[column].unique().cast(pl.String).to_list()
    strange = [text for text in texts if (blank_is_strange if not _bare(text) else _bare(text) not in expected)]
    if not strange:
        return None
    is_strange = pl.col(column).cast(pl.String).is_in(strange, nulls_equal=True)
    row, text = frame.filter(is_strange).select("row", pl.col(column).cast(pl.String)).row(0)
    return row, _bare(text)


def _bare(text: str | None) -> str:
    return (text or "").strip()


def _damaged_id(settlement_id: str, where: Origin) -> Finding:
    if not settlement_id:
        what = "The summary row has no settlement-id."
    elif DAMAGED_ID.fullmatch(settlement_id):
        what = f"The settlement-id {settlement_id} was damaged by a spreadsheet: its digits are lost."
    else:
        what = f"The settlement-id {settlement_id!r} is not as Amazon writes it: another program changed it."
    return Finding(
        code="settlement-id-damaged",
        severity=Severity.REFUSED,
        what=what,
        to_do="The id is what a settlement is known by: import the .txt file that Amazon gave.",
        where=where,
        column="settlement-id",
    )


def _unknown_currency(currency: str, where: Origin, settlement_id: str) -> Finding:
    said = f"{currency!r} is not a currency we know" if currency else "The summary row has no currency"
    return Finding(
        code="settlement-currency-unknown",
        severity=Severity.REFUSED,
        what=f"{said}, so how many decimal places its amounts have is not known.",
        to_do="Check the summary row; if the currency is right, tell us that Amazon settles in it.",
        where=where,
        subject=settlement_id,
        column="currency",
    )
