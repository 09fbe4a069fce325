"""What a person is told about documents of orders and settlements: before, while and after they are posted."""

from collections.abc import Sequence

from tieout.domain.books_lists import BooksParty
from tieout.domain.draft import Draft, entity_of, subject_of
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.posting import Posting
from tieout.domain.sale import SaleItem
from tieout.limits import QUICKBOOKS_SALE_LINES_MAX

_AGREE = "Put an x into Create beside it on the sheet Accounts and post again"


def _told(draft: Draft) -> str:
    return f"{entity_of(draft)} {draft.doc_number}"


def customer_missing(name: str) -> Finding:
    """The books have no such customer."""
    return Finding(
        code="customer-missing",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no active customer called {name}.",
        to_do=f"{_AGREE}, make it in QuickBooks, or choose another Customer name in Settings.",
        subject=name,
    )


def vendor_missing(name: str) -> Finding:
    """The books have no such vendor."""
    return Finding(
        code="vendor-missing",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no active vendor called {name}.",
        to_do=f"{_AGREE}, make it in QuickBooks, or choose another Vendor for fees in Settings.",
        subject=name,
    )


def party_of_other_currency(party: BooksParty, draft: Draft) -> Finding:
    """A customer or vendor has one currency for good, and it is another one."""
    return Finding(
        code="party-of-other-currency",
        severity=Severity.BLOCKED,
        what=f"{party.name} is kept in {party.currency} in QuickBooks; {_told(draft)} is in {draft.currency}.",
        to_do="Choose another customer for this marketplace in Settings, or another vendor.",
        subject=subject_of(draft),
    )


def item_missing(item: SaleItem) -> Finding:
    """The books have no such item."""
    known = f"with the SKU {item.name}" if item.by_sku else f"called {item.name}"
    return Finding(
        code="item-missing",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no active item {known}.",
        to_do=f"{_AGREE} (it would post to {item.account}), or make it in QuickBooks.",
        subject=item.name,
    )


def item_ambiguous(item: SaleItem, names: Sequence[str]) -> Finding:
    """Several items have the SKU."""
    return Finding(
        code="item-ambiguous",
        severity=Severity.BLOCKED,
        what=f"Several items in QuickBooks have the SKU {item.name}: {', '.join(names)}.",
        to_do="Give the SKU to one of them only.",
        subject=item.name,
    )


def numbers_not_ours(draft: Draft) -> Finding:
    """The books number sales forms themselves."""
    return Finding(
        code="numbers-assigned-by-quickbooks",
        severity=Severity.BLOCKED,
        what="QuickBooks numbers invoices and receipts itself, so ours could not be found again by number.",
        to_do="Turn on Custom transaction numbers in QuickBooks (Account and settings, Sales), and post again.",
        subject=subject_of(draft),
    )


def sales_tax_off(draft: Draft) -> Finding:
    """The document states tax, and the books have tax turned off."""
    return Finding(
        code="sales-tax-off",
        severity=Severity.BLOCKED,
        what=f"{_told(draft)} states tax, and tax is turned off in QuickBooks.",
        to_do="Turn on tax in QuickBooks (Taxes), and post again.",
        subject=subject_of(draft),
    )


def tax_code_holds_no_tax(draft: Draft, code: str, tax: Money) -> Finding:
    """A line's code has no rate, and Amazon told tax on it."""
    return Finding(
        code="tax-code-holds-no-tax",
        severity=Severity.BLOCKED,
        what=f"Amazon tells {tax} of tax on lines of {_told(draft)}, whose tax code {code} has no rate on sales.",
        to_do="Choose a code with a rate for them in Tax Codes.",
        subject=code,
    )


def expense_codes_mixed(draft: Draft) -> Finding:
    """Some lines of an expense name a tax code, and some do not."""
    return Finding(
        code="expense-tax-codes-mixed",
        severity=Severity.BLOCKED,
        what=f"Some lines of {_told(draft)} name a tax code and some do not; QuickBooks takes all or none.",
        to_do="Give every fee of the group a tax code in Fee Mappings, or none; or let fees become Journal Entries.",
        subject=subject_of(draft),
    )


def sale_too_long(draft: Draft, lines: int) -> Finding:
    """More lines than one request should carry."""
    return Finding(
        code="document-too-long",
        severity=Severity.BLOCKED,
        what=f"{_told(draft)} has {lines} lines; more than {QUICKBOOKS_SALE_LINES_MAX} are not sent in one document.",
        to_do="Enter this order in QuickBooks by hand, and put it away on the sheet Archive.",
        subject=subject_of(draft),
    )


def settles_nothing_posted(draft: Draft, entity: str, number: str) -> Finding:
    """A payment is for a document that does not stand in the books."""
    return Finding(
        code="paid-document-not-posted",
        severity=Severity.BLOCKED,
        what=f"{_told(draft)} is to settle {entity} {number}, which does not stand in QuickBooks as we posted it.",
        to_do="Post that document first; then press the button again.",
        subject=subject_of(draft),
    )


def posted_otherwise(posting: Posting, was: Money, now: Draft | None) -> Finding:
    """It stands in the books already, and its draft says something else now."""
    said = f"now it comes to {now.total}" if now is not None and hasattr(now, "total") else "now it is no draft"
    return Finding(
        code="document-posted-otherwise",
        severity=Severity.BLOCKED,
        what=f"{posting.key} was posted with {was}; {said}, or its texts, day or lines differ.",
        to_do="Nothing was sent. Undo it and post it again, or leave it as it is.",
        subject=posting.subject,
    )


def waits_for_others(draft: Draft, failed: Sequence[str]) -> Finding:
    """Something it builds on was not posted."""
    return Finding(
        code="earlier-document-not-posted",
        severity=Severity.BLOCKED,
        what=f"{_told(draft)} was not sent, because {', '.join(failed)} of the same settlement was not posted.",
        to_do="Mend what is said about that one, and press the button again; the rest is posted then.",
        subject=subject_of(draft),
    )


def paid_by_settlement(posting: Posting, settlement_ids: Sequence[str]) -> Finding:
    """An order's invoice is paid by the documents of a settlement."""
    listed = ", ".join(settlement_ids)
    return Finding(
        code="paid-by-settlement",
        severity=Severity.BLOCKED,
        what=f"{posting.key} is paid by settlement {listed}, so it can't be taken out by itself.",
        to_do=f"Undo settlement {listed} first: its payments go before its invoices.",
        subject=posting.subject,
    )


def not_reversible(posting: Posting) -> Finding:
    """It is in a closed period, and no document takes it back exactly."""
    return Finding(
        code="not-reversible",
        severity=Severity.BLOCKED,
        what=f"{posting.key} is in a closed period, and no document of ours takes it back exactly.",
        to_do="Reverse it in QuickBooks by hand, or move the closing date back and undo it then.",
        subject=posting.subject,
    )


def recorded_in_summary(order_id: str, settlement_id: str) -> Finding:
    """The order's revenue stands in a settlement's summary already (rule 10)."""
    return Finding(
        code="order-recorded-in-summary",
        severity=Severity.BLOCKED,
        what=f"Its revenue stands in the books already, in the summary of settlement {settlement_id}.",
        to_do="Leave it, or undo that settlement first: an order is revenue once.",
        subject=order_id,
    )
