"""Opens a company's books: python-quickbooks' client on our guarded session, at an address that is safe to use."""

import re
from pathlib import Path
from typing import Any

import requests

from tieout.domain.company import QuickBooksAddress, is_guarded, is_practice_address
from tieout.ports import Clock
from tieout.quickbooks.books import COMPANY_PATH, QuickBooksBooks
from tieout.quickbooks.kept_lists import KeptLists, ListCache
from tieout.quickbooks.pace import Pace
from tieout.quickbooks.queries import Queries
from tieout.quickbooks.session import GuardedSession
from tieout.quickbooks.tokens import Tokens, TokenVault

_MINOR_VERSION = 75  # the only one left (Intuit, 2025-01-21: 1 to 74 are retired)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")


def open_books(
    address: QuickBooksAddress,
    vault: TokenVault,
    clock: Clock,
    http: requests.Session | None = None,
    lists: ListCache | None = None,
    folder: Path | None = None,
) -> QuickBooksBooks:
    """The books at an address, with the credentials of a vault; nothing is sent yet. `http` carries the requests,
    `lists` keeps lists, so that only what changed in them is asked for; in `folder` the processes of this computer
    count together what they send.

    ValueError for an address that is neither https nor on this machine: a token would travel in the open.
    """
    http = http or requests.Session()
    http.auth = _as_it_is
    for url in (address.endpoint, address.token_url):
        if not is_guarded(url):
            raise ValueError(f"{url} is not https; a connection to QuickBooks has to be")
    if is_practice_address(address.endpoint):
        http.trust_env = False  # a practice company is on this machine: no proxy stands between
    tokens = Tokens(address, vault, http, clock)
    realm_id = address.realm_id
    counted = folder / f"quickbooks-{_NOT_PLAIN.sub('-', realm_id)}.limits.json" if folder is not None else None
    session = GuardedSession(http, tokens, clock, Pace(clock, counted))
    client = _client(address, session)
    kept = KeptLists(Queries(client), client.change_data_capture, lists, realm_id, clock) if lists else None
    return QuickBooksBooks(client, session, realm_id, kept)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave the header alone: without an `auth`, requests would put a .netrc's password in the token's place."""
    return request


def _client(address: QuickBooksAddress, session: GuardedSession) -> Any:
    from quickbooks import QuickBooks

    client = QuickBooks(company_id=address.realm_id, minorversion=_MINOR_VERSION, use_decimal=True)
    client.session = session
    # The address goes "up to and with /v3/company/"; the library adds "/company/" itself.
    client.api_url_v3 = address.endpoint.rstrip("/").removesuffix(COMPANY_PATH)
    return client
