"""Report documents: fetched through their short-lived address, unpacked, kept as bytes with their charset.

Source: model reports_2021-06-30.json, getReportDocument: the address is good for five minutes; where
compressionAlgorithm is GZIP the document is packed. The charset is told by the download's content type only.
"""

import re
from collections.abc import Callable

from tieout.amazon.faults import document_damaged, unreadable
from tieout.amazon.session import AmazonSession, Raw
from tieout.domain.document import Document
from tieout.download_ports import AmazonUnavailable
from tieout.limits import AMAZON_DOCUMENT_SECONDS_MAX, AMAZON_DOCUMENT_TRIES_MAX, FILE_BYTES_MAX
from tieout.parse.containers import unpack

_GZIP = b"\x1f\x8b"
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)


def fetch_document(session: AmazonSession, address: Callable[[], tuple[str, bool]], name: str) -> Document:
    """The document behind an address. `address` gives a fresh one, and whether what is behind it is packed.

    An address that is over, or a document that is cut off, is fetched anew; AmazonUnavailable if that stays so.
    """
    reason = ""
    for _ in range(AMAZON_DOCUMENT_TRIES_MAX):
        url, packed = address()
        raw = session.fetch(url, bytes_max=FILE_BYTES_MAX, seconds_max=AMAZON_DOCUMENT_SECONDS_MAX)
        if raw.status != 200:
            reason = f"its address was answered with status {raw.status}"
            continue
        document = _unpacked(raw, name, packed)
        if isinstance(document, Document):
            return document
        reason = document
    raise AmazonUnavailable(document_damaged(name, reason))


def address_in(answer: object) -> tuple[str, bool]:
    """The address in getReportDocument's answer, and whether the document is packed; AmazonUnavailable without."""
    url = answer.get("url") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(url, str) or not url:
        raise AmazonUnavailable(unreadable("getReportDocument"))
    return url, answer.get("compressionAlgorithm") == "GZIP"


def _unpacked(raw: Raw, name: str, packed: bool) -> Document | str:
    """The document as the seller would have it on disk, or why it can't be unpacked."""
    charset = _CHARSET.search(raw.headers.get("Content-Type", ""))
    declared = charset[1] if charset else ""
    # What was sent with Content-Encoding: gzip is unpacked already.
    if not packed or not raw.content.startswith(_GZIP):
        return Document.of(name, raw.content, declared)
    members, problems = unpack(Document.of(name, raw.content))
    if len(members) != 1:
        return problems[0].what if problems else f"it holds {len(members)} files"
    return Document.of(name, members[0].content, declared)
