"""A settlement's amounts in minor units: one decimal style for the whole file, each amount exact."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import InexactAmount
from tieout.domain.origin import Origin
from tieout.parse.amounts import (
    AmbiguousStyle,
    DecimalStyle,
    MixedStyles,
    TooManyPlaces,
    decide_style,
    read_amount,
)
from tieout.parse.coded_words import distinct_texts, put_back
from tieout.parse.settlement_summary import SummaryRow

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class SettlementMoney:
    """The lines' amounts in minor units, in their order, and the settlement's total."""

    minor: "pl.Series"
    total: int


def read_money(document: Document, frame: "pl.DataFrame", summary: SummaryRow) -> SettlementMoney | Finding:
    """The amounts of the lines (`frame`: "row", "amount") and of the summary; a finding if one can't be exact."""
    import polars as pl

    texts = distinct_texts(frame["amount"])
    style = decide_style([summary.total, *texts.values()], summary.places)
    if isinstance(style, MixedStyles):
        return _mixed(document, frame, summary, style)
    if isinstance(style, AmbiguousStyle):
        return _ambiguous(document, frame, summary, style)
    reading = _Reading(style, summary)
    try:
        total = reading.minor(summary.total)
        by_code = {code: reading.minor(text) for code, text in texts.items()}
    except InexactAmount as error:
        return _inexact(document, frame, summary, reading.text, error)
    return SettlementMoney(put_back(frame["amount"], by_code, pl.Int64()), total)


class _Reading:
    """Reads amounts of one style, and knows which text it read last."""

    def __init__(self, style: DecimalStyle, summary: SummaryRow) -> None:
        self.text = ""
        self._style = style
        self._places = summary.places

    def minor(self, text: str) -> int:
        self.text = text
        return read_amount(text, self._style, self._places)


def _where(document: Document, frame: "pl.DataFrame", summary: SummaryRow, text: str) -> tuple[Origin, str]:
    """The first place of an amount's text, and its column."""
    import polars as pl

    if text == summary.total:
        return Origin(document.name, document.sha256, summary.row), "total-amount"
    rows = frame.filter(pl.col("amount").cast(pl.String) == text)["row"]
    return Origin(document.name, document.sha256, rows[0]), "amount"


def _mixed(document: Document, frame: "pl.DataFrame", summary: SummaryRow, style: MixedStyles) -> Finding:
    point, _ = _where(document, frame, summary, style.with_point)
    comma, column = _where(document, frame, summary, style.with_comma)
    return Finding(
        code="settlement-decimals-mixed",
        severity=Severity.REFUSED,
        what=(
            f"The file writes decimals in two ways: {style.with_point.strip()} in row {point.row} and "
            f"{style.with_comma.strip()} in this row."
        ),
        to_do="Import the file as Amazon gave it; a spreadsheet of another language may have changed it.",
        where=comma,
        subject=summary.settlement_id,
        column=column,
    )


def _ambiguous(document: Document, frame: "pl.DataFrame", summary: SummaryRow, style: AmbiguousStyle) -> Finding:
    where, column = _where(document, frame, summary, style.text)
    return Finding(
        code="settlement-decimals-ambiguous",
        severity=Severity.REFUSED,
        what=f"Nothing in the file tells whether {style.text.strip()} has thousands or decimals.",
        to_do="Import the file as Amazon gave it, with two decimals on every amount.",
        where=where,
        subject=summary.settlement_id,
        column=column,
    )


def _inexact(
    document: Document, frame: "pl.DataFrame", summary: SummaryRow, text: str, error: InexactAmount
) -> Finding:
    where, column = _where(document, frame, summary, text)
    if isinstance(error, TooManyPlaces):
        return Finding(
            code="settlement-amount-places",
            severity=Severity.REFUSED,
            what=f"{summary.currency} has {summary.places} decimal places; {text.strip()} has more.",
            to_do="Amazon rounds every amount itself: import the file as Amazon gave it.",
            where=where,
            subject=summary.settlement_id,
            column=column,
        )
    return Finding(
        code="settlement-amount-unreadable",
        severity=Severity.REFUSED,
        what=f"{error}.",
        to_do="Import the file as Amazon gave it.",
        where=where,
        subject=summary.settlement_id,
        column=column,
    )
