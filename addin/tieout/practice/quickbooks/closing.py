"""Closed books: nothing dated up to the closing date can be written through the API.

6200 without a password on the closing date, 6210 with one; the API cannot give the password either way
(Intuit: "Error codes", "Common errors" 6210).
"""

from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import CLOSED_DETAIL, fault
from tieout.practice.quickbooks.preferences import BOOK_CLOSE_DATE, CLOSED_WITH_PASSWORD


def refuse_closed(company: Company, *days: str | None) -> None:
    """Fault if any of the dates is in the closed period."""
    closed_to = company.preferences.get(BOOK_CLOSE_DATE)
    if closed_to is not None and any(day is not None and day <= closed_to for day in days):
        code = "6210" if company.preferences[CLOSED_WITH_PASSWORD] else "6200"
        raise fault(code, CLOSED_DETAIL)
