"""What was downloaded: orders, listings, stock, deferred transactions, documents fetched and how far it has come."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.String(40)
_HASH = sa.String(64)


def upgrade() -> None:
    """Make the tables."""
    _order_table()
    _listing_tables()
    _deferred_table()
    _download_tables()


def _order_table() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("marketplace", sa.String(2), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("purchased_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("content_hash", sa.String(32), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("document_sha256", _HASH, nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_orders"),
    )
    for column in ("purchased_at", "updated_at", "status"):
        op.create_index(f"ix_orders_{column}", "orders", [column])


def _listing_tables() -> None:
    op.create_table(
        "listings",
        sa.Column("seller_id", sa.String(40), nullable=False),
        sa.Column("marketplace", sa.String(2), nullable=False),
        sa.Column("seller_sku", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("asin", "listing_id", "title")),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(10), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("channel_told", "status", "condition", "opened")),
        sa.Column("document_sha256", _HASH, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "marketplace", "seller_sku", name="pk_listings"),
    )
    op.create_table(
        "stock",
        sa.Column("seller_id", sa.String(40), nullable=False),
        sa.Column("marketplace", sa.String(2), nullable=False),
        sa.Column("seller_sku", sa.Text(), nullable=False),
        sa.Column("fnsku", sa.String(40), nullable=False),
        sa.Column("asin", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("fulfillable", "reserved", "unfulfillable", "researching", "inbound", "total")
        ),
        sa.PrimaryKeyConstraint("seller_id", "marketplace", "seller_sku", "fnsku", name="pk_stock"),
    )


def _deferred_table() -> None:
    op.create_table(
        "deferred_transactions",
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.Column("transaction_type", sa.Text(), nullable=False),
        sa.Column("deferral", sa.String(20), nullable=False),
        sa.Column("marketplace", sa.String(2), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("posted_at", _MOMENT, nullable=False),
        sa.Column("matures_at", _MOMENT, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "released_by", "settlement_id")),
        sa.PrimaryKeyConstraint("transaction_id", name="pk_deferred_transactions"),
    )


def _download_tables() -> None:
    op.create_table(
        "downloads",
        sa.Column("seller_id", sa.String(40), nullable=False),
        sa.Column("report_id", sa.String(100), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region", sa.String(2), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("marketplaces", sa.Text(), nullable=False),
        *(sa.Column(name, _MOMENT, nullable=False) for name in ("start_at", "end_at", "listed_at")),
        sa.Column("document_sha256", _HASH, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "report_id", name="pk_downloads"),
    )
    op.create_index("ix_downloads_kind", "downloads", ["kind"])
    op.create_table(
        "download_marks",
        sa.Column("seller_id", sa.String(40), nullable=False),
        sa.Column("region", sa.String(2), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "region", "kind", name="pk_download_marks"),
    )


def downgrade() -> None:
    """Not offered: the copy made before each migration is the way back."""
    raise NotImplementedError("restore the copy that stands beside the database")
