"""The tables of what was downloaded, as the newest migration leaves them: orders, listings, stock, deferred money.

They stand in the same METADATA as the first tables (`schema`).
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from tieout.store.schema import METADATA

# One row an order. What is asked for by is a column; the rest, its lines among it, is in `record`.
ORDERS = Table(
    "orders",
    METADATA,
    Column("order_id", String(40), primary_key=True),
    Column("marketplace", String(2), nullable=False),
    Column("status", Text, nullable=False),
    Column("purchased_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Column("source", String(10), nullable=False),
    Column("content_hash", String(32), nullable=False),
    Column("record", Text, nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("first_row", Integer, nullable=False),
    Column("first_seen_at", String(40), nullable=False),
    Column("changed_at", String(40), nullable=False),
    Index("ix_orders_purchased_at", "purchased_at"),
    Index("ix_orders_updated_at", "updated_at"),
    Index("ix_orders_status", "status"),
)

LISTINGS = Table(
    "listings",
    METADATA,
    Column("seller_id", String(40), primary_key=True),
    Column("marketplace", String(2), primary_key=True),
    Column("seller_sku", Text, primary_key=True),
    Column("asin", Text, nullable=False),
    Column("listing_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("price_minor", BigInteger, nullable=True),
    Column("quantity", Integer, nullable=True),
    Column("channel", String(10), nullable=False),
    Column("channel_told", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("opened", Text, nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("row", Integer, nullable=False),
)

STOCK = Table(
    "stock",
    METADATA,
    Column("seller_id", String(40), primary_key=True),
    Column("marketplace", String(2), primary_key=True),
    Column("seller_sku", Text, primary_key=True),
    Column("fnsku", String(40), primary_key=True),
    Column("asin", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("fulfillable", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("unfulfillable", Integer, nullable=False),
    Column("researching", Integer, nullable=False),
    Column("inbound", Integer, nullable=False),
    Column("total", Integer, nullable=False),
)

DEFERRED = Table(
    "deferred_transactions",
    METADATA,
    Column("transaction_id", Text, primary_key=True),
    Column("transaction_type", Text, nullable=False),
    Column("deferral", String(20), nullable=False),
    Column("marketplace", String(2), nullable=False),
    Column("order_id", String(40), nullable=False),
    Column("posted_at", String(40), nullable=False),
    Column("matures_at", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("released_by", Text, nullable=False),
    Column("settlement_id", Text, nullable=False),
)

DOWNLOADS = Table(
    "downloads",
    METADATA,
    Column("seller_id", String(40), primary_key=True),
    Column("report_id", String(100), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("region", String(2), nullable=False),
    Column("state", String(10), nullable=False),
    Column("marketplaces", Text, nullable=False),
    Column("start_at", String(40), nullable=False),
    Column("end_at", String(40), nullable=False),
    Column("listed_at", String(40), nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Index("ix_downloads_kind", "kind"),
)

DOWNLOAD_MARKS = Table(
    "download_marks",
    METADATA,
    Column("seller_id", String(40), primary_key=True),
    Column("region", String(2), primary_key=True),
    Column("kind", String(100), primary_key=True),
    Column("until_at", String(40), nullable=False),
)
