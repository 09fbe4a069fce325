"""The practice seller as Amazon knows it: its ids and credentials, its marketplaces by region, its roles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from tieout.domain.marketplace import Marketplace
from tieout.practice.amazon.state import State
from tieout.practice.amazon.wire import denied, invalid_input
from tieout.practice.shop.account import Account
from tieout.practice.shop.world import Shop

# Amazon's names of the roles that an application asks for.
FINANCE = "Finance and Accounting"
ORDERS = "Inventory and Order Tracking"
LISTINGS = "Product Listing"
FULFILLMENT = "Amazon Fulfillment"
INSIGHTS = "Selling Partner Insights"
TAX = "Tax Invoicing"
ROLES = frozenset({FINANCE, ORDERS, LISTINGS, FULFILLMENT, INSIGHTS, TAX})


@dataclass(frozen=True)
class Seller:
    """One seller and one application that it authorised. `address` is where the server listens."""

    shop: Shop
    state: State
    roles: frozenset[str] = ROLES
    address: list[str] = field(default_factory=lambda: [""])

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return self.address[0]

    @property
    def seller_id(self) -> str:
        """The merchant token."""
        return "A" + self.secret("seller", 13).upper()

    @property
    def client_id(self) -> str:
        """The application's id at Login with Amazon."""
        return "amzn1.application-oa2-client." + self.secret("client", 32)

    @property
    def client_secret(self) -> str:
        """The application's secret; a practice company's is none."""
        return "amzn1.oa2-cs.v1." + self.secret("client secret", 64)

    @property
    def refresh_token(self) -> str:
        """The seller's lasting authorisation of the application."""
        return "Atzr|practice-" + self.secret("refresh token", 64)

    def secret(self, name: str, length: int) -> str:
        """Hexadecimal text that belongs to this seller and `name`."""
        key = f"{self.shop.seed}|{name}".encode()
        return blake2b(key, digest_size=(length + 1) // 2).hexdigest()[:length]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The seller's accounts."""
        return self.shop.accounts

    def account(self, marketplace_id: str) -> Account | None:
        """The account of a marketplace id; None if the seller has none there."""
        for account in self.accounts:
            if account.place.market.marketplace_id == marketplace_id:
                return account
        return None

    def chosen(self, marketplace_ids: Iterable[str]) -> tuple[Account, ...]:
        """The accounts of marketplace ids, in the seller's order; InvalidInput for one that it has not."""
        wanted = tuple(marketplace_ids)
        for marketplace_id in wanted:
            if self.account(marketplace_id) is None:
                raise invalid_input(f"Marketplace {marketplace_id} is not one the seller participates in.")
        return tuple(account for account in self.accounts if account.place.market.marketplace_id in wanted)

    def region_ids(self, market: Marketplace) -> list[str]:
        """The ids of all the seller's marketplaces in the region of `market`."""
        return [
            account.place.market.marketplace_id
            for account in self.accounts
            if account.place.market.region == market.region
        ]

    def need(self, role: str) -> None:
        """Unauthorized, without saying why, as Amazon does, if the application lacks a role."""
        if role not in self.roles:
            raise denied()
