"""Ids that a spreadsheet turned into numbers: 112118348242681 saved as 1.12118E+14, its digits lost.

A spreadsheet shows numbers of more than eleven digits so, and saves what it shows. Order ids with dashes survive;
order-item-code (14 or 15 digits) and merchant-adjustment-item-id (19) don't (facts of real files).
"""

import re

from tieout.parse.delimited import DelimitedText
from tieout.parse.settlement_columns import SettlementColumns

DAMAGED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE | re.ASCII)

_ID_COLUMNS = (
    *("order-id", "merchant-order-id", "adjustment-id", "shipment-id", "order-item-code"),
    *("merchant-order-item-id", "merchant-adjustment-item-id"),
)


def find_damaged_ids(text: DelimitedText, columns: SettlementColumns) -> dict[str, int]:
    """The columns that hold a damaged id, each with its first such row."""
    # Nearly every file is spared the look at each of its fields by this.
    if b"+" not in text.utf8 or not (b"E+" in text.utf8 or b"e+" in text.utf8):
        return {}
    found: dict[str, int] = {}
    names = [name for name in _ID_COLUMNS if name in columns]
    for row, fields in text.rows():
        for name in names:
            if name not in found and DAMAGED_ID.fullmatch(columns.field(fields, name).strip()):
                found[name] = row
    return found
