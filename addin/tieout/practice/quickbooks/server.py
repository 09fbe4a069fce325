"""PracticeQuickBooks: a QuickBooks Online company on a loopback port.

Stateful and honest about money: every transaction is posted to a double-entry ledger, and balances and reports
are computed from it. Written from Intuit's documents (OAuth 2.0, REST API, error codes, entity references), not
from any client.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any, Literal, Self

from tieout.practice.quickbooks import chart, name_lists, operations, query, reception, references, tax_codes
from tieout.practice.quickbooks.catalogue import KINDS
from tieout.practice.quickbooks.company import Company, Founding
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.oauth import FIRST, OBSERVER, OAuth
from tieout.practice.quickbooks.preferences import BOOK_CLOSE_DATE, CLOSED_WITH_PASSWORD
from tieout.practice.quickbooks.reception import Reception, Seen
from tieout.practice.quickbooks.request_ids import Mood
from tieout.practice.quickbooks.schedule import Schedule
from tieout.practice.quickbooks.store import Store
from tieout.practice.quickbooks.throttle import Throttle
from tieout.practice.quickbooks.wire import Server


def _real_time() -> datetime:
    return datetime.now(UTC)


class PracticeQuickBooks:
    """A practice company and its server; a context manager that starts and stops it.

    `state`: the database file, or a folder to keep it in; None keeps everything in memory. On a file that has a
    company already, that company goes on (country, currency, chart and tokens are its own; the other arguments are
    ignored for it). `chart=False` begins without the default chart. `requestid` is the mood of request ids,
    `limits` turns Intuit's rate limits on, `faults` is a fault schedule (see `schedule`), `clock` gives aware times.
    """

    def __init__(
        self,
        *,
        state: Path | None = None,
        country: str = "US",
        home_currency: str = "USD",
        multicurrency: bool = True,
        chart: bool = True,
        requestid: Literal["replay", "error600", "ignored"] = "replay",
        limits: bool = True,
        faults: Sequence[Mapping[str, Any]] = (),
        clock: Callable[[], datetime] | None = None,
        seed: int = 0,
        port: int = 0,
    ) -> None:
        schedule = Schedule(faults)
        mood = Mood(requestid)
        tick = clock or _real_time
        self._port = port
        self._store = Store(state / "quickbooks.sqlite" if state is not None and state.is_dir() else state)
        founding = Founding(country, home_currency, multicurrency, seed)
        with self._store.transaction():
            self._company = Company(self._store, founding, tick)
            self._tokens = OAuth(self._store, self._company.seed)
            if self._company.is_new:
                self._begin(with_chart=chart)
        throttle = Throttle(tick, enabled=limits)
        self._reception = Reception(
            self, self._company, self._tokens, throttle=throttle, schedule=schedule, mood=mood
        )
        self._server: Server | None = None
        self._thread: Thread | None = None

    def _begin(self, *, with_chart: bool) -> None:
        tax_codes.open_tax_codes(self._company, chart.tax_codes_of_mappings(self._company.country))
        if with_chart:
            chart.open_chart(self._company)
        name_lists.open_lists(self._company)
        self._tokens.begin(self._company.now())

    def start(self) -> Self:
        """Listen; `connection()` tells where."""
        assert self._server is None, "the practice company is running already"
        self._server = Server(self._port, self._reception)
        self._thread = Thread(target=self._server.run, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Break every connection, stop listening, close the books. Safe to call twice."""
        if self._server is not None and self._thread is not None:
            self._server.close_all(self._thread)
            self._server = self._thread = None
        with self._reception.lock:
            self._store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """http://127.0.0.1:PORT of the running server."""
        assert self._server is not None, "the practice company is not running"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def connection(self) -> dict[str, str]:
        """Where and with what to connect: addresses, realm, client, and the newest refresh tokens of both
        connections (the observer's is a second connection, for another client to read along)."""
        base = self.base_url
        with self._reception.lock:
            return {
                "endpoint": f"{base}/v3/company/",
                "token_url": f"{base}/oauth2/v1/tokens/bearer",
                "discovery_url": f"{base}/.well-known/openid_sandbox_configuration/",
                "realm_id": self._company.realm_id,
                "client_id": self._tokens.client_id,
                "client_secret": self._tokens.client_secret,
                "refresh_token": self._tokens.refresh_token(FIRST),
                "observer_refresh_token": self._tokens.refresh_token(OBSERVER),
            }

    # What tests look at and do behind the API's back.

    def ledger(self, *, end: date | None = None) -> dict[str, int]:
        """Account's full name → balance in home minor units, debits positive, of accounts that were posted to."""
        with self._reception.lock:
            balances = self._company.ledger.balances(end="9999-12-31" if end is None else end.isoformat())
            return {self._account_name(account): balance for account, balance in balances.items()}

    def _account_name(self, account: str) -> str:
        record = self._company.records.find("Account", account)
        assert record is not None, "postings are to accounts that exist"
        return references.display_name(record)

    def balance_in(self, account: str, currency: str) -> int:
        """The balance of an account (full name) in minor units of one currency, of postings in that currency."""
        with self._reception.lock:
            record = chart.account_named(self._company, account)
            if record is None:
                raise ValueError(f"the practice company has no active account {account!r}")
            return self._company.ledger.currency_balances(currency).get(record.id, 0)

    def transactions(self, kind: str) -> list[Doc]:
        """All live objects of a kind, as answers show them, in order of Id."""
        with self._reception.lock:
            records = self._company.records.select(kind)
            return [operations.body_of(self._company, KINDS[kind], record) for record in records]

    def query(self, statement: str) -> Doc:
        """The QueryResponse of a statement, without going through HTTP."""
        with self._reception.lock:
            return query.answer(self._company, statement)

    def write_requests(self) -> int:
        """How many changes of the books were accepted so far (a replayed answer is none)."""
        with self._reception.lock:
            return self._company.writes()

    def requests(self) -> list[Seen]:
        """Every request since the server was made, in order."""
        with self._reception.lock:
            return list(self._reception.log)

    def set_preference(self, name: str, value: Any) -> None:
        """Set a preference by its flat name, such as "OtherPrefs.WarnDuplicateJournalNumber" (see `preferences`)."""
        with self._reception.lock, self._store.transaction():
            self._company.preferences.set(name, value)

    def close_books(self, closed_to: date | None, *, password: bool = False) -> None:
        """Close the books up to and with a date (6200; with a password on it 6210); None opens them."""
        with self._reception.lock, self._store.transaction():
            self._company.preferences.set(BOOK_CLOSE_DATE, None if closed_to is None else closed_to.isoformat())
            self._company.preferences.set(CLOSED_WITH_PASSWORD, password)

    def create_as_person(self, kind: str, body: Mapping[str, Any]) -> Doc:
        """Enter an object in QuickBooks itself, closed period or not."""
        return self._as_person(operations.create, kind, dict(body))

    def edit_as_person(self, kind: str, identity: str, changes: Mapping[str, Any]) -> Doc:
        """Change some properties of an object in QuickBooks itself; it gets a new SyncToken."""
        return self._as_person(operations.update, kind, {**changes, "Id": identity, "sparse": True})

    def delete_as_person(self, kind: str, identity: str) -> Doc:
        """Delete a transaction in QuickBooks itself."""
        return self._as_person(operations.delete, kind, {"Id": identity})

    def void_as_person(self, kind: str, identity: str) -> Doc:
        """Void a transaction in QuickBooks itself."""
        return self._as_person(operations.void, kind, {"Id": identity})

    def _as_person(self, work: Callable[..., Doc], kind: str, body: Doc) -> Doc:
        # QuickBooks warns a person of a number that is used, and lets them save all the same.
        manner = operations.Manner(by_person=True, include=frozenset({"allowduplicatedocnum"}))
        with self._reception.lock, self._store.transaction():
            return work(self._company, KINDS[kind], body, manner)

    def inactivate_account(self, full_name: str) -> None:
        """Make an account inactive in QuickBooks itself."""
        with self._reception.lock:
            reception.inactivate_account(self._company, full_name)

    def inactivate_tax_code(self, name: str) -> None:
        """Make a tax code inactive in QuickBooks itself."""
        with self._reception.lock:
            reception.inactivate_tax_code(self._company, name)

    def expire_access_tokens(self) -> None:
        """End every access token's hour now."""
        with self._reception.lock, self._store.transaction():
            self._tokens.expire_access_tokens()

    def add_faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Add entries to the fault schedule while the server runs."""
        self._reception.schedule.add(faults)

    def clear_faults(self) -> None:
        """Forget the fault schedule."""
        self._reception.schedule.clear()

    def faults_done(self) -> list[str]:
        """The faults that requests have met so far, by the name of what was done, in order."""
        return self._reception.schedule.done()
