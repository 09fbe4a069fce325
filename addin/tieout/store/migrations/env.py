"""What Alembic runs: the migrations, on the connection it was handed, in that connection's transaction."""

from alembic import context

from tieout.store import download_schema, list_schema  # noqa: F401 - their tables are in METADATA once imported
from tieout.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
