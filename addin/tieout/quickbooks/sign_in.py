"""Intuit's sign-in: the page at which a person allows a connection, the code it gives, its end.

Addresses come from Intuit's discovery document (OpenID Connect), which the practice company has too. Sources:
Intuit, "Set up OAuth 2.0" and "OAuth 2.0 discovery document".
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from tieout.domain.company import is_practice_address
from tieout.domain.lost_line import why_lost
from tieout.domain.posting import Outcome
from tieout.limits import QUICKBOOKS_ANSWER_SECONDS_MAX, QUICKBOOKS_CONNECT_SECONDS_MAX
from tieout.parse.exact_json import read_json
from tieout.ports import BooksUnavailable, Clock
from tieout.quickbooks.faults import sign_in, unreachable
from tieout.quickbooks.tokens import ask_for_tokens, kept_of
from tieout.sign_in_ports import AppKeys

_SCOPE = "com.intuit.quickbooks.accounting"
_TIMEOUT = (QUICKBOOKS_CONNECT_SECONDS_MAX, QUICKBOOKS_ANSWER_SECONDS_MAX)


class IntuitSignIn:
    """The sign-in service that a discovery document describes; it is read once, when it is needed."""

    def __init__(self, discovery_url: str, http: requests.Session, clock: Clock) -> None:
        self._discovery_url = discovery_url
        self._http = http
        self._clock = clock
        self._found: Mapping[str, Any] = {}
        if is_practice_address(discovery_url):
            http.trust_env = False  # a practice company is on this machine: no proxy stands between

    def address(self, client_id: str, redirect: str, state: str) -> str:
        """Where a person allows the connection."""
        asked = {
            "client_id": client_id,
            "response_type": "code",
            "scope": _SCOPE,
            "redirect_uri": redirect,
            "state": state,
        }
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(asked)}"

    def token_url(self) -> str:
        """Where tokens are renewed."""
        return self._endpoint("token_endpoint")

    def redeem(self, keys: AppKeys, code: str, redirect: str) -> Mapping[str, str]:
        """The values of the vault for a code; a code lives ten minutes and is good once."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        answer = ask_for_tokens(self._http, self.token_url(), keys, form)
        if answer is None:
            raise BooksUnavailable(Outcome.SIGN_IN, sign_in("the permission was used before, or is too old"))
        return kept_of(answer, self._clock.now())

    def revoke(self, keys: AppKeys, refresh_token: str) -> None:
        """End the connection of a refresh token; one that has ended already is no error."""
        try:
            response = self._http.post(
                self._endpoint("revocation_endpoint"),
                data=json.dumps({"token": refresh_token}),
                headers={"Accept": "application/json", "Content-Type": "application/json"},
                auth=(keys.client_id, keys.client_secret),
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise BooksUnavailable(Outcome.WAIT, unreachable(why_lost(error), self._discovery_url)) from None
        if response.status_code == 401:
            raise BooksUnavailable(Outcome.SIGN_IN, sign_in("it does not accept the client id and secret"))
        if response.status_code not in {200, 400}:
            reason = f"its sign-in service answered with status {response.status_code}"
            raise BooksUnavailable(Outcome.WAIT, unreachable(reason))

    def _endpoint(self, name: str) -> str:
        if not self._found:
            self._found = self._discover()
        url = str(self._found.get(name, ""))
        if not _is_safe(url, self._discovery_url):
            raise BooksUnavailable(Outcome.WAIT, unreachable(f"its discovery document names no {name}"))
        return url

    def _discover(self) -> Mapping[str, Any]:
        try:
            response = self._http.get(self._discovery_url, timeout=_TIMEOUT, headers={"Accept": "application/json"})
            found = read_json(response.content) if response.status_code == 200 else None
        except requests.RequestException as error:
            raise BooksUnavailable(Outcome.WAIT, unreachable(why_lost(error), self._discovery_url)) from None
        except ValueError:
            found = None
        if not isinstance(found, Mapping):
            raise BooksUnavailable(Outcome.WAIT, unreachable("its discovery document could not be read"))
        return found


def _is_safe(url: str, discovery_url: str) -> bool:
    """Whether a secret may travel there: by https to Intuit, or on this machine where the discovery is here too."""
    if is_practice_address(discovery_url):
        return is_practice_address(url)
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == "intuit.com" or host.endswith(".intuit.com"))
