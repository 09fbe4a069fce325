"""A press of a button: what it is given, and what comes of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tieout.commands.post_settlements import PostedSettlements
from tieout.commands.progress import Progressed, silent
from tieout.domain.account import Chart
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.settlement import Settlement
from tieout.download_ports import Orders
from tieout.limits import ROWS_CHOSEN_MAX, SHEET_ROWS_MAX
from tieout.ports import ActivityLog, Books, Clock, Documents, Outbox
from tieout.sale_ports import BooksDocuments
from tieout.sheets.port import CellValue, Refresh, WorkbookPort


class Result(StrEnum):
    """How a press ended, in the words of the sheet Activity."""

    DONE = "Done"
    IN_PART = "Done in part"
    REFUSED = "Refused"
    SIGN_IN = "Sign in needed"
    FAILED = "Failed"
    STOPPED = "Stopped"


class Stopped(Exception):
    """The user asked to stop; what was done is done, and the next press goes on."""


class Known(Protocol):
    """A settlement as the store knows it."""

    @property
    def settlement_id(self) -> str:
        """Its id."""
        ...

    @property
    def marketplace(self) -> str:
        """The country code of its account."""
        ...

    @property
    def start(self) -> datetime:
        """When it begins."""
        ...

    @property
    def end(self) -> datetime:
        """When it ends."""
        ...

    @property
    def total(self) -> Money:
        """Its total."""
        ...

    @property
    def document_sha256(self) -> str:
        """The hash of the document that holds it."""
        ...

    @property
    def lines(self) -> int:
        """How many lines it has."""
        ...

    @property
    def state(self) -> str:
        """Where it stood when it was last drafted or posted."""
        ...


class KnownSettlements(Protocol):
    """The settlements of the company."""

    def all(self) -> Sequence[Known]:
        """Every one, by its start."""
        ...

    def get(self, settlement_id: str) -> Known | None:
        """One by its id."""
        ...

    def record(self, settlement: Settlement) -> Finding | None:
        """Know a settlement; the alarm if its id is known with other content."""
        ...

    def set_state(self, settlement_id: str, state: str) -> None:
        """Note where it stands."""
        ...


class Remembered(Protocol):
    """Values by name that the company's store keeps."""

    def get(self, name: str, default: str = "") -> str:
        """The value of a name."""
        ...

    def put(self, name: str, value: str) -> None:
        """Give a name a value."""
        ...


class KnownOrders(Orders, Protocol):
    """The orders of the company."""

    def get_many(self, order_ids: Collection[str]) -> Mapping[str, Order]:
        """The orders of some ids; those that are not known are left out."""
        ...

    def taken_since(self, moment: datetime) -> Mapping[str, datetime]:
        """When the version that is stored was taken in, of the orders for which that was since a moment."""
        ...


class UsedMappings(Protocol):
    """The history of the company's own fee mappings."""

    def keep(self, text: str, who: str) -> bool:
        """Keep a mapping as the newest; whether it differs from the one before."""
        ...


class PressStore(Protocol):
    """What a press needs of the company's store."""

    @property
    def documents(self) -> Documents:
        """Raw documents."""
        ...

    @property
    def settlements(self) -> KnownSettlements:
        """Settlements."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Postings."""
        ...

    @property
    def orders(self) -> KnownOrders:
        """Orders."""
        ...

    @property
    def activity(self) -> ActivityLog:
        """The log."""
        ...

    @property
    def settings(self) -> Remembered:
        """Remembered values."""
        ...

    @property
    def mappings(self) -> UsedMappings:
        """Fee mappings used so far."""
        ...


@dataclass(frozen=True, slots=True)
class ChosenRows:
    """What --rows names: rows by their number on the sheet, and things by their id."""

    numbers: frozenset[int] = frozenset()
    ids: frozenset[str] = frozenset()


def chosen_rows(texts: Sequence[str]) -> ChosenRows | Finding | None:
    """--rows, read: "5,7-9" are rows of the sheet, longer numbers and other words are ids; None where not given."""
    words = [word for text in texts for word in text.replace(",", " ").split()]
    numbers: set[int] = set()
    ids: set[str] = set()
    for word in words:
        first, dash, last = word.partition("-")
        if _is_row(first) and (not dash or _is_row(last)):
            numbers.update(range(int(first), int(last or first) + 1))
        else:
            ids.add(word)
        if len(numbers) > ROWS_CHOSEN_MAX:
            return Finding(
                code="too-many-rows",
                severity=Severity.REFUSED,
                what=f"--rows names more than {ROWS_CHOSEN_MAX:,} rows.",
                to_do="Name fewer, or none: the button then acts on all that is ready.",
            )
    return ChosenRows(frozenset(numbers), frozenset(ids)) if words else None


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(SHEET_ROWS_MAX)) and int(text) <= SHEET_ROWS_MAX


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed in a workbook of a company. `open_books` opens its QuickBooks when it is needed.

    `documents` reads what was sent, without asking QuickBooks. `credentials` says what there is to say of where they
    are kept, `files` are what a file dialog gave, `rows` stands for the selection, `folder` is the company's own.
    """

    name: str
    book: WorkbookPort
    company: Company
    chart: Chart
    store: PressStore
    clock: Clock
    who: str
    folder: Path
    open_books: Callable[[], AbstractContextManager[Books]]
    documents: BooksDocuments
    credentials: Callable[[], tuple[Finding, ...]]
    files: tuple[Path, ...] = ()
    rows: ChosenRows | None = None
    tell: Progressed = silent

    @property
    def realm_id(self) -> str:
        """The QuickBooks company it is bound to; empty where it is to none."""
        return self.company.quickbooks.realm_id if self.company.quickbooks else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a press, and what the workbook shall say. `message` is one sentence with the figures.

    `findings` are those of this press; `files` what it wrote or used; `posted` the tie-out where it posted.
    `unreadable` tells that nothing given to it could be read.
    """

    result: Result
    message: str
    findings: tuple[Finding, ...] = ()
    refreshes: tuple[Refresh, ...] = ()
    cells: Mapping[str, CellValue] = field(default_factory=dict)
    count: int | None = None
    files: tuple[Path, ...] = ()
    posted: PostedSettlements | None = None
    unreadable: bool = False


def refused(finding: Finding, *more: Finding, unreadable: bool = False) -> Outcome:
    """A press that did nothing, and why."""
    return Outcome(
        Result.REFUSED, f"{finding.what} {finding.to_do}", (finding, *more), unreadable=unreadable, count=0
    )


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 settlement", "3 settlements", "no settlement"."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {one if not number else many or one + 's'}"
