"""Documents behind presigned addresses: reports to download, feeds to upload.

An address is good for five minutes and needs no token (Reports and Feeds models). What is behind it answers as S3
does: XML for an error, the charset in the content type.
"""

import gzip
from collections.abc import Callable
from urllib.parse import quote

from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.wire import Answer, Request, iso

URL_LASTS_S = 300
DOWNLOADS = "/documents/"
UPLOADS = "/uploads/"
_XML = "application/xml"


def presigned(seller: Seller, folder: str, document_id: str, now_s: int, *, encoding: str = "identity") -> str:
    """An address for a document, good for five minutes from now."""
    mark = seller.secret(f"{folder}{document_id}|{now_s}|{encoding}", 32)
    query = f"X-Amz-Date={now_s}&X-Amz-Expires={URL_LASTS_S}&encoding={encoding}&X-Amz-Signature={mark}"
    return f"{seller.url}{folder}{quote(document_id, safe='')}?{query}"


def refused_address(seller: Seller, folder: str, request: Request, *, expired: bool = False) -> Answer | None:
    """The refusal of an address that is over or was tampered with; None for a good one."""
    issued, encoding = request.one("X-Amz-Date"), request.one("encoding")
    mark = seller.secret(f"{folder}{request.parts[0]}|{issued}|{encoding}", 32)
    if not issued.isdecimal() or mark != request.one("X-Amz-Signature"):
        return _s3_error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
    until = int(issued) + URL_LASTS_S
    if expired or request.now_s > until:
        return _s3_error(403, "AccessDenied", f"Request has expired. Expires: {iso(until)}")
    return None


def _s3_error(status: int, code: str, message: str) -> Answer:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status=status, raw=text.encode(), content_type=_XML)


def download(
    seller: Seller, request: Request, content: Callable[[str], tuple[bytes, str, bool] | None], *, expired: bool
) -> Answer:
    """Answer a download; `content` gives a document's bytes, content type, and whether it is kept compressed."""
    refused = refused_address(seller, DOWNLOADS, request, expired=expired)
    if refused is not None:
        return refused
    found = content(request.parts[0])
    if found is None:
        return _s3_error(404, "NoSuchKey", "The specified key does not exist.")
    data, content_type, compressed = found
    headers = {}
    if compressed:
        data = gzip.compress(data, mtime=0)
        if request.one("encoding") == "gzip":
            headers["Content-Encoding"] = "gzip"
    return Answer(raw=data, content_type=content_type, headers=headers)
