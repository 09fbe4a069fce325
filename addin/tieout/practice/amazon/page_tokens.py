"""Page tokens: opaque text that says where a listing goes on, and refuses to be made up or changed."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from hashlib import blake2b

from tieout.practice.amazon.wire import Doc, invalid_input
from tieout.practice.exact_json import NotJson, read_json, write_json

_MARK_BYTES = 8


def page_token(kind: str, content: Doc) -> str:
    """A token of a kind of listing."""
    text = write_json(content).encode()
    return urlsafe_b64encode(_mark(kind, text) + text).decode().rstrip("=")


def read_page_token(kind: str, token: str, name: str = "nextToken") -> Doc:
    """The content of a token; InvalidInput for one that was not given out for this kind of listing."""
    try:
        data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        content = read_json(data[_MARK_BYTES:])
    except (BadBase64, ValueError, NotJson):
        raise invalid_input(f"{name} is not valid.") from None
    if data[:_MARK_BYTES] != _mark(kind, data[_MARK_BYTES:]) or not isinstance(content, dict):
        raise invalid_input(f"{name} is not valid.")
    return content


def _mark(kind: str, text: bytes) -> bytes:
    return blake2b(text, digest_size=_MARK_BYTES, person=kind.encode()[:16]).digest()
