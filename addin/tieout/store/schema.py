"""The tables of a company's database, as the newest migration leaves them (a test compares the two).

Moments are ISO 8601 text in UTC, which both SQLite and PostgreSQL keep exactly; amounts are whole minor units. The
tables of what was downloaded stand in `download_schema`, those of the books' lists in `list_schema`.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

# The newest migration in migrations/versions; opening a database that is there already imports no Alembic.
HEAD_REVISION = "0003"

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("charset", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("compressed", LargeBinary, nullable=False),
    Column("received_at", String(40), nullable=False),
)

SETTLEMENTS = Table(
    "settlements",
    METADATA,
    Column("settlement_id", Text, primary_key=True),
    Column("marketplace", String(2), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("start_at", String(40), nullable=False),
    Column("end_at", String(40), nullable=False),
    Column("deposit_at", String(40), nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("document_sha256", String(64), ForeignKey("documents.sha256"), nullable=False),
    Column("state", Text, nullable=False),
)

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("content_hash", String(64), primary_key=True),
    Column("doc_number", String(21), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("drafted_at", String(40), nullable=False),
)

POSTINGS = Table(
    "postings",
    METADATA,
    Column("realm_id", String(40), primary_key=True),
    Column("entity", String(40), primary_key=True),
    Column("doc_number", String(21), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("request_id", String(50), nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
    Column("quickbooks_id", Text, nullable=False),
    Column("sync_token", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("intuit_tid", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("sent_at", String(40), nullable=False),
    Column("undo_sent_at", String(40), nullable=False),
    Column("reversed_by", String(21), nullable=False),
    Index("ix_postings_subject", "subject"),
)

ACTIVITY = Table(
    "activity",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("token", String(40), nullable=False),
    Column("holder", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("expires_at", String(40), nullable=False),
)

MAPPING_HISTORY = Table(
    "mapping_history",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", String(40), nullable=False),
)
