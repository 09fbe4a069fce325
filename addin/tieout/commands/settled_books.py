"""What stands in the books of a settlement's orders, from the outbox: nothing has to be asked for it.

The bytes that were sent say total, customer and tax of each document, and what payments paid of it. So a changed
setting never changes what an invoice is. Names of customers and items are the books' own (`SettledBooks`), as they
were last read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tieout.domain.account import Chart
from tieout.domain.money import Money
from tieout.domain.posting import Posting, PostingState
from tieout.domain.sale import ORDER_KINDS, SaleKind
from tieout.domain.settlement import Settlement
from tieout.ports import Outbox
from tieout.rules.match import Match, PostedOrder
from tieout.sale_ports import BooksDocuments, SaleBooks


@dataclass(frozen=True, slots=True)
class SettledBooks:
    """What the books hold that matching needs: names of customers by id, ids of items by name, and the currency of
    accounts that are not kept in the home currency, by name.
    """

    home_currency: str
    customers: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    account_currencies: Mapping[str, str] = field(default_factory=dict)


def read_settled_books(books: SaleBooks) -> SettledBooks:
    """Read it from the books; BooksUnavailable."""
    home = books.preferences().home_currency
    return SettledBooks(
        home_currency=home,
        customers={party.id: party.name for party in books.lists.customers()},
        items={item.name: item.id for item in books.lists.items()},
        account_currencies={
            account.full_name: account.currency
            for account in books.accounts()
            if account.active and account.currency != home
        },
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where what was posted is found: the outbox of a company, and how its bytes are read."""

    outbox: Outbox
    realm_id: str
    documents: BooksDocuments


@dataclass(slots=True)
class PostedOrders:
    """The documents of orders that stand in the books, and what was paid of them.

    `_now` is what the settlements at hand pay, in the order in which they are noted; `_paid` what each other one did.
    """

    shelf: Shelf
    books: SettledBooks
    _now: dict[str, Money] = field(default_factory=dict)
    _paid: dict[str, Mapping[str, Money]] = field(default_factory=dict)

    def of(self, settlement: Settlement, chart: Chart, earlier: Sequence[str]) -> dict[str, PostedOrder]:
        """Those of a settlement's orders, by order id; `earlier` are the settlements that may have paid a part."""
        tax = chart.by_role("sales_tax")
        tax_item = self.books.items.get(tax.name, "") if tax is not None else ""
        lines = settlement.lines
        order_ids = sorted(lines.orders_with(frozenset(lines.kinds())) - {""})
        found: dict[str, PostedOrder] = {}
        if not self.shelf.realm_id:
            return found
        for posting in self.shelf.outbox.of_subjects(self.shelf.realm_id, order_ids):
            if posting.key.entity in ORDER_KINDS and posting.state is PostingState.POSTED:
                found.setdefault(posting.subject, self._order(posting, tax_item, earlier))
        return found

    def note(self, matches: Sequence[Match]) -> None:
        """Count what a settlement pays of its orders, for the settlements after it."""
        for match in matches:
            if match.posted is not None and match.paid is not None:
                order_id = match.settled.order_id
                self._now[order_id] = self._now.get(order_id, Money.zero(match.paid.currency)) + match.paid

    def _order(self, posting: Posting, tax_item: str, earlier: Sequence[str]) -> PostedOrder:
        sent = self.shelf.documents.sent_sale(posting.body, self.books.home_currency)
        nothing = Money.zero(sent.total.currency)
        before = (self._paid_by(subject).get(posting.quickbooks_id, nothing) for subject in earlier)
        return PostedOrder(
            order_id=posting.subject,
            entity=posting.key.entity,
            doc_number=posting.key.doc_number,
            customer=self.books.customers.get(sent.customer_id, f"customer {sent.customer_id}"),
            total=sent.total,
            own_tax=sent.tax + sent.items.get(tax_item, nothing),
            tax_on_return=sent.tax_on_return,
            paid=Money.total(before, nothing.currency) + self._now.get(posting.subject, nothing),
        )

    def _paid_by(self, subject: str) -> Mapping[str, Money]:
        """What the payments of a settlement have paid of each invoice, by the invoice's id."""
        if subject not in self._paid:
            paid: dict[str, Money] = {}
            for posting in self.shelf.outbox.of_subject(self.shelf.realm_id, subject):
                if posting.key.entity != "Payment" or posting.state is not PostingState.POSTED:
                    continue
                links = self.shelf.documents.sent_links(posting.body, self.books.home_currency)
                for (entity, identity), amount in links.items():
                    if entity == SaleKind.INVOICE:
                        paid[identity] = paid.get(identity, Money.zero(amount.currency)) + amount
            self._paid[subject] = paid
        return self._paid[subject]
