"""What is looked at before documents are sent: everything that journals need, and customers, items, tax and numbers.

A bundle of which one document fails is not sent at all; other bundles are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tieout.commands import document_findings as say
from tieout.commands import preflight_findings
from tieout.commands.list_entries import (
    Found,
    Making,
    find_items,
    find_parties,
    items_named,
    make_item,
    parties_named,
)
from tieout.commands.parcels import ClosedPeriod, Encoder
from tieout.commands.preflight import check
from tieout.commands.sale_desk import Bundle, SaleDesk
from tieout.commands.stand_ins import stand_in
from tieout.domain.account import Chart
from tieout.domain.books_lists import BooksNames, BooksTerms, SalePreferences, SaleTaxCode
from tieout.domain.draft import Draft, is_empty
from tieout.domain.expense import Expense
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment
from tieout.domain.sale import Sale, SaleItem, TaxTreatment
from tieout.limits import QUICKBOOKS_SALE_LINES_MAX
from tieout.ports import Writer

_US = "US"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the user agreed to have made where it is missing, and what becomes of documents in a closed period."""

    accounts: bool = False
    names: bool = False
    closed_period: ClosedPeriod = ClosedPeriod.WAIT


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found: ids of names, how the books want documents, findings by subject, and what was made.

    `encoder` says which day a document posts on; `account_names` are for the phrases of differences.
    """

    names: BooksNames
    terms: BooksTerms
    encoder: Encoder
    account_names: Mapping[str, str]
    findings: Mapping[str, tuple[Finding, ...]]
    created: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lists:
    """What was read of the books' lists."""

    preferences: SalePreferences
    codes: tuple[SaleTaxCode, ...]
    classes: Mapping[str, str]
    locations: Mapping[str, str]
    items: dict[SaleItem, str]
    item_problems: Found
    new_items: frozenset[SaleItem] = field(default_factory=frozenset)


def check_documents(
    bundles: Sequence[Bundle], desk: SaleDesk, writer: Writer, chart: Chart, agreed: Agreed
) -> Checked:
    """Look at everything; what is missing is made here, as far as the user agreed."""
    drafts = [draft for bundle in bundles for draft in bundle.documents if not is_empty(draft)]
    lists = _read(drafts, desk)
    stand_ins = {id(draft): stand_in(draft, lists.new_items if agreed.names else frozenset()) for draft in drafts}
    before = check(
        list(stand_ins.values()),
        books=desk.books,
        writer=writer,
        chart=chart,
        clock=desk.clock,
        who=desk.who,
        create_accounts=agreed.accounts,
        closed_period=agreed.closed_period,
    )
    terms = BooksTerms(desk.books.company().country == _US, before.encoder.preferences.multicurrency)
    making = Making(desk.books, writer, desk.clock, desk.who, agreed.names)
    customers, vendors = parties_named(drafts)
    of_customers = find_parties("Customer", customers, making, multicurrency=terms.multicurrency)
    of_vendors = find_parties("Vendor", vendors, making, multicurrency=terms.multicurrency)
    items, made = _make_items(lists, before.encoder.names.accounts, making)
    names = BooksNames(
        accounts=before.encoder.names.accounts,
        customers=of_customers.ids,
        vendors=of_vendors.ids,
        items={item.name: found for item, found in items.items() if not item.by_sku},
        skus={item.name: found for item, found in items.items() if item.by_sku},
        tax_codes={code.name: code for code in lists.codes},
        classes=lists.classes,
        locations=lists.locations,
    )
    problems = {"Customer": of_customers.findings, "Vendor": of_vendors.findings, "Item": made.findings}
    findings: dict[str, tuple[Finding, ...]] = {}
    for bundle in bundles:
        own = [
            finding
            for draft in bundle.documents
            if not is_empty(draft)
            for finding in _problems(draft, lists, names, terms, problems)
        ]
        findings[bundle.subject] = tuple(dict.fromkeys((*before.findings.get(bundle.subject, ()), *own)))
    return Checked(
        names=names,
        terms=terms,
        encoder=before.encoder,
        account_names=before.account_names,
        findings=findings,
        created=(
            *(f"account {name}" for name in before.created_accounts),
            *of_customers.created,
            *of_vendors.created,
            *made.created,
        ),
    )


def _read(drafts: Sequence[Draft], desk: SaleDesk) -> _Lists:
    """Read the lists that the documents need, and no others: reading is what Intuit meters."""
    lists = desk.books.lists
    with_lines = [draft for draft in drafts if isinstance(draft, Sale | Expense | Journal)]
    codes = {line.tax_code for draft in with_lines for line in draft.lines}
    classes = {line.class_name for draft in with_lines for line in draft.lines}
    locations = {draft.location for draft in with_lines if not isinstance(draft, Journal)}
    wanted = items_named(drafts)
    items, problems = find_items(wanted, lists.items() if wanted else ())
    return _Lists(
        preferences=lists.preferences(),
        codes=lists.sale_tax_codes() if codes - {""} else (),
        classes=desk.books.classes() if classes - {""} else {},
        locations=lists.locations() if locations - {""} else {},
        items=items,
        item_problems=problems,
        new_items=frozenset(wanted) - items.keys() - {i for i in wanted if i.name in problems.findings},
    )


def _make_items(lists: _Lists, accounts: Mapping[str, str], making: Making) -> tuple[dict[SaleItem, str], Found]:
    """The items with those that were missing and could be made; an item whose account is not there is not made."""
    items, found = dict(lists.items), lists.item_problems
    for item in sorted(lists.new_items, key=lambda each: each.name):
        account = accounts.get(item.account, "")
        made, problem = make_item(item, account, making) if making.agreed and account else ("", None)
        if made:
            items[item] = made
            found.created.append(f"item {item.name}")
        elif problem is not None or not making.agreed:
            found.findings[item.name] = problem or say.item_missing(item)
        # Else its account is not there, or was not looked for: that is said of the document already.
    return items, found


def _problems(
    draft: Draft, lists: _Lists, names: BooksNames, terms: BooksTerms, problems: Mapping[str, Mapping[str, Finding]]
) -> Iterator[Finding]:
    """What is wrong with a document beside what its stand-in told."""
    if isinstance(draft, Sale | Payment) and draft.customer in problems["Customer"]:
        yield problems["Customer"][draft.customer]
    if isinstance(draft, Expense | BillPayment) and draft.vendor in problems["Vendor"]:
        yield problems["Vendor"][draft.vendor]
    if isinstance(draft, Sale):
        yield from _of_sale(draft, lists, names, problems["Item"])
    if isinstance(draft, Expense) and not terms.is_us:
        coded = {bool(line.tax_code) for line in draft.posted_lines}
        if len(coded) > 1:
            yield say.expense_codes_mixed(draft)
    if isinstance(draft, Sale | Expense):
        for name in sorted({line.class_name for line in draft.lines if line.class_name} - names.classes.keys()):
            yield preflight_findings.class_unknown(stand_in(draft), name)
        for name in sorted({line.tax_code for line in draft.lines if line.tax_code} - names.tax_codes.keys()):
            yield preflight_findings.tax_code_unknown(stand_in(draft), name)
        if draft.location and draft.location not in names.locations:
            yield say.location_unknown(draft, draft.location)


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
