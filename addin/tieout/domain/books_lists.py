"""The lists of the books that sales documents name: customers, vendors, items, tax codes with their rates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tieout.domain.money import Money


@dataclass(frozen=True, slots=True)
class BooksParty:
    """A customer or vendor, under its whole name ("Parent:Child"). A party has one currency for good.

    `display_name` is its own name, which no other customer, vendor or employee has.
    """

    id: str
    name: str
    currency: str
    display_name: str = ""

    def is_called(self, name: str) -> bool:
        """Whether it bears a name, whole or its own, in any letter case."""
        return name.casefold() in {self.name.casefold(), (self.display_name or self.name).casefold()}


@dataclass(frozen=True, slots=True)
class UnusableEntry:
    """An entry of a list that takes a name and can't be used: `why` goes on after "QuickBooks has X, "."""

    name: str
    sku: str
    why: str


@dataclass(frozen=True, slots=True)
class BooksItem:
    """An item that can be sold; `income_account` is the id of the account it posts to.

    `stock_from` is the day from which its stock is counted, None where it is not: nothing is sold of it before.
    """

    id: str
    name: str
    sku: str
    kind: str
    income_account: str
    stock_from: date | None = None


@dataclass(frozen=True, slots=True)
class BooksRate:
    """A rate of a tax code: its id, and the part of the net price in millionths (20 percent is 200,000)."""

    id: str
    millionths: int


@dataclass(frozen=True, slots=True)
class SaleTaxCode:
    """A tax code with the rates that apply to sales and to purchases."""

    id: str
    name: str
    sales: tuple[BooksRate, ...]
    purchases: tuple[BooksRate, ...] = ()

    def net_of(self, gross: Money, *, purchase: bool = False) -> Money:
        """The net of an amount with the tax inside, rounded half up to the minor unit as QuickBooks does."""
        rates = self.purchases if purchase else self.sales
        whole = 1_000_000 + sum(rate.millionths for rate in rates)
        size = (2 * abs(gross.minor) * 1_000_000 + whole) // (2 * whole)
        return Money(-size if gross.minor < 0 else size, gross.currency)

    def shares(self, tax: Money) -> tuple[tuple[BooksRate, Money], ...]:
        """A tax on sales over the code's rates, in proportion; they add up to it. ValueError without a rate."""
        weights = [rate.millionths for rate in self.sales]
        return tuple(zip(self.sales, tax.split(weights), strict=True))

    @property
    def holds_tax(self) -> bool:
        """Whether a tax on sales can be stated under it."""
        return any(rate.millionths > 0 for rate in self.sales)


@dataclass(frozen=True, slots=True)
class SalePreferences:
    """The preferences of the books that decide whether sales documents can be posted as they are drafted."""

    uses_sales_tax: bool
    own_numbers: bool
    classes: bool
    locations: bool


@dataclass(frozen=True, slots=True)
class BooksNames:
    """The ids, in the books, of the names that documents bear.

    `items` by name, `skus` by SKU; `documents` the ids of posted documents by kind and number, which payments link.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    vendors: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    skus: Mapping[str, str] = field(default_factory=dict)
    tax_codes: Mapping[str, SaleTaxCode] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BooksTerms:
    """How the books want documents: the US way of tax or not, a currency on each document or none."""

    is_us: bool
    multicurrency: bool


@dataclass(frozen=True, slots=True)
class SentSale:
    """What the bytes of an order's document say, as far as matching it with a settlement needs.

    `tax_on_return`: the books' own tax account has its tax; `items` are sums by the id of the item.
    """

    total: Money
    customer_id: str
    tax: Money
    tax_on_return: bool
    items: Mapping[str, Money]
    day: date | None = None
