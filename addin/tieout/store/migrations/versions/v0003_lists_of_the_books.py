"""The books' lists as they were last read, so that only what changed since has to be asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "list_entries",
        sa.Column("realm_id", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "entity", "id", name="pk_list_entries"),
    )
    op.create_table(
        "list_marks",
        sa.Column("realm_id", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("complete_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("realm_id", "entity", name="pk_list_marks"),
    )


def downgrade() -> None:
    """Not offered: the copy made before each migration is the way back."""
    raise NotImplementedError("restore the copy that stands beside the database")
