"""Builds the check-up of a company, the same for the terminal and for the button. See `wiring`."""

from collections.abc import Iterator

from tieout.amazon_wiring import amazon_checks
from tieout.commands.check_up import Check, CompanyChecks, check_company
from tieout.commands.connection_ends import check_connection_ends
from tieout.wiring import OpenCompany


def company_checks(opened: OpenCompany) -> Iterator[Check]:
    """Its log, its credentials, its QuickBooks and when that connection ends, and every seller account of it.

    Refused where its credentials can't be got at.
    """
    about = CompanyChecks(
        opened.company,
        opened.store.activity,
        lambda: opened.vault()[1],
        opened.books,
        ends=lambda: check_connection_ends(opened.vault()[0].load("quickbooks"), opened.clock.now()),
    )
    yield from check_company(about)
    yield from amazon_checks(opened)
