"""Where the user's data is: `TIEOUT_HOME`, or the system's folder for a user's data; never beside a workbook."""

import os
from pathlib import Path

from platformdirs import user_data_path


def home_folder() -> Path:
    """The folder of all companies; it need not exist yet."""
    chosen = os.environ.get("TIEOUT_HOME", "").strip()
    return _expanded(chosen) if chosen else user_data_path("Tieout", appauthor=False)


def _expanded(chosen: str) -> Path:
    """The path, `~` being the user's folder: outside a shell nobody has expanded it yet."""
    try:
        return Path(chosen).expanduser()
    except RuntimeError:  # ~somebody whom the system does not know: then it is a folder of that name
        return Path(chosen)


def company_folder(home: Path, slug: str) -> Path:
    """The folder of one company."""
    return home / "companies" / slug


def database_path(home: Path, slug: str) -> Path:
    """The database file of one company."""
    return company_folder(home, slug) / "books.sqlite3"
