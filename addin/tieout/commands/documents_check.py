"""What is looked at before documents are sent: everything that journals need, and customers, items, tax and numbers.

A bundle of which one document fails is not sent at all; other bundles are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.commands import document_findings as say
from tieout.commands import list_findings, preflight_findings
from tieout.commands.agreement import Agreed
from tieout.commands.list_entries import Found, find_items, find_parties, items_named, parties_named
from tieout.commands.parcels import Encoder
from tieout.commands.preflight import Preflight, check
from tieout.commands.sale_desk import Bundle, SaleDesk
from tieout.commands.stand_ins import stand_in
from tieout.domain.account import Account, Chart
from tieout.domain.books_lists import BooksItem, BooksNames, BooksTerms, SalePreferences, SaleTaxCode
from tieout.domain.draft import Draft, is_empty
from tieout.domain.expense import Expense
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.proposal import CUSTOMER, ITEM, VENDOR, Proposal
from tieout.domain.sale import Sale, SaleItem, TaxTreatment
from tieout.limits import QUICKBOOKS_SALE_LINES_MAX
from tieout.rules.charts import TYPES_OF_GROUP, new_account

__all__ = ["Agreed", "Checked", "check_documents"]

_US = "US"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found: ids of names, how the books want documents, findings by subject, and what is missing.

    `encoder` says which day a document posts on; `account_names` are for the phrases of differences. Entries of
    `entries` (by kind) and accounts of `before` that may be made are made by `make_missing`.
    """

    names: BooksNames
    terms: BooksTerms
    encoder: Encoder
    account_names: Mapping[str, str]
    findings: Mapping[str, tuple[Finding, ...]]
    before: Preflight
    stand_ins: Mapping[int, Journal]
    entries: Mapping[str, Found]
    proposed: tuple[Proposal, ...] = ()
    created: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lists:
    """What was read of the books' lists."""

    preferences: SalePreferences
    codes: tuple[SaleTaxCode, ...]
    classes: Mapping[str, str]
    locations: Mapping[str, str]
    items: Mapping[SaleItem, BooksItem]
    of_items: Found


def check_documents(bundles: Sequence[Bundle], desk: SaleDesk, chart: Chart, agreed: Agreed) -> Checked:
    """Look at everything; nothing is made."""
    drafts = [draft for bundle in bundles for draft in bundle.documents if not is_empty(draft)]
    lists = _read(drafts, desk, agreed)
    new_items = frozenset(item for item in items_named(drafts) if item.name in lists.of_items.to_make)
    stand_ins = {id(draft): stand_in(draft, new_items) for draft in drafts}
    before = check(
        list(stand_ins.values()),
        books=desk.books,
        chart=chart,
        may_make=agreed.account,
        closed_period=agreed.closed_period,
    )
    terms = BooksTerms(desk.books.company().country == _US, before.encoder.preferences.multicurrency)
    customers, vendors = parties_named(drafts)
    entries = {
        CUSTOMER: find_parties(CUSTOMER, customers, desk.books.lists, agreed),
        VENDOR: find_parties(VENDOR, vendors, desk.books.lists, agreed),
        ITEM: lists.of_items,
    }
    names = BooksNames(
        accounts=before.encoder.names.accounts,
        customers=entries[CUSTOMER].ids,
        vendors=entries[VENDOR].ids,
        items={item.name: found.id for item, found in lists.items.items() if not item.by_sku},
        skus={item.name: found.id for item, found in lists.items.items() if item.by_sku},
        tax_codes={code.name: code for code in lists.codes},
        classes=lists.classes,
        locations=lists.locations,
    )
    return Checked(
        names=names,
        terms=terms,
        encoder=before.encoder,
        account_names=before.account_names,
        findings=_findings(bundles, before, lists, names, terms, entries),
        before=before,
        stand_ins=stand_ins,
        entries=entries,
        proposed=(*before.proposed, *_proposed(entries, drafts, chart)),
    )


def _findings(
    bundles: Sequence[Bundle],
    before: Preflight,
    lists: _Lists,
    names: BooksNames,
    terms: BooksTerms,
    entries: Mapping[str, Found],
) -> dict[str, tuple[Finding, ...]]:
    """What is wrong with each bundle, by its subject."""
    findings: dict[str, tuple[Finding, ...]] = {}
    for bundle in bundles:
        own = [
            finding
            for draft in bundle.documents
            if not is_empty(draft)
            for finding in (*_problems(draft, lists, names, terms, entries), *_of_items(draft, lists, before))
        ]
        findings[bundle.subject] = tuple(dict.fromkeys((*before.findings.get(bundle.subject, ()), *own)))
    return findings


def _proposed(entries: Mapping[str, Found], drafts: Sequence[Draft], chart: Chart) -> Iterator[Proposal]:
    """What is missing of customers, vendors and items; an item with the account it would post to."""
    posts_to: dict[str, Account] = {}
    for sale in (draft for draft in drafts if isinstance(draft, Sale)):
        for line in sale.lines:
            name = line.item.account
            posts_to[line.item.name] = chart.by_name(name) or new_account(name, line.group, chart)
    for found in entries.values():
        for name, proposal in found.missing.items():
            yield replace(proposal, account=posts_to.get(name)) if proposal.kind == ITEM else proposal


def _read(drafts: Sequence[Draft], desk: SaleDesk, agreed: Agreed) -> _Lists:
    """Read the lists that the documents need, and no others: reading is what Intuit meters."""
    lists = desk.books.lists
    with_lines = [draft for draft in drafts if isinstance(draft, Sale | Expense | Journal)]
    codes = {line.tax_code for draft in with_lines for line in draft.lines}
    classes = {line.class_name for draft in with_lines for line in draft.lines}
    locations = {draft.location for draft in drafts if not isinstance(draft, Transfer)}
    items, of_items = find_items(items_named(drafts), lists, agreed)
    return _Lists(
        preferences=lists.preferences(),
        codes=lists.sale_tax_codes() if codes - {""} else (),
        classes=desk.books.classes() if classes - {""} else {},
        locations=lists.locations() if locations - {""} else {},
        items=items,
        of_items=of_items,
    )


def _problems(
    draft: Draft, lists: _Lists, names: BooksNames, terms: BooksTerms, entries: Mapping[str, Found]
) -> Iterator[Finding]:
    """What is wrong with a document beside what its stand-in told."""
    if isinstance(draft, Sale | Payment) and draft.customer in entries[CUSTOMER].findings:
        yield entries[CUSTOMER].findings[draft.customer]
    if isinstance(draft, Expense | BillPayment) and draft.vendor in entries[VENDOR].findings:
        yield entries[VENDOR].findings[draft.vendor]
    if isinstance(draft, Sale):
        yield from _of_sale(draft, lists, names, entries[ITEM].findings)
    if isinstance(draft, Expense) and not terms.is_us:
        coded = {bool(line.tax_code) for line in draft.posted_lines}
        if len(coded) > 1:
            yield say.expense_codes_mixed(draft)
    if isinstance(draft, Sale | Expense):
        wanted = {line.class_name for line in draft.lines if line.class_name}
        if wanted and not lists.preferences.classes:
            yield preflight_findings.classes_off(stand_in(draft))
        for name in sorted(wanted - names.classes.keys()) if lists.preferences.classes else ():
            yield preflight_findings.class_unknown(stand_in(draft), name)
        for name in sorted({line.tax_code for line in draft.lines if line.tax_code} - names.tax_codes.keys()):
            yield replace(preflight_findings.tax_code_unknown(stand_in(draft), name), subject=name)


def _of_items(draft: Draft, lists: _Lists, before: Preflight) -> Iterator[Finding]:
    """Items that are there and don't fit what is sold: their account, or the day from which they have a stock."""
    if not isinstance(draft, Sale):
        return
    for line in draft.lines:
        item = lists.items.get(line.item)
        if item is None:
            continue
        account, types = before.found.present.get(item.income_account), TYPES_OF_GROUP.get(line.group)
        if account is not None and types is not None and account.account_type not in types:
            yield list_findings.item_of_wrong_account(item, account, line.group, types)
        if item.stock_from is not None and before.encoder.day(stand_in(draft)) < item.stock_from:
            yield list_findings.item_before_its_stock(draft, item)


def _of_sale(sale: Sale, lists: _Lists, names: BooksNames, items: Mapping[str, Finding]) -> Iterator[Finding]:
    if not lists.preferences.own_numbers:
        yield say.numbers_not_ours(sale)
    if len(sale.lines) > QUICKBOOKS_SALE_LINES_MAX:
        yield say.sale_too_long(sale, len(sale.lines))
    stated = sale.tax if sale.treatment is not TaxTreatment.INCLUSIVE else sale.total
    if stated and sale.treatment is not TaxTreatment.OUT_OF_SCOPE and not lists.preferences.uses_sales_tax:
        yield say.sales_tax_off(sale)
    yield from (items[name] for name in dict.fromkeys(line.item.name for line in sale.lines) if name in items)
    if sale.treatment is not TaxTreatment.EXCLUDED:
        return
    for name in dict.fromkeys(line.tax_code for line in sale.lines):
        code = names.tax_codes.get(name)
        told = (line.tax for line in sale.lines if line.tax_code == name and line.tax is not None)
        tax = Money.total(told, sale.currency)
        if code is not None and tax and not code.holds_tax:
            yield say.tax_code_holds_no_tax(sale, name, tax)
