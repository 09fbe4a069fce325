"""Which marketplace's account a settlement belongs to.

A settlement says its currency and, on most lines, the marketplace a sale was made on; not the account. Real files
name other marketplaces too (`Non-Amazon US` for orders of the seller's own shop), and some lines none at all; a
file of storage fees alone names none (facts of real files).
"""

from collections.abc import Mapping

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import Marketplace, by_country, by_currency, by_name
from tieout.domain.origin import Origin


def account_marketplace(
    document: Document, *, country: str, lines_by_name: Mapping[str, int], currency: str
) -> Marketplace | Finding:
    """The account's marketplace: `country` if given, else the one most lines name, else the currency's only one.

    `lines_by_name` is how many lines name each marketplace, in the order of the first line. Names that are no
    marketplace of `currency` decide nothing. A finding where nothing tells, or `country` is unknown.
    """
    if country.strip():
        return by_country(country) or _unknown_country(document, country)
    votes: dict[Marketplace, int] = {}
    for name, lines in lines_by_name.items():
        marketplace = by_name(name)
        if marketplace is not None and marketplace.currency == currency:
            votes[marketplace] = votes.get(marketplace, 0) + lines
    if votes:
        return max(votes, key=lambda marketplace: votes[marketplace])
    return by_currency(currency) or _undecided(document, currency)


def _unknown_country(document: Document, country: str) -> Finding:
    return Finding(
        code="country-unknown",
        severity=Severity.REFUSED,
        what=f"{country!r} is not the country of a marketplace we know.",
        to_do="Give a country code such as US, CA, GB, DE, FR, IT or ES.",
        where=Origin(document.name, document.sha256),
    )


def _undecided(document: Document, currency: str) -> Finding:
    return Finding(
        code="settlement-marketplace-undecided",
        severity=Severity.REFUSED,
        what=f"No line names a marketplace, and accounts of several countries are settled in {currency}.",
        to_do="Say whose account it is with --country, for example --country DE.",
        where=Origin(document.name, document.sha256),
        column="marketplace-name",
    )
