"""What a person is told before anything is sent."""

from datetime import date

from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity
from tieout.domain.journal import Journal
from tieout.limits import QUICKBOOKS_JOURNAL_LINES_MAX


def wrong_company(company: Company, realm_id: str, bound: str) -> Finding:
    """That the books at hand are of another company than the one that the store belongs to."""
    return Finding(
        code="wrong-company",
        severity=Severity.REFUSED,
        what=f"{company.name} belongs to QuickBooks company {bound}; the connection is to company {realm_id}.",
        to_do="Nothing was sent. Connect to the right company, or add another one for the other books.",
    )


def number_not_usable(journal: Journal) -> Finding:
    """That a number is too long, or holds signs that QuickBooks' numbers don't."""
    return Finding(
        code="number-not-usable",
        severity=Severity.BLOCKED,
        what=f"{journal.doc_number!r} can't be a number in QuickBooks: at most 21 capitals, digits and hyphens.",
        to_do="Look at the settlement id in the file: Amazon's are digits only.",
        subject=journal.settlement_id,
    )


def too_many_lines(journal: Journal) -> Finding:
    """That a journal has more lines than one request should carry."""
    return Finding(
        code="journal-too-long",
        severity=Severity.BLOCKED,
        what=(
            f"{journal.doc_number} has {len(journal.posted_lines)} lines; more than {QUICKBOOKS_JOURNAL_LINES_MAX}"
            " are not sent in one journal."
        ),
        to_do="Set the journal's detail to groups in Settings.",
        subject=journal.settlement_id,
    )


def currency_not_on(journal: Journal, home_currency: str) -> Finding:
    """That the books have one currency, and the journal is in another."""
    return Finding(
        code="currency-not-on",
        severity=Severity.BLOCKED,
        what=f"{journal.doc_number} is in {journal.currency}; these books are kept in {home_currency} only.",
        to_do="Turn on several currencies in QuickBooks (it can't be turned off again), or post to another company.",
        subject=journal.settlement_id,
    )


def period_closed(journal: Journal, closed_until: date, first_open: date) -> Finding:
    """That a journal's day is closed."""
    return Finding(
        code="period-closed",
        severity=Severity.BLOCKED,
        what=f"{journal.doc_number} is of {journal.day.isoformat()}; the books are closed to {closed_until}.",
        to_do=f"Choose to post it on {first_open.isoformat()}, the first open day, or move the closing date.",
        subject=journal.settlement_id,
    )


def tax_code_unknown(journal: Journal, name: str) -> Finding:
    """That the books have no such tax code."""
    return Finding(
        code="tax-code-unknown",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no active tax code called {name}.",
        to_do="Make it active in QuickBooks, or choose another of the sheet Tax Codes there or in Fee Mappings.",
        subject=journal.settlement_id,
    )


def tax_code_with_rate(journal: Journal, name: str) -> Finding:
    """That a tax code has a rate, and a journal's line no tax amount to go with it."""
    return Finding(
        code="tax-code-with-rate",
        severity=Severity.BLOCKED,
        what=f"The tax code {name} has a rate above zero; a journal's amounts are posted without added tax.",
        to_do="Choose a code with a rate of zero: the tax has its own lines, taken from Amazon's rows.",
        subject=journal.settlement_id,
    )


def class_unknown(journal: Journal, name: str) -> Finding:
    """That the books have no such class."""
    return Finding(
        code="class-unknown",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no active class called {name}.",
        to_do="Make the class in QuickBooks, or choose another in the fee mappings.",
        subject=journal.settlement_id,
    )


def classes_off(journal: Journal) -> Finding:
    """That classes are turned off in the books."""
    return Finding(
        code="classes-off",
        severity=Severity.BLOCKED,
        what=f"{journal.doc_number} has a class, and classes are turned off in QuickBooks.",
        to_do=(
            "Turn on Track classes in QuickBooks (Account and settings, Advanced), or empty Class in Settings and in"
            " Fee Mappings."
        ),
        subject=journal.settlement_id,
    )


def locations_off(journal: Journal) -> Finding:
    """That locations are turned off in the books."""
    return Finding(
        code="locations-off",
        severity=Severity.BLOCKED,
        what=f"{journal.doc_number} has a location, and locations are turned off in QuickBooks.",
        to_do="Turn on Track locations in QuickBooks (Account and settings), or empty Location in Settings.",
        subject=journal.settlement_id,
    )


def location_unknown(journal: Journal) -> Finding:
    """That the books have no such location."""
    return Finding(
        code="location-unknown",
        severity=Severity.BLOCKED,
        what=f"QuickBooks has no active location called {journal.location}.",
        to_do="Make the location in QuickBooks, or choose another Location in Settings.",
        subject=journal.settlement_id,
    )
