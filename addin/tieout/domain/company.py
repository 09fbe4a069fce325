"""A company of the user's: its books, and where they and its Amazon account are. Credentials are not in it."""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

# The web app of QuickBooks Online, and that of the sample companies of Intuit's developers.
_SITE, _SANDBOX_SITE = "https://app.qbo.intuit.com/app/", "https://app.sandbox.qbo.intuit.com/app/"


@dataclass(frozen=True, slots=True)
class QuickBooksAddress:
    """Where a company's QuickBooks is: `endpoint` goes up to and with "/v3/company/"; `realm_id` is its identity."""

    endpoint: str
    token_url: str
    realm_id: str
    client_id: str
    discovery_url: str = ""


@dataclass(frozen=True, slots=True)
class AmazonAddress:
    """Where a seller's account is: `endpoint` of SP-API in its region, `lwa` of its sign-in, marketplace ids."""

    endpoint: str
    lwa: str
    client_id: str
    seller_id: str
    marketplaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company as the registry keeps it. `slug` names its folder; `store_url` is empty for a database file there.

    A practice company lives on loopback servers; it agreed beforehand to the creation of missing accounts.
    `more_amazon` are the seller accounts beyond the first: other regions, other sellers.
    """

    slug: str
    name: str
    country: str
    home_currency: str
    practice: bool = False
    quickbooks: QuickBooksAddress | None = None
    amazon: AmazonAddress | None = None
    store_url: str = ""
    more_amazon: tuple[AmazonAddress, ...] = ()

    @property
    def sellers(self) -> tuple[AmazonAddress, ...]:
        """Every seller account, the first one first."""
        return (*((self.amazon,) if self.amazon else ()), *self.more_amazon)

    @property
    def books_site(self) -> str:
        """Where a browser shows the company's QuickBooks: Intuit's sample companies have a site of their own.

        Empty where no browser does: a practice company, or none connected.
        """
        if self.practice or self.quickbooks is None:
            return ""
        host = urlsplit(self.quickbooks.endpoint).hostname or ""
        return _SANDBOX_SITE if host.startswith("sandbox") else _SITE

    def amazon_service(self, address: AmazonAddress) -> str:
        """The name under which an account's credentials are kept: "amazon" for the first, of its own for others."""
        if address == self.amazon:
            return "amazon"
        place = re.sub(r"[^a-z0-9]+", "-", urlsplit(address.endpoint).netloc.casefold()).strip("-")
        return f"amazon-{address.seller_id.casefold()}-{place}"


def is_practice_address(url: str) -> bool:
    """Whether an address is of this computer: practice servers live there, and nobody else."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_guarded(url: str) -> bool:
    """Whether credentials may travel to an address: by https, or to this computer."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_practice_address(url))
        )
    except ValueError:  # brackets that are no address of IPv6
        return False


def slug_of(name: str) -> str:
    """A folder name for a company's name: lower-case ASCII letters, digits and hyphens; "company" if none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "company"
