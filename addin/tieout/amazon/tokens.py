"""Access tokens of Login with Amazon, renewed ahead of their end. They live in memory only, and in no log.

Source: Amazon, "Connect to the SP-API": a form is posted, the token lives an hour, the refresh token stays the same.
python-amazon-sp-api's own token client is not used: it keeps tokens for a fixed time whatever Amazon says, for the
whole process, never replaces one that was refused, and has no time-outs of its own.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import requests

from tieout.amazon.answers import AmazonsClock, body_of
from tieout.amazon.faults import (
    address_open,
    not_connected,
    permission_ended,
    secret_refused,
    troubled,
    unreachable,
)
from tieout.amazon.patience import Patience
from tieout.domain.company import AmazonAddress, is_guarded
from tieout.domain.finding import Finding
from tieout.domain.lost_line import why_lost
from tieout.download_ports import AmazonUnavailable
from tieout.limits import (
    AMAZON_ANSWER_SECONDS_MAX,
    AMAZON_CONNECT_SECONDS_MAX,
    AMAZON_TOKEN_MARGIN_SECONDS,
)
from tieout.ports import Clock

CLIENT_SECRET, REFRESH_TOKEN = "client_secret", "refresh_token"
_LIFETIME_DIGITS_MAX = 8  # Amazon's tokens live for an hour: 3600
SECRET_SINCE = "secret_since"  # noqa: S105 - the day the secret was made


class Credentials(Protocol):
    """Where the account's credentials are (tieout.secrets)."""

    def load(self, service: str) -> dict[str, str]:
        """The values of a service."""
        ...


class Tokens:
    """The access tokens of one seller account."""

    def __init__(
        self,
        address: AmazonAddress,
        credentials: Credentials,
        service: str,
        *,
        http: requests.Session,
        clock: Clock,
        amazons_clock: AmazonsClock,
        patience: Patience,
    ) -> None:
        self._address, self._credentials, self._service = address, credentials, service
        self._http, self._clock, self._amazons_clock, self._patience = http, clock, amazons_clock, patience
        self._mutex = threading.Lock()
        self._access = ""
        self._renew_at: datetime | None = None
        self._got_at: datetime | None = None

    def access_token(self) -> str:
        """A token that is good for a while yet; AmazonUnavailable if there is no getting one."""
        with self._mutex:
            if self._is_over():
                self._renew()
            return self._access

    def replace(self, refused: str) -> str:
        """Another token than `refused`, which Amazon did not accept; AmazonUnavailable if there is none."""
        with self._mutex:
            if self._access == refused:
                self._renew()
            return self._access

    def _is_over(self) -> bool:
        now = self._clock.now()
        # A clock that was put back would make a token look young for ever.
        return self._renew_at is None or self._got_at is None or not self._got_at <= now < self._renew_at

    def _renew(self) -> None:
        values = self._credentials.load(self._service)
        if not values.get(REFRESH_TOKEN) or not values.get(CLIENT_SECRET):
            raise AmazonUnavailable(not_connected(), sign_in=True)
        answer = self._granted(values)
        lifetime = timedelta(seconds=max(0, int(answer["expires_in"]) - AMAZON_TOKEN_MARGIN_SECONDS))
        self._access = str(answer["access_token"])
        self._got_at = self._clock.now()
        self._renew_at = self._got_at + lifetime

    def _granted(self, values: Mapping[str, str]) -> Mapping[str, Any]:
        """The token endpoint's answer, asked again while it has trouble."""
        tries = self._patience.tries()
        while True:
            found = self._ask(values)
            if not isinstance(found, Finding):
                return found
            if not tries.another():
                raise AmazonUnavailable(found)

    def _ask(self, values: Mapping[str, str]) -> Mapping[str, Any] | Finding:
        if not is_guarded(self._address.lwa):
            raise AmazonUnavailable(address_open(self._address.lwa), sign_in=True)
        form = {
            "grant_type": "refresh_token",
            "refresh_token": values[REFRESH_TOKEN],
            "client_id": self._address.client_id,
            "client_secret": values[CLIENT_SECRET],
        }
        try:
            response = self._http.post(
                self._address.lwa,
                data=form,
                timeout=(AMAZON_CONNECT_SECONDS_MAX, AMAZON_ANSWER_SECONDS_MAX),
                allow_redirects=False,
            )
            status, body = response.status_code, body_of(response.content)
        except requests.RequestException as lost:
            # The error's own text could hold the address only, never the form.
            return unreachable(f"its sign-in service: {why_lost(lost)}", self._address.lwa)
        self._amazons_clock.heard(response.headers.get("Date", ""))
        if status == 200 and isinstance(body, dict) and _is_grant(body):
            return body
        error = str(body.get("error") or "") if isinstance(body, dict) else ""
        if error == "invalid_grant":
            raise AmazonUnavailable(permission_ended(error), sign_in=True)
        if error and status < 500 and status != 429:
            raise AmazonUnavailable(secret_refused(error), sign_in=True)
        return troubled("the request for an access token", status)


def _is_grant(body: Mapping[str, Any]) -> bool:
    """Whether an answer holds a token that fits into a header, and for how many seconds it is good."""
    token, seconds = body.get("access_token"), str(body.get("expires_in"))
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        return False
    return seconds.isdecimal() and len(seconds) <= _LIFETIME_DIGITS_MAX
