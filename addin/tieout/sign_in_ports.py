"""What connecting needs of the books' maker, as a narrow protocol; beside `ports.py`, which has everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AppKeys:
    """The keys of an app that is registered with the books' maker. They are never logged or shown."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return "AppKeys(…)"


class SignIn(Protocol):
    """The sign-in service of the books' maker. BooksUnavailable where it can't be reached, or refuses."""

    def address(self, client_id: str, redirect: str, state: str) -> str:
        """The address at which a person allows the connection; it ends at `redirect`, with `state`."""
        ...

    def token_url(self) -> str:
        """Where tokens are renewed."""
        ...

    def redeem(self, keys: AppKeys, code: str, redirect: str) -> Mapping[str, str]:
        """The values of the vault for a code that came with a person's permission."""
        ...

    def revoke(self, keys: AppKeys, refresh_token: str) -> None:
        """End a connection for good."""
        ...
