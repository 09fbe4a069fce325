"""The tables of the books' lists, after the newest migration, in the same METADATA as the first (`schema`)."""

from sqlalchemy import Column, String, Table, Text

from tieout.store.schema import METADATA

LIST_ENTRIES = Table(
    "list_entries",
    METADATA,
    Column("realm_id", String(40), primary_key=True),
    Column("entity", String(40), primary_key=True),
    Column("id", String(20), primary_key=True),
    Column("record", Text, nullable=False),
)

LIST_MARKS = Table(
    "list_marks",
    METADATA,
    Column("realm_id", String(40), primary_key=True),
    Column("entity", String(40), primary_key=True),
    Column("complete_at", String(40), nullable=False),
)
