"""Connecting QuickBooks through a page in the browser: what the page asks, where it leads, what comes back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tieout.commands import connect_findings as say
from tieout.commands.connect_quickbooks import (
    Attempt,
    Connected,
    Connecting,
    Place,
    begin,
    checked_keys,
    complete,
    keep_keys,
)
from tieout.domain.finding import Finding
from tieout.sign_in_page import Field, sign_in_by_page
from tieout.sign_in_ports import AppKeys

_KEYS = (Field("client_id", "Client id of your Intuit app"), Field("client_secret", "Client secret", secret=True))


@dataclass(slots=True)
class ConnectTalk:
    """One conversation; it ends with `connected`, or with nothing."""

    connecting: Connecting
    place: Place
    keys: AppKeys | None
    connected: Connected | None = None
    _attempt: Attempt | None = field(default=None)

    @property
    def title(self) -> str:
        """What is connected to what."""
        return f"Connect {self.connecting.company.name} to QuickBooks"

    @property
    def asked(self) -> tuple[Field, ...]:
        """The app's keys, where they were never said."""
        return () if self.keys else _KEYS

    def say(self, values: dict[str, str]) -> Finding | None:
        """Take the app's keys and keep them."""
        keys = checked_keys(values.get("client_id", ""), values.get("client_secret", ""))
        if isinstance(keys, Finding):
            return keys
        keep_keys(self.connecting, keys, self.place)
        self.keys = keys
        return None

    def leads_to(self, callback: str) -> str | Finding:
        """Intuit's page; one attempt for the whole conversation, so that going back and forth does no harm."""
        assert self.keys is not None, "the page asks for the keys first"
        if self._attempt is None:
            here = urlsplit(self.place.redirect).hostname == "localhost"
            place = replace(self.place, redirect=callback) if here else self.place
            attempt = begin(self.connecting, self.keys, place)
            if isinstance(attempt, Finding):
                return attempt
            self._attempt = attempt
        return self._attempt.address

    def comes_back(self, address: str) -> str | Finding:
        """Finish with the address that the browser came to; after a refusal the next try is a new attempt."""
        if self._attempt is None:
            return say.of_another_attempt()
        done = complete(self.connecting, self._attempt, address)
        if isinstance(done, Finding):
            if done.code != "redirect-unreadable":
                self._attempt = None
            return done
        self.connected = done
        return f"{self.connecting.company.name} is connected to {done.books.name}."


def connect_by_page(
    connecting: Connecting,
    place: Place,
    open_browser: Callable[[str], object],
    waiting: Callable[[], None] | None = None,
) -> Connected | Finding:
    """Connect through a page on this machine; `open_browser` is given its address.

    `waiting` is called about twice a second while the person signs in, and may raise to stop.
    """
    talk = ConnectTalk(connecting, place, connecting.known_keys())
    redirect = urlsplit(place.redirect)
    try:
        here = redirect.hostname == "localhost"
        finding = sign_in_by_page(
            talk,
            open_browser,
            port=(redirect.port or 80) if here and redirect.port != 0 else 0,
            callback_path=redirect.path if here else "/callback",
            waiting=waiting,
        )
    except OSError as error:
        return say.page_not_opened(error.strerror or type(error).__name__)
    if finding is not None:
        return finding
    assert talk.connected is not None, "the page ends with a connection or a finding"
    return talk.connected
