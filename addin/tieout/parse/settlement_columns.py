"""The columns of settlement files, found by name in any order; those we don't know are kept.

Sources: Amazon, "Flat File V2 Settlement Report" attributes; the withdrawn flat file ("V1",
GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE) as its real files have them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.parse.delimited import DelimitedText


class SettlementLayout(StrEnum):
    """How a settlement file lays out its amounts."""

    V2 = "v2"  # one amount a row, with its type and description
    V1 = "v1"  # a column for each sort of amount


_SUMMARY = ("settlement-id", "settlement-start-date", "settlement-end-date", "total-amount", "currency")
_V2_AMOUNT = ("amount-type", "amount-description", "amount")
# Each of V1's amount columns and the column that says what the amount is; "" where there is none.
V1_AMOUNTS: Mapping[str, str] = {
    "price-amount": "price-type",
    "item-related-fee-amount": "item-related-fee-type",
    "promotion-amount": "promotion-type",
    "shipment-fee-amount": "shipment-fee-type",
    "order-fee-amount": "order-fee-type",
    "direct-payment-amount": "direct-payment-type",
    "misc-fee-amount": "",
    "other-fee-amount": "other-fee-reason-description",
    "other-amount": "",
}
# A V1 file without these has lost columns; the rest only exist where they were used.
_V1_NEEDED = ("price-type", "price-amount", "item-related-fee-type", "item-related-fee-amount", "other-amount")
# How many of a settlement's names a first line needs to be taken for its header.
_RECOGNISED_MIN = 3


@dataclass(frozen=True, slots=True)
class SettlementColumns:
    """Where each named column stands (counted from 0), and how many columns the header has."""

    layout: SettlementLayout
    places: Mapping[str, int]
    width: int

    def __contains__(self, name: str) -> bool:
        return name in self.places

    def field(self, fields: list[str], name: str) -> str:
        """A row's field by column name; empty where the file or the row does not have it."""
        place = self.places.get(name, self.width)
        return fields[place] if place < len(fields) else ""


def fold_column(name: str) -> str:
    """A column's name as it is compared: "Settlement_ID " is "settlement-id"."""
    return "-".join(name.strip().strip('"').casefold().replace("_", " ").replace("-", " ").split())


def find_columns(document: Document, text: DelimitedText) -> SettlementColumns | Finding:
    """The columns of a settlement file, or the finding that says why it is none."""
    names = [fold_column(name) for name in text.columns]
    known = {*_SUMMARY, *_V2_AMOUNT, *_V1_NEEDED, "transaction-type", "posted-date"}
    if len(known.intersection(names)) < _RECOGNISED_MIN:
        return _not_a_settlement(document, text)
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in places and (name in known or name in V1_AMOUNTS or name == "posted-date-time"):
            return _repeated(document, text, name)
        places.setdefault(name, place)
    layout = SettlementLayout.V1 if "price-amount" in places and "amount" not in places else SettlementLayout.V2
    of_layout = _V2_AMOUNT if layout is SettlementLayout.V2 else _V1_NEEDED
    missing = [name for name in (*_SUMMARY, "transaction-type", "order-id", *of_layout) if name not in places]
    if "posted-date" not in places and "posted-date-time" not in places:
        missing.append("posted-date")
    if missing:
        return _missing(document, text, missing)
    return SettlementColumns(layout, places, len(names))


def _not_a_settlement(document: Document, text: DelimitedText) -> Finding:
    begins = " ".join(text.columns)[:60].strip()
    return Finding(
        code="settlement-not-recognised",
        severity=Severity.REFUSED,
        what=f"This is not a settlement file: its first line begins {begins!r}, not with a settlement's columns.",
        to_do="In Seller Central choose Payments, All Statements, Download Flat File V2, and import that file.",
        where=Origin(document.name, document.sha256, text.first_row),
    )


def _repeated(document: Document, text: DelimitedText, name: str) -> Finding:
    return Finding(
        code="settlement-column-repeated",
        severity=Severity.REFUSED,
        what=f"The column {name} stands in the header twice, so which one counts is not clear.",
        to_do="Import the file as Amazon gave it.",
        where=Origin(document.name, document.sha256, text.first_row),
        column=name,
    )


def _missing(document: Document, text: DelimitedText, missing: list[str]) -> Finding:
    columns = "column" if len(missing) == 1 else "columns"
    return Finding(
        code="settlement-columns-missing",
        severity=Severity.REFUSED,
        what=f"The header lacks the {columns} {', '.join(missing)}.",
        to_do="Import the file as Amazon gave it, with all its columns.",
        where=Origin(document.name, document.sha256, text.first_row),
        column=missing[0],
    )
