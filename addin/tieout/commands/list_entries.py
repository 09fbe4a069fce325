"""Customers, vendors and items that documents name: found in the books, made where the user agreed to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tieout.commands import document_findings as say
from tieout.commands.posting_run import request_id
from tieout.domain.activity import Activity
from tieout.domain.books_lists import BooksItem, BooksParty
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense
from tieout.domain.finding import Finding
from tieout.domain.payment import BillPayment, Payment
from tieout.domain.posting import Outcome, PostingKey
from tieout.domain.sale import Sale, SaleItem
from tieout.limits import QUICKBOOKS_OUTCOME_SETTLES_SECONDS, QUICKBOOKS_SENDS_MAX
from tieout.ports import BooksUnavailable, Clock, Writer
from tieout.sale_ports import NameReply, SaleBooks


@dataclass(slots=True)
class Found:
    """Ids by name of what was found or made; what is wrong, by name; what was made."""

    ids: dict[str, str] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Making:
    """What making an entry needs: the books, who writes, and whether the user agreed."""

    books: SaleBooks
    writer: Writer
    clock: Clock
    who: str
    agreed: bool

    def make(
        self,
        kind: str,
        name: str,
        create: Callable[[str], NameReply],
        look: Callable[[], str],
    ) -> tuple[str, Finding | None]:
        """Make an entry, or find it made: its name is unique, so it can't be made twice. Its id, or why not."""
        as_one = request_id(PostingKey(self.books.realm_id, kind, name), "create", "", 0)
        finding: Finding | None = None
        for _ in range(QUICKBOOKS_SENDS_MAX):
            reply = create(as_one)
            if reply.outcome is Outcome.APPLIED and reply.id:
                made = Activity(self.clock.now(), self.who, f"created {kind.lower()}", name, after=reply.id)
                self.writer.log(made)
                return reply.id, None
            finding = reply.finding
            if reply.outcome in {Outcome.WAIT, Outcome.SIGN_IN}:
                assert finding is not None, "every reply but an applied one says why"
                raise BooksUnavailable(reply.outcome, finding)
            if reply.outcome is Outcome.NOT_APPLIED:
                return "", finding
            found = look()
            if not found and reply.outcome is Outcome.UNKNOWN:
                self.clock.sleep(QUICKBOOKS_OUTCOME_SETTLES_SECONDS)
                found = look()
            if found:
                return found, None
        return "", finding


def parties_named(drafts: Sequence[Draft]) -> tuple[dict[str, Draft], dict[str, Draft]]:
    """The customers and the vendors that documents name, each with the first document that does."""
    customers: dict[str, Draft] = {}
    vendors: dict[str, Draft] = {}
    for draft in drafts:
        if isinstance(draft, Sale | Payment):
            customers.setdefault(draft.customer, draft)
        elif isinstance(draft, Expense | BillPayment):
            vendors.setdefault(draft.vendor, draft)
    return customers, vendors


def items_named(drafts: Sequence[Draft]) -> tuple[SaleItem, ...]:
    """The items that documents name, each once."""
    sales = (draft for draft in drafts if isinstance(draft, Sale))
    return tuple(dict.fromkeys(line.item for sale in sales for line in sale.lines))


def find_parties(kind: str, named: Mapping[str, Draft], making: Making, *, multicurrency: bool) -> Found:
    """The customers (kind "Customer") or vendors of some names, each in its document's currency."""
    found = Found()
    if not named:
        return found
    lists = making.books.lists
    read = lists.customers if kind == "Customer" else lists.vendors
    make = lists.create_customer if kind == "Customer" else lists.create_vendor
    missing = say.customer_missing if kind == "Customer" else say.vendor_missing
    present = read()
    for name, draft in named.items():
        party = _party(name, present)
        if party is not None:
            found.ids[name] = party.id
            if party.currency != draft.currency:
                found.findings[name] = say.party_of_other_currency(party, draft)
            continue
        if not making.agreed:
            found.findings[name] = missing(name)
            continue
        currency = draft.currency if multicurrency else ""
        made, problem = making.make(
            kind,
            name,
            lambda as_one, name=name, currency=currency: make(name, currency, as_one),  # type: ignore[misc]
            lambda name=name: _id(_party(name, read())),  # type: ignore[misc]
        )
        _note(found, kind, name, made, problem or missing(name))
    return found


def find_items(items: Iterable[SaleItem], present: Sequence[BooksItem]) -> tuple[dict[SaleItem, str], Found]:
    """The items that are there, by what was asked for; problems of the others but absence."""
    ids: dict[SaleItem, str] = {}
    found = Found()
    for item in items:
        fitting = _items(item, present)
        if len(fitting) == 1:
            ids[item] = fitting[0].id
        elif fitting:
            found.findings[item.name] = say.item_ambiguous(item, [each.name for each in fitting])
    return ids, found


def make_item(item: SaleItem, income_account: str, making: Making) -> tuple[str, Finding | None]:
    """Make an item that posts to an account; its id, or why not."""
    lists = making.books.lists
    return making.make(
        "Item",
        item.name,
        lambda as_one: lists.create_item(item.name, item.name if item.by_sku else "", income_account, as_one),
        lambda: next((each.id for each in _items(item, lists.items())), ""),
    )


def _items(item: SaleItem, present: Sequence[BooksItem]) -> list[BooksItem]:
    """The items that fit: by SKU exactly, else by name in any letter case."""
    if item.by_sku:
        by_sku = [each for each in present if each.sku == item.name]
        if by_sku:
            return by_sku
    wanted = item.name.casefold()
    return [each for each in present if each.name.casefold() == wanted]


def _party(name: str, present: Iterable[BooksParty]) -> BooksParty | None:
    wanted = name.casefold()
    return next((party for party in present if party.name.casefold() == wanted), None)


def _id(party: BooksParty | None) -> str:
    return party.id if party is not None else ""


def _note(found: Found, kind: str, name: str, made: str, problem: Finding) -> None:
    if made:
        found.ids[name] = made
        found.created.append(f"{kind.lower()} {name}")
    else:
        found.findings[name] = problem
