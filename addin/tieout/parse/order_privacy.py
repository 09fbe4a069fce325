"""Order and VAT reports without what could tell who bought: emptied before they are kept.

The all-orders report names no buyer, but the place an order went to, purchase order numbers and, in Brazil, a tax
number. The VAT transactions report has business buyers' names and VAT numbers, and links to invoices. Accounting
needs the country and the region only (for tax); the rest is not kept, not even in the raw document. Fields are
emptied in the bytes as they came: tabs and line feeds are the same bytes in every encoding that Amazon uses for these
reports.
"""

import json
from collections.abc import Mapping
from typing import Any

from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.api_json import read_page
from tieout.parse.delimited import delimit
from tieout.parse.encodings import decode
from tieout.parse.settlement_columns import fold_column

# Parts of column names that tell of a person or a place, and the columns that are spared.
_PERSONAL = (
    *("buyer", "recipient", "ship-", "bill-", "address", "city", "postal", "phone", "email", "cpf", "purchase-order"),
    *("customer", "customized", "gift-message", "delivery-instructions", "vat-invoice", "licensee"),
    *("arrival-post-code", "invoice-url"),
)
_SPARED = frozenset(
    {
        *("ship-country", "ship-state", "ship-service-level", "ship-promotion-discount", "ship-promotion-id"),
        *("ship-date", "is-business-order"),
        # Where Amazon's warehouse is, and whose VAT number a buyer has, which decides the tax.
        *("departure-city", "buyer-vat-number-country"),
    }
)


# The objects of the Orders API (2026-01-01) that tell of people.
_OF_BUYERS = frozenset({"buyer", "recipient"})


def without_buyer_data(document: Document) -> Document:
    """The document with every field that could tell of the buyer empty; itself where there is none.

    What a spreadsheet saved again (CSV, UTF-16) becomes tab text in UTF-8, whose fields can be told apart.
    """
    plain = document if _is_tab_text(document.content) else _as_tab_text(document)
    lines = plain.content.split(b"\n")
    names = [fold_column(name.decode("utf-8", errors="replace")) for name in lines[0].split(b"\t")]
    personal = [place for place, name in enumerate(names) if is_personal(name)]
    if not personal:
        return document
    content = b"\n".join([lines[0], *(_emptied(line, personal) for line in lines[1:])])
    return document if content == document.content else Document.of(document.name, content, plain.charset)


def page_without_buyers(document: Document) -> Document:
    """A page of the Orders API without buyers and recipients, in case Amazon tells of them unasked; else itself."""
    if not any(b'"%s"' % name.encode() in document.content for name in _OF_BUYERS):
        return document
    page = read_page(document)
    if isinstance(page, Finding):
        return document  # its reader says that it is no page
    content = json.dumps(_without(page), ensure_ascii=False, default=str).encode("utf-8")
    return Document.of(document.name, content, "utf-8")


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without(part) for name, part in value.items() if name not in _OF_BUYERS}
    return [_without(part) for part in value] if isinstance(value, list) else value


def _emptied(line: bytes, places: list[int]) -> bytes:
    fields = line.split(b"\t")
    # What ends the line in files of Windows is no part of its last field.
    end = b"\r" if fields[-1].endswith(b"\r") else b""
    fields[-1] = fields[-1].removesuffix(b"\r")
    for place in places:
        if place < len(fields):
            fields[place] = b""
    return b"\t".join(fields) + end


def _is_tab_text(content: bytes) -> bool:
    first = content[: content.find(b"\n") if b"\n" in content else len(content)]
    return b"\t" in first and b"\0" not in first


def _as_tab_text(document: Document) -> Document:
    """Any other text as tab text in UTF-8; itself where it is no text, which its reader then says."""
    decoded = decode(document)
    text = decoded if isinstance(decoded, Finding) else delimit(document, decoded)
    if isinstance(text, Finding):
        return document
    rows = ("\t".join(field.replace("\t", " ") for field in fields) for _, fields in text.rows())
    return Document.of(document.name, "".join(f"{row}\n" for row in rows).encode("utf-8"), "utf-8")


def is_personal(column: str) -> bool:
    """Whether a column, by its folded name, could tell who bought."""
    return column not in _SPARED and any(part in column for part in _PERSONAL)
