"""What an Amazon file is, by the columns in its first line: a settlement, orders, listings, VAT.

A page of listTransactions that somebody saved is JSON, and known by what it holds.
"""

from enum import StrEnum

from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.api_json import inside, read_page
from tieout.parse.delimited import delimit
from tieout.parse.encodings import decode
from tieout.parse.listings import LISTING_COLUMNS
from tieout.parse.orders import ORDER_COLUMNS
from tieout.parse.settlement_columns import fold_column
from tieout.parse.vat import VAT_COLUMNS


class DocumentKind(StrEnum):
    """What a file can be."""

    SETTLEMENT = "settlement"
    ORDERS = "orders"
    LISTINGS = "listings"
    VAT = "VAT transactions"
    TRANSACTIONS = "deferred transactions"
    UNKNOWN = "unknown"


# So few of a settlement's names: one that lost columns is said to be a settlement, and what it lacks.
_SETTLEMENT_COLUMNS = ("settlement-id", "total-amount")
_COLUMNS = {
    DocumentKind.ORDERS: ORDER_COLUMNS,
    DocumentKind.LISTINGS: LISTING_COLUMNS,
    DocumentKind.VAT: VAT_COLUMNS,
    DocumentKind.SETTLEMENT: _SETTLEMENT_COLUMNS,
}


def document_kind(document: Document) -> DocumentKind | Finding:
    """What a document is; the finding if it is no text."""
    if document.content.lstrip()[:1] == b"{":
        page = read_page(document)
        is_transactions = not isinstance(page, Finding) and isinstance(inside(page, "payload", "transactions"), list)
        return DocumentKind.TRANSACTIONS if is_transactions else DocumentKind.UNKNOWN
    decoded = decode(document)
    text = decoded if isinstance(decoded, Finding) else delimit(document, decoded)
    if isinstance(text, Finding):
        return text
    names = {fold_column(name) for name in text.columns}
    return next((kind for kind, columns in _COLUMNS.items() if set(columns) <= names), DocumentKind.UNKNOWN)
