"""Raw documents: every byte that was ever downloaded or imported, compressed, under its content hash, for ever."""

import zlib

from sqlalchemy import insert, select

from tieout.domain.document import Document
from tieout.ports import Clock
from tieout.store.database import Database
from tieout.store.moments import moment_text
from tieout.store.schema import DOCUMENTS


class StoredDocuments:
    """The documents of one company."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, document: Document) -> bool:
        """Keep a document; whether it was new. The name it first came under stays."""
        if Document.of(document.name, document.content).sha256 != document.sha256:
            raise ValueError(f"{document.name} does not have the hash it is said to have")
        with self._database.writing() as connection:
            known = select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.sha256 == document.sha256)
            if connection.execute(known).first() is not None:
                return False
            connection.execute(
                insert(DOCUMENTS).values(
                    sha256=document.sha256,
                    name=document.name,
                    charset=document.charset,
                    bytes=len(document.content),
                    compressed=zlib.compress(document.content, 6),
                    received_at=moment_text(self._clock.now()),
                )
            )
        return True

    def get(self, sha256: str) -> Document | None:
        """The document of a hash, proved to be what it was."""
        with self._database.reading() as connection:
            row = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256)).first()
        if row is None:
            return None
        document = Document.of(row.name, zlib.decompress(row.compressed), row.charset)
        if document.sha256 != sha256:
            raise ValueError(f"the stored document {row.name} is damaged: its content hash differs")
        return document

    def hashes(self) -> tuple[str, ...]:
        """The hashes of all documents, in the order they came."""
        with self._database.reading() as connection:
            order = select(DOCUMENTS.c.sha256).order_by(DOCUMENTS.c.received_at, DOCUMENTS.c.sha256)
            return tuple(connection.execute(order).scalars())
