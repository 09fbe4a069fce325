"""Builds what connecting a company to QuickBooks needs; beside `wiring.py`, which builds everything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tieout.commands.connect_quickbooks import Connecting, Place
from tieout.domain.company import QuickBooksAddress
from tieout.ports import Books
from tieout.quickbooks.opening import open_books
from tieout.quickbooks.sign_in import IntuitSignIn
from tieout.sign_in_ports import SignIn
from tieout.wiring import OpenCompany, companies, who_am_i


@contextmanager
def connecting(opened: OpenCompany, home: Path | None = None) -> Iterator[Connecting]:
    """What connecting, or disconnecting, an open company needs; Refused where credentials can't be kept safely."""
    vault, _ = opened.vault()

    @contextmanager
    def books(address: QuickBooksAddress) -> Iterator[Books]:
        found = open_books(address, vault, opened.clock, folder=opened.folder)
        try:
            yield found
        finally:
            found.close()

    with requests.Session() as http:

        def sign_in(place: Place) -> SignIn:
            return IntuitSignIn(place.discovery_url, http, opened.clock)

        yield Connecting(
            company=opened.company,
            vault=vault,
            outbox=opened.store.outbox,
            activity=opened.store.activity,
            sign_in=sign_in,
            open_books=books,
            bind=companies(home, opened.clock).update,
            clock=opened.clock,
            who=who_am_i(),
        )
