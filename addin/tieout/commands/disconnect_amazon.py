"""Disconnect a seller account: its credentials go from this machine, and nothing more is downloaded of it.

What was downloaded and posted stays. Amazon goes on counting the application as authorised until the seller ends
that in Seller Central: SP-API has no call for it.
"""

from dataclasses import replace

from tieout.domain.company import AmazonAddress, Company
from tieout.domain.finding import Finding, Severity


def sellers_to_disconnect(company: Company, seller_id: str) -> tuple[AmazonAddress, ...] | Finding:
    """The accounts of a seller in every region; without an id those of the only seller; else the finding."""
    sellers = list(dict.fromkeys(address.seller_id for address in company.sellers))
    if not sellers:
        return _none_connected(company)
    wanted = seller_id.strip() or (sellers[0] if len(sellers) == 1 else "")
    found = tuple(address for address in company.sellers if address.seller_id == wanted)
    return found or _not_of_them(company, wanted, sellers)


def without_sellers(company: Company, gone: tuple[AmazonAddress, ...]) -> Company:
    """The company without some accounts; the others keep their places, by which their credentials are found."""
    first = None if company.amazon in gone else company.amazon
    return replace(company, amazon=first, more_amazon=tuple(one for one in company.more_amazon if one not in gone))


def _none_connected(company: Company) -> Finding:
    return Finding(
        code="no-seller-to-disconnect",
        severity=Severity.NOTICE,
        what=f"No seller account is connected to {company.name}.",
        to_do="Nothing has to be done.",
        subject=company.name,
    )


def _not_of_them(company: Company, wanted: str, sellers: list[str]) -> Finding:
    return Finding(
        code="which-seller-to-disconnect",
        severity=Severity.REFUSED,
        what=(
            f"{wanted} is no seller of {company.name}, which has {', '.join(sellers)}."
            if wanted
            else f"{company.name} has several sellers: {', '.join(sellers)}."
        ),
        to_do=f"Say which, as in `tieout disconnect amazon --seller-id {sellers[-1]}`.",
        subject=company.name,
    )
