"""The practice seller's world: one consistent set of orders, settlements, listings and stock, from a seed.

Seen from `Shop.now`, a moment after its months: their settlements are all closed, the last one of each account goes
on beyond them (of calendar months: into the next one), and the newest orders are still open. Two worlds of the
same arguments are the same to the byte, on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from tieout.practice.shop.account import Account, ShopSettlement
from tieout.practice.shop.catalogue import Listing, iter_listings, make_listing
from tieout.practice.shop.listing_report import listing_lines
from tieout.practice.shop.numbers import id_seed, read_order_id
from tieout.practice.shop.order_report import report_lines
from tieout.practice.shop.periods import opening_s
from tieout.practice.shop.planted import PlantedTrouble
from tieout.practice.shop.records import Order, Product


@dataclass(frozen=True)
class Shop:
    """The seller's whole world. Orders are made when asked for; only sums are kept.

    `troubles` lists what was planted that needs a person's decision; it is empty without `exceptions`.
    """

    seed: int
    marketplaces: tuple[str, ...]
    start: date
    months: int
    now: datetime
    products: tuple[Product, ...] = field(repr=False)
    accounts: tuple[Account, ...] = field(repr=False)
    exceptions: bool
    troubles: tuple[PlantedTrouble, ...] = field(repr=False)

    @cached_property
    def settlements(self) -> tuple[ShopSettlement, ...]:
        """Every settlement that Amazon lists at `now`, the accounts of the other currencies of a region included."""
        return self.settlements_at(self.now)

    def settlements_at(self, when: datetime) -> tuple[ShopSettlement, ...]:
        """The settlements listed at a moment, account by account, the oldest first."""
        until = int(when.timestamp())
        return tuple(one for account in self.accounts for one in account.settlements(until_s=until))

    def account(self, code: str) -> Account:
        """The account of a country code or a marketplace id; LookupError if the seller has none there."""
        for account in self.accounts:
            market = account.place.market
            if code in (market.country, market.marketplace_id) or (code, market.country) == ("UK", "GB"):
                return account
        raise LookupError(f"the practice seller has no account in {code}")

    def orders(self, code: str | None = None) -> Iterator[Order]:
        """The orders of one marketplace, or of all, by time of purchase in each."""
        for account in self.accounts if code is None else (self.account(code),):
            if account.book is not None:
                yield from map(account.book.order, range(account.book.count))

    def order(self, order_id: str) -> Order | None:
        """The order of an id; None if there is none."""
        found = read_order_id(id_seed(self.seed, opening_s(self.start)), order_id)
        if found is None:
            return None
        place, index = found
        for account in self.accounts:
            if account.place is place and account.book is not None and index < account.book.count:
                order = account.book.order(index)
                return order if order.order_id == order_id else None
        return None

    def all_orders_report(self, code: str, when: datetime | None = None) -> Iterator[str]:
        """The lines of one marketplace's all-orders report, of every order bought by `when` (default: `now`)."""
        account, now_s = self.account(code), int((when or self.now).timestamp())
        seen = (order for order in self.orders(code) if order.purchased_s <= now_s)
        return report_lines(seen, now_s, place=account.place, unknown_index=account.planting.status_order)

    def listings_report(self, code: str) -> Iterator[str]:
        """The lines of one marketplace's listings report, as the listings stand before anyone changes them."""
        return listing_lines((listing, listing.price, listing.quantity) for listing in self.listings(code))

    @cached_property
    def _products_by_sku(self) -> dict[str, Product]:
        return {product.sku: product for product in self.products}

    def listing(self, code: str, sku: str) -> Listing | None:
        """The listing of a SKU in one marketplace; None if there is none."""
        product = self._products_by_sku.get(sku)
        if product is None:
            return None
        return make_listing(self.seed, self.account(code).place, product, exceptions=self.exceptions)

    def listings(self, code: str) -> Iterator[Listing]:
        """The listings of one marketplace."""
        place = self.account(code).place
        return iter_listings(self.seed, place, self.products, exceptions=self.exceptions)
