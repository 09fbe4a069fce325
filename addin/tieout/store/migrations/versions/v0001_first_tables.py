"""The first tables: documents, settlements, drafts, postings, activity, leases, mapping history, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.String(40)
_HASH = sa.String(64)

# Documents and the activity log are never changed or removed, whatever program opens the file.
_KEPT = ("documents", "activity")


def upgrade() -> None:
    """Make the tables."""
    _content_tables()
    _posting_tables()
    _log_tables()
    for table in _KEPT:
        _forbid_change(table)


def _content_tables() -> None:
    op.create_table(
        "documents",
        sa.Column("sha256", _HASH, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("charset", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("compressed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_documents"),
    )
    op.create_table(
        "settlements",
        sa.Column("settlement_id", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.String(2), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("start_at", _MOMENT, nullable=False),
        sa.Column("end_at", _MOMENT, nullable=False),
        sa.Column("deposit_at", _MOMENT, nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", _HASH, nullable=False),
        sa.Column("document_sha256", _HASH, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("settlement_id", name="pk_settlements"),
        sa.ForeignKeyConstraint(["document_sha256"], ["documents.sha256"], name="fk_settlements_document_sha256"),
    )
    op.create_table(
        "drafts",
        sa.Column("content_hash", _HASH, nullable=False),
        sa.Column("doc_number", sa.String(21), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("drafted_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name="pk_drafts"),
    )


def _posting_tables() -> None:
    op.create_table(
        "postings",
        sa.Column("realm_id", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("doc_number", sa.String(21), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("content_hash", _HASH, nullable=False),
        sa.Column("request_id", sa.String(50), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("quickbooks_id", sa.Text(), nullable=False),
        sa.Column("sync_token", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("intuit_tid", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("undo_sent_at", _MOMENT, nullable=False),
        sa.Column("reversed_by", sa.String(21), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "entity", "doc_number", name="pk_postings"),
        sa.UniqueConstraint("request_id", name="uq_postings_request_id"),
    )
    op.create_index("ix_postings_subject", "postings", ["subject"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _log_tables() -> None:
    op.create_table(
        "activity",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("previous_hash", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_activity"),
        sa.UniqueConstraint("previous_hash", name="uq_activity_previous_hash"),
    )
    op.create_table(
        "mapping_history",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("sha256", _HASH, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_mapping_history"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )


def _forbid_change(table: str) -> None:
    message = f"{table} are kept as they came" if table == "documents" else "the activity log is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_kept() RETURNS trigger AS $$"
        f" BEGIN RAISE EXCEPTION '{message}'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
    )


def downgrade() -> None:
    """Not offered: the copy made before each migration is the way back."""
    raise NotImplementedError("restore the copy that stands beside the database")
