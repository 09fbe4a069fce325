"""Check-up: what on this machine could stand in the way, each with what to do about it."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.ports import ActivityLog, Books, BooksUnavailable
from tieout.resources import packaged

# What the product can't do without, by the name it is installed under.
_LIBRARIES = ("polars", "python-quickbooks", "sqlalchemy", "xlsxwriter", "openpyxl", "xlwings")
_PYTHON_MIN = (3, 11)


class Health(StrEnum):
    """How a check came out."""

    GOOD = "good"
    LOOK = "look at it"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, how it came out, what was seen, and what to do where it is not good."""

    name: str
    health: Health
    seen: str
    to_do: str = ""

    @classmethod
    def of(cls, name: str, finding: Finding, health: Health = Health.BAD) -> "Check":
        """A check that ended in a finding."""
        return cls(name, health, finding.what, finding.to_do)


@dataclass(frozen=True, slots=True)
class CompanyChecks:
    """What is looked at for a company: its store's log, where its credentials are, and its books."""

    company: Company
    activity: ActivityLog
    credentials: Callable[[], tuple[Finding, ...]]
    books: Callable[[], AbstractContextManager[Books]]
    ends: Callable[[], Check] | None = None  # when the connection ends (tieout.commands.connection_ends)


def check_machine(home: Path) -> Iterator[Check]:
    """Python, libraries, the package's own files, and the folder for data."""
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info >= _PYTHON_MIN
    yield Check(
        "Python",
        Health.GOOD if fits else Health.BAD,
        f"Python {version} at {sys.executable}",
        "" if fits else "Install Python 3.11 or later and install Tieout into it.",
    )
    yield _libraries()
    yield _own_files(("mappings/amazon-fees.csv", "mappings/accounts-us.csv", "workbook"))
    yield _data_folder(home)


def check_company(checks: CompanyChecks) -> Iterator[Check]:
    """A company's log, credentials and connection to QuickBooks."""
    broken = checks.activity.first_break()
    yield Check(
        "Activity log",
        Health.GOOD if broken is None else Health.BAD,
        "Every entry's hash holds." if broken is None else f"Entry {broken} was changed after it was written.",
        "" if broken is None else "Put back a backup with `tieout restore`, and find out who changed the database.",
    )
    if checks.company.quickbooks is None:
        yield Check(
            "QuickBooks",
            Health.LOOK,
            f"{checks.company.name} is not connected to QuickBooks.",
            "Connect it before you post; reading and previewing files needs no connection.",
        )
        return
    for finding in checks.credentials():
        yield Check.of("Credentials", finding, Health.LOOK)
    yield _quickbooks(checks)
    if checks.ends is not None:
        yield checks.ends()


def worst(checks: Sequence[Check]) -> Health:
    """The worst of some checks."""
    order = list(Health)
    return max((check.health for check in checks), key=order.index, default=Health.GOOD)


def _libraries() -> Check:
    found, missing = [], []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("Libraries", Health.BAD, f"Missing: {', '.join(missing)}.", "Install tieout again with pip.")
    return Check("Libraries", Health.GOOD, ", ".join(found))


def _own_files(names: Sequence[str]) -> Check:
    try:
        for name in names:
            packaged(name)
    except FileNotFoundError as error:
        return Check("Tieout's own files", Health.BAD, f"{error}.", "Install tieout again with pip.")
    return Check(
        "Tieout's own files", Health.GOOD, f"Fee dictionary, charts and workbook are in {packaged('mappings')}."
    )


def _data_folder(home: Path) -> Check:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        return Check(
            "Data folder",
            Health.BAD,
            f"{home} can't be written: {error.strerror or type(error).__name__}.",
            "Make it writable, or choose another with the variable TIEOUT_HOME.",
        )
    return Check("Data folder", Health.GOOD, str(home))


def _quickbooks(checks: CompanyChecks) -> Check:
    address = checks.company.quickbooks
    assert address is not None, "asked for a connected company"
    try:
        with checks.books() as books:
            company = books.company()
            preferences = books.preferences()
    except BooksUnavailable as unavailable:
        return Check.of("QuickBooks", unavailable.finding)
    if company.realm_id != address.realm_id:
        return Check(
            "QuickBooks",
            Health.BAD,
            f"The connection leads to {company.name}, which is not the company this one was bound to.",
            "Connect the right QuickBooks company.",
        )
    closed = f", closed up to {preferences.closed_until}" if preferences.closed_until else ""
    return Check("QuickBooks", Health.GOOD, f"{company.name}, books in {preferences.home_currency}{closed}")
