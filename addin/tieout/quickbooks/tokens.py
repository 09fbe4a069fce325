"""Access tokens, renewed ahead of their end; refresh tokens, stored before anything they gave is used.

Intuit's refresh tokens rotate, and two processes that refresh at once invalidate each other's (`invalid_grant`).
So a refresh happens under a lock that both respect, with the token as it stands in the vault at that moment; the
new one is durable before the access token that came with it is used; and nobody is said to be disconnected before
the vault was read once more. Source: Intuit, "OAuth 2.0" and its notices on refresh tokens.

intuit-oauth's AuthClient is not used: it fetches a discovery document in its constructor, and has no time-outs.
"""

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import requests
from requests.auth import HTTPBasicAuth

from tieout.domain.company import QuickBooksAddress
from tieout.domain.lost_line import why_lost
from tieout.domain.posting import Outcome
from tieout.limits import (
    QUICKBOOKS_ANSWER_SECONDS_MAX,
    QUICKBOOKS_CONNECT_SECONDS_MAX,
    QUICKBOOKS_TOKEN_MARGIN_SECONDS,
)
from tieout.parse.exact_json import read_json
from tieout.ports import BooksUnavailable, Clock
from tieout.quickbooks.faults import sign_in, unreachable
from tieout.sign_in_ports import AppKeys

SERVICE = "quickbooks"
CLIENT_SECRET, REFRESH_TOKEN = "client_secret", "refresh_token"
_SPAN_DIGITS_MAX = 9
REFRESH_ENDS, CONNECTION_ENDS = "refresh_ends_at", "connection_ends_at"


class TokenVault(Protocol):
    """Where the credentials of the company are (tieout.secrets)."""

    def load(self, service: str) -> dict[str, str]:
        """The values of a service."""
        ...

    def save(self, service: str, values: Mapping[str, str]) -> None:
        """Replace them, durably."""
        ...

    def locked(self, service: str) -> AbstractContextManager[None]:
        """Keep other processes and threads out meanwhile; TimeoutError where they do not let us in."""
        ...


class Tokens:
    """The tokens of one connection. The access token lives in memory only."""

    def __init__(self, address: QuickBooksAddress, vault: TokenVault, http: requests.Session, clock: Clock) -> None:
        self._address = address
        self._vault = vault
        self._http = http
        self._clock = clock
        self._mutex = threading.Lock()
        self._access = ""
        self._renew_at: datetime | None = None

    def access_token(self) -> str:
        """A token that is good for a while yet; BooksUnavailable if there is no getting one."""
        with self._mutex:
            if self._renew_at is None or self._clock.now() >= self._renew_at:
                self._renew_in_turn()
            return self._access

    def replace(self, refused: str) -> str:
        """Another token than `refused`, which QuickBooks did not accept; BooksUnavailable if there is none."""
        with self._mutex:
            if self._access == refused:
                self._renew_in_turn()
            return self._access

    def _renew_in_turn(self) -> None:
        try:
            self._renew()
        except TimeoutError:
            raise BooksUnavailable(
                Outcome.WAIT, unreachable("another program is signing in, and does not end")
            ) from None

    def _renew(self) -> None:
        with self._vault.locked(SERVICE):
            values = self._vault.load(SERVICE)
            answer = self._exchange(values)
            if answer is None:
                again = self._vault.load(SERVICE)
                if again.get(REFRESH_TOKEN) != values.get(REFRESH_TOKEN):
                    values, answer = again, self._exchange(again)
            if answer is None:
                raise BooksUnavailable(Outcome.SIGN_IN, sign_in("its permission has ended or was withdrawn"))
            self._vault.save(SERVICE, {**values, **kept_of(answer, self._clock.now())})
        lifetime = timedelta(seconds=max(0, int(answer["expires_in"]) - QUICKBOOKS_TOKEN_MARGIN_SECONDS))
        self._access = str(answer["access_token"])
        self._renew_at = self._clock.now() + lifetime

    def _exchange(self, values: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The token endpoint's answer to a refresh; None where it does not accept the refresh token."""
        if not values.get(REFRESH_TOKEN):
            raise BooksUnavailable(Outcome.SIGN_IN, sign_in("this company is not connected yet"))
        keys = AppKeys(self._address.client_id, values.get(CLIENT_SECRET, ""))
        form = {"grant_type": "refresh_token", "refresh_token": values[REFRESH_TOKEN]}
        return ask_for_tokens(self._http, self._address.token_url, keys, form)


def ask_for_tokens(
    http: requests.Session, token_url: str, keys: AppKeys, form: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """The token endpoint's answer to a grant; None where it does not accept the grant; else BooksUnavailable."""
    try:
        response = http.post(
            token_url,
            data={**form, "includeRefreshTokenHardExpiresIn": "true"},
            headers={"Accept": "application/json"},
            auth=HTTPBasicAuth(keys.client_id, keys.client_secret),
            timeout=(QUICKBOOKS_CONNECT_SECONDS_MAX, QUICKBOOKS_ANSWER_SECONDS_MAX),
            allow_redirects=False,
        )
        status, content = response.status_code, response.content
    except requests.RequestException as error:
        # The request's own text could hold the address only, never the form or the secret.
        raise BooksUnavailable(Outcome.WAIT, unreachable(why_lost(error), token_url)) from None
    return _granted(status, content)


def kept_of(answer: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What the vault is to hold of an answer: the refresh token, and when it and the connection end."""
    kept = {REFRESH_TOKEN: str(answer["refresh_token"])}
    for name, field in (
        (REFRESH_ENDS, "x_refresh_token_expires_in"),
        (CONNECTION_ENDS, "x_refresh_token_hard_expires_in"),
    ):
        if _is_span(answer.get(field)):
            kept[name] = (now + timedelta(seconds=int(answer[field]))).isoformat()
    return kept


def _granted(status: int, content: bytes) -> Mapping[str, Any] | None:
    try:
        body = read_json(content)
    except ValueError:
        body = None
    if status == 200 and isinstance(body, dict) and _is_grant(body):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    if error == "invalid_grant":
        return None
    if error:
        raise BooksUnavailable(Outcome.SIGN_IN, sign_in(f"its sign-in service says {error}"))
    raise BooksUnavailable(Outcome.WAIT, unreachable(f"its sign-in service answered with status {status}"))


def _is_grant(body: Mapping[str, Any]) -> bool:
    """Whether an answer holds two tokens that fit into a header, and for how long the first one is good.

    Nothing else may take the place of a refresh token that is kept: without it the connection is lost.
    """
    tokens = (body.get("access_token"), body.get("refresh_token"))
    fit = (isinstance(each, str) and each.isascii() and each.isprintable() and each for each in tokens)
    return all(fit) and _is_span(body.get("expires_in"))


def _is_span(seconds: Any) -> bool:
    """Whether it is a number of seconds, of a hundred years at most."""
    text = str(seconds)
    return text.isdecimal() and len(text) <= _SPAN_DIGITS_MAX
