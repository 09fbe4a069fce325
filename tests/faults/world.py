"""A company with a practice QuickBooks and a store on disk, in which a run can be stopped dead at any effect.

Effects are every commit of the store, every credential saved, every request sent and every answer received. A
stop raises `Killed` (a BaseException that nothing catches) just before or just after the n-th effect; after that
nothing has an effect any more: the rest of the unwinding meets a dead process.
"""

import atexit
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import event

from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_journals import post_journals
from tieout.commands.posting_report import PostingReport
from tieout.commands.rebuild import RebuildReport, rebuild
from tieout.commands.undo_journals import undo_journals
from tieout.domain.account import Chart, Group
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.posting import PostingState
from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.quickbooks.calls import understand
from tieout.practice.quickbooks.reception import Silence
from tieout.quickbooks.books import QuickBooksBooks
from tieout.quickbooks.opening import open_books
from tieout.rules.charts import load_chart
from tieout.secrets import PracticeVault
from tieout.store.company_store import CompanyStore, open_store

WHO = "anna"
STATE = "quickbooks.sqlite3"


class Killed(BaseException):
    """The process is gone."""


class TestClock:
    """A clock on which waiting costs nothing; client and practice server share it. `ahead` is the client's error."""

    __test__ = False

    def __init__(self, days: int = 0) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(days=days)
        self._lock = threading.Lock()
        self.slept = 0
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The time on the user's machine."""
        return self.server() + self.ahead

    def server(self) -> datetime:
        """The time at QuickBooks."""
        with self._lock:
            self._now += timedelta(milliseconds=1)
            return self._now

    def sleep(self, seconds: int) -> None:
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self.slept += seconds

    def sleep_milliseconds(self, milliseconds: int) -> None:
        with self._lock:
            self._now += timedelta(milliseconds=milliseconds)


@dataclass
class Effects:
    """Counts effects, and kills before (`after=False`) or after the one numbered `kill_at`."""

    kill_at: int = 0
    after: bool = False
    seen: list[str] = field(default_factory=list)
    dead: bool = False

    def around(self, what: str, effect: Callable[[], Any]) -> Any:
        self._check()
        self.seen.append(what)
        if len(self.seen) == self.kill_at and not self.after:
            self._die()
        result = effect()
        if len(self.seen) == self.kill_at and self.after:
            self._die()
        return result

    def _check(self) -> None:
        if self.dead:
            raise Killed("already dead")

    def _die(self) -> None:
        self.dead = True
        raise Killed(f"at effect {self.kill_at}: {self.seen[-1]}")


class _Wire(HTTPAdapter):
    """Sends requests for real, each sending and each receiving being an effect."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self._effects = effects

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        path = (request.url or "").split("?")[0].rsplit("/", 1)[-1]
        answer: list[requests.Response] = []
        # The answer is fetched inside the effect, so that dying after it means: done there, not known here.
        try:
            self._effects.around(f"send {path}", lambda: answer.append(self._fetched(request, options)))
            self._effects.around(f"receive {path}", lambda: None)
        except Killed:
            for response in answer:
                response.close()
            raise
        return answer[0]

    def _fetched(self, request: requests.PreparedRequest, options: Mapping[str, Any]) -> requests.Response:
        return super().send(request, **options)  # type: ignore[arg-type]


class _DirectWire(_Wire):
    """Brings requests to the practice company without a socket: the same calls and answers, in less time.

    A connection that is broken off, or held until the client gives up, is known at once.
    """

    def __init__(self, effects: Effects, practice: PracticeQuickBooks) -> None:
        super().__init__(effects)
        self._reception = practice._reception
        self._base = practice.base_url

    def _fetched(self, request: requests.PreparedRequest, options: Mapping[str, Any]) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        call = understand(request.method or "", request.path_url, dict(request.headers), bytes(body), self._base)
        result = self._reception.take(call)
        if isinstance(result, Silence):
            raise requests.ReadTimeout() if result.held else requests.ConnectionError("reset")
        response = requests.Response()
        response.status_code = result.status
        response.headers.update(result.headers)
        response._content = result.payload()  # type: ignore[attr-defined]
        response._content_consumed = True  # type: ignore[attr-defined]
        return response


class _Vault(PracticeVault):
    def __init__(self, folder: Path, clock: TestClock, effects: Effects) -> None:
        super().__init__(folder, clock)
        self._effects = effects

    def save(self, service: str, values: Mapping[str, str]) -> None:
        self._effects.around("save token", lambda: super(_Vault, self).save(service, values))


@dataclass(frozen=True)
class Process:
    """What one process of a user holds open."""

    store: CompanyStore
    books: QuickBooksBooks


class World:
    """The company, its practice QuickBooks, and its folder on disk."""

    def __init__(
        self,
        folder: Path,
        practice: PracticeQuickBooks,
        clock: TestClock,
        *,
        keeps_lists: bool = False,
        direct: bool = False,
    ) -> None:
        self.folder = folder
        self.keeps_lists = keeps_lists
        self.direct = direct
        self.practice = practice
        self.clock = clock
        connection = practice.connection()
        self.address = QuickBooksAddress(
            connection["endpoint"], connection["token_url"], connection["realm_id"], connection["client_id"]
        )
        self.company = Company("acme", "Acme", "US", "USD", practice=True, quickbooks=self.address)
        credentials = {name: connection[name] for name in ("client_secret", "refresh_token")}
        PracticeVault(folder, clock).save("quickbooks", credentials)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "books.sqlite3").exists():
            shutil.copy(_empty_store(), folder / "books.sqlite3")

    @contextmanager
    def process(self, effects: Effects | None = None) -> Iterator[Process]:
        """A process that has everything open; `effects` may kill it."""
        effects = effects or Effects()
        store = open_store(self.folder / "books.sqlite3", self.clock)
        assert isinstance(store, CompanyStore)
        _unsynchronised(store)
        commit = store.database.engine.dialect.do_commit
        store.database.engine.dialect.do_commit = lambda connection: effects.around(  # type: ignore[method-assign]
            "commit", lambda: commit(connection)
        )
        http = requests.Session()
        http.mount("http://", self.wire(effects))
        vault = _Vault(self.folder, self.clock, effects)
        lists = store.lists if self.keeps_lists else None
        books = open_books(self.address, vault, self.clock, http, lists)
        try:
            yield Process(store, books)
        finally:
            books.close()
            store.close()

    def wire(self, effects: Effects) -> HTTPAdapter:
        """The way of one process's requests to QuickBooks."""
        return _DirectWire(effects, self.practice) if self.direct else _Wire(effects)

    def post(
        self,
        journals: list[Journal],
        effects: Effects | None = None,
        *,
        create_accounts: bool = True,
        closed_period: ClosedPeriod = ClosedPeriod.WAIT,
        chart: Chart | None = None,
    ) -> PostingReport:
        """Press "Post to QuickBooks" in a process of its own."""
        with self.process(effects) as process:
            return post_journals(
                journals,
                books=process.books,
                outbox=process.store.outbox,
                chart=chart or load_chart("US"),
                clock=self.clock,
                company=self.company,
                who=WHO,
                create_accounts=create_accounts,
                closed_period=closed_period,
            )

    def undo(self, settlement_ids: list[str], effects: Effects | None = None) -> PostingReport:
        """Press "Undo" in a process of its own."""
        with self.process(effects) as process:
            return undo_journals(
                settlement_ids,
                books=process.books,
                outbox=process.store.outbox,
                clock=self.clock,
                company=self.company,
                who=WHO,
            )

    def lose_store(self) -> None:
        """The disk with the company's store is gone."""
        for file in self.folder.glob("books.sqlite3*"):
            file.unlink()

    def rebuild(self, effects: Effects | None = None, **days: date) -> RebuildReport:
        """Run `tieout rebuild` in a process of its own."""
        with self.process(effects) as process:
            return rebuild(
                books=process.books,
                outbox=process.store.outbox,
                clock=self.clock,
                company=self.company,
                who=WHO,
                **days,
            )

    def held(self) -> list[dict[str, Any]]:
        """The journal entries in QuickBooks."""
        return self.practice.transactions("JournalEntry")

    def check_books(self, journals: list[Journal]) -> None:
        """Each journal is in QuickBooks exactly once, with the draft's amounts, and nothing else is."""
        names = {account["Id"]: account["Name"] for account in self.practice.transactions("Account")}
        held = sorted((entry["DocNumber"], _lines_held(entry, names)) for entry in self.held())
        assert held == sorted((journal.doc_number, _lines_drafted(journal)) for journal in journals)
        assert sum(self.practice.ledger().values()) == 0

    def check_store(self) -> None:
        """Nothing is left half-way, and the log is whole."""
        with self.process() as process:
            states = {str(posting.key): posting.state for posting in process.store.outbox.all()}
            assert PostingState.SENDING not in states.values(), states
            assert process.store.activity.first_break() is None

    def check_quiet(self, journals: list[Journal]) -> None:
        """One more run asks nothing, writes nothing, and says that all is posted."""
        requests_before, effects = len(self.practice.requests()), Effects()
        report = self.post(journals, effects)
        assert report.complete, report.findings
        assert len(self.practice.requests()) == requests_before
        assert effects.seen == []


@cache
def _empty_store() -> Path:
    """An empty company's database, made once: making one takes longer than a press."""
    folder = Path(tempfile.mkdtemp(prefix="tieout-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = open_store(folder / "books.sqlite3", TestClock())
    assert isinstance(store, CompanyStore)
    store.close()
    return folder / "books.sqlite3"


class _Compiled(dict[Any, Any]):
    """Compiled statements, whichever engine of a database they were compiled for: all of them speak alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_COMPILED = _Compiled()


def _unsynchronised(store: CompanyStore) -> None:
    """Spare the disk: a process that dies here leaves the system alive, which loses nothing of what was written.

    Statements are compiled once for all processes of a test: compiling them takes longer than a press.
    """
    store.database.engine.dispose()
    store.database.engine.update_execution_options(compiled_cache=_COMPILED)

    @event.listens_for(store.database.engine, "connect")
    def _spare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()


def _lines_held(entry: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return sorted(
        (
            line["JournalEntryLineDetail"]["PostingType"],
            names[line["JournalEntryLineDetail"]["AccountRef"]["value"]],
            f"{line['Amount']:.2f}",
        )
        for line in entry["Line"]
    )


def _lines_drafted(journal: Journal) -> list[tuple[str, str, str]]:
    return sorted((line.side.value, line.account, line.amount.decimal) for line in journal.posted_lines)


@contextmanager
def world(folder: Path, *, keeps_lists: bool = False, direct: bool = False, **practice: Any) -> Iterator[World]:
    """A fresh world; the other arguments are PracticeQuickBooks'.

    `keeps_lists`: as for a real company. `direct`: without sockets, for tests of many schedules.
    """
    clock = TestClock()
    practice.setdefault("limits", False)
    with PracticeQuickBooks(clock=clock.server, **practice) as running:
        yield World(folder, running, clock, keeps_lists=keeps_lists, direct=direct)


@contextmanager
def continued(template: Path, folder: Path) -> Iterator[World]:
    """The world that was kept in `template` (a world with a state there), copied and a day older."""
    shutil.copytree(template, folder)
    clock = TestClock(days=1)
    with PracticeQuickBooks(clock=clock.server, state=folder / STATE, limits=False) as running:
        yield World(folder, running, clock, direct=True)


def impatient_of(*faults: str) -> AbstractContextManager[object]:
    """The session's time-outs made short where one of `faults` is one: the only waiting that takes real time."""
    if not any("timeout" in fault for fault in faults):
        return nullcontext()
    return mock.patch("tieout.quickbooks.session.QUICKBOOKS_ANSWER_SECONDS_MAX", 0.3)


def journal(
    number: str,
    amounts: Mapping[str, int],
    day: date = date(2026, 1, 31),
    *,
    settlement_id: str = "",
    part: int = 1,
    parts: int = 1,
    currency: str = "USD",
    memo: str = "Amazon US settlement",
) -> Journal:
    """A journal of `amounts`: minor units by account, debits positive."""
    lines = tuple(
        JournalLine(
            Side.DEBIT if minor > 0 else Side.CREDIT,
            Money(abs(minor), currency),
            account,
            Group.BANK if account == "Business Checking" else Group.OTHER,
            f"{account} of {number}",
        )
        for account, minor in amounts.items()
    )
    subject = settlement_id or number.split("-")[1]
    return Journal(number, day, currency, memo, lines, subject, part, parts)


def two_settlements() -> list[Journal]:
    """Two settlements: one over two months, one negative that posts to an account the books lack."""
    return [
        journal(
            "AMZ-222-1", {"Amazon Carry Forward": 5000, "Amazon Sales": -5000}, settlement_id="222", part=1, parts=2
        ),
        journal(
            "AMZ-222-2",
            {"Business Checking": 7001, "Amazon Sales": -2001, "Amazon Carry Forward": -5000},
            date(2026, 2, 10),
            settlement_id="222",
            part=2,
            parts=2,
        ),
        journal("AMZ-333-1", {"Amazon Clearing": -250, "Amazon Odd Fees": 250}, date(2026, 2, 28)),
    ]
