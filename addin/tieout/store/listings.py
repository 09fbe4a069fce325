"""The seller's listings and what Amazon has of them in its warehouses, as last downloaded: whole, by marketplace."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select

from tieout.domain.listing import Listing, Stock
from tieout.domain.money import Money
from tieout.domain.order import Channel
from tieout.domain.origin import Origin
from tieout.download_ports import SavedRecords
from tieout.store.database import Database
from tieout.store.download_schema import LISTINGS, STOCK

# Where a record was read does not make it another one.
_NOT_CONTENT = frozenset({"document_sha256", "row"})


class StoredListings:
    """The listings and stock of one company; fulfils `tieout.download_ports.Listings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, seller_id: str, marketplace: str, listings: Sequence[Listing]) -> SavedRecords:
        """The listings of a marketplace, whole: what is no longer listed goes."""
        rows = [{"seller_id": seller_id, "marketplace": marketplace, **_listing_values(each)} for each in listings]
        return self._replace(LISTINGS, seller_id, marketplace, rows, lambda row: (row["seller_sku"],))

    def replace_stock(self, seller_id: str, marketplace: str, stock: Sequence[Stock]) -> SavedRecords:
        """The stock of a marketplace, whole."""
        rows = [{"seller_id": seller_id, "marketplace": marketplace, **_stock_values(each)} for each in stock]
        return self._replace(STOCK, seller_id, marketplace, rows, lambda row: (row["seller_sku"], row["fnsku"]))

    def all(self, *, marketplace: str = "") -> tuple[Listing, ...]:
        """Every listing, or those of one marketplace, by marketplace and SKU."""
        query = select(LISTINGS).order_by(LISTINGS.c.marketplace, LISTINGS.c.seller_sku)
        if marketplace:
            query = query.where(LISTINGS.c.marketplace == marketplace)
        with self._database.reading() as connection:
            return tuple(map(_listing, connection.execute(query)))

    def stock(self, *, marketplace: str = "") -> tuple[Stock, ...]:
        """The stock of every marketplace, or of one, by marketplace and SKU."""
        query = select(STOCK).order_by(STOCK.c.marketplace, STOCK.c.seller_sku, STOCK.c.fnsku)
        if marketplace:
            query = query.where(STOCK.c.marketplace == marketplace)
        with self._database.reading() as connection:
            return tuple(map(_stock, connection.execute(query)))

    def _replace(
        self,
        table: Table,
        seller_id: str,
        marketplace: str,
        rows: Sequence[Mapping[str, Any]],
        key: Callable[[Mapping[Any, Any]], tuple[Any, ...]],
    ) -> SavedRecords:
        """Change the rows of a seller's marketplace into these, touching nothing where they are these already."""
        ours = (table.c.seller_id == seller_id) & (table.c.marketplace == marketplace)
        with self._database.writing() as connection:
            present = [dict(row) for row in connection.execute(select(table).where(ours)).mappings()]
            known = {key(row): row for row in present}
            told = {key(row): row for row in rows}
            new = told.keys() - known.keys()
            gone = known.keys() - told.keys()
            updated = {one for one in told.keys() & known.keys() if _content(told[one]) != _content(known[one])}
            if new or gone or updated:
                connection.execute(delete(table).where(ours))
                if told:
                    connection.execute(insert(table), list(told.values()))
        unchanged = len(told) - len(new) - len(updated)
        return SavedRecords(
            new=_names(marketplace, new),
            updated=_names(marketplace, updated),
            gone=_names(marketplace, gone),
            unchanged=unchanged,
        )


def _names(marketplace: str, keys: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(f"{marketplace} {key[0]}" for key in sorted(keys))


def _content(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _NOT_CONTENT}


def _listing_values(listing: Listing) -> dict[str, Any]:
    return {
        "seller_sku": listing.seller_sku,
        "asin": listing.asin,
        "listing_id": listing.listing_id,
        "title": listing.title,
        "currency": listing.price.currency if listing.price else "",
        "price_minor": listing.price.minor if listing.price else None,
        "quantity": listing.quantity,
        "channel": listing.channel.value,
        "channel_told": listing.channel_told,
        "status": listing.status,
        "condition": listing.condition,
        "opened": listing.opened,
        "document_sha256": listing.origin.sha256 if listing.origin else "",
        "row": (listing.origin.row or 0) if listing.origin else 0,
    }


def _listing(row: Row[Any]) -> Listing:
    sha256 = row.document_sha256
    return Listing(
        marketplace=row.marketplace,
        seller_sku=row.seller_sku,
        asin=row.asin,
        listing_id=row.listing_id,
        title=row.title,
        price=Money(row.price_minor, row.currency) if row.price_minor is not None else None,
        quantity=row.quantity,
        channel=Channel(row.channel),
        channel_told=row.channel_told,
        status=row.status,
        condition=row.condition,
        opened=row.opened,
        origin=Origin("Amazon's listings report", sha256, row.row or None) if sha256 else None,
    )


_STOCK_NAMES = (
    *("seller_sku", "fnsku", "asin", "condition", "fulfillable", "reserved", "unfulfillable", "researching"),
    *("inbound", "total"),
)


def _stock_values(stock: Stock) -> dict[str, Any]:
    return {name: getattr(stock, name) for name in _STOCK_NAMES}


def _stock(row: Row[Any]) -> Stock:
    return Stock(marketplace=row.marketplace, **{name: getattr(row, name) for name in _STOCK_NAMES})
