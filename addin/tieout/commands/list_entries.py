"""Customers, vendors and items that documents name: found in the books, made where the user agreed to it.

Looking makes nothing. What is missing and may be made is made afterwards, for documents that can be posted then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tieout.commands import document_findings as say
from tieout.commands import list_findings
from tieout.commands.agreement import Agreed
from tieout.commands.posting_run import request_id
from tieout.domain.activity import Activity
from tieout.domain.books_lists import BooksItem, BooksParty, UnusableEntry
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense
from tieout.domain.finding import Finding
from tieout.domain.payment import BillPayment, Payment
from tieout.domain.posting import Outcome, PostingKey
from tieout.domain.proposal import CUSTOMER, ITEM, VENDOR, Proposal
from tieout.domain.sale import Sale, SaleItem
from tieout.limits import (
    QUICKBOOKS_OUTCOME_SETTLES_SECONDS,
    QUICKBOOKS_PARTY_NAME_CHARACTERS_MAX,
    QUICKBOOKS_SENDS_MAX,
)
from tieout.ports import BooksUnavailable, Clock, Writer
from tieout.sale_ports import BooksLists, NameReply, SaleBooks

# What QuickBooks takes in no name of a customer or vendor; before a colon stands the name of a parent.
_NO_NAME_HOLDS = frozenset(":\t\n\r")


@dataclass(slots=True)
class Found:
    """Entries of one kind: ids by name, what is wrong by name, and what could be made; `to_make` what may be."""

    ids: dict[str, str] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    missing: dict[str, Proposal] = field(default_factory=dict)

    @property
    def to_make(self) -> dict[str, Proposal]:
        """What may be made."""
        return {name: each for name, each in self.missing.items() if name not in self.findings}


@dataclass(frozen=True, slots=True)
class Making:
    """What making an entry needs: the books, and who writes."""

    books: SaleBooks
    writer: Writer
    clock: Clock
    who: str

    def party(self, proposal: Proposal, *, multicurrency: bool) -> tuple[str, Finding | None]:
        """Make a customer or vendor; its id, or why not."""
        lists = self.books.lists
        is_customer = proposal.kind == CUSTOMER
        create = lists.create_customer if is_customer else lists.create_vendor
        read = lists.customers if is_customer else lists.vendors
        currency = proposal.currency if multicurrency else ""
        return self.make(
            proposal.kind,
            proposal.name,
            lambda as_one: create(proposal.name, currency, as_one),
            lambda: next((each.id for each in read() if each.is_called(proposal.name)), ""),
        )

    def item(self, proposal: Proposal, income_account: str) -> tuple[str, Finding | None]:
        """Make an item that posts to an account; its id, or why not."""
        lists, name = self.books.lists, proposal.name
        wanted = SaleItem(name, "", by_sku=proposal.sku)
        return self.make(
            ITEM,
            name,
            lambda as_one: lists.create_item(name, name if proposal.sku else "", income_account, as_one),
            lambda: next((each.id for each in _items(wanted, lists.items())), ""),
        )

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


def items_named(drafts: Sequence[Draft]) -> dict[SaleItem, Draft]:
    """The items that documents name, each with the first document that does."""
    named: dict[SaleItem, Draft] = {}
    for sale in (draft for draft in drafts if isinstance(draft, Sale)):
        for line in sale.lines:
            named.setdefault(line.item, sale)
    return named


def find_parties(kind: str, named: Mapping[str, Draft], lists: BooksLists, agreed: Agreed) -> Found:
    """The customers (kind "Customer") or vendors of some names, each in its document's currency; nothing is made."""
    found = Found()
    if not named:
        return found
    present = lists.customers() if kind == CUSTOMER else lists.vendors()
    absent: dict[str, Draft] = {}
    for name, draft in named.items():
        party = _party(name, present)
        if party is None:
            absent[name] = draft
            continue
        found.ids[name] = party.id
        if party.currency != draft.currency:
            found.findings[name] = say.party_of_other_currency(party, draft)
    taken = lists.unusable_parties(kind) if absent else ()
    for name, draft in absent.items():
        by = next((each for each in taken if each.name.casefold() == name.casefold()), None)
        if by is not None:
            found.findings[name] = list_findings.party_name_taken(kind, name, by)
        elif not _can_name_a_party(name):
            found.findings[name] = list_findings.party_name_not_usable(kind, name)
        else:
            found.missing[name] = Proposal(kind, name, draft.doc_number, currency=draft.currency)
            if not agreed.entry(kind, name):
                found.findings[name] = MISSING[kind](name)
    return found


# What is said of a missing customer or vendor.
MISSING = {CUSTOMER: say.customer_missing, VENDOR: say.vendor_missing}


def find_items(
    items: Mapping[SaleItem, Draft], lists: BooksLists, agreed: Agreed
) -> tuple[dict[SaleItem, BooksItem], Found]:
    """The items that are there, by what was asked for; what is wrong with others; nothing is made."""
    there: dict[SaleItem, BooksItem] = {}
    found = Found()
    present = lists.items() if items else ()
    absent: list[SaleItem] = []
    for item in items:
        fitting = _items(item, present)
        if len(fitting) == 1:
            there[item] = fitting[0]
        elif fitting:
            found.findings[item.name] = say.item_ambiguous(item, [each.name for each in fitting])
        else:
            absent.append(item)
    unusable = lists.unusable_items() if absent else ()
    for item in absent:
        by = _taking(item, unusable)
        if by is not None:
            found.findings[item.name] = list_findings.item_not_usable(item, by)
            continue
        found.missing[item.name] = Proposal(ITEM, item.name, items[item].doc_number, sku=item.by_sku)
        if not agreed.entry(ITEM, item.name):
            found.findings[item.name] = say.item_missing(item)
    return there, found


def _can_name_a_party(name: str) -> bool:
    return bool(name.strip()) and len(name) <= QUICKBOOKS_PARTY_NAME_CHARACTERS_MAX and not _NO_NAME_HOLDS & set(name)


def _taking(item: SaleItem, unusable: Iterable[UnusableEntry]) -> UnusableEntry | None:
    """What takes the item's name, or has its SKU, and can't be sold."""
    wanted = item.name.casefold()
    return next((e for e in unusable if e.name.casefold() == wanted or (item.by_sku and e.sku == item.name)), None)


def _items(item: SaleItem, present: Sequence[BooksItem]) -> list[BooksItem]:
    """The items that fit: by SKU exactly, else by name in any letter case."""
    if item.by_sku:
        by_sku = [each for each in present if each.sku == item.name]
        if by_sku:
            return by_sku
    wanted = item.name.casefold()
    return [each for each in present if each.name.casefold() == wanted]


def _party(name: str, present: Iterable[BooksParty]) -> BooksParty | None:
    """The party of a name: its whole name first, then its own, which is unique too."""
    called = [party for party in present if party.is_called(name)]
    whole = [party for party in called if party.name.casefold() == name.casefold()]
    return next(iter(whole or called), None)
