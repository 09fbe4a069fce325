"""A document as it came: raw bytes, kept for ever under their content hash."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with the name they came under. `name` is for people; `sha256` is the identity.

    `member` chains are written into the name: "archive.zip > settlement.txt". `charset` is what the download's
    content type said, if anything did.
    """

    name: str
    content: bytes
    sha256: str
    charset: str = ""

    @classmethod
    def of(cls, name: str, content: bytes, charset: str = "") -> "Document":
        """A document of these bytes, hashed."""
        return cls(name, content, hashlib.sha256(content).hexdigest(), charset)
