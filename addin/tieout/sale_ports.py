"""What posting orders and their settlements needs of the books beyond `tieout.ports.Books`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tieout.domain.books_lists import (
    BooksItem,
    BooksNames,
    BooksParty,
    BooksTerms,
    SalePreferences,
    SaleTaxCode,
    SentSale,
    UnusableEntry,
)
from tieout.domain.draft import Draft
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.posting import Outcome
from tieout.ports import Books


@dataclass(frozen=True, slots=True)
class NameReply:
    """What the answer to the creation of a list entry says of it; `id` where the books hold it now."""

    outcome: Outcome
    id: str = ""
    finding: Finding | None = None
    intuit_tid: str = ""


class BooksLists(Protocol):
    """The lists that documents name. Reading raises BooksUnavailable; creating a name that exists is CONFLICT."""

    def preferences(self) -> SalePreferences:
        """What decides whether sales documents can be posted as they are drafted."""
        ...

    def customers(self) -> tuple[BooksParty, ...]:
        """The active customers."""
        ...

    def vendors(self) -> tuple[BooksParty, ...]:
        """The active vendors."""
        ...

    def unusable_parties(self, kind: str) -> tuple[UnusableEntry, ...]:
        """What takes the name that a "Customer" or "Vendor" would bear, and is none that can be used."""
        ...

    def items(self) -> tuple[BooksItem, ...]:
        """The active items that can be sold."""
        ...

    def unusable_items(self) -> tuple[UnusableEntry, ...]:
        """The items that take a name or a SKU, and can't be sold."""
        ...

    def locations(self) -> Mapping[str, str]:
        """The ids of the active locations, by full name."""
        ...

    def sale_tax_codes(self) -> tuple[SaleTaxCode, ...]:
        """The active tax codes with their rates."""
        ...

    def create_customer(self, name: str, currency: str, request_id: str) -> NameReply:
        """Make a customer; `currency` is empty where the books have one only."""
        ...

    def create_vendor(self, name: str, currency: str, request_id: str) -> NameReply:
        """Make a vendor."""
        ...

    def create_item(self, name: str, sku: str, income_account: str, request_id: str) -> NameReply:
        """Make an item: goods without stock where it has a SKU, a service where it has none."""
        ...


class BooksDocuments(Protocol):
    """Documents as bytes, and bytes as what they say; nothing is asked of the books."""

    def body(self, draft: Draft, day: date, note: str, names: BooksNames, terms: BooksTerms) -> bytes:
        """The exact bytes that post a draft on `day`."""
        ...

    def sent_sale(self, body: bytes, home_currency: str) -> SentSale:
        """What the bytes of an order's document say."""
        ...

    def sent_links(self, body: bytes, home_currency: str) -> Mapping[tuple[str, str], Money]:
        """What the bytes of a payment settle, by kind and id."""
        ...

    def mirror(
        self, entity: str, body: bytes, doc_number: str, day: date, note: str, control_account: str
    ) -> tuple[str, bytes] | None:
        """The document that takes another back on another day: its kind and bytes; None where none does."""
        ...


class SaleBooks(Books, Protocol):
    """A company's books with their lists, and every kind of document."""

    @property
    def lists(self) -> BooksLists:
        """The lists that documents name."""
        ...

    @property
    def documents(self) -> BooksDocuments:
        """Documents as bytes, and bytes as what they say."""
        ...
