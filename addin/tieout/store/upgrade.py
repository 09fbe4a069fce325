"""Bringing a database to the newest schema: an existing one is copied beside itself before anything changes."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, inspect, select, table, text

from tieout.domain.finding import Finding, Severity
from tieout.store.backup import copy_database
from tieout.store.database import Database
from tieout.store.schema import HEAD_REVISION

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def upgrade(database: Database) -> Finding | None:
    """Apply the migrations that are missing; the finding if the database is of a newer Tieout.

    Nothing heavy is imported where nothing is missing.
    """
    with database.reading() as connection:
        present = revision(connection)
    if present == HEAD_REVISION:
        return None
    if present and present not in known_revisions():
        return _newer(present, database)
    if present and database.path is not None:
        copy_database(database.path, database.path.with_name(f"{database.path.name}.before-{HEAD_REVISION}"))
    with database.writing() as connection:
        _run(connection)
    return None


def revision(connection: Connection) -> str:
    """The migration a database stands at; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(select(text("version_num")).select_from(table("alembic_version"))).scalar_one())


def known_revisions() -> tuple[str, ...]:
    """The migrations this program has, oldest first."""
    modules = sorted(path.stem for path in (MIGRATIONS / "versions").glob("v*.py"))
    return tuple(import_module(f"tieout.store.migrations.versions.{name}").revision for name in modules)


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _newer(present: str, database: Database) -> Finding:
    place = database.path.name if database.path else "The database"
    return Finding(
        code="store-of-newer-version",
        severity=Severity.REFUSED,
        what=f"{place} was written by a newer Tieout (its schema is {present}; this one knows {HEAD_REVISION}).",
        to_do="Install the newer Tieout here too; nothing was changed.",
    )
