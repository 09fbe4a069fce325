"""A company that is to be connected: its own home folder, a practice QuickBooks, and a person who allows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from tests.faults.world import World, world
from tieout.commands.connect_quickbooks import Attempt, Connected, Connecting, Place, begin, complete
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.finding import Finding
from tieout.ports import Books
from tieout.quickbooks.opening import open_books
from tieout.quickbooks.sign_in import IntuitSignIn
from tieout.secrets import PracticeVault
from tieout.sign_in_ports import AppKeys
from tieout.store.companies import StoredCompanies
from tieout.store.company_store import CompanyStore, open_store


@dataclass
class Desk:
    """A company of its own home folder, not connected yet, and the practice QuickBooks it is to be connected to."""

    there: World
    connecting: Connecting
    keys: AppKeys
    place: Place
    companies: StoredCompanies
    vault: PracticeVault

    def company(self) -> Company:
        """The company as the registry has it now."""
        found = self.companies.read().in_use()
        assert found is not None
        return found

    def again(self) -> Connecting:
        """What a second press works with."""
        return replace(self.connecting, company=self.company())

    def begin(self) -> Attempt:
        """Begin an attempt."""
        attempt = begin(self.again(), self.keys, self.place)
        assert isinstance(attempt, Attempt)
        return attempt

    def connect(self) -> Connected | Finding:
        """Sign in, allow it, come back."""
        attempt = self.begin()
        return complete(self.again(), attempt, allow(attempt.address))


def allow(address: str) -> str:
    """What a browser does in which a person signs in and allows it: the address it ends at."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@contextmanager
def connect_desk(folder: Path) -> Iterator[Desk]:
    """A desk in a folder."""
    with world(folder / "theirs") as there, requests.Session() as http:
        clock = there.clock
        home = folder / "home"
        companies = StoredCompanies(home, clock)
        company = companies.add(Company("acme", "Acme", "US", "USD"))
        assert isinstance(company, Company)
        vault = PracticeVault(home / "acme", clock)
        store = open_store(home / "acme" / "books.sqlite3", clock)
        assert isinstance(store, CompanyStore)

        @contextmanager
        def books(address: QuickBooksAddress) -> Iterator[Books]:
            found = open_books(address, vault, clock)
            yield found
            found.close()

        connection = there.practice.connection()
        place = Place(
            "practice", connection["endpoint"], connection["discovery_url"], "https://acme.example.test/quickbooks"
        )
        with store:
            connecting = Connecting(
                company=company,
                vault=vault,
                outbox=store.outbox,
                activity=store.activity,
                sign_in=lambda place: IntuitSignIn(place.discovery_url, http, clock),
                open_books=books,
                bind=companies.update,
                clock=clock,
                who="anna",
            )
            keys = AppKeys(connection["client_id"], connection["client_secret"])
            yield Desk(there, connecting, keys, place, companies, vault)
